"""What a directory keeps of the registries, and for how long: until their change heads move, never longer."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anchors.pipeline.issuer_directory import RegistryDirectory, Standing
from ledger import base64url
from ledger.authority import Role
from ledger.chain import Chain
from ledger.issuer_registry import IssuerRegistry
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from ledger.transaction import Call
from ledger.vote import by_vote
from tests.anchors.rewound_chain import RewoundChain
from tests.consortium import Consortium

CARRIER, MARITIME, BILL = "cn.carrier", "cn.maritime", "bill-of-lading"


class Watched:
    """A directory whose questions to the chain are counted, by method."""

    def __init__(self, consortium: Consortium, transport: Callable[[str, list[Any]], dict[str, Any]]) -> None:
        self.consortium, self.asked = consortium, Counter[str]()

        def counted(method: str, params: list[Any]) -> dict[str, Any]:
            self.asked[method] += 1
            return transport(method, params)

        self.registries = consortium.network.registries(Chain(counted))
        self.directory = RegistryDirectory(
            self.registries.issuer.contract.chain, self.registries.issuer, self.registries.authority
        )
        self.kid = consortium.issuer_key(CARRIER).public_key.kid

    def standing(self, kid: str) -> Standing | None:
        return self.directory.at_head().standing(kid, BILL, 0)

    def concerns(self, issuer: str = CARRIER) -> tuple[str, ...]:
        standing = self.standing(self.consortium.issuer_key(issuer).public_key.kid)
        assert standing
        return standing.concerns

    def calls(self, question: Callable[[], object]) -> int:
        """How many calls of contracts' functions a question takes; change heads are read from storage."""
        before = self.asked["eth_call"]
        question()
        return self.asked["eth_call"] - before

    def block(self) -> None:
        self.consortium.clock.advance(1)
        self.consortium.embedded.mine()

    def act(self, call: Call, authority: str = MARITIME) -> None:
        self.consortium.clock.advance(1)
        self.consortium.submit(self.consortium.account(authority, Role.ACT), call)


@pytest.fixture
def chain(consortium: Consortium) -> RewoundChain:
    return RewoundChain(consortium)


@pytest.fixture
def watched(chain: RewoundChain) -> Watched:
    return Watched(chain.consortium, chain)


def test_nothing_is_read_again_while_nothing_changed(watched: Watched) -> None:
    assert watched.calls(watched.concerns) > 5
    for _ in range(3):
        watched.block()
        assert watched.calls(watched.concerns) == 0


def _ways(issuers: IssuerRegistry, kid: str) -> dict[str, tuple[Call, Call]]:
    thumbprint = base64url.decode(kid)
    return {
        "issuer.suspended": (issuers.suspend_issuer(CARRIER), issuers.reinstate_issuer(CARRIER)),
        "issuer.not-accredited": (issuers.end_accreditation(CARRIER, BILL), issuers.accredit(CARRIER, [BILL])),
        "issuer.key-suspended": (issuers.suspend_key(thumbprint), issuers.reinstate_key(thumbprint)),
    }


@pytest.mark.parametrize("concern", ["issuer.suspended", "issuer.not-accredited", "issuer.key-suspended"])
def test_a_change_is_seen_in_its_block(watched: Watched, concern: str) -> None:
    ends, mends = _ways(watched.registries.issuer, watched.kid)[concern]
    assert watched.concerns() == ()
    watched.act(ends)
    assert watched.concerns() == (concern,)
    watched.block()
    assert watched.concerns() == (concern,)
    watched.act(mends)
    assert watched.concerns() == ()


def test_a_change_of_authorities_counts_too(watched: Watched) -> None:
    assert watched.concerns("sg.carrier") == ()
    authorities, voters = watched.registries.authority, watched.consortium.voters
    watched.consortium.clock.advance(1)
    by_vote(watched.consortium.chain, authorities, voters, [authorities.end_authority("sg.maritime")])
    assert watched.concerns("sg.carrier") == ("issuer.accreditor-not-in-office",)


def test_a_key_that_nobody_has_is_asked_for_in_each_block(watched: Watched) -> None:
    """So that whoever sends documents fills no memory; and one that is entered later is found."""
    key = PrivateKey.generate(Algorithm.ES256)
    assert watched.standing(key.public_key.kid) is None
    watched.block()
    assert watched.calls(lambda: watched.standing(key.public_key.kid)) == 1
    assert watched.calls(lambda: watched.standing(key.public_key.kid)) == 0
    watched.act(watched.registries.issuer.add_key(CARRIER, key.public_key))
    standing = watched.standing(key.public_key.kid)
    assert standing
    assert standing.issuer == CARRIER


def test_what_was_read_in_a_block_that_left_the_chain_is_read_again(
    watched: Watched, chain: RewoundChain, tmp_path: Path
) -> None:
    """Its number may have stood for another block already when it was read."""
    mark = chain.mark(tmp_path / "mark")
    watched.block()
    assert watched.concerns() == ()
    chain.rewind(mark)
    watched.consortium.clock.advance(10_000)  # blocks are stamped ahead of the clock, and this one is to be another
    watched.block()
    assert watched.calls(watched.concerns) > 5

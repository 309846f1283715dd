"""A deployment that is interrupted anywhere and begun again: one set of contracts, always at the same addresses."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.account import Account
from ledger.authority import Domain, Founder
from ledger.chain import Chain, Transport
from ledger.creation import creations
from ledger.deployment import deploy
from ledger.errors import PortsealError, Refused, Unavailable
from ledger.network import Network
from ledger.transaction import Call, sign, submit
from tests.consortium import Consortium


class Killed(BaseException):
    """What a process sees of its death."""


class Mortal:
    """A transport to a node that dies around its n-th request: before the node has it, or before its answer came."""

    def __init__(self, transport: Transport, lives: int, *, answered: bool) -> None:
        self._transport, self._left, self._answered = transport, lives, answered
        self.sent = 0

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        self._left -= 1
        if self._left < 0 and not self._answered:
            raise Killed
        response = self._transport(method, params)
        self.sent += method == "eth_sendRawTransaction"
        if self._left < 0:
            raise Killed
        return response


@pytest.fixture
def account() -> Account:
    return Account.generate()


def founders(*countries: str) -> list[Founder]:
    return [
        Founder(country, f"{country.lower()}.customs", Domain.CUSTOMS, Account.generate().address)
        for country in countries
    ]


def deployed_by(chain: Chain, account: Account) -> int:
    return chain.nonce(account.address, pending=True)


@pytest.mark.parametrize("answered", [False, True], ids=["request-lost", "answer-lost"])
def test_it_goes_on_wherever_it_was_cut_off(consortium: Consortium, answered: bool) -> None:
    transport = consortium.chain.transport
    lives, whole = 0, None
    while whole is None:
        account, founding = Account.generate(), founders("MY", "TH")
        try:
            whole = deploy(Chain(Mortal(transport, lives, answered=answered)), account, founding, 2)
        except Killed:
            again = deploy(Chain(transport), account, founding, 2)
            assert again == deploy(Chain(transport), account, founding, 2)
            again.check(consortium.chain)
            assert again.registries(consortium.chain).authority.members() == ("MY", "TH")
        assert deployed_by(consortium.chain, account) == 5
        lives += 1
    assert lives > 10, "there are more moments than this at which it can be cut off"


def test_one_life_for_each_request_is_enough(consortium: Consortium, account: Account) -> None:
    """Cut off again and again, each time a little later."""
    founding, network, lives = founders("VN"), None, 0
    while network is None:
        try:
            network = deploy(Chain(Mortal(consortium.chain.transport, lives, answered=True)), account, founding, 1)
        except Killed:
            lives += 1
    assert deployed_by(consortium.chain, account) == 5
    network.check(consortium.chain)


def test_addresses_follow_from_the_account_alone(consortium: Consortium, account: Account) -> None:
    network = deploy(consortium.chain, account, founders("MY"), 1)
    other = creations(account, founders("TH", "VN"), 2, chain_id=5)
    assert [contract.address for contract in network.contracts.values()] == [one.address for one in other]


def test_all_goes_into_one_block(consortium: Consortium, account: Account) -> None:
    before = consortium.chain.head().number
    network = deploy(consortium.chain, account, founders("MY", "TH", "VN"), 2)
    assert consortium.chain.head().number == network.deployed_at == before + 1


def test_fifteen_members_can_found(consortium: Consortium, account: Account) -> None:
    countries = ["AU", "BN", "KH", "CN", "ID", "JP", "KR", "LA", "MY", "MM", "NZ", "PH", "SG", "TH", "VN"]
    network = deploy(consortium.chain, account, founders(*countries), 8)
    assert network.registries(consortium.chain).authority.members() == tuple(countries)


def refusal(deploying: Callable[[], Network]) -> PortsealError:
    with pytest.raises(PortsealError) as caught:
        deploying()
    assert caught.value.mend
    return caught.value


def test_other_founders_are_refused_and_named(consortium: Consortium, account: Account) -> None:
    first = founders("MY", "TH", "VN")
    deploy(consortium.chain, account, first, 2)
    before = consortium.chain.head().number
    for other, quorum, words in (
        (first, 3, "its quorum is 2, not 3"),
        (first[:2], 2, "it was founded by MY, TH, VN, not by MY, TH"),
        (founders("MY", "VN", "LA"), 2, "it was founded by MY, TH, VN, not by MY, VN, LA"),
        (founders("MY", "TH", "VN"), 2, "does not vote for my.customs there"),
    ):
        error = refusal(lambda other=other, quorum=quorum: deploy(consortium.chain, account, other, quorum))
        assert (type(error), error.code) == (Refused, "deployment.other-founders")
        assert words in error.detail
    assert consortium.chain.head().number == before


def test_an_account_that_has_done_something_else_is_refused(consortium: Consortium, account: Account) -> None:
    submit(consortium.chain, account, Call("0x000000000000000000000000000000000000dEaD", b""))
    error = refusal(lambda: deploy(consortium.chain, account, founders("MY"), 1))
    assert (type(error), error.code) == (Refused, "deployment.account-used")
    assert "nonce 0 for something else than AuthorityRegistry" in error.detail
    assert deployed_by(consortium.chain, account) == 1


def test_something_else_in_the_middle_is_refused(consortium: Consortium, account: Account) -> None:
    founding = founders("MY")
    first = creations(account, founding, 1, consortium.chain.chain_id)[0]
    consortium.chain.send(first.signed.raw)
    submit(consortium.chain, account, Call("0x000000000000000000000000000000000000dEaD", b""))
    error = refusal(lambda: deploy(consortium.chain, account, founding, 1))
    assert error.code == "deployment.account-used"
    assert "nonce 1 for something else than IssuerRegistry" in error.detail


def test_a_creation_that_failed_is_said_to_have_failed(consortium: Consortium, account: Account) -> None:
    """Somebody sent the same creation with a quorum that cannot be; the chain took it, and it failed."""
    founding = founders("MY")
    for one in creations(account, founding, 7, consortium.chain.chain_id):
        consortium.chain.send(one.signed.raw)
    consortium.embedded.mine()
    error = refusal(lambda: deploy(consortium.chain, account, founding, 7))
    assert (type(error), error.code) == (Refused, "deployment.failed")


def test_what_the_constructor_refuses_costs_the_account_nothing(consortium: Consortium, account: Account) -> None:
    with pytest.raises(Refused, match="AuthorityRegistryQuorumInvalid"):
        deploy(consortium.chain, account, founders("MY"), 3)
    assert deployed_by(consortium.chain, account) == 0
    deploy(consortium.chain, account, founders("MY"), 1)


def test_another_transaction_that_waits_with_the_same_nonce_is_not_replaced(
    consortium: Consortium, account: Account
) -> None:
    call = Call("0x000000000000000000000000000000000000dEaD", b"")
    waiting = sign(account, call, nonce=0, chain_id=consortium.chain.chain_id)
    consortium.chain.send(waiting.raw)
    error = refusal(lambda: deploy(consortium.chain, account, founders("MY"), 1))
    assert error.code == "chain.replacement"


def test_a_chain_that_makes_no_blocks_is_said_to(
    consortium: Consortium, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    founding = founders("MY")
    monkeypatch.setattr("ledger.deployment.await_receipt", _impatient)
    with pytest.raises(Unavailable, match=r"chain\.not-mined"):
        deploy(Chain(consortium.embedded.request), account, founding, 1)
    monkeypatch.undo()
    deploy(consortium.chain, account, founding, 1)
    assert deployed_by(consortium.chain, account) == 5


def _impatient(chain: Chain, digest: bytes) -> Any:
    from ledger.transaction import await_receipt

    return await_receipt(chain, digest, patience=0.1)

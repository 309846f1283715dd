"""A node that lies to a verifier that asks for proofs: no wrong VALID, no wrong INVALID, and the finding says so."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from anchors.finality import FinalityProof
from ledger.chain import Chain
from ledger.errors import Unavailable
from tests.anchors.lying_node import LyingNode
from tests.consortium import Consortium
from tests.tables import Table
from tests.verifier.chain_case import Case
from tests.verifier.proof_lies import flipped
from tests.verifier.proved_site import EVERYBODY, ProvedSite, axes, with_claims, with_cosignatures
from tests.verifier.world import codes, proof_of
from verifier.online import online
from verifier.verify import Verifier


@pytest.fixture(scope="module")
def site(consortium: Consortium) -> ProvedSite:
    return ProvedSite(Case(consortium))


NAMES = [
    "hidden entries: every slot is zero",
    "hidden entries: zero, and a proof of nothing",
    "the state before the revocation",
    "its slots in the account of now",
    "forged values: another key, another status",
    "inflated counts",
    "counts of thousands",
    "truncated proofs of slots",
    "the root of the trie alone",
    "proofs of slots with more",
    "proofs of slots turned round",
    "swapped proofs",
    "the proof of another slot",
    "another slot, named so",
    "slots left out",
    "another account",
    "no account",
    "another address",
    "another code",
    "another storage root",
    "another nonce",
    "no proof of the account",
    "a truncated proof of the account",
    "nothing",
    "not an object",
    "other forms",
    "wrong digits",
    "another block",
]
UNREADABLE = {"nothing", "not an object", "other forms", "wrong digits"}
"""Here the node says nothing that could be a lie: it is only out of order."""


def test_an_honest_node(site: ProvedSite) -> None:
    verdicts = site.verdicts(site.verifier())
    assert axes(verdicts) == site.truth()
    final = verdicts["genuine"].finality
    assert final
    assert (final.number, len(final.signers)) == (site.proof.number, 4)
    assert not any(code.startswith("node.") for one in verdicts.values() for code in codes(one))


def test_every_lie_is_tried(site: ProvedSite) -> None:
    assert list(site.lies) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_lie_is_found_out(site: ProvedSite, name: str, table: Table) -> None:
    verdicts = site.verdicts(site.verifier(site.liar(site.lies[name])))
    assert site.wrong(verdicts) == []
    assert verdicts["genuine"].authentic == "INDETERMINATE"
    assert ("node.not-proved" in codes(verdicts["genuine"])) is (name not in UNREADABLE)
    table("Lying node, verified with proofs", lie=name, **{one: " ".join(told) for one, told in axes(verdicts).items()})


@pytest.mark.parametrize("name", NAMES)
def test_another_node_is_asked(site: ProvedSite, name: str) -> None:
    verdicts = site.verdicts(site.verifier(site.liar(site.lies[name]), site.honest))
    assert axes(verdicts) == site.truth()


def test_any_digit_of_any_answer(site: ProvedSite) -> None:
    """Each verdict rests on some thirty answers, of which each is wrong with the probability of a half."""
    chance = random.Random(20261126)
    for _ in range(60):
        lie = flipped(chance)
        sometimes = site.liar(lambda params, honest, lie=lie: lie(params, honest) if chance.random() < 0.5 else honest)
        assert site.wrong(site.verdicts(site.verifier(sometimes))) == []


PROOFS: dict[str, Callable[[ProvedSite], FinalityProof | None]] = {
    "none": lambda site: None,
    "a forged state root": lambda site: with_claims(site.proof, state_root="0x" + "ab" * 32),
    "a forged block": lambda site: with_claims(site.proof, block_hash="0x" + "ab" * 32),
    "another time": lambda site: with_claims(site.proof, time=site.proof.time + 1000),
    "another number": lambda site: with_claims(site.proof, number=site.proof.number + 1),
    "another chain": lambda site: with_claims(site.proof, chain_id=1),
    "another first block": lambda site: with_claims(site.proof, genesis_hash="0x" + "ab" * 32),
    "two signatures": lambda site: with_cosignatures(site.proof, site.proof.content["cosignatures"][:2]),
    "one signature four times": lambda site: with_cosignatures(site.proof, site.proof.content["cosignatures"][:1] * 4),
    "signatures of another block": lambda site: with_cosignatures(site.proof, site.old_proof.content["cosignatures"]),
    "claims of another block": lambda site: replace(
        site.old_proof, content={**site.old_proof.content, "claims": site.proof.content["claims"]}
    ),
    "another form": lambda site: replace(site.proof, form="qbft", content={"header": "0x80"}),
    "nothing in it": lambda site: replace(site.proof, content={}),
}


@pytest.mark.parametrize("name", PROOFS)
def test_a_forged_proof_of_finality(site: ProvedSite, name: str) -> None:
    verdicts = site.verdicts(site.verifier(newest=lambda until=None: PROOFS[name](site)))
    assert site.wrong(verdicts) == []
    assert {one.authentic for one in verdicts.values()} == {"INDETERMINATE"}
    assert {one.as_of for one in verdicts.values()} == {None}


def test_a_replayed_proof_of_finality_does_not_bring_the_past_back(site: ProvedSite) -> None:
    """Once a newer block is known to be final, an older one is not the head any more."""
    held = [site.proof]
    verifier = site.verifier(newest=lambda until=None: held[-1])
    assert axes(site.verdicts(verifier)) == site.truth()
    held.append(site.old_proof)
    again = site.verdicts(verifier)
    assert axes(again) == site.truth()
    # Under a false number it is still the old block.
    held.append(replace(site.old_proof, number=site.proof.number + 7, time=site.proof.time + 7))
    assert axes(site.verdicts(verifier)) == site.truth()


def test_two_final_blocks_of_one_height(site: ProvedSite) -> None:
    """More than two thirds signed both: nobody can say which one counts."""
    checkpoint = site.case.consortium.checkpoint()
    twin = replace(checkpoint, block_hash=b"t" * 32)
    held = [site.proof, proof_of(twin, site.case.cosigned(twin, *EVERYBODY))]
    verifier = site.verifier(newest=lambda until=None: held[0])
    assert axes(site.verdicts(verifier)) == site.truth()
    held.pop(0)
    verdicts = site.verdicts(verifier)
    assert site.wrong(verdicts) == []
    assert {one.authentic for one in verdicts.values()} == {"INDETERMINATE"}
    [finding] = [one for one in verdicts["genuine"].findings if one.code == "node.disagreement"]
    assert "0x" + (b"t" * 32).hex() in finding.facts["parts"][0]["detail"]


def test_a_stale_head_is_not_called_usable(site: ProvedSite) -> None:
    """Whoever never saw the newer block is told the state of the older one, and only as long as that is fresh."""
    site.case.consortium.clock.advance(400)
    try:
        verdicts = site.verdicts(site.verifier(newest=lambda until=None: site.old_proof))
    finally:
        site.case.consortium.clock.advance(-400)
    assert {one.usable for one in verdicts.values()} == {"UNKNOWN"}
    assert "freshness.stale" in codes(verdicts["revoked"])


def test_a_record_that_is_left_out_or_wrong(site: ProvedSite) -> None:
    records = dict(site.case.records)
    try:
        site.case.records.clear()
        verdicts = site.verdicts(site.verifier())
        assert site.wrong(verdicts) == []
        assert "anchoring.not-found" in codes(verdicts["genuine"])
        [one, other, *_] = records.values()
        site.case.records.update(dict.fromkeys(records, replace(other, path=one.path)))
        assert site.wrong(site.verdicts(site.verifier())) == []
    finally:
        site.case.records.clear()
        site.case.records.update(records)


def test_faults_are_not_kept(site: ProvedSite) -> None:
    """A node that was out of order is asked again: what it proves then counts."""
    lying = [True]
    node = site.liar(lambda _, honest: None if lying[0] else honest)
    verifier = site.verifier(node)
    assert {one.authentic for one in site.verdicts(verifier).values()} <= {"INDETERMINATE", "INVALID"}
    lying[0] = False
    assert axes(site.verdicts(verifier)) == site.truth()


# --- without proofs: what one node says is compared with what the others say


def in_the_past(site: ProvedSite) -> Chain:
    """A node on which nothing has happened since before the revocation."""
    node = LyingNode(site.honest.transport)
    for method in ("eth_call", "eth_getStorageAt"):
        node.lies[method] = lambda params, _, method=method: site.honest.transport(
            method, [*params[:-1], hex(site.before.number)]
        ).get("result")
    return Chain(node)


def unproved(site: ProvedSite, chain: Chain, *witnesses: Chain) -> Verifier:
    consortium = site.case.consortium
    registries = consortium.registries.seen_through(chain)
    archive: Any = None
    made = online(archive, chain, registries, witnesses=witnesses, clock=consortium.clock)
    return replace(made, sources=replace(made.sources, archive=site.case))


def test_one_node_alone_is_believed_without_proofs(site: ProvedSite) -> None:
    """Which is why there are proofs, and more nodes than one."""
    verdicts = site.verdicts(unproved(site, in_the_past(site)))
    assert verdicts["revoked"].usable == "ACTIVE"


@pytest.mark.parametrize("liar_first", [True, False])
def test_two_nodes_that_differ(site: ProvedSite, liar_first: bool) -> None:
    liar = in_the_past(site)
    first, second = (liar, site.honest) if liar_first else (site.honest, liar)
    verdicts = site.verdicts(unproved(site, first, first, second))
    assert site.wrong(verdicts) == []
    assert verdicts["revoked"].usable != "ACTIVE"
    [finding] = [one for one in verdicts["revoked"].findings if one.code == "node.disagreement"]
    [part] = [one for one in finding.facts["parts"] if one["missing"] == "status"]
    # Both answers are shown: the one with the revocation, and the one without.
    assert "code=" in part["detail"].partition("; ")[0 if not liar_first else 2]
    assert verdicts["genuine"].authentic == "VALID"


def test_a_witness_that_is_away_is_no_witness(site: ProvedSite) -> None:
    asked = []

    def away(method: str, params: list[Any]) -> dict[str, Any]:
        asked.append(method)
        raise Unavailable("chain.connection", "nobody answers", mend="wait")

    verdicts = site.verdicts(unproved(site, site.honest, site.honest, Chain(away)))
    assert axes(verdicts) == site.truth()
    assert len(asked) == 1, "it is not waited for again and again"


def test_the_facts_are_proved_once_for_each_block(site: ProvedSite) -> None:
    asked = [0]

    def count(_: list[Any], honest: Any) -> Any:
        asked[0] += 1
        return honest

    verifier = site.verifier(site.liar(count))
    site.verdicts(verifier)
    first = asked[0]
    site.verdicts(verifier)
    assert first > 0
    assert asked[0] == first

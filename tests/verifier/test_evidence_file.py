"""An evidence file in hostile hands: what was changed gives no wrong VALID, and no INVALID for a genuine document."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger.registry_names import DOCUMENTS
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.file_twin import judged
from tests.verifier.kept_files import EVERYBODY, GOOD, Kept
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.trust_roots import TrustRoots


@pytest.fixture(scope="module")
def kept(consortium: Consortium) -> Kept:
    return Kept(Case(consortium))


def test_untouched(kept: Kept) -> None:
    found = kept.verdict(kept.genuine)
    assert (found.authentic, found.usable) == GOOD
    assert found.finality
    assert found.finality.signers == tuple(sorted(EVERYBODY))
    assert kept.verdict(kept.other).authentic is Authentic.VALID
    assert kept.verdict(kept.forged).authentic is Authentic.INVALID


def changed_claims(file: EvidenceFile, **claims: Any) -> EvidenceFile:
    return replace(file, finality={**file.finality, "claims": file.finality["claims"] | claims})


def signed_by(file: EvidenceFile, signatures: list[list[Any]]) -> EvidenceFile:
    return replace(file, finality={**file.finality, "cosignatures": signatures})


def with_bad_seals(file: EvidenceFile, place: int) -> EvidenceFile:
    seals = [list(one) for one in file.finality["cosignatures"]]
    for one in seals[:2]:
        one[place] = bytes([one[place][0] ^ 1]) + one[place][1:]
    return signed_by(file, seals)


def of_record(file: EvidenceFile, **parts: Any) -> EvidenceFile:
    return replace(file, record=replace(file.record, **parts))


def swapped(value: bytes) -> bytes:
    return value[:-1] + bytes([value[-1] ^ 1])


FILES: dict[str, Callable[[Kept], EvidenceFile]] = {
    "no nodes": lambda kept: replace(kept.genuine, nodes=()),
    "the nodes of another document": lambda kept: replace(kept.genuine, nodes=kept.other.nodes),
    "the state of before the anchor": lambda kept: replace(
        kept.genuine, nodes=kept.before.nodes, finality=kept.before.finality
    ),
    "the block of before the anchor": lambda kept: replace(kept.genuine, finality=kept.before.finality),
    "the nodes of another block": lambda kept: replace(kept.genuine, nodes=kept.before.nodes),
    "another path": lambda kept: of_record(kept.genuine, path=tuple(map(swapped, kept.genuine.record.path))),
    "the batch of another document": lambda kept: of_record(kept.genuine, batch=kept.other.record.batch),
    "the record of another document": lambda kept: replace(kept.genuine, record=kept.other.record),
    "no path": lambda kept: of_record(kept.genuine, path=()),
    "a longer path": lambda kept: of_record(kept.genuine, path=(*kept.genuine.record.path, b"x" * 32)),
    "the path turned round": lambda kept: of_record(kept.genuine, path=kept.genuine.record.path[::-1]),
    "another leaf": lambda kept: of_record(kept.genuine, index=2),
    "another size": lambda kept: of_record(kept.genuine, batch=(kept.genuine.record.batch[0], 4, b"m" * 32)),
    "a foreign chain": lambda kept: replace(kept.genuine, chain_id=kept.genuine.chain_id + 1),
    "a foreign first block": lambda kept: replace(kept.genuine, genesis_hash=b"g" * 32),
    "claims of a foreign chain": lambda kept: changed_claims(kept.genuine, chain_id=1),
    "claims of another state": lambda kept: changed_claims(kept.genuine, state_root="0x" + "ab" * 32),
    "claims of another block": lambda kept: changed_claims(kept.genuine, block_hash="0x" + "ab" * 32),
    "claims of another time": lambda kept: changed_claims(kept.genuine, time=int(kept.now) + 60),
    "claims without heads": lambda kept: changed_claims(kept.genuine, heads={}),
    "two wrong signatures": lambda kept: with_bad_seals(kept.genuine, 3),
    "two wrong keys": lambda kept: with_bad_seals(kept.genuine, 1),
    "two signatures": lambda kept: signed_by(kept.genuine, kept.genuine.finality["cosignatures"][:2]),
    "one signature four times": lambda kept: signed_by(kept.genuine, kept.genuine.finality["cosignatures"][:1] * 4),
    "no signatures": lambda kept: signed_by(kept.genuine, []),
    "signatures of another block": lambda kept: signed_by(kept.genuine, kept.before.finality["cosignatures"]),
    "another form of finality": lambda kept: replace(kept.genuine, finality={"form": "qbft", "header": b"h"}),
    "no finality": lambda kept: replace(kept.genuine, finality={}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed(kept: Kept, name: str) -> None:
    found = kept.verdict(FILES[name](kept))
    assert found.authentic is Authentic.INDETERMINATE
    assert found.usable in (Usable.UNKNOWN, Usable.PENDING)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda kept: with_bad_seals(kept.genuine, 3), "anchoring.proof-too-few"),
        (lambda kept: replace(kept.genuine, finality={}), "anchoring.proof-form"),
        (lambda kept: replace(kept.genuine, nodes=()), "anchoring.unreadable"),
        (lambda kept: of_record(kept.genuine, path=()), "anchoring.path-wrong"),
    ],
)
def test_the_finding_says_what_is_wrong(kept: Kept, change: Any, code: str) -> None:
    found = codes(kept.verdict(change(kept)))
    assert code in found


def other_contract(roots: TrustRoots, **parts: Any) -> TrustRoots:
    pinned = roots.contracts[DOCUMENTS]
    deployed = replace(pinned.deployed, **{name: value for name, value in parts.items() if name != "layout_hash"})
    changed = replace(pinned, deployed=deployed, layout_hash=parts.get("layout_hash", pinned.layout_hash))
    return replace(roots, contracts={**roots.contracts, DOCUMENTS: changed})


@pytest.mark.parametrize(
    "change",
    [
        lambda roots: other_contract(roots, code_hash=b"c" * 32),
        lambda roots: other_contract(roots, address="0x" + "00" * 20),
        lambda roots: other_contract(roots, address=roots.contracts["IssuerRegistry"].deployed.address),
        lambda roots: other_contract(roots, layout_hash=b"l" * 32),
        lambda roots: replace(roots, chain_id=roots.chain_id + 1),
        lambda roots: replace(roots, genesis_hash=b"g" * 32),
        lambda roots: replace(roots, finality=replace(roots.finality, authorities={})),
        lambda roots: replace(
            roots, finality=replace(roots.finality, members=dict.fromkeys(roots.finality.members, ((0, 1),)))
        ),
    ],
)
def test_other_roots(kept: Kept, change: Callable[[TrustRoots], TrustRoots]) -> None:
    found = kept.verdict(kept.genuine, change(kept.roots))
    assert found.authentic is Authentic.INDETERMINATE


def test_a_node_that_is_left_out_or_changed(kept: Kept) -> None:
    """Every node is needed: none is there for nothing."""
    nodes = kept.genuine.nodes
    for place, node in enumerate(nodes):
        rest = (*nodes[:place], *nodes[place + 1 :])
        for some in (rest, tuple(sorted((*rest, swapped(node))))):
            found = kept.verdict(replace(kept.genuine, nodes=some))
            assert (found.authentic, found.usable) != GOOD
            assert found.authentic is not Authentic.INVALID
            forged = kept.verdict(replace(kept.forged, nodes=some))
            assert forged.authentic is not Authentic.VALID


def test_a_question_that_the_file_was_not_made_for(kept: Kept) -> None:
    found = kept.verdict(kept.genuine, relying_country="SG")
    assert (found.authentic, found.usable) == (Authentic.VALID, Usable.UNKNOWN)


def test_older_than_the_policy_allows(kept: Kept) -> None:
    late = judged(kept.genuine, kept.roots, kept.now + 400)
    assert (late.authentic, late.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert "freshness.stale" in codes(late)


def test_another_document_than_the_files(kept: Kept) -> None:
    found = judged(kept.genuine.without_envelope(), kept.roots, kept.now, kept.other.subject)
    assert found.authentic is Authentic.INDETERMINATE
    assert "anchoring.not-found" in codes(found)


def test_a_bare_digest_is_not_a_document(kept: Kept) -> None:
    found = kept.verdict(kept.genuine.without_envelope())
    assert found.authentic is Authentic.INDETERMINATE
    assert "integrity.not-presented" in codes(found)

"""An evidence file in hostile hands: what was changed gives no wrong VALID, and no INVALID for a genuine document."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from anchors.deterministic_cbor import decode, encode
from ledger.errors import Invalid
from ledger.private_key import PrivateKey
from ledger.registry_names import DOCUMENTS
from tests.consortium import Consortium
from tests.ledger.code_of import code_of
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.file_twin import file_of, judged
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict

GOOD = (Authentic.VALID, Usable.ACTIVE)
EVERYBODY = ("CN", "SG", "KR", "JP")


class Kept:
    """Files about one genuine document, about another, about a forged one, and one of before the anchor."""

    def __init__(self, case: Case) -> None:
        self.case = case
        first = case.anchored()
        self.before = file_of(case, Subject.presented(first.serialize()))
        case.consortium.clock.advance(1)
        document, other = case.anchored(), case.anchored(issuer="sg.carrier")
        forged = case.issue(key=PrivateKey.generate(case.consortium.issuer_key(ISSUER).public_key.algorithm))
        case.anchor(forged)
        self.genuine, self.other, self.forged = (
            file_of(case, Subject.presented(one.serialize())) for one in (document, other, forged)
        )
        self.roots, self.now = case.roots, case.consortium.clock()

    def verdict(self, file: EvidenceFile, roots: TrustRoots | None = None, **question: Any) -> Verdict:
        return judged(file, roots or self.roots, self.now, **question)


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
        (lambda kept: replace(kept.genuine, nodes=kept.before.nodes, finality=kept.before.finality), None),
    ],
)
def test_the_finding_says_what_is_wrong(kept: Kept, change: Any, code: str | None) -> None:
    found = codes(kept.verdict(change(kept)))
    assert (code or "anchoring.node-behind") in found


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


# --- bytes


def test_random_bits(kept: Kept) -> None:
    """A flipped bit anywhere is refused, or changes nothing, or leaves something unknown."""
    chance = random.Random(7)
    for file, never in ((kept.genuine, Authentic.INVALID), (kept.forged, Authentic.VALID)):
        data = file.encode()
        for _ in range(400):
            place = chance.randrange(len(data))
            flipped = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
            if refused := code_of(read_evidence, flipped):
                assert refused.startswith("evidence.")
                continue
            read = read_evidence(flipped)
            found = kept.verdict(read)
            assert found.authentic is not never
            if (found.authentic, found.usable) == GOOD:
                assert read.nodes == file.nodes
                assert read.digest == file.digest


def test_a_bit_of_the_envelope(kept: Kept) -> None:
    envelope = kept.genuine.envelope
    assert envelope
    data = kept.genuine.encode()
    start = data.index(envelope.encode("ascii"))
    for place in range(start, start + len(envelope), 97):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert code_of(read_evidence, flipped) == "evidence.damaged"


def test_cut_and_lengthened(kept: Kept) -> None:
    data = kept.genuine.encode()
    for cut in (0, 1, 100, len(data) // 2, len(data) - 1):
        assert code_of(read_evidence, data[:cut]) == "evidence.form"
    for more in (b"\0", data):
        assert code_of(read_evidence, data + more) == "evidence.form"


def members(kept: Kept) -> dict[str, Any]:
    return dict(decode(kept.genuine.encode(), "evidence"))


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("nodes", lambda nodes: nodes[::-1], "evidence.form"),
        ("nodes", lambda nodes: [nodes[0], *nodes], "evidence.form"),
        ("nodes", lambda nodes: [*nodes, b"\xff" * 601], "evidence.form"),
        ("nodes", lambda nodes: [1], "evidence.form"),
        ("v", lambda v: 2, "evidence.version"),
        ("v", lambda v: True, "evidence.form"),
        ("v", lambda v: "1", "evidence.form"),
        ("chain", lambda chain: chain | {"id": -1}, "evidence.form"),
        ("chain", lambda chain: chain | {"more": 1}, "evidence.form"),
        ("record", lambda record: record | {"path": [b"short"]}, "evidence.form"),
        ("record", lambda record: record | {"path": [b"x" * 32] * 65}, "evidence.form"),
        ("record", lambda record: record | {"size": None}, "evidence.form"),
        ("record", lambda record: record | {"issuer": "i" * 129}, "evidence.form"),
        ("document", lambda document: {"envelope": document["envelope"]}, "evidence.form"),
        ("document", lambda document: document | {"digest": b"d" * 32}, "evidence.damaged"),
        ("document", lambda document: document | {"sha256": b"d" * 32}, "evidence.damaged"),
        ("hand_overs", lambda _: [b"h"] * 65, "evidence.form"),
        ("finality", lambda _: [], "evidence.form"),
        ("made", lambda _: None, "evidence.form"),
    ],
)
def test_members_that_cannot_be(kept: Kept, name: str, change: Any, code: str) -> None:
    found = members(kept)
    found[name] = change(found[name])
    try:
        data = encode(found)
    except Invalid:
        return
    assert code_of(read_evidence, data) == code


def test_a_member_too_many_or_too_few(kept: Kept) -> None:
    assert code_of(read_evidence, encode(members(kept) | {"more": 1})) == "evidence.form"
    for name in members(kept):
        found = members(kept)
        del found[name]
        assert code_of(read_evidence, encode(found)) == "evidence.form"


VALUES: list[Any] = [None, 0, -1, 2**64, "", "x" * 200, b"", b"x" * 32, [], [[]], {}, {"v": 1}, {1: 2}, [b"x" * 32] * 3]


def changed_somewhere(value: Any, chance: random.Random) -> Any:
    """The same with one value, at any depth, in place of which another one stands."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        return value | {name: changed_somewhere(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], changed_somewhere(value[place], chance), *value[place + 1 :]]
    return chance.choice(VALUES)


def test_members_of_any_kind_anywhere(kept: Kept) -> None:
    """Whatever stands where: refused, or judged without a wrong word; nothing is raised."""
    chance, judged_at_all = random.Random(11), 0
    for file, never in ((kept.genuine, Authentic.INVALID), (kept.forged, Authentic.VALID)):
        whole = dict(decode(file.encode(), "evidence"))
        for _ in range(300):
            changed = changed_somewhere(whole, chance)
            try:
                data = encode(changed)
            except (Invalid, TypeError):
                continue
            if refused := code_of(read_evidence, data):
                assert refused.startswith("evidence.")
                continue
            judged_at_all += 1
            assert kept.verdict(read_evidence(data)).authentic is not never
    assert judged_at_all > 50


def test_too_large_is_not_read() -> None:
    assert code_of(read_evidence, bytes(24 * 1024 * 1024 + 1)) == "evidence.size"

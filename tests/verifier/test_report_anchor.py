"""Anchors of signed reports: by trust roots alone, by when a report existed; what anybody may do to that proof."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from anchors.merkle import inclusion_path, root
from ledger.authority import Role
from ledger.errors import Invalid
from tests.consortium import Consortium
from tests.ledger.code_of import code_of
from tests.verifier.chain_case import AUTHORITY
from tests.verifier.file_twin import as_file, file_of
from tests.verifier.report_case import ReportCase
from tests.verifier.test_signed_report import presented
from tests.verifier.world import proof_of
from verifier.axes import Authentic
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.offline import offline
from verifier.packed_finality import pack
from verifier.signed_report.anchor import existed_by, judge_anchor
from verifier.signed_report.file import ReportFile
from verifier.subject import Subject
from verifier.trust_reading import read_trust


@dataclass
class Given:
    """A report that is anchored as the second of five, at `time`, and the evidence of that; made before."""

    case: ReportCase
    file: ReportFile
    subject: Subject
    leaves: list[bytes]
    time: int
    evidence: EvidenceFile

    def existed(self, evidence: EvidenceFile, digest: bytes | None = None) -> tuple[int | None, str]:
        found = judge_anchor(digest or self.file.digest, evidence, self.case.roots)
        return existed_by(found), found.code

    def placed(self, **changes: Any) -> EvidenceFile:
        return replace(self.evidence, record=replace(self.evidence.record, **changes))


@pytest.fixture(scope="module")
def given(consortium: Consortium) -> Given:
    case = ReportCase(consortium)
    subject = presented(case.anchored())
    file = case.report(subject, relying_country="SG")
    leaves, time = case.anchor_report(file.digest)
    # An empty block and some more, as it is when somebody asks for the proof later.
    case.act(case.consortium.registries.document.anchor(b"x" * 32, 1, b"y" * 32), AUTHORITY, Role.ANCHOR)
    return Given(case, file, subject, leaves, time, file_of(case, Subject.named(file.digest)))


def test_a_report_existed_by_the_time_of_its_block(given: Given) -> None:
    whole = ReportFile(given.file.jws, given.file.proof, given.evidence)
    assert ReportFile.read(whole.encode()) == whole
    assert ReportFile.read(whole.encode()).digest == given.file.digest
    checked = given.case.check(whole, given.subject)
    assert (checked.differences, checked.notes) == ((), ())
    assert checked.anchor
    assert (existed_by(checked.anchor), checked.anchor.code) == (given.time, "anchoring.final")
    assert checked.anchor.facts["anchored_by"] == AUTHORITY
    assert checked.anchor.facts["root"] == root(given.leaves).hex()
    assert given.case.check(whole).anchor == checked.anchor
    # Without it, the report is what it was.
    assert given.case.check(given.file, given.subject).anchor is None
    assert existed_by(None) is None


def test_one_that_says_it_was_made_after_its_anchor_is_told(given: Given) -> None:
    late = given.case.told(given.file, lambda claims: claims["made"].update(at=given.time + 300))
    given.case.anchor_report(late.digest)
    evidence = file_of(given.case, Subject.named(late.digest))
    checked = given.case.check(replace(late, anchor=evidence))
    [note] = checked.notes
    existed = existed_by(checked.anchor)
    assert existed
    assert f"anchored {given.time + 300 - existed} s before" in note


def test_forged_paths(given: Given) -> None:
    """Every other place and path leads to no root that is anchored, the odd tricks with inner nodes among them."""
    path, leaves = given.evidence.record.path, given.leaves
    chance = random.Random(11)
    forged = [
        given.placed(index=0),
        given.placed(index=2),
        given.placed(index=5),
        given.placed(path=path[:-1]),
        given.placed(path=(*path, path[-1])),
        given.placed(path=path[::-1]),
        given.placed(path=()),
        *(given.placed(path=inclusion_path(leaves, place)) for place in (0, 2, 3, 4)),
    ]
    for _ in range(200):
        place, bit = chance.randrange(len(path)), chance.randrange(256)
        flipped = bytearray(path[place])
        flipped[bit // 8] ^= 1 << bit % 8
        forged.append(given.placed(path=(*path[:place], bytes(flipped), *path[place + 1 :])))
    for one in forged:
        assert given.existed(one) == (None, "anchoring.path-wrong")
        checked = given.case.check(replace(given.file, anchor=one), given.subject)
        assert checked.differences == ()
        assert existed_by(checked.anchor) is None


def test_roots_that_nobody_anchored(given: Given) -> None:
    """A tree of the forger's own is easily made; the registry does not hold it."""
    own = [given.file.digest, b"z" * 32]
    for batch in ((root(own), 2, given.file.digest), (root([given.file.digest]), 1, b"m" * 32)):
        index, path = 0, inclusion_path(own[: batch[1]], 0)
        existed, code = given.existed(given.placed(batch=batch, index=index, path=path))
        assert existed is None
        assert code in ("anchoring.unreadable", "anchoring.pending")
    size = (root(given.leaves), 6, given.file.digest)
    assert given.existed(given.placed(batch=size))[0] is None


def test_the_anchor_of_another(given: Given) -> None:
    other = given.case.report(Subject.named(b"\1" * 32))
    assert given.existed(given.evidence, other.digest) == (None, "anchoring.not-found")
    renamed = replace(given.evidence, digest=other.digest)
    assert given.existed(renamed, other.digest) == (None, "anchoring.path-wrong")
    inner = replace(given.evidence, digest=given.leaves[0])
    assert given.existed(inner, given.leaves[0])[0] is None


def test_a_block_before_the_anchor_does_not_hold_it(given: Given) -> None:
    block = given.evidence.record.block_number
    assert block
    checkpoint = given.case.consortium.checkpoint(block - 1)
    proof = proof_of(checkpoint, given.case.cosigned(checkpoint, "CN", "SG", "KR", "JP"))
    assert given.existed(replace(given.evidence, finality=pack(proof)))[0] is None


def test_too_few_have_signed(given: Given) -> None:
    finality = dict(given.evidence.finality)
    few = replace(given.evidence, finality=finality | {"cosignatures": finality["cosignatures"][:2]})
    assert given.existed(few) == (None, "anchoring.proof-too-few")


def test_another_chain(given: Given) -> None:
    assert given.existed(replace(given.evidence, genesis_hash=bytes(32)))[0] is None
    assert given.existed(replace(given.evidence, chain_id=1))[0] is None


def test_nodes_that_are_missing(given: Given) -> None:
    nodes = given.evidence.nodes
    chance = random.Random(12)
    for _ in range(60):
        kept = tuple(sorted(chance.sample(nodes, chance.randrange(len(nodes)))))
        assert given.existed(replace(given.evidence, nodes=kept))[0] in (None, given.time)
    assert given.existed(replace(given.evidence, nodes=()))[0] is None


def test_random_bits_never_make_it_older(given: Given) -> None:
    chance, data = random.Random(13), given.evidence.encode()
    for _ in range(500):
        place = chance.randrange(len(data))
        flipped = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
        if refused := code_of(read_evidence, flipped):
            assert refused.startswith("evidence.")
            continue
        assert given.existed(read_evidence(flipped))[0] in (None, given.time)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (lambda text: text[:-9], "report.anchor", "/anchor"),
        (lambda text: text + "=", "report.anchor", "/anchor"),
        (lambda text: "", "report.anchor", "/anchor"),
        (lambda text: None, "report.file", "/anchor"),
        (lambda text: 7, "report.file", "/anchor"),
    ],
)
def test_what_is_no_evidence(given: Given, change: Callable[[str], object], code: str, pointer: str) -> None:
    members = ReportFile(given.file.jws, given.file.proof, given.evidence).to_json()
    with pytest.raises(Invalid) as raised:
        ReportFile.read(json.dumps(members | {"anchor": change(members["anchor"])}).encode())
    assert (raised.value.code, raised.value.pointer) == (code, pointer)
    assert code_of(ReportFile.read, json.dumps(members | {"more": ""}).encode()) == "report.file"


def test_as_evidence_of_a_document_it_says_nothing(given: Given) -> None:
    """Whoever takes it for a document's: authentic is never VALID, and nothing breaks."""
    roots = read_trust(as_file(given.case.roots))
    for subject in (given.evidence.subject, Subject.presented(given.file.jws), given.subject):
        found = offline(given.evidence, roots, clock=given.case.consortium.clock).verify(subject)
        assert found.authentic is not Authentic.VALID

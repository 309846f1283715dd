"""Signed reports: made at a final block, checked from the file and trust roots alone, the verdict made again."""

import json
from dataclasses import replace

import pytest

from ledger.authority import Role
from ledger.document_registry import Status, StatusChange
from ledger.envelope import Envelope
from ledger.errors import Refused, Unavailable
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.verifier.chain_case import ISSUER
from tests.verifier.file_twin import roots_of
from tests.verifier.report_case import BY, ReportCase
from tests.verifier.world import document
from verifier.axes import Authentic, Usable
from verifier.question import Question
from verifier.signed_report.checking import check_report
from verifier.signed_report.claims import judged_claims
from verifier.signed_report.file import ReportFile
from verifier.signed_report.reading import read_report
from verifier.subject import Subject


@pytest.fixture(scope="module")
def case(consortium: Consortium) -> ReportCase:
    return ReportCase(consortium)


@pytest.fixture(scope="module")
def bill(case: ReportCase) -> Envelope:
    return case.anchored()


def presented(envelope: Envelope) -> Subject:
    return Subject.presented(envelope.serialize())


def test_a_report_and_its_check(case: ReportCase, bill: Envelope) -> None:
    file = case.report(presented(bill), made_for="sg.bank")
    checked = case.check(file, presented(bill))
    assert (checked.differences, checked.notes) == ((), ())
    assert checked.again
    assert (checked.again.authentic, checked.again.usable) == (Authentic.VALID, Usable.ACTIVE)
    claims = checked.report.claims
    assert claims["made"] == {
        "at": max(case.consortium.clock(), case.consortium.chain.head().timestamp),
        "by": BY,
        "for": "sg.bank",
        "software": "portseal test",
    }
    block = case.consortium.chain.head()
    assert claims["block"]["hash"] == f"0x{block.hash.hex()}"
    assert claims["block"]["state_root"] == f"0x{block.state_root.hex()}"
    assert claims["finality"]["signers"] == ["CN", "JP", "KR", "SG"]
    assert claims["document"]["digest"] == bill.digest.hex()
    record = case.records[bill.digest]
    assert record.batch
    assert claims["anchor"]["batch"]["root"] == record.batch[0].hex()
    assert claims["anchor"]["batch"]["path"] == [one.hex() for one in record.path]


def test_without_the_document_the_signature_is_proved_and_no_more(case: ReportCase, bill: Envelope) -> None:
    checked = case.check(case.report(presented(bill)))
    assert (checked.again, checked.differences) == (None, ())


def test_a_digest_needs_no_document(case: ReportCase, bill: Envelope) -> None:
    file = case.report(Subject.named(bill.digest))
    for beside in (None, presented(bill)):
        checked = case.check(file, beside)
        assert checked.differences == ()
        assert checked.again
        assert checked.again.authentic is Authentic.INDETERMINATE


def subjects(case: ReportCase, bill: Envelope) -> dict[str, Subject]:
    forged = case.issue(key=PrivateKey.generate(case.consortium.issuer_key(ISSUER).public_key.algorithm))
    text = bill.serialize()
    return {
        "forged": presented(forged),
        "never registered": presented(case.issue()),
        "unreadable": Subject.presented(b"\xff no envelope"),
        "cut": Subject.presented(text[:200]),
        "a disclosure less": Subject.presented(text[: text.rindex("~", 0, -1) + 1]),
        "an unknown digest": Subject.named(b"u" * 32),
        "another kind": presented(case.anchored("certificate-of-origin", "cn.origin")),
        "a credential": presented(case.anchored("aeo-credential", "sg.aeo")),
    }


def test_whatever_is_asked_comes_out_again(case: ReportCase, bill: Envelope) -> None:
    found = subjects(case, bill)
    now = int(case.consortium.clock())
    questions: tuple[dict[str, object], ...] = (
        {},
        {"relying_country": "SG", "at": now - 1},
        {"at": now + 10_000, "known_at": 1_000, "relying_country": "CN"},
    )
    for name, subject in found.items():
        for question in questions:
            checked = case.check(case.report(subject, **question), subject)
            assert checked.differences == (), (name, question)
            assert checked.again, name


def test_not_final_yet(case: ReportCase) -> None:
    """The anchor stands in a later block than the newest that is proved final."""
    before = case.consortium.chain.head().number
    envelope = case.anchored()
    file = case.maker(block=before).make(presented(envelope), Question())
    checked = case.check(file, presented(envelope))
    assert checked.differences == ()
    assert checked.again
    assert (checked.again.authentic, checked.again.usable) == (Authentic.INDETERMINATE, Usable.PENDING)


def test_accepted_and_no_more(case: ReportCase) -> None:
    envelope = case.anchored()
    case.records[envelope.digest] = replace(
        case.records[envelope.digest], batch=None, index=0, path=(), transaction=None, block_number=None, proof=None
    )
    file = case.report(presented(envelope))
    assert read_report(file.jws).claims["anchor"]["batch"] is None
    assert case.check(file, presented(envelope)).differences == ()


def test_a_later_status_changes_no_earlier_report(case: ReportCase) -> None:
    envelope = case.anchored()
    before = case.report(presented(envelope))
    change = StatusChange(ISSUER, envelope.digest, Status.REVOKED)
    case.act(case.consortium.registries.document.set_status(change), "cn.maritime", Role.ACT)
    after = case.report(presented(envelope))
    for file, usable in ((before, "ACTIVE"), (after, "REVOKED")):
        checked = case.check(file, presented(envelope))
        assert checked.differences == ()
        assert checked.report.claims["verdict"]["usable"] == usable


def test_the_same_bytes_again(case: ReportCase, bill: Envelope) -> None:
    maker = case.maker()
    first, second = (maker.make(presented(bill), Question()) for _ in "12")
    assert first.encode() == second.encode()


def test_nothing_of_the_document_stands_in_it(case: ReportCase, bill: Envelope) -> None:
    file = case.report(presented(bill))
    text = json.dumps(read_report(file.jws).claims, ensure_ascii=False)
    content = document("bill-of-lading")
    for name in ("transportDocumentReference", "shippingInstructionsReference"):
        assert content[name] not in text
    assert bill.serialize() not in file.encode().decode()


def test_no_block_is_final_yet(case: ReportCase, bill: Envelope) -> None:
    maker = case.maker()
    none = replace(maker, reads=replace(maker.reads, newest=lambda: None))
    with pytest.raises(Unavailable) as caught:
        none.make(presented(bill), Question())
    assert caught.value.code == "report.no-block"


def test_a_key_that_nobody_could_check_signs_nothing(case: ReportCase, bill: Envelope) -> None:
    strange = PrivateKey.generate(case.signer().public_key.algorithm)
    for by, signer in ((BY, strange), (BY, case.signer("sg.customs")), ("nobody", case.signer())):
        with pytest.raises(Refused) as caught:
            case.maker(by, signer).make(presented(bill), Question())
        assert caught.value.code == "report.key"


def test_dates_of_64_bits(case: ReportCase, bill: Envelope) -> None:
    """What an authority can enter can be reported, though RFC 8785 has no form for it."""
    verdict = case.verify(bill)
    finding = replace(verdict.findings[0], facts={"until": 2**64 - 1, "more": [{"at": -(2**60)}]})
    claims = judged_claims(replace(verdict, findings=(finding,)), presented(bill))
    assert claims["verdict"]["findings"][0]["evidence"] == {"until": str(2**64 - 1), "more": [{"at": str(-(2**60))}]}


def test_a_file_of_the_report_alone(case: ReportCase, bill: Envelope) -> None:
    """The signed part names no place in the file: another proof of the same block does as well."""
    file = case.report(presented(bill))
    other = case.report(presented(case.anchored()))
    assert case.refused(ReportFile(file.jws, other.proof), presented(bill)) == "report.block"
    assert case.refused(ReportFile(other.jws, file.proof)) == "report.block"


def test_years_later_with_newer_roots(case: ReportCase, bill: Envelope) -> None:
    """How old the block was when it was reported is counted by the report's clock, not by what was seen since."""
    file = case.report(presented(bill))
    case.consortium.clock.advance(3 * 365 * 86_400)
    case.anchored()
    newer = roots_of(case)
    assert newer.time > case.roots.time
    for roots in (newer, case.roots):
        checked = check_report(file, roots, presented(bill))
        assert checked.differences == ()
        assert checked.report.claims["verdict"]["usable"] == "ACTIVE"

"""What is accepted, what is not, and that nothing is accepted twice."""

import json
import threading
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from anchors.database import State
from anchors.database.models import DocumentRow, ReaderEntryRow
from anchors.pipeline import accept
from anchors.pipeline.registration import Accepted
from anchors.reader_entry import open_entry
from anchors.sealing import open_payload
from ledger.envelope import Attachment, issue, withhold
from ledger.errors import Invalid, PortsealError, Refused
from ledger.jwk import Algorithm
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from tests.anchors.pipeline_node import BILL, CARRIER, SAMPLES, PipelineNode, forged, opened, refusal, sign_bill
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture(scope="module")
def node(on_each_database: None, consortium: Consortium, tmp_path_factory: pytest.TempPathFactory):
    with opened(consortium, tmp_path_factory.mktemp("accept")) as node:
        yield node


# --- one registration by itself


def test_a_forged_signature(node: PipelineNode) -> None:
    error = refusal(node, node.registration(forged(node.bill())))
    assert isinstance(error, Invalid)
    assert error.code == "envelope.signature"


def test_a_key_that_is_registered_for_nobody(node: PipelineNode) -> None:
    error = refusal(node, node.registration(sign_bill(PrivateKey.generate(Algorithm.ES256), 1)))
    assert isinstance(error, Refused)
    assert error.code == "issuer.key-unknown"


def test_the_key_of_another_issuer(node: PipelineNode) -> None:
    envelope = sign_bill(node.consortium.issuer_key("sg.carrier"), 1, CARRIER)
    error = refusal(node, node.registration(envelope))
    assert isinstance(error, Invalid)
    assert (error.code, error.pointer) == ("issuer.key-mismatch", "/iss")


def test_an_issuer_that_the_tenant_is_not_bound_to(node: PipelineNode) -> None:
    error = refusal(node, node.registration(node.bill("sg.carrier")))
    assert isinstance(error, Refused)
    assert error.code == "tenant.issuer"


def test_an_envelope_with_something_withheld(node: PipelineNode) -> None:
    envelope = node.bill()
    group = envelope.kind.groups[0]
    assert group.lstrip("/") in BILL
    error = refusal(node, node.registration(withhold(envelope, [group])))
    assert error.code == "registration.withheld"


def test_attachments_must_be_those_that_were_signed(node: PipelineNode) -> None:
    terms = Attachment("terms.pdf", "application/pdf", b"terms")
    envelope = node.bill(attachments=[terms])
    wrong = Attachment("terms.pdf", "application/pdf", b"other terms")
    assert refusal(node, node.registration(envelope, attachments=[wrong])).code == "attachment.hash"
    assert refusal(node, node.registration(envelope)).code == "attachment.missing"
    other = Attachment("secret.pdf", "application/pdf", b"terms")
    assert refusal(node, node.registration(envelope, attachments=[terms, other])).code == "attachment.unnamed"
    assert node.accept(node.registration(envelope, attachments=[terms]))


def test_a_document_cannot_supersede_itself(node: PipelineNode) -> None:
    envelope = node.bill()
    assert refusal(node, node.registration(envelope, supersedes=envelope.digest)).code == "registration.supersedes"


def test_a_kind_without_accreditation_is_accepted_with_a_warning(node: PipelineNode) -> None:
    document = json.loads((SAMPLES / "certificate-of-origin.json").read_text(encoding="utf-8"))
    key = node.consortium.issuer_key(CARRIER)
    envelope = issue(document, kind("certificate-of-origin"), CARRIER, key, iat=1)
    [accepted] = node.accept(node.registration(envelope))
    assert accepted.warnings == ("issuer.not-accredited",)
    node.run()
    assert node.record(accepted.digest).state is State.FINAL
    assert node.record(accepted.digest).warnings == accepted.warnings


def test_a_reader_opens_the_payload(node: PipelineNode) -> None:
    reader = PrivateKey.generate(Algorithm.ECDH_P256)
    envelope = node.bill()
    [accepted] = node.accept(node.registration(envelope, readers=[("bank", reader.public_key)]))
    query = select(ReaderEntryRow.reader, ReaderEntryRow.entry).where(ReaderEntryRow.digest == accepted.digest)
    with node.database.read() as session:
        [(name, entry)] = session.execute(query)
    assert name == "bank"
    key = open_entry(entry, reader)
    assert open_payload(node.payloads.get(accepted.digest), key, accepted.digest)[0] == envelope.serialize()


# --- groups


def test_two_bad_documents_of_a_hundred(node: PipelineNode) -> None:
    registrations = [node.registration() for _ in range(100)]
    registrations[17] = node.registration(forged(node.bill()))
    registrations[63] = node.registration(node.bill("sg.carrier"))
    results = node.registrar.accept(registrations)
    assert [index for index, result in enumerate(results) if isinstance(result, PortsealError)] == [17, 63]
    node.run()
    for registration, result in zip(registrations, results, strict=True):
        if isinstance(result, Accepted):
            assert result.digest == registration.envelope.digest
            assert node.record(result.digest).state is State.FINAL


def test_a_document_several_times_in_one_call_and_again(node: PipelineNode) -> None:
    envelope = node.bill()
    first = node.accept(*[node.registration(envelope)] * 3)
    [again] = node.accept(node.registration(envelope))
    assert [one.repeated for one in (*first, again)] == [False, True, True, True]
    assert len({one.receipt for one in (*first, again)}) == 1
    node.run()
    [late] = node.accept(node.registration(envelope))
    assert late.receipt == again.receipt
    assert (late.state, late.repeated) == (State.FINAL, True)


def test_threads_that_race_for_the_same_documents(node: PipelineNode) -> None:
    envelopes = [node.bill() for _ in range(5)]
    node.tenant()
    results: list[Accepted] = []

    def race() -> None:
        results.extend(node.accept(*[node.registration(envelope) for envelope in envelopes]))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(one.digest for one in results) == {envelope.digest: 8 for envelope in envelopes}
    assert sum(not one.repeated for one in results) == 5
    assert len({one.receipt for one in results}) == 5
    with node.database.read() as session:
        query = select(func.count()).where(DocumentRow.digest == envelopes[0].digest)
        assert session.scalar(query) == 1


def test_groups_are_of_one_transaction_each_and_read_no_further(
    node: PipelineNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accept, "GROUP", 3)
    taken = []

    def stream():
        for number in range(8):
            taken.append(number)
            yield node.registration()

    results = node.registrar.accept_each(stream())
    first = next(results)
    assert isinstance(first, Accepted)
    assert len(taken) == 3
    assert node.record(first.digest).state is State.ACCEPTED
    assert len([first, *results]) == 8


def test_the_order_of_results_is_that_of_the_registrations(node: PipelineNode) -> None:
    registrations = [node.registration() for _ in range(7)]
    assert [one.digest for one in node.accept(*registrations)] == [one.envelope.digest for one in registrations]


# --- between documents


def test_another_tenant_is_refused_and_told_nothing(node: PipelineNode) -> None:
    envelope = node.bill()
    node.accept(node.registration(envelope))
    other = node.tenant("rival", [CARRIER])
    [error] = node.registrar.accept([node.registration(envelope, tenant=other)])
    assert isinstance(error, Refused)
    assert error.code == "document.registered-by-another"
    assert "sea-lines" not in str(error) + error.mend


def test_one_document_for_each_jti(node: PipelineNode) -> None:
    first = node.bill()
    second = node.bill(jti=first.jti)
    results = node.registrar.accept([node.registration(first), node.registration(second)])
    assert isinstance(results[0], Accepted)
    assert isinstance(results[1], Refused)
    assert results[1].code == "document.jti-taken"
    assert refusal(node, node.registration(node.bill(jti=first.jti))).code == "document.jti-taken"


def test_the_jti_of_another_issuer_is_another_name(node: PipelineNode) -> None:
    tenant = node.tenant("both", [CARRIER, "sg.carrier"])
    first = node.bill()
    node.accept(
        node.registration(first, tenant=tenant),
        node.registration(node.bill("sg.carrier", jti=first.jti), tenant=tenant),
    )


def test_a_line_of_succession_with_one_jti(node: PipelineNode) -> None:
    first = node.bill()
    second, third, fork = (node.bill(jti=first.jti) for _ in range(3))
    node.accept(node.registration(first), node.registration(second, supersedes=first.digest))
    node.accept(node.registration(third, supersedes=second.digest))
    codes = {refusal(node, node.registration(fork, supersedes=old)).code for old in (first.digest, second.digest)}
    assert codes == {"document.superseded-already"}
    assert node.record(third.digest).supersedes == second.digest


def test_superseding_with_a_new_jti_leaves_no_way_round(node: PipelineNode) -> None:
    """The new jti is taken by the successor, as if it had come first."""
    first, second = node.bill(), node.bill()
    node.accept(node.registration(first), node.registration(second, supersedes=first.digest))
    assert refusal(node, node.registration(node.bill(jti=second.jti))).code == "document.jti-taken"
    assert refusal(node, node.registration(node.bill(), supersedes=first.digest)).code == "document.superseded-already"


def test_only_a_known_document_of_the_issuer_is_superseded(node: PipelineNode) -> None:
    tenant = node.tenant("both-again", [CARRIER, "sg.carrier"])
    [other] = node.accept(node.registration(node.bill("sg.carrier"), tenant=tenant))
    for old in (b"\7" * 32, other.digest):
        error = refusal(node, node.registration(supersedes=old))
        assert isinstance(error, Refused)
        assert error.code == "document.supersedes-unknown"


def test_threads_that_race_to_supersede(node: PipelineNode) -> None:
    [old] = node.accept(node.registration())
    registrations = [node.registration(supersedes=old.digest) for _ in range(8)]
    results: list[Any] = []
    threads = [
        threading.Thread(target=lambda one=one: results.extend(node.registrar.accept([one]))) for one in registrations
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(result, Accepted) for result in results) == 1
    assert {result.code for result in results if isinstance(result, PortsealError)} == {"document.superseded-already"}


def test_numbers_become_visible_in_their_order(node: PipelineNode) -> None:
    """Whoever goes through documents by a mark must not find a smaller number later."""
    node.tenant()
    groups = [[node.registration() for _ in range(1 + number % 4)] for number in range(24)]
    todo, begun, ended = iter(groups), threading.Event(), threading.Event()
    late: list[set[int]] = []

    def look() -> None:
        seen: set[int] = set()
        is_last = False
        while not is_last:
            is_last = ended.is_set()  # once more after everything is there
            with node.database.read() as session:
                found = set(session.scalars(select(DocumentRow.number)))
            late.append({number for number in found - seen if number < max(seen, default=0)})
            seen = found
            begun.set()

    def register() -> None:
        for group in iter(lambda: next(todo, None), None):
            node.accept(*group)

    looking, threads = threading.Thread(target=look), [threading.Thread(target=register) for _ in range(4)]
    looking.start()
    begun.wait(60)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended.set()
    looking.join()
    assert len(late) > 1
    assert not any(late)

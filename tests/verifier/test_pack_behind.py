"""A pack that is older than what it is asked about: unknown, never *wrong*."""

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.envelope import Envelope
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.verifier.chain_case import AUTHORITY, ISSUER, Case
from tests.verifier.file_twin import file_of
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.pack.anchored import ByEvidence, NotKnown
from verifier.pack.gate import at_the_gate
from verifier.pack.opened import Pack
from verifier.question import Question
from verifier.subject import Subject
from verifier.verdict import Verdict


@pytest.fixture
def case(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with consortium_template.copy(tmp_path_factory.mktemp("behind")) as consortium:
        yield Case(consortium)


def judged(case: Case, pack: Pack, envelope: Envelope, *, evidence: bool = True, **question: Any) -> Verdict:
    subject = Subject.presented(envelope.serialize())
    anchored = ByEvidence(file_of(case, subject), case.roots) if evidence else NotKnown()
    return at_the_gate(pack, anchored, clock=case.consortium.clock).verify(subject, Question(**question))


def test_a_document_anchored_after_the_pack_by_a_key_that_it_does_not_know(case: Case) -> None:
    pack = case.packs.newest()
    key = case.new_key()
    envelope = case.issue(key=key)
    case.anchor(envelope)
    assert case.authentic(envelope) is Authentic.VALID
    for question in ({}, {"at": int(case.consortium.clock())}):
        verdict = judged(case, pack, envelope, **question)
        assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)
        assert "anchoring.after-facts" in codes(verdict)
        assert "issuer.key-unknown" in codes(verdict)
    verdict = judged(case, case.packs.newest(), envelope)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)


def test_a_document_that_comes_alone_with_a_key_that_the_pack_does_not_know(case: Case) -> None:
    """Its issuer may have written an earlier date than that of the key: nothing is held against it."""
    pack = case.packs.newest()
    case.consortium.clock.now -= 50
    key = PrivateKey.generate(Algorithm.ED25519)
    envelope = case.issue(key=key)
    case.consortium.clock.now += 50
    case.act(case.issuers.add_key(ISSUER, key.public_key))
    verdict = judged(case, pack, envelope, evidence=False)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert verdict.usable in (Usable.PENDING, Usable.UNKNOWN)


def test_what_ended_after_the_pack_and_before_the_anchor_is_not_called_good(case: Case) -> None:
    pack = case.packs.newest()
    case.act(case.issuers.end_accreditation(ISSUER, "bill-of-lading"), AUTHORITY)
    envelope = case.anchored()
    assert case.authentic(envelope) is Authentic.INVALID
    verdict = judged(case, pack, envelope)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)


def test_a_strangers_key_under_a_final_anchor_that_the_pack_covers(case: Case) -> None:
    forged = case.issue(key=PrivateKey.generate(Algorithm.ED25519))
    case.anchor(forged)
    verdict = judged(case, case.packs.newest(), forged)
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)


def test_the_evidence_of_another_network_proves_nothing(case: Case, consortium: Consortium) -> None:
    other = Case(consortium)
    envelope = other.anchored()
    subject = Subject.presented(envelope.serialize())
    anchored = ByEvidence(file_of(other, subject), case.roots)
    verdict = at_the_gate(case.packs.newest(), anchored, clock=case.consortium.clock).verify(subject)
    assert verdict.authentic is Authentic.INDETERMINATE

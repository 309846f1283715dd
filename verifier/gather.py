"""Reading everything that the checks need, at one block. What cannot be read becomes Missing; nothing is raised."""

from collections.abc import Callable
from typing import Any, TypeVar

from ledger import base64url
from ledger.block import Block
from verifier.evidence import Evidence
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Entries,
    Finality,
    IssuerFacts,
    KeyFacts,
    StatusFacts,
)
from verifier.missing import NOT_ASKED, Missing
from verifier.record import Record
from verifier.sources import Facts, Sources
from verifier.subject import Subject

T = TypeVar("T")


def attempt(read: Callable[..., T], *arguments: Any) -> T | Missing:
    """Return what a source says, or why it could not say it.

    Whatever an adapter raises, ours or a library's, is a fault of the source and never says anything about the
    document.
    """
    try:
        return read(*arguments)
    except Exception as error:
        return Missing.of(error)


def read_head(sources: Sources) -> Block | Missing:
    """Return the newest block, and take note of its time."""
    head = attempt(sources.facts.head)
    if not isinstance(head, Missing):
        sources.highest_time.raised_to(head.timestamp)
    return head


def gather(subject: Subject, sources: Sources, head: Block | Missing, now: int) -> Evidence:
    """Read all that is known about the subject at the block `head`; `now` is the device's clock, seconds."""
    clock = max(now, sources.highest_time.raised_to(0))
    record = attempt(sources.archive.find, subject.digest) if subject.digest else NOT_ASKED
    evidence = Evidence(subject, clock, head, record)
    return evidence if isinstance(head, Missing) else _at(evidence, sources.facts, head)


def _at(evidence: Evidence, facts: Facts, head: Block) -> Evidence:
    anchoring = _anchoring(evidence, facts, head)
    issuer = _issuer(evidence, facts, head)
    return Evidence(
        subject=evidence.subject,
        clock=evidence.clock,
        head=head,
        record=evidence.record,
        anchoring=anchoring,
        account=_account(anchoring, facts, head),
        finality=_finality(evidence, facts, head),
        key=_key(evidence, facts, head),
        issuer=issuer,
        accreditation=_accreditation(evidence, facts, head),
        authority=_authority(issuer, facts, head),
        status=_status(evidence, facts, head),
    )


def _anchoring(evidence: Evidence, facts: Facts, head: Block) -> AnchoringFacts | Missing | None:
    if not isinstance(evidence.record, Record):
        return NOT_ASKED
    return attempt(facts.anchoring, evidence.record.batch, head) if evidence.record.batch else None


def _account(anchoring: AnchoringFacts | Missing | None, facts: Facts, head: Block) -> AccountFacts | Missing | None:
    return attempt(facts.account, anchoring.account, head) if isinstance(anchoring, AnchoringFacts) else NOT_ASKED


def _finality(evidence: Evidence, facts: Facts, head: Block) -> Finality | Missing | None:
    record = evidence.record
    if not isinstance(record, Record):
        return NOT_ASKED
    return attempt(facts.finality, record.proof, head) if record.proof else None


def _key(evidence: Evidence, facts: Facts, head: Block) -> KeyFacts | Missing | None:
    if evidence.envelope is None:
        return NOT_ASKED
    return attempt(facts.key, base64url.decode(evidence.envelope.kid), head)


def _issuer(evidence: Evidence, facts: Facts, head: Block) -> IssuerFacts | Missing | None:
    return attempt(facts.issuer, evidence.issuer_id, head) if evidence.issuer_id else NOT_ASKED


def _accreditation(evidence: Evidence, facts: Facts, head: Block) -> Entries | Missing:
    if not (evidence.issuer_id and evidence.kind):
        return NOT_ASKED
    return attempt(facts.accreditation, evidence.issuer_id, evidence.kind, head)


def _authority(issuer: IssuerFacts | Missing | None, facts: Facts, head: Block) -> AuthorityFacts | Missing | None:
    return attempt(facts.authority, issuer.accreditor, head) if isinstance(issuer, IssuerFacts) else NOT_ASKED


def _status(evidence: Evidence, facts: Facts, head: Block) -> StatusFacts | Missing:
    if not (evidence.issuer_id and evidence.subject.digest):
        return NOT_ASKED
    return attempt(facts.status, evidence.issuer_id, evidence.subject.digest, head)

"""Reading everything that the checks need, at one block. What cannot be read becomes Missing; nothing is raised."""

from collections.abc import Callable
from typing import Any, TypeVar

from anchors.gate_code import GateCode
from ledger import base64url
from ledger.block import Block
from ledger.dated_list import Entries
from ledger.recognition import Direction
from verifier.evidence import Evidence
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Finality,
    IssuerFacts,
    KeyFacts,
    Link,
    OperatorLists,
    StatusFacts,
)
from verifier.hours import HourRoot
from verifier.links import Scopes, authority_above, is_limited, read_bodies, read_scopes
from verifier.missing import NOT_ASKED, Missing
from verifier.programme import PROGRAMMES
from verifier.recognition_answer import DirectionFacts
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


def gather(
    subject: Subject, sources: Sources, head: Block | Missing, now: int, relying_country: str | None = None
) -> Evidence:
    """Read all that is known about the subject at the block `head`; `now` is the device's clock, seconds."""
    seen = sources.highest_time.raised_to(0)
    record = attempt(sources.archive.find, subject.digest) if subject.digest else NOT_ASKED
    evidence = Evidence(subject, max(now, seen), head, record, behind=max(0, seen - now), only_node=sources.only_node)
    if isinstance(head, Missing):
        return evidence
    found = _at(evidence, sources.facts, head)
    if subject.gate:
        found = _dated(found, subject.gate, sources, head)
    return found.with_more(**_beyond(found, sources.facts, head, relying_country))


def _at(evidence: Evidence, facts: Facts, head: Block) -> Evidence:
    anchoring = _anchoring(evidence, facts, head)
    issuer = _issuer(evidence, facts, head)
    bodies = _bodies(evidence, issuer, facts, head)
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
        bodies=bodies,
        authority=_authority(issuer, bodies, facts, head),
        status=_status(evidence, facts, head),
        behind=evidence.behind,
        only_node=evidence.only_node,
    )


def _dated(found: Evidence, code: GateCode, sources: Sources, head: Block) -> Evidence:
    """Read the hour that a QR code states. What is in it is anybody's word, so its signature comes first."""
    if code.root is None or found.reading is None or not found.reading.believed:
        return found
    hour = attempt(sources.hours.hour, code.hour, head)
    finality = attempt(sources.facts.finality, hour.proof, head) if isinstance(hour, HourRoot) else NOT_ASKED
    return found.with_more(hour=hour, finality=finality)


def _beyond(found: Evidence, facts: Facts, head: Block, relying_country: str | None) -> dict[str, Any]:
    """Return the parts that are asked for with what others say."""
    return {
        "scopes": _scopes(found, facts, head),
        "recognition": _recognition(found, facts, head, relying_country),
        "operator": _operator(found, facts, head),
    }


def _anchoring(evidence: Evidence, facts: Facts, head: Block) -> AnchoringFacts | Missing | None:
    if not isinstance(evidence.record, Record) or evidence.gate:
        return NOT_ASKED
    return attempt(facts.anchoring, evidence.record.batch, head) if evidence.record.batch else None


def _account(anchoring: AnchoringFacts | Missing | None, facts: Facts, head: Block) -> AccountFacts | Missing | None:
    if not isinstance(anchoring, AnchoringFacts) or anchoring.attested_by:
        return NOT_ASKED
    return attempt(facts.account, anchoring.account, head)


def _finality(evidence: Evidence, facts: Facts, head: Block) -> Finality | Missing | None:
    record = evidence.record
    if not isinstance(record, Record) or evidence.gate:
        return NOT_ASKED
    return attempt(facts.finality, record.proof, head) if record.proof else None


def _key(evidence: Evidence, facts: Facts, head: Block) -> KeyFacts | Missing | None:
    if evidence.signed is None:
        return NOT_ASKED
    return attempt(facts.key, base64url.decode(evidence.signed.kid), head)


def _issuer(evidence: Evidence, facts: Facts, head: Block) -> IssuerFacts | Missing | None:
    return attempt(facts.issuer, evidence.issuer_id, head) if evidence.issuer_id else NOT_ASKED


def _accreditation(evidence: Evidence, facts: Facts, head: Block) -> Entries | Missing:
    if not (evidence.issuer_id and evidence.kind):
        return NOT_ASKED
    return attempt(facts.accreditation, evidence.issuer_id, evidence.kind, head)


def _bodies(
    evidence: Evidence, issuer: IssuerFacts | Missing | None, facts: Facts, head: Block
) -> tuple[Link, ...] | Missing:
    return attempt(read_bodies, issuer, evidence.kind, facts, head) if isinstance(issuer, IssuerFacts) else NOT_ASKED


def _authority(
    issuer: IssuerFacts | Missing | None, bodies: tuple[Link, ...] | Missing, facts: Facts, head: Block
) -> AuthorityFacts | Missing | None:
    if not isinstance(issuer, IssuerFacts) or isinstance(bodies, Missing):
        return NOT_ASKED
    return attempt(facts.authority, authority_above(issuer, bodies), head)


def _scopes(evidence: Evidence, facts: Facts, head: Block) -> Scopes | Missing:
    links = evidence.links
    if evidence.kind is None or not any(is_limited(link) for link in links):
        return {}
    # What is asked for does not matter before the document is believed; then nothing is.
    codes = [code for one in (evidence.stated_scope or {}).values() for code in (*one.codes, *one.within)]
    return attempt(read_scopes, links, evidence.kind, codes, facts, head)


def _recognition(
    evidence: Evidence, facts: Facts, head: Block, relying_country: str | None
) -> DirectionFacts | Missing:
    authority, programme = evidence.authority, PROGRAMMES.get(evidence.kind or "")
    if not isinstance(authority, AuthorityFacts) or programme is None or relying_country is None:
        return NOT_ASKED
    if relying_country == authority.country:
        return NOT_ASKED
    return attempt(facts.recognition, Direction(programme, relying_country, authority.country), head)


def _operator(evidence: Evidence, facts: Facts, head: Block) -> OperatorLists | Missing | None:
    customs, code = evidence.authority_id, evidence.operator_code
    return attempt(facts.operator, customs, code, head) if customs and code else NOT_ASKED


def _status(evidence: Evidence, facts: Facts, head: Block) -> StatusFacts | Missing:
    if not (evidence.issuer_id and evidence.subject.digest):
        return NOT_ASKED
    return attempt(facts.status, evidence.issuer_id, evidence.subject.digest, head)

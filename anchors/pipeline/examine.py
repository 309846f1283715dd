"""Judge one registration by itself: form, signature, attachments; then seal it. No database."""

from dataclasses import dataclass

from anchors.cid import cid_of
from anchors.pipeline.accepted_receipt import ReceiptOffice
from anchors.pipeline.issuer_directory import IssuerFacts, Standing
from anchors.pipeline.registration import Registration
from anchors.reader_entry import make
from anchors.sealing import seal
from ledger.envelope import Presentation, check_attachments, verify
from ledger.errors import Invalid, Refused
from ledger.gate_statement import check_beside

_LONGEST_KEY = 255


@dataclass(frozen=True)
class Examined:
    """A registration that may be entered; ciphertext only, beside the envelope's public claims."""

    registration: Registration
    warnings: tuple[str, ...]
    accepted_at: int
    anchored_by: int
    receipt: str
    payload: bytes
    payload_cid: str
    reader_entries: tuple[tuple[str, str], ...]


def examine(registration: Registration, facts: IssuerFacts, office: ReceiptOffice, now: int) -> Examined:
    """Return the registration ready to enter.

    Raises Refused `tenant.issuer`, `issuer.key-unknown`; Invalid `issuer.key-mismatch`, `registration.*`,
    `idempotency.key`, `envelope.*`, `document.*`, `attachment.*`, `gate.*`; Unavailable `chain.*`, `signer.*`.
    """
    envelope = registration.envelope
    _check_request(registration)
    standing = _standing(registration, facts, now)
    presentation = verify(envelope, standing.public_key)
    _check_complete(presentation)
    check_attachments(presentation, registration.attachments)
    gate = registration.gate
    if gate is not None:
        check_beside(gate, envelope, presentation.document, standing.public_key)
    outside = facts.outside(envelope.kid, envelope.kind.name, presentation.document, now)
    warnings = (*standing.concerns, *outside)
    sealed = seal(
        envelope.serialize(),
        registration.attachments,
        envelope.digest,
        registration.tenant.encryption_key,
        gate.data if gate else None,
    )
    return Examined(
        registration=registration,
        warnings=warnings,
        accepted_at=now,
        anchored_by=office.anchored_by(now, registration.lane),
        receipt=office.accepted(envelope, warnings, now, registration.lane),
        payload=sealed.payload,
        payload_cid=str(cid_of(sealed.payload)),
        reader_entries=tuple(
            (tenant, make(sealed.content_key, key, envelope.digest)) for tenant, key in registration.readers
        ),
    )


def _check_request(registration: Registration) -> None:
    envelope, key = registration.envelope, registration.request_key
    if envelope.issuer not in registration.tenant.issuers:
        raise Refused(
            "tenant.issuer",
            f"this tenant does not register for {envelope.issuer[:32]!r}",
            pointer="/iss",
            mend="use an API key of a tenant that is bound to the issuer",
        )
    if key is not None and not 1 <= len(key.key) <= _LONGEST_KEY:
        raise Invalid("idempotency.key", f"the key has not 1 to {_LONGEST_KEY} characters", mend="use a UUID")
    if registration.supersedes == envelope.digest:
        raise Invalid("registration.supersedes", "a document cannot supersede itself", mend="name the earlier one")


def _standing(registration: Registration, facts: IssuerFacts, now: int) -> Standing:
    envelope = registration.envelope
    standing = facts.standing(envelope.kid, envelope.kind.name, now)
    if standing is None:
        raise Refused(
            "issuer.key-unknown",
            "the key that signed is registered for no issuer",
            pointer="/kid",
            mend="have the issuer's accreditor enter the key first",
        )
    if standing.issuer != envelope.issuer:
        raise Invalid(
            "issuer.key-mismatch",
            "the key that signed is registered for another issuer than `iss`",
            pointer="/iss",
            mend="sign with a key of the issuer named",
        )
    return standing


def _check_complete(presentation: Presentation) -> None:
    if not presentation.complete:
        raise Invalid(
            "registration.withheld",
            "the envelope lacks disclosures; what is registered is kept whole, for its readers",
            pointer=presentation.withheld[0] if presentation.withheld else "/attachments",
            mend="register the envelope with every disclosure, and withhold when you present it",
        )

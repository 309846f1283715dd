"""From what a caller sent to a registration: parse the envelope, or sign the document with a custodial key."""

import base64
import hashlib
import time
from collections.abc import Sequence
from typing import Any

from anchors import idempotency
from anchors.lane import Lane
from anchors.pipeline.registration import Accepted, Registration, RequestKey
from anchors.tenants import Tenant
from api.moment import show
from api.node import Node
from api.routes.registration_body import RegistrationBody
from ledger import gate_statement
from ledger.envelope import Envelope, issue, parse
from ledger.errors import Invalid, PortsealError, Refused
from ledger.gate_statement import GateStatement
from ledger.jwk import PublicKey
from ledger.kinds import kind as kind_named
from ledger.kinds.kind import Document
from ledger.kinds.problem import DocumentInvalid, Problem
from ledger.signer import Signer

_UNSAID = ("gate.scope", "gate.claims", "gate.size")
"""Where a document is outside of its issuer's scope, or that has too many codes for a QR code."""


def request_key(key: str | None, content: bytes, line: int | None = None) -> RequestKey | None:
    """Return the caller's idempotency key with the hash of what it came with; each NDJSON line has its own."""
    if key is None:
        return None
    return RequestKey(key if line is None else f"{key}#{line}", hashlib.sha256(content).digest())


def registration(
    node: Node, tenant: Tenant, body: RegistrationBody, key: RequestKey | None, lane: Lane = Lane.NORMAL
) -> Registration | Accepted:
    """Return what is to be accepted; an Accepted if the idempotency key has been used for this very request.

    Raises Invalid `envelope.*`, `gate.*`, `document.*`, `kind.unknown`; Refused `tenant.issuer`, `custody.none`,
    `reader.unknown`, `idempotency.mismatch`.
    """
    if key is not None and body.document is not None:
        digest = idempotency.find(node.database, tenant.id, key.key, key.request_sha256)
        if digest is not None:
            return node.accepted_before(digest)
    envelope, gate = _parse(body) if body.envelope is not None else _sign(node, tenant, body)
    return Registration(
        envelope=envelope,
        gate=gate,
        tenant=tenant,
        attachments=body.attachments,
        readers=[(reader, _reader_key(node, reader, number)) for number, reader in enumerate(body.readers)],
        supersedes=body.supersedes,
        request_key=key,
        lane=lane,
    )


def accept(node: Node, asked: Sequence[Registration | Accepted | PortsealError]) -> list[dict[str, Any]]:
    """Accept a group; return one answer each: what was accepted, or the error under `error`."""
    results = iter(node.registrar.accept([one for one in asked if isinstance(one, Registration)]))
    return [_answer(one, next(results) if isinstance(one, Registration) else one) for one in asked]


def _answer(asked: Registration | Accepted | PortsealError, result: Accepted | PortsealError) -> dict[str, Any]:
    if isinstance(result, PortsealError):
        return {"error": result}
    answer: dict[str, Any] = {
        "digest": result.digest.hex(),
        "state": result.state,
        "issuer": result.issuer,
        "kind": result.kind,
        "accepted_at": show(result.accepted_at),
        "anchored_by": show(result.anchored_by),
        "warnings": list(result.warnings),
        "repeated": result.repeated,
        "receipt": result.receipt,
        "location": f"/v1/documents/{result.digest.hex()}",
    }
    # A repeated custodial signing made a new envelope that nobody needs; the first one is in the payload.
    if isinstance(asked, Registration) and asked.envelope.digest == result.digest:
        answer["envelope"] = asked.envelope.serialize()
        if asked.gate is not None:
            answer["gate"] = base64.b64encode(asked.gate.data).decode("ascii")
    return answer


def _parse(body: RegistrationBody) -> tuple[Envelope, GateStatement | None]:
    envelope = parse(body.envelope or "")
    return envelope, None if body.gate is None else gate_statement.parse(body.gate)


def _sign(node: Node, tenant: Tenant, body: RegistrationBody) -> tuple[Envelope, GateStatement | None]:
    issuer = body.issuer or _only_issuer(tenant)
    if issuer not in tenant.issuers:
        raise Refused(
            "tenant.issuer", "this API key does not register for that issuer", pointer="/issuer", mend="use another key"
        )
    document, signer = body.document or {}, node.custody.issuer_key(issuer)
    try:
        envelope = issue(
            document, kind_named(body.kind), issuer, signer, attachments=body.attachments, iat=int(time.time())
        )
        return envelope, _statement(node, envelope, document, signer) if body.makes_gate else None
    except Invalid as error:
        raise _inside_document(error) from None


def _statement(node: Node, envelope: Envelope, document: Document, signer: Signer) -> GateStatement:
    scope = node.registrar.scope(envelope)
    try:
        return gate_statement.issue(envelope, document, signer, scope)
    except Invalid as error:
        if not scope or error.code not in _UNSAID:
            raise
        # Without it a scan of the code asks for the envelope, which tells.
        return gate_statement.issue(envelope, document, signer)


def _inside_document(error: Invalid) -> Invalid:
    """Make a pointer into the document one into the body that holds it."""
    if error.code.startswith(("document.", "envelope.reserved", "json.", "canonical.")) and error.pointer is not None:
        error.pointer = "/document" + error.pointer
        if isinstance(error, DocumentInvalid):
            error.problems = [Problem("/document" + pointer, detail) for pointer, detail in error.problems]
    elif error.code == "kind.unknown":
        error.pointer = "/kind"
    return error


def _only_issuer(tenant: Tenant) -> str:
    if len(tenant.issuers) != 1:
        raise Invalid(
            "registration.issuer",
            f"this API key is for {len(tenant.issuers)} issuers",
            pointer="/issuer",
            mend="say which one signs, in `issuer`",
        )
    return next(iter(tenant.issuers))


def _reader_key(node: Node, reader: str, number: int) -> PublicKey:
    tenant = node.tenants.get(reader)
    if tenant is None:
        raise Refused(
            "reader.not-here",
            "no tenant of this node has this id",
            pointer=f"/readers/{number}",
            mend="ask the node's host to enter the reader first",
        )
    return tenant.encryption_key

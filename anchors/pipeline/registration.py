"""What a tenant hands in, and what it gets back at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from anchors.database import State
from anchors.lane import Lane
from anchors.tenants import Tenant
from ledger.envelope import Attachment, Envelope
from ledger.gate_statement import GateStatement
from ledger.jwk import PublicKey


@dataclass(frozen=True)
class RequestKey:
    """The caller's idempotency key (1 to 255 characters) and the SHA-256 of the request that came with it."""

    key: str
    request_sha256: bytes


@dataclass(frozen=True)
class Registration:
    """One document to register, with every disclosure and the attachments that it names.

    readers: tenants that may open the payload, each with its encryption key. supersedes: the digest of the document
    that this one takes the place of. gate: the gate statement that was made beside the envelope.
    """

    envelope: Envelope
    tenant: Tenant
    attachments: Sequence[Attachment] = ()
    readers: Sequence[tuple[str, PublicKey]] = ()
    supersedes: bytes | None = None
    request_key: RequestKey | None = None
    lane: Lane = Lane.NORMAL
    gate: GateStatement | None = None


@dataclass(frozen=True)
class Accepted:
    """An accepted document: durable, and it will be final or fail with a stated reason.

    anchored_by: the latest time of anchoring that the receipt promises. receipt: a compact JWS. warnings: codes of
    what does not stand against accepting, and may stand against the document. repeated: it had been accepted before.
    """

    digest: bytes
    issuer: str
    kind: str
    state: State
    accepted_at: int
    anchored_by: int
    receipt: str
    warnings: tuple[str, ...]
    repeated: bool

"""Idempotency keys: the same key with the same request gets the same answer, another request is refused.

A key is written in the transaction that accepts the document, so that there is no moment at which one is durable and
the other is not. Requests that were not accepted leave no key: they can be mended and sent again.
"""

import hmac

from anchors.database import Database
from anchors.database.models import IdempotencyKeyRow
from ledger.errors import Refused


def find(database: Database, tenant: str, key: str, request_sha256: bytes) -> bytes | None:
    """Return the digest of the document that this request registered before; None if the key is new.

    To be asked before anything is signed for the caller: signing twice would make two documents. Raises Refused
    `idempotency.mismatch`.
    """
    with database.read() as session:
        row = session.get(IdempotencyKeyRow, (tenant, key))
    if row is None:
        return None
    check_same_request(row.request_sha256, request_sha256)
    return row.digest


def check_same_request(first_sha256: bytes, request_sha256: bytes) -> None:
    """Raise Refused `idempotency.mismatch` unless the request is the one that used the key first."""
    if not hmac.compare_digest(first_sha256, request_sha256):
        raise Refused(
            "idempotency.mismatch",
            "this idempotency key came with another request before",
            mend="use a new key for a new request, and the same bytes for the same one",
        )

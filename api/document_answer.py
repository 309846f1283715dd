"""A registered document as `GET /v1/documents/{digest}` shows it; nothing that can be withheld."""

import time
from typing import Any

from anchors.receipt import full_receipt
from api.entries import entries_json
from api.moment import show
from api.node import Node
from ledger.document_registry import Status
from ledger.errors import Refused, Unavailable

_NAMES = {Status.REVOKED: "revoked", Status.SUSPENDED: "suspended", Status.SUPERSEDED: "superseded"}


def document_answer(node: Node, digest: bytes) -> dict[str, Any]:
    """Return state, receipt and status of a document; the status is `unknown` while the chain cannot be asked.

    Raises Refused `document.unknown`, Unavailable `database.*`.
    """
    record = node.archive.find(digest)
    if record is None:
        raise Refused("document.unknown", "no document with that digest is registered here", mend="check the digest")
    receipt = full_receipt(record)
    receipt |= {name: show(receipt[name]) for name in ("accepted_at", "anchored_by", "final_at") if name in receipt}
    receipt["promise"] = record.promise(time.time()).value
    receipt["receipt"] = receipt.pop("accepted")
    return receipt | {"payload_cid": record.payload_cid, "status": _status(node, record.issuer, digest)}


def _status(node: Node, issuer: str, digest: bytes) -> dict[str, Any]:
    try:
        return _status_on_chain(node, issuer, digest)
    except Unavailable as error:
        # How far the document has come is known here, whether the chain can be asked or not.
        return {"now": "unknown", "reason": error.code, "successor": None, "entries": None, "as_of": None}


def _status_on_chain(node: Node, issuer: str, digest: bytes) -> dict[str, Any]:
    head = node.chain.head()
    registry = node.registries.document
    entries = registry.status_entries(issuer, digest, at=head.number)
    successor = registry.successor(issuer, digest, at=head.number) if entries else None
    return {
        "now": _NAMES.get(Status(entries[-1].code), "none") if entries else "none",
        "successor": successor.hex() if successor else None,
        "entries": entries_json(entries),
        "as_of": {"block": head.number, "block_time": show(head.timestamp)},
    }

"""A registered document as `GET /v1/documents/{digest}` shows it; nothing that can be withheld."""

import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from anchors.receipt import full_receipt
from api.entries import entries_json
from api.moment import show
from api.node import Node
from ledger.dated_list import Entry, at
from ledger.document_registry import Status
from ledger.errors import Refused, Unavailable
from verifier.question import Question

_NAMES: Mapping[int, str] = MappingProxyType(
    {
        0: "none",
        Status.REVOKED: "revoked",
        Status.SUSPENDED: "suspended",
        Status.REINSTATED: "none",
        Status.SUPERSEDED: "superseded",
    }
)
_NOW = Question()


def document_answer(node: Node, digest: bytes, asked: Question = _NOW) -> dict[str, Any]:
    """Return state, receipt and status of a document; the status is `unknown` while the chain cannot be asked.

    asked: if about a time, the status then stands besides. Raises Refused `document.unknown`, Unavailable `database.*`.
    """
    record = node.archive.find(digest)
    if record is None:
        raise Refused("document.unknown", "no document with that digest is registered here", mend="check the digest")
    receipt = full_receipt(record)
    receipt |= {name: show(receipt[name]) for name in ("accepted_at", "anchored_by", "final_at") if name in receipt}
    receipt["promise"] = record.promise(time.time()).value
    receipt["receipt"] = receipt.pop("accepted")
    return receipt | {"payload_cid": record.payload_cid, "status": _status(node, record.issuer, digest, asked)}


def _status(node: Node, issuer: str, digest: bytes, asked: Question) -> dict[str, Any]:
    try:
        return _status_on_chain(node, issuer, digest, asked)
    except Unavailable as error:
        # How far the document has come is known here, whether the chain can be asked or not.
        return {"now": "unknown", "reason": error.code, "successor": None, "entries": None, "as_of": None}


def _status_on_chain(node: Node, issuer: str, digest: bytes, asked: Question) -> dict[str, Any]:
    head = node.chain.head()
    registry = node.registries.document
    entries = registry.status_entries(issuer, digest, at=head.number)
    successor = registry.successor(issuer, digest, at=head.number) if entries else None
    return {
        "now": _named(entries[-1] if entries else None),
        "successor": successor.hex() if successor else None,
        "entries": entries_json(entries),
        "as_of": {"block": head.number, "block_time": show(head.timestamp)},
    } | ({} if asked == _NOW else {"then": _then(entries, asked, head.timestamp)})


def _then(entries: Sequence[Entry], asked: Question, present: int) -> dict[str, Any]:
    time = present if asked.at is None else asked.at
    known_at = present if asked.known_at is None else asked.known_at
    return {"status": _named(at(entries, time, known_at)), "at": show(time), "known_at": show(known_at)}


def _named(entry: Entry | None) -> str:
    # A newer contract may have other codes.
    return _NAMES.get(entry.code if entry else 0, "unknown")

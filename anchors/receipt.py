"""The receipt as it grows: the signed `accepted` one at once, then proof, batch, transaction, block, finality."""

from collections.abc import Mapping
from typing import Any

from anchors.archive import AnchorRecord, BatchPlace, BlockPlace
from anchors.reports import ReportRecord


def full_receipt(record: AnchorRecord) -> dict[str, Any]:
    """Return the receipt of a document as JSON: digests in hex, chain hashes with 0x, times in seconds.

    `accepted` is the signed statement. Members for steps that the document has not come to are absent.
    """
    parts = {"accepted": record.accepted_receipt, "failure": _failure(record.failure)}
    stated = {
        "digest": record.digest.hex(),
        "state": record.state.value,
        "issuer": record.issuer,
        "kind": record.kind,
        "lane": record.lane.word,
        "accepted_at": record.accepted_at,
        "anchored_by": record.anchored_by,
        "warnings": list(record.warnings),
    }
    return stated | _present(parts) | anchor_json(record)


def anchor_json(record: AnchorRecord | ReportRecord) -> dict[str, Any]:
    """Return batch, transaction and finality of a document or a report, as far as it has come."""
    return _present(
        {
            "batch": _batch(record.batch),
            "transaction": _transaction(record),
            "finality": record.proof.to_json() if record.proof else None,
            "final_at": record.final_at,
        }
    )


def _present(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part is not None}


def _failure(failure: tuple[str, str] | None) -> dict[str, str] | None:
    return {"code": failure[0], "detail": failure[1]} if failure else None


def _batch(batch: BatchPlace | None) -> dict[str, Any] | None:
    if batch is None:
        return None
    return {
        "root": batch.root.hex(),
        "size": batch.size,
        "index": batch.index,
        "path": [sibling.hex() for sibling in batch.path],
        "manifest": batch.manifest_cid,
        "manifest_digest": batch.manifest_digest.hex(),
    }


def _transaction(record: AnchorRecord | ReportRecord) -> dict[str, Any] | None:
    if record.transaction_hash is None:
        return None
    return {"hash": f"0x{record.transaction_hash.hex()}"} | (_block(record.block) if record.block else {})


def _block(block: BlockPlace) -> dict[str, Any]:
    return {"block_number": block.number, "block_hash": f"0x{block.hash.hex()}", "block_time": block.time}

"""How the document was anchored, as the signer's archive has it: batch, place in it, transaction and block."""

from collections.abc import Mapping
from typing import Any

from verifier.record import Record

_OF_BATCH = ("root", "size", "manifest", "leaf", "path")


def record_claims(record: Record) -> dict[str, Any]:
    """Return the record as JSON members; `batch` is null as long as it is in none."""
    batch = None
    if record.batch is not None:
        root, size, manifest = record.batch
        path = [one.hex() for one in record.path]
        place = (root.hex(), size, manifest.hex(), record.index, path)
        batch = dict(zip(_OF_BATCH, place, strict=True))
    return {
        "issuer": record.issuer,
        "kind": record.kind,
        "stopped": record.stopped,
        "payload": record.payload_cid,
        "batch": batch,
        "transaction": f"0x{record.transaction.hex()}" if record.transaction else None,
        "block": record.block_number,
    }


def record_of(claims: Mapping[str, Any]) -> Record:
    """Return the record that the claims, which have the form of the schema, are of."""
    batch, transaction = claims["batch"], claims["transaction"]
    return Record(
        issuer=claims["issuer"],
        kind=claims["kind"],
        stopped=claims["stopped"],
        batch=(bytes.fromhex(batch["root"]), batch["size"], bytes.fromhex(batch["manifest"])) if batch else None,
        index=batch["leaf"] if batch else 0,
        path=tuple(bytes.fromhex(one) for one in batch["path"]) if batch else (),
        payload_cid=claims["payload"],
        transaction=bytes.fromhex(transaction[2:]) if transaction else None,
        block_number=claims["block"],
    )

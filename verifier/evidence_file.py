"""An evidence file: a document, or its digest, with all that a verdict needs and no network (docs/evidence.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from ledger.deterministic_cbor import encode
from verifier.hand_over_file import HandOver, HandOverFile, plain
from verifier.record import Record
from verifier.subject import Subject

VERSION = 1
MAX_BYTES = 24 * 1024 * 1024
"""Of the whole file: an envelope has at most 8 MiB, the nodes of a document's facts some hundred KiB."""


@dataclass(frozen=True)
class EvidenceFile:
    """record: without its proof of finality, which is `finality`, packed. nodes: of the state, each once, ascending.

    hand_overs: by which those who may sign handed over to others (verifier/hand_over.py). relying_country: for whom
    recognition is recorded.
    made_at: seconds since the epoch; made_by: an authority's id. Neither is proved, nor believed.
    """

    chain_id: int
    genesis_hash: bytes
    digest: bytes
    envelope: str | None
    record: Record
    finality: Mapping[str, Any]
    nodes: tuple[bytes, ...] = field(repr=False)
    hand_overs: tuple[HandOver, ...] = ()
    relying_country: str | None = None
    made_at: int = 0
    made_by: str = ""

    @cached_property
    def subject(self) -> Subject:
        """What the file is about."""
        return Subject.named(self.digest) if self.envelope is None else Subject.presented(self.envelope)

    @property
    def handing_over(self) -> HandOverFile:
        """The hand-overs that it holds, apart."""
        return HandOverFile(self.chain_id, self.genesis_hash, self.hand_overs, self.nodes)

    def without_envelope(self) -> "EvidenceFile":
        """Return the file with the digest in place of the envelope."""
        return replace(self, envelope=None)

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return encode(
            {
                "v": VERSION,
                "chain": {"id": self.chain_id, "genesis": self.genesis_hash},
                "document": self._document(),
                "record": _record(self.record),
                "finality": dict(self.finality),
                "hand_overs": plain(self.hand_overs),
                "nodes": list(self.nodes),
                "relying_country": self.relying_country,
                "made": {"at": self.made_at, "by": self.made_by},
            }
        )

    def _document(self) -> dict[str, Any]:
        if self.envelope is None:
            return {"digest": self.digest}
        return {
            "digest": self.digest,
            "envelope": self.envelope,
            "sha256": sha256(self.envelope.encode("ascii")).digest(),
        }


def _record(record: Record) -> dict[str, Any]:
    root, size, manifest = record.batch or (b"", 0, b"")
    return {
        "issuer": record.issuer,
        "kind": record.kind,
        "root": root,
        "size": size,
        "manifest": manifest,
        "index": record.index,
        "path": list(record.path),
        "payload": record.payload_cid,
        "transaction": record.transaction,
        "block": record.block_number,
    }

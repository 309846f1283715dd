"""A node's own archive as a source of evidence."""

from collections.abc import Mapping, Sequence

from anchors import archive as anchors_archive
from anchors.archive import AnchorRecord
from anchors.database import State
from verifier.record import Record


class NodeArchive:
    """What the node's database knows of a document. Raises Unavailable `database.*`."""

    def __init__(self, archive: anchors_archive.Archive) -> None:
        self._archive = archive

    def find(self, digest: bytes) -> Record | None:
        """Return what is known about the document; None if it was never accepted here."""
        found = self._archive.find(digest)
        return _record(found) if found else None

    def find_many(self, digests: Sequence[bytes]) -> Mapping[bytes, Record]:
        """Return what is known of each document that was accepted here."""
        return {digest: _record(found) for digest, found in self._archive.find_many(digests).items()}


def _record(found: AnchorRecord) -> Record:
    batch = found.batch
    return Record(
        issuer=found.issuer,
        kind=found.kind,
        stopped=found.state is State.FAILED,
        batch=(batch.root, batch.size, batch.manifest_digest) if batch else None,
        index=batch.index if batch else 0,
        path=batch.path if batch else (),
        payload_cid=found.payload_cid,
        transaction=found.transaction_hash,
        block_number=found.block.number if found.block else None,
        proof=found.proof,
    )

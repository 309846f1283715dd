"""A node's own archive as a source of evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from anchors import archive as anchors_archive
from anchors.archive import AnchorRecord
from anchors.database import State
from anchors.reports import ReportRecord, Reports
from verifier.record import Record

REPORT: Final = "report"
"""Stands in evidence of a report's anchor where that of a document names the kind."""


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


class ReportArchive:
    """What the node's database knows of a signed report, by the report's digest. Raises Unavailable `database.*`."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def find(self, digest: bytes) -> Record | None:
        """Return what is known about the report's anchor; None if it was never taken here."""
        found = self._reports.find(digest)
        return _placed(found, Record(issuer=found.authority, kind=REPORT)) if found else None


def _record(found: AnchorRecord) -> Record:
    stopped = found.state is State.FAILED
    return _placed(found, Record(found.issuer, found.kind, stopped=stopped, payload_cid=found.payload_cid))


def _placed(found: AnchorRecord | ReportRecord, record: Record) -> Record:
    batch = found.batch
    return replace(
        record,
        batch=(batch.root, batch.size, batch.manifest_digest) if batch else None,
        index=batch.index if batch else 0,
        path=batch.path if batch else (),
        transaction=found.transaction_hash,
        block_number=found.block.number if found.block else None,
        proof=found.proof,
    )

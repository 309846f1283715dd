"""Reading ahead for a group of subjects what would otherwise cost one question for each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledger.block import Block
from ledger.errors import PortsealError
from verifier.missing import Missing
from verifier.record import Record
from verifier.sources import Archive, FindsMany, ReadsAhead, Sources
from verifier.subject import Subject


class FoundRecords:
    """An archive that was asked already for some digests."""

    def __init__(self, found: Mapping[bytes, Record], asked: frozenset[bytes], archive: Archive) -> None:
        self._found, self._asked, self._archive = found, asked, archive

    def find(self, digest: bytes) -> Record | None:
        """Return what is known about the document; None if nothing is."""
        return self._found.get(digest) if digest in self._asked else self._archive.find(digest)


def read_ahead(sources: Sources, subjects: Sequence[Subject], head: Block | Missing) -> Sources:
    """Return sources that answer for these subjects as the ones given do, from what is read now, all at once.

    What cannot be read in this way is left to be asked for singly; a fault here is none of any document.
    """
    digests = list(dict.fromkeys(subject.digest for subject in subjects if subject.digest))
    found = _records(sources.archive, digests)
    if isinstance(head, Block) and isinstance(sources.facts, ReadsAhead):
        _read_statuses(sources.facts, subjects, found or {}, head)
    if found is None:
        return sources
    return replace(sources, archive=FoundRecords(found, frozenset(digests), sources.archive))


def _records(archive: Archive, digests: Sequence[bytes]) -> Mapping[bytes, Record] | None:
    if not isinstance(archive, FindsMany):
        return None
    try:
        return archive.find_many(digests)
    except PortsealError:
        return None


def _read_statuses(facts: ReadsAhead, subjects: Sequence[Subject], found: Mapping[bytes, Record], head: Block) -> None:
    documents = dict.fromkeys(
        (issuer, subject.digest) for subject in subjects if subject.digest and (issuer := _issuer(subject, found))
    )
    try:
        facts.read_statuses(list(documents), head)
    except PortsealError:
        return


def _issuer(subject: Subject, found: Mapping[bytes, Record]) -> str | None:
    if subject.envelope is not None:
        return subject.envelope.issuer
    record = found.get(subject.digest) if subject.digest else None
    return record.issuer if record else None

"""What lies in the stores and belongs to no document and no batch: sealed and never anchored, as far as is known here.

A crash leaves such things too: a manifest whose batch was never signed, a payload whose acceptance was not committed.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import select

from anchors import reader_entry
from anchors.cid import Cid
from anchors.database import Database
from anchors.database.models import BatchRow, DocumentRow
from anchors.manifest import decode
from anchors.sealing import registrant_entry
from anchors.stores.known_store import KnownStore
from ledger.errors import Invalid, Unavailable

_PART = 1_000


@dataclass(frozen=True)
class Orphan:
    """digest, kid: of a payload, the document and the key of whoever registered it. size: of a manifest, its leaves."""

    cid: Cid
    store: str
    digest: bytes | None = None
    kid: str | None = None
    size: int | None = None


def orphans(database: Database, stores: Sequence[KnownStore]) -> Iterator[Orphan]:
    """Yield each; a store that cannot list is passed over. Raises Unavailable `store.*`, `database.*`."""
    # A database of its own on the disk: a million CIDs in memory would be 100 MB.
    with closing(sqlite3.connect("", isolation_level=None)) as known:
        known.execute("CREATE TABLE known (cid TEXT PRIMARY KEY) WITHOUT ROWID")
        known.execute("BEGIN")
        with database.read() as session:
            for column in (DocumentRow.payload_cid, BatchRow.manifest_cid):
                for part in session.scalars(select(column).execution_options(yield_per=_PART)).partitions():
                    known.executemany("INSERT OR IGNORE INTO known VALUES (?)", [(cid,) for cid in part])
        for store in stores:
            for cid in store.roots() or ():
                if known.execute("INSERT OR IGNORE INTO known VALUES (?)", (str(cid),)).rowcount:
                    yield _orphan(store, cid)


def _orphan(store: KnownStore, cid: Cid) -> Orphan:
    try:
        content = store.get(cid)
    except (Invalid, Unavailable):
        return Orphan(cid, store.name)
    try:
        return Orphan(cid, store.name, size=len(decode(content).leaves))
    except Invalid:
        pass
    try:
        entry = registrant_entry(content)
        return Orphan(cid, store.name, digest=reader_entry.digest_of(entry), kid=reader_entry.kid_of(entry))
    except Invalid:
        return Orphan(cid, store.name)

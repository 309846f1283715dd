"""What the checks look at: one consistent view of the database, the chain, the stores."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from anchors.cid import Cid, cid_of
from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.stores.known_store import KnownStore
from ledger.block import Block
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry
from ledger.errors import Invalid, Unavailable

PAGE = 1_000
"""Rows that are in memory at once."""

Judge = Callable[[FinalityProof, Block], str | None]
"""Says what is wrong with a proof of finality, by who counts at the block; None if it holds on this chain."""


@dataclass(frozen=True)
class Scene:
    """Everything a check may ask. `session` is one consistent view; it changes nothing.

    accounts: those that anchor for this node. quick: payloads are not read. clock: seconds since the epoch.
    step: called with the number of things looked at, for progress.
    """

    database: Database
    chain: Chain
    documents: DocumentRegistry
    stores: tuple[KnownStore, ...]
    accounts: frozenset[str]
    deployed_at: int
    form: str
    judge: Judge
    clock: Callable[[], float]
    quick: bool = False
    session: Session = field(default_factory=Session, repr=False)
    step: Callable[[int], None] = lambda count: None

    @contextmanager
    def viewed(self, step: Callable[[int], None]) -> Iterator["Scene"]:
        """Give the scene with a view of the database as it is now, however long that is looked at."""
        with self.database.read() as session:
            if self.database.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield replace(self, session=session, step=step)

    def pages(self, query: Select[*tuple[Any, ...]], key: InstrumentedAttribute[int]) -> Iterator[Any]:
        """Yield the rows of a query by a key that its first column is, PAGE of them in memory at a time."""
        after: int | None = None
        while True:
            bounded = query if after is None else query.where(key > after)
            rows = self.session.execute(bounded.order_by(key).limit(PAGE)).all()
            yield from rows
            self.step(len(rows))
            if len(rows) < PAGE:
                return
            after = rows[-1][0]
            # What was loaded as objects would stay in the session.
            self.session.expunge_all()

    def fetch(self, cid: Cid | str) -> bytes | None:
        """Return what some store gives for the CID, hashed; None if none has it whole. Raises Unavailable `store.*`."""
        for store in self.stores:
            try:
                return store.get(Cid.parse(cid) if isinstance(cid, str) else cid)
            except Invalid:
                # It names nothing that a store of ours could have.
                return None
            except Unavailable as error:
                if error.code not in ("store.missing", "store.corrupt"):
                    raise
        return None

    def put(self, content: bytes) -> None:
        """Put a payload or manifest into every store. Raises Unavailable `store.*`."""
        for store in self.stores:
            store.put({cid_of(content): content})

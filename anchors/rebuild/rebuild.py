"""An empty database again from chain, manifests and payload stores: the same roots, places, paths and transactions.

What was accepted and not anchored was only in the database, and is lost with it. Tenants, API keys, idempotency keys,
readers' entries and receipts are not on the chain either (docs/operations.md).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import BatchRow, DocumentRow, MarkRow, ReportRow, TransactionRow
from anchors.manifest import LeafType
from anchors.rebuild.found_again import FoundBatch, take_in
from anchors.rebuild.manifest_search import Fetch, search
from anchors.rebuild.mined_anchoring import mined_transaction
from ledger.chain import Chain
from ledger.document_registry import Anchored, DocumentRegistry
from ledger.errors import Invalid, PortsealError, Refused
from ledger.failpoint import reached

UNDER_WAY, DONE = "rebuild", "rebuilt"
"""Names of the mark at the next anchoring to take in, and of the one that stays when all are."""


@dataclass
class Account:
    """What another account has anchored. missing: how many manifests no store here has; `wrong`: that are none."""

    batches: int = 0
    found: int = 0
    missing: int = 0
    wrong: int = 0


@dataclass
class Rebuilt:
    """What was taken in, what others have anchored, and what is wrong; last: the newest anchoring of this node."""

    batches: int = 0
    documents: int = 0
    reports: int = 0
    last: Anchored | None = None
    others: dict[str, Account] = field(default_factory=dict)
    wrong: list[tuple[Anchored, PortsealError]] = field(default_factory=list)


class Rebuild:
    """Rebuilds `database`; one that was interrupted goes on where it was.

    accounts: those that anchor, or have anchored, for this node. fetch: gives what some store has for a CID.
    """

    def __init__(
        self,
        database: Database,
        chain: Chain,
        documents: DocumentRegistry,
        fetch: Fetch,
        accounts: Collection[str],
        deployed_at: int,
    ) -> None:
        self._database = database
        self._chain = chain
        self._documents = documents
        self._fetch = fetch
        self._accounts = frozenset(accounts)
        self._deployed_at = deployed_at

    def run(self, progress: Callable[[int], None] = lambda count: None) -> Rebuilt:
        """Take in everything that this node's accounts have anchored; `progress` hears of each anchoring's index.

        Raises Refused `rebuild.not-empty`, Unavailable `chain.*`, `store.*`, `database.*`; then the next run goes on.
        """
        rebuilt, start = Rebuilt(), self._begin()
        for one in self._documents.all_anchored(self._deployed_at):
            progress(one.index)
            if one.account in self._accounts:
                rebuilt.last = one
                self._own(one, rebuilt, is_new=one.index >= start)
            else:
                self._other(one, rebuilt.others.setdefault(one.account, Account()))
        with self._database.write() as session:
            _set_mark(session, DONE, rebuilt.last.index + 1 if rebuilt.last else 0, rebuilt)
            session.delete(session.get_one(MarkRow, UNDER_WAY))
        return rebuilt

    def _begin(self) -> int:
        with self._database.write() as session:
            mark = session.get(MarkRow, UNDER_WAY)
            if mark is not None:
                return mark.number
            keys = (DocumentRow.number, ReportRow.number, BatchRow.id, TransactionRow.id)
            if any(session.scalar(select(key).limit(1)) is not None for key in keys):
                raise Refused(
                    "rebuild.not-empty",
                    "the database holds documents, reports, batches or transactions",
                    mend="rebuild only what is lost: move the database away first; to mend one, use `portseal fsck`",
                )
            session.add(MarkRow(name=UNDER_WAY, number=0, moved_at=0))
        return 0

    def _own(self, one: Anchored, rebuilt: Rebuilt, *, is_new: bool) -> None:
        try:
            found = search(self._fetch, one, self._chain.chain_id)
        except Invalid as error:
            rebuilt.wrong.append((one, error))
            return
        rebuilt.batches += 1
        rebuilt.documents += sum(leaf.leaf_type == LeafType.ENVELOPE for leaf in found.leaves)
        rebuilt.reports += sum(leaf.leaf_type == LeafType.REPORT for leaf in found.leaves)
        if is_new:
            self._take_in(one, found, rebuilt)

    def _take_in(self, one: Anchored, found: FoundBatch, rebuilt: Rebuilt) -> None:
        mined = mined_transaction(self._chain, one)
        with self._database.write() as session:
            elsewhere = take_in(session, found, mined)
            session.get_one(MarkRow, UNDER_WAY).number = one.index + 1
            reached("rebuild.commit.before")
        reached("rebuild.commit.after")
        for digest in elsewhere:
            detail = f"{digest.hex()} is a leaf of an earlier batch too; that one counts"
            rebuilt.wrong.append((one, Invalid("document.anchored-twice", detail, mend="nothing can undo it")))

    def _other(self, one: Anchored, account: Account) -> None:
        account.batches += 1
        try:
            search(self._fetch, one, self._chain.chain_id)
            account.found += 1
        except Invalid as error:
            account.missing += error.code == "manifest.missing"
            account.wrong += error.code != "manifest.missing"


def _set_mark(session: Session, name: str, number: int, rebuilt: Rebuilt) -> None:
    session.merge(MarkRow(name=name, number=number, moved_at=rebuilt.last.anchored_at if rebuilt.last else 0))

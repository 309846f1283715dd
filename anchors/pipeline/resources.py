"""What the steps of the pipeline work with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import time

from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.finality import Finality
from anchors.lane import Lane
from anchors.lease import Leases
from anchors.pipeline.issuer_directory import IssuerDirectory
from anchors.replicas.replicas import Replicas
from ledger.account import Account
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry
from ledger.fee import CEILING
from ledger.witnesses import Witnesses


@dataclass(frozen=True)
class Limits:
    """How much a step takes at once.

    batch_size: leaves in a batch, 1 to 65,536. batch_seconds: how long stored documents of the normal lane wait for
    others that are on their way, before they make a batch that is not full; bulk waits ten times as long, urgent not
    at all. batches: how many one transaction anchors at most, and how many may wait for one before only full ones are
    made. in_flight: transactions that may wait to be mined before no other is signed. store_documents, store_bytes:
    what one call of the store is given. resend_seconds: how long a transaction that was sent may stay unmined before
    the same bytes are sent again. stuck_seconds: how long the account's next transaction may stay unmined, while the
    chain makes blocks, before it is signed again with a higher price, and a nonce that nobody sends before it is
    filled. gas_price_ceiling: what a unit of gas may cost at most, in wei. sweep_seconds: between two looks at whether
    the blocks of mined and final transactions are still there.
    """

    batch_size: int = 65_536
    batch_seconds: float = 0.2
    batches: int = 16
    in_flight: int = 8
    store_documents: int = 1_000
    store_bytes: int = 32 * 1024 * 1024
    resend_seconds: int = 5
    stuck_seconds: int = 30
    gas_price_ceiling: int = CEILING
    sweep_seconds: int = 10

    def patience(self, lane: Lane) -> float:
        """Return the seconds that stored documents of a lane wait for others."""
        return self.batch_seconds * {Lane.URGENT: 0, Lane.NORMAL: 1, Lane.BULK: 10}[lane]


@dataclass(frozen=True)
class Resources:
    """Everything a step may touch. `account` anchors; one process at a time uses it, the one with its lease.

    `nodes`: those of the network file one by one, where there are several; `chain` is whichever of them answers.
    `clock` gives seconds since the epoch; `started_at`: transactions sent before it are sent again, since the chain's
    node may have forgotten them.
    """

    database: Database
    store: Replicas
    chain: Chain
    documents: DocumentRegistry
    account: Account
    directory: IssuerDirectory
    finality: Finality
    leases: Leases
    clock: Callable[[], float] = time
    limits: Limits = Limits()
    started_at: float = field(default_factory=time)
    nodes: Witnesses | None = None

    @property
    def witnesses(self) -> Witnesses:
        """What is asked for facts that move state: two of the nodes, or the one that there is."""
        return self.nodes or Witnesses([self.chain])

    @property
    def now(self) -> int:
        """The time in whole seconds since the epoch."""
        return int(self.clock())

    @property
    def account_work(self) -> str:
        """The lease of everything that is done with the account's nonces."""
        return f"account {self.account.address}"

    @contextmanager
    def write(self, work: str) -> Iterator[Session]:
        """One database transaction that is committed only if this process holds the lease of `work` then.

        Raises Unavailable `pipeline.lease-lost`, `database.*`.
        """
        with self.database.write() as session:
            self.leases.guard(session, work)
            yield session

"""What the steps of the pipeline work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from anchors.database import Database
from anchors.finality import Finality
from anchors.pipeline.issuer_directory import IssuerDirectory
from anchors.stores import PayloadStore
from ledger.account import Account
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry


@dataclass(frozen=True)
class Limits:
    """How much a step takes at once.

    batch_size: leaves in a batch, 1 to 65,536. batch_seconds: how long stored documents wait for others that are on
    their way, before they make a batch that is not full. batches: how many one transaction anchors at most.
    store_documents, store_bytes: what one call of the store is given. resend_seconds: how long a transaction that was
    sent may stay unmined before the same bytes are sent again.
    """

    batch_size: int = 65_536
    batch_seconds: float = 0.2
    batches: int = 16
    store_documents: int = 1_000
    store_bytes: int = 32 * 1024 * 1024
    resend_seconds: int = 5


@dataclass(frozen=True)
class Resources:
    """Everything a step may touch. `account` anchors; it is used by this process alone.

    `clock` gives seconds since the epoch; `started_at`: transactions sent before it are sent again, since the chain's
    node may have forgotten them.
    """

    database: Database
    store: PayloadStore
    chain: Chain
    documents: DocumentRegistry
    account: Account
    directory: IssuerDirectory
    finality: Finality
    clock: Callable[[], float] = time
    limits: Limits = Limits()
    started_at: float = field(default_factory=time)

    @property
    def now(self) -> int:
        """The time in whole seconds since the epoch."""
        return int(self.clock())

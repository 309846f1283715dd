"""A node as the edges see it: every part built, ready to be asked (api/bootstrap.py builds it)."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from anchors.archive import Archive
from anchors.database import Database
from anchors.finality import Finality
from anchors.gate_code_making import GateCodes
from anchors.inclusion_making import Inclusions
from anchors.intents.relay import IntentRelay
from anchors.lease import Leases
from anchors.pipeline import batch
from anchors.pipeline.accept import Registrar
from anchors.pipeline.registration import Accepted
from anchors.pipeline.worker import Worker
from anchors.readers import Readers
from anchors.replicas.audit_thread import AuditThread
from anchors.replicas.replicas import Replicas
from anchors.reports import Reports
from anchors.status_writer import StatusWriter
from anchors.tenants import Tenant, Tenants
from api.custody import Custody
from api.settings import Settings
from ledger.authority_registry import AuthorityRegistry
from ledger.chain import Chain
from ledger.document_registry import StatusChange
from ledger.errors import Refused, Unavailable
from ledger.issuer_registry import IssuerRegistry
from ledger.network import Network
from ledger.registries import Registries
from ledger.transaction_receipt import TransactionReceipt
from verifier.decision.policy import DecisionPolicy
from verifier.verify import Verifier


@dataclass(frozen=True)
class Node:
    """The parts of a running node. `authority` runs it; `closing` is what `close` does, in order.

    lines_turn: whose turn it is to have a group of lines accepted. Two at once are not quicker, since Python runs one
    thread at a time, and the pipeline in this process would hardly get its own turn.
    verifier: believes what the chain's nodes say, as far as they agree. proved: only what they prove.
    """

    settings: Settings
    authority: str
    network: Network
    chain: Chain
    registries: Registries
    custody: Custody
    database: Database
    store: Replicas
    tenants: Tenants
    registrar: Registrar
    readers: Readers
    archive: Archive
    reports: Reports
    finality: Finality
    statuses: StatusWriter
    relay: IntentRelay
    leases: Leases
    worker: Worker
    audit: AuditThread
    verifier: Verifier
    decision_policy: DecisionPolicy
    proved: Verifier
    gates: GateCodes
    inclusions: Inclusions
    closing: list[Callable[[], None]] = field(default_factory=list)
    lines_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def judge(self) -> Verifier:
        """The verifier for those who do not say which: the one that the node is set to."""
        return self.proved if self.settings.proved else self.verifier

    @property
    def authority_registry(self) -> AuthorityRegistry:
        """Who belongs to the consortium."""
        return self.registries.authority

    @property
    def issuer_registry(self) -> IssuerRegistry:
        """Who may issue what."""
        return self.registries.issuer

    def authenticate(self, token: str) -> Tenant | None:
        """Return the tenant that an API key stands for."""
        return self.tenants.authenticate(token)

    def tenant_of(self, token: str) -> Tenant:
        """Return the same. Raises Refused `authentication.unknown`."""
        tenant = self.authenticate(token.strip())
        if tenant is None:
            raise Refused("authentication.unknown", "the API key is not known here", mend="ask the node's host for one")
        return tenant

    def accepted_before(self, digest: bytes) -> Accepted:
        """Return the acceptance of a document that is registered here. Raises Refused `document.unknown`."""
        record = self.archive.find(digest)
        if record is None:
            raise Refused("document.unknown", "no such document is registered here", mend="register it first")
        return Accepted(
            digest=record.digest,
            issuer=record.issuer,
            kind=record.kind,
            state=record.state,
            accepted_at=record.accepted_at,
            anchored_by=record.anchored_by,
            receipt=record.accepted_receipt or "",
            warnings=record.warnings,
            repeated=True,
        )

    def write_status(self, change: StatusChange) -> TransactionReceipt:
        """Write a status with the issuer's custodial account. Raises Refused `custody.none`, `contract.*`."""
        return self.statuses.write(self.custody.issuer_account(change.issuer), [change])

    def check_worker(self) -> None:
        """Raise Unavailable `pipeline.stopped` if documents are not moved on, by this process or another."""
        if self.settings.worker and not self.worker.is_running:
            raise Unavailable("pipeline.stopped", "the pipeline's threads do not run", mend="restart the node")
        if not self.settings.worker and not self.leases.is_held(batch.WORK):
            raise Unavailable(
                "pipeline.stopped", "no worker is at work", mend="start one with `portseal worker`, or look at its log"
            )

    def close(self) -> None:
        """Stop what was started, last things first; what fails holds up nothing after it, and is raised at the end."""
        with ExitStack() as stack:
            for step in reversed(self.closing):
                stack.callback(step)

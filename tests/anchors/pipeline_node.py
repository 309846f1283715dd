"""A node's pipeline on a consortium's embedded chain: real database, real folder store, real signatures.

The chain makes a block when a receipt is asked for, stamped by the consortium's clock, which moves by hand.
"""

import itertools
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from anchors.archive import AnchorRecord, Archive
from anchors.checkpoints import CheckpointFinality
from anchors.database import Database, upgrade
from anchors.lease import Leases
from anchors.payloads import Payloads
from anchors.pipeline.accept import Registrar
from anchors.pipeline.accepted_receipt import ReceiptOffice
from anchors.pipeline.issuer_directory import RegistryDirectory
from anchors.pipeline.registration import Accepted, Registration
from anchors.pipeline.resources import Resources
from anchors.pipeline.worker import Worker
from anchors.replicas.replicas import Replicas
from anchors.reports import Reports
from anchors.stores import FolderStore
from anchors.tenants import Tenant, Tenants
from ledger import gate_statement
from ledger.authority_registry import Purpose, Role
from ledger.chain import Chain
from ledger.envelope import Envelope, issue, parse, verify
from ledger.errors import PortsealError
from ledger.jwk import Algorithm
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.databases import Address, sqlite

SAMPLES = Path(__file__).parents[2] / "api" / "demonstration" / "samples"
BILL = json.loads((SAMPLES / "bill-of-lading.json").read_text(encoding="utf-8"))
CARRIER = "cn.carrier"
AUTHORITY = "cn.customs"
_NUMBERS = itertools.count(1)

address: Address = sqlite
"""Which database a node gets; the fixture `on_each_database` sets it."""


class PipelineNode:
    """One node. `resources` may be replaced by a copy with other adapters."""

    def __init__(self, consortium: Consortium, directory: Path, chain: Chain | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.consortium = consortium
        self.chain = chain or consortium.chain
        self.registries = consortium.network.registries(self.chain)
        self.database = Database(address(directory))
        upgrade(self.database)
        self.store = FolderStore(directory / "payloads")
        self.replicas = Replicas.alone(self.store)
        self.tenant_key = PrivateKey.generate(Algorithm.X25519)
        self.tenants = Tenants(self.database, consortium.clock)
        self.directory = RegistryDirectory(self.chain, self.registries.issuer, self.registries.authority)
        cosigners = [consortium.cosigner(f"{code}.customs") for code in ("cn", "sg", "kr")]
        self.finality = CheckpointFinality(self.database, self.chain, self.registries, cosigners)
        # Reading who may cosign takes a hundred calls; the nodes of one consortium read it once.
        self.finality._rosters = vars(consortium).setdefault("rosters", self.finality._rosters)
        self.resources = Resources(
            database=self.database,
            store=self.replicas,
            chain=self.chain,
            documents=self.registries.document,
            account=consortium.account(AUTHORITY, Role.ANCHOR),
            directory=self.directory,
            finality=self.finality,
            leases=Leases(self.database, clock=consortium.clock),
            clock=consortium.clock,
            started_at=consortium.clock(),
        )
        self.archive = Archive(self.database, self.finality)
        self.reports = Reports(self.database, self.finality, clock=consortium.clock)
        self.payloads = Payloads(self.database, self.replicas)
        self.office = ReceiptOffice(
            AUTHORITY, consortium.service_key(AUTHORITY, Purpose.ANSWERS), consortium.network.chain_id
        )
        self.registrar = Registrar(
            self.database, self.directory, self.office, payloads=self.payloads, clock=consortium.clock
        )

    def close(self) -> None:
        self.store.close()
        self.database.close()

    def tenant(self, name: str = "sea-lines", issuers: Sequence[str] = (CARRIER,)) -> Tenant:
        return self.tenants.get(name) or self.tenants.create(name, issuers, self.tenant_key.public_key)

    def bill(self, issuer: str = CARRIER, **claims: Any) -> Envelope:
        """A new envelope, signed with the issuer's registered key."""
        return sign_bill(self.consortium.issuer_key(issuer), int(self.consortium.clock()), issuer, **claims)

    def registration(self, envelope: Envelope | None = None, **members: Any) -> Registration:
        return Registration(envelope or self.bill(), members.pop("tenant", None) or self.tenant(), **members)

    def gated(self, envelope: Envelope | None = None, key: PrivateKey | None = None, **members: Any) -> Registration:
        """A registration with the gate statement made beside the envelope."""
        envelope = envelope or self.bill()
        own = self.consortium.issuer_key(envelope.issuer)
        document = verify(envelope, own.public_key).document
        return self.registration(envelope, gate=gate_statement.issue(envelope, document, key or own), **members)

    def accept(self, *registrations: Registration) -> list[Accepted]:
        results = self.registrar.accept(registrations)
        for result in results:
            if not isinstance(result, Accepted):
                raise result
        return [result for result in results if isinstance(result, Accepted)]

    def accept_reports(self, count: int, tenant: str = "sea-lines") -> list[bytes]:
        """Have reports taken that nobody else has; return their digests. They wait a while for others."""
        self.tenant(tenant)
        digests = [os.urandom(32) for _ in range(count)]
        assert not any(self.reports.accept(digest, AUTHORITY, tenant) for digest in digests)
        return digests

    def run(self) -> None:
        """Move on until nothing moves any more."""
        Worker(self.resources).run_until_idle(120)

    def step(self, step: Callable[[Resources], int], **replaced: Any) -> int:
        return step(replace(self.resources, **replaced))

    def record(self, digest: bytes) -> AnchorRecord:
        record = self.archive.find(digest)
        assert record is not None
        return record


@contextmanager
def opened(consortium: Consortium, directory: Path, chain: Chain | None = None) -> Iterator[PipelineNode]:
    node = PipelineNode(consortium, directory, chain)
    try:
        yield node
    finally:
        node.close()


def sign_bill(key: PrivateKey, iat: int, issuer: str = CARRIER, **claims: Any) -> Envelope:
    document = BILL | {"transportDocumentReference": f"PSL{next(_NUMBERS):08d}"}
    return issue(document, kind("bill-of-lading"), issuer, key, iat=iat, **claims)


def refusal(node: PipelineNode, registration: Registration) -> PortsealError:
    [result] = node.registrar.accept([registration])
    assert isinstance(result, PortsealError)
    assert node.archive.find(registration.envelope.digest) is None
    return result


def forged(envelope: Envelope) -> Envelope:
    """The same with another signature of the right form."""
    other = sign_bill(PrivateKey.generate(Algorithm.ES256), envelope.iat)
    return parse(
        "~".join([envelope.jwt.rsplit(".", 1)[0] + "." + other.jwt.rsplit(".", 1)[1], *envelope.disclosures, ""])
    )

"""A consortium on the embedded chain, an archive in memory, and a verifier that reads both."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from anchors.merkle import inclusion_path, root
from ledger.authority import Purpose, Role
from ledger.checkpoint import TYPE, Checkpoint, Cosignature
from ledger.envelope import Envelope, issue
from ledger.jws import sign_statement
from ledger.kinds import kind as kind_named
from ledger.private_key import PrivateKey
from ledger.transaction import Call
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.verifier import file_twin, pack_twin
from tests.verifier.twin_facts import TwinFacts
from tests.verifier.world import BILL, SAMPLES, proof_of
from verifier.axes import Authentic
from verifier.cached_facts import CachedFacts
from verifier.question import Question
from verifier.record import Record
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict
from verifier.verify import Verifier

ISSUER, AUTHORITY = "cn.carrier", "cn.maritime"


@dataclass
class Case:
    """One consortium, an archive in memory, and a verifier that reads the chain."""

    consortium: Consortium
    records: dict[bytes, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Every test of a verdict on the chain also compares what the storage proves with what the contracts say.
        facts = CachedFacts(TwinFacts(self.consortium.chain, self.consortium.network))
        self.verifier = Verifier(Sources(self, facts), clock=self.consortium.clock)

    def find(self, digest: bytes) -> Record | None:
        return self.records.get(digest)

    def act(self, call: Call, authority: str = AUTHORITY, role: Role = Role.ACT) -> int:
        """Make a call a second later; return its block's time."""
        self.consortium.clock.advance(1)
        receipt = self.consortium.submit(self.consortium.account(authority, role), call)
        block = self.consortium.chain.block(receipt.block_number)
        assert block
        return block.timestamp

    def vote(self, *calls: Call) -> None:
        self.consortium.clock.advance(1)
        by_vote(self.consortium.chain, self.consortium.registries.authority, self.consortium.voters, list(calls))

    def issue(self, kind: str = BILL, issuer: str = ISSUER, key: PrivateKey | None = None) -> Envelope:
        document = json.loads((SAMPLES / f"{kind}.json").read_text(encoding="utf-8"))
        signer = key or self.consortium.issuer_key(issuer)
        return issue(document, kind_named(kind), issuer, signer, iat=int(self.consortium.clock()))

    def anchor(self, envelope: Envelope, *countries: str) -> int:
        """Anchor in a batch of three and have the block cosigned; return its time."""
        leaves = [b"a" * 32, envelope.digest, b"b" * 32]
        batch = (root(leaves), 3, envelope.digest)
        time = self.act(self.consortium.registries.document.anchor(*batch), AUTHORITY, Role.ANCHOR)
        checkpoint = self.consortium.checkpoint()
        self.records[envelope.digest] = Record(
            issuer=envelope.issuer,
            kind=envelope.kind.name,
            batch=batch,
            index=1,
            path=inclusion_path(leaves, 1),
            payload_cid="bafk",
            block_number=checkpoint.number,
            proof=proof_of(checkpoint, self.cosigned(checkpoint, *countries or ("CN", "SG", "KR", "JP"))),
        )
        return time

    def cosigned(self, checkpoint: Checkpoint, *countries: str, domain: str = "customs") -> tuple[Cosignature, ...]:
        authorities = [f"{country.lower()}.{domain}" for country in countries]
        keys = [self.consortium.service_key(authority, Purpose.CHECKPOINTS) for authority in authorities]
        return tuple(
            Cosignature(authority, key.public_key.kid, sign_statement(checkpoint.claims(), key, TYPE))
            for authority, key in zip(authorities, keys, strict=True)
        )

    def anchored(self, kind: str = BILL, issuer: str = ISSUER) -> Envelope:
        envelope = self.issue(kind, issuer)
        self.anchor(envelope)
        return envelope

    def new_key(self) -> PrivateKey:
        key = PrivateKey.generate(self.consortium.issuer_key(ISSUER).public_key.algorithm)
        self.act(self.issuers.add_key(ISSUER, key.public_key))
        return key

    @property
    def issuers(self) -> Any:
        return self.consortium.registries.issuer

    def verify(self, envelope: Envelope, **question: Any) -> Verdict:
        """Ask online; what rests on a final anchor must be answered the same from an evidence file, and from a pack."""
        subject = Subject.presented(envelope.serialize())
        verdict = self.verifier.verify(subject, Question(**question))
        if verdict.finality:
            file_twin.check(self, subject, question, verdict)
            pack_twin.check(self, subject, question, verdict)
        return verdict

    @cached_property
    def roots(self) -> TrustRoots:
        """As of when they were first asked for."""
        return file_twin.roots_of(self)

    @cached_property
    def packs(self) -> pack_twin.PackTwin:
        """Made by the customs of China."""
        return pack_twin.PackTwin(self)

    def authentic(self, envelope: Envelope) -> Authentic:
        return self.verify(envelope).authentic

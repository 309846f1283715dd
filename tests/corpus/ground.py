"""Where the instances of one kind happen: issuers are entered, documents anchored in one batch, and what then becomes.

A ground has three times: before the anchor, the anchor's second, and after it. `make` of a kind runs before, what an
attempt does `later` runs after; when exactly is drawn. All is judged once the anchor's hour is over. Each instance has
issuers and keys of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from anchors.finality import FinalityProof
from anchors.gate_code import GateCode
from anchors.merkle import root
from ledger.authority import Purpose
from ledger.document_status import Status
from ledger.envelope import Attachment, Envelope, issue
from ledger.gate_statement import GateStatement
from ledger.issuer_state import IssuerState, KeyState
from ledger.jwk import Algorithm
from ledger.kinds import kind as kind_named
from ledger.network import Network
from ledger.private_key import PrivateKey
from tests.corpus.cosigned_world import CosignedWorld
from tests.corpus.device import SeenNewest
from tests.corpus.members import answers_key, cosigner_key
from tests.corpus.packed_world import WorldPacks, batches_of
from tests.corpus.printer import Printer
from tests.corpus.trie_chain import NETWORK, TrieChain, cosigned, trust_roots
from tests.verifier.pack_twin import BY
from tests.verifier.world import ACCOUNT, AUTHORITY, BILL, COUNTRIES, COUNTRY, START, World, document, proof_of
from verifier.facts import AnchoringFacts
from verifier.pack.file import PackFile, read_file
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.record import Batch, Record
from verifier.trust_roots import TrustRoots

ANCHORED, AFTER, HEAD = START + 100, START + 190, START + 3_700
FILES = (
    Attachment("packing.pdf", "application/pdf", b"%PDF-1.7 12 pallets"),
    Attachment("seal.jpg", "image/jpeg", b"x"),
)


@dataclass(frozen=True)
class Issuer:
    """An issuer with its first key, and under whom it was entered."""

    name: str
    key: PrivateKey
    above: str = AUTHORITY

    @property
    def thumbprint(self) -> bytes:
        return self.key.public_key.thumbprint


@dataclass
class Ground:
    """A ground in memory. `now` is the world's; it is drawn anew by `before` and `after`."""

    random: Random
    world: World = field(default_factory=CosignedWorld)
    batch: list[Envelope] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.world.admit()
        self.printer = Printer(lambda hour: batches_of(self.world)[hour])

    def settled(self) -> "Ground":
        """Return it with two issuers and three genuine documents, which every kind may use."""
        self.first, self.second = self.issuer(), self.issuer(Algorithm.ED25519)
        self.genuine = self.anchor(self.issue(self.first, files=True))
        self.other = self.anchor(self.issue(self.first, files=True))
        self.foreign = self.anchor(self.issue(self.second))
        return self

    # --- what judges are given

    def chain(self) -> TrieChain:
        return TrieChain(self.world)

    def final(self, chain: Any) -> FinalityProof:
        """Return the proof that the chain's newest block is final."""
        checkpoint = chain.checkpoint()
        return proof_of(checkpoint, cosigned(checkpoint, *COUNTRIES))

    @property
    def facts(self) -> Any:
        return self.world

    @property
    def network(self) -> Network:
        return NETWORK

    @cached_property
    def roots(self) -> TrustRoots:
        return trust_roots()

    @cached_property
    def _packs(self) -> WorldPacks:
        return WorldPacks(self.world, self.roots)

    @property
    def pack(self) -> Pack:
        """As of the newest block."""
        return self._packs.at(self.world.now)[1]

    @property
    def pack_file(self) -> PackFile:
        """The file of that pack, whole."""
        return self._packs.at(self.world.now)[0]

    def kept_pack(self) -> Callable[[], PackFile]:
        """Return what gives, when all is over, the pack as of this second."""
        time = self.world.now
        return lambda: self._packs.at(time)[0]

    def opened(self, data: bytes, base: Pack | None = None, roots: TrustRoots | None = None) -> Pack:
        """Open the bytes of a pack. Raises PortsealError."""
        return open_pack(read_file(data), roots or self.roots, BY, base)

    @cached_property
    def device(self) -> SeenNewest:
        """Made when all is over."""
        return SeenNewest(self)

    def service_key(self, purpose: Purpose, customs: str = BY) -> PrivateKey:
        """Return the key of a customs for answers, or that for checkpoints."""
        return (answers_key if purpose is Purpose.ANSWERS else cosigner_key)(customs[:2].upper())

    def statement(self, envelope: Envelope) -> GateStatement:
        """Return the gate statement beside a document."""
        return self.printer.statement(envelope)

    def code(self, statement: GateStatement) -> GateCode:
        """Return what is printed of a statement once its hour is over."""
        return self.printer.code(statement, self.genuine)

    # --- when

    @property
    def anchored_at(self) -> int:
        return ANCHORED

    def tick(self) -> None:
        self.world.now += 1

    def upto(self) -> None:
        """A second more, or as late as the anchor itself."""
        self.world.now = self.random.choice((self.world.now + 1, ANCHORED))

    def before(self) -> int:
        self.world.now = self.random.randrange(START + 10, ANCHORED)
        return self.world.now

    def after(self) -> int:
        self.world.now = self.random.randrange(ANCHORED + 1, AFTER)
        return self.world.now

    # --- who

    @property
    def anchorer(self) -> str:
        return ACCOUNT

    def issuer(
        self,
        algorithm: Algorithm = Algorithm.ES256,
        kinds: tuple[str, ...] = (BILL,),
        above: str = AUTHORITY,
        key: PrivateKey | None = None,
        **term: int,
    ) -> Issuer:
        """Enter an issuer; `term`: since and until of its accreditations, their `limits`."""
        issuer = Issuer(self._name("line"), key or PrivateKey.generate(algorithm), above)
        self.world.accreditors[issuer.name] = above
        self.world.record("issuer", issuer.name, code=IssuerState.ACTIVE)
        for kind in kinds:
            self.world.accredit(issuer.name, kind, by=above, **term)
        self.enter_key(issuer, issuer.key)
        return issuer

    def stranger(self) -> PrivateKey:
        """A key that no registry knows."""
        return PrivateKey.generate(Algorithm.ES256)

    def authority(self, country: str = COUNTRY, *, leaves: bool = True) -> str:
        """Enter an authority of a country that is a member already, or becomes one now; `leaves`: it is to leave."""
        name = self._name(country.lower())
        self.world.countries[name] = country
        if not self.world.lists["member", country]:
            self.world.record("member", country, code=1)
        self.world.record("authority", name, code=1)
        return name

    def body(self, kinds: tuple[str, ...] = (BILL,), above: str = AUTHORITY, *, authorized: bool = True) -> Issuer:
        body = self.issuer(kinds=kinds, above=above)
        if authorized:
            self.world.record("body", body.name, code=1)
        return body

    def set_top(self, issuer: Issuer, authority: str) -> None:
        """Have the registry name another authority at the top than the chain leads to."""
        assert isinstance(self.world, CosignedWorld)
        self.world.tops[issuer.name] = authority

    def enter_key(self, issuer: Issuer, key: PrivateKey, since: int = 0, until: int = 0) -> None:
        self.world.keys[key.public_key.thumbprint] = (issuer.name, key.public_key)
        self.world.record("key", key.public_key.thumbprint, code=KeyState.ACTIVE, since=since, until=until)

    # --- what becomes of them

    def change_key(self, issuer: Issuer, state: KeyState) -> None:
        self.world.record("key", issuer.thumbprint, code=state)

    def compromise(self, issuer: Issuer, since: int) -> None:
        self.world.record("compromise", issuer.thumbprint, code=KeyState.COMPROMISED, since=since)

    def change_issuer(self, issuer: Issuer, state: IssuerState) -> None:
        self.world.record("issuer", issuer.name, code=state)

    def end_accreditation(self, issuer: Issuer, kind: str = BILL) -> None:
        self.world.record("accreditation", issuer.name, kind, code=0)

    def end_body(self, body: Issuer) -> None:
        self.world.record("body", body.name, code=0)

    def end_authority(self, authority: str) -> None:
        self.world.record("authority", authority, code=0)

    def end_member_of(self, authority: str) -> None:
        self.world.record("member", self.world.countries[authority], code=0)

    def status(self, issuer: str, digest: bytes, status: Status, successor: bytes | None = None) -> None:
        self.world.record("status", issuer, digest, code=status)
        if successor:
            self.world.successors[issuer, digest] = successor

    # --- documents

    def issue(
        self, issuer: Issuer, key: PrivateKey | None = None, *, kind: str = BILL, iat: int = 0, files: bool = False
    ) -> Envelope:
        stated, signer = document(kind), key or issuer.key
        made = issue(
            stated,
            kind_named(kind),
            issuer.name,
            signer,
            iat=iat or self.world.now,
            attachments=FILES if files else (),
            expires=HEAD + 10**6,
        )
        self.printer.issued(made, stated, signer)
        return made

    def anchor(self, envelope: Envelope) -> Envelope:
        """Have it in the batch."""
        self.batch.append(envelope)
        return envelope

    def anchor_batch(self, batch: Batch) -> int:
        """Anchor a batch now, whatever it is of; return when."""
        self.world.anchorings[batch] = AnchoringFacts(ACCOUNT, self.world.now)
        return self.world.now

    def seal(self) -> None:
        """Anchor the batch, and go on to the time after it."""
        self.world.now = ANCHORED
        leaves = self.printer.leaves(self.batch, self.random)
        batch = (root(leaves), len(leaves), self.random.randbytes(32))
        self.printer.put(leaves, self.anchor_batch(batch))
        proof, block = self.world.proof(ANCHORED), self.world.block(ANCHORED)
        for envelope in self.batch:
            place = self.printer.place(envelope.digest)
            self.world.records[envelope.digest] = Record(
                issuer=envelope.issuer,
                kind=BILL,
                batch=batch,
                index=place.index,
                path=place.path,
                payload_cid="bafk",
                transaction=b"t" * 32,
                block_number=block.number,
                proof=proof,
            )

    def settle(self) -> None:
        self.world.now = HEAD

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}.{self._count}"

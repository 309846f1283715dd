"""The same ground on the embedded chain: issuers entered in the contracts, documents anchored by transactions."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from anchors.finality import FinalityProof
from anchors.gate_code import GateCode
from anchors.hour_root import SECONDS, Triple, hour_of
from anchors.merkle import root
from ledger.account import Account
from ledger.authority import Authority, Domain, Purpose, Role
from ledger.chain import Chain
from ledger.document_registry import StatusChange
from ledger.document_status import Status
from ledger.envelope import Envelope, issue
from ledger.gate_statement import GateStatement
from ledger.issuer_state import IssuerState, KeyState
from ledger.jwk import Algorithm
from ledger.kinds import kind as kind_named
from ledger.network import Network
from ledger.private_key import PrivateKey
from ledger.transaction import Call
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.corpus.device import SeenNewest
from tests.corpus.ground import FILES, Issuer
from tests.corpus.printer import Printer
from tests.verifier.chain_case import AUTHORITY, Case
from tests.verifier.pack_twin import BY
from tests.verifier.world import BILL, COUNTRIES, document, proof_of
from verifier.pack.file import PackFile, read_file
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.record import Batch, Record
from verifier.registry_facts import RegistryFacts
from verifier.trust_roots import TrustRoots


@dataclass
class Seen:
    """What kinds look at of a world: the clock, which only goes on, and what the archive knows."""

    consortium: Consortium
    records: dict[bytes, Record] = field(default_factory=dict)

    @property
    def now(self) -> int:
        return int(self.consortium.clock())

    @now.setter
    def now(self, time: int) -> None:
        self.consortium.clock.advance(max(0, time - self.now))


class ChainGround:
    """Each instance has issuers of its own; all share the authority AUTHORITY, but where it is to leave."""

    def __init__(self, consortium: Consortium, random: Random) -> None:
        self.consortium, self.random = consortium, random
        self._case = Case(consortium)
        self.world = Seen(consortium)
        self.batch: list[Envelope] = []
        self.anchored_at = 0
        self.printer = Printer(lambda hour: self._batches(hour))
        self._accounts: dict[str, Account] = {}
        self._anchored: tuple[int, list[Triple]] = (0, [])

    def settled(self) -> "ChainGround":
        self.first, self.second = self.issuer(), self.issuer(Algorithm.ED25519)
        self.genuine = self.anchor(self.issue(self.first, files=True))
        self.other = self.anchor(self.issue(self.first, files=True))
        self.foreign = self.anchor(self.issue(self.second))
        return self

    # --- what judges are given

    def chain(self) -> Chain:
        return self.consortium.chain

    def final(self, _chain: Chain) -> FinalityProof:
        checkpoint = self.consortium.checkpoint()
        return proof_of(checkpoint, self._case.cosigned(checkpoint, *COUNTRIES))

    @property
    def facts(self) -> Any:
        return RegistryFacts(self.consortium.chain, self.consortium.registries, self.consortium.network.finality)

    @property
    def network(self) -> Network:
        return self.consortium.network

    @property
    def roots(self) -> TrustRoots:
        return self._case.roots

    @property
    def pack(self) -> Pack:
        """As of the newest block."""
        return self._case.packs.newest()

    @property
    def pack_file(self) -> PackFile:
        """The file of that pack, whole."""
        assert self.pack
        return self._case.packs.files[-1]

    def kept_pack(self) -> Callable[[], PackFile]:
        """Make one now, and return what gives it later."""
        file = self.pack_file
        return lambda: file

    def opened(self, data: bytes, base: Pack | None = None, roots: TrustRoots | None = None) -> Pack:
        """Open the bytes of a pack. Raises PortsealError."""
        return open_pack(read_file(data), roots or self.roots, BY, base)

    @cached_property
    def device(self) -> SeenNewest:
        """Made when all is over."""
        return SeenNewest(self)

    def service_key(self, purpose: Purpose, customs: str = BY) -> PrivateKey:
        return self.consortium.service_key(customs, purpose)

    def statement(self, envelope: Envelope) -> GateStatement:
        return self.printer.statement(envelope)

    def code(self, statement: GateStatement) -> GateCode:
        return self.printer.code(statement, self.genuine)

    # --- when: transactions take their time by themselves

    def tick(self) -> None:
        self.world.now += 1

    def upto(self) -> None:
        self.tick()

    def before(self) -> None:
        self.tick()

    def after(self) -> None:
        self.world.now += 2

    # --- who

    @property
    def anchorer(self) -> str:
        return self.consortium.account(AUTHORITY, Role.ANCHOR).address

    def stranger(self) -> PrivateKey:
        return PrivateKey.generate(Algorithm.ES256)

    def issuer(
        self, algorithm: Algorithm = Algorithm.ES256, kinds: tuple[str, ...] = (BILL,), above: str = AUTHORITY
    ) -> Issuer:
        issuer = Issuer(f"cn.{secrets.token_hex(6)}", PrivateKey.generate(algorithm), above)
        self._accounts[issuer.name] = self._account(above)
        self._act(issuer.name, self._issuers.add_issuer(issuer.name, above))
        if kinds:
            self._act(issuer.name, self._issuers.accredit(issuer.name, list(kinds)))
        self.enter_key(issuer, issuer.key)
        return issuer

    def authority(self, _country: str = "CN", *, leaves: bool = True) -> str:
        """Of China, whoever is asked for: a country without cosigners would count for finality."""
        if not leaves:
            return AUTHORITY
        name, account = f"cn.{secrets.token_hex(6)}", Account.generate()
        registry = self.consortium.registries.authority
        entered = registry.add_authority(Authority(name, "CN", Domain.MARITIME))
        self._vote(entered, registry.add_account(name, Role.ACT, account.address))
        self._accounts[name] = account
        return name

    def body(self, kinds: tuple[str, ...] = (BILL,), above: str = AUTHORITY, *, authorized: bool = True) -> Issuer:
        body = self.issuer(kinds=kinds, above=above)
        if authorized:
            self._act(body.name, self._issuers.authorize_body(body.name))
        return body

    def enter_key(self, issuer: Issuer, key: PrivateKey) -> None:
        self._act(issuer.name, self._issuers.add_key(issuer.name, key.public_key))

    # --- what becomes of them

    def change_key(self, issuer: Issuer, state: KeyState) -> None:
        change = {
            KeyState.ACTIVE: self._issuers.reinstate_key,
            KeyState.RETIRED: self._issuers.retire_key,
            KeyState.SUSPENDED: self._issuers.suspend_key,
        }
        self._act(issuer.name, change[state](issuer.thumbprint))

    def compromise(self, issuer: Issuer, since: int) -> None:
        self._act(issuer.name, self._issuers.mark_compromised(issuer.thumbprint, since))

    def change_issuer(self, issuer: Issuer, state: IssuerState) -> None:
        change = {
            IssuerState.ACTIVE: self._issuers.reinstate_issuer,
            IssuerState.SUSPENDED: self._issuers.suspend_issuer,
        }
        self._act(issuer.name, change[state](issuer.name))

    def end_accreditation(self, issuer: Issuer, kind: str = BILL) -> None:
        self._act(issuer.name, self._issuers.end_accreditation(issuer.name, kind))

    def end_body(self, body: Issuer) -> None:
        self._act(body.name, self._issuers.end_body(body.name))

    def end_authority(self, authority: str) -> None:
        self._vote(self.consortium.registries.authority.end_authority(authority))

    def status(self, issuer: str, digest: bytes, status: Status, successor: bytes | None = None) -> None:
        change = StatusChange(issuer, digest, status, successor=successor)
        self._act(issuer, self.consortium.registries.document.set_status(change))

    # --- documents

    def issue(
        self, issuer: Issuer, key: PrivateKey | None = None, *, kind: str = BILL, iat: int = 0, files: bool = False
    ) -> Envelope:
        signer, attachments = key or issuer.key, FILES if files else ()
        iat, stated = iat or self.world.now, document(kind)
        made = issue(stated, kind_named(kind), issuer.name, signer, iat=iat, attachments=attachments)
        self.printer.issued(made, stated, signer)
        return made

    def anchor(self, envelope: Envelope) -> Envelope:
        self.batch.append(envelope)
        return envelope

    def anchor_batch(self, batch: Batch) -> int:
        self.world.now += 1
        return self._case.act(self.consortium.registries.document.anchor(*batch), AUTHORITY, Role.ANCHOR)

    def seal(self) -> None:
        """Anchor all in one batch, whose block everybody cosigns."""
        leaves = self.printer.leaves(self.batch, self.random)
        batch = (root(leaves), len(leaves), self.random.randbytes(32))
        self.anchored_at = self.anchor_batch(batch)
        self.printer.put(leaves, self.anchored_at)
        proof = self.final(self.consortium.chain)
        for envelope in self.batch:
            place = self.printer.place(envelope.digest)
            self.world.records[envelope.digest] = Record(
                envelope.issuer, BILL, False, batch, place.index, place.path, "bafk", b"t" * 32, proof.number, proof
            )

    def settle(self) -> None:
        """Go on until the anchor's hour is over, and to a block after it."""
        self.world.now += SECONDS
        self.anchor_batch((self.random.randbytes(32), 1, self.random.randbytes(32)))

    # --- transactions

    def _batches(self, hour: int) -> list[Triple]:
        number = self.consortium.chain.head().number
        if self._anchored[0] != number:
            found = self.consortium.registries.document.anchored(0, number)
            self._anchored = number, [Triple(one.root, one.size, one.anchored_at) for one in found]
        return [one for one in self._anchored[1] if hour_of(one.anchored_at) == hour]

    @property
    def _issuers(self) -> Any:
        return self.consortium.registries.issuer

    def _account(self, above: str) -> Account:
        return self._accounts.get(above) or self.consortium.account(above, Role.ACT)

    def _act(self, name: str, call: Call) -> None:
        self.world.now += 1
        self.consortium.submit(self._accounts[name], call)

    def _vote(self, *calls: Call) -> None:
        self.world.now += 1
        registry = self.consortium.registries.authority
        by_vote(self.consortium.chain, registry, self.consortium.voters, list(calls))

"""An archive and a chain in memory: the verifier's two ports, over the same dated lists as the contracts keep.

Every second is a block. Nothing moves by itself: `world.now` is set by hand, and things happen at it. A fact is seen
from the block in which it was recorded.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from anchors.finality import FinalityProof
from anchors.merkle import inclusion_path, root
from anchors.proof_content import checkpoint_of, of_checkpoint
from ledger.address import checksum_address
from ledger.authority import Role
from ledger.block import Block
from ledger.checkpoint import Checkpoint, Cosignature
from ledger.dated_list import Entry
from ledger.document_registry import Status
from ledger.envelope import Envelope, issue
from ledger.issuer_registry import IssuerState, KeyState
from ledger.jwk import Algorithm
from ledger.kinds import kind as kind_named
from ledger.private_key import PrivateKey
from ledger.recognition import Direction, Terms
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Entries,
    Finality,
    IssuerFacts,
    KeyFacts,
    OperatorLists,
    StatusFacts,
)
from verifier.hours import HourRoot
from verifier.policy import DEFAULT, Policy
from verifier.question import Question
from verifier.recognition_answer import Agreement, DirectionFacts
from verifier.record import Batch, Record
from verifier.sources import HighestTime, Sources
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier

START = 1_800_000_000
BILL, CERTIFICATE, AEO = "bill-of-lading", "certificate-of-origin", "aeo-credential"
ARRANGEMENT = "sg.cn-2012"
ISSUER, AUTHORITY, COUNTRY = "cn.carrier", "cn.maritime", "CN"
ACCOUNT = checksum_address(b"anchor".rjust(20))
COUNTRIES = ("CN", "SG", "KR", "JP")
SAMPLES = Path(__file__).parents[2] / "api" / "demonstration" / "samples"


@cache
def document(kind: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{kind}.json").read_text(encoding="utf-8"))


@cache
def key_named(name: str, algorithm: Algorithm = Algorithm.ES256) -> PrivateKey:
    return PrivateKey.generate(algorithm)


@cache
def bill(iat: int = START, name: str = ISSUER, key: str = "first", expires: int | None = None) -> Envelope:
    return issue(document(BILL), kind_named(BILL), name, key_named(key), iat=iat, expires=expires)


class World:
    """`with_issuer`: a member's authority has accredited ISSUER for bills, and registered its key `first`."""

    def __init__(self, *, with_issuer: bool = True) -> None:
        self.now = START
        self.lists: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
        self.keys: dict[bytes, tuple[str, Any]] = {}
        self.accreditors: dict[str, str] = {}
        self.agreements: dict[Direction, list[Agreement]] = defaultdict(list)
        self.countries: dict[str, str] = {}
        self.accounts: dict[str, tuple[str, int]] = {}
        self.anchorings: dict[Batch, AnchoringFacts] = {}
        self.successors: dict[tuple[str, bytes], bytes] = {}
        self.records: dict[bytes, Record] = {}
        self.hour_roots: dict[int, HourRoot] = {}
        self.highest_time = HighestTime()
        if with_issuer:
            self.admit()
            self.accredit()
            self.add_key()

    # --- what happens, at `now`

    def record(self, *place: Any, code: int, since: int = 0, until: int = 0, reason: int = 0) -> None:
        self.lists[place].append(Entry(code, reason, since or self.now, until, self.now))

    def admit(self, authority: str = AUTHORITY, country: str = COUNTRY, account: str = ACCOUNT) -> None:
        self.countries[authority] = country
        self.accounts[account] = (authority, Role.ANCHOR)
        self.record("member", country, code=1)
        self.record("authority", authority, code=1)
        self.record("account", account, code=Role.ANCHOR)

    def accredit(
        self,
        issuer: str = ISSUER,
        kind: str = BILL,
        since: int = 0,
        until: int = 0,
        by: str = AUTHORITY,
        limits: int = 0,
    ) -> None:
        if issuer not in self.accreditors:
            self.accreditors[issuer] = by
            self.record("issuer", issuer, code=IssuerState.ACTIVE)
        self.record("accreditation", issuer, kind, code=1, since=since, until=until, reason=limits)

    def add_key(self, name: str = "first", issuer: str = ISSUER, since: int = 0, until: int = 0) -> None:
        public = key_named(name).public_key
        self.keys[public.thumbprint] = (issuer, public)
        self.record("key", public.thumbprint, code=KeyState.ACTIVE, since=since, until=until)

    def change_key(self, state: KeyState, name: str = "first", since: int = 0) -> None:
        self.record("key", key_named(name).public_key.thumbprint, code=state, since=since)

    def compromise(self, since: int = 0, name: str = "first") -> None:
        self.record("compromise", key_named(name).public_key.thumbprint, code=KeyState.COMPROMISED, since=since)

    def anchor(self, envelope: Envelope, *, cosigned: int = len(COUNTRIES), leaves: int = 5) -> Record:
        others = [hashlib.sha256(bytes([number])).digest() for number in range(leaves - 1)]
        digests = [*others[:2], envelope.digest, *others[2:]]
        batch = (root(digests), leaves, b"m" * 32)
        self.anchorings.setdefault(batch, AnchoringFacts(ACCOUNT, self.now))
        record = Record(
            issuer=envelope.issuer,
            kind=envelope.claims["vct"].split(":")[-2],
            batch=batch,
            index=2,
            path=inclusion_path(digests, 2),
            payload_cid="bafk",
            transaction=b"t" * 32,
            block_number=self.block(self.now).number,
            proof=self.proof(self.now, cosigned),
        )
        self.records[envelope.digest] = record
        return record

    def sign(self, *countries: str) -> None:
        for country in countries:
            self.record("party", country, code=1)

    def agree(self, direction: Direction, *, since: int = 0, until: int = 0, roles: int = 0) -> None:
        terms = Terms(ARRANGEMENT, direction.recogniser, direction.recognised)
        entry = Entry(1, roles, since or self.now, until, self.now)
        self.agreements[direction].append(Agreement(entry, b"o" * 32, terms))

    def end_recognition(self, direction: Direction, since: int = 0) -> None:
        self.agreements[direction].append(Agreement(Entry(0, 0, since or self.now, 0, self.now)))

    def set_status(self, envelope: Envelope, status: Status, successor: bytes | None = None) -> None:
        self.record("status", envelope.issuer, envelope.digest, code=status)
        if successor:
            self.successors[envelope.issuer, envelope.digest] = successor

    # --- asking

    def sources(self) -> Sources:
        return Sources(self, self, self.highest_time, hours=self)

    def verify(
        self, subject: Envelope | bytes | str | Subject, *, policy: Policy = DEFAULT, clock: int = 0, **question: Any
    ) -> Verdict:
        verifier = Verifier(self.sources(), policy, lambda: clock or self.now)
        return verifier.verify(subject_of(subject), Question(**question))

    # --- the ports

    def find(self, digest: bytes) -> Record | None:
        return self.records.get(digest)

    def head(self) -> Block:
        return self.block(self.now)

    def block(self, time: int) -> Block:
        number = time - START + 1
        names = [hashlib.sha256(f"{part}{number}".encode()).digest() for part in ("hash", "parent", "state")]
        return Block(number, names[0], names[1], time, names[2], ())

    def checkpoint(self, time: int) -> Checkpoint:
        block = self.block(time)
        return Checkpoint(1, b"g" * 32, block.number, block.hash, block.state_root, time, {})

    def proof(self, time: int, cosigned: int = len(COUNTRIES)) -> FinalityProof:
        return proof_of(self.checkpoint(time), [Cosignature(country, "", "") for country in COUNTRIES[:cosigned]])

    def entries(self, block: Block, *place: Any) -> Entries:
        return tuple(entry for entry in self.lists.get(place, ()) if entry.recorded_at <= block.timestamp)

    def anchoring(self, batch: Batch, block: Block) -> AnchoringFacts | None:
        found = self.anchorings.get(batch)
        return found if found and found.anchored_at <= block.timestamp else None

    def hour(self, number: int, block: Block) -> HourRoot | None:
        return self.hour_roots.get(number) if (number + 1) * 3_600 <= block.timestamp else None

    def account(self, address: str, block: Block) -> AccountFacts | None:
        entries = self.entries(block, "account", address)
        return AccountFacts(*self.accounts[address], entries) if entries else None

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        checkpoint, cosignatures = checkpoint_of(proof.content)
        countries = tuple(sorted({cosignature.authority for cosignature in cosignatures}))
        holds = 3 * len(countries) > 2 * len(COUNTRIES)
        return Finality(
            form="checkpoint",
            number=checkpoint.number,
            time=checkpoint.time,
            holds=holds,
            on_chain=checkpoint.block_hash == self.block(checkpoint.time).hash and checkpoint.time <= block.timestamp,
            signers=countries,
            of=len(COUNTRIES),
            fault=None if holds else "finality.too-few",
        )

    def key(self, thumbprint: bytes, block: Block) -> KeyFacts | None:
        entries = self.entries(block, "key", thumbprint)
        return (
            KeyFacts(*self.keys[thumbprint], entries, self.entries(block, "compromise", thumbprint))
            if entries
            else None
        )

    def issuer(self, issuer: str, block: Block) -> IssuerFacts | None:
        entries = self.entries(block, "issuer", issuer)
        if not entries:
            return None
        holds, body = self.entries(block, "hold", issuer), self.entries(block, "body", issuer)
        return IssuerFacts(self.accreditors[issuer], entries, self.top(issuer), holds, body)

    def top(self, issuer: str) -> str:
        while issuer in self.accreditors:
            issuer = self.accreditors[issuer]
        return issuer

    def accreditation(self, issuer: str, kind: str, block: Block) -> Entries:
        return self.entries(block, "accreditation", issuer, kind)

    def scope(self, issuer: str, kind: str, code: str, block: Block) -> Entries:
        return self.entries(block, "scope", issuer, kind, code)

    def authority(self, authority: str, block: Block) -> AuthorityFacts | None:
        entries = self.entries(block, "authority", authority)
        country = self.countries.get(authority, "")
        return AuthorityFacts(country, entries, self.entries(block, "member", country)) if entries else None

    def status(self, issuer: str, digest: bytes, block: Block) -> StatusFacts:
        entries = self.entries(block, "status", issuer, digest)
        return StatusFacts(entries, self.successors.get((issuer, digest)) if entries else None)

    def recognition(self, direction: Direction, block: Block) -> DirectionFacts:
        sides = (direction.recogniser, direction.recognised)
        return DirectionFacts(
            direction,
            tuple(one for one in self.agreements[direction] if one.entry.recorded_at <= block.timestamp),
            {side: self.entries(block, "recognition suspension", direction, side) for side in sides},
            {side: self.entries(block, "member", side) for side in sides},
            {ARRANGEMENT: {side: self.entries(block, "party", side) for side in sides}},
        )

    def operator(self, authority: str, code: str, block: Block) -> OperatorLists | None:
        entries = self.entries(block, "operator", authority, code)
        return OperatorLists(entries, self.entries(block, "operator suspension", authority, code)) if entries else None


def proof_of(checkpoint: Checkpoint, cosignatures: Iterable[Cosignature]) -> FinalityProof:
    """A checkpoint's proof, as an archive holds it."""
    content = of_checkpoint(checkpoint, cosignatures)
    return FinalityProof("checkpoint", checkpoint.number, checkpoint.block_hash, checkpoint.time, content)


def subject_of(presented: Envelope | bytes | str | Subject) -> Subject:
    """32 bytes are a digest; an envelope and other bytes or text are presented."""
    if isinstance(presented, Subject):
        return presented
    if isinstance(presented, Envelope):
        return Subject.presented(presented.serialize())
    is_digest = isinstance(presented, bytes) and len(presented) == 32
    return Subject.named(presented) if is_digest else Subject.presented(presented)  # type: ignore[arg-type]


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def outcome(verdict: Verdict, code: str) -> str:
    return next(finding.outcome.value for finding in verdict.findings if finding.code == code)

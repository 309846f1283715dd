"""Making a pack: what was added since the one before, as of a final block, with the proof of it, signed."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.chain import Chain
from ledger.compact_jws import sign_text
from ledger.errors import Refused, Unavailable
from ledger.finality.form import CHECKPOINT
from ledger.network import Network
from ledger.signer import Signer
from verifier.facts import Finality
from verifier.hand_over_making import HandOverMaker
from verifier.hand_over_reach import Newest
from verifier.pack.body import compress, pack_body
from verifier.pack.content import Content
from verifier.pack.file import PackFile, PackProof
from verifier.pack.head import TYPE, BlockName, PackHead, pack_hash
from verifier.pack.kinds import KINDS
from verifier.pack.limits import DEFAULT, StaleLimits
from verifier.pack.source import PackSource, Source
from verifier.packed_finality import pack as pack_finality
from verifier.proved_state import ProvedState
from verifier.trust_roots import TrustRoots

_HOUR = 3_600
Judge = Callable[[FinalityProof, Block], Finality]


@dataclass(frozen=True, slots=True)
class Before:
    """The pack that another one follows: its signed head, the head's members, and all of its content."""

    text: str
    head: PackHead
    content: Content


@dataclass(frozen=True)
class PackMaker:
    """judge: what a proof of finality is worth. by: the customs that signs; signer: with its key for answers.

    newest: gives older proofs too, which hand over to those who sign now. source: what is read in place of the
    chain's events.
    """

    chain: Chain
    network: Network
    newest: Newest
    judge: Judge
    by: str
    signer: Signer
    source: Source | None = None

    def make(
        self,
        proof: FinalityProof,
        roots: TrustRoots,
        now: int,
        before: Before | None = None,
        limits: StaleLimits = DEFAULT,
        hours_from: int = 0,
        number: int = 1,
    ) -> tuple[PackFile, Content]:
        """Return the pack as of the proof's block, whole, and what it adds to the one before.

        roots: for their fingerprint. hours_from: the first hour that is kept. number: the least that it may have.
        Raises Refused `pack.nothing-new` unless the block is a later one, Unavailable `chain.*`, `pack.block` where the
        node does not show all that it must.
        """
        if before is not None and proof.number <= before.head.block.number:
            detail = (
                f"the newest final block is {proof.number}; the pack before stands as of {before.head.block.number}"
            )
            raise Refused("pack.nothing-new", detail, mend="make one when a later block is final")
        block = self._block(proof)
        held, new = before.content if before else Content({}), self._added(block, before, hours_from)
        since, until = self._hours(block, before, hours_from)
        content, packed = held.extended(new, hours_from=since), self._proof(proof, block)
        body = pack_body(content)
        head = PackHead(
            by=self.by,
            number=max(number, before.head.number + 1 if before else 1),
            previous=pack_hash(before.text) if before else None,
            chain_id=self.network.chain_id,
            genesis_hash=self.network.genesis_hash,
            trust=bytes.fromhex(roots.fingerprint),
            block=BlockName(block.number, block.hash, block.timestamp),
            made_at=now,
            body=sha256(body).digest(),
            size=len(body),
            proof=sha256(packed).digest(),
            counts=content.counts,
            hours=(since, until),
            limits=limits,
        )
        return PackFile(sign_text(head.claims(), self.signer, TYPE), packed, compress(body)), new

    def _block(self, proof: FinalityProof) -> Block:
        block = self.chain.block(proof.number)
        if block is None or block.hash != proof.block_hash or not self.judge(proof, block).holds:
            detail = f"the node's chain does not have the block {proof.number} that is proved final"
            raise Unavailable("pack.block", detail, mend="try again when the node has caught up, or another node")
        return block

    def _hours(self, block: Block, before: Before | None, hours_from: int) -> tuple[int, int]:
        """Return [from, until): never back, and only hours that are over as of the block."""
        since, until = before.head.hours if before else (0, 0)
        until = max(until, block.timestamp // _HOUR)
        return min(max(since, hours_from), until), until

    def _added(self, block: Block, before: Before | None, hours_from: int) -> Content:
        source = self.source or self._events()
        held = before.content if before else Content({})
        added = source.after(held, before.head.block.number if before else None, block)
        since, until = self._hours(block, before, hours_from)
        known = before.head.hours[1] if before else since
        hours = source.hours(max(known, since), until, block) if max(known, since) < until else {}
        return Content(added.changes, added.keys, added.terms, hours)

    def _events(self) -> PackSource:
        return PackSource(self.chain, self.network.registries(self.chain), max(self.network.deployed_at, 1))

    def _proof(self, proof: FinalityProof, block: Block) -> bytes:
        form = self.network.finality
        nodes: frozenset[bytes] = frozenset()
        if form != CHECKPOINT:
            state = ProvedState(block, self.network.contracts, self.chain.proof)
            for kind in KINDS.values():
                state.words(kind.contract, block).words([kind.head])
            nodes = state.nodes
        hand_overs = HandOverMaker(self.chain, self.network, self.newest).reaching(proof)
        return PackProof(pack_finality(proof), hand_overs, tuple(sorted(nodes))).encode()

"""Facts kept, so that many documents of one issuer cost one set of calls, in each block or until something changes."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.dated_list import Entries
from ledger.recognition import Direction
from verifier.fact_cache import FactCache
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Finality,
    IssuerFacts,
    KeyFacts,
    OperatorLists,
    StatusFacts,
)
from verifier.part import ANCHORINGS, AUTHORITY, ISSUER, OPERATOR, RECOGNITION, STATUSES, Part
from verifier.recognition_answer import DirectionFacts
from verifier.record import Batch
from verifier.sources import Facts, ReadsMany


class CachedFacts:
    """Facts that are asked for once per block, or once per state; the head always is. It keeps `limit` of them.

    state: names the state of a part of the registries at a block, asked for once per block; what is read of the part
    is kept for as long as that stands. None: everything is read again in each block. lasting: no block of the chain is
    ever replaced, so that an anchoring stays, and a block that is proved.
    """

    def __init__(
        self,
        facts: Facts,
        limit: int = 65_536,
        *,
        state: Callable[[Part, Block], bytes] | None = None,
        lasting: bool = False,
    ) -> None:
        self._facts, self._state, self._lasting = facts, state, lasting
        self._cache = FactCache(limit)

    def head(self) -> Block:
        """Return the newest block."""
        return self._facts.head()

    def anchoring(self, batch: Batch, block: Block) -> AnchoringFacts | None:
        """Return who anchored a batch, and when."""
        found: AnchoringFacts | None = self._cache.kept(("anchoring", batch))
        if found and found.anchored_at <= block.timestamp:
            return found
        place = ("anchoring", self._states(block, ANCHORINGS), batch)
        found = self._cache.get(place, lambda: self._facts.anchoring(batch, block))
        if found and self._lasting:
            self._cache.keep(("anchoring", batch), found)
        return found

    def account(self, address: str, block: Block) -> AccountFacts | None:
        """Return an account of an authority."""
        place = ("account", self._states(block, AUTHORITY), address)
        return self._cache.get(place, lambda: self._facts.account(address, block))

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        """Return how a proof of finality stands up against what is pinned, and against the chain of this block."""
        asked = (proof.form, proof.number, proof.block_hash, proof.time, proof.fingerprint)
        # Who may sign is the registry's word, or pinned.
        lasts = ("finality", self._states(block, AUTHORITY), *asked) if self._lasting else None
        if lasts and (kept := self._cache.kept(lasts)):
            found: Finality = kept
            return found
        found = self._cache.get(("finality", block.hash, *asked), lambda: self._facts.finality(proof, block))
        if lasts and found.on_chain:
            self._cache.keep(lasts, found)
        return found

    def key(self, thumbprint: bytes, block: Block) -> KeyFacts | None:
        """Return the document key of a thumbprint."""
        place = ("key", self._states(block, ISSUER), thumbprint)
        return self._cache.get(place, lambda: self._facts.key(thumbprint, block))

    def issuer(self, issuer: str, block: Block) -> IssuerFacts | None:
        """Return an issuer."""
        place = ("issuer", self._states(block, ISSUER), issuer)
        return self._cache.get(place, lambda: self._facts.issuer(issuer, block))

    def accreditation(self, issuer: str, kind: str, block: Block) -> Entries:
        """Return since when the issuer is accredited for a kind."""
        place = ("accreditation", self._states(block, ISSUER), issuer, kind)
        return self._cache.get(place, lambda: self._facts.accreditation(issuer, kind, block))

    def scope(self, issuer: str, kind: str, code: str, block: Block) -> Entries:
        """Return since when a code is in the issuer's scope for a kind."""
        place = ("scope", self._states(block, ISSUER), issuer, kind, code)
        return self._cache.get(place, lambda: self._facts.scope(issuer, kind, code, block))

    def authority(self, authority: str, block: Block) -> AuthorityFacts | None:
        """Return an authority of the consortium."""
        place = ("authority", self._states(block, AUTHORITY), authority)
        return self._cache.get(place, lambda: self._facts.authority(authority, block))

    def status(self, issuer: str, digest: bytes, block: Block) -> StatusFacts:
        """Return what became of a document."""
        place = ("status", self._states(block, STATUSES), issuer, digest)
        return self._cache.get(place, lambda: self._facts.status(issuer, digest, block))

    def read_statuses(self, documents: Sequence[tuple[str, bytes]], block: Block) -> None:
        """Read what became of many documents at once, and keep it; nothing if the facts below cannot."""
        if not isinstance(self._facts, ReadsMany):
            return
        found, state = self._facts.statuses(documents, block), self._states(block, STATUSES)
        for (issuer, digest), status in zip(documents, found, strict=True):
            self._cache.keep(("status", state, issuer, digest), status)

    def recognition(self, direction: Direction, block: Block) -> DirectionFacts:
        """Return all that is held about one country's recognition of another."""
        # Who is a member counts too.
        place = ("recognition", self._states(block, RECOGNITION, AUTHORITY), direction)
        return self._cache.get(place, lambda: self._facts.recognition(direction, block))

    def operator(self, authority: str, code: str, block: Block) -> OperatorLists | None:
        """Return an operator, by its customs authority and the code that it has there."""
        place = ("operator", self._states(block, OPERATOR), authority, code)
        return self._cache.get(place, lambda: self._facts.operator(authority, code, block))

    def _states(self, block: Block, *parts: Part) -> Hashable:
        if (state := self._state) is None:
            return block.hash
        return tuple(self._cache.get((block.hash, part), partial(state, part, block)) for part in parts)

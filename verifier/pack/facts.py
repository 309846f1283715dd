"""The facts of the registries out of a pack: all of them, for the pack is complete. A no is read as a yes is."""

from anchors.finality import FinalityProof
from ledger.address import address_bytes
from ledger.block import Block
from ledger.country import from_bytes2, to_bytes2
from ledger.dated_list import Entries
from ledger.errors import Invalid
from ledger.identifier import from_bytes32, to_bytes32
from ledger.operator import operator_id
from ledger.recognition import Direction
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
from verifier.pack import kinds
from verifier.pack.anchored import Anchored
from verifier.pack.lists import entry_of, word
from verifier.pack.opened import Pack
from verifier.pack.recognitions import direction_facts
from verifier.recognition_answer import DirectionFacts
from verifier.record import Batch

_COMPROMISED = 4
_NONE = bytes(32)


class PackFacts:
    """`Facts` as of the pack's block. anchored: where batches are found, which a pack does not list."""

    def __init__(self, pack: Pack, anchored: Anchored) -> None:
        self._pack = pack
        self._anchored = anchored
        self._lists = pack.lists

    def head(self) -> Block:
        """Return the block as of which the pack stands."""
        found = self._pack.block
        return Block(found.number, found.block_hash, bytes(32), found.time, found.state_root, ())

    def anchoring(self, batch: Batch, _block: Block) -> AnchoringFacts | None:
        """Return who anchored a batch, and when."""
        return self._anchored.anchoring(batch)

    def finality(self, proof: FinalityProof, _block: Block) -> Finality:
        """Return what an anchor rests on: the pack's own block, or what came with the document."""
        return (
            self._pack.finality if proof.block_hash == self._pack.block.block_hash else self._anchored.finality(proof)
        )

    def account(self, address: str, _block: Block) -> AccountFacts | None:
        """Return an account of an authority."""
        rows = self._lists.rows(kinds.ACCOUNT, (1,), address_bytes(address).rjust(32, b"\0"))
        entries = tuple(map(entry_of, rows))
        return AccountFacts(from_bytes32(word(rows[0], 0)), entries[0].code, entries) if rows else None

    def key(self, thumbprint: bytes, _block: Block) -> KeyFacts | None:
        """Return the document key of a thumbprint; one that the pack leaves out was registered wrongly."""
        rows = self._lists.rows(kinds.KEY, (1,), thumbprint)
        if not rows:
            return None
        key = self._pack.keys.get(thumbprint)
        if key is None:
            # Nothing rests on the maker's word here: whatever is missing, the document stays unknown.
            return KeyFacts("", None, (), ())
        entries = tuple(map(entry_of, rows))
        return KeyFacts(
            from_bytes32(word(rows[0], 0)),
            key,
            tuple(one for one in entries if one.code != _COMPROMISED),
            tuple(one for one in entries if one.code == _COMPROMISED),
        )

    def issuer(self, issuer: str, _block: Block) -> IssuerFacts | None:
        """Return an issuer."""
        name = to_bytes32(issuer)
        rows = self._lists.rows(kinds.ISSUER, (0,), name)
        if not rows:
            return None
        return IssuerFacts(
            accreditor=from_bytes32(word(rows[0], 1)),
            entries=tuple(map(entry_of, rows)),
            authority=from_bytes32(self._authority_above(name)),
            holds=self._lists.entries(kinds.HOLD, (0, 1), name, _NONE),
            body=self._lists.entries(kinds.BODY, (0,), name),
        )

    def accreditation(self, issuer: str, kind: str, _block: Block) -> Entries:
        """Return since when the issuer is accredited for a kind."""
        return self._lists.entries(kinds.ACCREDITATION, (0, 1), to_bytes32(issuer), to_bytes32(kind))

    def scope(self, issuer: str, kind: str, code: str, _block: Block) -> Entries:
        """Return since when a code is in the issuer's scope for a kind."""
        words = (to_bytes32(issuer), to_bytes32(kind), to_bytes32(code))
        return self._lists.entries(kinds.SCOPE, (0, 1, 2), *words)

    def authority(self, authority: str, _block: Block) -> AuthorityFacts | None:
        """Return an authority of the consortium."""
        rows = self._lists.rows(kinds.AUTHORITY, (0,), to_bytes32(authority))
        if not rows:
            return None
        country = from_bytes2(word(rows[0], 1)[:2])
        return AuthorityFacts(country, tuple(map(entry_of, rows)), self._members(country))

    def status(self, issuer: str, digest: bytes, _block: Block) -> StatusFacts:
        """Return what became of a document."""
        rows = self._lists.rows(kinds.STATUS, (0, 1), to_bytes32(issuer), digest)
        successors = [next_ for row in rows if any(next_ := word(row, 2))]
        return StatusFacts(tuple(map(entry_of, rows)), successors[-1] if successors else None)

    def recognition(self, direction: Direction, _block: Block) -> DirectionFacts:
        """Return all that is held about one country's recognition of another."""
        members = {side: self._members(side) for side in (direction.recogniser, direction.recognised)}
        return direction_facts(self._lists, direction, self._pack.terms, members)

    def operator(self, authority: str, code: str, _block: Block) -> OperatorLists | None:
        """Return an operator, by its customs authority and the code that it has there; None for what is no code."""
        try:
            words = (to_bytes32(authority), operator_id(code))
        except Invalid:
            return None
        entries = self._lists.entries(kinds.OPERATOR, (0, 1), *words)
        suspensions = self._lists.entries(kinds.OPERATOR_SUSPENSION, (0, 1), *words)
        return OperatorLists(entries, suspensions) if entries else None

    def _members(self, country: str) -> Entries:
        return self._lists.entries(kinds.MEMBER, (0,), to_bytes2(country).ljust(32, b"\0"))

    def _authority_above(self, issuer: bytes) -> bytes:
        """Return the authority at the top, as the registry entered it with the issuer (IssuerParties.addIssuer)."""
        below = [issuer]
        while True:
            entered = self._lists.rows(kinds.ISSUER, (0,), below[-1])[0]
            accreditor, then = word(entered, 1), entry_of(entered).recorded_at
            authority = self._lists.entries(kinds.AUTHORITY, (0,), accreditor)
            # An id that an authority bore then means the authority; else it is a body, which has one above it.
            is_authority = bool(authority) and authority[0].recorded_at <= then
            is_body = accreditor not in below and bool(self._lists.rows(kinds.ISSUER, (0,), accreditor))
            if is_authority or not is_body:
                return accreditor
            below.append(accreditor)

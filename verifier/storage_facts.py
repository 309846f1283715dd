"""The facts read out of the registries' storage, word by word: what can be proved by storage proofs, and nothing else.

Where the words come from is for `words` to say: a node that is trusted, a node that proves each of them under a block's
state root, or a file that somebody kept. Lists are read by their length, so a no is read as a yes is.
"""

from collections.abc import Callable

from anchors.finality import FinalityProof
from ledger import account_slots, document_slots, issuer_slots, registry_slots
from ledger.address import checksum_address
from ledger.block import Block
from ledger.dated_list import Entries
from ledger.errors import Invalid, Refused
from ledger.identifier import from_bytes32
from ledger.operator import operator_id
from ledger.recognition import Direction
from ledger.registered_key import key_of
from ledger.registry_slots import Fact
from ledger.storage_words import StorageWords
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
from verifier.recognition_answer import DirectionFacts
from verifier.recognition_storage import read_directions, read_parties
from verifier.record import Batch

Words = Callable[[str, Block], StorageWords]
"""Gives the storage of a contract, by its name, at a block."""

Judge = Callable[[FinalityProof, Block], Finality]


class StorageFacts:
    """`Facts` out of storage. Every method raises what `words` raises, and Unavailable `storage.form`.

    head: gives the block that facts are asked at. judge: what a proof of finality is worth.
    """

    def __init__(self, head: Callable[[], Block], words: Words, judge: Judge) -> None:
        self._head = head
        self._words = words
        self._judge = judge

    def head(self) -> Block:
        """Return the block that facts are asked at."""
        return self._head()

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        """Return how a proof of finality stands up."""
        return self._judge(proof, block)

    def anchoring(self, batch: Batch, block: Block) -> AnchoringFacts | None:
        """Return who anchored a batch, and when."""
        [word] = self._read(block, document_slots.anchoring(*batch))
        anchored_at = int.from_bytes(word[:12])
        return AnchoringFacts(checksum_address(word[12:]), anchored_at) if anchored_at else None

    def account(self, address: str, block: Block) -> AccountFacts | None:
        """Return an account of an authority."""
        authority, role = self._read(block, *account_slots.account(address))
        if not any(role):
            return None
        [entries] = self._entries(block, account_slots.account_entries(address))
        return AccountFacts(from_bytes32(authority), role[-1], entries)

    def key(self, thumbprint: bytes, block: Block) -> KeyFacts | None:
        """Return the document key of a thumbprint (RFC 7638)."""
        issuer, x, y, algorithm = self._read(block, *issuer_slots.key(thumbprint))
        if not any(issuer):
            return None
        try:
            public_key = key_of(thumbprint, int.from_bytes(algorithm), x, y)
        except Refused:
            return KeyFacts("", None, (), ())
        state, compromises = self._entries(
            block, issuer_slots.key_state(thumbprint), issuer_slots.compromises(thumbprint)
        )
        return KeyFacts(from_bytes32(issuer), public_key, state, compromises)

    def issuer(self, issuer: str, block: Block) -> IssuerFacts | None:
        """Return an issuer."""
        accreditor, authority = self._read(block, issuer_slots.accreditor(issuer), issuer_slots.authority(issuer))
        if not any(accreditor):
            return None
        state, holds, body = self._entries(
            block, issuer_slots.state(issuer), issuer_slots.holds(issuer), issuer_slots.body(issuer)
        )
        return IssuerFacts(from_bytes32(accreditor), state, from_bytes32(authority), holds, body)

    def accreditation(self, issuer: str, kind: str, block: Block) -> Entries:
        """Return since when the issuer is accredited for a kind."""
        [entries] = self._entries(block, issuer_slots.accreditation(issuer, kind))
        return entries

    def scope(self, issuer: str, kind: str, code: str, block: Block) -> Entries:
        """Return since when a code is in the issuer's scope for a kind."""
        [entries] = self._entries(block, issuer_slots.scope(issuer, kind, code))
        return entries

    def authority(self, authority: str, block: Block) -> AuthorityFacts | None:
        """Return an authority of the consortium."""
        [word] = self._read(block, registry_slots.authority(authority))
        # Country and domain share the slot, the country in its lowest bytes.
        country = word[-2:]
        if not any(country):
            return None
        name = country.decode("ascii")
        office, member = self._entries(block, registry_slots.office(authority), registry_slots.member(name))
        return AuthorityFacts(name, office, member)

    def status(self, issuer: str, digest: bytes, block: Block) -> StatusFacts:
        """Return what became of a document."""
        [entries] = self._entries(block, document_slots.statuses(issuer, digest))
        if not entries:
            return StatusFacts((), None)
        [successor] = self._read(block, document_slots.successor(issuer, digest))
        return StatusFacts(entries, successor if any(successor) else None)

    def recognition(self, direction: Direction, block: Block) -> DirectionFacts:
        """Return all that is held about one country's recognition of another."""
        words = self._words(registry_slots.RECOGNITIONS, block)
        sides = (direction.recogniser, direction.recognised)
        entries = self._entries(block, *(registry_slots.member(side) for side in sides))
        members = dict(zip(sides, entries, strict=True))
        [found] = read_directions(words, [direction], read_parties(words, direction.programme), members)
        return found

    def operator(self, authority: str, code: str, block: Block) -> OperatorLists | None:
        """Return an operator, by its customs authority and the code that it has there; None for what is no code."""
        try:
            operator = operator_id(code)
        except Invalid:
            return None
        entries, suspensions = self._entries(
            block,
            registry_slots.operator(authority, operator),
            registry_slots.operator_suspensions(authority, operator),
        )
        return OperatorLists(entries, suspensions) if entries else None

    def _read(self, block: Block, *facts: Fact) -> list[bytes]:
        return self._words(facts[0].contract, block).words(facts)

    def _entries(self, block: Block, *facts: Fact) -> list[Entries]:
        return self._words(facts[0].contract, block).entries(facts)

"""The facts as the registries on chain hold them."""

from collections.abc import Sequence

from anchors.finality import FinalityProof
from ledger import change_heads, document_slots
from ledger.address import checksum_address
from ledger.block import Block
from ledger.chain import Chain
from ledger.dated_list import Entries
from ledger.errors import Invalid, Refused
from ledger.finality.form import CHECKPOINT, Form
from ledger.operator import operator_id
from ledger.recognition import Direction
from ledger.registries import Registries
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
from verifier.finality_facts import FinalityFacts
from verifier.part import Part
from verifier.recognition_answer import DirectionFacts
from verifier.recognition_storage import read_directions, read_parties
from verifier.record import Batch


class RegistryFacts:
    """Reads through one node, which is trusted. Every method raises Unavailable `chain.*`, Refused `contract.*`.

    finality: the form that the network file pins.
    """

    def __init__(self, chain: Chain, registries: Registries, finality: Form = CHECKPOINT) -> None:
        self._chain, self._registries = chain, registries
        self._finality = FinalityFacts(chain, registries.authority, finality)

    def head(self) -> Block:
        """Return the newest block."""
        return self._chain.head()

    def state(self, part: Part, block: Block) -> bytes:
        """Return what names the state of a part of the registries: facts of it change only with that."""
        return change_heads.state(self._registries.contracts()[part.registry], part.registry, part.kinds, block.number)

    def anchoring(self, batch: Batch, block: Block) -> AnchoringFacts | None:
        """Return who anchored a batch, and when."""
        # From storage, in which it is one word: a getter has code run for it, for each batch in each block.
        [word] = self._registries.document.contract.read_slots([document_slots.anchoring(*batch).slot], block.number)
        anchored_at = int.from_bytes(word[:12])
        return AnchoringFacts(checksum_address(word[12:]), anchored_at) if anchored_at else None

    def account(self, address: str, block: Block) -> AccountFacts | None:
        """Return an account of an authority."""
        found = self._registries.authority.account(address, block.number)
        if found is None:
            return None
        authority, role = found
        return AccountFacts(authority, int(role), self._registries.authority.account_entries(address, block.number))

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        """Return how a proof of finality stands up against what is pinned, and against the chain."""
        return self._finality.judge(proof, block)

    def key(self, thumbprint: bytes, block: Block) -> KeyFacts | None:
        """Return the document key of a thumbprint."""
        issuers, at = self._registries.issuer, block.number
        try:
            found = issuers.key(thumbprint, at)
        except Refused as error:
            if error.code != "registry.key":
                raise
            return KeyFacts("", None, (), ())
        if found is None:
            return None
        entries, compromises = issuers.key_entries(thumbprint, at), issuers.compromise_entries(thumbprint, at)
        return KeyFacts(found.issuer, found.public_key, entries, compromises)

    def issuer(self, issuer: str, block: Block) -> IssuerFacts | None:
        """Return an issuer."""
        issuers, at = self._registries.issuer, block.number
        accreditor = issuers.accreditor(issuer, at)
        if accreditor is None:
            return None
        return IssuerFacts(
            accreditor=accreditor,
            entries=issuers.issuer_entries(issuer, at),
            authority=issuers.authority_of(issuer, at) or "",
            holds=issuers.issuer_hold_entries(issuer, at),
            body=issuers.body_entries(issuer, at),
        )

    def accreditation(self, issuer: str, kind: str, block: Block) -> Entries:
        """Return since when the issuer is accredited for a kind."""
        return self._registries.issuer.accreditation_entries(issuer, kind, block.number)

    def scope(self, issuer: str, kind: str, code: str, block: Block) -> Entries:
        """Return since when a code is in the issuer's scope for a kind."""
        return self._registries.issuer.scope_entries(issuer, kind, code, block.number)

    def authority(self, authority: str, block: Block) -> AuthorityFacts | None:
        """Return an authority of the consortium."""
        authorities, at = self._registries.authority, block.number
        found = authorities.authority(authority, at)
        if found is None:
            return None
        entries, members = authorities.authority_entries(authority, at), authorities.member_entries(found.country, at)
        return AuthorityFacts(found.country, entries, members)

    def status(self, issuer: str, digest: bytes, block: Block) -> StatusFacts:
        """Return what became of a document."""
        [found] = self.statuses([(issuer, digest)], block)
        return found

    def statuses(self, documents: Sequence[tuple[str, bytes]], block: Block) -> Sequence[StatusFacts]:
        """Return what became of each document: read from storage, many in one call."""
        contract = self._registries.document.contract
        words = StorageWords(lambda slots: contract.read_slots(slots, block.number))
        entries = words.entries([document_slots.statuses(*document) for document in documents])
        return [
            StatusFacts(found, self._registries.document.successor(*document, block.number) if found else None)
            for document, found in zip(documents, entries, strict=True)
        ]

    def recognition(self, direction: Direction, block: Block) -> DirectionFacts:
        """Return all that is held about one country's recognition of another."""
        registries, at = self._registries, block.number
        words = StorageWords(lambda slots: registries.recognition.slots(slots, at))
        sides = (direction.recogniser, direction.recognised)
        members = {side: registries.authority.member_entries(side, at) for side in sides}
        [found] = read_directions(words, [direction], read_parties(words, direction.programme), members)
        return found

    def operator(self, authority: str, code: str, block: Block) -> OperatorLists | None:
        """Return an operator, by its customs authority and the code that it has there; None for what is no code."""
        operators, at = self._registries.operator, block.number
        try:
            operator = operator_id(code)
        except Invalid:
            return None
        entries = operators.operator_entries(authority, operator, at)
        return OperatorLists(entries, operators.suspension_entries(authority, operator, at)) if entries else None

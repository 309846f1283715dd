"""Facts of one node compared with what other nodes say of the same block: where they differ, nothing is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import TypeVar

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.dated_list import Entries
from ledger.errors import PortsealError, Unavailable
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
from verifier.recognition_answer import DirectionFacts
from verifier.record import Batch
from verifier.sources import Facts

T = TypeVar("T")

_NO_ANSWER = ("chain.connection", "chain.timeout", "chain.http")

AWAY = 60.0
"""Seconds for which a node that did not answer is asked nothing more: it is no witness, and is not waited for."""


class CrossCheckedFacts:
    """`Facts` of the first one; each is compared with those of the others that answer.

    Every method raises what the first one raises, and Unavailable `chain.disagreement` with both answers.
    """

    def __init__(self, facts: Facts, others: Sequence[Facts], clock: Callable[[], float] = monotonic) -> None:
        self._facts, self._others, self._clock = facts, others, clock
        self._away: dict[int, float] = {}

    def head(self) -> Block:
        """Return the newest block of the first one; of the others each may be a little behind."""
        return self._facts.head()

    def anchoring(self, batch: Batch, block: Block) -> AnchoringFacts | None:
        """Return who anchored a batch, and when."""
        return self._agreed("the anchoring", block, lambda facts: facts.anchoring(batch, block))

    def account(self, address: str, block: Block) -> AccountFacts | None:
        """Return an account of an authority."""
        return self._agreed(f"the account {address}", block, lambda facts: facts.account(address, block))

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        """Return how a proof of finality stands up; whether the others have its block already does not matter."""
        found = self._facts.finality(proof, block)
        self._compare("what is final", block, _wherever(found), lambda facts: _wherever(facts.finality(proof, block)))
        return found

    def key(self, thumbprint: bytes, block: Block) -> KeyFacts | None:
        """Return the document key of a thumbprint."""
        return self._agreed(f"the key {thumbprint.hex()}", block, lambda facts: facts.key(thumbprint, block))

    def issuer(self, issuer: str, block: Block) -> IssuerFacts | None:
        """Return an issuer."""
        return self._agreed(issuer, block, lambda facts: facts.issuer(issuer, block))

    def accreditation(self, issuer: str, kind: str, block: Block) -> Entries:
        """Return since when the issuer is accredited for a kind."""
        return self._agreed(
            f"{issuer}, accredited for {kind}", block, lambda facts: facts.accreditation(issuer, kind, block)
        )

    def scope(self, issuer: str, kind: str, code: str, block: Block) -> Entries:
        """Return since when a code is in the issuer's scope for a kind."""
        return self._agreed(
            f"{code} in the scope of {issuer}", block, lambda facts: facts.scope(issuer, kind, code, block)
        )

    def authority(self, authority: str, block: Block) -> AuthorityFacts | None:
        """Return an authority of the consortium."""
        return self._agreed(authority, block, lambda facts: facts.authority(authority, block))

    def status(self, issuer: str, digest: bytes, block: Block) -> StatusFacts:
        """Return what became of a document."""
        return self._agreed("the document's status", block, lambda facts: facts.status(issuer, digest, block))

    def recognition(self, direction: Direction, block: Block) -> DirectionFacts:
        """Return all that is held about one country's recognition of another."""
        what = f"{direction.recogniser} recognising {direction.recognised}"
        return self._agreed(what, block, lambda facts: facts.recognition(direction, block))

    def operator(self, authority: str, code: str, block: Block) -> OperatorLists | None:
        """Return an operator, by its customs authority and the code that it has there."""
        return self._agreed(f"an operator of {authority}", block, lambda facts: facts.operator(authority, code, block))

    def _agreed(self, what: str, block: Block, ask: Callable[[Facts], T]) -> T:
        answer = ask(self._facts)
        self._compare(what, block, answer, ask)
        return answer

    def _compare(self, what: str, block: Block, answer: T, ask: Callable[[Facts], T]) -> None:
        for place, other in enumerate(self._others):
            if self._away.get(place, 0.0) > self._clock():
                continue
            try:
                said = ask(other)
            except PortsealError as fault:
                # Another one is only behind, or keeps no old states.
                if fault.code in _NO_ANSWER:
                    self._away[place] = self._clock() + AWAY
                continue
            if said != answer:
                both = f"{_short(answer)}; {_short(said)}"
                detail = f"of {what} in block {block.number} the nodes do not say the same: {both}"
                raise Unavailable("chain.disagreement", detail, mend="find out which node is wrong")


def _wherever(found: Finality) -> Finality:
    return replace(found, on_chain=True)


def _short(answer: object) -> str:
    return repr(answer)[:400]

"""How a proof of finality stands up: against what is pinned, never against what the proof says of itself."""

from dataclasses import dataclass, replace

from anchors.finality import FinalityProof
from anchors.proof_content import checkpoint_of, header_of, headers_of
from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, countries_signed
from ledger.errors import Invalid
from ledger.finality import clique, qbft
from ledger.finality.final_block import FinalBlock
from ledger.finality.form import CHECKPOINT, Clique, Form, Qbft
from ledger.roster import RosterFacts
from ledger.rosters import Held, Rosters, roster
from verifier.fact_cache import FactCache
from verifier.facts import Finality

_FAULTS = frozenset(f"finality.{fault}" for fault in ("form", "header", "seal", "set", "too-few"))


_KEPT = 1_024
"""Proofs; each is one batch's, or that of many."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a proof is worth if the chain has the block `told`; None: nothing is proved."""

    finality: Finality
    told: Checkpoint | FinalBlock | None = None


class FinalityFacts:
    """Judges proofs by the network's form. Raises Unavailable `chain.*`; what is wrong with a proof is its `fault`.

    Each is judged once for each state of who may sign; whether the chain has its block is asked every time.
    """

    def __init__(self, chain: Chain, authorities: AuthorityRegistry, form: Form) -> None:
        self._chain = chain
        self._rosters = Rosters(authorities)
        self._form = form
        self._kept = FactCache(_KEPT)

    def judge(self, proof: FinalityProof, block: Block) -> Finality:
        """Return what the proof is worth; who may cosign a checkpoint is read at `block`."""
        held = self._held(block) if proof.form == CHECKPOINT.name == self._form.name else None
        place = (proof.form, proof.number, proof.block_hash, proof.time, proof.fingerprint, held and held.state)
        judged = self._kept.get(place, lambda: self._judged(proof, held))
        return replace(judged.finality, on_chain=self._has(judged.told)) if judged.told else judged.finality

    def _held(self, block: Block) -> Held:
        return self._kept.get(("roster", block.hash), lambda: self._rosters.held(block.number))

    def _judged(self, proof: FinalityProof, held: Held | None) -> _Judged:
        try:
            if proof.form != self._form.name:
                raise _wrong("finality.form", f"a proof of the form {proof.form[:16]} on a {self._form.name} chain")
            return self._proved(proof, held)
        except Invalid as error:
            fault = error.code if error.code in _FAULTS else "finality.form"
            return _Judged(self._nothing(proof, fault, error.detail))

    def _proved(self, proof: FinalityProof, held: Held | None) -> _Judged:
        match self._form:
            case Clique(signers):
                return _sealed(proof, clique.verify(headers_of(proof.content), signers))
            case Qbft(validators):
                return _sealed(proof, qbft.verify(header_of(proof.content), validators))
        assert held  # noqa: S101 - read for this form
        return _cosigned(proof, held.facts)

    def _nothing(self, proof: FinalityProof, fault: str, detail: str) -> Finality:
        return Finality(
            form=self._form.name,
            number=proof.number,
            time=proof.time,
            holds=False,
            on_chain=False,
            signers=(),
            of=self._size(proof.number),
            fault=fault,
            detail=detail,
        )

    def _size(self, number: int) -> int:
        match self._form:
            case Clique(signers):
                return len(signers)
            case Qbft(validators):
                pinned = [len(one.validators) for one in validators.ranges if one.start <= number]
                return pinned[-1] if pinned else 0
        return 0

    def _has(self, told: Checkpoint | FinalBlock) -> bool:
        chain = self._chain
        if isinstance(told, Checkpoint) and (told.chain_id, told.genesis_hash) != (chain.chain_id, chain.genesis_hash):
            return False
        found = chain.block(told.number)
        if found is None:
            return False
        return (told.block_hash, told.state_root, told.time) == (found.hash, found.state_root, found.timestamp)


def _cosigned(proof: FinalityProof, facts: RosterFacts) -> _Judged:
    checkpoint, cosignatures = checkpoint_of(proof.content)
    _check_stated(proof, checkpoint.number, checkpoint.block_hash, checkpoint.time)
    signing = roster(facts, checkpoint.time)
    countries = countries_signed(checkpoint, cosignatures, signing)
    holds = 3 * len(countries) > 2 * len(signing.countries)
    finality = Finality(
        form=proof.form,
        number=checkpoint.number,
        time=checkpoint.time,
        holds=holds,
        on_chain=True,
        signers=tuple(sorted(countries)),
        of=len(signing.countries),
        fault=None if holds else "finality.too-few",
        detail="" if holds else f"{len(countries)} of {len(signing.countries)} members have signed",
    )
    return _Judged(finality, checkpoint)


def _sealed(proof: FinalityProof, found: FinalBlock) -> _Judged:
    _check_stated(proof, found.number, found.block_hash, found.time)
    finality = Finality(
        form=found.form,
        number=found.number,
        time=found.time,
        holds=True,
        on_chain=True,
        signers=found.signers,
        of=found.of,
    )
    return _Judged(finality, found)


def _check_stated(proof: FinalityProof, number: int, block_hash: bytes, time: int) -> None:
    if (proof.number, proof.block_hash, proof.time) != (number, block_hash, time):
        raise _wrong("finality.header", f"the proof kept for the block {proof.number} is of another block")


def _wrong(code: str, detail: str) -> Invalid:
    return Invalid(code, detail, mend="ask another node for the proof")

"""How a proof of finality stands up: against what is pinned, never against what the proof says of itself."""

from functools import partial

from anchors.finality import FinalityProof
from anchors.proof_content import checkpoint_of, header_of, headers_of
from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, countries_signed
from ledger.contract import Contract
from ledger.errors import Invalid
from ledger.finality import clique, qbft
from ledger.finality.final_block import FinalBlock
from ledger.finality.form import Clique, Form, Qbft
from ledger.roster import RosterFacts
from ledger.rosters import Rosters
from ledger.storage_words import StorageWords
from verifier.facts import Finality
from verifier.roster_storage import read_roster

_FAULTS = frozenset(f"finality.{fault}" for fault in ("form", "header", "seal", "set", "too-few"))


class FinalityFacts:
    """Judges proofs by the network's form. Raises Unavailable `chain.*`; what is wrong with a proof is its `fault`."""

    def __init__(self, chain: Chain, authorities: AuthorityRegistry, form: Form) -> None:
        self._chain = chain
        # From storage, in a few calls: by the registry's functions it takes one for each authority and key.
        self._rosters = Rosters(authorities, partial(_read, authorities.contract))
        self._form = form

    def judge(self, proof: FinalityProof, block: Block) -> Finality:
        """Return what the proof is worth; who may cosign a checkpoint is read at `block`."""
        try:
            if proof.form != self._form.name:
                raise _wrong("finality.form", f"a proof of the form {proof.form[:16]} on a {self._form.name} chain")
            return self._judge(proof, block)
        except Invalid as error:
            fault = error.code if error.code in _FAULTS else "finality.form"
            return self._nothing(proof, fault, error.detail)

    def _judge(self, proof: FinalityProof, block: Block) -> Finality:
        match self._form:
            case Clique(signers):
                return self._proved(proof, clique.verify(headers_of(proof.content), signers))
            case Qbft(validators):
                return self._proved(proof, qbft.verify(header_of(proof.content), validators))
        return self._cosigned(proof, block)

    def _cosigned(self, proof: FinalityProof, block: Block) -> Finality:
        checkpoint, cosignatures = checkpoint_of(proof.content)
        _check_stated(proof, checkpoint.number, checkpoint.block_hash, checkpoint.time)
        roster = self._rosters.at(checkpoint.time, block.number)
        countries = countries_signed(checkpoint, cosignatures, roster)
        holds = 3 * len(countries) > 2 * len(roster.countries)
        return Finality(
            form=proof.form,
            number=checkpoint.number,
            time=checkpoint.time,
            holds=holds,
            on_chain=self._is_of_this_chain(checkpoint) and self._has(checkpoint),
            signers=tuple(sorted(countries)),
            of=len(roster.countries),
            fault=None if holds else "finality.too-few",
            detail="" if holds else f"{len(countries)} of {len(roster.countries)} members have signed",
        )

    def _proved(self, proof: FinalityProof, found: FinalBlock) -> Finality:
        _check_stated(proof, found.number, found.block_hash, found.time)
        return Finality(
            form=found.form,
            number=found.number,
            time=found.time,
            holds=True,
            on_chain=self._has(found),
            signers=found.signers,
            of=found.of,
        )

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

    def _is_of_this_chain(self, checkpoint: Checkpoint) -> bool:
        chain = self._chain
        return (checkpoint.chain_id, checkpoint.genesis_hash) == (chain.chain_id, chain.genesis_hash)

    def _has(self, told: Checkpoint | FinalBlock) -> bool:
        found = self._chain.block(told.number)
        if found is None:
            return False
        return (told.block_hash, told.state_root, told.time) == (found.hash, found.state_root, found.timestamp)


def _read(contract: Contract, block: int) -> RosterFacts:
    return read_roster(StorageWords(lambda slots: contract.read_slots(slots, block)))


def _check_stated(proof: FinalityProof, number: int, block_hash: bytes, time: int) -> None:
    if (proof.number, proof.block_hash, proof.time) != (number, block_hash, time):
        raise _wrong("finality.header", f"the proof kept for the block {proof.number} is of another block")


def _wrong(code: str, detail: str) -> Invalid:
    return Invalid(code, detail, mend="ask another node for the proof")

"""A verifier that asks nobody: an evidence file and trust roots are all that it looks at."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from anchors.finality import FinalityProof
from contracts.keccak import keccak
from ledger.block import Block
from ledger.errors import Invalid, Unavailable
from ledger.finality.final_block import FinalBlock
from verifier.evidence_file import EvidenceFile
from verifier.facts import Finality
from verifier.file_state import FileState
from verifier.hand_over import follow
from verifier.pinned_finality import final_block, other_chain
from verifier.policy import DEFAULT, Policy
from verifier.record import Record
from verifier.sources import HighestTime, Sources
from verifier.storage_facts import StorageFacts
from verifier.trust_roots import TrustRoots
from verifier.verify import Verifier


class FileEvidence:
    """The archive and the newest block of an evidence file. What it says counts only under pinned roots."""

    def __init__(self, file: EvidenceFile, roots: TrustRoots) -> None:
        self._file = file
        self._roots = roots

    def find(self, digest: bytes) -> Record | None:
        """Return how the file says that its document was anchored; None for another one."""
        return replace(self._file.record, proof=self._proof) if digest == self._file.digest else None

    def head(self) -> Block:
        """Return the block that the file proves final. Raises Unavailable `finality.*`, `evidence.chain`."""
        found = self._proved
        if isinstance(found, Invalid):
            raise Unavailable(found.code, found.detail, mend=found.mend)
        return Block(found.number, found.block_hash, bytes(32), found.time, found.state_root, ())

    def finality(self, _proof: FinalityProof, _block: Block) -> Finality:
        """Return what the head rests on. It is asked for only once there is a head."""
        found = self._proved
        if isinstance(found, Invalid):
            raise Unavailable(found.code, found.detail, mend=found.mend)
        return Finality(found.form, found.number, found.time, True, True, found.signers, found.of)

    @property
    def _proof(self) -> FinalityProof | None:
        found = self._proved
        return None if isinstance(found, Invalid) else FinalityProof.of(found, {})

    @cached_property
    def _proved(self) -> FinalBlock | Invalid:
        file, roots = self._file, self._roots
        if (file.chain_id, file.genesis_hash) != (roots.chain_id, roots.genesis_hash):
            return other_chain(file.chain_id)
        nodes = {keccak(node): node for node in file.nodes} if file.hand_overs else {}
        followed = follow(roots, file.hand_overs, nodes)
        try:
            return final_block(followed.roots, file.finality)
        except Invalid as error:
            if followed.refused is None:
                return error
            detail = f"{error.detail}; of the hand-overs one does not count: {followed.refused.detail}"
            return Invalid(error.code, detail, mend=error.mend)


def offline(
    file: EvidenceFile,
    roots: TrustRoots,
    *,
    policy: Policy = DEFAULT,
    clock: Callable[[], float] = time.time,
    highest_time: HighestTime | None = None,
) -> Verifier:
    """Return the verifier of one file. `clock`: the device's, seconds.

    highest_time: the highest block time seen; without it, that of the trust roots.
    """
    evidence = FileEvidence(file, roots)
    state = FileState(roots, {keccak(node): node for node in file.nodes})
    facts = StorageFacts(evidence.head, state.words, evidence.finality)
    return Verifier(Sources(evidence, facts, highest_time or HighestTime(roots.time)), policy, clock)

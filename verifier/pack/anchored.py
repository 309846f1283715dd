"""Where a device without a line learns that a batch was anchored: a pack has no list of all batches."""

from typing import Protocol

from anchors.finality import FinalityProof
from contracts.keccak import keccak
from verifier.evidence_file import EvidenceFile
from verifier.facts import AnchoringFacts, Finality
from verifier.file_state import FileState
from verifier.offline import FileEvidence
from verifier.record import Batch, Record
from verifier.storage_facts import StorageFacts
from verifier.trust_roots import TrustRoots


class Anchored(Protocol):
    """How a document was anchored, and in what batch. Raises a PortsealError when it cannot tell."""

    def find(self, digest: bytes) -> Record | None:
        """Return the document's place in a batch; None if none is known."""
        ...

    def anchoring(self, batch: Batch) -> AnchoringFacts | None:
        """Return who anchored the batch, and when."""
        ...

    def finality(self, proof: FinalityProof) -> Finality:
        """Return what this rests on."""
        ...


class NotKnown:
    """For a document that came without anything beside it."""

    def find(self, _digest: bytes) -> Record | None:
        """Return nothing."""
        return None

    def anchoring(self, _batch: Batch) -> AnchoringFacts | None:
        """Return nothing; no batch is asked for."""
        return None

    def finality(self, _proof: FinalityProof) -> Finality:
        """Never asked for. Raises AssertionError."""
        raise AssertionError("finality of nothing")


class ByEvidence:
    """By an evidence file: its own block and state prove the anchor, whatever the pack says, for good."""

    def __init__(self, file: EvidenceFile, roots: TrustRoots) -> None:
        self._evidence = FileEvidence(file, roots)
        state = FileState(roots, {keccak(node): node for node in file.nodes})
        self._facts = StorageFacts(self._evidence.head, state.words, self._evidence.finality)

    def find(self, digest: bytes) -> Record | None:
        """Return the file's record of its document."""
        return self._evidence.find(digest)

    def anchoring(self, batch: Batch) -> AnchoringFacts | None:
        """Return what the state in the file proves."""
        return self._facts.anchoring(batch, self._facts.head())

    def finality(self, proof: FinalityProof) -> Finality:
        """Return what the file's block rests on."""
        return self._facts.finality(proof, self._facts.head())

"""An anchor by the root of its hour: the document's path to its batch, the batch's to the hour's root in the pack."""

from anchors.finality import FinalityProof
from anchors.inclusion import Inclusion
from ledger.errors import Unavailable
from verifier.facts import AnchoringFacts, Finality
from verifier.pack.opened import Pack
from verifier.record import Batch, Record

_MEND = "take the file as it was made, or have an evidence file made: `portseal evidence`"


class ByHour:
    """Who says that the batch is in the registry is the pack's signer: `attested_by` in what it finds."""

    def __init__(self, inclusion: Inclusion, pack: Pack) -> None:
        self._inclusion, self._pack = inclusion, pack

    def find(self, digest: bytes) -> Record | None:
        """Return the place of its document; None for another one."""
        one = self._inclusion
        if digest != one.digest:
            return None
        batch = (one.root, one.size, b"")
        return Record("", "", batch=batch, index=one.index, path=one.path, proof=self._pack.proof)

    def anchoring(self, _batch: Batch) -> AnchoringFacts | None:
        """Return when it was anchored; None if its hour had no batch. Raises Unavailable `pack.hour`, `pack.path`."""
        one = self._inclusion
        hour = self._pack.hour(one.hour)
        if hour is None:
            return None
        if not one.is_in_hour(hour):
            raise Unavailable("pack.path", "the path does not lead to the root of its hour", mend=_MEND)
        return AnchoringFacts("", one.anchored_at, self._pack.head.by)

    def finality(self, _proof: FinalityProof) -> Finality:
        """Return what the pack's block rests on."""
        return self._pack.finality

"""An authority's cosigner: it signs what its own view of the chain says, and never two blocks of one height."""

from pathlib import Path

from ledger.checkpoint import TYPE, Checkpoint, Cosignature
from ledger.checkpoint_reading import CheckpointReader
from ledger.compact_jws import sign_payload
from ledger.cosigner_guard import CosignerGuard
from ledger.errors import Refused
from ledger.network import Network
from ledger.signer import Signer


class Cosigner:
    """Signs checkpoints of a network for one authority with its `checkpoints` key.

    All processes that sign for the authority must share the guard file, and it must never be set back to an older
    copy: it is what keeps the authority from signing two blocks of one height.
    """

    def __init__(self, authority: str, signer: Signer, guard_path: Path, network: Network) -> None:
        self.authority = authority
        self._signer = signer
        self._guard = CosignerGuard(guard_path)
        self._network = network

    def cosign(self, checkpoint: Checkpoint, view: CheckpointReader) -> Cosignature:
        """Sign the checkpoint if `view`, the authority's own one of the chain, says the same.

        The same checkpoint gets the same statement again. Raises Refused `cosigner.mismatch` (the own view says
        otherwise), `cosigner.equivocation` (another block of this height was signed), Unavailable `chain.*`,
        `cosigner.guard`.
        """
        own = view.read(self._network.addresses(), checkpoint.number)
        if own != checkpoint:
            raise Refused(
                "cosigner.mismatch",
                f"the checkpoint of block {checkpoint.number} is not what {self.authority}'s node says",
                mend="compare the block hashes of the two nodes",
            )
        kid = self._signer.public_key.kid
        jws = self._guard.once(self.authority, own, kid, lambda: sign_payload(own.signed, self._signer, TYPE))
        return Cosignature(self.authority, kid, jws)

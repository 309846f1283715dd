"""The newest block that is final by pinned trust roots alone, whatever a node says."""

from collections.abc import Callable
from threading import Lock

from anchors.finality import FinalityProof
from contracts.keccak import keccak
from ledger.block import Block
from ledger.errors import Invalid, Unavailable
from ledger.finality.final_block import FinalBlock
from verifier.facts import Finality
from verifier.hand_over import follow
from verifier.hand_over_making import HandOverMaker
from verifier.hand_over_reach import Newest
from verifier.packed_finality import pack
from verifier.pinned_finality import final_block
from verifier.trust_roots import TrustRoots

_HANDED_OVER = ("finality.hand-over", "finality.set", "finality.too-few")


class ProvedHead:
    """Judges the newest proof of finality that is held, each once. It never goes back to an older block.

    roots: asked for once. maker: by its hand-overs roots of years ago are followed to those who sign now; what it gets
    from a node is checked as everything else is.
    """

    def __init__(self, roots: Callable[[], TrustRoots], newest: Newest, maker: HandOverMaker) -> None:
        self._read_roots, self._newest, self._maker = roots, newest, maker
        self._roots: TrustRoots | None = None
        self._judged: tuple[bytes, FinalBlock | Invalid] | None = None
        self._highest: FinalBlock | None = None
        self._lock = Lock()

    @property
    def roots(self) -> TrustRoots:
        """The trust roots, as far as they were followed. Raises what reading them raises."""
        if self._roots is None:
            self._roots = self._read_roots()
        return self._roots

    @property
    def known(self) -> FinalBlock | None:
        """The highest block that is known to be final so far; nobody is asked."""
        return self._highest

    def block(self) -> Block:
        """Return the head. Raises Unavailable `finality.*`, `evidence.chain`, `database.*`, `trust.*`."""
        found = self.final()
        return Block(found.number, found.block_hash, bytes(32), found.time, found.state_root, ())

    def finality(self, _proof: FinalityProof, _block: Block) -> Finality:
        """Return what the head rests on, as every fact that is read at it does."""
        found = self.known or self.final()
        return Finality(found.form, found.number, found.time, True, True, found.signers, found.of)

    def final(self) -> FinalBlock:
        """Return the highest block that was proved final. Raises as `block`."""
        proof = self._newest()
        if proof is None:
            raise Unavailable("finality.none", "no proof of finality is held yet", mend="ask again in a few seconds")
        with self._lock:
            if self._judged is None or self._judged[0] != proof.fingerprint:
                self._judged = (proof.fingerprint, self._judge(proof))
            found = self._judged[1]
        if isinstance(found, Invalid):
            raise Unavailable(found.code, found.detail, mend=found.mend)
        return found

    def _judge(self, proof: FinalityProof) -> FinalBlock | Invalid:
        try:
            found = self._followed(proof)
        except Invalid as error:
            return error
        highest = self._highest
        if highest is not None and highest.number == found.number and highest.block_hash != found.block_hash:
            both = f"0x{highest.block_hash.hex()}; 0x{found.block_hash.hex()}"
            detail = f"two blocks {found.number} are proved final: {both}"
            raise Unavailable("chain.disagreement", detail, mend="find out which members or validators signed both")
        self._highest = found if highest is None or found.number > highest.number else highest
        return self._highest

    def _followed(self, proof: FinalityProof) -> FinalBlock:
        roots, packed = self.roots, pack(proof)
        try:
            return final_block(roots, packed)
        except Invalid as error:
            if error.code not in _HANDED_OVER or proof.number <= roots.block:
                raise
            file = self._maker.between(roots.block, proof)
            found = follow(roots, file.hand_overs, {keccak(node): node for node in file.nodes})
            if found.count == 0:
                raise error from None
            self._roots = found.roots
            return final_block(found.roots, packed)

"""What an archive knows about how a document was anchored: nothing in it is believed, all of it is checked."""

from dataclasses import dataclass

from anchors.finality import FinalityProof

Batch = tuple[bytes, int, bytes]
"""Root, size and manifest digest: together they name a batch."""


@dataclass(frozen=True, slots=True)
class Record:
    """One document's place in a batch, and the batch's on the chain, as far as they have come.

    stopped: registration failed for good. path: RFC 9162 inclusion path of 32-byte hashes, lowest first.
    payload_cid: where the ciphertext is kept. proof: that the block, or a later one, is final, if there is one yet.
    """

    issuer: str
    kind: str
    stopped: bool = False
    batch: Batch | None = None
    index: int = 0
    path: tuple[bytes, ...] = ()
    payload_cid: str | None = None
    transaction: bytes | None = None
    block_number: int | None = None
    proof: FinalityProof | None = None

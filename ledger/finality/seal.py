"""One signature over a block: 65 bytes r, s and recovery id, secp256k1 (EIP-225, QBFT)."""

from typing import Final

from coincurve import PublicKey

from contracts.keccak import keccak
from ledger.errors import Invalid

SEAL_BYTES: Final = 65
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_MEND = "get the proof again, from another node if need be"


def signer(seal: bytes, digest: bytes) -> bytes:
    """Return the address (20 bytes) that sealed a digest of 32 bytes. Raises Invalid `finality.seal`.

    Of the forms that one signature can be written in, only the one that all clients write counts: low s, and 0 or 1
    as the recovery id.
    """
    if len(seal) != SEAL_BYTES or seal[64] > 1 or int.from_bytes(seal[32:64], "big") > _ORDER // 2:
        raise Invalid("finality.seal", "a seal is not 65 bytes with low s and recovery id 0 or 1", mend=_MEND)
    try:
        key = PublicKey.from_signature_and_message(seal, digest, hasher=None)
    # coincurve raises a bare Exception where no point fits
    except Exception:
        raise Invalid("finality.seal", "a seal is not a signature", mend=_MEND) from None
    return keccak(key.format(compressed=False)[1:])[12:]


def foreign(address: bytes) -> Invalid:
    """Return the fault of a seal by somebody outside the pinned set."""
    detail = f"a seal recovers to 0x{address.hex()}, which is not in the pinned set"
    return Invalid("finality.seal", detail, mend=_MEND)

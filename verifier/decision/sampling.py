"""Which consignments are in the sample: nobody can tell before without customs' secret, everybody with it afterwards.

What is drawn for is the transport document's digest, which neither the trader nor the order of the papers can change:
ADR 0094.
"""

import hashlib
import hmac
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

SECRET_SIZE: Final = 32
IN_ALL: Final = 1_000_000
_DRAW, _COMMITMENT = b"portseal-sampling-draw-1\0", b"portseal-sampling-commitment-1\0"


def draw_of(secret: bytes, digests: Iterable[bytes]) -> int:
    """Return the consignment's number from 0 to IN_ALL - 1: the lowest of those of its digests (at least one).

    The lowest, so that another document beside the first can only raise the chance to be drawn.
    """
    return min(_number(secret, digest) for digest in digests)


def is_drawn(draw: int, percent: Decimal) -> bool:
    """Tell whether a number is among the lowest `percent` of a hundred."""
    return draw * 100 < percent * IN_ALL


def commitment(secret: bytes) -> bytes:
    """Return the hash by which customs is bound to a secret that it does not show."""
    return hashlib.sha256(_COMMITMENT + secret).digest()


def _number(secret: bytes, digest: bytes) -> int:
    code = hmac.digest(secret, _DRAW + digest, "sha256")
    return int.from_bytes(code[:16]) * IN_ALL >> 128

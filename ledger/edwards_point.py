"""Which 32 bytes are an Ed25519 public key that can be trusted to be one (RFC 8032 §5.1.3)."""

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


def is_sound(encoded: bytes) -> bool:
    """Tell whether `encoded` is a point in its only encoding, and not one of the eight of small order.

    Under a key of small order one signature fits many messages, so its owner could deny what it signed.
    """
    if len(encoded) != 32:
        return False
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < _P and not _small_order(y) and _has_x(y)


def _small_order(y: int) -> bool:
    # Order 1, 2 and 4 have y = 1, -1 and 0. Doubling a point of order 8 gives y = 0, which means x² = -y²;
    # put into the curve's equation -x² + y² = 1 + d·x²·y² that is d·y⁴ + 2·y² - 1 = 0.
    return y in (0, 1, _P - 1) or (_D * pow(y, 4, _P) + 2 * y * y - 1) % _P == 0


def _has_x(y: int) -> bool:
    numerator, denominator = (y * y - 1) % _P, (_D * y * y + 1) % _P
    return pow(numerator * denominator % _P, (_P - 1) // 2, _P) == 1

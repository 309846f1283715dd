"""Which number literals of JSON every reader takes for the same number."""

from typing import Final

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that every reader takes for the same number (RFC 7493 §2.2)."""

# From here on RFC 8785 writes a number with an exponent, and nobody takes it for an integer.
_FIRST_WITH_EXPONENT = 1e21
_INFINITY = float("inf")
_LONGEST_INTEGER = 17


def is_exact_integer(literal: str) -> bool:
    """Tell whether an integer's literal stands for at most MAX_INTEGER either way."""
    return len(literal) <= _LONGEST_INTEGER and -MAX_INTEGER <= int(literal) <= MAX_INTEGER


def is_exact_fraction(literal: str) -> bool:
    """Tell whether the number of a literal with point or exponent is not written as a larger integer (RFC 8785)."""
    size = abs(float(literal))
    return size <= MAX_INTEGER or _FIRST_WITH_EXPONENT <= size < _INFINITY

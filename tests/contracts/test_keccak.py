"""Keccak-256: the published values, the same as the Ethereum libraries', and little kept in memory."""

from eth_utils.crypto import keccak as other
from hypothesis import given
from hypothesis import strategies as st

from contracts import keccak as module
from contracts.keccak import keccak


def test_published_values() -> None:
    assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"


@given(st.binary(max_size=1500))
def test_as_others_do(data: bytes) -> None:
    assert keccak(data) == keccak(bytes(bytearray(data))) == other(data)


def test_what_is_long_is_not_kept_nor_too_much_of_what_is_short() -> None:
    module.kept.cache_clear()
    assert len({keccak(bytes(size)) for size in (599, 600, 601, 10_000)}) == 4
    assert module.kept.cache_info().currsize == 2
    for number in range(10_000):
        keccak(number.to_bytes(32))
    assert module.kept.cache_info().currsize == module.kept.cache_info().maxsize == 8192

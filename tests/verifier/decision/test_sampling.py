"""The sample: its share, that it can be done again by whoever has the secret, and that adding papers does not help."""

import hashlib
import hmac
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from verifier.decision.sampling import IN_ALL, commitment, draw_of, is_drawn

SECRET = bytes(range(32))
DIGEST = st.binary(min_size=32, max_size=32)


def digests(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def test_a_draw_is_what_the_document_says_it_is() -> None:
    """Written anew from ADR 0094, as an auditor would."""
    digest = digests(1)[0]
    code = hmac.new(SECRET, b"portseal-sampling-draw-1\0" + digest, hashlib.sha256).digest()
    assert draw_of(SECRET, [digest]) == int.from_bytes(code[:16], "big") * 1_000_000 // 2**128
    assert commitment(SECRET) == hashlib.sha256(b"portseal-sampling-commitment-1\0" + SECRET).digest()


def test_five_in_a_hundred_are_drawn_and_evenly() -> None:
    """20,000 draws: 1,000 expected, standard deviation 31."""
    found = [draw_of(SECRET, [digest]) for digest in digests(20_000)]
    drawn = sum(is_drawn(one, Decimal(5)) for one in found)
    assert 850 < drawn < 1_150
    for tenth in range(10):
        assert 1_800 < sum(tenth * IN_ALL // 10 <= one < (tenth + 1) * IN_ALL // 10 for one in found) < 2_200


@given(st.lists(DIGEST, min_size=1, max_size=5), DIGEST)
def test_another_document_only_raises_the_chance(some: list[bytes], another: bytes) -> None:
    assert draw_of(SECRET, [*some, another]) <= draw_of(SECRET, some)
    assert draw_of(SECRET, some) == draw_of(SECRET, some[::-1])


@given(DIGEST, DIGEST)
def test_another_secret_draws_others(secret: bytes, digest: bytes) -> None:
    other = hashlib.sha256(secret).digest()
    assert hmac.digest(secret, b"x", "sha256") != hmac.digest(other, b"x", "sha256")
    assert 0 <= draw_of(secret, [digest]) < IN_ALL


def test_nothing_and_everything() -> None:
    assert not is_drawn(0, Decimal(0))
    assert is_drawn(IN_ALL - 1, Decimal(100))
    assert is_drawn(0, Decimal("0.0001"))
    assert not is_drawn(1, Decimal("0.0001"))

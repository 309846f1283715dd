"""QBFT proofs: the recorded network holds, and no mutation of it does."""

from collections.abc import Callable

import pytest
from eth_utils import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from ledger import strict_rlp
from ledger.block_header import BlockHeader
from ledger.finality.qbft import quorum, verify
from ledger.finality.qbft_extra_data import QbftExtraData
from tests.ledger import recorded_qbft
from tests.ledger.code_of import code_of
from tests.ledger.recorded_qbft import BLOCKS, VALIDATORS, header, sets
from tests.ledger.sealed_headers import Sealer, malleated, qbft, sealers

pytestmark = recorded_qbft.needed
NUMBERS = range(1, len(BLOCKS))
SOME = [1, 20, 45, 60]

Parts = list[strict_rlp.Item]


def fault(raw: bytes, *validators: str) -> str | None:
    return code_of(verify, raw, sets(*validators))


def changed(number: int, change: Callable[[Parts], object]) -> bytes:
    """The recorded header with other parts of its extra data."""
    read = BlockHeader.from_rlp(header(number))
    parts = strict_rlp.decode(read.extra_data, 2)
    assert isinstance(parts, list)
    change(parts)
    return read.with_extra_data(strict_rlp.encode(parts)).rlp


def seals(parts: Parts) -> list[bytes]:
    assert isinstance(parts[4], list)
    return parts[4]  # type: ignore[return-value]


@pytest.mark.parametrize("number", NUMBERS)
def test_each_recorded_header_is_final(number: int) -> None:
    found, block = verify(header(number), sets()), BLOCKS[number]
    assert (found.form, found.number, found.of) == ("qbft", number, 4)
    assert f"0x{found.block_hash.hex()}" == block["hash"]
    assert f"0x{found.state_root.hex()}" == block["stateRoot"]
    assert found.time == int(block["timestamp"], 16)
    assert len(found.signers) == 3
    assert set(found.signers) < set(VALIDATORS)
    assert list(found.signers) == sorted(found.signers, key=str.lower)


def test_the_record_has_other_rounds_and_a_validator_that_stopped() -> None:
    rounds = {QbftExtraData.of(BlockHeader.from_rlp(header(number))).round for number in NUMBERS}
    assert rounds == {b"", b"\x01"}
    last = [verify(header(number), sets()).signers for number in range(55, 61)]
    assert len(set().union(*last)) == 3


def test_nobody_seals_the_genesis_block() -> None:
    assert fault(header(0)) == "finality.too-few"


@pytest.mark.parametrize("place", range(15))
@pytest.mark.parametrize("number", SOME)
def test_each_field_changed(number: int, place: int) -> None:
    """A changed header was sealed by nobody: the seals recover to strangers, or to no key at all."""
    fields = list(BlockHeader.from_rlp(header(number)).fields)
    value = fields[place]
    fields[place] = bytes([value[0] ^ 0x40]) + value[1:] if value else b"\x01"
    assert fault(BlockHeader(tuple(fields)).rlp) == ("finality.form" if place == 12 else "finality.seal")


@pytest.mark.parametrize("field", [b"", bytes(32)])
def test_a_field_more(field: bytes) -> None:
    read = BlockHeader.from_rlp(header(1))
    raw = strict_rlp.encode([*read.fields, field])
    assert fault(raw) == ("finality.seal" if field == b"" else "finality.form")


@pytest.mark.parametrize("number", [20, 60])
def test_each_byte_flipped(number: int) -> None:
    raw = header(number)
    for place in range(len(raw)):
        for change in (0x01, 0x80, 0xFF):
            flipped = raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
            assert fault(flipped) in {"finality.form", "finality.seal", "finality.set"}, place


@given(st.sampled_from(SOME), st.data())
def test_bytes_cut_out_put_in_and_replaced(number: int, data: st.DataObject) -> None:
    raw = header(number)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    other = raw[:start] + data.draw(st.binary(max_size=80)) + raw[end:]
    if other != raw:
        assert fault(other) in {"finality.form", "finality.seal", "finality.set"}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("place", range(3))
def test_each_seal_dropped(number: int, place: int) -> None:
    assert fault(changed(number, lambda parts: seals(parts).pop(place))) == "finality.too-few"


@pytest.mark.parametrize("number", SOME)
@pytest.mark.parametrize("place", range(3))
def test_each_seal_mutated(number: int, place: int) -> None:
    def put(value: Callable[[list[bytes]], strict_rlp.Item]) -> str | None:
        def change(parts: Parts) -> None:
            parts[4][place] = value(seals(parts))  # type: ignore[index,call-overload]

        return fault(changed(number, change))

    assert put(lambda all_: malleated(all_[place])) == "finality.seal"
    assert put(lambda all_: all_[place - 1]) == "finality.seal"
    assert put(lambda all_: all_[place][:64] + bytes([all_[place][64] ^ 1])) == "finality.seal"
    assert put(lambda all_: all_[place][:64] + bytes([all_[place][64] + 27])) == "finality.seal"
    assert put(lambda all_: all_[place][:64] + bytes([all_[place][64] + 2])) == "finality.seal"
    assert put(lambda all_: all_[place][:64]) == "finality.seal"
    assert put(lambda all_: all_[place] + b"\0") == "finality.seal"
    assert put(lambda all_: b"") == "finality.seal"
    assert put(lambda all_: bytes(65)) == "finality.seal"
    assert put(lambda all_: b"\xff" * 64 + b"\0") == "finality.seal"
    assert put(lambda all_: [all_[place]]) == "finality.form"


@pytest.mark.parametrize("number", SOME)
def test_seals_added(number: int) -> None:
    read = BlockHeader.from_rlp(header(number))
    digest = QbftExtraData.of(read).sealed_hash(read)
    assert fault(changed(number, lambda parts: seals(parts).append(Sealer(1).seal(digest)))) == "finality.seal"
    assert fault(changed(number, lambda parts: seals(parts).append(seals(parts)[0]))) == "finality.seal"
    assert fault(changed(number, lambda parts: seals(parts).append(malleated(seals(parts)[0])))) == "finality.seal"
    assert fault(changed(number, lambda parts: seals(parts).extend(seals(parts) * 100))) == "finality.seal"


@pytest.mark.parametrize("number", SOME)
def test_the_order_of_seals_says_nothing(number: int) -> None:
    """Clients write seals as they come in; the block's hash does not cover them."""
    assert verify(changed(number, lambda parts: seals(parts).reverse()), sets()) == verify(header(number), sets())


def test_seals_of_another_block() -> None:
    other = strict_rlp.decode(BlockHeader.from_rlp(header(31)).extra_data, 2)
    assert isinstance(other, list)
    assert fault(changed(30, lambda parts: parts.__setitem__(4, other[4]))) == "finality.seal"


@pytest.mark.parametrize("number", SOME)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda listed: listed.reverse(), id="reversed"),
        pytest.param(lambda listed: listed.insert(0, listed.pop(1)), id="reordered"),
        pytest.param(lambda listed: listed.append(b"\xff" * 20), id="extended"),
        pytest.param(lambda listed: listed.append(listed[0]), id="doubled"),
        pytest.param(lambda listed: listed.pop(), id="shortened"),
        pytest.param(lambda listed: listed.clear(), id="emptied"),
        pytest.param(lambda listed: listed.__setitem__(2, bytes(20)), id="replaced"),
    ],
)
def test_the_list_changed(number: int, change: Callable[[strict_rlp.Item], object]) -> None:
    assert fault(changed(number, lambda parts: change(parts[1]))) == "finality.set"


@pytest.mark.parametrize("number", SOME)
def test_the_round_changed(number: int) -> None:
    for value in (b"\x02", b"\x01\0", b"\xff\xff\xff\xff"):
        assert fault(changed(number, lambda parts, value=value: parts.__setitem__(3, value))) == "finality.seal"  # type: ignore[misc]
    for value in (b"\0", b"\0\x01", bytes(5), b"\x01" * 5, []):
        assert fault(changed(number, lambda parts, value=value: parts.__setitem__(3, value))) == "finality.form"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("vote", "code"),
    [
        ([b"\x11" * 20, b"\xff"], "finality.seal"),
        ([b"\x11" * 20, b""], "finality.seal"),
        ([b"\x11" * 20, b"\xff\xff"], "finality.form"),
        ([b"\x11" * 19, b"\xff"], "finality.form"),
        ([b"\x11" * 20], "finality.form"),
        ([[b"\x11" * 20], b"\xff"], "finality.form"),
        (b"", "finality.form"),
    ],
)
def test_a_vote_put_in(vote: strict_rlp.Item, code: str) -> None:
    assert fault(changed(1, lambda parts: parts.__setitem__(2, vote))) == code


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda parts: parts.pop(), id="four parts"),
        pytest.param(lambda parts: parts.append(b""), id="six parts"),
        pytest.param(lambda parts: parts.__setitem__(0, bytes(31)), id="short vanity"),
        pytest.param(lambda parts: parts.__setitem__(0, bytes(33)), id="long vanity"),
        pytest.param(lambda parts: parts.__setitem__(1, b""), id="no list"),
        pytest.param(lambda parts: parts[1].__setitem__(0, bytes(19)), id="short address"),
        pytest.param(lambda parts: parts[1].__setitem__(0, [bytes(20)]), id="address in a list"),
        pytest.param(lambda parts: parts.__setitem__(4, b""), id="no seals"),
    ],
)
def test_extra_data_of_another_shape(change: Callable[[Parts], object]) -> None:
    assert fault(changed(1, change)) == "finality.form"


@pytest.mark.parametrize("extra", [b"", b"\x80", b"\xc0", bytes(97), b"\xff" * 97])
def test_extra_data_that_is_none(extra: bytes) -> None:
    assert fault(BlockHeader.from_rlp(header(1)).with_extra_data(extra).rlp) == "finality.form"


@pytest.mark.parametrize("number", SOME)
def test_another_set_is_pinned(number: int) -> None:
    strangers = [one.address for one in sealers(4)]
    for pinned in (strangers, VALIDATORS[:3], [*VALIDATORS, strangers[0]], [*VALIDATORS[:3], strangers[0]]):
        assert fault(header(number), *pinned) == "finality.set"


def test_the_pinned_set_has_no_order() -> None:
    assert verify(header(1), sets(*reversed(VALIDATORS))) == verify(header(1), sets())


def test_the_set_of_another_height() -> None:
    assert code_of(verify, header(29), sets(start=30)) == "finality.set"
    assert code_of(verify, header(30), sets(start=30)) is None
    grown = sets().followed_by(30, tuple(one.raw for one in sealers(4)))
    assert code_of(verify, header(29), grown) is None
    assert code_of(verify, header(30), grown) == "finality.set"


@pytest.mark.parametrize(
    ("size", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (10, 7), (22, 15)]
)
def test_the_quorum_is_two_thirds_rounded_up(size: int, needed: int) -> None:
    members = sealers(size)
    pinned = [one.address for one in members]
    assert quorum(size) == needed
    assert verify(qbft(9, members, members[:needed], round_=300), sets(*pinned)).of == size
    assert len(verify(qbft(9, members, members), sets(*pinned)).signers) == size
    assert fault(qbft(9, members, members[: needed - 1]), *pinned) == "finality.too-few"


@given(st.binary(max_size=700))
def test_any_bytes(raw: bytes) -> None:
    assert fault(raw) == "finality.form"


@given(st.binary(max_size=400))
def test_any_extra_data(extra: bytes) -> None:
    assert fault(BlockHeader.from_rlp(header(1)).with_extra_data(extra).rlp) in {"finality.form", "finality.set"}


def test_the_signers_are_named_in_checksum_form() -> None:
    for one in verify(header(1), sets()).signers:
        assert one == to_checksum_address(one)

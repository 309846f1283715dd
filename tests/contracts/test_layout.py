"""Facts stand in whole slots at places that can be computed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import Artifact, artifact
from contracts.layout import Place, array_slot, locate, mapping_slot, slot_of

NAMES = ("AuthorityRegistry", "IssuerRegistry", "DocumentRegistry", "RecognitionRegistry", "OperatorRegistry")
ID = b"cn.customs".ljust(32, b"\0")
ACCOUNT = "0x" + "11" * 20
# keccak256 of 32 and of 64 zero bytes, as every Ethereum client knows them.
HASH_32 = 0x290DECD9548B62A8D60345A988386FC84BA6BC95484008F6362F93160EF3E563
HASH_64 = 0xAD3228B676F7D3CD4284A5443F17F1962B36E491B30A40B2405849E597BA5FB5


@pytest.fixture(params=NAMES)
def contract(request: pytest.FixtureRequest) -> Artifact:
    return artifact(request.param)


def types(contract: Artifact) -> list[dict[str, Any]]:
    return list(contract.storage_layout["types"].values())


def test_known_hashes() -> None:
    assert array_slot(0, 0) == HASH_32
    assert array_slot(0, 3, 2) == HASH_32 + 6
    assert mapping_slot(0, 0) == HASH_64
    assert mapping_slot(0, b"") == HASH_64
    assert mapping_slot(0, "0x" + "00" * 20) == HASH_64


def test_bytes_stand_left_and_numbers_right() -> None:
    assert mapping_slot(7, b"CN") == mapping_slot(7, b"CN" + bytes(30))
    assert mapping_slot(7, "0x4e") == mapping_slot(7, 0x4E) == mapping_slot(7, bytes(31) + b"\x4e")
    assert mapping_slot(7, b"CN") != mapping_slot(7, int.from_bytes(b"CN"))


def test_every_state_variable_begins_a_slot(contract: Artifact) -> None:
    assert all(variable["offset"] == 0 for variable in contract.storage_layout["storage"])
    slots = [int(variable["slot"]) for variable in contract.storage_layout["storage"]]
    assert slots == list(range(len(slots)))


def test_every_element_of_a_list_fills_whole_slots(contract: Artifact) -> None:
    by_name = contract.storage_layout["types"]
    for kind in types(contract):
        if kind["encoding"] == "dynamic_array":
            size = int(by_name[kind["base"]]["numberOfBytes"])
            assert size > 16, f"two elements of {kind['label']} share a slot"


def test_an_entry_is_one_slot(contract: Artifact) -> None:
    entries = [kind for kind in types(contract) if kind["label"] == "struct DatedList.Entry"]
    assert [kind["numberOfBytes"] for kind in entries] == ["32"]
    places = [(member["label"], member["slot"], member["offset"]) for member in entries[0]["members"]]
    assert places == [
        ("code", "0", 0),
        ("detail", "0", 4),
        ("effectiveFrom", "0", 8),
        ("effectiveUntil", "0", 16),
        ("recordedAt", "0", 24),
    ]


def test_a_path_is_the_same_as_its_steps() -> None:
    registry = artifact("DocumentRegistry")
    base = slot_of(registry, "_statusEntries")
    list_slot = mapping_slot(mapping_slot(base, ID), b"digest")
    assert locate(registry, "_statusEntries", ID, b"digest") == Place(list_slot)
    assert locate(registry, "_statusEntries", ID, b"digest", 2) == Place(array_slot(list_slot, 2))
    assert locate(registry, "_statusEntries", ID, b"digest", 2, "detail") == Place(array_slot(list_slot, 2), 4, 4)


def test_structs_and_accounts() -> None:
    registry = artifact("AuthorityRegistry")
    account = mapping_slot(slot_of(registry, "_account"), ACCOUNT)
    assert locate(registry, "_account", ACCOUNT, "authority") == Place(account)
    assert locate(registry, "_account", ACCOUNT, "role") == Place(account + 1, 0, 1)
    assert locate(registry, "_changes", 4, "head").slot == locate(registry, "_changes", 4).slot + 1
    proposals = slot_of(registry, "_proposals")
    assert locate(registry, "_proposals", 1, "executed") == Place(array_slot(proposals, 1, 3) + 2, 0, 1)
    assert locate(registry, "_proposals", 1, "expiresAt") == Place(array_slot(proposals, 1, 3) + 2, 9, 8)


def test_anchored_at_and_by_whom_share_one_slot() -> None:
    registry = artifact("DocumentRegistry")
    account, time = (locate(registry, "_anchorings", b"batch", name) for name in ("account", "anchoredAt"))
    word = bytes.fromhex("00000000000000006b49d293" + "22" * 20)
    assert account.slot == time.slot
    assert account.of(word) == bytes.fromhex("22" * 20)
    assert int.from_bytes(time.of(word)) == 0x6B49D293


@given(st.binary(min_size=32, max_size=32), st.integers(0, 31), st.data())
def test_a_place_is_counted_from_the_lowest_byte(word: bytes, offset: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 32 - offset))
    value = int.from_bytes(word) >> (8 * offset) & (1 << 8 * size) - 1
    assert int.from_bytes(Place(0, offset, size).of(word)) == value


@pytest.mark.parametrize(
    ("label", "path"),
    [("_nothing", ()), ("_nonces", (ACCOUNT, ID, 1)), ("_members", ("code",)), ("_authority", (ID, "nothing"))],
)
def test_what_the_layout_does_not_have(label: str, path: tuple[int | bytes | str, ...]) -> None:
    with pytest.raises(KeyError):
        locate(artifact("AuthorityRegistry"), label, *path)

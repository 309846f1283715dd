"""Where a contract keeps a fact: storage slots computed from solc's `storageLayout`, for storage proofs.

Rules of Solidity's storage: the value of `mapping[key]` stands at keccak256(key, slot), the elements of a dynamic
array from keccak256(slot) on while the slot itself holds the length, the members of a struct from its slot on.
"""

from dataclasses import dataclass
from typing import Any

from contracts.artifact import Artifact
from contracts.keccak import keccak

Key = int | bytes | str
_SLOTS = 2**256


@dataclass(frozen=True)
class Place:
    """A value in storage: its slot, and which of the slot's bytes, counted from the lowest.

    size is 32 for whole slots and for what fills several slots from this one on (a struct, a long array).
    """

    slot: int
    offset: int = 0
    size: int = 32

    def of(self, word: bytes) -> bytes:
        """Return this value's bytes out of the 32 bytes of its slot."""
        end = 32 - self.offset
        return word[end - self.size : end]


def slot_of(contract: Artifact, label: str) -> int:
    """Return the slot of a state variable (`_anchorings`). Raises KeyError."""
    return int(_variable(contract, label)["slot"])


def mapping_slot(base: int, key: Key) -> int:
    """Return the slot of `mapping[key]`, the mapping being at `base`.

    A number or an address (0x...) stands right-aligned in its 32 bytes, bytes stand left-aligned.
    """
    return _hash(_key_word(key) + base.to_bytes(32))


def array_slot(base: int, index: int, slots_per_element: int = 1) -> int:
    """Return the (first) slot of element `index` of the dynamic array at `base`, whose length stands at `base`."""
    return (_hash(base.to_bytes(32)) + index * slots_per_element) % _SLOTS


def locate(contract: Artifact, label: str, *path: Key) -> Place:
    """Return where the state variable `label` keeps the value at `path`.

    One step for each mapping (its key), dynamic array (the index) and struct (the member's name):
    `locate(documents, "_statusEntries", issuer, digest, 0, "code")`. The place of a dynamic array itself is that
    of its length. Raises KeyError for a step that the layout does not have.
    """
    variable = _variable(contract, label)
    place = Place(int(variable["slot"]), variable["offset"])
    kind = _type(contract, variable["type"])
    for step in path:
        place, kind = _step(contract, place, kind, step)
    return Place(place.slot, place.offset, min(int(kind["numberOfBytes"]), 32))


def _step(contract: Artifact, place: Place, kind: dict[str, Any], step: Key) -> tuple[Place, dict[str, Any]]:
    if kind["encoding"] == "mapping":
        return Place(mapping_slot(place.slot, step)), _type(contract, kind["value"])
    if kind["encoding"] == "dynamic_array" and isinstance(step, int):
        element = _type(contract, kind["base"])
        return _element(place, int(element["numberOfBytes"]), step), element
    for member in kind.get("members", ()):
        if member["label"] == step:
            return Place(place.slot + int(member["slot"]), member["offset"]), _type(contract, member["type"])
    raise KeyError(f"{kind['label']} has no {step!r}")


def _element(array: Place, size: int, index: int) -> Place:
    per_slot = max(32 // size, 1)
    slots = -(-size // 32)
    return Place(array_slot(array.slot, index // per_slot, slots), index % per_slot * size)


def _variable(contract: Artifact, label: str) -> dict[str, Any]:
    for variable in contract.storage_layout["storage"]:
        if variable["label"] == label:
            return dict(variable)
    raise KeyError(f"{contract.name} has no {label!r}")


def _type(contract: Artifact, name: str) -> dict[str, Any]:
    return dict(contract.storage_layout["types"][name])


def _key_word(key: Key) -> bytes:
    if isinstance(key, bytes):
        return key.ljust(32, b"\0")
    return (key if isinstance(key, int) else int(key, 16)).to_bytes(32)


def _hash(data: bytes) -> int:
    return int.from_bytes(keccak(data))

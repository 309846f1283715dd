"""The change heads of one registry, all by one storage proof: a checkpoint states every one of them."""

from collections.abc import Iterable
from enum import IntEnum
from functools import cache

from contracts import artifact
from contracts.layout import locate
from ledger.change_head import ChangeHead
from ledger.contract import Contract


def change_heads(contract: Contract, name: str, kinds: Iterable[IntEnum], at: int) -> dict[IntEnum, ChangeHead]:
    """Return the head of each kind of change in the registry `name`, as its storage holds them at block `at`.

    The node's word is taken for it, as it is in a call. Raises Unavailable `chain.*`.
    """
    places = {kind: _places(name, kind) for kind in kinds}
    found = contract.chain.proof(contract.address, [slot for pair in places.values() for slot in pair], at).slots
    return {
        kind: ChangeHead(int.from_bytes(found[count].value, "big"), found[head].value)
        for kind, (count, head) in places.items()
    }


def state(contract: Contract, name: str, kinds: Iterable[IntEnum], at: int) -> bytes:
    """Return what names the state of the registry `name` at block `at`, as far as these kinds of change go.

    Every entry is hashed into the heads, the time of its recording included. Raises Unavailable `chain.*`.
    """
    return b"".join(contract.read_slots([_places(name, kind)[1] for kind in kinds], at))


@cache
def _places(name: str, kind: int) -> tuple[int, int]:
    """Return where the registry keeps the count and the head of a kind of change."""
    layout = artifact(name)
    return locate(layout, "_changes", int(kind), "count").slot, locate(layout, "_changes", int(kind), "head").slot

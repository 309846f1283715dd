"""The running hash over the changes of one kind: a list of them is complete if it leads to the registry's head.

As contracts/src/ChangeLog.sol: head = keccak256(head, keccak256(change)), from 32 zero bytes; `change` is the ABI
encoding of the event's members after its index.
"""

from collections.abc import Callable, Sequence

from ledger.change_head import EMPTY, ChangeHead, extended
from ledger.errors import Invalid
from ledger.registry_change import RegistryChange

__all__ = ["EMPTY", "check_complete", "extended", "head_of"]

HeadAt = Callable[[int], ChangeHead]
"""The head that the registry stated at a block number."""

_MEND = "get the changes again, from the node of another member; read the head through a node of your own"


def head_of(changes: Sequence[RegistryChange], since: ChangeHead = EMPTY) -> ChangeHead:
    """Return the head that the changes lead to from `since`. Raises Invalid `changes.order`, `changes.other-kind`."""
    head = since
    for position, change in enumerate(changes):
        if change.kind != changes[0].kind:
            detail = f"a change of the kind {change.kind.name} among those of {changes[0].kind.name}"
            raise Invalid("changes.other-kind", detail, pointer=f"/{position}", mend="give the changes of one kind")
        if change.index != head.count:
            raise _out_of_order(position, change.index, head.count)
        head = extended(head, change.encoded)
    return head


def check_complete(
    changes: Sequence[RegistryChange], stated: ChangeHead, *, since: ChangeHead = EMPTY, head_at: HeadAt | None = None
) -> None:
    """Check that these are all changes of one kind from `since` up to the head that the registry states.

    With `head_at`, a change that was altered or put in the place of another is found: the registry is asked at about
    log2(n) blocks. Raises Invalid, `pointer` being the place in the list:

    changes.order       one is left out, twice or elsewhere
    changes.other-kind  one is of another kind
    changes.missing     the list ends before the head
    changes.surplus     the list goes on after the head
    changes.altered     the hash is not the registry's: something in it was changed
    """
    head = head_of(changes, since)
    if head.count < stated.count:
        detail = f"{stated.count - head.count} changes are missing, from number {head.count} on"
        raise Invalid("changes.missing", detail, pointer=f"/{len(changes)}", mend=_MEND)
    if head.count > stated.count:
        detail = f"the registry has {stated.count} changes, the list goes on to number {head.count - 1}"
        raise Invalid("changes.surplus", detail, pointer=f"/{max(0, stated.count - since.count)}", mend=_MEND)
    if head != stated:
        raise _altered(changes, since, head_at)


def _out_of_order(position: int, index: int, expected: int) -> Invalid:
    what = f"change number {index} stands where number {expected} belongs"
    return Invalid("changes.order", what, pointer=f"/{position}", mend=_MEND)


def _altered(changes: Sequence[RegistryChange], since: ChangeHead, head_at: HeadAt | None) -> Invalid:
    position = None if head_at is None else _first_wrong(changes, since, head_at)
    where = "" if position is None else f"; up to number {changes[position].index - 1} they are the registry's"
    pointer = "" if position is None else f"/{position}"
    return Invalid(
        "changes.altered", f"the changes do not lead to the registry's head{where}", pointer=pointer, mend=_MEND
    )


def _first_wrong(changes: Sequence[RegistryChange], since: ChangeHead, head_at: HeadAt) -> int | None:
    """Return the position of the first change of the first block up to which the list is wrong.

    What the list says of block numbers may be wrong too: it only says where to look.
    """
    ends = _ends_of_blocks(changes, since)
    low, high = -1, len(ends) - 1
    while high - low > 1:
        middle = (low + high) // 2
        block, _, head = ends[middle]
        low, high = (middle, high) if head_at(block) == head else (low, middle)
    return ends[low][1] if low >= 0 else 0 if ends else None


def _ends_of_blocks(changes: Sequence[RegistryChange], since: ChangeHead) -> list[tuple[int, int, ChangeHead]]:
    """Return, per block, its number, the position behind its last change, and the head there."""
    ends: list[tuple[int, int, ChangeHead]] = []
    head = since
    for position, change in enumerate(changes, 1):
        head = extended(head, change.encoded)
        if ends and ends[-1][0] == change.block_number:
            ends.pop()
        ends.append((change.block_number, position, head))
    return ends

"""The feed of every change of every registry, page by page, from any place in it up to the newest block."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from ledger.block import Block
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.feed_cursor import END, Cursor
from ledger.registry_change import RegistryChange
from ledger.registry_changes import RegistryChanges

Remember = Callable[[Hashable, Callable[[], Any]], Any]
"""Returns what is kept at a place, or else what the function returns."""

_SPANS = (2048, 64)
"""Blocks that are read at once, and kept: as many as possible where all are there already."""
_MOST_SPANS = 40


@dataclass(frozen=True, slots=True)
class Told:
    """A change, when its block was made (seconds since the epoch), and the cursor behind it."""

    change: RegistryChange
    time: int
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in the chain's order; `after`: from where to go on; `more`: there is more to read now.

    A page without changes may have more: a request looks through a limited number of blocks.
    """

    changes: tuple[Told, ...]
    after: Cursor
    more: bool
    head: Block


class CursorReplaced(Refused):
    """The cursor's block was replaced by another. Go on from `resume`, and forget what came after its block."""

    def __init__(self, cursor: Cursor, resume: Cursor) -> None:
        self.resume = resume
        detail = f"the block {cursor.block_number} of this cursor is not in the chain any more"
        mend = f"forget the changes that you heard of blocks after {resume.block_number}, and go on from resume_after"
        super().__init__("cursor.replaced", detail, mend=mend)


class RegistryFeed:
    """Reads `changes` from the block `since` on. Raises Unavailable `chain.*`; thread-safe if `remember` is."""

    def __init__(self, chain: Chain, changes: RegistryChanges, since: int, remember: Remember | None = None) -> None:
        self._chain = chain
        self._changes = changes
        self._since = since
        self._remember: Remember = remember or (lambda place, read: read())

    def newest(self, final: int) -> Cursor:
        """Return the cursor behind the newest block."""
        return Cursor.behind(self._chain.head(), final)

    def page(self, after: Cursor | None, limit: int, final: int) -> Page:
        """Return at most `limit` changes after the cursor; None: from the first one. `final`: the highest final block.

        Raises CursorReplaced, Unavailable `cursor.ahead` if the node has not got the cursor's block yet.
        """
        head = self._chain.head()
        if after is not None:
            if after.block_hash == head.hash and after.log_index == END:
                return Page((), after, False, head)
            self._check(after, head)
        place = after.place if after else (self._since, -1)
        found: list[RegistryChange] = []
        read_to = head.number
        for count, (first, last) in enumerate(_spans(place[0], head.number)):
            found += [change for change in self._between(first, last) if change.place > place]
            if len(found) > limit or count >= _MOST_SPANS:
                read_to = last
                break
        page = self._page(found, limit, self._block(read_to), head, final)
        if self._block(head.number).hash != head.hash:
            raise _reorganised(head.number)
        return page

    def _page(self, found: list[RegistryChange], limit: int, read_to: Block, head: Block, final: int) -> Page:
        blocks = {number: self._block(number) for number in {change.block_number for change in found[:limit]}}
        told = tuple(_told(change, blocks[change.block_number], final) for change in found[:limit])
        if len(found) > limit:
            return Page(told, told[-1].cursor, True, head)
        return Page(told, Cursor.behind(read_to, final), read_to.number < head.number, head)

    def _check(self, cursor: Cursor, head: Block) -> None:
        if cursor.block_number > head.number:
            detail = f"the node has not got the block {cursor.block_number} of this cursor yet"
            raise Unavailable("cursor.ahead", detail, mend="try again when the node has caught up")
        if self._block(cursor.block_number).hash != cursor.block_hash:
            # What was final then is in every later chain.
            raise CursorReplaced(cursor, Cursor.behind(self._block(max(cursor.final, self._since - 1)), cursor.final))

    def _between(self, first: int, last: int) -> tuple[RegistryChange, ...]:
        place = ("changes", first, self._block(last).hash)
        found: tuple[RegistryChange, ...] = self._remember(place, lambda: self._changes.between(first, last))
        return found

    def _block(self, number: int) -> Block:
        block = self._chain.block(number)
        if block is None:
            raise _reorganised(number)
        return block


def _told(change: RegistryChange, block: Block, final: int) -> Told:
    if block.hash != change.block_hash:
        raise _reorganised(change.block_number)
    return Told(change, block.timestamp, Cursor.behind(block, final, change.log_index))


def _spans(first: int, head: int) -> Iterator[tuple[int, int]]:
    """Yield ranges that cover the blocks `first` to `head`; whole ones begin at fixed blocks, to be met again."""
    while first <= head:
        begin, last = first, head
        for span in _SPANS:
            aligned = first - first % span
            if aligned + span - 1 <= head:
                begin, last = aligned, aligned + span - 1
                break
        yield begin, last
        first = last + 1


def _reorganised(number: int) -> Unavailable:
    return Unavailable("chain.reorganised", f"the block {number} was replaced while it was read", mend="read it again")

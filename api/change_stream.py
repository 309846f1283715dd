"""The feed of changes as server-sent events (WHATWG HTML §9.2), for one client."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter, to_thread

from api import problems
from api.change_feed import ChangeFeed
from api.change_hub import ChangeHub
from api.change_json import Notice
from ledger.errors import Unavailable
from ledger.feed_cursor import Cursor
from ledger.registry_feed import CursorReplaced

LIFE = 600.0
"""Seconds after which a stream ends, so that none is held for ever; clients come back by themselves."""
HEARTBEAT = 15.0
"""Seconds of silence after which the cursor is sent, so that both sides notice a dead connection."""
RETRY_MILLISECONDS = 1000
AT_ONCE = 500

# Not the threads that requests work in: what streams read of the past must not hold those up.
threads = CapacityLimiter(2)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which changes a client wants; None: all."""

    registry: str | None = None
    country: str | None = None


class ChangeStream:
    """What one client is told from `cursor` on; every change once, in the chain's order.

    A change is told with the block it is in, final or not; `final` events tell how far the chain is final. After a
    reorganisation a `replaced` event tells from which block on all that was told is void, and what holds follows.
    """

    def __init__(self, hub: ChangeHub, feed: ChangeFeed, cursor: Cursor, choice: Choice) -> None:
        self._hub, self._feed = hub, feed
        self._cursor, self._choice = cursor, choice
        self._final = -1
        # Which epoch the cursor was found good in; none yet.
        self._epoch: int | None = None

    async def events(self) -> AsyncIterator[bytes]:
        """Yield the events until the stream's life is over."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        end = loop.time() + LIFE
        with self._hub.listening(lambda: loop.call_soon_threadsafe(news.set)):
            yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
            while loop.time() < end:
                news.clear()
                told, more = await self._next()
                for event in told:
                    yield event
                if not more and not await _within(news, min(HEARTBEAT, end - loop.time())):
                    yield self._heartbeat()

    async def _next(self) -> tuple[list[bytes], bool]:
        """Return the next events, and whether there is more at once."""
        tail = self._hub.tail
        notices = tail.since(self._cursor) if tail and tail.epoch == self._epoch else None
        if tail is None or notices is None:
            return await self._of_the_past()
        self._cursor = tail.after
        return self._told(notices, tail.final), False

    async def _of_the_past(self) -> tuple[list[bytes], bool]:
        epoch = self._hub.epoch
        try:
            page = await to_thread.run_sync(self._feed.page, self._cursor, AT_ONCE, limiter=threads)
        except CursorReplaced as replaced:
            self._cursor = replaced.resume
            return [_event("replaced", replaced_json(replaced), replaced.resume.text())], True
        except Unavailable:
            return [], False
        self._epoch, self._cursor = epoch, page.after
        return self._told(page.notices, page.final), page.more

    def _told(self, notices: tuple[Notice, ...], final: int) -> list[bytes]:
        wanted = (one for one in notices if one.concerns(self._choice.registry, self._choice.country))
        events = [_event("change", one.json(final), one.body["cursor"]) for one in wanted]
        if final > self._final:
            self._final = final
            events.append(_event("final", {"block": final}, None))
        return events

    def _heartbeat(self) -> bytes:
        # An event without data moves the client's cursor and tells it nothing else.
        return f": still here\nid: {self._cursor.text()}\n\n".encode()


def replaced_json(replaced: CursorReplaced) -> dict[str, Any]:
    """Return the problem, from where to go on, and after which block all that was told is void."""
    resume = replaced.resume
    return {**problems.problem(replaced), "resume_after": resume.text(), "void_after_block": resume.block_number}


def _event(name: str, data: Any, cursor: str | None) -> bytes:
    identity = f"id: {cursor}\n" if cursor else ""
    return f"event: {name}\n{identity}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def _within(news: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(news.wait(), max(0.0, seconds))
    except TimeoutError:
        return False
    return True

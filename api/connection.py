"""Connections, bounded: in number, and in how long each may take where uvicorn itself would wait for ever."""

import asyncio
import socket
from http import HTTPStatus
from time import monotonic
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api import problems
from ledger.errors import Invalid, PortsealError, Unavailable


class BoundedConnection(H11Protocol):
    """One connection. Bodies have limits of their own (api/body.py); these are for all that is around them.

    MOST: connections at once; one more ends the one that has waited longest for a head (or is itself refused, 503).
    HEAD_SECONDS: from connection, or from the first byte after an answer, to the end of a head.
    IDLE_SECONDS: from an answer to that byte. Clients keep connections for shorter times, most for 5 to 60 s: closed by
    the node just when a client uses it again, its request would be lost, and a POST is not sent twice.
    DRAIN_SECONDS: for the rest of a body that was answered early; closing at once would take that answer away.
    READ_SECONDS: without the client having read anything of what is sent.
    """

    MOST = 400
    HEAD_SECONDS = 15.0
    IDLE_SECONDS = 75
    DRAIN_SECONDS = 60.0
    READ_SECONDS = 30.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waits_since = monotonic()
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._said_something = False
        self.timeout_keep_alive = self.IDLE_SECONDS

    @property
    def _is_busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Make room for it, and begin to wait."""
        super().connection_made(transport)
        # Head and body are written apart: held back until the head is acknowledged, the body comes 40 ms late. asyncio
        # sees to it only where it opened the socket itself.
        if (accepted := transport.get_extra_info("socket")) is not None:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > self.MOST and not self._make_room():
            self._end(Unavailable("node.busy", "too many connections at once", mend="try again later"))
        self._wait(self.HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Go on; once a request is under way, nothing is waited for here."""
        if self.conn.their_state is h11.IDLE and self.cycle is not None and not self._said_something:
            self._wait(self.HEAD_SECONDS)
        self._said_something = True
        if self._unread is not None:
            # Whoever still sends is not gone: many clients read nothing before they have sent everything.
            self._unread.cancel()
            self._unread = self.loop.call_later(self.READ_SECONDS, self.transport.abort)
        super().data_received(data)
        if self._is_busy:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next head, or for the rest of a body that nobody reads."""
        self._said_something = False
        in_body = self.conn.their_state is h11.SEND_BODY
        super().on_response_complete()
        if not self._is_busy and not self.transport.is_closing():
            self._wait(self.DRAIN_SECONDS if in_body else self.IDLE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget all deadlines."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has read something."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._waits_since = monotonic()
        self._deadline = self.loop.call_later(seconds, self._late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        if self.conn.their_state is h11.IDLE and self._said_something:
            self._end(Invalid("head.slow", "the head of the request did not come in time", mend="send it again"))
        else:
            self._end()

    def _make_room(self) -> bool:
        """End the idle or slow connection that has waited longest; False if all are busy."""
        waiting = [one for one in self.connections if isinstance(one, BoundedConnection) and one is not self]
        idle = [one for one in waiting if not one._is_busy and not one.transport.is_closing()]
        if not idle:
            return False
        min(idle, key=lambda one: one._waits_since)._end()
        return True

    def _end(self, error: PortsealError | None = None) -> None:
        if error is not None and not self.transport.is_closing():
            answer = problems.response(error)
            answer.headers["Connection"] = "close"
            head = b"HTTP/1.1 %d %s\r\n" % (answer.status_code, HTTPStatus(answer.status_code).phrase.encode())
            lines = b"".join(b"%s: %s\r\n" % header for header in answer.raw_headers)
            self.transport.write(head + lines + b"\r\n" + bytes(answer.body))
        self.transport.close()

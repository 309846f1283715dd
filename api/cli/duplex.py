"""A request whose answer is read while its body is still being sent, which HTTP libraries do not do."""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_SECONDS = 600.0
"""Without a byte of the answer while nothing more is to be sent."""


@dataclass(frozen=True)
class Answer:
    """status: of HTTP. whole: the answer came to its end. body: of an error; of a success, `take` had it all."""

    status: int
    whole: bool
    body: bytes = b""


def exchange(url: str, headers: Mapping[str, str], pieces: Iterable[bytes], take: Callable[[bytes], None]) -> Answer:
    """POST the pieces as they are made; give `take` each piece of a successful answer. Raises OSError, h11 errors."""
    return asyncio.run(_exchange(url, headers, pieces, take))


async def _exchange(
    url: str, headers: Mapping[str, str], pieces: Iterable[bytes], take: Callable[[bytes], None]
) -> Answer:
    parts = urlsplit(url)
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or _PORTS[parts.scheme]
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure)
    connection = h11.Connection(h11.CLIENT)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    listed = [("Host", parts.netloc.rpartition("@")[2]), ("Transfer-Encoding", "chunked"), *headers.items()]
    writer.write(connection.send(h11.Request(method="POST", target=target, headers=listed)) or b"")
    sending = asyncio.create_task(_send(connection, writer, pieces))
    try:
        return await _receive(connection, reader, take)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await _end(writer)


async def _end(writer: asyncio.StreamWriter) -> None:
    # To close it would wait for what nobody takes any more, and the loop ends before: the socket would stay open.
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


async def _send(connection: h11.Connection, writer: asyncio.StreamWriter, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        writer.write(connection.send(h11.Data(data=piece)) or b"")
        await writer.drain()
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()


async def _receive(connection: h11.Connection, reader: asyncio.StreamReader, take: Callable[[bytes], None]) -> Answer:
    status, body = 0, b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await asyncio.wait_for(reader.read(_PIECE), _SECONDS))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            if status < 300:
                take(bytes(event.data))
            else:
                body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return Answer(status, True, body)
        elif isinstance(event, h11.ConnectionClosed):
            return Answer(status, False, body)

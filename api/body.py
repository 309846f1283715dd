"""Request bodies, read with limits of size and time before anything looks at them."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

from fastapi import Request
from starlette.requests import ClientDisconnect

from api.line_splitter import LineSplitter
from ledger.errors import Invalid

MAX_BODY = 96 * 1024 * 1024
MAX_LINES_BODY = 4 * 1024 * 1024 * 1024
MAX_LINE = 16 * 1024 * 1024
SLOWEST = 512
"""Bytes a second that a body must come with, on the whole: less than the poorest line, more than one that stalls us."""


def media_type(request: Request) -> str:
    """Return the media type of the body, lower case, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def chunks(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes, at most `limit` bytes.

    Raises Invalid `body.too-large`, as soon as that is announced or seen; `body.encoding` if it is compressed;
    `body.slow` if no byte comes in time, or too few on the whole; `body.cut-off`.
    """
    _check_announced(request, limit)
    seconds: float = request.app.state.node.settings.body_seconds
    stream, total, waited = aiter(request.stream()), 0, 0.0
    while True:
        began = monotonic()
        chunk = await _next(stream, seconds)
        if chunk is None:
            return
        total, waited = total + len(chunk), waited + monotonic() - began
        if total > limit:
            raise _too_large(limit)
        if waited > seconds + total / SLOWEST:
            raise _slow(f"{total} bytes in {waited:.0f} seconds are too few")
        yield chunk


async def _next(stream: AsyncIterator[bytes], seconds: float) -> bytes | None:
    try:
        async with asyncio.timeout(seconds):
            return await anext(stream, None)
    except TimeoutError:
        raise _slow(f"no byte came for {seconds:g} seconds") from None
    except ClientDisconnect:
        raise Invalid("body.cut-off", "the connection ended before the body", mend="send it again") from None


def _check_announced(request: Request, limit: int) -> None:
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raise Invalid("body.encoding", "a compressed body is not read here", mend="send it without Content-Encoding")
    if int(request.headers.get("content-length", 0)) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> Invalid:
    return Invalid("body.too-large", f"the body is over {limit} bytes", mend="send less at once")


def _slow(detail: str) -> Invalid:
    return Invalid("body.slow", detail, mend="send it again")


async def whole(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return the whole body, for routes that take one document. Raises Invalid as `chunks`."""
    return b"".join([chunk async for chunk in chunks(request, limit)])


async def lines(request: Request) -> AsyncIterator[bytes]:
    """Yield the lines of an NDJSON body that are not blank. Raises Invalid as `chunks`, per line too."""
    async for group in line_groups(request, MAX_LINE):
        for line in group:
            if isinstance(line, Invalid):
                raise line
            yield line


async def line_groups(request: Request, longest: int) -> AsyncIterator[list[bytes | Invalid]]:
    """Yield the lines of an NDJSON body that are not blank, as many as came together.

    In place of a line over `longest` bytes comes Invalid `body.too-large`, as soon as that is seen; it is not kept, and
    what follows it is read on. Raises Invalid as `chunks`, and `body.too-large` for too many lines.
    """
    splitter = LineSplitter(longest)
    async for chunk in chunks(request, MAX_LINES_BODY):
        if group := splitter.split(chunk):
            yield group
        if splitter.too_many is not None:
            raise splitter.too_many
    if group := splitter.end():
        yield group
    if splitter.too_many is not None:
        raise splitter.too_many

"""Request bodies, read with limits of size and time before anything looks at them."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Request

from ledger.errors import Invalid

MAX_BODY = 96 * 1024 * 1024
MAX_LINE = 16 * 1024 * 1024
MAX_LINES = 100_000


def media_type(request: Request) -> str:
    """Return the media type of the body, lower case, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def chunks(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes. Raises Invalid `body.too-large` (bytes) and `body.slow` (no byte in time)."""
    seconds: float = request.app.state.node.settings.body_seconds
    stream, total = aiter(request.stream()), 0
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream, None), seconds)
        except TimeoutError:
            raise Invalid("body.slow", f"no byte came for {seconds:g} seconds", mend="send it again") from None
        if chunk is None:
            return
        total += len(chunk)
        if total > limit:
            raise Invalid("body.too-large", f"the body is over {limit} bytes", mend="send less at once")
        yield chunk


async def whole(request: Request) -> bytes:
    """Return the whole body: a dependency of routes that take one document."""
    return b"".join([chunk async for chunk in chunks(request, MAX_BODY)])


async def lines(request: Request) -> AsyncIterator[bytes]:
    """Yield the lines of an NDJSON body that are not blank. Raises Invalid as `chunks`, per line too."""
    rest, count = b"", 0
    async for chunk in chunks(request, MAX_LINES * MAX_LINE):
        *whole_lines, rest = (rest + chunk).split(b"\n")
        for line in whole_lines:
            if line.strip():
                count += 1
                yield _checked(line, count)
        _checked(rest, count + 1)
    if rest.strip():
        yield _checked(rest, count + 1)


def _checked(line: bytes, number: int) -> bytes:
    if len(line) > MAX_LINE:
        raise Invalid("body.too-large", f"line {number} is over {MAX_LINE} bytes", mend="send this one alone")
    if number > MAX_LINES:
        raise Invalid("body.too-large", f"more than {MAX_LINES} lines", mend="send the rest in another request")
    return line

"""A response that is sent while the body of its request still comes in."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.spool import Spool

Produce = Callable[[Spool], Awaitable[None]]


class DuplexResponse(Response):
    """`produce` reads the request and puts what is to be sent; it ends by itself, also when the client goes away.

    Reading never waits for the client to have read, up to what a spool holds: many send everything before they read.
    """

    def __init__(self, produce: Produce, media_type: str) -> None:
        super().__init__(media_type=media_type)
        del self.headers["content-length"]
        self._produce = produce

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, and then what is produced as fast as it is read."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        spool = Spool()
        sending = asyncio.create_task(_send_all(spool, send))
        try:
            await self._produce(spool)
            await spool.end()
            await sending
        finally:
            sending.cancel()
            spool.close()


async def _send_all(spool: Spool, send: Send) -> None:
    while piece := await spool.take():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})

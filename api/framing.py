"""Heads that say in two ways where the body ends are refused: a proxy in front may have read the other way."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from ledger.errors import Invalid


class OneFraming:
    """Middleware: Content-Length beside Transfer-Encoding is refused, and the connection ended (RFC 9112 §6.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem, or let the application answer."""
        if scope["type"] != "http" or not {b"content-length", b"transfer-encoding"} <= {k for k, _ in scope["headers"]}:
            await self._app(scope, receive, send)
            return
        what = "the head says in two ways where the body ends"
        error = Invalid("head.framing", what, mend="send Content-Length or Transfer-Encoding, not both")
        answer = problems.response(error)
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)

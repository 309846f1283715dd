"""Routes whose work is costly and open to all: whoever has no API key goes through the node's turnstile."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from api.node import Node
from api.turnstile import Turnstile

_BEARER = HTTPBearer(auto_error=False)


async def admit(request: Request) -> AbstractContextManager[None]:
    """Return the place in which the work is to be done; before anything is read of the body. Raises TooOften.

    Entering it raises TooOften or Crowded. A key that is not known here counts as none.
    """
    node: Node = request.app.state.node
    bearer = await _BEARER(request)
    tenant = await run_in_threadpool(node.authenticate, bearer.credentials.strip()) if bearer else None
    if tenant is not None:
        return nullcontext()
    turnstile: Turnstile = request.app.state.turnstile
    address = request.client.host if request.client else ""
    turnstile.charge(address)
    return turnstile.place(address)


class CostlyRoute(APIRoute):
    """A route without a body that does all of its work in a place; sending the answer is not part of it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what FastAPI calls, with the turnstile before it."""
        answer = super().get_route_handler()

        async def answer_in_a_place(request: Request) -> Response:
            with await admit(request):
                return await answer(request)

        return answer_in_a_place

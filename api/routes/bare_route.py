"""A route that is asked most often as it stands, without a query."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class BareRoute(APIRoute):
    """Calls the function at once where the request has no query: `request`, `node`, the rest as it is by default.

    FastAPI looks for each parameter all the same, and that is a third of what the request costs. So nothing else may
    be read for such a route but a query.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what FastAPI calls."""
        answer = super().get_route_handler()

        async def answer_bare(request: Request) -> Response:
            if request.scope["query_string"]:
                return await answer(request)
            response: Response = await self.endpoint(request, request.app.state.node)
            return response

        return answer_bare

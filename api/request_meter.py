"""Every request is measured and traced: by its route, never by its path, which may name a document."""

import time
from contextlib import AbstractContextManager, nullcontext

from opentelemetry import propagate, trace
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_SECONDS = Histogram(
    "portseal_http_request_seconds",
    "Seconds from a request's head to the end of its answer.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NONE = "none"
_tracer = trace.get_tracer("portseal.http")


class RequestMeter:
    """ASGI middleware. A span continues the caller's trace (W3C Trace Context), if one is named."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else _NONE
        began = time.perf_counter()
        with _span(scope, method) as span:
            try:
                await self._app(scope, receive, noting)
            finally:
                route = _route(scope)
                span.update_name(f"{method} {route}")
                span.set_attributes(
                    {"http.request.method": method, "http.route": route, "http.response.status_code": status}
                )
                REQUEST_SECONDS.labels(method, route, str(status)).observe(time.perf_counter() - began)


def _span(scope: Scope, method: str) -> AbstractContextManager[trace.Span]:
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        # Nobody takes spans. Making one that goes nowhere costs as much as finding the route.
        return nullcontext(trace.INVALID_SPAN)
    carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    context = propagate.extract(carrier)
    return _tracer.start_as_current_span(f"HTTP {method}", context=context, kind=trace.SpanKind.SERVER)


def _route(scope: Scope) -> str:
    # What no route takes could be anything, and each would be a series of its own.
    return getattr(scope.get("route"), "path", _NONE)

"""Logs: one line for each event, on standard error, with an allow-list of fields.

A field that is not listed is dropped: what a library or a careless line adds can hold a document or a secret.
"""

import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from anchors.pipeline.meters import EVENTS

FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "exception",
        "step",
        "moved",
        "code",
        "detail",
        "failures",
        "authority",
        "block",
        "has",
        "batch",
        "transaction",
        "count",
        "nonce",
        "node",
        "store",
        "kind",
    }
)


def configure() -> None:
    """Set up structlog for this process: text on a terminal, JSON lines otherwise."""
    is_terminal = sys.stderr.isatty()
    renderer: Processor = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            only_listed,
            counted,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def only_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every field that is not on the allow-list."""
    return {name: value for name, value in event.items() if name in FIELDS}


def counted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Count warnings and errors; their events are words of this code, never of a caller."""
    if event["level"] in ("warning", "error", "critical"):
        EVENTS.labels(event["event"], event["level"]).inc()
    return event

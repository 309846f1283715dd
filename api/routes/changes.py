"""`GET /v1/changes`: every change of every registry, as pages and as a stream."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api import problems
from api.change_feed import ChangeFeed
from api.change_hub import ChangeHub
from api.change_json import block_json
from api.change_stream import ChangeStream, Choice, replaced_json, threads
from api.routes import openapi
from ledger.change_kind import REGISTRIES
from ledger.country import to_bytes2
from ledger.errors import Invalid
from ledger.feed_cursor import Cursor
from ledger.registry_feed import CursorReplaced

router = APIRouter(prefix="/v1/changes", tags=["registries"])
_MOST = 1000
_REPLACED: openapi.Responses = {
    409: {
        "description": "The cursor's block was replaced: forget what is after `void_after_block`, and go on from there",
        "content": {
            problems.MEDIA_TYPE: {
                "schema": {
                    **openapi.PROBLEM,
                    "properties": {
                        **openapi.PROBLEM["properties"],
                        "resume_after": {"type": "string"},
                        "void_after_block": {"type": "integer"},
                    },
                }
            }
        },
    }
}
_EVENT_STREAM: openapi.Responses = {
    200: {
        "description": "Events `change`, `final` and `replaced`; ids are cursors",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **_REPLACED,
}


async def _the_feed(request: Request) -> ChangeFeed:
    feed: ChangeFeed = request.app.state.change_feed
    return feed


async def _the_hub(request: Request) -> ChangeHub:
    hub: ChangeHub = request.app.state.change_hub
    return hub


async def _the_choice(
    registry: Annotated[
        str | None, Query(description=f"Only of this registry: {', '.join(REGISTRIES)}.", max_length=40)
    ] = None,
    country: Annotated[
        str | None,
        Query(
            description="Only changes that name this country, ISO 3166-1 alpha-2.",
            max_length=2,
            json_schema_extra=openapi.COUNTRY,
        ),
    ] = None,
) -> Choice:
    if registry is not None and registry not in REGISTRIES:
        mend = f"name one of {', '.join(REGISTRIES)}"
        raise Invalid("changes.registry", f"{registry[:40]!r} is no registry", mend=mend)
    if country is not None:
        to_bytes2(country)
    return Choice(registry, country)


TheFeed = Annotated[ChangeFeed, Depends(_the_feed)]
TheHub = Annotated[ChangeHub, Depends(_the_hub)]
TheChoice = Annotated[Choice, Depends(_the_choice)]
After = Annotated[str | None, Query(description="A cursor that the feed gave.", max_length=100)]
Limit = Annotated[int, Query(description="Changes looked at for one page.", ge=1, le=_MOST)]
LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", description="As `after`; sent by clients that come back.", max_length=100)
]


@router.get("", summary="Changes of the registries, page by page", responses=_REPLACED)
def changes(feed: TheFeed, choice: TheChoice, after: After = None, limit: Limit = 100) -> Response:
    """List changes after the cursor, or from the first one, in the chain's order, up to the newest block.

    Go on with `after` of the answer; at once while it says `more`. A page may be empty and have more.
    """
    try:
        page = feed.page(Cursor.parse(after) if after else None, limit)
    except CursorReplaced as replaced:
        return JSONResponse(replaced_json(replaced), status_code=409, media_type=problems.MEDIA_TYPE)
    body: dict[str, Any] = {
        "changes": [one.json(page.final) for one in page.notices if one.concerns(choice.registry, choice.country)],
        "after": page.after.text(),
        "more": page.more,
        "final": page.final,
        "as_of": block_json(page.head),
    }
    return JSONResponse(body)


@router.get("/stream", summary="Changes as they happen", response_class=StreamingResponse, responses=_EVENT_STREAM)
async def stream(
    feed: TheFeed, hub: TheHub, choice: TheChoice, after: After = None, last_event_id: LastEventId = None
) -> Response:
    """Send changes after the cursor, or from now on, as server-sent events; a client that comes back misses none."""
    stated = last_event_id or after
    hub.check_free()
    try:
        cursor = await to_thread.run_sync(_start, feed, Cursor.parse(stated) if stated else None, limiter=threads)
    except CursorReplaced as replaced:
        return JSONResponse(replaced_json(replaced), status_code=409, media_type=problems.MEDIA_TYPE)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = ChangeStream(hub, feed, cursor, choice).events()
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _start(feed: ChangeFeed, cursor: Cursor | None) -> Cursor:
    if cursor is None:
        return feed.newest()
    # What is wrong with the cursor is told before the answer begins.
    feed.page(cursor, 1)
    return cursor

"""`/v1/packs`: what a device at the gate takes along (docs/edge-pack.md). Open to all: nothing in it is secret."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.pack_office import PackOffice
from api.routes import openapi
from api.routes.costly import CostlyRoute

router = APIRouter(prefix="/v1/packs", tags=["verification"], route_class=CostlyRoute, responses=openapi.COSTLY)
MEDIA_TYPE = "application/cbor"
_LARGEST = 2**31 - 1
_FILE: openapi.Responses = {
    200: {
        "description": "An edge pack (docs/edge-pack.md)",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


_NEWEST: openapi.Responses = {409: openapi.KEYED[409]}


async def _the_office(request: Request) -> PackOffice:
    office: PackOffice = request.app.state.pack_office
    return office


TheOffice = Annotated[PackOffice, Depends(_the_office)]
Number = Annotated[int, Path(description="The pack's number, from 1.", ge=1, le=_LARGEST)]
Since = Annotated[int, Query(alias="from", description="The number of the pack that is held.", ge=1, le=_LARGEST)]


@router.get("/latest", summary="The newest pack", response_class=Response, responses=_FILE)
def latest(office: TheOffice) -> Response:
    """Give the newest pack, whole: registries, recognitions, operators, statuses and hour roots, proved and signed."""
    number = office.newest()
    return _answer(office.whole(number), f"{number}")


@router.get("/delta", summary="What was added since a pack", response_class=Response, responses=_FILE | _NEWEST)
def delta(office: TheOffice, since: Since) -> Response:
    """Give what a device that holds pack `from` lacks; 409 if that is the newest one."""
    return _answer(office.delta(since), f"since-{since}")


@router.get("/{number}", summary="A pack by its number", response_class=Response, responses=_FILE)
def pack(office: TheOffice, number: Number) -> Response:
    """Give any pack that this node has made, whole."""
    return _answer(office.whole(number), f"{number}")


def _answer(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pack"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)

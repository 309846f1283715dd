"""Whole lists: `GET /v1/operators/{authority}`, `GET /v1/recognitions/list`."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.answer_signature import signed
from api.node import Node
from api.registry_lists import RegistryList, RegistryLists
from api.routes import openapi
from api.routes.parameters import Id, TheNode
from ledger.errors import Invalid, Refused
from ledger.identifier import to_bytes32

router = APIRouter(prefix="/v1", tags=["registries"])
NDJSON = "application/x-ndjson"
_VARY = {"Vary": "Accept"}
_PIECE = 65_536
MOST_IN_JSON = 2000
"""Lines that an answer in one piece holds; NDJSON has no limit."""
_LISTED: openapi.Responses = {
    200: {
        "description": f"A signed answer; for `Accept: {NDJSON}` a line for each, and last the signed `summary` with "
        "their SHA-256",
        "content": {"application/json": {"schema": {"type": "object"}}, NDJSON: {"schema": {"type": "string"}}},
    }
}


async def _the_lists(request: Request) -> RegistryLists:
    lists: RegistryLists = request.app.state.registry_lists
    return lists


TheLists = Annotated[RegistryLists, Depends(_the_lists)]


async def _accept(request: Request) -> str:
    # Not a parameter with limits: what else a client accepts is its own affair.
    return request.headers.get("Accept", "")


Accept = Annotated[str, Depends(_accept)]


@router.get("/operators/{authority}", summary="All operators of an authority", responses=_LISTED)
def operators(node: TheNode, lists: TheLists, authority: Id, accept: Accept) -> Response:
    """List every operator that the authority ever entered, with its whole history, so that nobody learns which matters.

    `heads` are the registry's running hashes at the block: with the changes of /v1/changes they prove the list whole.
    """
    to_bytes32(authority)  # an id, or Invalid
    if node.authority_registry.authority(authority) is None:
        raise Refused("authority.unknown", f"no authority {authority} in the registry", mend="list: /v1/authorities")
    return _answer(node, "operators", {"authority": authority}, lists.operators(authority), accept)


@router.get("/recognitions/list", summary="All arrangements, offers and recognitions", responses=_LISTED)
def recognitions(node: TheNode, lists: TheLists, accept: Accept) -> Response:
    """List all that countries have signed, offered, agreed, suspended and ended, with its whole history."""
    return _answer(node, "lines", {}, lists.recognitions(), accept)


def _answer(node: Node, name: str, about: dict[str, Any], found: RegistryList, accept: str) -> Response:
    summary = about | found.summary()
    if NDJSON in accept:
        last = {"summary": signed(node, summary | {"lines_sha256": found.lines.sha256})}
        return StreamingResponse(_lines(found, last), media_type=NDJSON, headers=_VARY)
    if len(found.lines) > MOST_IN_JSON:
        detail = f"the list has {len(found.lines)} lines, an answer in one piece at most {MOST_IN_JSON}"
        raise Invalid("list.too-long", detail, mend=f"send `Accept: {NDJSON}`")
    return JSONResponse(signed(node, summary | {name: list(found.lines)}), headers=_VARY)


def _lines(found: RegistryList, last: dict[str, Any]) -> Iterator[bytes]:
    """Yield pieces of many lines each: handing over every line by itself would take longer than making it."""
    body = found.lines.ndjson
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]
    yield json.dumps(last, separators=(",", ":")).encode() + b"\n"

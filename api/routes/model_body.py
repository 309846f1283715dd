"""Small JSON bodies with a fixed form: read by the strict front with a limit, then checked against a model."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api import body
from api.routes.registration_body import JSON
from ledger.errors import Invalid
from ledger.json_pointer import append
from ledger.strict_json import Limits, parse

LIMITS = Limits(max_bytes=64 * 1024, max_depth=4, max_members=64)
Model = TypeVar("Model", bound=BaseModel)


def read_as(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """Return a dependency that reads the body as `model`.

    It raises Invalid `body.media-type`, `body.too-large`, `json.*`, `request.body` with the member's pointer.
    """

    async def read(request: Request) -> Model:
        if body.media_type(request) != JSON:
            raise Invalid("body.media-type", f"only {JSON} is read here", mend=f"send Content-Type: {JSON}")
        content = b"".join([chunk async for chunk in body.chunks(request, LIMITS.max_bytes)])
        return _validated(model, parse(content, LIMITS))

    return read


def described(model: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    """Return what the OpenAPI document says of such a body."""
    content = {JSON: {"schema": model.model_json_schema(), "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def _validated(model: type[Model], value: Any) -> Model:
    try:
        return model.model_validate(value, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        pointer = ""
        for step in first["loc"]:
            pointer = append(pointer, str(step))
        mend = "see /openapi.json for what this address takes"
        raise Invalid("request.body", first["msg"], pointer=pointer, mend=mend) from None

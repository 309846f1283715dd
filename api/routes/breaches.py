"""`/v1/breaches`: promises of receipts that were not kept, to whom they were given."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from anchors.breaches import AT_ONCE, breaches
from api.moment import show
from api.routes import openapi
from api.routes.parameters import TheNode, TheTenant

router = APIRouter(prefix="/v1/breaches", tags=["documents"], responses=openapi.KEYED)

Before = Annotated[int | None, Query(description="Go on with `before` of the answer.", ge=1, le=2**53 - 1)]


@router.get("", summary="Your documents that were not anchored in the time that their receipts promise")
def list_breaches(node: TheNode, tenant: TheTenant, before: Before = None) -> dict[str, Any]:
    """List them, the newest first; `anchored_at` is null as long as it has not been done."""
    found = breaches(node.database, tenant.id, before)
    return {
        "breaches": [
            {
                "digest": one.digest.hex(),
                "anchored_by": show(one.promised_at),
                "anchored_at": show(one.anchored_at),
                "document": f"/v1/documents/{one.digest.hex()}",
            }
            for one in found
        ],
        "before": found[-1].number if len(found) == AT_ONCE else None,
    }

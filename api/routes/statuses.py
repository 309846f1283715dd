"""`POST /v1/documents/{digest}/status`: revoke, suspend, reinstate, supersede."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.routes import openapi
from api.routes.model_body import described, read_as
from api.routes.parameters import Digest, TheNode, TheTenant, digest_of
from ledger.document_registry import Status, StatusChange
from ledger.errors import Refused

router = APIRouter(prefix="/v1/documents", tags=["documents"], responses=openapi.KEYED)


class StatusBody(BaseModel):
    """What is to become of a document."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["revoked", "suspended", "reinstated", "superseded"]
    reason: Annotated[int, Field(ge=0, lt=2**32, description="A code of the published table; 0 states none.")] = 0
    successor: Annotated[str | None, Field(description="With superseded: the digest that takes its place.")] = None


Asked = Annotated[StatusBody, Depends(read_as(StatusBody))]
_EXAMPLE = {"status": "superseded", "reason": 0, "successor": "5f" * 32}


@router.post(
    "/{digest}/status",
    summary="Change the status of a document",
    responses=openapi.READING,
    openapi_extra=described(StatusBody, _EXAMPLE),
)
def change_status(node: TheNode, tenant: TheTenant, digest: Digest, asked: Asked) -> dict[str, Any]:
    """Write the status on chain with the issuer's custodial account, and wait until it is mined."""
    document = node.archive.find(digest)
    if document is None:
        raise Refused("document.unknown", "no such document is registered here", mend="register it first")
    if document.issuer not in tenant.issuers:
        raise Refused(
            "authentication.forbidden", "this API key is not the issuer's", mend="use a key bound to the issuer"
        )
    successor = digest_of(asked.successor, "/successor") if asked.successor is not None else None
    change = StatusChange(document.issuer, digest, Status[asked.status.upper()], asked.reason, successor)
    receipt = node.write_status(change)
    return {
        "digest": digest.hex(),
        "issuer": document.issuer,
        "status": asked.status,
        "reason": asked.reason,
        "successor": asked.successor,
        "transaction": "0x" + receipt.transaction_hash.hex(),
        "block": {"number": receipt.block_number, "hash": "0x" + receipt.block_hash.hex()},
    }

"""`/v1/documents/{digest}/payload` and `.../readers`: ciphertext and reader entries, to those who may have them."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from anchors import reader_entry
from anchors.readers import Grant
from anchors.tenants import Tenant
from api.moment import show
from api.node import Node
from api.routes import openapi
from api.routes.model_body import described, read_as
from api.routes.parameters import Digest, Id, TheNode, TheTenant
from ledger.errors import Refused

router = APIRouter(prefix="/v1", tags=["payloads"], responses=openapi.KEYED)


class ReaderBody(BaseModel):
    """A reader, and the content key wrapped for it by the registrant (JWE, ECDH-ES+A256KW)."""

    model_config = ConfigDict(extra="forbid")

    reader: Annotated[str, Field(description="The reader's id at this node.", max_length=32)]
    entry: Annotated[
        str | None, Field(description="The reader entry; left out, the node makes it with a key in its custody.")
    ] = None


Asked = Annotated[ReaderBody, Depends(read_as(ReaderBody))]
_EXAMPLE = {"reader": "sg.customs", "entry": "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIs..."}


@router.get("/documents/{digest}/payload", summary="The ciphertext, and the caller's own reader entry")
def payload(node: TheNode, tenant: TheTenant, digest: Digest) -> dict[str, Any]:
    """Give the payload to its registrant or to a reader; it is decrypted on the caller's side."""
    readable = node.readers.open(digest, tenant.id)
    return {
        "digest": digest.hex(),
        "payload_cid": readable.cid,
        "reader_entry": readable.reader_entry,
        "payload": base64.b64encode(readable.payload).decode("ascii"),
    }


@router.get("/documents/{digest}/readers", summary="Who may open the payload")
def readers(node: TheNode, tenant: TheTenant, digest: Digest) -> dict[str, Any]:
    """List the readers, for the registrant."""
    return {"digest": digest.hex(), "readers": [_grant(one) for one in node.readers.grants(digest, tenant.id)]}


@router.post(
    "/documents/{digest}/readers",
    status_code=201,
    summary="Let somebody open the payload",
    responses=openapi.READING,
    openapi_extra=described(ReaderBody, _EXAMPLE),
)
def grant(node: TheNode, tenant: TheTenant, digest: Digest, asked: Asked) -> dict[str, Any]:
    """Keep an entry that the registrant made; or make it, for a registrant whose key is in the node's custody."""
    entry = asked.entry if asked.entry is not None else _custodial_entry(node, tenant, digest, asked.reader)
    return {"digest": digest.hex(), **_grant(node.readers.grant(digest, tenant.id, asked.reader, entry))}


@router.delete("/documents/{digest}/readers/{reader}", status_code=204, summary="Stop giving an entry out")
def withdraw(node: TheNode, tenant: TheTenant, digest: Digest, reader: Id) -> None:
    """Withdraw a reader. What was fetched before stays readable."""
    node.readers.withdraw(digest, tenant.id, reader)


@router.get("/readers/{reader}", summary="The key to wrap content keys for")
def reader(node: TheNode, _tenant: TheTenant, reader: Id) -> dict[str, Any]:
    """Show a tenant's public encryption key to the other tenants."""
    return {"reader": reader, "encryption_key": _reading(node, reader).encryption_key.jwk()}


def _custodial_entry(node: Node, tenant: Tenant, digest: bytes, reader: str) -> str:
    own = node.readers.open(digest, tenant.id).reader_entry
    content_key = reader_entry.open_entry(own, node.custody.tenant_key(tenant.id), digest)
    return reader_entry.make(content_key, _reading(node, reader).encryption_key, digest)


def _reading(node: Node, reader: str) -> Tenant:
    tenant = node.tenants.get(reader)
    if tenant is None:
        raise Refused("reader.unknown", "no tenant of this node has this id", mend="ask the node's host to enter it")
    return tenant


def _grant(grant: Grant) -> dict[str, Any]:
    return {"reader": grant.reader, "granted_at": show(grant.granted_at)}

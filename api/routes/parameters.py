"""What routes take: the node, ids, digests, times, and who calls."""

import re
from typing import Annotated

from fastapi import Depends, Path, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from anchors.tenants import Tenant
from api.answering import Answers
from api.node import Node
from api.routes import openapi
from ledger.errors import Invalid, Refused
from verifier.fact_cache import FactCache

_DIGEST = re.compile("[0-9a-f]{64}")


async def the_node(request: Request) -> Node:
    """Return the node that answers. Not a plain function, which would wait for a free thread."""
    node: Node = request.app.state.node
    return node


async def the_facts(request: Request) -> FactCache:
    """Return what this application has read of the registries."""
    facts: FactCache = request.app.state.registry_facts
    return facts


def digest_of(text: str, pointer: str | None = None) -> bytes:
    """Return the 32 bytes. Raises Invalid `digest.form`."""
    if not _DIGEST.fullmatch(text):
        raise Invalid("digest.form", "not a digest", mend="give 64 lower-case hex characters", pointer=pointer)
    return bytes.fromhex(text)


async def _digest(
    digest: Annotated[str, Path(description="Digest of a document, or of a report.", json_schema_extra=openapi.DIGEST)],
) -> bytes:
    return digest_of(digest)


async def the_answers(request: Request) -> Answers:
    """Return what signs and keeps the answers of this application."""
    answers: Answers = request.app.state.answers
    return answers


TheNode = Annotated[Node, Depends(the_node)]
TheAnswers = Annotated[Answers, Depends(the_answers)]
TheFacts = Annotated[FactCache, Depends(the_facts)]
Digest = Annotated[bytes, Depends(_digest)]
Id = Annotated[str, Path(description="An id, such as cn.customs.", max_length=32, json_schema_extra=openapi.ID)]
At = Annotated[str | None, Query(description="As of this time: RFC 3339, or seconds since 1970.", max_length=40)]
KnownAt = Annotated[
    str | None, Query(description="As it was known at this time: RFC 3339, or seconds since 1970.", max_length=40)
]
RelyingCountry = Annotated[
    str | None, Query(description="ISO 3166 code of the country that relies on it.", json_schema_extra=openapi.COUNTRY)
]
By = Annotated[str, Query(description="The country that recognises: ISO 3166.", json_schema_extra=openapi.COUNTRY)]
Of = Annotated[str, Query(description="The country that is recognised: ISO 3166.", json_schema_extra=openapi.COUNTRY)]
Programme = Annotated[str, Query(description="`aeo`, `origin` or `ebl`.", json_schema_extra=openapi.ID)]
Proofs = Annotated[bool, Query(description="With storage proofs of all that the answer rests on.")]
Code = Annotated[
    str, Path(description="The operator's code, as its customs writes it.", json_schema_extra=openapi.OPERATOR_CODE)
]


_Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(scheme_name="ApiKey", description="A key that the node's host made", auto_error=False)),
]


def the_tenant(node: TheNode, bearer: _Bearer) -> Tenant:
    """Return who calls. Raises Refused `authentication.missing`, `authentication.unknown`."""
    if bearer is None:
        raise Refused(
            "authentication.missing",
            "this needs an API key",
            mend="send `Authorization: Bearer KEY`; the node's host makes keys with `portseal keys api`",
        )
    return node.tenant_of(bearer.credentials)


TheTenant = Annotated[Tenant, Depends(the_tenant)]

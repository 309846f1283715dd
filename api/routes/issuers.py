"""`GET /v1/issuers`: who may issue what, accredited by whom, with which keys."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.as_of import as_of
from api.issuer_json import issuer_json, summary_json
from api.node import Node
from api.proofs import proofs_json
from api.proved_issuer import of_issuer
from api.registry_reading import Reading, reading
from api.routes import openapi
from api.routes.parameters import At, Id, KnownAt, Proofs, TheAnswers, TheFacts, TheNode
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from ledger.issuer_registry import IssuerChange
from verifier.fact_cache import FactCache

router = APIRouter(prefix="/v1/issuers", tags=["registries"])
Kind = Annotated[
    str | None,
    Query(description="Only those accredited for this kind then.", json_schema_extra=openapi.ID, max_length=32),
]
Accreditor = Annotated[
    str | None,
    Query(description="Only those under this authority or body.", json_schema_extra=openapi.ID, max_length=32),
]


@router.get("", summary="All issuers", responses=openapi.SIGNED)
def issuers(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    kind: Kind = None,
    accreditor: Accreditor = None,
    at: At = None,
    known_at: KnownAt = None,
) -> Response:
    """List every issuer that was ever entered, with its state and kinds at the time asked for."""
    for given in (kind, accreditor):
        to_bytes32(given or "any")  # an id, or Invalid
    registry, read = node.issuer_registry, _reading(node, facts, at, known_at)

    def answer() -> dict[str, Any]:
        found = [summary_json(registry, read, issuer) for issuer in read(registry.issuers)]
        wanted = [one for one in found if kind in (None, *one["kinds"]) and accreditor in (None, one["accreditor"])]
        return {"issuers": wanted}

    return answers.give(("issuers", kind, accreditor), read.moment, answer)


@router.get("/{issuer}", summary="One issuer", responses=openapi.SIGNED)
def issuer(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    issuer: Id,
    at: At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
) -> Response:
    """Show one issuer: accreditor, accreditations with their scope, and keys, each with its history.

    One that was never entered is 404; with proofs it is an answer, proved like any other.
    """
    to_bytes32(issuer)  # an id, or Invalid
    registry, read = node.issuer_registry, _reading(node, facts, at, known_at)
    if not proofs:
        return answers.give(("issuer", issuer), read.moment, lambda: _known(node, read, issuer))
    entered = read(registry.accreditor, issuer) is not None
    answer = issuer_json(registry, read, issuer) if entered else {"issuer": issuer, "state": "unknown"}
    proved = of_issuer(registry, node.authority_registry, read, issuer)
    return answers.give_unkept(read.moment, answer | {"proofs": proofs_json(node, read.moment.block, proved)})


def _known(node: Node, read: Reading, issuer: str) -> dict[str, Any]:
    if issuer not in read(node.issuer_registry.issuers):
        raise Refused("issuer.unknown", f"no issuer {issuer} in the registry", mend="list them at /v1/issuers")
    return issuer_json(node.issuer_registry, read, issuer)


def _reading(node: Node, facts: FactCache, at: str | None, known_at: str | None) -> Reading:
    def heads(block: int) -> tuple[object, ...]:
        return tuple(node.issuer_registry.changes(kind, at=block) for kind in IssuerChange)

    return reading(facts, "issuers", heads, as_of(node.chain, at, known_at))

"""`/v1/documents/{digest}/gate`, `/qr`, `/inclusion`, and `/d/{digest}`: what goes to a gate, and where it leads."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.cli.verdict_lines import lines as verdict_lines
from api.gate_page import page
from api.gate_words import lines
from api.node import Node
from api.qr_image import QrImage
from api.routes import openapi, openapi_gates
from api.routes.parameters import Digest, TheNode, TheTenant
from api.verdict_json import verdict_json
from ledger import deterministic_cbor
from ledger.errors import Refused
from verifier.subject import Subject

router = APIRouter(tags=["verification"])
CBOR = "application/cbor"
Form = Annotated[Literal["value", "link"], Query(description="What the code holds: a statement with proof, or a link.")]
Format = Annotated[Literal["png", "svg", "pdf"], Query(description="A PDF says beside the code what it says.")]
_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_NO_CODE = openapi.KEYED[409] | {"description": "It has no gate statement, or does not go into one QR code"}
_GATE: openapi.Responses = openapi.KEYED | {
    200: {"description": "A gate statement with its place (docs/gate.md)", "content": {CBOR: _BINARY}},
    409: _NO_CODE,
}
_IMAGES: openapi.Responses = openapi.KEYED | {
    200: {"description": "The QR code", "content": dict.fromkeys(_TYPES.values(), _BINARY)},
    409: _NO_CODE,
}
_VERDICT: openapi.Responses = {
    200: {
        "description": "The verdict",
        "content": {"application/json": {"schema": {"type": "object"}}, "text/plain": {"schema": {"type": "string"}}},
    }
}
_INCLUSION: openapi.Responses = {
    200: {
        "description": "Its place in its batch, and the batch's in its hour (docs/edge-pack.md)",
        "content": {"application/json": {"schema": openapi_gates.INCLUSION}},
    },
    409: openapi.KEYED[409] | {"description": "It is not final yet"},
}
_NOTES = {
    "value": "This code holds a signed statement and its proof: no network is needed. 本码可离线核验。",
    "link": "This code is a link to the verification; it needs a network. 本码为核验链接，需要联网。",
}


@router.get("/v1/documents/{digest}/gate", summary="A gate statement", response_class=Response, responses=_GATE)
def gate(digest: Digest, node: TheNode, tenant: TheTenant) -> Response:
    """Give the statement that was registered with the document, and its path once it is in a batch.

    For its registrant and its readers: digests are public, and what a statement says in the open is not.
    """
    node.readers.check(digest, tenant.id)
    record = node.gates.find(digest)
    place = record.place
    answer = {
        "v": 1,
        "statement": record.statement.data,
        "batch": None
        if place is None
        else {
            "root": place.root,
            "size": place.size,
            "manifest": place.manifest_digest,
            "index": place.index,
            "path": list(place.path),
            "anchored_at": node.gates.anchored_at(place),
        },
    }
    return Response(deterministic_cbor.encode(answer), media_type=CBOR)


@router.get("/v1/documents/{digest}/qr", summary="A QR code", response_class=Response, responses=_IMAGES)
def qr(
    digest: Digest,
    node: TheNode,
    tenant: TheTenant,
    form: Form = "link",
    format: Format = "png",  # noqa: A002
) -> Response:
    """Give a document's QR code, to its registrant and its readers.

    By value once the hour of its anchor is closed by a final block, by link at once.
    """
    node.readers.check(digest, tenant.id)
    link = f"{node.settings.link_base()}/d/{digest.hex()}"
    image = QrImage(node.gates.make(digest).text() if form == "value" else link)
    match format:
        case "png":
            content = image.png()
        case "svg":
            content = image.svg()
        case "pdf":
            content = page(image, _words(node, digest), digest, _NOTES[form])
    name = f'inline; filename="{digest.hex()[:16]}.{format}"'
    return Response(content, media_type=_TYPES[format], headers={"Content-Disposition": name})


@router.get("/v1/documents/{digest}/inclusion", summary="A document's place in its hour", responses=_INCLUSION)
def inclusion(digest: Digest, node: TheNode, response: Response) -> dict[str, Any]:
    """Give what dates the document for a gate that has a pack, once the hour of its anchor is closed. Open to all."""
    found = node.inclusions.make(digest)
    response.headers["Content-Disposition"] = f'attachment; filename="{digest.hex()[:16]}.inclusion"'
    return found.to_json()


@router.get("/d/{digest}", summary="What a QR code by link leads to", response_class=Response, responses=_VERDICT)
def verified(digest: Digest, request: Request, node: TheNode) -> Response:
    """Give the verdict on what is known under the digest: as JSON, or as lines of text to a browser."""
    verdict = verdict_json(node.verifier.verify(Subject.named(digest)))
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(verdict)
    said = [text for language in ("zh", "en") for text, _ in (*verdict_lines(verdict, language), ("", None))]
    return PlainTextResponse("\n".join(said))


def _words(node: Node, digest: bytes) -> list[tuple[str, str, str]]:
    try:
        return list(lines(node.gates.find(digest).statement))
    except Refused as error:
        if error.code != "gate.none":
            raise
    record = node.archive.find(digest)
    return [("Issuer", "签发方", record.issuer), ("Kind", "种类", record.kind)] if record else []

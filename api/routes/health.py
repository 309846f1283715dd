"""`/healthz` and `/readyz`."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.node import Node
from api.routes import openapi
from api.routes.parameters import TheNode
from ledger.errors import PortsealError, Unavailable

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Is the process alive")
def healthz() -> dict[str, str]:
    """Answer that it is."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can the node do its work", responses=openapi.READINESS)
def readyz(node: TheNode) -> JSONResponse:
    """Try each part; 503 if one does not answer."""
    parts = {name: _state(check) for name, check in _checks(node).items()}
    ready = all(state == "ok" for state in parts.values())
    return JSONResponse({"ready": ready, "parts": parts}, status_code=200 if ready else 503)


def _checks(node: Node) -> dict[str, Callable[[], object]]:
    return {
        "chain": lambda: node.network.check(node.chain),
        "database": lambda: node.tenants.get("readyz"),
        "store": node.store.check,
        "worker": node.check_worker,
    }


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except PortsealError as error:
        return f"{'unavailable' if isinstance(error, Unavailable) else 'wrong'}: {error.detail}"
    return "ok"

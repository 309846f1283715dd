"""`/healthz` and `/readyz`."""

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.readiness import faults
from api.routes import openapi
from api.routes.parameters import TheNode
from ledger.errors import PortsealError, Unavailable

router = APIRouter(tags=["operations"])
# Not the threads that requests work in: these answers are asked for just when all of those are taken.
_threads = CapacityLimiter(2)


@router.get("/healthz", summary="Is the process alive")
async def healthz() -> dict[str, str]:
    """Answer that it is."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can the node do its work", responses=openapi.READINESS)
async def readyz(node: TheNode) -> JSONResponse:
    """Try each part; 503 if one does not answer."""
    found = await to_thread.run_sync(faults, node, limiter=_threads)
    parts = {name: _state(fault) for name, fault in found.items()}
    ready = all(state == "ok" for state in parts.values())
    return JSONResponse({"ready": ready, "parts": parts}, status_code=200 if ready else 503)


def _state(fault: PortsealError | None) -> str:
    if fault is None:
        return "ok"
    return f"{'unavailable' if isinstance(fault, Unavailable) else 'wrong'}: {fault.detail}"

"""Which parts of a node can do their work now."""

from collections.abc import Callable

from api.node import Node
from ledger.errors import PortsealError


def faults(node: Node) -> dict[str, PortsealError | None]:
    """Try each part; return by its name what is wrong, or None."""
    return {name: _fault(check) for name, check in _checks(node).items()}


def _checks(node: Node) -> dict[str, Callable[[], object]]:
    return {
        "chain": lambda: node.network.check(node.chain),
        "database": lambda: node.tenants.get("readyz"),
        "store": node.store.check,
        "worker": node.check_worker,
    }


def _fault(check: Callable[[], object]) -> PortsealError | None:
    try:
        check()
    except PortsealError as error:
        return error
    return None

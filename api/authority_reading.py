"""Reading the registry of authorities at a moment, each fact once for each state of it."""

from api.as_of import AsOf
from api.node import Node
from api.registry_reading import Reading, reading
from ledger.authority import AuthorityChange
from verifier.fact_cache import FactCache


def authority_reading(node: Node, facts: FactCache, moment: AsOf) -> Reading:
    """Return the reading; the change heads of every kind name the registry's state."""

    def heads(block: int) -> tuple[object, ...]:
        return tuple(node.authority_registry.changes(kind, at=block) for kind in AuthorityChange)

    return reading(facts, "authorities", heads, moment)

"""Who is told whether a consignment is in the sample: the customs that runs the node, and nobody else.

Whoever could ask beforehand would only present what is not drawn (ADR 0094).
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from anchors.tenants import Tenant
from api.node import Node
from verifier.decision.decision import Decision, Draw
from verifier.decision.inspection import Inspection
from verifier.decision.sampling import IN_ALL, commitment, draw_of


def draws(node: Node, tenant: Tenant) -> Draw:
    """Return what draws for this caller. Raises, once it draws, as `Custody.sampling_secret`."""

    def draw(digests: Sequence[bytes]) -> int | None:
        return draw_of(node.custody.sampling_secret(), digests) if tenant.id == node.authority else None

    return draw


def sampling_json(node: Node, decision: Decision) -> dict[str, Any] | None:
    """Return what the answer says of the sample; None where none is drawn."""
    found = decision.recommendation
    if found.inspection is not Inspection.SAMPLING:
        return None
    return {
        "percent": number(found.decided_by.percent),
        "drawn": found.drawn,
        "draw": decision.draw,
        "of": IN_ALL,
        "then": found.decided_by.drawn.value
        if found.drawn
        else Inspection.NONE.value
        if found.drawn is False
        else None,
        "over": [digest.hex() for digest in decision.drawn_for],
        "commitment": commitment(node.custody.sampling_secret()).hex(),
    }


def number(value: Decimal) -> int | float:
    """Return a number as JSON has it."""
    return int(value) if value == int(value) else float(value)

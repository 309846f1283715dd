"""Weights in kilograms, and how far two of them may lie apart."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

_KILOGRAMS: Mapping[str, Decimal] = {
    "KGM": Decimal(1),
    "KG": Decimal(1),
    "KGS": Decimal(1),
    "TNE": Decimal(1000),
    "T": Decimal(1000),
    "GRM": Decimal("0.001"),
    "LBR": Decimal("0.45359237"),
    "LB": Decimal("0.45359237"),
    "LBS": Decimal("0.45359237"),
}
"""UNECE Recommendation 20, and what is written in its place; the pound is exact by definition."""


def kilograms(measure: Mapping[str, Any]) -> Decimal | None:
    """Return `{value, unit}` in kilograms; None for a unit that is not known here."""
    factor = _KILOGRAMS.get(str(measure["unit"]).strip().upper())
    return None if factor is None else Decimal(str(measure["value"])) * factor


def total(measures: Iterable[Mapping[str, Any] | None]) -> Decimal | None:
    """Return the sum in kilograms; None if one has no weight, or a unit that is not known here."""
    weights = [None if one is None else kilograms(one) for one in measures]
    return sum((one for one in weights if one is not None), Decimal(0)) if weights and None not in weights else None

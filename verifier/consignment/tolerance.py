"""How far two documents may differ and still say the same."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tolerance:
    """weight_percent: of the larger of two weights; weight_kilograms: always. days: between two dates of departure."""

    weight_percent: Decimal = Decimal(1)
    weight_kilograms: Decimal = Decimal(5)
    days: int = 3

    def weight(self, one: Decimal, other: Decimal) -> Decimal:
        """Return by how many kilograms the two may differ."""
        return max(self.weight_kilograms, max(one, other) * self.weight_percent / 100)

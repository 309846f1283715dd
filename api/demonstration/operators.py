"""Invented AEOs of the demonstration, and the codes by which other customs know them."""

from dataclasses import dataclass

from api.demonstration.table import parsed, start_of
from ledger.operator import Alias, AliasGrant, Grant, operator_id
from ledger.trade_role import ANY_ROLE, TradeRole

_OPERATORS = ("authority", "code", "tier", "roles", "since")
_ALIASES = ("authority", "code", "counterpart", "alias")


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of one customs, since a day. tier: 1, or 2 for the higher one where a programme has two."""

    authority: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class OperatorAlias:
    """A code by which a counterpart of the customs knows its operator."""

    authority: str
    grant: AliasGrant


def operators() -> list[Operator]:
    """Return the operators. Raises Invalid `table.form`."""
    return parsed("operators", _OPERATORS, _operator)


def aliases() -> list[OperatorAlias]:
    """Return their aliases. Raises Invalid `table.form`."""
    return parsed("aliases", _ALIASES, _alias)


def _operator(row: dict[str, str]) -> Operator:
    roles = ANY_ROLE
    for name in row["roles"].split():
        if (role := name.upper().replace("-", "_")) not in TradeRole.__members__:
            raise ValueError(f"{name} is no role")
        roles |= TradeRole[role]
    grant = Grant(row["code"], int(row["tier"]), roles, start_of(row["since"]))
    grant.fields()
    return Operator(row["authority"], grant)


def _alias(row: dict[str, str]) -> OperatorAlias:
    grant = AliasGrant(Alias(operator_id(row["code"]), row["counterpart"], row["alias"]))
    grant.fields()
    return OperatorAlias(row["authority"], grant)

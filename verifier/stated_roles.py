"""The roles that an AEO credential states, as the registries count them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ledger.trade_role import ANY_ROLE, TradeRole

_ROLES: Mapping[str, TradeRole] = MappingProxyType(
    {
        "exporter": TradeRole.EXPORTER,
        "importer": TradeRole.IMPORTER,
        "manufacturer": TradeRole.MANUFACTURER,
        "carrier": TradeRole.CARRIER,
        "forwarder": TradeRole.FORWARDER,
        "consolidator": TradeRole.FORWARDER,
        "customs-broker": TradeRole.CUSTOMS_BROKER,
        "warehouse": TradeRole.WAREHOUSE,
        "terminal-operator": TradeRole.TERMINAL,
        "port-operator": TradeRole.TERMINAL,
        "airport-operator": TradeRole.TERMINAL,
        "express-operator": TradeRole.CARRIER,
    }
)


def stated_roles(document: Mapping[str, Any]) -> TradeRole:
    """Return the sum of the roles of a valid credential; one that no registry counts (`distributor`) adds none."""
    roles = ANY_ROLE
    for name in document.get("roles", ()):
        roles |= _ROLES.get(name, ANY_ROLE)
    return roles


def roles_at_gate(fields: Mapping[str, Any]) -> TradeRole | None:
    """Return the same of what a gate statement says; None where it has room for some of the roles only."""
    named = fields.get("roles", [])
    return stated_roles({"roles": named}) if len(named) == fields.get("roleCount", 0) else None

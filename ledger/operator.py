"""Authorised economic operators, by the codes that customs gave them (IOperatorRegistry.sol)."""

from dataclasses import dataclass
from enum import IntEnum

from contracts.keccak import keccak
from ledger.dated_list import Entry
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.trade_role import ANY_ROLE, TradeRole

_ROLE_BITS = 24
_LONGEST_CODE = 64


class OperatorState(IntEnum):
    """What the registry answers for an operator; LEFT: its customs left office, or its country the consortium."""

    NONE = 0
    AUTHORIZED = 1
    SUSPENDED = 2
    ENDED = 3
    LEFT = 4


class OperatorChange(IntEnum):
    """The kinds of change that are counted and hashed."""

    OPERATOR = 0
    SUSPENSION = 1
    ALIAS = 2


@dataclass(frozen=True, slots=True)
class Grant:
    """An operator's status from a date on. Times are seconds since the epoch; 0 means now, or without end."""

    code: str
    tier: int = 0
    roles: TradeRole = ANY_ROLE
    effective_from: int = 0
    effective_until: int = 0

    def fields(self) -> tuple[str, int, int, int, int]:
        """Return the grant as the contract takes it. Raises Invalid `operator.code`."""
        dates = self.effective_from, self.effective_until
        return _checked(self.code), self.tier, int(self.roles), *dates


@dataclass(frozen=True, slots=True)
class Alias:
    """The code by which a counterpart (`cn.customs`, `asean`) knows an operator."""

    operator: bytes
    counterpart: str
    code: str


@dataclass(frozen=True, slots=True)
class AliasGrant:
    """An alias from a date on. Times are seconds since the epoch; 0 means now, or without end."""

    alias: Alias
    effective_from: int = 0
    effective_until: int = 0

    def fields(self) -> tuple[bytes, bytes, str, int, int]:
        """Return the grant as the contract takes it. Raises Invalid `operator.code`, `identifier.form`."""
        alias = self.alias
        names = alias.operator, to_bytes32(alias.counterpart), _checked(alias.code)
        return *names, self.effective_from, self.effective_until


@dataclass(frozen=True, slots=True)
class OperatorStatus:
    """The answer for one operator; tier and roles where it was authorized then."""

    state: OperatorState
    tier: int = 0
    roles: TradeRole = ANY_ROLE


def operator_id(code: str) -> bytes:
    """Return by what the operator with this code of its own customs is known. Raises Invalid `operator.code`."""
    return keccak(_checked(code).encode("ascii"))


def alias_id(authority: str, counterpart: str, code: str) -> bytes:
    """Return by what an alias is known. Raises Invalid `operator.code`, `identifier.form`."""
    return keccak(to_bytes32(authority) + to_bytes32(counterpart) + operator_id(code))


def tier_of(entry: Entry) -> int:
    """Return the tier that an entry of `operator_entries` states."""
    return entry.detail >> _ROLE_BITS


def roles_of(entry: Entry) -> TradeRole:
    """Return the roles that an entry of `operator_entries` states."""
    return TradeRole(entry.detail & (1 << _ROLE_BITS) - 1)


def _checked(code: str) -> str:
    printable = code.isascii() and code.isprintable() and code == code.strip(" ")
    if not (printable and 1 <= len(code) <= _LONGEST_CODE):
        detail = f"{code[:_LONGEST_CODE]!r} is not an operator's code"
        mend = "use 1 to 64 printable ASCII characters, with no space at either end"
        raise Invalid("operator.code", detail, mend=mend)
    return code

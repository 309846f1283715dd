"""The registry of authorised economic operators, their history and their aliases (OperatorRegistry.sol)."""

from collections.abc import Sequence

from ledger import registry_names
from ledger.abi import abi_of
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.contract import Contract
from ledger.dated_list import Entry
from ledger.identifier import from_bytes32, to_bytes32
from ledger.operator import Alias, AliasGrant, Grant, OperatorChange, OperatorState, OperatorStatus
from ledger.trade_role import TradeRole
from ledger.transaction import Call

NAME = registry_names.OPERATORS


class OperatorRegistry:
    """Reads take `at`, a block number (None: the newest block), and raise as Contract does.

    An operator is named by operator_id of its code, an alias by alias_id (ledger.operator).
    """

    def __init__(self, chain: Chain, address: str) -> None:
        self.contract = Contract(chain, address, abi_of(NAME))

    # --- reads

    def operator_count(self, authority: str, at: int | None = None) -> int:
        """Return how many operators the authority ever entered."""
        return int(self.contract.read("operatorCount", to_bytes32(authority), at=at))

    def operators(self, authority: str, first: int, count: int, at: int | None = None) -> tuple[bytes, ...]:
        """Return at most `count` of the authority's operators, from number `first` (from 0) on."""
        return tuple(self.contract.read("operators", to_bytes32(authority), first, count, at=at))

    def code(self, authority: str, operator: bytes, at: int | None = None) -> str | None:
        """Return the operator's code; None if it was never entered."""
        return str(self.contract.read("code", to_bytes32(authority), operator, at=at)) or None

    def operator_entries(self, authority: str, operator: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the operator is authorized (code 1; tier_of, roles_of) or not (0)."""
        return self.contract.read_entries("operatorEntries", to_bytes32(authority), operator, at=at)

    def suspension_entries(self, authority: str, operator: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the operator is suspended (code 1, detail: the reason) or not (0)."""
        return self.contract.read_entries("suspensionEntries", to_bytes32(authority), operator, at=at)

    def status(
        self, authority: str, operator: bytes, time: int, known_at: int, at: int | None = None
    ) -> OperatorStatus:
        """Return the answer for `time`, as known at `known_at`."""
        arguments = (to_bytes32(authority), operator, time, known_at)
        state, tier, roles = self.contract.read("status", *arguments, at=at)
        return OperatorStatus(OperatorState(state), tier, TradeRole(roles))

    def aliases(self, authority: str, operator: bytes, at: int | None = None) -> tuple[bytes, ...]:
        """Return the id of every alias that the operator ever had."""
        return tuple(self.contract.read("aliases", to_bytes32(authority), operator, at=at))

    def alias(self, alias: bytes, at: int | None = None) -> Alias | None:
        """Return the alias of this id; None if it was never entered."""
        operator, counterpart, code = self.contract.read("aliasOf", alias, at=at)
        return Alias(operator, from_bytes32(counterpart), code) if any(counterpart) else None

    def alias_entries(self, alias: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the alias is in use (code 1) or not (0)."""
        return self.contract.read_entries("aliasEntries", alias, at=at)

    def changes(self, kind: OperatorChange, at: int | None = None) -> ChangeHead:
        """Return the change count and running hash of one kind of change."""
        return self.contract.read_changes(kind, at)

    def slots(self, places: Sequence[int], at: int | None = None) -> tuple[bytes, ...]:
        """Return the words in these storage slots (contracts.layout), in one call."""
        return self.contract.read_slots(places, at)

    # --- by an act account of customs, about its own operators: all or none of a list

    def grant(self, grants: Sequence[Grant]) -> Call:
        """Enter operators, or give them another term, tier or roles from a date on."""
        return self.contract.write("grant", [one.fields() for one in grants])

    def end(self, operators: Sequence[bytes], effective_from: int = 0) -> Call:
        """End the status of operators; 0 means now."""
        return self.contract.write("end", list(operators), effective_from)

    def suspend(self, operators: Sequence[bytes], reason: int = 0) -> Call:
        """Suspend operators at once; `reason` is a code of the published table."""
        return self.contract.write("suspend", list(operators), reason)

    def reinstate(self, operators: Sequence[bytes]) -> Call:
        """End the suspension of operators."""
        return self.contract.write("reinstate", list(operators))

    def add_aliases(self, grants: Sequence[AliasGrant]) -> Call:
        """State by which codes others know operators."""
        return self.contract.write("addAliases", [one.fields() for one in grants])

    def end_aliases(self, aliases: Sequence[bytes], effective_from: int = 0) -> Call:
        """End the use of aliases; 0 means now."""
        return self.contract.write("endAliases", list(aliases), effective_from)

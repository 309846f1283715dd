"""Random steps with operators and their aliases, and the answers after them."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from ledger.operator import Alias, AliasGrant, Grant, OperatorState, OperatorStatus, alias_id, operator_id
from ledger.operator_registry import OperatorRegistry
from ledger.trade_role import TradeRole
from tests.ledger.history_machine import HistoryMachine, begins, ends, entries, reason
from tests.ledger.registry_model import Operators

CUSTOMS = ("CN", "SG")
customs = st.sampled_from(CUSTOMS)
operator = st.sampled_from([0, 0, 1])


class OperatorRules(HistoryMachine):
    """Two operators, each of whom two customs may enter, and each other's codes as aliases."""

    def found(self) -> None:
        super().found()
        self.operators = Operators(self.world.members)
        # The second one fills more than a slot.
        self.codes = (f"AEOCN{self.number:010}", f"SG {self.number:040}")
        self.grant("CN", 0, 2, 5, -300, None)

    @property
    def operator_registry(self) -> OperatorRegistry:
        return self.world.consortium.registries.operator

    def compare(self, time: int, known: int, turn: int) -> None:
        super().compare(time, known, turn)
        country, code = CUSTOMS[turn // 2 % 2], self.codes[turn % 2]
        found = self.operator_registry.status(f"{country.lower()}.customs", operator_id(code), time, known)
        state, tier, roles = self.operators.answer(country, code, time, known)
        self.world.answers[f"operator {state}"] += 1
        assert found == OperatorStatus(OperatorState[state], tier, TradeRole(roles)), (country, code, time, known)

    def compare_lists(self) -> None:
        super().compare_lists()
        registry = self.operator_registry
        for country in CUSTOMS:
            for code in self.codes:
                key = f"{country.lower()}.customs", operator_id(code)
                granted = self.operators.granted[country, code]
                assert registry.operator_entries(*key) == entries(granted)
                assert registry.code(*key) == (code if granted else None)
                assert registry.suspension_entries(*key) == entries(self.operators.suspensions[country, code])
        for (country, counterpart, code), history in self.operators.aliases.items():
            found = registry.alias_entries(alias_id(f"{country.lower()}.customs", counterpart, code))
            assert found == entries(history)

    @rule(by=customs, place=operator, tier=st.integers(0, 255), roles=st.integers(0, 255), begin=begins, end=ends)
    def grant(self, by: str, place: int, tier: int, roles: int, begin: int | None, end: int | None) -> None:
        fields = self.codes[place], tier, roles, self.time(begin), self.time(end)
        call = self.operator_registry.grant([Grant(fields[0], tier, TradeRole(roles), *fields[3:])])
        self.add(self.customs(by), call, self.operators.grant, by, *fields)

    @rule(by=customs, place=operator, begin=begins)
    def end_operator(self, by: str, place: int, begin: int | None) -> None:
        code, time = self.codes[place], self.time(begin)
        call = self.operator_registry.end([operator_id(code)], time)
        self.add(self.customs(by), call, self.operators.end, by, code, time)

    @rule(by=customs, place=operator, reason=reason)
    def suspend_operator(self, by: str, place: int, reason: int) -> None:
        call = self.operator_registry.suspend([operator_id(self.codes[place])], reason)
        self.add(self.customs(by), call, self.operators.suspend, by, self.codes[place], reason)

    @rule(by=customs, place=operator)
    def reinstate_operator(self, by: str, place: int) -> None:
        call = self.operator_registry.reinstate([operator_id(self.codes[place])])
        self.add(self.customs(by), call, self.operators.reinstate, by, self.codes[place])

    @rule(by=customs, place=operator, alias=operator, begin=begins, end=ends)
    def add_alias(self, by: str, place: int, alias: int, begin: int | None, end: int | None) -> None:
        code, other, dates = self.codes[place], self.codes[alias], (self.time(begin), self.time(end))
        call = self.operator_registry.add_aliases([AliasGrant(Alias(operator_id(code), "asean", other), *dates)])
        self.add(self.customs(by), call, self.operators.add_alias, by, code, "asean", other, *dates)

    @rule(by=customs, alias=operator, begin=begins)
    def end_alias(self, by: str, alias: int, begin: int | None) -> None:
        other, time = self.codes[alias], self.time(begin)
        call = self.operator_registry.end_aliases([alias_id(f"{by.lower()}.customs", "asean", other)], time)
        self.add(self.customs(by), call, self.operators.end_alias, by, "asean", other, time)

"""A random history on the contracts and on their models: steps are gathered into blocks, then both are asked."""

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ledger.account import Account
from ledger.dated_list import Entry
from ledger.transaction import Call
from tests.ledger.registry_model import History
from tests.ledger.registry_world import COUNTRIES, Step, World

country = st.sampled_from(COUNTRIES)
reason = st.integers(0, 3)
begins = st.none() | st.none() | st.none() | st.integers(0, 600) | st.integers(-400, -1)
"""Seconds from the block on; None: now, in the registry's own way."""
ends = st.none() | st.none() | st.none() | st.integers(601, 1200) | st.integers(-400, 600)
_known = st.just(0) | st.integers(-1500, 100)
_moments = st.lists(st.tuples(st.integers(-600, 600) | st.integers(-1500, 1500), _known), min_size=1, max_size=2)


class HistoryMachine(RuleBasedStateMachine):
    """One history. What a rule does waits for the next block, whose time is known already."""

    world: ClassVar[World]

    @initialize()
    def begin(self) -> None:
        """Let every country be a member, and every part lay its ground in one block."""
        self.now, self.voted = self.world.begin(), False
        self.number = self.world.histories
        self.steps: list[Step] = []
        self.found()
        self._mine(0)
        self.follow()

    @rule(wait=st.integers(0, 300), moments=_moments)
    def block(self, wait: int, moments: list[tuple[int, int]]) -> None:
        """Make the block, and ask about moments around it: (effective, known)."""
        self._mine(wait)
        self.ask(moments)

    @rule(moments=_moments)
    def ask(self, moments: list[tuple[int, int]]) -> None:
        """Ask about other moments, what waits for a block being unknown."""
        self.world.rules += 1
        for time, known in moments:
            self.compare(self.now + time, self.now + known, next(self.world.turns))

    @precondition(lambda self: not self.voted)
    @rule(country=country, begin=begins, admits=st.booleans())
    def vote(self, country: str, begin: int | None, admits: bool) -> None:
        """Let two members admit or end a country."""
        self.voted = True
        self.world.rules += 1
        self.steps.extend(self.world.vote(self.now, country, self.time(begin), admits=admits))

    def teardown(self) -> None:
        """Let Singapore leave, ask about before and after, and compare every list, entry by entry."""
        if hasattr(self, "steps"):
            self._mine(0)
            self.vote("SG", None, admits=False)
            self.block(0, [(0, 0), (0, 0), (0, -2), (-2, 0)])
            self.compare_lists()

    def found(self) -> None:
        """What there is before the first rule."""

    def follow(self) -> None:
        """The first steps after that, for the next block."""

    def compare(self, time: int, known: int, turn: int) -> None:
        """Ask contracts and models about `time`, as known at `known`; each question when its turn comes."""
        registry, one = self.world.consortium.registries.authority, COUNTRIES[turn % len(COUNTRIES)]
        assert registry.member_has_left(one, time, known) is self.world.members.of[one].ended(time, known)

    def compare_lists(self) -> None:
        """Compare every list, entry by entry."""
        registry = self.world.consortium.registries.authority
        for one in COUNTRIES:
            assert registry.member_entries(one) == entries(self.world.members.of[one])

    def customs(self, country: str) -> Account:
        """The act account of the country's customs."""
        return self.world.account(f"{country.lower()}.customs")

    def time(self, offset: int | None) -> int:
        """The time that many seconds from the block on; 0 for None."""
        return 0 if offset is None else self.now + offset

    def add(self, account: Account, call: Call, model: Callable[..., None], *arguments: Any) -> None:
        """Put a call into the block, and the model's step with it."""
        self.world.rules += 1
        self.steps.append(Step(account, call, lambda now: model(now, *arguments)))

    def _mine(self, wait: int) -> None:
        self.world.rules += 1
        self.world.block(self.now, self.steps)
        self.steps, self.voted = [], False
        self.now += 1 + wait


def entries(history: History) -> tuple[Entry, ...]:
    """Return a model's facts as a registry gives them."""
    return tuple(Entry(*fact) for fact in history)

"""Random proposals, votes and executions on a registry of authorities of its own, and the answers after them."""

from collections.abc import Sequence
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contracts import artifact
from ledger.abi import abi_of
from ledger.account import Account
from ledger.authority import Domain, Founder, Role
from ledger.authority_registry import NAME, AuthorityRegistry
from ledger.transaction import Call, await_receipt, sign
from tests.ledger.governance_model import ACT, DAY, VOTE, Governance, Operation
from tests.ledger.governance_plan import COUNTRIES, OFFICES, VOTERS, Plan, country, office, plans, quorum, role, voter
from tests.ledger.history_machine import begins, ends, entries
from tests.ledger.registry_model import refuse
from tests.ledger.registry_world import LONG_AGO, Blocks, Step

place = st.integers(0, 3)
"""Which of the newest proposals."""


class GovernanceHistory(RuleBasedStateMachine):
    """One history of one registry. What a rule does waits for the next block."""

    world: ClassVar[Blocks]

    @initialize()
    def found(self) -> None:
        self.world.histories += 1
        self.accounts = [Account.generate() for _ in range(VOTERS)]
        self.steps: list[Step] = []
        self.now = self.world.consortium.chain.head().timestamp + LONG_AGO
        founders = {country: self.accounts[number].address for number, country in enumerate(COUNTRIES[:3])}
        self.registry = self._deployed(founders)
        self.model = Governance(self.now, founders, 2)
        self.now += 1
        self.passed([Plan("admit_member", country="JP"), Plan("add_authority", office="jp.customs")])
        self.passed([Plan("add_account", office="jp.customs", number=3)])

    @rule(by=voter, plans=plans, lasts=st.none() | st.none() | st.integers(-1, 900) | st.just(366 * DAY))
    def propose(self, by: int, plans: Sequence[Plan], lasts: int | None) -> None:
        expires = None if lasts is None else self.now + lasts
        calls, operations = self._planned(plans)
        self._add(by, self.registry.propose(calls, expires), "propose", operations, expires)

    @rule(by=voter, place=place)
    def approve(self, by: int, place: int) -> None:
        self._add(by, self.registry.approve(self._number(place)), "approve", self._number(place))

    @rule(by=voter, place=place)
    def withdraw(self, by: int, place: int) -> None:
        self._add(by, self.registry.withdraw_approval(self._number(place)), "withdraw", self._number(place))

    @rule(by=voter, place=place)
    def execute(self, by: int, place: int) -> None:
        self._add(by, self.registry.execute(self._number(place)), "execute", self._number(place))

    @rule(plans=plans)
    def passed(self, plans: Sequence[Plan]) -> None:
        """Proposed, approved by all who can and executed, each in a block of its own: so that much comes about."""
        self._mine(0)
        number = len(self.model.proposals)
        calls, operations = self._planned(plans)
        able = [one for one in range(VOTERS) if self._can_vote(one)] or [0]
        self._add(able[0], self.registry.propose(calls), "propose", operations, None)
        self._mine(0)
        for one in able[1:]:
            self._add(one, self.registry.approve(number), "approve", number)
        self._mine(0)
        self._add(able[0], self.registry.execute(number), "execute", number)

    # Each by itself, so that none is drawn seldom.

    @rule(country=country, begin=begins)
    def passed_admission(self, country: str, begin: int | None) -> None:
        self.passed([Plan("admit_member", country=country, begin=begin)])

    @rule(country=country, begin=begins)
    def passed_leaving(self, country: str, begin: int | None) -> None:
        self.passed([Plan("end_member", country=country, begin=begin)])

    @rule(office=office, number=voter, role=role, begin=begins, end=ends)
    def passed_account(self, office: str, number: int, role: int, begin: int | None, end: int | None) -> None:
        self.passed([Plan("add_account", office=office, number=number, role=role, begin=begin, end=end)])

    @rule(number=voter, begin=begins)
    def passed_rotation(self, number: int, begin: int | None) -> None:
        self.passed([Plan("end_account", number=number, begin=begin)])

    @rule(office=office, begin=begins, end=ends)
    def passed_office(self, office: str, begin: int | None, end: int | None) -> None:
        self.passed([Plan("add_authority", office=office, begin=begin, end=end)])

    @rule(office=office, begin=begins)
    def passed_end_of_office(self, office: str, begin: int | None) -> None:
        self.passed([Plan("end_authority", office=office, begin=begin)])

    @rule(quorum=quorum)
    def passed_quorum(self, quorum: int) -> None:
        self.passed([Plan("change_quorum", quorum=quorum)])

    @rule(gone=st.integers(0, 2), comes_back=st.booleans())
    def passed_late(self, gone: int, comes_back: bool) -> None:
        """Approved by all; one of them leaves, and perhaps comes back, before it is executed."""
        self._mine(0)
        number = len(self.model.proposals)
        calls, operations = self._planned([Plan("add_authority", office="sg.sea")])
        self._add(0, self.registry.propose(calls), "propose", operations, None)
        self._mine(0)
        for one in (1, 2):
            self._add(one, self.registry.approve(number), "approve", number)
        self.passed([Plan("end_member", country=COUNTRIES[gone])])
        if comes_back:
            self.passed([Plan("admit_member", country=COUNTRIES[gone])])
        self._mine(0)
        self._add((gone + 1) % 3, self.registry.execute(number), "execute", number)

    @rule(by=voter, plans=plans)
    def alone(self, by: int, plans: Sequence[Plan]) -> None:
        """Without a vote, nobody."""
        for call in self._planned(plans)[0]:
            self.world.rules += 1
            self.steps.append(Step(self.accounts[by], call, refuse))

    @rule(wait=st.integers(0, 300) | st.integers(0, 300) | st.just(31 * DAY), time=begins, known=st.integers(-900, 0))
    def block(self, wait: int, time: int | None, known: int) -> None:
        self._mine(wait)
        self.ask(time or 0, known)

    @rule(time=st.integers(-900, 900), known=st.integers(-900, 0))
    def ask(self, time: int, known: int) -> None:
        """About a time, as known at another; and what can be done in the newest block."""
        self.world.rules += 1
        self._compare(self.now + time, self.now + known)

    def teardown(self) -> None:
        """Ask about every office, and compare every list, entry by entry."""
        if not hasattr(self, "model"):
            return
        self._mine(0)
        for _ in OFFICES:
            self.ask(0, 0)
        registry, model = self.registry, self.model
        assert registry.quorum_entries() == entries(model.quorums)
        assert registry.proposal_count() == len(model.proposals)
        assert set(registry.members()) == {one for one, history in model.members.items() if history}
        assert set(registry.authorities()) == {one for one, history in model.offices.items() if history}
        for one in COUNTRIES:
            assert registry.member_entries(one) == entries(model.members[one])
        for one in OFFICES:
            assert registry.authority_entries(one) == entries(model.offices[one])
        for account in self.accounts:
            assert registry.account_entries(account.address) == entries(model.accounts[account.address])
        for number, proposal in enumerate(model.proposals):
            found = registry.proposal(number)
            assert (found.executed, registry.expires_at(number)) == (proposal.executed, proposal.expires)
            for one in COUNTRIES:
                assert registry.vote_entries(number, one) == entries(proposal.votes[one])
            self.world.answers["executed" if proposal.executed else "not executed"] += 1

    def _compare(self, time: int, known: int) -> None:
        turn, present = next(self.world.turns), self.world.consortium.chain.head().timestamp
        place, account = OFFICES[turn % len(OFFICES)], self.accounts[turn % VOTERS].address
        registry, model = self.registry, self.model
        expected = model.in_office(place, time, known)
        self.world.answers[f"in office {expected}"] += 1
        assert registry.in_office(place, time, known) is expected, (place, time, known)
        assert registry.authority_has_left(place, time, known) is model.has_left(place, time, known), place
        for one in (VOTE, ACT):
            assert registry.may_act(account, place, Role(one)) is model.may(present, account, place, one)
        assert registry.quorum() == model.quorums.code(present, present)
        if model.proposals:
            number = turn % len(model.proposals)
            assert registry.approval_count(number) == model.approvals(present, number), number

    def _planned(self, plans: Sequence[Plan]) -> tuple[list[Call], list[Operation]]:
        made = [plan.made(self.registry, self.accounts, self.now) for plan in plans]
        return [call for call, _ in made], [operation for _, operation in made]

    def _number(self, place: int) -> int:
        return max(0, len(self.model.proposals) - 1 - place)

    def _can_vote(self, number: int) -> bool:
        address = self.accounts[number].address
        return self.model.may(self.now, address, self.model.whose.get(address, ""), VOTE)

    def _add(self, by: int, call: Call, method: str, *arguments: object) -> None:
        self.world.rules += 1
        account = self.accounts[by]
        self.steps.append(
            Step(account, call, lambda now: getattr(self.model, method)(now, account.address, *arguments))
        )

    def _mine(self, wait: int) -> None:
        self.world.rules += 1
        self.world.block(self.now, self.steps)
        self.steps = []
        self.now += 1 + wait

    def _deployed(self, founders: dict[str, str]) -> AuthorityRegistry:
        """A registry of this history's own."""
        chain, abi = self.world.consortium.chain, abi_of(NAME)
        fields = [
            Founder(country, f"{country.lower()}.customs", Domain.CUSTOMS, address).fields()
            for country, address in founders.items()
        ]
        code = artifact(NAME).bytecode + abi.constructor([fields, 2])
        creation = sign(Account.generate(), Call(None, code, abi), nonce=0, chain_id=chain.chain_id, gas=10_000_000)
        self.world.consortium.clock.now = self.now
        receipt = await_receipt(chain, chain.send(creation.raw))
        assert receipt.contract_address
        return AuthorityRegistry(chain, receipt.contract_address)

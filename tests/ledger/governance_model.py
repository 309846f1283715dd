"""How the members must be able to govern themselves, as plainly as it can be said (IAuthorityRegistry.sol).

As in registry_model: written from the rules, a refused step raises Refusal, and nothing has changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.ledger.registry_model import History, require

DAY = 86_400
VOTE, ACT = 1, 2


class Operation(NamedTuple):
    """A call that only a vote makes: the model's method, and its arguments after the time."""

    name: str
    arguments: tuple[object, ...]


@dataclass
class Proposal:
    operations: Sequence[Operation]
    expires: int
    votes: dict[str, History] = field(default_factory=lambda: defaultdict(History))
    executed: bool = False


class Governance:
    """`founders`: the account that votes for each founding country's customs. Ids begin with their country's code."""

    def __init__(self, now: int, founders: dict[str, str], quorum: int) -> None:
        self.members: dict[str, History] = defaultdict(History)
        self.offices: dict[str, History] = defaultdict(History)
        self.domains: dict[str, int] = {}
        self.accounts: dict[str, History] = defaultdict(History)
        self.whose: dict[str, str] = {}
        self.quorums = History()
        self.quorums.add(now, quorum)
        self.proposals: list[Proposal] = []
        for country, account in founders.items():
            self.members[country].add(now, 1)
            self.offices[f"{country.lower()}.customs"].add(now, 1, 1)
            self.domains[f"{country.lower()}.customs"] = 1
            self.accounts[account].add(now, VOTE)
            self.whose[account] = f"{country.lower()}.customs"

    # --- votes

    def propose(self, now: int, by: str, operations: Sequence[Operation], expires: int | None) -> None:
        country = self._voter(now, by)
        require(expires is None or now < expires <= now + 365 * DAY)
        self.proposals.append(Proposal(operations, now + 30 * DAY if expires is None else expires))
        self.proposals[-1].votes[country].add(now, 1)

    def approve(self, now: int, by: str, number: int) -> None:
        country, proposal = self._voter(now, by), self._open(now, number)
        require(not self._counts(now, proposal, country))
        proposal.votes[country].add(now, 1)

    def withdraw(self, now: int, by: str, number: int) -> None:
        country, proposal = self._voter(now, by), self._open(now, number)
        require(proposal.votes[country].code(now, now) == 1)
        proposal.votes[country].add(now, 0)

    def execute(self, now: int, by: str, number: int) -> None:
        self._voter(now, by)
        proposal = self._open(now, number)
        require(self.approvals(now, number) >= self.quorums.code(now, now))
        after = deepcopy(self)
        for operation in proposal.operations:
            getattr(after, operation.name)(now, *operation.arguments)
        require(after.quorums.code(now, now) > 1 or after.ever() == 1)
        self.__dict__ = after.__dict__
        self.proposals[number].executed = True

    def approvals(self, now: int, number: int) -> int:
        """How many approvals count: of members that were not admitted anew since."""
        proposal = self.proposals[number]
        return sum(self._counts(now, proposal, country) for country in list(proposal.votes))

    # --- by vote only

    def admit_member(self, now: int, country: str, begin: int) -> None:
        history = self.members[country]
        require(not history or history[-1].code == 0)
        history.add(now, 1, 0, begin)

    def end_member(self, now: int, country: str, begin: int) -> None:
        self.members[country].close(now, begin)
        self._require_voters(now, begin or now)

    def add_authority(self, now: int, authority: str, domain: int, begin: int, end: int) -> None:
        history, country = self.offices[authority], authority[:2].upper()
        require(self.domains.setdefault(authority, domain) == domain)
        require(not history or history[-1].code == 0 or history[-1].end != 0)
        fact = history.add(now, 1, domain, begin, end)
        require(self.members[country].code(fact.begin, now) == 1)

    def end_authority(self, now: int, authority: str, begin: int) -> None:
        self.offices[authority].close(now, begin)
        self._require_voters(now, begin or now)

    def add_account(self, now: int, authority: str, role: int, account: str, begin: int, end: int) -> None:
        require(bool(self.offices[authority]) and not self.accounts[account])
        self.accounts[account].add(now, role, 0, begin, end)
        self.whose[account] = authority

    def end_account(self, now: int, account: str, begin: int) -> None:
        self.accounts[account].close(now, begin)
        if self.accounts[account][0].code == VOTE:
            self._require_voters(now, begin or now)

    def change_quorum(self, now: int, quorum: int) -> None:
        require(0 < quorum <= self.ever() and (quorum > 1 or self.ever() == 1))
        self.quorums.add(now, quorum)
        self._require_voters(now, now)

    # --- answers

    def ever(self) -> int:
        """How many countries are or were members, or will be."""
        return sum(bool(history) for history in self.members.values())

    def in_office(self, authority: str, time: int, known: int) -> bool:
        member = self.members.get(authority[:2].upper(), History())
        return self.offices[authority].code(time, known) == 1 == member.code(time, known)

    def has_left(self, authority: str, time: int, known: int) -> bool:
        member = self.members.get(authority[:2].upper(), History())
        return bool(self.domains.get(authority)) and (
            self.offices[authority].ended(time, known) or member.ended(time, known)
        )

    def may(self, now: int, account: str, authority: str, role: int) -> bool:
        own = self.whose.get(account) == authority and self.accounts[account].code(now, now) == role
        return own and self.in_office(authority, now, now)

    def _voter(self, now: int, account: str) -> str:
        authority = self.whose.get(account, "")
        require(self.may(now, account, authority, VOTE))
        return authority[:2].upper()

    def _open(self, now: int, number: int) -> Proposal:
        require(number < len(self.proposals))
        proposal = self.proposals[number]
        require(not proposal.executed and now < proposal.expires)
        return proposal

    def _counts(self, now: int, proposal: Proposal, country: str) -> bool:
        """It approves still, and the admission by which it is a member is not younger than its approval."""
        votes, member = proposal.votes[country], self.members[country].at(now, now)
        approves = votes.code(now, now) == 1 and member is not None and member.code == 1
        return approves and member is not None and member.begin <= votes[-1].recorded

    def _require_voters(self, now: int, time: int) -> None:
        """From then on, for ever, a quorum of countries can vote, as far as is known now."""
        able = {
            authority[:2]
            for account, authority in self.whose.items()
            if self._lasts(self.accounts[account], now, time, VOTE)
            and self._lasts(self.offices[authority], now, time, 1)
            and self._lasts(self.members[authority[:2].upper()], now, time, 1)
        }
        require(len(able) >= self.quorums.code(now, now))

    @staticmethod
    def _lasts(history: History, now: int, time: int, code: int) -> bool:
        """Whether the code holds at that time and at every later one."""
        moments = {time} | {moment for fact in history for moment in (fact.begin, fact.end) if moment > time}
        return all(history.code(moment, now) == code for moment in moments)

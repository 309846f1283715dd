"""What is proposed at random: a call that only a vote makes, and the step of the model that goes with it."""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from ledger.account import Account
from ledger.authority import Authority, Domain, Role
from ledger.authority_registry import AuthorityRegistry
from ledger.transaction import Call
from tests.ledger.governance_model import ACT, VOTE, Operation
from tests.ledger.history_machine import begins, ends

COUNTRIES = ("CN", "SG", "KR", "JP", "MY")
OFFICES = ("cn.customs", "sg.customs", "kr.customs", "jp.customs", "my.customs", "sg.sea")
NAMES = ("admit_member", "end_member", "add_authority", "end_authority", "add_account", "end_account", "change_quorum")
VOTERS = 7
"""The first three vote for the founders; the others are there to be entered."""

voter, country, office = st.integers(0, VOTERS - 1), st.sampled_from(COUNTRIES), st.sampled_from(OFFICES)
role, quorum = st.sampled_from([VOTE, VOTE, ACT]), st.sampled_from([2, 2, 3, 1, 0, 4])


class Plan(NamedTuple):
    """number: an account's. begin, end: seconds from the block on; None: now, and without end."""

    name: str
    country: str = ""
    office: str = ""
    number: int = 0
    role: int = VOTE
    domain: int = 1
    quorum: int = 2
    begin: int | None = None
    end: int | None = None

    def made(self, registry: AuthorityRegistry, accounts: Sequence[Account], now: int) -> tuple[Call, Operation]:
        """Return the call, and what the model makes of it."""
        begin, end = (0 if offset is None else now + offset for offset in (self.begin, self.end))
        address, authority = accounts[self.number].address, self.office
        arguments: tuple[object, ...]
        match self.name:
            case "admit_member":
                call, arguments = registry.admit_member(self.country, begin), (self.country, begin)
            case "end_member":
                call, arguments = registry.end_member(self.country, begin), (self.country, begin)
            case "add_authority":
                one = Authority(authority, authority[:2].upper(), Domain(self.domain))
                call, arguments = registry.add_authority(one, begin, end), (authority, self.domain, begin, end)
            case "end_authority":
                call, arguments = registry.end_authority(authority, begin), (authority, begin)
            case "add_account":
                call = registry.add_account(authority, Role(self.role), address, begin, end)
                arguments = authority, self.role, address, begin, end
            case "end_account":
                call, arguments = registry.end_account(address, begin), (address, begin)
            case _:
                call, arguments = registry.change_quorum(self.quorum), (self.quorum,)
        return call, Operation(self.name, arguments)


_plan = st.builds(
    Plan, st.sampled_from(NAMES), country, office, voter, role, st.sampled_from([1, 1, 2]), quorum, begins, ends
)
plans = st.lists(_plan, min_size=1, max_size=2)

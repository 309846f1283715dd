"""Many calls in one block of an embedded chain, each beside the step of a model that must be refused where it is."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from ledger.account import Account
from ledger.authority import Role
from ledger.transaction import Call, sign
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.ledger.registry_model import Fact, History, Members, Refusal

COUNTRIES = ("CN", "SG", "KR", "JP")
LONG_AGO = 1_000_000
"""Seconds between two histories: nothing of the one is in effect, or yet to come, in the other."""


@dataclass(frozen=True)
class Step:
    """A call, and what the model makes of it at the time of its block; the model raises Refusal where it says no."""

    account: Account
    call: Call
    model: Callable[[int], None]


class Blocks:
    """An embedded chain on which calls and their models go together, and what has become of them."""

    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium
        self.histories = self.rules = 0
        self.outcomes: Counter[bool] = Counter()
        self.answers: Counter[str] = Counter()
        self.turns = count()
        self.stranger = Account.generate()
        self._nonces: dict[str, int] = {}

    def block(self, now: int, steps: Sequence[Step]) -> None:
        """Make the block of this time with these steps; the model refuses exactly what the contracts refuse."""
        self.consortium.clock.now = now
        hashes = [self._send(step) for step in steps]
        self.consortium.embedded.mine()
        receipts = [self._request("eth_getTransactionReceipt", one) for one in hashes]
        order = sorted(range(len(steps)), key=lambda place: int(receipts[place]["transactionIndex"], 16))
        for place in order:
            accepted = int(receipts[place]["status"], 16) == 1
            self.outcomes[accepted] += 1
            assert _accepts(steps[place], now) is accepted, steps[place]
        assert self.consortium.chain.head().timestamp == now

    def _send(self, step: Step) -> str:
        chain, sender = self.consortium.chain, step.account.address
        nonce = self._nonces[sender] if sender in self._nonces else chain.nonce(sender)
        self._nonces[sender] = nonce + 1
        raw = sign(step.account, step.call, nonce=nonce, chain_id=chain.chain_id).raw
        return str(self._request("eth_sendRawTransaction", f"0x{raw.hex()}"))

    def _request(self, method: str, parameter: str) -> dict[str, str]:
        answer: dict[str, str] = self.consortium.embedded.request(method, [parameter])["result"]
        return answer


class World(Blocks):
    """The contracts, and the members' model, which goes on from one history to the next."""

    def __init__(self, consortium: Consortium) -> None:
        super().__init__(consortium)
        registry = consortium.registries.authority
        by_vote(consortium.chain, registry, consortium.voters, [registry.change_quorum(2)])
        self.members = Members(quorum=2)
        for country in COUNTRIES:
            entries = registry.member_entries(country)
            self.members.of[country] = History(
                Fact(one.code, one.detail, one.effective_from, one.effective_until, one.recorded_at) for one in entries
            )

    def account(self, authority: str, role: Role = Role.ACT) -> Account:
        return self.consortium.account(authority, role)

    def begin(self) -> int:
        """Begin a history in which every country is a member; return the time of its first block."""
        self.histories += 1
        now = self.consortium.chain.head().timestamp + LONG_AGO
        for country in COUNTRIES:
            if not self.members.acts(now, country):
                self.block(now, self.vote(now, country, 0, admits=True))
                now += 1
        return now + LONG_AGO

    def vote(self, now: int, country: str, begin: int, *, admits: bool) -> list[Step]:
        """The steps of a vote, at most one in a block: proposed, approved and executed by two members of then."""
        registry, model = self.consortium.registries.authority, self.members
        first, second = [one for one in COUNTRIES if model.acts(now, one)][:2]
        change = registry.admit_member if admits else registry.end_member
        number = registry.proposal_count()
        voters = [self.account(f"{one.lower()}.customs", Role.VOTE) for one in (first, second)]
        apply = model.admit if admits else model.end
        return [
            Step(voters[0], registry.propose([change(country, begin)]), lambda now: None),
            Step(voters[1], registry.approve(number), lambda now: None),
            Step(voters[0], registry.execute(number), lambda now: apply(now, country, begin)),
        ]


def _accepts(step: Step, now: int) -> bool:
    try:
        step.model(now)
    except Refusal:
        return False
    return True

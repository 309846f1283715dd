"""A node of the 15 members on one of the chains, and what its members do there."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.demonstration.establishing import establish_home
from api.demonstration.plan import PLAN
from api.demonstration.samples import sample
from api.home import Home
from ledger.account import Account
from ledger.authority import Role
from ledger.block import Block
from ledger.chain import Chain
from ledger.envelope import issue
from ledger.finality.form import CHECKPOINT, Form
from ledger.intent import skip_nonce
from ledger.kinds import kind
from ledger.registries import Registries
from ledger.transaction import Call, submit, submit_all
from ledger.vote import by_vote
from tests.api.passing_hours import passing_hours
from tests.demonstration_node import Api, node_of


@dataclass
class Site:
    """`depth`: so many blocks on top of one, and it stays. `founded`: the time when nobody had done anything more.

    `skip` moves the chain's time on, where that can be done; `ahead`: seconds by which it was.
    """

    api: Api
    depth: int
    founded: int
    skip: Callable[[int], None] | None = None
    ahead: int = 0

    @property
    def chain(self) -> Chain:
        return self.api.node.chain

    @property
    def registries(self) -> Registries:
        return self.api.node.registries

    def by(self, *calls: tuple[str, Call]) -> Block:
        """Let authorities make calls, each by its account that acts; return the last one's block, which stays."""
        accounts = self.api.established.keys.accounts
        receipts = submit_all(self.chain, [(accounts[one, Role.ACT], call) for one, call in calls])
        return self.settled(receipts[-1].transaction_hash)

    def vote(self, *calls: Call) -> Block:
        """Have the calls made by vote."""
        numbers = by_vote(self.chain, self.registries.authority, self.voters, list(calls))
        assert numbers
        return self.settled()

    @property
    def voters(self) -> Any:
        return self.api.established.keys.voters(PLAN)

    def settled(self, transaction: bytes | None = None) -> Block:
        """Return the block of the transaction, or else the newest, once it stays."""
        newest = self.chain.head().number
        while self.chain.head().number < newest + self.depth:
            time.sleep(0.1)
        receipt = self.chain.receipt(transaction) if transaction else None
        assert receipt or not transaction
        block = self.chain.block(receipt.block_number if receipt else newest)
        assert block
        return block

    def clock(self) -> float:
        """The time of a machine that goes by the chain's."""
        return time.time() + self.ahead

    def pass_time(self, seconds: int) -> None:
        """Let time pass on the chain: at once where it can be moved, elsewhere it is waited for."""
        if self.skip is None:
            time.sleep(seconds)
        else:
            self.skip(seconds)
            self.ahead += seconds

    def await_time(self, moment: int) -> None:
        """Wait until it is that time on the chain, where it passes with blocks only."""
        while self.chain.head().timestamp < moment:
            time.sleep(max(0.1, moment - self.clock()))
            submit(self.chain, Account.generate(), skip_nonce(self.registries.issuer.contract, bytes(32)))
        self.settled()

    def ask(self, path: str, **params: Any) -> dict[str, Any]:
        """Return the answer to a question that anybody may ask."""
        answer = self.api.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def recognition(self, by: str, of: str, programme: str = "aeo", **params: Any) -> dict[str, Any]:
        return self.ask("/v1/recognitions", by=by, of=of, programme=programme, **params)

    def registered(self, issuer: str, name: str) -> str:
        """Register the sample of a kind as its issuer; return the envelope, whose anchor is final."""
        key = self.api.established.keys.issuer_keys[issuer]
        envelope = issue(sample(name), kind(name), issuer, key, iat=int(time.time()) - 60).serialize()
        answer = self.api.http.post("/v1/documents", json={"envelope": envelope}, headers=self.api.key(issuer))
        assert answer.status_code == 202, answer.text
        assert self.api.until_final(answer.json()["digest"])["state"] == "final"
        return envelope

    def verify(self, envelope: str, **asked: Any) -> dict[str, Any]:
        answer = self.api.http.post("/v1/verifications", json={"envelope": envelope, **asked})
        assert answer.status_code == 200, answer.text
        verdict: dict[str, Any] = answer.json()
        return verdict


@contextmanager
def site_on(folder: Path, rpc: list[str], finality: Form = CHECKPOINT, depth: int = 0) -> Iterator[Site]:
    """Found the consortium on the chain whose nodes are at `rpc` and run one node of it."""
    home = folder / "home"
    with node_of(home, establish_home(Home(home), rpc=rpc, finality=finality)) as api:
        yield _founded(api, depth)


@contextmanager
def site_embedded(folder: Path) -> Iterator[Site]:
    """Found the consortium on the chain inside the node, whose time can be moved."""
    with passing_hours(folder / "home") as hours:
        site = _founded(hours.api)
        site.skip = hours.skip
        yield site


def _founded(api: Api, depth: int = 0) -> Site:
    site = Site(api, depth, 0)
    site.founded = site.settled().timestamp
    return site


def codes(verdict: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in verdict["findings"]}

"""A small consortium on an embedded chain: China, Singapore, Korea and Japan.

The fixture `consortium` (tests/conftest.py) gives each test module a fresh copy of it. Its chain makes a block as soon
as somebody asks for the receipt of a transaction that waits, stamped by `consortium.clock`, which only moves by hand.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from ledger.account import Account
from ledger.authority import Domain, Purpose, Role
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, Cosignature
from ledger.checkpoint_reading import CheckpointReader, read_checkpoint
from ledger.consortium import AuthorityPlan, ConsortiumKeys, IssuerPlan, MemberPlan, establish
from ledger.cosigner import Cosigner
from ledger.embedded import EmbeddedChain
from ledger.jwk import Algorithm
from ledger.network import Network
from ledger.private_key import PrivateKey
from ledger.registries import Registries
from ledger.transaction import Call, submit
from ledger.transaction_receipt import TransactionReceipt

START = 1_800_000_000


def member(country: str) -> MemberPlan:
    """A country with its three authorities and an issuer under each."""
    code = country.lower()
    # Half of the members use the one algorithm, half the other.
    algorithm = Algorithm.ES256 if country in ("CN", "KR") else Algorithm.ED25519
    places = (
        ("customs", Domain.CUSTOMS, "aeo", "aeo-credential"),
        ("maritime", Domain.MARITIME, "carrier", "bill-of-lading"),
        ("chamber", Domain.CHAMBER, "origin", "certificate-of-origin"),
    )
    return MemberPlan(
        country,
        tuple(
            AuthorityPlan(f"{code}.{name}", domain, (IssuerPlan(f"{code}.{issuer}", (kind,), algorithm),))
            for name, domain, issuer, kind in places
        ),
    )


PLAN = tuple(member(country) for country in ("CN", "SG", "KR", "JP"))


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: int) -> None:
        self.now += seconds


@dataclass(repr=False)
class Consortium:
    """A network that runs, and every secret in it."""

    directory: Path
    embedded: EmbeddedChain
    clock: Clock
    chain: Chain
    keys: ConsortiumKeys
    network: Network
    registries: Registries

    @classmethod
    def establish(cls, directory: Path) -> "Consortium":
        """Set up a new chain (seconds)."""
        clock = Clock()
        embedded = EmbeddedChain.open(directory / "chain", clock=clock)
        chain = Chain(mining_on_demand(embedded))
        keys = ConsortiumKeys.generate(PLAN)
        network = establish(chain, PLAN, keys, name="test")
        return cls(directory, embedded, clock, chain, keys, network, network.registries(chain))

    def copy(self, directory: Path) -> "Consortium":
        """Copy this consortium, whose chain must be closed, and open the copy."""
        shutil.copytree(self.directory / "chain", directory / "chain")
        clock = Clock(self.clock.now)
        embedded = EmbeddedChain.open(directory / "chain", clock=clock)
        chain = Chain(mining_on_demand(embedded))
        registries = self.network.registries(chain)
        return Consortium(directory, embedded, clock, chain, self.keys, self.network, registries)

    def __enter__(self) -> "Consortium":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.embedded.close()

    def account(self, authority: str, role: Role = Role.ACT) -> Account:
        return self.keys.accounts[authority, role]

    def service_key(self, authority: str, purpose: Purpose) -> PrivateKey:
        return self.keys.service_keys[authority, purpose]

    def issuer_key(self, issuer: str) -> PrivateKey:
        return self.keys.issuer_keys[issuer]

    @property
    def voters(self) -> list[Account]:
        return self.keys.voters(PLAN)

    def submit(self, account: Account, call: Call) -> TransactionReceipt:
        return submit(self.chain, account, call)

    def cosigner(self, authority: str, guard: Path | None = None) -> Cosigner:
        key = self.service_key(authority, Purpose.CHECKPOINTS)
        return Cosigner(authority, key, guard or self.directory / f"{authority}.guard", self.network)

    def checkpoint(self, number: int | None = None) -> Checkpoint:
        block = self.chain.head().number if number is None else number
        return read_checkpoint(self.chain, self.registries, block)

    def cosigned(self, checkpoint: Checkpoint, *countries: str, domain: str = "customs") -> list[Cosignature]:
        """The cosignatures of these countries' customs (all members, if none is named)."""
        names = countries or ("CN", "SG", "KR", "JP")
        cosigners = [self.cosigner(f"{country.lower()}.{domain}") for country in names]
        return [cosigner.cosign(checkpoint, CheckpointReader(self.chain)) for cosigner in cosigners]


def mining_on_demand(embedded: EmbeddedChain) -> Any:
    """A transport that makes a block when the receipt of a waiting transaction is asked for."""

    def request(method: str, params: list[Any]) -> dict[str, Any]:
        response = embedded.request(method, params)
        waited_for = method == "eth_getTransactionReceipt" and response.get("result", 0) is None
        if waited_for and embedded.request("eth_getTransactionByHash", params).get("result"):
            embedded.mine()
            return embedded.request(method, params)
        return response

    return request

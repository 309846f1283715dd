"""A consortium set up from a description: members, their authorities, and the issuers that these accredit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.account import Account
from ledger.authority import Authority, Domain, Founder, Purpose, Role
from ledger.authority_registry import AuthorityRegistry
from ledger.chain import Chain
from ledger.deployment import deploy
from ledger.finality.form import CHECKPOINT, Form
from ledger.issuer_registry import IssuerRegistry
from ledger.jwk import Algorithm
from ledger.network import Network
from ledger.private_key import PrivateKey
from ledger.transaction import Call, await_sent, submit_all
from ledger.vote import by_vote

_SERVICE_ALGORITHMS = {
    Purpose.ANSWERS: Algorithm.ED25519,
    Purpose.CHECKPOINTS: Algorithm.ED25519,
    Purpose.ENCRYPTION: Algorithm.X25519,
}


@dataclass(frozen=True, slots=True)
class IssuerPlan:
    """An issuer, the kinds it is accredited for, and the algorithm of its document key."""

    id: str
    kinds: tuple[str, ...]
    algorithm: Algorithm = Algorithm.ES256


@dataclass(frozen=True, slots=True)
class AuthorityPlan:
    """An authority and the issuers that it accredits. One that runs no node needs neither an account that anchors
    nor every service key."""

    id: str
    domain: Domain
    issuers: tuple[IssuerPlan, ...] = ()
    roles: tuple[Role, ...] = (Role.ACT, Role.ANCHOR)
    purposes: tuple[Purpose, ...] = tuple(Purpose)


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """A member country; the first of its authorities founds the consortium and votes for it."""

    country: str
    authorities: tuple[AuthorityPlan, ...]


Plan = Sequence[MemberPlan]


@dataclass(frozen=True, slots=True)
class ConsortiumKeys:
    """Every secret of a consortium whose members all live in one process: for demonstrations and tests."""

    deployer: Account
    accounts: Mapping[tuple[str, Role], Account]
    service_keys: Mapping[tuple[str, Purpose], PrivateKey]
    issuer_accounts: Mapping[str, Account]
    issuer_keys: Mapping[str, PrivateKey]

    @classmethod
    def generate(cls, plan: Plan) -> "ConsortiumKeys":
        """Make new keys for everybody in the plan."""
        return cls(
            deployer=Account.generate(),
            accounts={place: Account.generate() for place in account_places(plan)},
            service_keys={
                (one.id, purpose): PrivateKey.generate(_SERVICE_ALGORITHMS[purpose])
                for one in _authorities(plan)
                for purpose in one.purposes
            },
            issuer_accounts={one.id: Account.generate() for one in _issuers(plan)},
            issuer_keys={one.id: PrivateKey.generate(one.algorithm) for one in _issuers(plan)},
        )

    def voters(self, plan: Plan) -> list[Account]:
        """Return the account that votes, for each member."""
        return [self.accounts[member.authorities[0].id, Role.VOTE] for member in plan]


def account_places(plan: Plan) -> list[tuple[str, Role]]:
    """Return which accounts the plan's authorities have: one votes for each member, the others by their roles."""
    founders = [(member.authorities[0].id, Role.VOTE) for member in plan]
    return founders + [(one.id, role) for one in _authorities(plan) for role in one.roles]


def establish(
    chain: Chain,
    plan: Plan,
    keys: ConsortiumKeys,
    *,
    network: Network | None = None,
    name: str = "portseal",
    rpc: Sequence[str] = (),
    finality: Form = CHECKPOINT,
) -> Network:
    """Bring about what the plan describes and return the network; more than half of the members vote for it.

    Does only what is missing. To go on after an interruption, keep the keys before the call and give them again.
    Raises Refused `contract.*`, Unavailable `chain.*`.
    """
    network = network or found(chain, plan, keys, name=name, rpc=rpc, finality=finality)
    network.check(chain)
    await_sent(chain, keys.accounts.values())
    registries = network.registries(chain)
    by_vote(chain, registries.authority, keys.voters(plan), list(_by_vote_calls(registries.authority, plan, keys)))
    # Neither builds on the other: on a chain with a block each second they go into the same ones.
    service_keys = list(_service_key_calls(registries.authority, plan, keys))
    submit_all(chain, [*service_keys, *_issuer_calls(registries.issuer, plan, keys)])
    return network


def found(
    chain: Chain,
    plan: Plan,
    keys: ConsortiumKeys,
    *,
    name: str = "portseal",
    rpc: Sequence[str] = (),
    finality: Form = CHECKPOINT,
) -> Network:
    """Deploy the registries with the plan's members as founders, each with its first authority."""
    founders = [
        Founder(member.country, first.id, first.domain, keys.accounts[first.id, Role.VOTE].address)
        for member in plan
        for first in member.authorities[:1]
    ]
    quorum = len(founders) // 2 + 1
    return deploy(chain, keys.deployer, founders, quorum, name=name, rpc=rpc, finality=finality)


def _authorities(plan: Plan) -> Iterator[AuthorityPlan]:
    for member in plan:
        yield from member.authorities


def _issuers(plan: Plan) -> Iterator[IssuerPlan]:
    for authority in _authorities(plan):
        yield from authority.issuers


def _by_vote_calls(registry: AuthorityRegistry, plan: Plan, keys: ConsortiumKeys) -> Iterator[Call]:
    known = set(registry.authorities())
    for member in plan:
        for one in member.authorities:
            if one.id not in known:
                yield registry.add_authority(Authority(one.id, member.country, one.domain))
    for authority, role in account_places(plan):
        address = keys.accounts[authority, role].address
        if registry.account(address) is None:
            yield registry.add_account(authority, role, address)


def _service_key_calls(registry: AuthorityRegistry, plan: Plan, keys: ConsortiumKeys) -> Iterator[tuple[Account, Call]]:
    for one in _authorities(plan):
        for purpose in one.purposes:
            key = keys.service_keys[one.id, purpose].public_key
            if registry.service_key(key.thumbprint) is None:
                yield keys.accounts[one.id, Role.ACT], registry.add_service_key(one.id, purpose, key)


def _issuer_calls(registry: IssuerRegistry, plan: Plan, keys: ConsortiumKeys) -> Iterator[tuple[Account, Call]]:
    known = set(registry.issuers())
    for authority in _authorities(plan):
        actor = keys.accounts[authority.id, Role.ACT]
        for issuer in authority.issuers:
            if issuer.id not in known:
                yield actor, registry.add_issuer(issuer.id, authority.id)
            for call in _accreditation_calls(registry, issuer, keys):
                yield actor, call


def _accreditation_calls(registry: IssuerRegistry, issuer: IssuerPlan, keys: ConsortiumKeys) -> Iterator[Call]:
    accredited = set(registry.kinds(issuer.id))
    if missing := [kind for kind in issuer.kinds if kind not in accredited]:
        yield registry.accredit(issuer.id, missing)
    address = keys.issuer_accounts[issuer.id].address
    if registry.account_issuer(address) is None:
        yield registry.add_account(issuer.id, address)
    key = keys.issuer_keys[issuer.id].public_key
    if registry.key(key.thumbprint) is None:
        yield registry.add_key(issuer.id, key)

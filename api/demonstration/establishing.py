"""A node's folder for the demonstration: chain, consortium, keystores, tenants."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from anchors.database import Database, upgrade
from anchors.tenants import Tenants
from api.demonstration.founding_clock import FoundingClock
from api.demonstration.plan import HOST, PLAN, READER, custodial_issuers
from api.demonstration.recognition import enter
from api.home import Home
from api.settings import Settings
from ledger.account import Account, write_account
from ledger.authority import Purpose, Role
from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from ledger.embedded import EmbeddedChain
from ledger.finality.form import CHECKPOINT, Form
from ledger.jwk import Algorithm
from ledger.keystore import FEWEST_ITERATIONS, write_key
from ledger.private_key import PrivateKey
from ledger.secret_file import write_new

SCRYPT_N = 2**10
"""Keystores of the demonstration open quickly: their passphrase is 192 random bits, which no work factor makes better.
A real node, whose passphrase somebody thought of, keeps the defaults of `write_account` and `write_key`."""


@dataclass(frozen=True)
class Tenancy:
    """A tenant of the demonstration: its API key, and the key with which it reads payloads."""

    api_key: str
    encryption_key: PrivateKey


@dataclass(frozen=True)
class Established:
    """What the demonstration knows of its consortium."""

    keys: ConsortiumKeys
    tenants: Mapping[str, Tenancy]


def establish_home(
    home: Home, chain: Chain | None = None, rpc: Sequence[str] = (), finality: Form = CHECKPOINT
) -> Established:
    """Fill an empty folder; `network.json` is written last, so that a folder that has it is whole.

    The consortium is founded on the chain whose nodes are at `rpc`, seen through `chain` or the first of them; without
    both, on an embedded chain in the folder. Raises as `establish`.
    """
    passphrase = secrets.token_urlsafe(24)
    keys = ConsortiumKeys.generate(PLAN)
    home.path.mkdir(parents=True, exist_ok=True)
    write_new(home.passphrase, passphrase.encode() + b"\n")
    home.authority.write_text(HOST + "\n", encoding="utf-8")
    tenants = dict(_tenants(home, keys))
    _write_keys(home, keys, {tenant: one.encryption_key for tenant, one in tenants.items()}, passphrase)
    lines = "".join(f"{tenant} {one.api_key}\n" for tenant, one in tenants.items())
    write_new(home.api_keys, lines.encode("ascii"))
    with _ground(home, chain, rpc) as founded_on:
        network = establish(founded_on, PLAN, keys, name="demonstration", rpc=rpc, finality=finality)
        enter(founded_on, network.registries(founded_on), keys)
        network.write(home.network)
    return Established(keys, tenants)


@contextmanager
def _ground(home: Home, chain: Chain | None, rpc: Sequence[str]) -> Iterator[Chain]:
    if chain is not None:
        yield chain
    elif rpc:
        with closing(Chain.http(rpc[0])) as opened:
            yield opened
    else:
        with EmbeddedChain.open(home.chain, clock=FoundingClock()) as embedded:
            embedded.start()
            yield Chain(embedded.request, is_local=True)


def _write_keys(home: Home, keys: ConsortiumKeys, reading: Mapping[str, PrivateKey], passphrase: str) -> None:
    for path, key in _key_files(home, keys, reading):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_key(path, key, passphrase, iterations=FEWEST_ITERATIONS)
    for path, account in _account_files(home, keys):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_account(path, account, passphrase, scrypt_n=SCRYPT_N)


def _key_files(
    home: Home, keys: ConsortiumKeys, reading: Mapping[str, PrivateKey]
) -> Iterator[tuple[Path, PrivateKey]]:
    """Yield what the host holds: its own key, its issuers' by their choice; here alone, every member's cosigner too."""
    yield home.answers_key, keys.service_keys[HOST, Purpose.ANSWERS]
    for member in PLAN:
        authority = member.authorities[0].id
        yield home.cosigner_key(authority), keys.service_keys[authority, Purpose.CHECKPOINTS]
    for issuer in custodial_issuers():
        yield home.issuer_key(issuer), keys.issuer_keys[issuer]
        yield home.tenant_key(issuer), reading[issuer]
    yield home.path / "consortium" / f"{READER}.encryption.jwe", reading[READER]


def _account_files(home: Home, keys: ConsortiumKeys) -> Iterator[tuple[Path, Account]]:
    yield home.anchor_account, keys.accounts[HOST, Role.ANCHOR]
    yield home.relay_account, Account.generate()
    for issuer in custodial_issuers():
        yield home.issuer_account(issuer), keys.issuer_accounts[issuer]
    for (authority, role), account in keys.accounts.items():
        yield home.path / "consortium" / f"{authority}.{role.name.lower()}.json", account


def _tenants(home: Home, keys: ConsortiumKeys) -> Iterator[tuple[str, Tenancy]]:
    """Make every issuer a tenant that registers for itself, and the foreign customs one that only reads."""
    database = Database(Settings(home=home.path).database_address())
    upgrade(database)
    tenants = Tenants(database)
    readers = {issuer: PrivateKey.generate(Algorithm.X25519) for issuer in keys.issuer_keys}
    readers[READER] = keys.service_keys[READER, Purpose.ENCRYPTION]
    for tenant, key in readers.items():
        tenants.create(tenant, [tenant] if tenant in keys.issuer_keys else [], key.public_key)
        yield tenant, Tenancy(tenants.issue_api_key(tenant), key)
    database.close()

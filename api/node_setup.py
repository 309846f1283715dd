"""A node's folder for a network that is there: its keys, their public halves, and last of all the network file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.home import Home
from ledger.account import Account, write_account
from ledger.authority import Purpose
from ledger.finality.form import CHECKPOINT
from ledger.identifier import to_bytes32
from ledger.jwk import Algorithm
from ledger.keystore import write_key
from ledger.network import Network
from ledger.private_key import PrivateKey
from verifier.trust_roots import TrustRoots


@dataclass(frozen=True)
class NewNode:
    """What a new node needs entered in the registries: its anchor account, and service keys by authority and purpose.

    keys: the files with their public halves.
    """

    anchor: str
    relay: str
    keys: Mapping[tuple[str, Purpose], Path]


def set_up(
    home: Home,
    network: Network,
    authority: str,
    cosigners: Sequence[str],
    passphrase: str,
    roots: TrustRoots | None = None,
) -> NewNode:
    """Fill an empty folder; `network.json` is written last, so that a folder that has it is whole.

    roots: what the node is to prove by; without them it takes its own from the chain when it first needs them.

    Where the network's finality is by checkpoints, the authority and all `cosigners` get a key for them here. Raises
    Invalid `identifier.form`, `home.unfinished`, `keystore.passphrase`, Refused `home.not-empty`, `file.*`.
    """
    for one in (authority, *cosigners):
        to_bytes32(one)
    home.check_free()
    home.path.mkdir(parents=True, exist_ok=True)
    home.authority.write_text(authority + "\n", encoding="utf-8")
    anchor, relay = Account.generate(), Account.generate()
    for path, account in ((home.anchor_account, anchor), (home.relay_account, relay)):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_account(path, account, passphrase)
    signing = [authority, *cosigners] if network.finality == CHECKPOINT else []
    keys = dict(_written(home, authority, dict.fromkeys(signing), passphrase))
    if roots is not None:
        home.trust.write_text(json.dumps(roots.to_json(), indent=2) + "\n", encoding="utf-8")
    network.write(home.network)
    return NewNode(anchor.address, relay.address, keys)


def _written(
    home: Home, authority: str, signing: Mapping[str, None], passphrase: str
) -> Iterator[tuple[tuple[str, Purpose], Path]]:
    """Make each key, write both halves, and yield where the public one is."""
    wanted = {
        (authority, Purpose.ANSWERS): home.answers_key,
        (authority, Purpose.ENCRYPTION): home.tenant_key(authority),
    }
    wanted |= {(one, Purpose.CHECKPOINTS): home.cosigner_key(one) for one in signing}
    for (owner, purpose), path in wanted.items():
        key = PrivateKey.generate(Algorithm.X25519 if purpose is Purpose.ENCRYPTION else Algorithm.ED25519)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_key(path, key, passphrase)
        public = home.public_key(owner, purpose.name.lower())
        public.parent.mkdir(parents=True, exist_ok=True)
        public.write_text(json.dumps(key.public_key.jwk(), indent=2) + "\n", encoding="ascii")
        yield (owner, purpose), public

"""What a command that writes begins with: the network file, the registries by its addresses, and a node to ask."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.client import Client
from api.cli.options import DEFAULT_HOME
from ledger.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from ledger.network import Network
    from ledger.registries import Registries
    from ledger.transaction import Call

_NETWORK_FILE = "network.json"


@dataclass(frozen=True)
class Draft:
    """A call that somebody is to sign, and the id that it is about, 32 bytes."""

    call: "Call"
    subject: bytes


@dataclass(frozen=True)
class Drafting:
    """The registries make calls here; they read nothing. The addresses are the network file's, never a node's."""

    network: "Network"
    registries: "Registries"
    client: Client


def open_drafting(network: Path | None, node: str | None) -> Drafting:
    """Read the network file. Raises Invalid `network.*`."""
    # Only here: web3 takes seconds to load.
    from ledger.chain import Chain

    found = read_network(network)
    return Drafting(found, found.registries(Chain(_no_chain)), Client(node))


def read_network(path: Path | None) -> "Network":
    """Return the network by the file named, else by the one in PORTSEAL_HOME. Raises Invalid `network.*`."""
    from ledger.network import Network

    home = Path(os.environ.get("PORTSEAL_HOME", DEFAULT_HOME)).expanduser()
    file = path or home / _NETWORK_FILE
    if not file.is_file():
        mend = "name your consortium's network file with --network or PORTSEAL_NETWORK"
        raise Invalid("network.missing", "no network file was given, so that no contract is known", mend=mend)
    return Network.read(file)


def _no_chain(method: str, params: list[Any]) -> dict[str, Any]:
    raise Unavailable("chain.none", f"a command that writes asks no chain ({method})", mend="tell the developers")


Make = Callable[..., Draft]
"""Takes a Drafting and the command's own parameters."""

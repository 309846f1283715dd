"""A network file: which chain, through which nodes, which contracts with which code, which form of finality."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.address import is_checksum_address
from eth_utils.crypto import keccak

from ledger.chain import Chain
from ledger.deployed_contract import DeployedContract as DeployedContract
from ledger.errors import Invalid, Refused, Unavailable
from ledger.finality.form import CHECKPOINT, Form, from_json, to_json
from ledger.registries import NAMES, Registries
from ledger.strict_json import parse

_HASH = re.compile(r"0x[0-9a-f]{64}")
_MEND = "compare the file with the one that the consortium publishes"


@dataclass(frozen=True, slots=True)
class Network:
    """One deployment. `rpc` holds the addresses of nodes; none means the embedded chain.

    `deployed_at` is the block from which on the registries' events can be read. `finality`: which proof makes a
    block final, with the signers that are pinned for it.
    """

    name: str
    chain_id: int
    genesis_hash: bytes
    rpc: tuple[str, ...]
    contracts: Mapping[str, DeployedContract]
    deployed_at: int = 0
    finality: Form = CHECKPOINT

    def registries(self, chain: Chain) -> Registries:
        """Return the typed clients of this network's registries."""
        return Registries.at(chain, self.addresses())

    def addresses(self) -> dict[str, str]:
        """Return the address of each registry, by its name."""
        return {name: found.address for name, found in self.contracts.items()}

    def check(self, chain: Chain) -> None:
        """Check that the chain is this one and holds these contracts.

        Raises Unavailable `chain.other-network` (another chain answers), Refused `network.code`.
        """
        if (chain.chain_id, chain.genesis_hash) != (self.chain_id, self.genesis_hash):
            detail = f"the node is on chain {chain.chain_id} with genesis 0x{chain.genesis_hash.hex()}"
            mend = f"use a node of {self.name}, chain {self.chain_id}, genesis 0x{self.genesis_hash.hex()}"
            raise Unavailable("chain.other-network", detail, mend=mend)
        for name, contract in self.contracts.items():
            if keccak(chain.code(contract.address)) != contract.code_hash:
                detail = f"the code of {name} at {contract.address} is not the one in the network file"
                raise Refused("network.code", detail, mend=_MEND)

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all, in place of an older one. Raises Refused `network.unwritable`."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with temporary.open("w", encoding="utf-8") as file:
                json.dump(self._fields(), file, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            detail = f"the network file {path.name} cannot be written ({error.strerror})"
            raise Refused("network.unwritable", detail, mend="check the directory and its permissions") from None

    @classmethod
    def read(cls, path: Path) -> "Network":
        """Read the file. Raises Invalid `network.file`, `network.form` with a pointer, `json.*`."""
        try:
            data = path.read_bytes()
        except OSError as error:
            detail = f"the network file {path.name} cannot be read ({error.strerror})"
            raise Invalid("network.file", detail, mend="check the path and its permissions") from None
        return _network(parse(data))

    def _fields(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "chain_id": self.chain_id,
            "genesis_hash": f"0x{self.genesis_hash.hex()}",
            "rpc": list(self.rpc),
            "contracts": {
                name: {"address": one.address, "code_hash": f"0x{one.code_hash.hex()}"}
                for name, one in self.contracts.items()
            },
            "deployed_at": self.deployed_at,
            "finality": to_json(self.finality),
        }


def _network(fields: Any) -> Network:
    if not isinstance(fields, dict):
        raise _malformed("", "an object")
    contracts = fields.get("contracts")
    if not isinstance(contracts, dict):
        raise _malformed("/contracts", f"an object with {', '.join(NAMES)}")
    if missing := [name for name in NAMES if name not in contracts]:
        raise _without(missing)
    rpc = fields.get("rpc")
    if not isinstance(rpc, list) or not all(isinstance(url, str) for url in rpc):
        raise _malformed("/rpc", "a list of addresses")
    return Network(
        name=_text(fields, "name"),
        chain_id=_number(fields, "chain_id"),
        genesis_hash=_hash(fields.get("genesis_hash"), "/genesis_hash"),
        rpc=tuple(rpc),
        contracts={name: _contract(one, f"/contracts/{name}") for name, one in contracts.items()},
        deployed_at=_number(fields, "deployed_at"),
        finality=_finality(fields.get("finality")),
    )


def _finality(value: Any) -> Form:
    # Files of before there were other forms name it in one word.
    return CHECKPOINT if value == "checkpoint" else from_json(value)


def _contract(fields: Any, pointer: str) -> DeployedContract:
    address = fields.get("address") if isinstance(fields, dict) else None
    if not isinstance(address, str) or not is_checksum_address(address):
        raise _malformed(f"{pointer}/address", "an address in checksum form (EIP-55)")
    return DeployedContract(address, _hash(fields.get("code_hash"), f"{pointer}/code_hash"))


def _hash(value: Any, pointer: str) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise _malformed(pointer, "0x and 64 digits 0-9 a-f")
    return bytes.fromhex(value[2:])


def _text(fields: Mapping[str, Any], name: str) -> str:
    if not isinstance(value := fields.get(name), str):
        raise _malformed(f"/{name}", "a text")
    return value


def _number(fields: Mapping[str, Any], name: str) -> int:
    if type(value := fields.get(name)) is not int or value < 0:
        raise _malformed(f"/{name}", "a whole number, not negative")
    return value


def _without(missing: list[str]) -> Invalid:
    """Say which registries the file lacks: one of an older edition knows three."""
    detail = f"the network file names no {', no '.join(missing)}; an older edition of Portseal wrote it, or it is cut"
    mend = "deploy a new network with this edition, or go on with the edition that made this one"
    return Invalid("network.form", detail, pointer="/contracts", mend=mend)


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("network.form", f"a network file needs {what} here", pointer=pointer, mend=_MEND)

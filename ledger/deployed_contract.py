"""A contract on the chain, as a network file or trust roots pin it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeployedContract:
    """Where a contract is, and keccak-256 of its code there."""

    address: str
    code_hash: bytes

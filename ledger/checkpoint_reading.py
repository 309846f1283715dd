"""Reading from a node what a block says, for a checkpoint of it."""

from collections.abc import Mapping
from enum import IntEnum
from threading import Lock

from ledger import registry_names
from ledger.authority import AuthorityChange
from ledger.block import Block
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.change_heads import change_heads
from ledger.checkpoint import Checkpoint
from ledger.document_status import DocumentChange
from ledger.errors import Unavailable
from ledger.issuer_state import IssuerChange
from ledger.operator import OperatorChange
from ledger.recognition import RecognitionChange
from ledger.registries import Registries

_CHANGES: Mapping[str, tuple[str, type[IntEnum]]] = {
    registry_names.AUTHORITIES: ("authority-registry", AuthorityChange),
    registry_names.ISSUERS: ("issuer-registry", IssuerChange),
    registry_names.DOCUMENTS: ("document-registry", DocumentChange),
    registry_names.RECOGNITIONS: ("recognition-registry", RecognitionChange),
    registry_names.OPERATORS: ("operator-registry", OperatorChange),
}


class CheckpointReader:
    """What one node says of blocks: a block is read once for all cosigners that see the chain through this node.

    For one task: after a reorganisation the same number is another block. Thread-safe.
    """

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._read: dict[tuple[frozenset[tuple[str, str]], int], Checkpoint] = {}
        self._lock = Lock()

    def read(self, addresses: Mapping[str, str], number: int) -> Checkpoint:
        """Return what the block `number` says; addresses: of the registries, by name. Raises as `read_checkpoint`."""
        place = frozenset(addresses.items()), number
        with self._lock:
            if place not in self._read:
                self._read[place] = read_checkpoint(self._chain, Registries.at(self._chain, addresses), number)
            return self._read[place]


def read_checkpoint(chain: Chain, registries: Registries, number: int) -> Checkpoint:
    """Return what the block `number` says.

    Raises Unavailable `chain.no-block` if the node does not have it, `chain.reorganised` if it was replaced while
    it was read.
    """
    block = _block(chain, number)
    heads = _heads(registries, number)
    if _block(chain, number) != block:
        detail = f"the block {number} was replaced while it was read"
        raise Unavailable("chain.reorganised", detail, mend="read it again")
    return Checkpoint(
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash,
        number=number,
        block_hash=block.hash,
        state_root=block.state_root,
        time=block.timestamp,
        heads=heads,
    )


def _block(chain: Chain, number: int) -> Block:
    block = chain.block(number)
    if block is None:
        detail = f"the node does not have the block {number}"
        raise Unavailable("chain.no-block", detail, mend="wait until the node has caught up")
    return block


def _heads(registries: Registries, number: int) -> dict[str, ChangeHead]:
    contracts = registries.contracts()
    return {
        f"{prefix}.{kind.name.lower().replace('_', '-')}": head
        for name, (prefix, kinds) in _CHANGES.items()
        for kind, head in change_heads(contracts[name], name, kinds, number).items()
    }

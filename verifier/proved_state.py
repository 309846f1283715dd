"""State of the registries that is proved under a block's state root: of the node, only its proofs are believed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledger.account_proof import AccountProof
from ledger.block import Block
from ledger.deployed_contract import DeployedContract
from ledger.errors import Unavailable
from ledger.state_proof import verify_state
from ledger.storage_words import StorageWords

Prove = Callable[[str, Sequence[int], int], AccountProof]
"""Gives the proof of the account at an address and of slots of its storage, at a block's number: `Chain.proof`."""


@dataclass
class ProvedState:
    """One block's. Every word is checked before it is given, and its proof kept in `proofs`, by contract.

    contracts: where each registry is, and the hash of its code, as the trust roots pin them. block: its state root is
    the caller's to prove.
    """

    block: Block
    contracts: Mapping[str, DeployedContract]
    prove: Prove
    proofs: dict[str, AccountProof] = field(default_factory=dict)
    _words: dict[str, StorageWords] = field(default_factory=dict)

    def words(self, contract: str, block: Block) -> StorageWords:
        """Return the storage of a registry. Reading it raises Unavailable `chain.*`, `proof.code`, Invalid `proof.*`.

        Raises Unavailable `proof.block` for another block.
        """
        if block.hash != self.block.hash:
            raise Unavailable(
                "proof.block", "state of another block is asked for", mend="ask at the block that is proved"
            )
        if contract not in self._words:
            self._words[contract] = StorageWords(lambda slots: self._read(contract, slots))
        return self._words[contract]

    @property
    def nodes(self) -> frozenset[bytes]:
        """The nodes of all proofs that were read."""
        proofs = self.proofs.values()
        of_slots = {node for one in proofs for slot in one.slots.values() for node in slot.nodes}
        return frozenset(of_slots | {node for one in proofs for node in one.nodes})

    def _read(self, contract: str, slots: Sequence[int]) -> list[bytes]:
        found = proved(self.block, contract, self.contracts[contract], slots, self.prove)
        self._keep(contract, found)
        return [found.slots[slot].value for slot in slots]

    def _keep(self, contract: str, found: AccountProof) -> None:
        earlier = self.proofs[contract].slots if contract in self.proofs else {}
        self.proofs[contract] = replace(found, slots={**earlier, **found.slots})


def proved(block: Block, contract: str, deployed: DeployedContract, slots: Sequence[int], prove: Prove) -> AccountProof:
    """Return the proof of exactly these slots of a registry, checked under the block's state root.

    Raises Unavailable `chain.*`, `proof.code`, Invalid `proof.*`.
    """
    proof = prove(deployed.address, slots, block.number)
    found = {slot: proof.slots[slot] for slot in slots if slot in proof.slots}
    if len(found) != len(set(slots)) or proof.address != deployed.address:
        raise Unavailable("proof.other", "the node proves something else than was asked", mend="ask another node")
    checked = replace(proof, slots=found)
    if not verify_state(block.state_root, checked) or proof.code_hash != deployed.code_hash:
        detail = f"the code of {contract} at {deployed.address} is not the pinned one"
        mend = "compare the trust roots with those that the consortium publishes"
        raise Unavailable("proof.code", detail, mend=mend)
    return checked

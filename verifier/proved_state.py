"""State of the registries that is proved under a block's state root: of the node, only its proofs are believed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledger.account_proof import AccountProof, SlotProof
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
    def nodes(self) -> set[bytes]:
        """The nodes of all proofs that were read."""
        proofs = self.proofs.values()
        nodes = {node for one in proofs for node in one.nodes}
        return nodes | {node for one in proofs for slot in one.slots.values() for node in slot.nodes}

    def _read(self, contract: str, slots: Sequence[int]) -> list[bytes]:
        deployed = self.contracts[contract]
        proof = self.prove(deployed.address, slots, self.block.number)
        found = {slot: proof.slots[slot] for slot in slots if slot in proof.slots}
        if len(found) != len(set(slots)) or proof.address != deployed.address:
            raise Unavailable("chain.answer", "the node proves something else than was asked", mend="ask another node")
        if (
            not verify_state(self.block.state_root, replace(proof, slots=found))
            or proof.code_hash != deployed.code_hash
        ):
            detail = f"the code of {contract} at {deployed.address} is not the pinned one"
            raise Unavailable(
                "proof.code", detail, mend="compare the trust roots with those that the consortium publishes"
            )
        self._keep(contract, proof, found)
        return [found[slot].value for slot in slots]

    def _keep(self, contract: str, proof: AccountProof, found: Mapping[int, SlotProof]) -> None:
        earlier = self.proofs[contract].slots if contract in self.proofs else {}
        self.proofs[contract] = replace(proof, slots={**earlier, **found})

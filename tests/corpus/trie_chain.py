"""One block of a world with the tries of its state: a chain as far as evidence is made from it, and what pins it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from contracts.keccak import keccak
from ledger import strict_rlp
from ledger.account_proof import AccountProof, SlotProof
from ledger.address import address_bytes, checksum_address
from ledger.block import Block
from ledger.checkpoint import TYPE, Checkpoint, Cosignature
from ledger.deployed_contract import DeployedContract
from ledger.jws import sign_statement
from ledger.network import Network
from ledger.registries import NAMES
from ledger.trie_walk import walk
from tests.corpus.members import cosigner_key, customs, pinned_roster
from tests.corpus.storage import words_of
from tests.corpus.tries import Nodes, trie_of
from tests.verifier.world import World
from verifier.trust_roots import PinnedContract, TrustRoots, layout_hash

CHAIN_ID, GENESIS = 1, b"g" * 32
CONTRACTS: Mapping[str, DeployedContract] = {
    name: DeployedContract(checksum_address(sha256(name.encode()).digest()[:20]), keccak(name.encode()))
    for name in NAMES
}
NETWORK = Network("corpus", CHAIN_ID, GENESIS, (), CONTRACTS)


def cosigned(checkpoint: Checkpoint, *countries: str) -> tuple[Cosignature, ...]:
    """Return the cosignatures of these countries' customs."""
    keys = [(country, cosigner_key(country)) for country in countries]
    return tuple(
        Cosignature(customs(country), key.public_key.kid, sign_statement(checkpoint.claims(), key, TYPE))
        for country, key in keys
    )


def trust_roots() -> TrustRoots:
    """Return what pins the world's chain: the members' keys, the contracts and their layouts."""
    contracts = {name: PinnedContract(one, layout_hash(name)) for name, one in CONTRACTS.items()}
    return TrustRoots("corpus", CHAIN_ID, GENESIS, contracts, pinned_roster(), 0, 0)


class TrieChain:
    """The newest block of a world as it stands when this is made."""

    chain_id, genesis_hash = CHAIN_ID, GENESIS

    def __init__(self, world: World) -> None:
        words = words_of(world)
        self.nodes: Nodes = {}
        self._roots = {name: self._storage(words.get(name, {})) for name in CONTRACTS}
        accounts = {keccak(address_bytes(one.address)): self._account(name) for name, one in CONTRACTS.items()}
        state_root, nodes = trie_of(accounts)
        self.nodes |= nodes
        self.head = replace(world.block(world.now), state_root=state_root)

    def checkpoint(self) -> Checkpoint:
        """Return what the members cosign of the block."""
        head = self.head
        return Checkpoint(CHAIN_ID, GENESIS, head.number, head.hash, head.state_root, head.timestamp, {})

    def block(self, number: int) -> Block | None:
        """Return the block, if it is this one."""
        return self.head if number == self.head.number else None

    def proof(self, address: str, slots: Sequence[int], number: int) -> AccountProof:
        """Return the proof of an account and of its slots."""
        assert number == self.head.number
        [name] = [name for name, one in CONTRACTS.items() if one.address == address]
        _, nodes = self._walked(self.head.state_root, keccak(address_bytes(address)))
        root = self._roots[name]
        found = {slot: self._slot(root, slot) for slot in slots}
        return AccountProof(address, 1, 0, CONTRACTS[name].code_hash, root, nodes, found)

    def _slot(self, root: bytes, slot: int) -> SlotProof:
        value, nodes = self._walked(root, keccak(slot.to_bytes(32)))
        word = strict_rlp.decode(value, 0) if value else b""
        assert isinstance(word, bytes)
        return SlotProof(word.rjust(32, b"\0"), nodes)

    def _walked(self, root: bytes, key: bytes) -> tuple[bytes, tuple[bytes, ...]]:
        walked: list[bytes] = []

        def node_at(name: bytes) -> bytes:
            walked.append(self.nodes[name])
            return walked[-1]

        return walk(root, key, node_at), tuple(walked)

    def _storage(self, words: Mapping[int, bytes]) -> bytes:
        encoded = {keccak(slot.to_bytes(32)): strict_rlp.encode(word.lstrip(b"\0")) for slot, word in words.items()}
        root, nodes = trie_of(encoded)
        self.nodes |= nodes
        return root

    def _account(self, name: str) -> bytes:
        return strict_rlp.encode([b"\1", b"", self._roots[name], CONTRACTS[name].code_hash])

"""Checking what a node says of an account and its storage against a state root (EIP-1186)."""

from collections.abc import Sequence

from contracts.keccak import keccak
from ledger import strict_rlp
from ledger.account_proof import AccountProof, SlotProof
from ledger.address import address_bytes, is_checksum_address
from ledger.errors import Invalid
from ledger.trie_walk import DEEPEST_NODE, EMPTY_ROOT, walk

__all__ = ["EMPTY_ROOT", "verify_account", "verify_state", "verify_storage"]

_EMPTY_CODE = keccak(b"")
_EMPTY_NODE = b"\x80"
# A key has 64 nibbles, each takes one node at most, and the leaf may stand below them all.
_MOST_NODES = 65
# 17 entries of 33 bytes and three bytes of length are the longest node that the state has.
_LONGEST_NODE = 600
_MEND = "get the proof again, from another node if need be"


def verify_account(state_root: bytes, proof: AccountProof) -> bool:
    """Check all that the proof says of the account; return whether there is one. Its slots are not looked at.

    An account that is not there has neither nonce nor balance, code or storage. Raises Invalid `proof.form` (no such
    values or nodes), `proof.nodes` (they are not exactly the path from the root), `proof.value` (another account).
    """
    key = keccak(_address(proof.address))
    found = _proved(state_root, key, proof.nodes)
    if found == b"":
        if not _says_nothing(proof):
            raise _other("an account where there is none")
        return False
    if found != _account(proof):
        raise _other("another account than the one there")
    return True


def verify_storage(storage_root: bytes, slot: int, proof: SlotProof) -> None:
    """Check that a slot holds `proof.value` under a storage root that verify_account has checked; 0 is absence.

    Raises Invalid `proof.form`, `proof.nodes` and `proof.value` as verify_account does.
    """
    if not 0 <= slot < 2**256 or len(proof.value) != 32:
        raise _malformed("a slot or its value does not have 32 bytes")
    found = _proved(storage_root, keccak(slot.to_bytes(32, "big")), proof.nodes)
    # Absence is zero; anvil's trie also holds the zeros that were written.
    written = strict_rlp.encode(proof.value.lstrip(b"\0"))
    if (found or _EMPTY_NODE) != written:
        raise _other(f"another value than the one in the slot {slot:#x}")


def verify_state(state_root: bytes, proof: AccountProof) -> bool:
    """Check the account and each of its slots; return whether there is such an account. Raises as both checks do."""
    there = verify_account(state_root, proof)
    storage_root = proof.storage_root if there else EMPTY_ROOT
    for slot, found in proof.slots.items():
        verify_storage(storage_root, slot, found)
    return there


class _Path(dict[bytes, bytes]):
    """Nodes by their hash, which remembers which ones were asked for."""

    def __init__(self, nodes: Sequence[bytes]) -> None:
        super().__init__((keccak(node), node) for node in nodes)
        self.walked: list[bytes] = []

    def __getitem__(self, node_hash: bytes) -> bytes:
        node = super().__getitem__(node_hash)
        self.walked.append(node)
        return node


def _proved(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes:
    """Return the value under a key, or nothing; the nodes must be the path to it and nothing besides."""
    if len(root) != 32:
        raise _malformed("the root does not have 32 bytes")
    _check_nodes(nodes)
    # Clients differ in whether they give the one node of an empty trie.
    if root == EMPTY_ROOT and list(nodes) == [_EMPTY_NODE]:
        return b""
    path = _Path(nodes)
    try:
        value = walk(root, key, path.__getitem__)
    except (KeyError, ValueError):
        raise _astray("a node is missing or is none") from None
    if path.walked != list(nodes):
        raise _astray("they stand in another order, or there are too many")
    return value


def _check_nodes(nodes: Sequence[bytes]) -> None:
    if len(nodes) > _MOST_NODES or any(len(node) > _LONGEST_NODE for node in nodes):
        raise _malformed(f"there are more than {_MOST_NODES} nodes, or one of more than {_LONGEST_NODE} bytes")
    for node in nodes:
        try:
            strict_rlp.decode(node, DEEPEST_NODE)
        except ValueError as error:
            raise _malformed(f"a node cannot be read ({error})") from None


def _address(address: str) -> bytes:
    if not is_checksum_address(address):
        raise _malformed("the address is not in checksum form (EIP-55)")
    return address_bytes(address)


def _account(proof: AccountProof) -> bytes:
    if not (0 <= proof.nonce < 2**64 and 0 <= proof.balance < 2**256):
        raise _malformed("nonce or balance is out of range")
    numbers = [_number(proof.nonce), _number(proof.balance)]
    return strict_rlp.encode([*numbers, proof.storage_root, proof.code_hash])


def _says_nothing(proof: AccountProof) -> bool:
    # Some clients give zeros for the hashes of what is not there.
    no_hash = bytes(32)
    return (
        (proof.nonce, proof.balance) == (0, 0)
        and proof.code_hash in (_EMPTY_CODE, no_hash)
        and proof.storage_root in (EMPTY_ROOT, no_hash)
    )


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _malformed(what: str) -> Invalid:
    return Invalid("proof.form", f"the proof cannot be read: {what}", mend=_MEND)


def _astray(what: str) -> Invalid:
    return Invalid("proof.nodes", f"the nodes are not the path from the root: {what}", mend=_MEND)


def _other(what: str) -> Invalid:
    return Invalid("proof.value", f"the proof is said to show {what}", mend=_MEND)

"""State of the registries out of an evidence file: every word is walked to from the state root of a final block."""

from collections.abc import Mapping, Sequence

from contracts.keccak import keccak
from ledger import strict_rlp
from ledger.address import address_bytes
from ledger.block import Block
from ledger.errors import Unavailable
from ledger.storage_words import StorageWords
from ledger.trie_walk import walk
from verifier.trust_roots import TrustRoots, layout_hash

_ANOTHER = "have an evidence file made for this question: `portseal evidence`"
_WORD = 32


class FileState:
    """nodes: of the state, by their hash. The nodes need not be believed: each is named by the hash of its bytes."""

    def __init__(self, roots: TrustRoots, nodes: Mapping[bytes, bytes]) -> None:
        self._roots = roots
        self._nodes = nodes
        self._words: dict[tuple[str, bytes], StorageWords] = {}
        self._storage_roots: dict[tuple[str, bytes], bytes] = {}

    def words(self, contract: str, block: Block) -> StorageWords:
        """Return the storage of a registry at a block whose state root is proved.

        Reading it raises Unavailable `evidence.not-recorded`, `evidence.node`, `proof.code`, `trust.layout`.
        """
        place = (contract, block.state_root)
        if place not in self._words:
            self._words[place] = StorageWords(lambda slots: self._read(contract, block.state_root, slots))
        return self._words[place]

    def _read(self, contract: str, state_root: bytes, slots: Sequence[int]) -> list[bytes]:
        place = (contract, state_root)
        if place not in self._storage_roots:
            self._storage_roots[place] = self._storage_root(contract, state_root)
        return [self._word(self._storage_roots[place], slot) for slot in slots]

    def _storage_root(self, contract: str, state_root: bytes) -> bytes:
        pinned = self._roots.contracts[contract]
        if layout_hash(contract) != pinned.layout_hash:
            detail = f"this software reads the storage of {contract} by another layout than the pinned one"
            raise Unavailable("trust.layout", detail, mend="use the edition of Portseal that the consortium runs")
        account = self._value(state_root, keccak(address_bytes(pinned.deployed.address)))
        fields = strict_rlp.decode(account, 1) if account else []
        if len(fields) != 4 or fields[3] != pinned.deployed.code_hash or not isinstance(fields[2], bytes):
            detail = f"the code of {contract} at {pinned.deployed.address} is not the pinned one"
            mend = "compare the trust roots with those that the consortium publishes"
            raise Unavailable("proof.code", detail, mend=mend)
        return fields[2]

    def _word(self, storage_root: bytes, slot: int) -> bytes:
        value = self._value(storage_root, keccak(slot.to_bytes(_WORD)))
        found = strict_rlp.decode(value, 0) if value else b""
        if not isinstance(found, bytes) or len(found) > _WORD:
            raise Unavailable("evidence.node", "a slot holds something else than a word", mend=_ANOTHER)
        return found.rjust(_WORD, b"\0")

    def _value(self, root: bytes, key: bytes) -> bytes:
        try:
            return walk(root, key, self._nodes.__getitem__)
        except KeyError:
            detail = "the file does not record what is asked for"
            raise Unavailable("evidence.not-recorded", detail, mend=_ANOTHER) from None
        except ValueError as error:
            raise Unavailable("evidence.node", f"a node cannot be read ({error})", mend=_ANOTHER) from None

"""What must hold for a chain that was opened again, whatever happened to the process before."""

from ledger.embedded import EmbeddedChain
from tests.chain.contracts import words
from tests.chain.sender import ask
from tests.chain.test_embedded_blocks import header_hash
from tests.chain.trie_walk import decode, value_at


def _proved_slot(chain: EmbeddedChain, address: str, slot: int) -> int:
    root = bytes.fromhex(ask(chain, "eth_getBlockByNumber", "latest", False)["stateRoot"][2:])
    proof = ask(chain, "eth_getProof", address, [hex(slot)], "latest")
    nodes = [bytes.fromhex(node[2:]) for node in proof["accountProof"]]
    account = decode(value_at(root, bytes.fromhex(address[2:]), nodes))
    nodes = [bytes.fromhex(node[2:]) for node in proof["storageProof"][0]["proof"]]
    value = value_at(account[2], words(slot), nodes)
    return int.from_bytes(decode(value), "big") if value else 0


def check_blocks(chain: EmbeddedChain, first: int = 0) -> int:
    """Every block is whole and stands on the one before it; return the number of transactions."""
    count, parent = 0, None
    for number in range(first, int(ask(chain, "eth_blockNumber"), 16) + 1):
        block = ask(chain, "eth_getBlockByNumber", hex(number), True)
        assert header_hash(block) == block["hash"]
        assert parent in (None, block["parentHash"])
        receipts = ask(chain, "eth_getBlockReceipts", hex(number))
        assert [one["hash"] for one in block["transactions"]] == [one["transactionHash"] for one in receipts]
        count, parent = count + len(receipts), block["hash"]
    return count


def check_state(chain: EmbeddedChain, sender: str, contract: str) -> int:
    """Every transaction of `sender` but the first wrote its nonce into its slot; return how many there are."""
    nonce = int(ask(chain, "eth_getTransactionCount", sender, "latest"), 16)
    for slot in range(max(1, nonce - 10), nonce):
        assert _proved_slot(chain, contract, slot) == slot
    if nonce:
        assert _proved_slot(chain, contract, nonce) == 0
    return nonce

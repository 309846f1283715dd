from pathlib import Path

import pytest
import rlp
from eth_utils.crypto import keccak
from trie.hexary import HexaryTrie

from ledger.embedded import GENESIS_TIME, EmbeddedChain
from tests.chain.contracts import STORE, TIME, logger, words
from tests.chain.sender import Clock, Sender, ask, fault

# fmt: off
ORDER = (
    "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty",
    "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas",
)
# fmt: on
NUMBERS = {"difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"}


def header_hash(block: dict) -> str:
    """Recompute a block's hash from its JSON members (yellow paper §4.3, EIP-1559)."""
    fields = []
    for name in ORDER:
        digits = block[name][2:]
        if name in NUMBERS:
            digits = "" if digits == "0" else digits.rjust(len(digits) + len(digits) % 2, "0")
        fields.append(bytes.fromhex(digits))
    return "0x" + keccak(rlp.encode(fields)).hex()


def test_every_header_hashes_to_its_hash_and_chains_up(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, logger(2))
    for _ in range(5):
        sender.send(chain, to=address, data=words(1, 2))
        chain.mine()
        chain.mine()
    parent = "0x" + "00" * 32
    for number in range(int(ask(chain, "eth_blockNumber"), 16) + 1):
        block = ask(chain, "eth_getBlockByNumber", hex(number), False)
        assert header_hash(block) == block["hash"]
        assert block["parentHash"] == parent
        assert ask(chain, "eth_getBlockByHash", block["hash"], False) == block
        parent = block["hash"]


def test_genesis_depends_on_the_chain_id_alone(tmp_path: Path) -> None:
    def genesis(name: str, chain_id: int) -> dict:
        with EmbeddedChain.open(tmp_path / name, chain_id=chain_id) as chain:
            return dict(ask(chain, "eth_getBlockByNumber", "earliest", False))

    first = genesis("a", 87001)
    assert first == genesis("b", 87001)
    assert first["hash"] != genesis("c", 87002)["hash"]
    assert first["hash"] == "0x17f37731e1ef5d887565b8a1daa86e0966a76e71b90fea7d72dd85534ccdf4e3"
    assert int(first["timestamp"], 16) == GENESIS_TIME


def _root(items: list[bytes]) -> str:
    trie = HexaryTrie({})
    for place, item in enumerate(items):
        trie[rlp.encode(place)] = item
    return "0x" + trie.root_hash.hex()


def test_roots_of_transactions_and_receipts_recompute(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, logger(3))
    raws = []
    for number in range(20):
        raws.append(
            sender.raw(to=address, data=words(number, 7, 8), gasPrice=None, maxFeePerGas=0, maxPriorityFeePerGas=0)
        )
        sender.nonce += 1
        ask(chain, "eth_sendRawTransaction", raws[-1])
    chain.mine()
    block = ask(chain, "eth_getBlockByNumber", "latest", False)
    receipts = ask(chain, "eth_getBlockReceipts", "latest")
    assert block["transactionsRoot"] == _root([bytes.fromhex(raw[2:]) for raw in raws])
    assert block["receiptsRoot"] == _root([_encode_receipt(receipt) for receipt in receipts])
    bloom = 0
    for receipt in receipts:
        bloom |= int(receipt["logsBloom"], 16)
    assert int(block["logsBloom"], 16) == bloom != 0


def _encode_receipt(receipt: dict) -> bytes:
    def data(text: str) -> bytes:
        return bytes.fromhex(text[2:])

    logs = [
        [data(log["address"]), [data(topic) for topic in log["topics"]], data(log["data"])] for log in receipt["logs"]
    ]
    gas = rlp.encode(int(receipt["cumulativeGasUsed"], 16))
    fields = [b"\x01", rlp.decode(gas), data(receipt["logsBloom"]), logs]
    return b"\x02" + rlp.encode(fields)


def test_tags(chain: EmbeddedChain) -> None:
    chain.mine()
    chain.mine()
    latest = ask(chain, "eth_getBlockByNumber", "latest", False)
    assert latest["number"] == ask(chain, "eth_blockNumber") == "0x2"
    for tag in ("safe", "finalized", "0x2"):
        assert ask(chain, "eth_getBlockByNumber", tag, False) == latest
    pending = ask(chain, "eth_getBlockByNumber", "pending", True)
    assert (pending["number"], pending["hash"], pending["parentHash"]) == ("0x3", None, latest["hash"])
    assert ask(chain, "eth_getBlockByNumber", "0x3", False) is None
    assert ask(chain, "eth_getBlockByHash", "0x" + "11" * 32, False) is None
    assert ask(chain, "eth_getBlockByNumber", hex(2**255), False) is None


@pytest.mark.parametrize("block", ["", "0x", "0x01", "1", "newest", "0xg", 1, 1.5, True, [], {}, "0x" + "1" * 65])
def test_blocks_that_are_none(chain: EmbeddedChain, block: object) -> None:
    assert fault(chain, "eth_getBlockByNumber", block, False)["code"] == -32602
    assert fault(chain, "eth_getBalance", "0x" + "00" * 20, block)["code"] == -32602


def test_base_fee_and_gas_limit_never_move(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, STORE)
    for key in range(100):
        sender.send(chain, to=address, data=words(key, 1))
    chain.mine()
    chain.mine()
    block = ask(chain, "eth_getBlockByNumber", "latest", False)
    assert (block["baseFeePerGas"], block["gasLimit"]) == ("0x0", hex(2**40))


def test_empty_block_leaves_the_state(chain: EmbeddedChain, sender: Sender) -> None:
    sender.deploy(chain, STORE)
    before = ask(chain, "eth_getBlockByNumber", "latest", False)["stateRoot"]
    chain.mine()
    assert ask(chain, "eth_getBlockByNumber", "latest", False)["stateRoot"] == before


def test_contract_sees_the_time_of_its_block(chain: EmbeddedChain, sender: Sender, clock: Clock) -> None:
    address = sender.deploy(chain, TIME)
    clock.now += 1000.5
    sender.send(chain, to=address)
    clock.now += 7
    chain.mine()
    stamp = ask(chain, "eth_getBlockByNumber", "latest", False)["timestamp"]
    assert int(ask(chain, "eth_getStorageAt", address, "0x0", "latest"), 16) == int(stamp, 16) == int(clock.now)


def test_calls_see_the_block_that_they_ask_for(chain: EmbeddedChain, sender: Sender, clock: Clock) -> None:
    address = sender.deploy(chain, TIME)
    clock.now += 100
    chain.mine()
    for tag in ("0x1", "0x2", "latest"):
        seen = bytes.fromhex(ask(chain, "eth_call", {"to": address, "data": "0x01"}, tag)[2:])
        block = ask(chain, "eth_getBlockByNumber", tag, False)
        assert seen == words(int(block["timestamp"], 16), int(block["number"], 16))
    clock.now += 50
    seen = bytes.fromhex(ask(chain, "eth_call", {"to": address, "data": "0x01"}, "pending")[2:])
    assert seen == words(int(clock.now), 3)

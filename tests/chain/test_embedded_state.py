import random
import threading

import pytest

from ledger.embedded import EmbeddedChain
from tests.chain.contracts import BROKEN, LOOP, RECURSE, REVERT, STORE, creation, words
from tests.chain.sender import Sender, ask, fault
from tests.chain.trie_walk import ProofError, decode, value_at

NOBODY = "0x" + "42" * 20


def _word(value: int) -> str:
    return "0x" + value.to_bytes(32, "big").hex()


@pytest.fixture
def address(chain: EmbeddedChain, sender: Sender) -> str:
    return sender.deploy(chain, STORE)


def test_state_of_every_past_block_stays(chain: EmbeddedChain, sender: Sender, address: str) -> None:
    for value in range(1, 8):
        sender.send(chain, to=address, data=words(5, value))
        chain.mine()
    for value in range(8):
        block = {"blockHash": ask(chain, "eth_getBlockByNumber", hex(1 + value), False)["hash"]}
        for at in (hex(1 + value), block, {"blockNumber": hex(1 + value)}):
            assert ask(chain, "eth_getStorageAt", address, "0x5", at) == _word(value)
            assert ask(chain, "eth_call", {"to": address, "data": "0x" + words(5).hex()}, at) == _word(value)
            assert ask(chain, "eth_getTransactionCount", sender.address, at) == hex(1 + value)
    assert ask(chain, "eth_getCode", address, "0x0") == "0x"
    assert ask(chain, "eth_getCode", address, "0x1") == "0x" + STORE.hex()


def test_calls_change_nothing(chain: EmbeddedChain, address: str) -> None:
    before = ask(chain, "eth_getBlockByNumber", "latest", False)["stateRoot"]
    ask(chain, "eth_call", {"to": address, "data": "0x" + words(1, 2).hex()})
    ask(chain, "eth_estimateGas", {"to": address, "data": "0x" + words(1, 2).hex()})
    chain.mine()
    assert ask(chain, "eth_getStorageAt", address, "0x1", "latest") == _word(0)
    assert ask(chain, "eth_getBlockByNumber", "latest", False)["stateRoot"] == before


def test_slots_in_both_spellings(chain: EmbeddedChain, sender: Sender, address: str) -> None:
    sender.send(chain, to=address, data=words(2**255, 9))
    chain.mine()
    assert ask(chain, "eth_getStorageAt", address, hex(2**255)) == _word(9)
    sender.send(chain, to=address, data=words(0, 3))
    chain.mine()
    assert ask(chain, "eth_getStorageAt", address, "0x" + "00" * 32) == ask(chain, "eth_getStorageAt", address, "0x0")


def test_revert_data_in_geths_shape(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, REVERT)
    for data in ("0x", "0x12345678" + "00" * 32):
        expected = {"code": 3, "message": "execution reverted", "data": data}
        assert fault(chain, "eth_call", {"to": address, "data": data}) == expected
        assert fault(chain, "eth_estimateGas", {"to": address, "data": data}) == expected


def test_reason_of_require_stands_in_the_message(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, REVERT)
    reason = "0x08c379a0" + words(32, 3).hex() + b"bad".hex().ljust(64, "0")
    assert fault(chain, "eth_call", {"to": address, "data": reason}) == {
        "code": 3,
        "message": "execution reverted: bad",
        "data": reason,
    }
    for broken in ("0x08c379a0", "0x08c379a0" + "ff" * 64, "0x08c379a0" + words(32, 1).hex() + "ff".ljust(64, "0")):
        assert fault(chain, "eth_call", {"to": address, "data": broken})["message"].startswith("execution reverted")


def test_other_failures(chain: EmbeddedChain, sender: Sender) -> None:
    loop, broken = sender.deploy(chain, LOOP), sender.deploy(chain, BROKEN)
    assert fault(chain, "eth_call", {"to": loop, "gas": "0x20000"}) == {"code": -32000, "message": "out of gas"}
    assert fault(chain, "eth_call", {"to": broken})["code"] == -32000
    assert "insufficient funds" in fault(chain, "eth_call", {"to": loop, "value": "0x1"})["message"]
    assert "intrinsic gas too low" in fault(chain, "eth_call", {"to": loop, "gas": "0x1"})["message"]


def test_deepest_recursion_in_a_thread(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, RECURSE)
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(ask(chain, "eth_call", {"to": address})))
    thread.start()
    thread.join()
    assert answers == ["0x"]


@pytest.mark.parametrize("data", [words(77, 1), creation(STORE)])
def test_estimate_is_enough_and_close(chain: EmbeddedChain, sender: Sender, address: str, data: bytes) -> None:
    target = {"to": address} if len(data) == 64 else {}
    gas = int(ask(chain, "eth_estimateGas", {"from": sender.address, "data": "0x" + data.hex(), **target}), 16)
    sent = sender.send(chain, data=data, gas=gas, **target)
    chain.mine()
    receipt = ask(chain, "eth_getTransactionReceipt", sent)
    assert receipt["status"] == "0x1"
    assert gas <= int(receipt["gasUsed"], 16) * 1.1 + 10_000


def test_estimate_covers_what_a_callee_needs(chain: EmbeddedChain, sender: Sender, address: str) -> None:
    """The caller keeps 1/64 of its gas (EIP-150), so gas used alone would be too little."""
    forward = "36600060003760006000366000600073" + address[2:].lower() + "5af1601f57600080fd" + "5b00"
    jump = forward.index("60" + "1f57") // 2
    code = bytearray.fromhex(forward)
    code[jump + 1] = len(code) - 2
    caller = sender.deploy(chain, bytes(code))
    gas = int(ask(chain, "eth_estimateGas", {"to": caller, "data": "0x" + words(3, 4).hex()}), 16)
    sent = sender.send(chain, to=caller, data=words(3, 4), gas=gas)
    chain.mine()
    assert ask(chain, "eth_getTransactionReceipt", sent)["status"] == "0x1"
    assert ask(chain, "eth_getStorageAt", address, "0x3") == _word(4)


def _proof(chain: EmbeddedChain, address: str, slots: list[int], at: str) -> tuple[bytes, dict]:
    root = bytes.fromhex(ask(chain, "eth_getBlockByNumber", at, False)["stateRoot"][2:])
    return root, ask(chain, "eth_getProof", address, [hex(slot) for slot in slots], at)


def _bytes(nodes: list[str]) -> list[bytes]:
    return [bytes.fromhex(node[2:]) for node in nodes]


def _proved_account(root: bytes, proof: dict) -> list[bytes]:
    value = value_at(root, bytes.fromhex(proof["address"][2:]), _bytes(proof["accountProof"]))
    return decode(value) if value else []


def test_proofs_of_present_and_absent_slots(chain: EmbeddedChain, sender: Sender, address: str) -> None:
    values = {slot: slot**3 + 1 for slot in range(60)}
    for slot, value in values.items():
        sender.send(chain, to=address, data=words(slot, value))
    chain.mine()
    sender.send(chain, to=address, data=words(3, 0))
    chain.mine()
    for at, expected in (("0x1", {}), ("0x2", values), ("0x3", {**values, 3: 0})):
        root, proof = _proof(chain, address, list(range(90)), at)
        nonce, balance, storage, code = _proved_account(root, proof)
        assert (proof["nonce"], proof["balance"]) == ("0x1", "0x0")
        assert (nonce, balance) == (b"\x01", b"")
        assert (proof["storageHash"], proof["codeHash"]) == ("0x" + storage.hex(), "0x" + code.hex())
        for slot, shown in enumerate(proof["storageProof"]):
            proved = value_at(storage, words(slot), _bytes(shown["proof"]))
            number = int.from_bytes(decode(proved), "big") if proved else 0
            assert number == int(shown["value"], 16) == expected.get(slot, 0)


def test_absent_account_is_proved_absent(chain: EmbeddedChain, address: str) -> None:
    for at in ("0x0", "0x1"):
        root, proof = _proof(chain, NOBODY, [0], at)
        assert _proved_account(root, proof) == []
        assert proof["storageProof"] == [{"key": "0x0", "value": "0x0", "proof": []}]
        assert (proof["nonce"], proof["balance"]) == ("0x0", "0x0")


def test_mutated_proofs_are_refused(chain: EmbeddedChain, sender: Sender, address: str) -> None:
    for slot in range(40):
        sender.send(chain, to=address, data=words(slot, 1))
    chain.mine()
    root, proof = _proof(chain, address, [7], "latest")
    storage = _proved_account(root, proof)[2]
    nodes = _bytes(proof["storageProof"][0]["proof"])
    assert decode(value_at(storage, words(7), nodes)) == b"\x01"
    chance = random.Random(7)
    for _ in range(200):
        mutated = list(nodes)
        place = chance.randrange(len(nodes))
        node = bytearray(nodes[place])
        node[chance.randrange(len(node))] ^= chance.randrange(1, 256)
        mutated[place] = bytes(node)
        with pytest.raises(ProofError):
            value_at(storage, words(7), mutated)
    for wrong in (nodes[1:], nodes[:-1], nodes + nodes[-1:], []):
        with pytest.raises(ProofError):
            value_at(storage, words(7), wrong)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_nothing", []),
        ("eth_call", []),
        ("eth_call", [None]),
        ("eth_call", [[]]),
        ("eth_call", [{"to": "0x12"}]),
        ("eth_call", [{"to": NOBODY, "data": "0x1"}]),
        ("eth_call", [{"to": NOBODY, "gas": "1"}]),
        ("eth_call", [{"to": NOBODY}, "latest", {}, {}]),
        ("eth_getProof", [NOBODY, "0x0", "latest"]),
        ("eth_getProof", [NOBODY, ["0x" + "1" * 66], "latest"]),
        ("eth_getProof", [NOBODY, [None], "latest"]),
        ("eth_getProof", [NOBODY, ["0x0"] * 1025, "latest"]),
        ("eth_getBlockByNumber", ["latest", "yes"]),
        ("eth_getBlockByHash", ["0x12", False]),
        ("eth_getTransactionByHash", [12]),
        ("eth_getTransactionReceipt", [{}]),
        ("eth_sendRawTransaction", [b"\x00"]),
        ("eth_sendRawTransaction", ["0xzz"]),
        ("eth_getLogs", ["latest"]),
        ("eth_getLogs", [{"topics": "0x"}]),
        ("eth_getLogs", [{"topics": [None] * 5}]),
        ("eth_getLogs", [{"topics": [["0x12"]]}]),
        ("eth_getLogs", [{"address": 7}]),
        ("eth_getLogs", [{"fromBlock": "x"}]),
        ("eth_feeHistory", ["0x1", "latest", 5]),
        ("eth_feeHistory", ["one", "latest"]),
    ],
)
def test_wrong_use_is_an_error_not_an_exception(chain: EmbeddedChain, method: str, params: list) -> None:
    assert fault(chain, method, *params)["code"] in (-32601, -32602)


@pytest.mark.parametrize("params", [None, "latest", 5, {"a": 1}])
def test_params_that_are_no_array(chain: EmbeddedChain, params: object) -> None:
    assert chain.request("eth_getBalance", params)["error"]["code"] == -32602


def test_unknown_block_is_said(chain: EmbeddedChain) -> None:
    assert fault(chain, "eth_getBalance", NOBODY, "0x9") == {"code": -32000, "message": "header not found"}
    assert fault(chain, "eth_call", {"to": NOBODY}, {"blockHash": "0x" + "00" * 32})["message"] == "header not found"


def test_what_kind_of_chain(chain: EmbeddedChain) -> None:
    assert ask(chain, "eth_chainId") == hex(87001)
    assert ask(chain, "net_version") == "87001"
    assert ask(chain, "eth_gasPrice") == ask(chain, "eth_maxPriorityFeePerGas") == "0x0"
    assert ask(chain, "eth_syncing") is False
    assert ask(chain, "eth_accounts") == []
    assert "Portseal" in ask(chain, "web3_clientVersion")
    history = ask(chain, "eth_feeHistory", "0x5", "latest", [10, 90])
    assert history == {
        "oldestBlock": "0x0",
        "baseFeePerGas": ["0x0", "0x0"],
        "gasUsedRatio": [0.0],
        "reward": [["0x0", "0x0"]],
    }

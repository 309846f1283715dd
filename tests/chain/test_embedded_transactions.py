import pytest
import rlp
from eth_account import Account
from eth_utils.crypto import keccak

from ledger.embedded import EmbeddedChain
from tests.chain.contracts import REVERT, STORE, words
from tests.chain.sender import Sender, ask, fault

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
LEGACY = {"gasPrice": 0}
ACCESS_LIST = {"type": 1, "gasPrice": 0, "accessList": []}
DYNAMIC = {"gasPrice": None, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}


@pytest.mark.parametrize("form", [LEGACY, ACCESS_LIST, DYNAMIC])
def test_every_form_is_mined_without_a_fee(chain: EmbeddedChain, sender: Sender, form: dict) -> None:
    address = sender.deploy(chain, STORE)
    sent = sender.send(chain, to=address, data=words(1, 7), **form)
    assert ask(chain, "eth_getTransactionByHash", sent)["blockHash"] is None
    assert ask(chain, "eth_getTransactionReceipt", sent) is None
    chain.mine()
    receipt = ask(chain, "eth_getTransactionReceipt", sent)
    mined = ask(chain, "eth_getTransactionByHash", sent)
    block = ask(chain, "eth_getBlockByNumber", "latest", True)
    assert receipt["status"] == "0x1"
    assert receipt["from"] == mined["from"] == sender.address
    assert receipt["to"] == mined["to"] == address
    assert receipt["type"] == mined["type"] == hex(form.get("type", 2 if "maxFeePerGas" in form else 0))
    assert receipt["blockHash"] == mined["blockHash"] == block["hash"]
    assert block["transactions"] == [mined]
    assert ask(chain, "eth_getBlockReceipts", "latest") == [receipt]


def test_hash_is_keccak_of_the_bytes(chain: EmbeddedChain, sender: Sender) -> None:
    raw = sender.raw(to=sender.address)
    assert ask(chain, "eth_sendRawTransaction", raw) == "0x" + keccak(hexstr=raw).hex()


def test_same_bytes_are_already_known_waiting_and_mined(chain: EmbeddedChain, sender: Sender) -> None:
    raw = sender.raw(to=sender.address)
    ask(chain, "eth_sendRawTransaction", raw)
    assert fault(chain, "eth_sendRawTransaction", raw) == {"code": -32000, "message": "already known"}
    chain.mine()
    assert fault(chain, "eth_sendRawTransaction", raw)["message"] == "already known"
    assert ask(chain, "eth_getTransactionCount", sender.address, "latest") == "0x1"


def test_other_bytes_at_a_used_nonce_are_refused(chain: EmbeddedChain, sender: Sender) -> None:
    ask(chain, "eth_sendRawTransaction", sender.raw(to=sender.address))
    other = sender.raw(to=sender.address, data=b"1")
    assert "replacement transaction underpriced" in fault(chain, "eth_sendRawTransaction", other)["message"]
    chain.mine()
    assert fault(chain, "eth_sendRawTransaction", other)["message"].startswith("nonce too low")


def test_gap_waits_until_it_is_filled(chain: EmbeddedChain, sender: Sender) -> None:
    for nonce in (2, 1, 4):
        ask(chain, "eth_sendRawTransaction", sender.raw(nonce=nonce, to=sender.address))
    chain.mine()
    assert ask(chain, "eth_getTransactionCount", sender.address, "latest") == "0x0"
    assert ask(chain, "eth_getTransactionCount", sender.address, "pending") == "0x0"
    ask(chain, "eth_sendRawTransaction", sender.raw(nonce=0, to=sender.address))
    assert ask(chain, "eth_getTransactionCount", sender.address, "pending") == "0x3"
    chain.mine()
    assert ask(chain, "eth_getTransactionCount", sender.address, "latest") == "0x3"
    assert ask(chain, "eth_getBlockTransactionCountByNumber", "latest") == "0x3"


def test_nonce_far_ahead_is_refused(chain: EmbeddedChain, sender: Sender) -> None:
    ask(chain, "eth_sendRawTransaction", sender.raw(nonce=64, to=sender.address))
    refused = fault(chain, "eth_sendRawTransaction", sender.raw(nonce=65, to=sender.address))
    assert refused["message"].startswith("nonce too high")


def test_senders_take_turns_in_a_block(chain: EmbeddedChain) -> None:
    senders = [Sender(seed) for seed in (1, 2)]
    hashes = [[one.send(chain, to=one.address) for _ in range(3)] for one in senders]
    chain.mine()
    mined = ask(chain, "eth_getBlockByNumber", "latest", False)["transactions"]
    assert mined == [one for turn in zip(*hashes, strict=True) for one in turn]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"chainId": 1}, "invalid chain id"),
        ({"chainId": 1, **DYNAMIC}, "invalid chain id"),
        ({"chainId": None}, "replay-protected"),
        ({"gas": 20_999}, "intrinsic gas too low"),
        ({"gas": 52_999, "data": b"\x00", "to": None}, "intrinsic gas too low"),
        ({"gas": 2**28 + 1}, "exceeds block gas limit"),
        ({"value": 1}, "insufficient funds"),
        ({"gasPrice": 1}, "insufficient funds"),
        ({"gasPrice": None, "maxFeePerGas": 0, "maxPriorityFeePerGas": 1}, "max priority fee per gas higher"),
        ({"nonce": 2**64 - 1}, "nonce has max value"),
        ({"data": b"\x00" * (4 << 20)}, "oversized data"),
    ],
)
def test_refused(chain: EmbeddedChain, sender: Sender, fields: dict, message: str) -> None:
    refused = fault(chain, "eth_sendRawTransaction", sender.raw(**{"to": sender.address, **fields}))
    assert refused["code"] == -32000
    assert message in refused["message"]
    chain.mine()
    assert ask(chain, "eth_getTransactionCount", sender.address, "pending") == "0x0"


def _high_s(raw: str) -> str:
    fields = rlp.decode(bytes.fromhex(raw[4:]))
    s = int.from_bytes(fields[-1], "big")
    fields[-1] = (ORDER - s).to_bytes(32, "big")
    fields[-3] = b"" if fields[-3] == b"\x01" else b"\x01"
    return "0x02" + rlp.encode(fields).hex()


def test_high_s_is_refused_for_typed_transactions_too(chain: EmbeddedChain, sender: Sender) -> None:
    twin = _high_s(sender.raw(to=sender.address, **DYNAMIC))
    assert Account.recover_transaction(twin) == sender.address
    assert fault(chain, "eth_sendRawTransaction", twin)["message"] == "invalid sender"


def test_bytes_that_are_not_canonical_are_refused(chain: EmbeddedChain, sender: Sender) -> None:
    """`f800` for an empty access list: the rlp library reads it, but the hash would be that of other bytes."""
    body = rlp.decode(bytes.fromhex(sender.raw(to=sender.address, **DYNAMIC)[4:]))
    fields = [b"\xf8\x00" if field == [] else rlp.encode(field) for field in body]
    payload = b"".join(fields)
    raw = b"\x02\xf8" + bytes([len(payload)]) + payload
    assert len(payload) > 55
    assert fault(chain, "eth_sendRawTransaction", "0x" + raw.hex())["message"].startswith("rlp")


@pytest.mark.parametrize(
    "raw", ["0x", "0x00", "0x01", "0x02", "0x02c0", "0x03" + "00" * 40, "0x7f", "0xc0", "0xff" * 20]
)
def test_bytes_that_are_no_transaction(chain: EmbeddedChain, raw: str) -> None:
    assert fault(chain, "eth_sendRawTransaction", raw)["code"] in (-32000, -32602)


def test_truncated_and_changed_bytes_never_break_the_chain(chain: EmbeddedChain, sender: Sender) -> None:
    whole = bytes.fromhex(sender.raw(to=sender.address, **DYNAMIC)[2:])
    for place in range(len(whole)):
        fault(chain, "eth_sendRawTransaction", "0x" + whole[:place].hex())
        changed = whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :]
        assert chain.request("eth_sendRawTransaction", ["0x" + changed.hex()]).get("error", {}).get("code") != -32603
    chain.mine()
    assert ask(chain, "eth_getTransactionCount", sender.address, "latest") == "0x0"


def test_failed_transaction_is_mined_with_status_0(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, REVERT)
    sent = sender.send(chain, to=address, data=b"no")
    after = sender.send(chain, to=sender.address)
    chain.mine()
    assert ask(chain, "eth_getTransactionReceipt", sent)["status"] == "0x0"
    assert ask(chain, "eth_getTransactionReceipt", after)["status"] == "0x1"


def test_gas_adds_up_in_receipts_and_header(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(chain, STORE)
    for key in range(5):
        sender.send(chain, to=address, data=words(key, key))
    chain.mine()
    receipts = ask(chain, "eth_getBlockReceipts", "latest")
    total = 0
    for receipt in receipts:
        total += int(receipt["gasUsed"], 16)
        assert int(receipt["cumulativeGasUsed"], 16) == total
    assert ask(chain, "eth_getBlockByNumber", "latest", False)["gasUsed"] == hex(total)

"""Accounts, code, storage, calls and proofs at a block."""

from typing import Any

from eth_typing import Address

from ledger.embedded import execution
from ledger.embedded.execution import Call
from ledger.embedded.hexadecimal import data, quantity, read_address, read_data, read_quantity, read_slot, word
from ledger.embedded.methods.tag import header
from ledger.embedded.node import Node
from ledger.embedded.proof import proof
from ledger.embedded.rpc_error import bad_parameter
from ledger.embedded.rules import CALL_GAS, TRANSACTION_GAS
from ledger.embedded.seen import Seen

MOST_SLOTS = 1024


def _read_call(call: Any, gas: int) -> Call:
    if not isinstance(call, dict):
        raise bad_parameter("the call is not an object")
    given = {name: value for name, value in call.items() if value is not None}
    payload = given.get("input", given.get("data", "0x"))
    return Call(
        sender=read_address(given.get("from", "0x" + "00" * 20), "from"),
        to=read_address(given["to"], "to") if "to" in given else Address(b""),
        value=read_quantity(given.get("value", "0x0"), "value"),
        data=read_data(payload, "data"),
        gas=min(read_quantity(given.get("gas", quantity(gas)), "gas"), TRANSACTION_GAS),
    )


def call(node: Node, call: Any, block: Any = "latest") -> str:
    """eth_call."""
    return data(execution.output(node.view.state(header(node, block)), _read_call(call, CALL_GAS)))


def estimate_gas(node: Node, call: Any, block: Any = "latest") -> str:
    """eth_estimateGas."""
    return quantity(execution.needed_gas(node.view.state(header(node, block)), _read_call(call, TRANSACTION_GAS)))


def code(node: Node, address: Any, block: Any = "latest") -> str:
    """eth_getCode."""
    return data(node.view.state(header(node, block)).get_code(read_address(address, "address")))


def storage_at(node: Seen, address: Any, slot: Any, block: Any = "latest") -> str:
    """eth_getStorageAt."""
    account, place = read_address(address, "address"), read_slot(slot, "slot")
    return word(node.view.storage(header(node, block), account, place))


def balance(node: Node, address: Any, block: Any = "latest") -> str:
    """eth_getBalance."""
    return quantity(node.view.account(header(node, block), read_address(address, "address")).balance)


def transaction_count(node: Node, address: Any, block: Any = "latest") -> str:
    """eth_getTransactionCount; for `pending` what waits without a gap counts too."""
    account = read_address(address, "address")
    if block == "pending":
        return quantity(node.pool.next_nonce(account))
    return quantity(node.view.account(header(node, block), account).nonce)


def state_proof(node: Seen, address: Any, slots: Any, block: Any = "latest") -> dict[str, Any]:
    """eth_getProof."""
    if not isinstance(slots, list | tuple) or len(slots) > MOST_SLOTS:
        raise bad_parameter(f"storage keys are not an array of at most {MOST_SLOTS}")
    read = [(slot, read_slot(slot, "storage key")) for slot in slots]
    return proof(node.view, header(node, block), read_address(address, "address"), read)

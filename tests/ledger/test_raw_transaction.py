"""A signed transaction's bytes say what was signed, and are put together again from what nodes tell of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.account import Account
from ledger.authority_registry import Role
from ledger.chain import Chain
from ledger.errors import Invalid, Unavailable
from ledger.fee import Fee
from ledger.raw_transaction import RawTransaction, raw_transaction
from ledger.strict_rlp import decode
from ledger.transaction import Call, sign
from tests.consortium import Consortium

ACCOUNT = Account(b"\1" * 32)


@given(
    st.integers(0, 2**40),
    st.binary(max_size=200),
    st.sampled_from([1, 5, 87_101, 2**40]),
    st.sampled_from([Fee(0, 0), Fee(7, 7), Fee(30, 2)]),
)
def test_the_bytes_say_what_was_signed(nonce: int, data: bytes, chain_id: int, fee: Fee) -> None:
    signed = sign(ACCOUNT, Call("0x" + "11" * 20, data), nonce=nonce, chain_id=chain_id, fee=fee)
    read = RawTransaction.of(signed.raw)
    assert (read.hash, read.sender, read.nonce, read.data) == (signed.hash, ACCOUNT.address, nonce, data)
    assert (read.chain_id, read.to, read.gas_price) == (chain_id, "0x" + "11" * 20, fee.price)


def test_a_creation_has_no_receiver() -> None:
    assert RawTransaction.of(sign(ACCOUNT, Call(None, b"\1"), nonce=0, chain_id=5).raw).to is None


@given(st.binary(max_size=120))
def test_other_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        RawTransaction.of(raw)
    assert caught.value.code == "transaction.form"


def test_a_flipped_bit_is_another_transaction() -> None:
    signed = sign(ACCOUNT, Call("0x" + "11" * 20, b"\7" * 40), nonce=1, chain_id=5)
    for place in range(len(signed.raw)):
        raw = bytearray(signed.raw)
        raw[place] ^= 1
        try:
            read = RawTransaction.of(bytes(raw))
        except Invalid:
            continue
        assert (read.hash, read.sender) != (signed.hash, ACCOUNT.address)


def test_the_bytes_of_a_dynamic_fee_come_back_from_what_a_node_tells() -> None:
    signed = sign(ACCOUNT, Call("0x" + "11" * 20, b"\7" * 40), nonce=3, chain_id=5, gas=9, fee=Fee(30, 2))
    fields = decode(signed.raw[1:], 2)
    names = ("chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas", "to", "value", "input")
    told = {name: f"0x{bytes(field).hex() or '0'}" for name, field in zip(names, fields, strict=False)}
    parity, r, s = (f"0x{bytes(field).hex() or '0'}" for field in fields[-3:])
    told |= {"type": "0x2", "accessList": [], "yParity": parity, "r": r, "s": s}
    chain = Chain(lambda method, params: {"jsonrpc": "2.0", "id": 1, "result": told})
    assert raw_transaction(chain, signed.hash) == signed.raw


def test_the_chain_gives_the_bytes_that_were_sent(consortium: Consortium) -> None:
    account = consortium.account("cn.customs", Role.ANCHOR)
    call = Call(account.address, b"")
    chain = consortium.chain
    signed = sign(account, call, nonce=chain.nonce(account.address), chain_id=chain.chain_id)
    chain.send(signed.raw)
    assert raw_transaction(chain, signed.hash) == signed.raw
    consortium.embedded.mine()
    assert raw_transaction(chain, signed.hash) == signed.raw
    assert raw_transaction(chain, b"\3" * 32) is None


def test_a_node_that_tells_of_another_is_not_believed(consortium: Consortium) -> None:
    account = consortium.account("sg.customs", Role.ANCHOR)
    call = consortium.registries.document.anchor(b"\4" * 32, 1, b"\2" * 32)
    receipt = consortium.submit(account, call)

    def lying(method: str, params: list[Any]) -> dict[str, Any]:
        answer = consortium.chain.transport(method, params)
        answer["result"]["nonce"] = hex(int(answer["result"]["nonce"], 16) + 1)
        return answer

    with pytest.raises(Unavailable) as caught:
        raw_transaction(Chain(lying), receipt.transaction_hash)
    assert caught.value.code == "chain.answer"

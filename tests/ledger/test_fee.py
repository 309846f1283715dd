"""What a transaction pays for gas."""

from typing import Any

import pytest

from ledger.account import Account
from ledger.chain import Chain
from ledger.errors import Refused
from ledger.fee import FREE, Fee, fee_in, fee_of
from ledger.transaction import Call, sign

GWEI = 10**9


def chain(base_fee: int | None, tip: int = 1) -> Chain:
    """A node whose newest block has this base fee."""
    word = "0x" + "00" * 32
    block: dict[str, Any] = {"number": "0x1", "hash": word, "parentHash": word, "timestamp": "0x1"}
    block |= {"stateRoot": word, "transactions": []}
    if base_fee is not None:
        block["baseFeePerGas"] = hex(base_fee)
    answers = {"eth_getBlockByNumber": block, "eth_maxPriorityFeePerGas": hex(tip)}
    return Chain(lambda method, params: {"jsonrpc": "2.0", "id": 1, "result": answers[method]})


@pytest.mark.parametrize("base_fee", [None, 0])
def test_a_chain_without_a_base_fee_costs_nothing(base_fee: int | None) -> None:
    assert fee_of(chain(base_fee, tip=GWEI)) == FREE


def test_room_for_the_base_fee_to_double_as_far_as_the_ceiling_allows() -> None:
    assert fee_of(chain(7 * GWEI, tip=2)) == Fee(14 * GWEI + 2, 2)
    assert fee_of(chain(7 * GWEI, tip=2), ceiling=8 * GWEI) == Fee(8 * GWEI, 2)


@pytest.mark.parametrize(("base_fee", "tip"), [(9 * GWEI, 0), (7 * GWEI, 2 * GWEI), (1, 10**30)])
def test_above_the_ceiling_is_refused(base_fee: int, tip: int) -> None:
    with pytest.raises(Refused, match="at most 8000000000") as caught:
        fee_of(chain(base_fee, tip), ceiling=8 * GWEI)
    assert caught.value.code == "chain.fee-ceiling"
    assert "PORTSEAL_GAS_PRICE_CEILING" in (caught.value.mend or "")


@pytest.mark.parametrize("fee", [FREE, Fee(1, 1), Fee(7, 2), Fee(500 * GWEI, GWEI), Fee(5, 0)])
def test_a_signed_transaction_states_its_fee(fee: Fee) -> None:
    account = Account.generate()
    for to in (account.address, None):
        signed = sign(account, Call(to, b"data"), nonce=3, chain_id=87_101, fee=fee)
        assert fee_in(signed.raw) == fee


@pytest.mark.parametrize(
    ("now", "older", "fee"),
    [
        (FREE, FREE, Fee(1, 1)),
        (FREE, Fee(1, 1), Fee(2, 2)),
        (Fee(100, 10), Fee(80, 10), Fee(100, 11)),
        (Fee(100, 10), Fee(100, 10), Fee(112, 11)),
        (Fee(50, 1), Fee(100, 80), Fee(112, 90)),
    ],
)
def test_a_replacement_pays_an_eighth_more(now: Fee, older: Fee, fee: Fee) -> None:
    assert now.replacing(older, ceiling=1000) == fee


def test_a_replacement_stays_below_the_ceiling() -> None:
    with pytest.raises(Refused, match="at most 111"):
        Fee(10, 1).replacing(Fee(100, 1), ceiling=111)

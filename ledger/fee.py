"""What a transaction pays for gas: nothing where the chain asks for nothing, else what EIP-1559 asks for."""

from dataclasses import dataclass
from typing import Any

from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.strict_rlp import decode

CEILING = 500 * 10**9
"""The highest price of a unit of gas in wei, where nothing else is configured: 500 gwei."""

_ROOM = 2
_TYPED = 2  # EIP-2718's number for EIP-1559 transactions
_TIP, _PRICE = 2, 3  # places in the fields of an EIP-1559 transaction
_LEGACY_PRICE = 1


@dataclass(frozen=True, slots=True)
class Fee:
    """For each unit of gas, in wei: `price` at most, of which `tip` goes to whoever makes the block."""

    price: int
    tip: int

    def fields(self) -> dict[str, Any]:
        """Return the members that sign_transaction takes: the legacy form where nothing is left to the base fee."""
        if self.price == self.tip:
            return {"gasPrice": self.price}
        return {"maxFeePerGas": self.price, "maxPriorityFeePerGas": self.tip, "type": _TYPED}

    def replacing(self, older: "Fee", ceiling: int) -> "Fee":
        """Return the least that is no less than this and that nodes take in place of `older`: an eighth more (geth and
        Besu ask for a tenth), 1 wei at least.

        Raises Refused `chain.fee-ceiling`.
        """
        fee = Fee(max(self.price, _more(older.price)), max(self.tip, _more(older.tip)))
        return fee.below(ceiling)

    def below(self, ceiling: int) -> "Fee":
        """Return the same. Raises Refused `chain.fee-ceiling`."""
        if self.price > ceiling:
            raise too_dear(self.price, ceiling)
        return self


FREE = Fee(0, 0)


def fee_of(chain: Chain, ceiling: int = CEILING) -> Fee:
    """Return the fee for a transaction that is to be mined soon: room for the base fee to double, if `ceiling` allows.

    The chain's newest block tells whether it asks for a fee at all. Raises Refused `chain.fee-ceiling`, Unavailable
    `chain.*`.
    """
    base = chain.head().base_fee
    if base == 0:
        return FREE
    tip = _suggested_tip(chain)
    if base + tip > ceiling:
        raise too_dear(base + tip, ceiling)
    return Fee(min(_ROOM * base + tip, ceiling), tip)


def _suggested_tip(chain: Chain) -> int:
    answer = chain.transport("eth_maxPriorityFeePerGas", []).get("result")
    try:
        return int(str(answer), 16)
    except ValueError:
        raise Unavailable("chain.answer", "the node suggests no tip", mend="ask another node") from None


def fee_in(raw: bytes) -> Fee:
    """Return the fee that a signed transaction of ours states."""
    if raw[0] == _TYPED:
        fields = decode(raw[1:], depth=3)
        return Fee(_number(fields[_PRICE]), _number(fields[_TIP]))
    price = _number(decode(raw, depth=1)[_LEGACY_PRICE])
    return Fee(price, price)


def too_dear(price: int, ceiling: int) -> Refused:
    """Return the refusal of a price above the ceiling."""
    return Refused(
        "chain.fee-ceiling",
        f"the chain asks for {price} wei for a unit of gas, and at most {ceiling} are allowed here",
        mend="wait until the chain is less busy, or raise the ceiling (PORTSEAL_GAS_PRICE_CEILING)",
    )


def _more(price: int) -> int:
    return price + max(1, price // 8)


def _number(item: Any) -> int:
    return int.from_bytes(item, "big")

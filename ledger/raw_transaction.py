"""The bytes of signed transactions (EIP-155, EIP-1559): what they say, and how to get them back from a node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_keys.exceptions import BadSignature
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from ledger.chain import Chain
from ledger.errors import Invalid, Unavailable
from ledger.strict_rlp import Item, decode, encode

_LEGACY = ("nonce", "gasPrice", "gas", "to", "value", "input", "v", "r", "s")
_DYNAMIC_FEE = (
    *("chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas", "to", "value", "input"),
    *("accessList", "yParity", "r", "s"),
)
_TYPE = b"\2"
_UNREADABLE = (ValueError, TypeError, IndexError, ValidationError, BadSignature, RLPException)


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """hash: keccak-256 of the bytes. sender: who signed them. gas_price: highest, in wei. to: None for a creation."""

    hash: bytes
    sender: str
    nonce: int
    gas_price: int
    to: str | None
    data: bytes
    chain_id: int

    @classmethod
    def of(cls, raw: bytes) -> "RawTransaction":
        """Read the bytes. Raises Invalid `transaction.form` unless they are a signed transaction of either form."""
        try:
            return cls._of(raw)
        except _UNREADABLE as error:
            detail = f"the bytes are no signed transaction of ours ({type(error).__name__})"
            raise Invalid("transaction.form", detail, mend="read the transaction from the chain again") from None

    @classmethod
    def _of(cls, raw: bytes) -> "RawTransaction":
        fields = _named(raw)
        to = fields["to"]
        return cls(
            hash=keccak(raw),
            sender=str(Account.recover_transaction(raw)),
            nonce=_int(fields["nonce"]),
            gas_price=_int(fields.get("gasPrice") or fields.get("maxFeePerGas", b"")),
            to=to_checksum_address(to) if to else None,
            data=fields["input"],
            chain_id=_int(fields["chainId"]) if "chainId" in fields else (_int(fields["v"]) - 35) // 2,
        )


def _named(raw: bytes) -> dict[str, bytes]:
    names, body = (_DYNAMIC_FEE, raw[1:]) if raw[:1] == _TYPE else (_LEGACY, raw)
    fields = decode(body, 2 if names is _DYNAMIC_FEE else 1)
    if not isinstance(fields, list) or len(fields) != len(names):
        raise ValueError
    return {name: field for name, field in zip(names, fields, strict=True) if isinstance(field, bytes)}


def raw_transaction(chain: Chain, transaction_hash: bytes) -> bytes | None:
    """Return a transaction's bytes, mined or waiting; None if the node does not have it.

    Raises Unavailable `chain.*`; `chain.answer` if what the node says of it has another hash, or neither form.
    """
    answer = chain.transport("eth_getTransactionByHash", [f"0x{transaction_hash.hex()}"])
    if answer.get("error") is not None:
        raise Unavailable("chain.error", "the node does not give a transaction", mend="read the node's log")
    if answer.get("result") is None:
        return None
    try:
        raw = _raw_of(answer["result"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raw = b""
    if keccak(raw) != transaction_hash:
        detail = f"what the node says of 0x{transaction_hash.hex()} is no transaction of ours with that hash"
        raise Unavailable("chain.answer", detail, mend="ask another node")
    return raw


def _raw_of(found: Mapping[str, Any]) -> bytes:
    dynamic = int(found.get("type") or "0x0", 16) == _TYPE[0]
    # None of ours has an access list; one that has comes out with another hash.
    fields = [_field(name, found) for name in (_DYNAMIC_FEE if dynamic else _LEGACY)]
    return (_TYPE if dynamic else b"") + encode(fields)


def _field(name: str, found: Mapping[str, Any]) -> Item:
    match name:
        case "accessList":
            return []
        case "to" | "input":
            return bytes.fromhex((found.get(name) or "0x")[2:])
        case "yParity":
            return _number(found.get(name) or found["v"])
    return _number(found[name])


def _number(stated: str) -> bytes:
    number = int(stated, 16)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _int(field: bytes) -> int:
    return int.from_bytes(field, "big")

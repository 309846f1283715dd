"""One change of a registry, as the chain tells it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.base64url import encode
from ledger.change_kind import ChangeKind, kind_of
from ledger.country import from_bytes2
from ledger.dated_list import Entry
from ledger.errors import Invalid, Unavailable
from ledger.identifier import from_bytes32
from ledger.transaction_receipt import Log

_ENTRY = "(uint32,uint32,uint64,uint64,uint64)"
_IDS = frozenset(
    {"authority", "issuer", "accreditor", "kind", "body", "code", "arrangement", "programme", "counterpart"}
)
_KECCAKS = frozenset({"operator", "id", "offer"})
_ENTRY_BITS = (32, 32, 64, 64, 64)
_WORD = 32
Value = str | int | Entry | None


@dataclass(frozen=True, slots=True)
class RegistryChange:
    """Change number `index` (from 0) of its kind; `encoded` is what is hashed: the ABI encoding of its members.

    `log_index` counts within the block.
    """

    kind: ChangeKind
    index: int
    encoded: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among all changes of the chain."""
        return self.block_number, self.log_index

    @classmethod
    def of(cls, contract: str, log: Log) -> "RegistryChange":
        """Read an event of the contract of this name. Raises Unavailable `chain.answer`."""
        kind = kind_of(contract, log.topics[0]) if len(log.topics) > 1 else None
        # The index is the first topic; members that are no topics stand after those that are.
        encoded = b"".join(log.topics[2:]) + log.data
        if kind is None or len(encoded) != _length(kind):
            raise Unavailable("chain.answer", f"an event of {contract} has another form", mend="ask another node")
        place = log.block_number, log.block_hash, log.transaction_hash, log.index
        return cls(kind, int.from_bytes(log.topics[1]), encoded, *place)

    def members(self) -> dict[str, Value]:
        """Return the members by name, for people and programs. Raises Invalid `changes.form`."""
        return read_members(self.kind, self.encoded)


def read_members(kind: ChangeKind, encoded: bytes) -> dict[str, Value]:
    """Return what a change of this kind says: ids and countries as text, digests as hex. Raises Invalid `changes.form`.

    Keccak digests have 0x before them, SHA-256 digests have not; a `thumbprint` is shown as the `kid` that it makes.
    """
    if len(encoded) != _length(kind):
        raise _no_change(kind)
    words = (encoded[start : start + _WORD] for start in range(0, len(encoded), _WORD))
    try:
        values = [_read(type_, words) for type_ in kind.types]
    except ValueError:
        raise _no_change(kind) from None
    named = zip(kind.members, kind.types, values, strict=True)
    return {_snake(name): _value(name, type_, value) for name, type_, value in named}


def countries_of(members: Mapping[str, Any]) -> frozenset[str]:
    """Return the countries that a change names, be it by an id that begins with their code."""
    stated = (members.get(name) for name in ("country", "recogniser", "recognised", "by"))
    ids = (members.get(name) for name in ("authority", "issuer", "accreditor", "body", "arrangement", "counterpart"))
    prefixes = (one[:2].upper() for one in ids if isinstance(one, str) and one[2:3] == ".")
    return frozenset(one for one in (*stated, *prefixes) if isinstance(one, str) and one)


def _read(type_: str, words: Iterator[bytes]) -> Any:
    """Return the next value; ValueError if its word has bits that the type has not."""
    if type_ == _ENTRY:
        return Entry(*(_number(next(words), bits) for bits in _ENTRY_BITS))
    word = next(words)
    if type_ == "bytes32":
        return word
    if type_ == "bytes2":
        value, rest = word[:2], word[2:]
    elif type_ == "address":
        value, rest = word[12:], word[:12]
    else:
        return _number(word, int(type_.removeprefix("uint")))
    if any(rest):
        raise ValueError
    return value


def _number(word: bytes, bits: int) -> int:
    number = int.from_bytes(word)
    if number >> bits:
        raise ValueError
    return number


def _no_change(kind: ChangeKind) -> Invalid:
    detail = f"these bytes are no change of the kind {kind.name}"
    return Invalid("changes.form", detail, mend="ask for the change again, from another node")


def _length(kind: ChangeKind) -> int:
    return sum(5 * _WORD if type_ == _ENTRY else _WORD for type_ in kind.types)


def _value(name: str, type_: str, value: Any) -> Value:
    if isinstance(value, Entry | int):
        return value
    if type_ == "address":
        return str(to_checksum_address(value))
    if type_ == "bytes2":
        return _text(from_bytes2, value) if any(value) else None
    return _word(name, value)


def _word(name: str, value: bytes) -> str | None:
    if not any(value):
        return None
    if name in _IDS:
        return _text(from_bytes32, value)
    if name == "thumbprint":
        return encode(value)
    return f"0x{value.hex()}" if name in _KECCAKS else value.hex()


def _text(read: Callable[[bytes], str], value: bytes) -> str:
    try:
        return read(value)
    except Invalid:
        # What the registry took is told, even if it is no id.
        return f"0x{value.hex()}"


def _snake(name: str) -> str:
    if name == "thumbprint":
        return "kid"
    return re.sub("[A-Z]", lambda found: "_" + found.group().lower(), name)

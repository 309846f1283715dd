"""What a call of a registry says, by the contract's ABI: for people who are to sign it, and for who relays it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Any

from eth_utils.address import to_checksum_address

from contracts import artifact
from ledger.abi import abi_of
from ledger.authority import Domain, Purpose, Role
from ledger.chain import decode_abi, encode_abi
from ledger.country import from_bytes2
from ledger.document_status import Status
from ledger.errors import Invalid, Unavailable
from ledger.identifier import from_bytes32
from ledger.issuer_state import Limit
from ledger.trade_role import TradeRole

_SELECTOR = 4
_PROPOSED_TO = "AuthorityRegistry"
_WORDS: Mapping[str, type[IntEnum] | type[IntFlag]] = {
    "role": Role,
    "domain": Domain,
    "purpose": Purpose,
    "limits": Limit,
    "roles": TradeRole,
    "status": Status,
}
Component = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A function and its arguments by name.

    Arguments are numbers, texts (ids, countries, checksum addresses, codes, words such as `vote`; else 0x and hex),
    lists and mappings of these, and for the calls of a proposal further ReadCalls.
    """

    function: str
    arguments: Mapping[str, Any]


def read_call(registry: str, data: bytes) -> ReadCall:
    """Read a call of the registry of this name. Raises Invalid `call.unreadable` unless all of its bytes are read."""
    action = abi_of(registry).signature(data[:_SELECTOR])
    if action is None:
        raise _unreadable(f"the {registry} has no function 0x{data[:_SELECTOR].hex()}")
    element = next(one for one in artifact(registry).abi if _is_function(one, action))
    inputs: Sequence[Component] = element["inputs"]
    types = [_type(one) for one in inputs]
    try:
        values = decode_abi(types, data[_SELECTOR:])
        whole = encode_abi(types, values) == data[_SELECTOR:]
    except (Invalid, Unavailable):
        raise _unreadable(f"the bytes are no arguments of {action}") from None
    if not whole:
        # Contracts take some encodings that hold more than they say; nobody signs what is not shown.
        raise _unreadable(f"the arguments of {action} are not in the one form that the ABI gives them")
    return ReadCall(action, _named(inputs, values))


def _is_function(element: Component, action: str) -> bool:
    if element["type"] != "function":
        return False
    return f"{element['name']}({','.join(map(_type, element['inputs']))})" == action


def _type(component: Component) -> str:
    """Return the canonical type, tuples written out."""
    kind: str = component["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(_type, component['components']))}){kind.removeprefix('tuple')}"


def _named(components: Sequence[Component], values: Sequence[Any]) -> dict[str, Any]:
    return {
        one["name"].rstrip("_"): _value(one, one["type"], value) for one, value in zip(components, values, strict=True)
    }


def _value(component: Component, kind: str, value: Any) -> Any:
    if kind.endswith("[]"):
        return [_value(component, kind.removesuffix("[]"), one) for one in value]
    match kind:
        case "tuple":
            return _named(component["components"], value)
        case "bytes":
            return read_call(_PROPOSED_TO, value)
        case "bytes2":
            return _text(from_bytes2, value)
        case "bytes32":
            return _text(from_bytes32, value)
        case "address":
            return to_checksum_address(value)
    return _word(component["name"], value)


def _text(read: Any, value: bytes) -> str | None:
    """Return an id or country as text, other bytes as hex, nothing for zeros."""
    try:
        return str(read(value)) if any(value) else None
    except Invalid:
        return f"0x{value.hex()}"


def _word(name: str, value: Any) -> Any:
    words = _WORDS.get(name.rstrip("_"))
    if words is None or not isinstance(value, int):
        return value
    if issubclass(words, IntFlag):
        return [one.name.lower() for one in words if one & value and one.name] if value <= sum(words) else value
    return words(value).name.lower() if value in list(words) else value


def _unreadable(why: str) -> Invalid:
    return Invalid("call.unreadable", why, mend="have it made anew by a registry's client, and sign that")

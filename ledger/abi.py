"""How a contract is called and how its answers and errors are read, by its ABI."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from eth_utils.abi import (
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
    get_abi_input_names,
    get_abi_input_types,
    get_abi_output_types,
)
from eth_utils.address import to_checksum_address

from contracts import artifact
from ledger.chain import decode_abi, encode_abi
from ledger.errors import Invalid, Refused, Unavailable
from ledger.identifier import from_bytes32
from ledger.revert import MENDS, Reverted
from ledger.transaction_receipt import Log

_STANDARD_ERRORS: Sequence[Mapping[str, Any]] = (
    {"type": "error", "name": "Error", "inputs": [{"name": "message", "type": "string"}]},
    {"type": "error", "name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    names: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    indexed: tuple[bool, ...] = ()


class Abi:
    """The functions, errors and events of the contract `name`, compiled once."""

    def __init__(self, elements: Sequence[Mapping[str, Any]], name: str = "") -> None:
        self.name = name
        self._constructor: tuple[str, ...] = ()
        self._functions: dict[str, tuple[bytes, _Element]] = {}
        self._errors: dict[bytes, _Element] = {}
        self._events: dict[str, tuple[bytes, _Element]] = {}
        for element in (*_STANDARD_ERRORS, *elements):
            self._add(cast(Any, element))

    def _add(self, element: Any) -> None:
        match element["type"]:
            case "constructor":
                self._constructor = tuple(get_abi_input_types(element))
            case "function":
                outputs = tuple(get_abi_output_types(element))
                selector = function_abi_to_4byte_selector(element)
                self._functions[element["name"]] = (selector, _element(element, outputs))
            case "error":
                # An error's selector is made as a function's.
                selector = function_abi_to_4byte_selector(_as_function(element))
                self._errors[selector] = _element(element)
            case "event":
                self._events[element["name"]] = (event_abi_to_log_topic(element), _element(element))

    def constructor(self, arguments: Sequence[Any]) -> bytes:
        """Encode the arguments of the constructor."""
        return encode_abi(self._constructor, arguments)

    def has(self, name: str) -> bool:
        """Tell whether there is a function of this name."""
        return name in self._functions

    def encode(self, name: str, arguments: Sequence[Any]) -> bytes:
        """Encode a call of the function `name`. Raises Invalid `contract.argument`."""
        selector, element = self._functions[name]
        return selector + encode_abi(element.inputs, arguments)

    def arguments(self, name: str, data: bytes) -> tuple[Any, ...] | None:
        """Return the arguments of a call of the function `name`; None for other bytes, or another encoding of them."""
        selector, element = self._functions[name]
        if data[: len(selector)] != selector:
            return None
        try:
            values = decode_abi(element.inputs, data[len(selector) :])
            return values if encode_abi(element.inputs, values) == data[len(selector) :] else None
        except (Invalid, Unavailable):
            return None

    def signature(self, selector: bytes) -> str | None:
        """Return the signature (`suspendKey(bytes32,uint32)`) of the function with this selector, if there is one."""
        found = (element for known, element in self._functions.values() if known == selector)
        return next(map(_signature, found), None)

    def signatures(self) -> Set[str]:
        """Return the signatures of all functions."""
        return {_signature(element) for _, element in self._functions.values()}

    def decode(self, name: str, data: bytes) -> tuple[Any, ...]:
        """Decode what the function `name` returned. Raises Unavailable."""
        if not data:
            raise Unavailable(
                "chain.no-contract",
                f"there is no contract that answers {name!r} at this address and block",
                mend="check the contract's address in the network file, and the block asked for",
            )
        return decode_abi(self._functions[name][1].outputs, data)

    def topic(self, event: str) -> bytes:
        """Return the first topic of an event."""
        return self._events[event][0]

    def event(self, name: str, log: Log) -> dict[str, Any]:
        """Return the fields of an event by name. Raises Unavailable."""
        element = self._events[name][1]
        fields = list(zip(element.names, element.inputs, element.indexed, strict=True))
        stated = [(field, kind) for field, kind, indexed in fields if indexed]
        plain = [(field, kind) for field, kind, indexed in fields if not indexed]
        values = dict(zip((f for f, _ in plain), decode_abi([k for _, k in plain], log.data), strict=True))
        for (field, kind), topic in zip(stated, log.topics[1:], strict=False):
            values[field] = decode_abi([kind], topic)[0]
        return values

    def explain(self, reverted: Reverted) -> Refused:
        """Return the contract's own error: code `contract.<ErrorName>`, the arguments in the detail."""
        element = self._errors.get(reverted.data[:4])
        if element is None:
            return reverted
        try:
            values = decode_abi(element.inputs, reverted.data[4:])
        except Unavailable:
            return reverted
        stated = ", ".join(f"{n} {_readable(v)}" for n, v in zip(element.names, values, strict=True))
        detail = f"the contract refused the call: {element.name}" + (f" ({stated})" if stated else "")
        if element.name in ("Error", "Panic"):
            return Refused("contract.reverted", detail, mend=reverted.mend)
        return Refused(f"contract.{element.name}", detail, mend=MENDS.get(element.name, ""))


@cache
def abi_of(name: str) -> Abi:
    """Return the ABI of one of Portseal's contracts, by its name."""
    return Abi(artifact(name).abi, name)


def _element(element: Any, outputs: tuple[str, ...] = ()) -> _Element:
    callable_form = _as_function(element)
    return _Element(
        name=element["name"],
        names=tuple(str(name) for name in get_abi_input_names(callable_form)),
        inputs=tuple(get_abi_input_types(callable_form)),
        outputs=outputs,
        indexed=tuple(bool(field.get("indexed")) for field in element["inputs"]),
    )


def _signature(element: _Element) -> str:
    return f"{element.name}({','.join(element.inputs)})"


def _as_function(element: Any) -> Any:
    return {**element, "type": "function"}


def _readable(value: Any) -> str:
    if isinstance(value, bytes):
        return _text(value) or f"0x{value.hex()}"
    if isinstance(value, str) and value.startswith("0x") and len(value) == 42:
        return to_checksum_address(value)
    return str(value)[:200]


def _text(value: bytes) -> str:
    if len(value) == 2:
        return value.decode("ascii", "ignore") if value.isalpha() else ""
    try:
        return from_bytes32(value)
    except Invalid:
        return ""

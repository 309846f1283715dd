"""The codes of many operators in few calls: an event names an operator by its digest alone."""

from collections.abc import Iterable, Mapping, Sequence

from contracts import artifact
from contracts.keccak import keccak
from contracts.layout import array_slot, locate
from ledger.errors import Unavailable
from ledger.identifier import to_bytes32
from ledger.operator_registry import NAME, OperatorRegistry

_AT_ONCE = 500
_WORD = 32
_LONGEST = 64


def read_codes(registry: OperatorRegistry, authority: str, operators: Iterable[bytes]) -> Mapping[bytes, str]:
    """Return the code of each of the authority's operators, which never changes. Raises Unavailable `chain.*`."""
    names = list(dict.fromkeys(operators))
    codes: dict[bytes, str] = {}
    for start in range(0, len(names), _AT_ONCE):
        codes |= _read(registry, authority, names[start : start + _AT_ONCE])
    return codes


def _read(registry: OperatorRegistry, authority: str, operators: Sequence[bytes]) -> dict[bytes, str]:
    """Solidity keeps up to 31 bytes beside twice their number, longer ones in words of their own (number: 2n + 1)."""
    owner, layout = to_bytes32(authority), artifact(NAME)
    places = {operator: locate(layout, "_codes", owner, operator).slot for operator in operators}
    words = dict(zip(operators, registry.slots(list(places.values())), strict=True))
    long = {operator: -(-(int.from_bytes(word) // 2) // _WORD) for operator, word in words.items() if word[-1] % 2}
    if any(count * _WORD > _LONGEST for count in long.values()):
        raise _wrong()
    more = [array_slot(places[operator], index) for operator, count in long.items() for index in range(count)]
    rest = iter(registry.slots(more) if more else ())
    for operator, count in long.items():
        words[operator] = b"".join(next(rest) for _ in range(count))[: int.from_bytes(words[operator]) // 2]
    return {
        operator: _code(operator, word if operator in long else word[: word[-1] // 2])
        for operator, word in words.items()
    }


def _code(operator: bytes, code: bytes) -> str:
    if keccak(code) != operator:
        raise _wrong()
    return code.decode("ascii", "replace")


def _wrong() -> Unavailable:
    return Unavailable("chain.answer", "an operator's code is not the one it is named by", mend="ask another node")

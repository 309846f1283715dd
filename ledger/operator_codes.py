"""The codes of many operators in few calls: an event names an operator by its digest alone."""

from collections.abc import Iterable, Mapping, Sequence

from eth_utils.crypto import keccak

from contracts import artifact
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
    """Solidity keeps up to 31 bytes beside twice their number, more in the words of an array."""
    owner, layout = to_bytes32(authority), artifact(NAME)
    places = [locate(layout, "_codes", owner, operator).slot for operator in operators]
    words = [array_slot(place, index) for place in places for index in range(_LONGEST // _WORD)]
    # The first word tells which of the others there are; all are asked for, which is one call less.
    found = registry.slots([*places, *words])
    first, rest = found[: len(places)], found[len(places) :]
    pairs = (rest[number : number + 2] for number in range(0, len(rest), 2))
    return {
        operator: _code(operator, word, b"".join(pair))
        for operator, word, pair in zip(operators, first, pairs, strict=True)
    }


def _code(operator: bytes, word: bytes, long: bytes) -> str:
    number = int.from_bytes(word)
    code = long[: number // 2] if number % 2 else word[: word[-1] // 2]
    if keccak(code) != operator:
        raise Unavailable("chain.answer", "an operator's code is not the one it is named by", mend="ask another node")
    return code.decode("ascii", "replace")

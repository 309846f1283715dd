"""The member `finality` of a network file: which proof makes a block final, and who is trusted for it."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ledger.address import is_checksum_address
from ledger.errors import Invalid
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets

_MEND = "compare the file with the one that the consortium publishes"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Cosignatures of the members, whose keys stand in the AuthorityRegistry."""

    @property
    def name(self) -> str:
        """The form's name in files and answers."""
        return "checkpoint"


CHECKPOINT: Final = Checkpoint()


@dataclass(frozen=True, slots=True)
class Clique:
    """Descendants by these signers (EIP-55)."""

    signers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The form's name in files and answers."""
        return "clique"


@dataclass(frozen=True, slots=True)
class Qbft:
    """Seals of these validators."""

    validators: ValidatorSets

    @property
    def name(self) -> str:
        """The form's name in files and answers."""
        return "qbft"


Form: TypeAlias = Checkpoint | Clique | Qbft


def to_json(form: Form) -> dict[str, Any]:
    """Return the form as it stands in a network file."""
    match form:
        case Clique(signers):
            return {"form": form.name, "signers": list(signers)}
        case Qbft(validators):
            ranges = [{"from": one.start, "validators": list(one.validators)} for one in validators.ranges]
            return {"form": form.name, "validators": ranges}
        case Checkpoint():
            return {"form": form.name}


def from_json(value: Any, pointer: str = "/finality") -> Form:
    """Read the form that stands at `pointer`. Raises Invalid `network.form`."""
    match value:
        case {"form": "checkpoint"} if len(value) == 1:
            return Checkpoint()
        case {"form": "clique", "signers": signers} if len(value) == 2:
            return Clique(_addresses(signers, f"{pointer}/signers"))
        case {"form": "qbft", "validators": validators} if len(value) == 2:
            return Qbft(_sets(validators, f"{pointer}/validators"))
    what = '{"form": "checkpoint"}, {"form": "clique", "signers": [..]} or {"form": "qbft", "validators": [..]}'
    raise _malformed(pointer, what)


def _sets(value: object, pointer: str) -> ValidatorSets:
    if not isinstance(value, list):
        raise _malformed(pointer, "a list of ranges")
    ranges = tuple(_range(one, f"{pointer}/{place}") for place, one in enumerate(value))
    try:
        return ValidatorSets(ranges)
    except Invalid:
        raise _malformed(pointer, "at least one range, each from a higher block than the one before") from None


def _range(value: Any, pointer: str) -> ValidatorRange:
    match value:
        case {"from": start, "validators": validators} if len(value) == 2 and type(start) is int and start >= 0:
            return ValidatorRange(start, _addresses(validators, f"{pointer}/validators"))
    raise _malformed(pointer, '{"from": a block number, "validators": [..]}')


def _addresses(value: object, pointer: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _malformed(pointer, "a list of addresses")
    for place, one in enumerate(value):
        if not isinstance(one, str) or not is_checksum_address(one) or one in value[:place]:
            raise _malformed(f"{pointer}/{place}", "an address in checksum form (EIP-55), there once")
    return tuple(value)


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("network.form", f"a network file needs {what} here", pointer=pointer, mend=_MEND)

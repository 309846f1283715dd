"""How old a pack's block may be before its answers carry a warning, and before nothing is called usable any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verifier.pack.body import malformed

RISKS = ("low", "normal", "high")
"""How much rides on the consignment, as the customs' own rules say; the device is told."""
OTHER = "other"
"""In place of a kind: every kind that is not named."""

_MOST_KINDS = 64
_LONGEST = 366 * 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds. warn: older gives a warning; stop: older is UNKNOWN."""

    warn: int
    stop: int


@dataclass(frozen=True, slots=True)
class StaleLimits:
    """By risk and kind; each risk has one for `other` kinds."""

    by_risk: Mapping[str, Mapping[str, Limit]]

    def to_json(self) -> dict[str, Any]:
        """Return the members."""
        return {
            risk: {kind: {"warn": one.warn, "stop": one.stop} for kind, one in kinds.items()}
            for risk, kinds in self.by_risk.items()
        }


def read_limits(value: Any, pointer: str) -> StaleLimits:
    """Read the members. Raises Invalid `pack.form`."""
    if not isinstance(value, dict) or value.keys() != set(RISKS):
        raise malformed(pointer, f"exactly {', '.join(RISKS)}")
    return StaleLimits({risk: _kinds(kinds, f"{pointer}/{risk}") for risk, kinds in value.items()})


def _kinds(value: Any, pointer: str) -> dict[str, Limit]:
    if not isinstance(value, dict) or OTHER not in value or len(value) > _MOST_KINDS:
        raise malformed(pointer, f"limits by kind, and for {OTHER}")
    return {kind: _limit(one, f"{pointer}/{kind}") for kind, one in value.items()}


def _limit(value: Any, pointer: str) -> Limit:
    match value:
        case {"warn": int(warn), "stop": int(stop)} if len(value) == 2 and 0 <= warn <= stop <= _LONGEST:
            if type(warn) is int and type(stop) is int:
                return Limit(warn, stop)
    raise malformed(pointer, "seconds: warn, and stop not before it")


_HOUR, _DAY = 3_600, 86_400
DEFAULT = StaleLimits(
    {
        "low": {"bill-of-lading": Limit(4 * _HOUR, _DAY), OTHER: Limit(12 * _HOUR, 3 * _DAY)},
        "normal": {"bill-of-lading": Limit(_HOUR, 6 * _HOUR), OTHER: Limit(4 * _HOUR, _DAY)},
        "high": {"bill-of-lading": Limit(900, _HOUR), OTHER: Limit(_HOUR, 4 * _HOUR)},
    }
)
"""Ours, until a customs states its own: `portseal pack make --limits FILE`."""

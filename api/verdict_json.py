"""A verdict as JSON for people: with times as they read them."""

from typing import Any

from api.moment import show
from verifier.report import to_dict
from verifier.verdict import Verdict


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as JSON members."""
    return with_times(to_dict(verdict))


def with_times(verdict: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a verdict with its times in RFC 3339."""
    asked, block = verdict["asked"], verdict["as_of"]
    return verdict | {
        "asked": asked | {name: show(asked[name]) for name in ("at", "known_at")},
        "as_of": block and block | {"time": show(block["time"])},
    }

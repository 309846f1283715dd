"""A verdict as JSON for people: with times as they read them."""

from typing import Any

from api.moment import show
from verifier.report import to_dict
from verifier.verdict import Verdict


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as JSON members."""
    answer = to_dict(verdict)
    answer["asked"] |= {name: show(answer["asked"][name]) for name in ("at", "known_at")}
    if answer["as_of"]:
        answer["as_of"]["time"] = show(answer["as_of"]["time"])
    return answer

"""The policy that a report was judged by, whole: so that it can be judged by it again when nobody uses it any more."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ledger.canonical import canonicalize
from ledger.errors import Invalid
from verifier.policy import Policy


def policy_claims(policy: Policy) -> dict[str, Any]:
    """Return name and content, with SHA-256 over the RFC 8785 bytes of these."""
    content: dict[str, Any] = {
        "name": policy.version,
        "required": sorted(policy.required),
        "needed": sorted(policy.needed),
        "freshness": dict(policy.freshness),
        "fallback": policy.fallback,
    }
    return {**content, "sha256": sha256(canonicalize(content)).hexdigest()}


def policy_of(claims: Mapping[str, Any]) -> Policy:
    """Return the policy. Raises Invalid `report.policy` where its hash is another's, or it would accept anything."""
    try:
        policy = Policy(
            version=claims["name"],
            required=frozenset(claims["required"]),
            needed=frozenset(claims["needed"]),
            freshness=claims["freshness"],
            fallback=claims["fallback"],
        )
    except Invalid as error:
        raise _wrong(error.detail) from None
    if policy_claims(policy) != claims:
        raise _wrong("its hash is not that of its content")
    return policy


def _wrong(detail: str) -> Invalid:
    mend = "do not rely on this report; ask its signer for the policy that it judges by"
    return Invalid("report.policy", f"the policy of the report: {detail}", pointer="/policy", mend=mend)

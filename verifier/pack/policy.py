"""The policy of the gate: ours, with the pack's own limits for how old it may be."""

from dataclasses import replace

from ledger.errors import Invalid
from verifier.pack.limits import OTHER, StaleLimits
from verifier.policy import DEFAULT, Policy


def pack_policy(limits: StaleLimits, risk: str) -> Policy:
    """Return the policy for a risk. Raises Invalid `pack.risk`."""
    found = limits.by_risk.get(risk)
    if found is None:
        raise Invalid("pack.risk", f"{risk[:40]!r} is no risk", mend=f"name one of {', '.join(limits.by_risk)}")
    named = {kind: one for kind, one in found.items() if kind != OTHER}
    return replace(
        DEFAULT,
        version=f"{DEFAULT.version}/pack-{risk}",
        freshness={kind: one.stop for kind, one in named.items()},
        fallback=found[OTHER].stop,
        ageing={kind: one.warn for kind, one in found.items()},
        carried=True,
    )

"""The rules by which this node recommends an inspection: a file of its customs' own, or Portseal's."""

from pathlib import Path

from api.settings import Settings
from ledger.errors import Invalid
from verifier.decision.policy import DecisionPolicy
from verifier.decision.policy_reading import default_policy, read_policy


def policy_of(settings: Settings) -> DecisionPolicy:
    """Return the node's rules. Raises Invalid `settings.decision-policy`, `decision-policy.*`."""
    return default_policy() if settings.decision_policy is None else policy_at(settings.decision_policy.expanduser())


def policy_at(path: Path) -> DecisionPolicy:
    """Return the rules in a file. Raises as `policy_of`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"the policy file {path.name} cannot be read ({error.strerror})"
        mend = "check PORTSEAL_DECISION_POLICY, or the path that was given"
        raise Invalid("settings.decision-policy", what, mend=mend) from None
    return read_policy(data, path.name)

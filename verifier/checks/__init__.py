"""The checks: pure functions of (Evidence, Asked), one file each, in the order in which they are reported."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from verifier.checks import (
    anchoring,
    custody,
    form,
    freshness,
    integrity,
    issuer,
    node,
    operator,
    recognition,
    status,
    title,
    validity,
)
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.question import Asked

Check = Callable[[Evidence, Asked], list[Finding]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "form": form.check,
        "integrity": integrity.check,
        "issuer": issuer.check,
        "anchoring": anchoring.check,
        "status": status.check,
        "validity": validity.check,
        "recognition": recognition.check,
        "operator": operator.check,
        "title": title.check,
        "custody": custody.check,
        "freshness": freshness.check,
        "node": node.check,
    }
)

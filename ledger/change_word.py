"""What a change says, in one word that never changes its meaning."""

from collections.abc import Mapping
from typing import Any

from ledger.change_kind import ChangeKind
from ledger.dated_list import Entry

_STARTED_OR_ENDED = {1: "started", 0: "ended"}
_SUSPENDED = {1: "suspended", 0: "reinstated"}
_WORDS: Mapping[str, Mapping[int, str]] = {
    "authority-registry.member": {1: "admitted", 0: "ended"},
    "authority-registry.authority": _STARTED_OR_ENDED,
    "authority-registry.account": {1: "started", 2: "started", 3: "started", 0: "ended"},
    "authority-registry.service-key": _STARTED_OR_ENDED,
    "authority-registry.proposal": {1: "proposed", 2: "approved", 3: "executed", 4: "withdrawn"},
    "issuer-registry.issuer": {1: "active", 2: "suspended"},
    "issuer-registry.accreditation": _STARTED_OR_ENDED,
    "issuer-registry.account": _STARTED_OR_ENDED,
    "issuer-registry.key": {1: "active", 2: "retired", 3: "suspended", 4: "compromised"},
    "issuer-registry.body": _STARTED_OR_ENDED,
    "issuer-registry.scope": _STARTED_OR_ENDED,
    "issuer-registry.hold": {1: "held", 2: "held", 3: "held", 0: "released"},
    "document-registry.status": {1: "revoked", 2: "suspended", 3: "reinstated", 4: "superseded"},
    "document-registry.hold": {1: "held", 2: "held", 3: "held", 0: "released"},
    "recognition-registry.party": {1: "joined", 2: "invited", 0: "left"},
    "recognition-registry.offer": {1: "offered", 2: "accepted", 0: "closed"},
    "recognition-registry.recognition": {1: "in-effect", 0: "ended"},
    "recognition-registry.suspension": {1: "suspended", 0: "resumed"},
    "operator-registry.operator": {1: "authorized", 0: "ended"},
    "operator-registry.suspension": _SUSPENDED,
    "operator-registry.alias": _STARTED_OR_ENDED,
}
_ALWAYS = {
    "authority-registry.quorum": "changed",
    "authority-registry.successor": "named",
    "document-registry.anchoring": "anchored",
    "recognition-registry.arrangement": "proposed",
}


def word_of(kind: ChangeKind, members: Mapping[str, Any]) -> str:
    """Return the word for a change of this kind; `changed` for a code that has none.

    It may hold from a later date on: `entry.effective_from`.
    """
    if kind.name in _ALWAYS:
        return _ALWAYS[kind.name]
    entry = members.get("entry")
    code = entry.code if isinstance(entry, Entry) else members.get("code")
    return _WORDS[kind.name].get(code, "changed") if isinstance(code, int) else "changed"

"""What the registries say about the key: whose it is, and how it stood at a time."""

from ledger.dated_list import Entries
from ledger.issuer_state import KeyState
from verifier.checks.concern import Concern, concern_at
from verifier.facts import KeyFacts

_CODES = {
    0: "issuer.key-not-in-force",
    KeyState.ACTIVE: None,
    KeyState.RETIRED: "issuer.key-retired",
    KeyState.SUSPENDED: "issuer.key-suspended",
}


def key_concerns(key: KeyFacts, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks against a document anchored at `time` with this key."""
    concerns = concern_at(key.entries, time, known_at, _CODES, "issuer.unreadable")
    since = compromised_since(key.compromises, known_at)
    # Anchored in the very second counts as after.
    if since is not None and time >= since:
        concerns.append(Concern("issuer.key-compromised", {"at": time, "compromised_since": since}))
    return concerns


def compromised_since(compromises: Entries, known_at: int | None) -> int | None:
    """Return the earliest time since when the key counts as compromised, as was known at `known_at`."""
    return min(
        (one.effective_from for one in compromises if known_at is None or one.recorded_at <= known_at), default=None
    )

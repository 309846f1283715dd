"""Stop what was covered when it was accepted and is not any more: its anchor would come too late.

Looked at are key, issuer, bodies and authority. Whether the document itself still lies within their scope is not: only
its ciphertext is here by then, so a scope that ended meanwhile is left to whoever verifies.
"""

from collections.abc import Iterable

from anchors.pipeline.issuer_directory import IssuerDirectory
from ledger.errors import Refused

Use = tuple[str, str]
"""The kid of an issuer's key, and a kind."""


def lost(directory: IssuerDirectory, uses: Iterable[Use], now: int) -> dict[Use, Refused]:
    """Return, of the uses that were covered, those that are not at `now`, each with the reason.

    Raises Unavailable `chain.*`.
    """
    facts = directory.at_head()
    found: dict[Use, Refused] = {}
    for kid, kind in set(uses):
        standing = facts.standing(kid, kind, now)
        concerns = standing.concerns if standing else ("issuer.key-unknown",)
        if concerns:
            found[kid, kind] = _ended(concerns)
    return found


def _ended(concerns: tuple[str, ...]) -> Refused:
    return Refused(
        "pipeline.coverage-ended",
        f"when accepted, the key could sign this kind; before anchoring that ended ({', '.join(concerns)})",
        mend="have the issuer accredited, or its key replaced, and issue the document anew",
    )

"""What became of a relayed intent, as JSON."""

from typing import Any

from anchors.intents.relayed import MINED, Relayed
from api import problems
from api.intent_json import intent_json
from api.moment import show
from ledger.authority_registry import NAME, AuthorityRegistry

_PROPOSING = ("propose(", "proposeUntil(")


def relayed_json(one: Relayed, registry: AuthorityRegistry) -> dict[str, Any]:
    """Return what became of a relayed intent, and what it says."""
    return {
        "intent": one.signed.intent.digest().hex(),
        "state": one.state,
        "transaction": f"0x{one.transaction_hash.hex()}",
        "block": one.block,
        "relayed_at": show(one.relayed_at),
        "proposal": _proposal(one, registry),
        "problem": problems.problem(one.error) if one.error else None,
        **intent_json(one.signed.intent),
    }


def _proposal(one: Relayed, registry: AuthorityRegistry) -> int | None:
    """Return the number of the proposal that a mined intent made; None if it made none."""
    intent = one.signed.intent
    if one.state != MINED or intent.registry != NAME or not intent.action.startswith(_PROPOSING):
        return None
    receipt = registry.contract.chain.receipt(one.transaction_hash)
    return registry.proposed(receipt) if receipt else None

"""Handing a signed intent to a node, and waiting for what becomes of it."""

import time
from typing import Any

from api.cli import output
from api.cli.client import Client
from api.cli.ending import Ending
from ledger.errors import Refused, Unavailable
from ledger.intent import SignedIntent
from ledger.intent_form import to_json

_POLL = 0.25
_PATIENCE = 90.0


def submit(client: Client, signed: SignedIntent, *, json: bool) -> None:
    """Submit it, wait until the chain has taken or refused it, and print that; ends with 1 if it was refused.

    Raises as Client does, and Unavailable `intent.waiting`.
    """
    told, deadline = client.post("/v1/intents", to_json(signed)), time.monotonic() + _PATIENCE
    while told["state"] == "waiting":
        if time.monotonic() > deadline:
            mend = f"ask later: portseal intent status {told['intent']}"
            raise Unavailable("intent.waiting", "the intent was sent and waits for a block", mend=mend)
        time.sleep(_POLL)
        told = _asked(client, told)
    show(told, json=json)


def _asked(client: Client, told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told now; a node that is away for a moment has the intent all the same."""
    try:
        answer: dict[str, Any] = client.get(f"/v1/intents/{told['intent']}")
    except Unavailable:
        return told
    return answer


def show(told: dict[str, Any], *, json: bool) -> None:
    """Print what a node tells of an intent; ends with 1 if the chain refused it."""
    if json:
        output.as_json(told)
    else:
        output.fields([(name, told[name]) for name in ("intent", "state", "block", "transaction", "proposal")])
    if told["state"] == "refused":
        problem = told["problem"]
        output.error(Refused(problem["code"], problem["detail"], mend=problem.get("mend", "")))
        raise Ending(1)

"""The texts of scanned QR codes on the command line."""

from typing import Any

from api.gate_words import gate_json
from verifier.subject import Subject

SCANNED = ("PS1:", "http://", "https://")


def said(text: str) -> dict[str, Any]:
    """Return what a code by value says, as the member `gate`; nothing for any other text."""
    gate = Subject.scanned(text).gate if text.startswith(SCANNED) else None
    return {"gate": gate_json(gate.statement)} if gate else {}

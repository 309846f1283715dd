"""The form of finality as it is named from outside: `checkpoint`, or a file with the network file's member."""

from pathlib import Path

from ledger.errors import Invalid
from ledger.finality.form import CHECKPOINT, Form, from_json
from ledger.strict_json import parse


def finality_of(text: str) -> Form:
    """Return the form. Raises Invalid `finality.option`, `network.form`, `json.*`."""
    if text == CHECKPOINT.name:
        return CHECKPOINT
    try:
        data = Path(text).read_bytes()
    except (OSError, ValueError):
        detail = f"{text} is neither `checkpoint` nor a file that can be read"
        mend = 'say checkpoint, or name a file with {"form": "clique" or "qbft", ..} (docs/finality.md)'
        raise Invalid("finality.option", detail, mend=mend) from None
    return from_json(parse(data), "")

"""The form of finality as it is named from outside: `checkpoint`, or a file with the network file's member."""

from ledger.errors import Invalid


def finality_of(text: str) -> str:
    """Return the form. Raises Invalid `finality.option`."""
    if text == "checkpoint":
        return text
    raise Invalid("finality.option", f"{text} is no form of finality", mend="say checkpoint")

"""Where the command line takes a passphrase from: a file, the environment, or the person."""

import os
from pathlib import Path

import typer

MINIMUM = 8


def given(file: Path | None, *, new: bool = False) -> str:
    """Return the passphrase. With `new` a typed one is asked twice. Raises typer.BadParameter if it is too short."""
    if file is not None:
        passphrase = file.read_text(encoding="utf-8").rstrip("\n")
    else:
        passphrase = os.environ.get("PORTSEAL_PASSPHRASE") or typer.prompt(
            "Passphrase", hide_input=True, confirmation_prompt=new, err=True
        )
    if new and len(passphrase) < MINIMUM:
        raise typer.BadParameter(f"the passphrase needs at least {MINIMUM} characters")
    return passphrase

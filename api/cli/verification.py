"""`portseal verify`: is it authentic, can it be used, and why."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.ending import Ending
from api.cli.verdict_lines import exit_code as exit_code
from api.cli.verdict_lines import lines

_DIGEST_LENGTH = 64
Subject = Annotated[str, typer.Argument(help="An envelope's file, - for standard input, or a digest (64 hex).")]
Country = Annotated[
    str | None, typer.Option("--relying-country", help="ISO 3166 code of the country that relies on it.")
]
Language = Annotated[str, typer.Option("--language", help="zh or en.", envvar="PORTSEAL_LANGUAGE")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("verify")(verify)


def verify(
    subject: Subject,
    relying_country: Country = None,
    at: options.At = None,
    language: Language = "en",
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Verify a document. Ends with 0 usable, 1 invalid, 2 indeterminate or unknown, 3 authentic but not usable.

    Without a node: `portseal verify FILE --offline --trust TRUST`, of a file that `portseal evidence` wrote.
    """
    verdict = ask(Client(node), subject, relying_country, at)
    if json:
        output.as_json(verdict)
    else:
        show(verdict, "zh" if language.startswith("zh") else "en")
    raise Ending(exit_code(verdict))


def ask(client: Client, subject: str, relying_country: str | None, at: str | None) -> dict[str, Any]:
    """Return the node's verdict on a file or a digest."""
    asked = {name: value for name, value in (("relying_country", relying_country), ("at", at)) if value}
    if is_digest(subject):
        asked["digest"] = subject.lower()
    else:
        asked["envelope"] = read(subject).decode("utf-8", "replace").strip()
    verdict: dict[str, Any] = client.post("/v1/verifications", asked)
    return verdict


def read(name: str) -> bytes:
    """Return a file's bytes, or standard input's for `-`."""
    if name == "-":
        return sys.stdin.buffer.read()
    if not Path(name).is_file():
        raise typer.BadParameter(f"{name} is neither a file nor a digest of 64 hex characters")
    return Path(name).read_bytes()


def is_digest(subject: str) -> bool:
    """Tell whether it is a digest and no file."""
    return len(subject) == _DIGEST_LENGTH and not Path(subject).exists()


def show(verdict: dict[str, Any], language: str) -> None:
    """Print a verdict for people."""
    for text, style in lines(verdict, language):
        output.line(text, style)

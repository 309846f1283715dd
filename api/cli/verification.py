"""`portseal verify`: is it authentic, can it be used, and why."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.ending import Ending

_STYLES = {"pass": "green", "fail": "bold red", "warn": "yellow", "unknown": "magenta", "skipped": "dim"}
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
    """Verify a document. Ends with 0 usable, 1 invalid, 2 indeterminate or unknown, 3 authentic but not usable."""
    verdict = ask(Client(node), subject, relying_country, at)
    if json:
        output.as_json(verdict)
    else:
        show(verdict, "zh" if language.startswith("zh") else "en")
    raise Ending(exit_code(verdict))


def ask(client: Client, subject: str, relying_country: str | None, at: str | None) -> dict[str, Any]:
    """Return the node's verdict on a file or a digest."""
    asked = {name: value for name, value in (("relying_country", relying_country), ("at", at)) if value}
    if len(subject) == _DIGEST_LENGTH and not Path(subject).exists():
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


def exit_code(verdict: dict[str, Any]) -> int:
    """Return 0 authentic and usable, 1 invalid, 2 indeterminate or usable unknown, 3 authentic but not usable."""
    if verdict["authentic"] == "INVALID":
        return 1
    if verdict["authentic"] == "INDETERMINATE" or verdict["usable"] == "UNKNOWN":
        return 2
    return 0 if verdict["usable"] == "ACTIVE" else 3


def show(verdict: dict[str, Any], language: str) -> None:
    """Print a verdict for people: the two axes, what *final* rests on, what speaks for and against it, what to do."""
    output.line(f"authentic  {verdict['authentic']}", style="bold")
    output.line(f"usable     {verdict['usable']}", style="bold")
    if final := verdict["finality"]:
        signed = f"{len(final['signers'])}/{final['of']}: {', '.join(final['signers'])}"
        output.line(f"final by   {final['form']}, {signed}")
    for finding in verdict["findings"]:
        text = finding["text"][language]
        output.line(f"  {finding['outcome']:<8} {finding['code']:<32} {text}", _STYLES.get(finding["outcome"]))
    remedies = dict.fromkeys(
        finding["remedy"][language]
        for finding in verdict["findings"]
        if finding["outcome"] in {"fail", "unknown"} and finding["remedy"][language]
    )
    for remedy in remedies:
        output.line(f"{'怎么办' if language == 'zh' else 'What to do'}: {remedy}")

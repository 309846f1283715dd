"""`portseal sign | register | status | open | share | revoke`: what a registrant does with documents."""

import base64
import time
from pathlib import Path
from typing import Annotated

import typer

from anchors.lane import LaneWord
from api.cli import gate_files, opening, options, output, registering
from api.cli.client import Client
from api.cli.passphrase import given
from api.cli.verification import read
from ledger import gate_statement
from ledger.envelope import issue
from ledger.errors import Invalid
from ledger.keystore import read_key
from ledger.kinds import kind as kind_named
from ledger.strict_json import parse

Digest = Annotated[
    str, typer.Argument(help="The document's digest, 64 hex characters.", callback=options.digest_argument)
]
Files = Annotated[list[str], typer.Argument(help="Envelopes or documents (JSON); - for standard input.")]
Kind = Annotated[str | None, typer.Option("--kind", help="bill-of-lading, certificate-of-origin, aeo-credential.")]
Issuer = Annotated[str | None, typer.Option("--issuer", help="The issuer's id.")]
Readers = Annotated[list[str] | None, typer.Option("--reader", help="Who may open the payload; repeat for more.")]
Reason = Annotated[int, typer.Option("--reason", help="A code of the published table; 0 states none.", min=0)]
Scope = Annotated[
    list[str] | None,
    typer.Option("--scope", help="A code that the issuer is limited to (hs.84), for the QR code; repeat for more."),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Where to write; standard output otherwise.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (sign, register, status, open_, share, revoke):
        app.command(command.__name__.rstrip("_"))(command)


def sign(
    file: Annotated[str, typer.Argument(help="The document, JSON; - for standard input.")],
    kind: Annotated[str, typer.Option("--kind", help="bill-of-lading, certificate-of-origin or aeo-credential.")],
    issuer: Annotated[str, typer.Option("--issuer", help="The issuer's id.")],
    key: options.Key,
    out: Out = None,
    scope: Scope = None,
    passphrase_file: options.PassphraseFile = None,
    json: options.Json = False,
) -> None:
    """Sign a document with a key on this machine, and the gate statement for its QR code (FILE.gate); needs no node."""
    document = parse(read(file))
    if not isinstance(document, dict):
        raise Invalid("document.schema", "a document is a JSON object", pointer="", mend="give one object")
    signer = read_key(key, given(passphrase_file))
    envelope = issue(document, kind_named(kind), issuer, signer, iat=int(time.time()))
    gate = gate_statement.issue(envelope, document, signer, scope or ())
    if json:
        signed = {"digest": envelope.digest.hex(), "envelope": envelope.serialize()}
        output.as_json(signed | {"gate": base64.b64encode(gate.data).decode("ascii")})
    else:
        opening.write(out, envelope.serialize().encode("ascii") + b"\n")
        gate_files.keep(out, gate.data)
        output.note(f"digest {envelope.digest.hex()}")


def register(
    files: Files,
    kind: Kind = None,
    issuer: Issuer = None,
    reader: Readers = None,
    supersedes: Annotated[str | None, typer.Option("--supersedes", help="Digest of the document it replaces.")] = None,
    idempotency_key: Annotated[str | None, typer.Option("--idempotency-key", help="Makes a retry safe.")] = None,
    lane: Annotated[LaneWord, typer.Option("--lane", help="How soon it has to be anchored.")] = "normal",
    wait: Annotated[bool, typer.Option("--wait", help="Wait until final.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to keep the signed envelopes in.")] = None,
    node: options.Node = None,
    api_key: options.ApiKey = None,
    json: options.Json = False,
) -> None:
    """Register envelopes, or documents for the node to sign with your custodial key."""
    common = {"kind": kind, "issuer": issuer, "readers": reader, "supersedes": supersedes}
    given_fields = {name: value for name, value in common.items() if value}
    client = Client(node, api_key)
    results = registering.register(client, files, given_fields, idempotency_key, lane)
    if out is not None:
        registering.keep_envelopes(out, results)
    if wait:
        registering.wait_until_final(client, results)
    registering.report(results, json=json)


def status(
    digest: Digest,
    at: options.At = None,
    known_at: options.KnownAt = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show how far a document has come, and its proof; with a time, what its status was then."""
    document = Client(node).get(f"/v1/documents/{digest}", at=at, known_at=known_at)
    if json:
        output.as_json(document)
    else:
        registering.show(document)


def open_(
    digest: Digest,
    key: options.Key,
    out: Out = None,
    passphrase_file: options.PassphraseFile = None,
    node: options.Node = None,
    api_key: options.ApiKey = None,
    json: options.Json = False,
) -> None:
    """Fetch a payload, decrypt it here with your key, and check that it is the document named."""
    opened = opening.fetch(Client(node, api_key), digest, read_key(key, given(passphrase_file)))
    if json:
        output.as_json({"digest": digest, **opening.as_json(opened)})
        return
    opening.write(out, opened.envelope.encode("ascii") + b"\n")
    for attachment in opening.save_attachments(out, opened.attachments):
        output.note(f"attachment {attachment}")


def share(
    digest: Digest,
    reader: Annotated[str, typer.Option("--reader", help="Who may open it from now on.")],
    key: options.Key,
    passphrase_file: options.PassphraseFile = None,
    node: options.Node = None,
    api_key: options.ApiKey = None,
    json: options.Json = False,
) -> None:
    """Give a reader access: the content key is wrapped for it here, with your key."""
    answer = opening.share(Client(node, api_key), digest, reader, read_key(key, given(passphrase_file)))
    if json:
        output.as_json(answer)
    else:
        output.line(f"{reader} can open {digest} now.")


def revoke(
    digest: Digest,
    reason: Reason = 0,
    node: options.Node = None,
    api_key: options.ApiKey = None,
    json: options.Json = False,
) -> None:
    """Revoke a document on the chain; this is final."""
    answer = Client(node, api_key).post(f"/v1/documents/{digest}/status", {"status": "revoked", "reason": reason})
    if json:
        output.as_json(answer)
    else:
        output.line(f"revoked in block {answer['block']['number']}, transaction {answer['transaction']}")

"""Opening and sharing payloads from the command line; content keys never leave this machine."""

import base64
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anchors import reader_entry
from anchors.sealing import open_payload
from api.cli.client import Client
from ledger.envelope import Attachment
from ledger.errors import Invalid
from ledger.jwk import PublicKey
from ledger.private_key import PrivateKey


@dataclass(frozen=True)
class Opened:
    """What was inside a payload."""

    envelope: str
    attachments: tuple[Attachment, ...]


def fetch(client: Client, digest: str, key: PrivateKey) -> Opened:
    """Return the opened payload; open_payload checks that it is the document named."""
    answer = client.get(f"/v1/documents/{digest}/payload")
    named = bytes.fromhex(digest)
    content_key = reader_entry.open_entry(answer["reader_entry"], key, named)
    envelope, attachments = open_payload(base64.b64decode(answer["payload"]), content_key, named)
    return Opened(envelope, tuple(attachments))


def share(client: Client, digest: str, reader: str, key: PrivateKey) -> dict[str, Any]:
    """Wrap the content key for `reader` and hand the entry to the node; return what it answers."""
    public = PublicKey.from_jwk(client.get(f"/v1/readers/{quote(reader, safe='')}")["encryption_key"])
    answer = client.get(f"/v1/documents/{digest}/payload")
    named = bytes.fromhex(digest)
    content_key = reader_entry.open_entry(answer["reader_entry"], key, named)
    entry = reader_entry.make(content_key, public, named)
    granted: dict[str, Any] = client.post(f"/v1/documents/{digest}/readers", {"reader": reader, "entry": entry})
    return granted


def as_json(opened: Opened) -> dict[str, Any]:
    """Return what was opened as JSON members; contents of attachments in base64."""
    return {
        "envelope": opened.envelope,
        "attachments": [
            {"name": one.name, "media_type": one.media_type, "content": base64.b64encode(one.content).decode("ascii")}
            for one in opened.attachments
        ],
    }


def write(out: Path | None, content: bytes) -> None:
    """Write to a file, or to standard output."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)


def save_attachments(out: Path | None, attachments: tuple[Attachment, ...]) -> list[Path]:
    """Write attachments beside `out`, under their own base names; never over a file that is there."""
    folder = out.parent if out else Path()
    paths = [folder / Path(attachment.name).name for attachment in attachments]
    for path, attachment in zip(paths, attachments, strict=True):
        if path.exists():
            raise Invalid("attachment.exists", f"{path} is there already", mend="move it away, or use another --out")
        path.write_bytes(attachment.content)
    return paths

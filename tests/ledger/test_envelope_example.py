"""The worked example of docs/envelope.md is true."""

import json
import re
from pathlib import Path

from ledger import base64url
from ledger.envelope import Attachment, check_attachments, parse, verify
from ledger.jwk import PublicKey

PAGE = (Path(__file__).parents[2] / "docs" / "envelope.md").read_text(encoding="utf-8")


def _block(name: str) -> str:
    found = re.search(rf"^```(?:json )?{name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_envelope_is_what_the_page_says() -> None:
    envelope = parse(_block("envelope").replace("\n", ""))
    seen = verify(envelope, PublicKey.from_jwk(json.loads(_block("jwk"))))
    assert seen.document == json.loads(_block("document"))
    assert envelope.digest.hex() == _block("digest").strip()
    check_attachments(seen, [Attachment("decision.pdf", "application/pdf", b"%PDF-1.7")])


def test_the_parts_stand_on_the_page() -> None:
    envelope = parse(_block("envelope").replace("\n", ""))
    flat = PAGE.replace("\n", "")
    for part in (*envelope.jwt.split(".")[:2], *envelope.disclosures):
        assert base64url.decode(part).decode() in flat
    for disclosure in envelope.opened:
        assert disclosure.text in flat


def test_every_code_of_the_envelope_is_on_the_page() -> None:
    sources = (Path(__file__).parents[2] / "ledger" / "envelope").glob("*.py")
    raised = {
        code for path in sources for code in re.findall(r'"((?:envelope|attachment)\.[a-z-]+)"', path.read_text())
    }
    assert len(raised) > 15
    assert [code for code in raised if code not in PAGE and "." + code.split(".")[1] + "`" not in PAGE] == []

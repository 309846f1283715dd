"""Gate statements and QR codes over HTTP and on the command line, against a real node whose chain's hours pass."""

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import httpx
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from anchors import merkle
from anchors.gate_code import read
from api.cli import run
from ledger import gate_statement
from ledger.envelope import parse, verify
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.api.passing_hours import Site, next_hour, passing_hours
from tests.api.test_documents import CARRIER, bill, enveloped, register

READER = "sg.customs"
PUBLIC_URL = "https://verify.example/portseal/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with passing_hours(tmp_path_factory.mktemp("gate"), next_hour(), public_url=PUBLIC_URL) as site:
        yield site


def gate_for(site: Site, envelope: str, key: PrivateKey | None = None) -> str:
    own = site.api.established.keys.issuer_keys[CARRIER]
    parsed = parse(envelope)
    made = gate_statement.issue(parsed, verify(parsed, own.public_key).document, key or own)
    return base64.b64encode(made.data).decode()


def registered(site: Site, number: str) -> dict[str, Any]:
    envelope = enveloped(site.api, bill(number))
    answer = register(site.api, {"envelope": envelope, "gate": gate_for(site, envelope)})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def printed(site: Site, digest: str, what: str, tenant: str = CARRIER) -> httpx.Response:
    """What the registrant is given to print, or another tenant."""
    return site.api.http.get(f"/v1/documents/{digest}/{what}", headers=site.api.key(tenant))


def seen(content: bytes) -> str:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(content)).convert("L"))
    assert len(found) == 1
    return found[0].text


def asked(site: Site, **body: str) -> dict[str, Any]:
    answer = site.api.http.post("/v1/verifications", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_from_registration_to_a_printed_code_that_is_verified(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = registered(site, "GATE00000001")
    digest = answer["digest"]
    http = site.api.http
    site.api.until_final(digest)

    gate = cbor2.loads(printed(site, digest, "gate").content)
    assert base64.b64encode(gate["statement"]).decode() == answer["gate"]
    batch, leaf = gate["batch"], gate_statement.parse(gate["statement"]).leaf
    assert merkle.verify_inclusion(leaf, batch["index"], batch["size"], batch["path"], batch["root"])
    assert batch["anchored_at"] > 1_700_000_000

    early = printed(site, digest, "qr?form=value")
    assert (early.status_code, early.json()["code"]) == (503, "gate.hour-open")
    assert "ends at 20" in early.json()["detail"]
    link = seen(printed(site, digest, "qr").content)
    assert link == f"https://verify.example/portseal/d/{digest}"

    site.pass_hours("GATE00000002")
    text = seen(printed(site, digest, "qr?form=value").content)
    assert read(text).statement.digest.hex() == digest
    verdict = asked(site, qr=text)
    assert (verdict["authentic"], verdict["usable"], verdict["digest"]) == ("VALID", "ACTIVE", digest)
    assert verdict["gate"]["fields"]["number"] == "GATE00000001"
    by_link = asked(site, qr=link)
    assert (by_link["authentic"], by_link["digest"]) == ("INDETERMINATE", digest)

    svg = printed(site, digest, "qr?form=value&format=svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    pdf = printed(site, digest, "qr?form=value&format=pdf")
    page = pypdfium2.PdfDocument(pdf.content)[0]
    assert "GATE00000001" in page.get_textpage().get_text_bounded()
    out = io.BytesIO()
    page.render(scale=3).to_pil().save(out, "png")
    assert seen(out.getvalue()) == text

    node, api_key = str(http.base_url), site.api.established.tenants[CARRIER].api_key
    for suffix in ("png", "svg", "pdf"):
        out = str(tmp_path / f"code.{suffix}")
        assert run(["qr", digest, "--by", "value", "-o", out, "--node", node, "--api-key", api_key]) == 0
    assert seen((tmp_path / "code.png").read_bytes()) == text
    assert run(["qr", digest, "-o", str(tmp_path / "code.gif"), "--node", node]) == 64
    assert run(["verify", text, "--node", node]) == 0
    device = str(tmp_path / "device")
    (tmp_path / "trust.json").write_bytes(http.get("/v1/trust").content)
    by = site.api.node.authority
    assert run(["gate", "enrol", "--dir", device, "--trust", str(tmp_path / "trust.json"), "--by", by]) == 0
    assert run(["pack", "make", "--home", str(site.api.home)]) == 0
    assert run(["pack", "fetch", "--dir", device, "--node", node]) == 0
    capsys.readouterr()
    # The machine's clock is an hour behind what the pack says: what can be used cannot be told.
    assert run(["verify", text, "--pack", device, "--json"]) == 2
    offline = json.loads(capsys.readouterr().out)
    assert (offline["authentic"], offline["usable"]) == ("VALID", "UNKNOWN")
    assert offline["gate"]["fields"]["number"] == "GATE00000001"
    assert run(["revoke", digest, "--node", node, "--api-key", api_key]) == 0
    verdict = asked(site, qr=text)
    assert (verdict["authentic"], verdict["usable"]) == ("VALID", "REVOKED")


def test_a_node_with_custody_makes_the_statement_unless_told_not_to(site: Site) -> None:
    body = {"kind": "bill-of-lading", "document": bill("GATE00000010")}
    answer = register(site.api, body).json()
    kept = cbor2.loads(printed(site, answer["digest"], "gate").content)
    assert base64.b64encode(kept["statement"]).decode() == answer["gate"]
    assert gate_statement.parse(kept["statement"]).named()["number"] == "GATE00000010"
    without = register(site.api, body | {"document": bill("GATE00000011"), "gate": False}).json()
    assert "gate" not in without
    missing = printed(site, without["digest"], "gate")
    assert (missing.status_code, missing.json()["code"]) == (409, "gate.none")
    assert printed(site, without["digest"], "qr?format=pdf").status_code == 200
    no_value = printed(site, without["digest"], "qr?form=value")
    assert no_value.json()["code"] == "gate.none"


def test_what_the_goods_carry_is_for_registrant_and_readers(site: Site) -> None:
    """Anybody finds digests in the open feed and in packs; containers and ports are not told to anybody."""
    envelope = enveloped(site.api, bill("GATE00000070"))
    body = {"envelope": envelope, "gate": gate_for(site, envelope), "readers": [READER]}
    digest = register(site.api, body).json()["digest"]
    site.api.until_final(digest)
    stranger = "cn.aeo-office"
    for what, status in {"gate": 200, "qr": 200, "qr?form=value": 503, "qr?format=pdf": 200}.items():
        alone = site.api.http.get(f"/v1/documents/{digest}/{what}")
        assert (alone.status_code, alone.json()["code"]) == (401, "authentication.missing")
        refused = printed(site, digest, what, stranger)
        assert (refused.status_code, refused.json()["code"]) == (403, "authentication.forbidden")
        assert printed(site, digest, what, READER).status_code == status
        assert printed(site, digest, what).status_code == status


def test_lines_carry_statements_too(site: Site) -> None:
    one, two = enveloped(site.api, bill("GATE00000020")), enveloped(site.api, bill("GATE00000021"))
    lines = [{"envelope": one, "gate": gate_for(site, one)}, {"envelope": two, "gate": gate_for(site, one)}]
    body = "\n".join(map(json.dumps, lines))
    headers = {**site.api.key(CARRIER), "Content-Type": "application/x-ndjson"}
    answer = site.api.http.post("/v1/documents", content=body.encode(), headers=headers)
    first, second = (json.loads(line) for line in answer.text.splitlines())
    assert (first["status"], first["gate"]) == (202, lines[0]["gate"])
    assert (second["status"], second["problem"]["code"]) == (422, "gate.document")


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("!!", "registration.body"),
        (7, "registration.body"),
        (True, "registration.body"),
        (None, "registration.body"),
        ("", "gate.form"),
        ("AAAA", "gate.form"),
        (base64.b64encode(bytes(600)).decode(), "gate.size"),
    ],
)
def test_what_is_no_statement_is_refused(site: Site, gate: object, code: str) -> None:
    answer = register(site.api, {"envelope": enveloped(site.api, bill("GATE00000030")), "gate": gate})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_statement_beside_a_document_and_by_another_key_is_refused(site: Site) -> None:
    envelope = enveloped(site.api, bill("GATE00000031"))
    foreign = gate_for(site, envelope, PrivateKey.generate(Algorithm.ES256))
    answer = register(site.api, {"envelope": envelope, "gate": foreign})
    assert (answer.status_code, answer.json()["code"]) == (422, "gate.key")
    beside = {"kind": "bill-of-lading", "document": bill("GATE00000032"), "gate": gate_for(site, envelope)}
    assert register(site.api, beside).json()["code"] == "registration.body"


def test_a_link_leads_to_the_verdict(site: Site) -> None:
    digest = registered(site, "GATE00000040")["digest"]
    site.api.until_final(digest)
    verdict = site.api.http.get(f"/d/{digest}").json()
    assert (verdict["digest"], verdict["authentic"]) == (digest, "INDETERMINATE")
    page = site.api.http.get(f"/d/{digest}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/plain")
    assert "integrity.not-presented" in page.text
    assert "请" in page.text
    assert site.api.http.get("/d/nothing").status_code == 422


def test_what_is_not_known_and_what_is_no_form(site: Site) -> None:
    unknown = "ab" * 32
    for path in ("gate", "qr", "qr?form=value", "qr?format=pdf"):
        assert printed(site, unknown, path).json()["code"] == "document.unknown"
    assert printed(site, unknown, "qr?form=other").status_code == 422
    assert printed(site, unknown, "qr?format=gif").status_code == 422
    verdict = asked(site, qr="PS1:NONSENSE")
    assert verdict["authentic"] == "INVALID"
    assert "gate" not in verdict


def test_the_command_line_keeps_the_statement_beside_the_envelope(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node, key = str(site.api.http.base_url), site.api.established.tenants[CARRIER].api_key
    (tmp_path / "bill.json").write_text(json.dumps(bill("GATE00000050")))
    arguments = ["register", str(tmp_path / "bill.json"), "--kind", "bill-of-lading", "--node", node, "--api-key", key]
    assert run([*arguments, "--out", str(tmp_path / "kept"), "--json"]) == 0
    [result] = json.loads(capsys.readouterr().out)
    kept = Path(result["envelope_file"])
    assert kept.with_name(kept.name + ".gate").read_bytes() == base64.b64decode(result["gate"])
    assert run(["register", str(kept), "--node", node, "--api-key", key, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["repeated"]


@pytest.mark.parametrize("url", ["ftp://x", "https://", "https://x/?y", "https://x y", "https://x/" + "a" * 200, "x"])
def test_a_public_url_that_no_code_can_lead_to_is_refused(url: str) -> None:
    from api.settings import Settings
    from ledger.errors import Invalid

    with pytest.raises(Invalid, match=r"settings\.public-url"):
        Settings(public_url=url).link_base()
    assert Settings(public_url="https://verify.example/cn/").link_base() == "https://verify.example/cn"
    assert Settings(host="127.0.0.1", port=8080).link_base() == "http://127.0.0.1:8080"

"""Edge packs of a real node's chain: made, fetched, added to, and verdicts by them alone, in each form of finality."""

import base64
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from anchors.hour_root import end_of
from api.cli import run
from api.demonstration.samples import sample
from api.device.device import Device
from ledger import gate_statement
from ledger.compact_jws import sign_text
from ledger.deterministic_cbor import decode, encode
from ledger.envelope import issue, parse
from ledger.errors import PortsealError
from ledger.kinds import kind
from tests.registries.site import Site
from verifier.pack.file import PackFile, read_file
from verifier.pack.head import TYPE, read_head
from verifier.pack.opening import open_pack

ISSUER, KIND = "cn.eastern-meridian", "bill-of-lading"
ENVELOPE = {"Content-Type": "application/dc+sd-jwt"}
PATIENCE = int(os.environ.get("PORTSEAL_TEST_HOUR", "120"))
"""Seconds that may be waited for the end of an hour, where time cannot be moved: 3700 waits for it at any time."""


@dataclass
class AtTheGate:
    """A final document with its files, and a device that was enrolled before anything of it was there."""

    site: Site
    folder: Path
    digest: str

    @property
    def device(self) -> Device:
        return Device(self.folder / "device")

    def make(self) -> PackFile:
        """The next pack; something newer is final first."""
        self.site.registered(ISSUER, KIND)
        assert run(["pack", "make", "--home", str(self.site.api.home)]) == 0
        return read_file(self.site.api.http.get("/v1/packs/latest").content)

    def fetch(self) -> None:
        assert run(["pack", "fetch", "--dir", str(self.folder / "device"), "--node", self.address]) == 0

    @property
    def address(self) -> str:
        return str(self.site.api.http.base_url)

    def verify(self, what: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = run(["verify", what, "--pack", str(self.folder / "device"), "--json"])
        return code, json.loads(capsys.readouterr().out)

    def refused(self, file: PackFile) -> str:
        """The code of the error that opening a pack ends with; empty if it does not."""
        try:
            open_pack(read_file(file.encode()), self.device.roots, self.site.api.node.authority)
        except PortsealError as error:
            return error.code
        return ""

    def signed(self, file: PackFile, proof: dict[str, Any]) -> PackFile:
        """With another proof, by the customs itself."""
        data = encode(proof)
        claims = read_head(file.head)[0].claims() | {"proof": sha256(data).hexdigest()}
        return replace(file, head=sign_text(claims, self.site.api.node.custody.answers_key(), TYPE), proof=data)


class PackTests:
    @pytest.fixture(scope="class")
    @classmethod
    def gate(cls, site: Site, tmp_path_factory: pytest.TempPathFactory) -> AtTheGate:
        folder, http = tmp_path_factory.mktemp("gate"), site.api.http
        (folder / "trust.json").write_bytes(http.get("/v1/trust").content)
        enrol = ["gate", "enrol", "--dir", str(folder / "device"), "--trust", str(folder / "trust.json")]
        assert run([*enrol, "--by", site.api.node.authority]) == 0
        key, document = site.api.established.keys.issuer_keys[ISSUER], sample(KIND)
        envelope = issue(document, kind(KIND), ISSUER, key, iat=int(time.time()) - 60)
        statement = gate_statement.issue(envelope, document, key)
        body = {"envelope": envelope.serialize(), "gate": base64.b64encode(statement.data).decode()}
        answer = http.post("/v1/documents", json=body, headers=site.api.key(ISSUER))
        assert answer.status_code == 202, answer.text
        digest = parse(envelope.serialize()).digest.hex()
        assert site.api.until_final(digest)["state"] == "final"
        site.settled()
        (folder / "bill.sd-jwt").write_text(envelope.serialize())
        evidence = http.post("/v1/evidence", content=envelope.serialize(), headers=ENVELOPE)
        assert evidence.status_code == 200, evidence.text
        (folder / "bill.evidence").write_bytes(evidence.content)
        return AtTheGate(site, folder, digest)

    def test_an_envelope_by_the_pack(self, gate: AtTheGate, capsys: pytest.CaptureFixture[str]) -> None:
        made = gate.make()
        gate.fetch()
        code, verdict = gate.verify(str(gate.folder / "bill.evidence"), capsys)
        assert (code, verdict["authentic"], verdict["usable"]) == (0, "VALID", "ACTIVE")
        assert verdict["finality"]["form"] == gate.site.api.node.network.finality.name
        held = gate.device.pack
        assert held.block.form == gate.site.api.node.network.finality.name
        assert held.text == made.head
        # Where no member states the running hashes, the state's own nodes lead to them.
        assert bool(decode(made.proof, "pack")["nodes"]) == (held.block.form != "checkpoint")
        alone = gate.verify(str(gate.folder / "bill.sd-jwt"), capsys)[1]
        assert alone["authentic"] == "INDETERMINATE"

    def test_what_is_changed_in_its_proof(self, gate: AtTheGate) -> None:
        """Even if the customs itself signs it."""
        file = read_file(gate.site.api.http.get("/v1/packs/latest").content)
        proof = decode(file.proof, "pack")
        assert gate.refused(gate.signed(file, proof)) == ""
        for name, changed in _changes(proof):
            assert gate.refused(gate.signed(file, changed)).startswith(("finality.", "evidence.", "pack.block")), name

    def test_what_is_changed_in_its_content(self, gate: AtTheGate) -> None:
        file = read_file(gate.site.api.http.get("/v1/packs/latest").content)
        for place in range(0, len(file.body), max(1, len(file.body) // 40)):
            body = file.body[:place] + bytes([file.body[place] ^ 1]) + file.body[place + 1 :]
            assert gate.refused(replace(file, body=body)).startswith("pack.")

    def test_what_was_added_since(self, gate: AtTheGate, capsys: pytest.CaptureFixture[str]) -> None:
        """A revocation comes with the delta, and the pack of before does not come back."""
        before = read_file(gate.site.api.http.get("/v1/packs/latest").content)
        answer = gate.site.api.http.post(
            f"/v1/documents/{gate.digest}/status", json={"status": "suspended"}, headers=gate.site.api.key(ISSUER)
        )
        assert answer.status_code < 300, answer.text
        gate.site.settled()
        whole = gate.make()
        held = gate.device.held
        assert held
        delta = gate.site.api.http.get("/v1/packs/delta", params={"from": held[0]}).content
        assert read_file(delta).since == held[1]
        assert len(read_file(delta).body) < len(whole.body)
        gate.fetch()
        assert gate.device.pack.text == whole.head
        code, verdict = gate.verify(str(gate.folder / "bill.evidence"), capsys)
        assert (code, verdict["authentic"], verdict["usable"]) == (3, "VALID", "SUSPENDED")
        (gate.folder / "before.pack").write_bytes(before.encode())
        assert run(["pack", "apply", str(gate.folder / "before.pack"), "--dir", str(gate.folder / "device")]) == 1

    @pytest.mark.timeout(600 + PATIENCE)
    def test_by_its_hour_once_that_is_over(
        self, gate: AtTheGate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A QR code, and an envelope with its place in the hour, by the pack alone."""
        site = gate.site
        record = site.api.node.gates.find(bytes.fromhex(gate.digest))
        assert record.place
        anchored_at = site.api.node.gates.anchored_at(record.place)
        assert anchored_at
        left = int(end_of(anchored_at // 3_600) - site.clock()) + 1
        if left > 60:  # else it may end while it is asked for
            early = site.api.http.get(f"/v1/documents/{gate.digest}/inclusion")
            assert (early.status_code, early.json()["code"]) == (503, "gate.hour-open")
        if left > 0:
            if left > PATIENCE and site.skip is None:
                pytest.skip(f"the hour of the anchor ends in {left} s; PORTSEAL_TEST_HOUR=3700 waits for it")
            site.pass_time(left)
        gate.make()
        gate.fetch()
        # A device whose clock goes right by the chain's.
        monkeypatch.setattr("api.cli.gate_verifying.Device", partial(Device, clock=site.clock))
        text = site.api.node.gates.make(bytes.fromhex(gate.digest)).text()
        scanned = gate.verify(text, capsys)[1]
        assert run(["inclusion", str(gate.folder / "bill.sd-jwt"), "--node", gate.address]) == 0
        presented = gate.verify(str(gate.folder / "bill.sd-jwt"), capsys)[1]
        for verdict in (scanned, presented):
            assert (verdict["authentic"], verdict["digest"]) == ("VALID", gate.digest)
            assert verdict["usable"] == "SUSPENDED"
            [final] = [one for one in verdict["findings"] if one["code"] == "anchoring.final"]
            assert final["evidence"]["attested_by"] == site.api.node.authority


def _changes(proof: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every node left out, and a bit of each header, or of the claims' text, another one."""
    for place in range(len(proof["nodes"])):
        yield f"without node {place}", proof | {"nodes": proof["nodes"][:place] + proof["nodes"][place + 1 :]}
    finality = proof["finality"]
    for place, header in enumerate(finality.get("headers", ())):
        for at in range(0, len(header), 37):
            flipped = header[:at] + bytes([header[at] ^ 1]) + header[at + 1 :]
            headers = [*finality["headers"][:place], flipped, *finality["headers"][place + 1 :]]
            yield f"header {place}, byte {at}", proof | {"finality": finality | {"headers": headers}}
        rest = [*finality["headers"][:place], *finality["headers"][place + 1 :]]
        yield f"without header {place}", proof | {"finality": finality | {"headers": rest}}
    if claims := finality.get("claims"):
        for name in ("number", "time", "chain_id"):
            yield name, proof | {"finality": finality | {"claims": claims | {name: claims[name] + 1}}}
        yield "two signatures", proof | {"finality": finality | {"cosignatures": finality["cosignatures"][:2]}}

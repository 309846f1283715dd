"""A node with final documents, and a device at the gate that has never had a pack."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.device.device import Device
from api.device.verdicts import Verdicts
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, bill, enveloped, register
from tests.api.test_evidence import ENVELOPE

NDJSON = {"Content-Type": "application/x-ndjson"}


class Gate:
    """A node with two final documents, and a device that has never had a pack."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api, self.folder = api, folder
        self.trust, self.device = folder / "trust.json", folder / "device"
        self.trust.write_bytes(api.http.get("/v1/trust").content)
        self.kept, self.lost = (self._document(f"GATE-{n}") for n in range(2))
        assert (
            run(["gate", "enrol", "--dir", str(self.device), "--trust", str(self.trust), "--by", api.node.authority])
            == 0
        )

    def _document(self, number: str) -> tuple[str, Path]:
        text = enveloped(self.api, bill(number))
        digest = register(self.api, {"envelope": text}).json()["digest"]
        self.api.until_final(digest)
        evidence = self.folder / f"{number}.evidence"
        evidence.write_bytes(self.api.http.post("/v1/evidence", content=text, headers=ENVELOPE).content)
        return digest, evidence

    def revoke(self, digest: str) -> None:
        answer = self.api.http.post(
            f"/v1/documents/{digest}/status", json={"status": "revoked"}, headers=self.api.key(CARRIER)
        )
        assert answer.status_code < 300, answer.text
        self.final()

    def final(self) -> None:
        """Until something newer than now is final."""
        self._document(f"LATER-{self.api.node.chain.head().number}")

    def make(self) -> None:
        assert run(["pack", "make", "--home", str(self.api.home)]) == 0

    def fetch(self) -> None:
        assert run(["pack", "fetch", "--dir", str(self.device), "--node", str(self.api.http.base_url)]) == 0

    def verify(self, evidence: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = run(["verify", str(evidence), "--pack", str(self.device), "--json", *more])
        return code, json.loads(capsys.readouterr().out)

    def hand_in(self, content: bytes, tenant: str = CARRIER) -> Any:
        headers = {**self.api.key(tenant), **NDJSON}
        return self.api.http.post("/v1/offline-verdicts", content=content, headers=headers)

    def lines(self) -> list[bytes]:
        return [one.line.encode() + b"\n" for one in Verdicts(Device(self.device)).all()]

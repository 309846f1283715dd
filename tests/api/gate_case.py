"""A node with final documents, and a device at the gate that has never had a pack."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli import run
from api.device.device import Device
from api.device.verdicts import Verdicts
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, bill, enveloped, register
from tests.api.test_evidence import ENVELOPE

NDJSON = {"Content-Type": "application/x-ndjson"}


def document(api: Api, folder: Path, number: str) -> tuple[str, Path]:
    """A final document: its digest, and its evidence as a file."""
    text = enveloped(api, bill(number))
    digest = register(api, {"envelope": text}).json()["digest"]
    api.until_final(digest)
    evidence = folder / f"{number}.evidence"
    evidence.write_bytes(api.http.post("/v1/evidence", content=text, headers=ENVELOPE).content)
    return digest, evidence


class Gate:
    """A node with two final documents, and a device that has never had a pack."""

    def __init__(self, api: Api, folder: Path, documents: list[tuple[str, Path]]) -> None:
        self.api, self.folder = api, folder
        self.trust, self.device = folder / "trust.json", folder / "device"
        self.trust.write_bytes(api.http.get("/v1/trust").content)
        self.kept, self.lost = documents
        enrol = ["gate", "enrol", "--dir", str(self.device), "--trust", str(self.trust), "--by", api.node.authority]
        assert run(enrol) == 0

    def ready(self) -> None:
        """Have the device take a pack of the newest final block; it may be there already."""
        assert run(["pack", "make", "--home", str(self.api.home)]) in (0, 1)
        self.fetch()

    def revoke(self, digest: str) -> None:
        answer = self.api.http.post(
            f"/v1/documents/{digest}/status", json={"status": "revoked"}, headers=self.api.key(CARRIER)
        )
        assert answer.status_code < 300, answer.text
        self.final()

    def final(self) -> None:
        """Until something newer than now is final."""
        document(self.api, self.folder, f"LATER-{self.api.node.chain.head().number}")

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
        # On a connection of its own: a fault of the server ends the one that it was met on.
        url = self.api.http.base_url.join("/v1/offline-verdicts")
        return httpx.post(url, content=content, headers=headers, timeout=60, trust_env=False)

    def lines(self) -> list[bytes]:
        return [one.line.encode() + b"\n" for one in Verdicts(Device(self.device)).all()]

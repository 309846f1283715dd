"""A disk is full: the node takes nothing, says so, goes on reading, and resumes by itself once there is space.

The disk of the database, and that of the payload store, each a small file system that is filled to the last byte.
"""

import base64
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from anchors.cid import cid_of
from anchors.stores import FolderStore
from api.home import Home
from ledger.envelope import parse
from tests.api.test_documents import CARRIER, PROBLEM, bill, enveloped, register
from tests.demonstration_node import Api, copy_of_founded, node_of
from tests.faults.full_disk import SmallDisk, small_disk

_PATIENCE = 60.0


@dataclass(frozen=True)
class Site:
    api: Api
    database: SmallDisk
    payloads: SmallDisk

    def new(self, number: str) -> Any:
        return register(self.api, {"envelope": enveloped(self.api, bill(number))})

    def readiness(self) -> dict[str, str]:
        parts: dict[str, str] = self.api.http.get("/readyz").json()["parts"]
        return parts


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A node whose database and payload store have a small disk each; the chain is on another."""
    home = Home(tmp_path / "home")
    established = copy_of_founded(home.path)
    with ExitStack() as mounted:
        database = mounted.enter_context(small_disk(tmp_path / "database", 24))
        payloads = mounted.enter_context(small_disk(tmp_path / "payloads", 96))
        for file in home.path.glob("portseal.db*"):
            shutil.move(file, database.path / file.name)
        home.database.symlink_to(database.path / "portseal.db")
        shutil.rmtree(home.payloads, ignore_errors=True)
        home.payloads.symlink_to(payloads.path, target_is_directory=True)
        with node_of(home.path, established) as api:
            yield Site(api, database, payloads)


def until_refused(site: Site, code: str, word: str = "FULL") -> list[str]:
    """Register until the node refuses, for the right reason and in the right form; return what it accepted."""
    accepted = []
    for number in range(400):
        answer = site.new(f"{word}{number:06d}")
        if answer.status_code != 202:
            break
        accepted.append(answer.json()["digest"])
        time.sleep(0.05)  # the store step is what notices that the store is full
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (503, code), problem
    assert answer.headers["content-type"] == PROBLEM
    assert int(answer.headers["retry-after"]) > 0
    assert "space" in problem["mend"]
    assert "/" not in problem["detail"]  # no path of this machine
    return accepted


def reads(site: Site, envelope: str) -> None:
    """Everything that is read is there: state, receipt, verdict, payload."""
    digest = parse(envelope).digest.hex()
    assert site.api.http.get(f"/v1/documents/{digest}").json()["state"] == "final"
    answer = site.api.http.get(f"/v1/documents/{digest}/payload", headers=site.api.key(CARRIER)).json()
    assert str(cid_of(base64.b64decode(answer["payload"]))) == answer["payload_cid"]
    verdict = site.api.http.post("/v1/verifications", json={"envelope": envelope})
    assert verdict.status_code == 200, verdict.text
    assert verdict.json()["authentic"] == "VALID"


def until_accepted(site: Site, number: str) -> str:
    deadline = time.monotonic() + _PATIENCE
    while (answer := site.new(number)).status_code != 202:
        assert answer.status_code == 503
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    digest: str = answer.json()["digest"]
    return digest


def resumed(site: Site, digests: list[str]) -> None:
    """What was accepted before and while the disk was full is final, once, and its payload is in the store."""
    for digest in digests:
        assert site.api.until_final(digest)["state"] == "final"
    with FolderStore(site.payloads.path) as store:
        for digest in digests:
            answer = site.api.http.get(f"/v1/documents/{digest}/payload", headers=site.api.key(CARRIER)).json()
            content = base64.b64decode(answer["payload"])
            assert store.get(cid_of(content)) == content
    deadline = time.monotonic() + _PATIENCE
    while set((parts := site.readiness()).values()) != {"ok"}:
        assert time.monotonic() < deadline, parts
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["database", "payloads"])
def test_a_full_disk(site: Site, which: str) -> None:
    envelope = enveloped(site.api, bill("FULLBEFORE01"))
    before = register(site.api, {"envelope": envelope}).json()["digest"]
    assert site.api.until_final(before)["state"] == "final"
    disk: SmallDisk = getattr(site, which)
    disk.fill()
    code = {"database": "database.full", "payloads": "store.full"}[which]
    accepted = until_refused(site, code)
    reads(site, envelope)
    # SQLite may have found some pages of its log to use again meanwhile.
    accepted += until_refused(site, code, "AGAIN")
    if which == "payloads":
        assert site.readiness()["store"].startswith("unavailable")
    disk.empty()
    after = until_accepted(site, "FULLAFTER001")
    resumed(site, [before, *accepted, after])

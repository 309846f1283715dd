"""`portseal fsck` and `portseal rebuild` on a node's folder: running, stopped, damaged, without its database."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.demonstration.samples import sample
from api.home import Home
from tests.demonstration_node import Api, demonstration_node

Command = Callable[..., tuple[int, dict[str, Any]]]


@dataclass
class Node:
    home: Path
    digests: list[str]
    receipts: list[dict[str, Any]]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """A node that has anchored documents, was examined while it ran, and is stopped."""
    home = tmp_path_factory.mktemp("cared-for") / "home"
    with demonstration_node(home) as api:
        digests = [register(api, number) for number in range(3)]
        receipts = [api.until_final(digest) for digest in digests]
        assert run(["fsck", "--home", str(home)]) == 0
        assert run(["fsck", "--home", str(home), "--repair"]) == 1
        assert run(["rebuild", "--home", str(home)]) == 1
    return Node(home, digests, receipts)


def register(api: Api, number: int) -> str:
    document = sample("bill-of-lading") | {"transportDocumentReference": f"CARE{number:04d}"}
    body = {"kind": "bill-of-lading", "document": document}
    answer = api.http.post("/v1/documents", json=body, headers=api.key("cn.eastern-meridian"))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["digest"])


@pytest.fixture
def command(stopped: Node, capsys: pytest.CaptureFixture[str]) -> Command:
    def invoke(name: str, *options: str) -> tuple[int, dict[str, Any]]:
        code = run([name, "--home", str(stopped.home), "--json", *options])
        return code, json.loads(capsys.readouterr().out)

    return invoke


def execute(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(Home(home).database, isolation_level=None)) as database:
        database.execute(statement)


def test_whole(command: Command) -> None:
    code, told = command("fsck")
    assert (code, told["findings"], told["unchecked"], told["left"]) == (0, [], {}, 0)
    assert {"documents", "transactions", "payloads", "proofs", "anchorings"} <= told["looked_at"].keys()
    assert "payloads" not in command("fsck", "--quick")[1]["looked_at"]


def test_broken_and_mended(stopped: Node, command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    execute(stopped.home, "UPDATE documents SET path = zeroblob(32)")
    code, told = command("fsck")
    assert code == 1
    assert {one["code"] for one in told["findings"]} == {"leaf.path"}
    assert told["left"] == len(told["findings"])
    assert run(["fsck", "--home", str(stopped.home)]) == 1
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("leaf.path"))
    assert "portseal fsck --repair" in line
    code, told = command("fsck", "--repair")
    assert (code, told["left"], {one["repaired"] for one in told["findings"]}) == (0, 0, {True})
    assert command("fsck")[1]["findings"] == []


def test_a_chain_that_does_not_answer_is_no_finding(stopped: Node, command: Command, tmp_path: Path) -> None:
    network = Home(stopped.home).network
    kept = network.read_text(encoding="utf-8")
    network.write_text(json.dumps(json.loads(kept) | {"rpc": ["http://127.0.0.1:9"]}), encoding="utf-8")
    try:
        assert run(["fsck", "--home", str(stopped.home)]) == 2
    finally:
        network.write_text(kept, encoding="utf-8")


def test_rebuilt(stopped: Node, command: Command) -> None:
    path = Home(stopped.home).database
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    code, told = command("rebuild")
    assert (code, told["documents"], told["not_final_yet"], told["wrong"]) == (0, 3, 0, [])
    assert told["seconds"] > 0
    assert command("fsck")[1]["findings"] == []
    assert run(["rebuild", "--home", str(stopped.home)]) == 1

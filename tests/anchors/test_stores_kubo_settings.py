"""What the Kubo store says of settings: on a real Kubo that is set up badly, and on answers for the rest."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from anchors.stores import KuboStore
from anchors.stores.kubo_api import KuboApi
from anchors.stores.kubo_settings import Settings
from ledger.errors import Unavailable
from tests.anchors.rpc_server import Answer, RpcServer, ok, status
from tests.anchors.store_contract import code_of
from tests.own_logs import own_logs
from tests.servers.kubo_daemon import Kubo

GOOD: dict[str, Any] = {
    "Datastore": {
        "HashOnRead": True,
        "BlockKeyCacheSize": 0,
        "BloomFilterSize": 0,
        "Spec": {"type": "mount", "mounts": [{"type": "flatfs", "sync": True}, {"type": "levelds"}]},
    },
    "Import": {
        "CidVersion": 1,
        "UnixFSRawLeaves": True,
        "UnixFSChunker": "size-1048576",
        "UnixFSFileMaxLinks": 1024,
        "HashFunction": "sha2-256",
    },
}
OFFLINE = "this action must be run in online mode, try running 'ipfs daemon' first"
PRIVATE = "failure: no good addresses\n  * [/ip4/127.0.0.1/udp/9/quic-v1] no transport for protocol"
PUBLIC = "failure: all dials failed\n  * [/ip4/127.0.0.1/udp/9/quic-v1] context deadline exceeded"


def kubo_that_says(config: object = GOOD, *, dialling: str = OFFLINE, **others: object) -> Answer:
    answers: dict[str, object] = {
        "config/show": config,
        "version": {"Version": "0.42.0"},
        "repo/stat": {"RepoSize": 5, "StorageMax": 2**64 - 1},
        "diag/sys": {"diskinfo": {"free_space": 10**12}},
    }
    answers |= {name.replace("_", "/"): answer for name, answer in others.items()}

    def answer(path: str) -> list[bytes]:
        name = "/".join(re.split(r"[/?]", path)[3:5])
        for known, content in answers.items():
            if name.startswith(known):
                return ok(json.dumps(content).encode())
        return status(b"500 Internal Server Error", json.dumps({"Message": dialling}).encode())

    return answer


def fault_of(answer: Answer) -> Unavailable | None:
    with RpcServer(answer) as server:
        api = KuboApi(server.api, 60)
        try:
            Settings(api).check()
        except Unavailable as error:
            return error
        finally:
            api.close()
    return None


def changed(path: str, value: object) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(json.dumps(GOOD))
    *above, last = path.split(".")
    part = config
    for name in above:
        part = part.setdefault(name, {})
    part[last] = value
    return config


def test_good_settings_pass_without_a_word() -> None:
    with own_logs() as logs:
        assert fault_of(kubo_that_says()) is None
        assert fault_of(kubo_that_says(dialling=PRIVATE)) is None
    assert logs == []


def test_a_public_swarm_is_refused_loudly() -> None:
    for answer in (
        kubo_that_says(dialling=PUBLIC),
        kubo_that_says(swarm_connect={"Strings": ["connect 12D3 success"]}),
        kubo_that_says(changed("Swarm.Transports.Network.QUIC", False), dialling=PRIVATE),
    ):
        fault = fault_of(answer)
        assert fault is not None
        assert fault.code == "store.failed"
        assert "whole world" in fault.detail
        assert "swarm.key" in fault.mend


BROKEN = {
    "no spec": changed("Datastore.Spec", None),
    "not durable": changed("Datastore.Spec.mounts", [{"type": "flatfs", "sync": False}]),
    "not said to be durable": changed("Datastore.Spec.mounts", [{"type": "flatfs"}]),
    "another store": changed("Datastore.Spec.mounts", [{"type": "pebbleds", "sync": True}]),
    "strange spec": changed("Datastore.Spec", {"mounts": {"type": "flatfs"}, "child": 7}),
    "cache by default": changed("Datastore.BlockKeyCacheSize", None),
    "cache": changed("Datastore.BlockKeyCacheSize", 65536),
    "bloom filter": changed("Datastore.BloomFilterSize", 1048576),
    "no writing through": changed("Datastore.WriteThrough", False),
}


@pytest.mark.parametrize("how", BROKEN)
def test_settings_that_break_a_promise_are_refused(how: str) -> None:
    fault = fault_of(kubo_that_says(BROKEN[how]))
    assert fault is not None
    assert fault.code == "store.failed"
    assert "Datastore" in fault.mend


def test_a_spec_with_wrappers() -> None:
    flatfs = {"type": "measure", "child": {"type": "flatfs", "sync": True}}
    assert fault_of(kubo_that_says(changed("Datastore.Spec.mounts", [flatfs]))) is None


def test_no_room() -> None:
    for answer in (
        kubo_that_says(repo_stat={"RepoSize": 10, "StorageMax": 10}),
        kubo_that_says(diag_sys={"diskinfo": {"free_space": 1000}}),
    ):
        fault = fault_of(answer)
        assert fault is not None
        assert fault.code == "store.full"


@pytest.mark.parametrize("name", ["config/show", "repo/stat", "diag/sys"])
@pytest.mark.parametrize("said", [{}, [], None, "x", {"diskinfo": 1}, {"Datastore": []}, {"RepoSize": "1"}])
def test_answers_that_are_none(name: str, said: object) -> None:
    good = kubo_that_says()
    fault = fault_of(lambda path: ok(json.dumps(said).encode()) if name in path else good(path))
    assert fault is not None
    assert fault.code == "store.failed"


RISKY = {
    "kubo.hash-on-read": kubo_that_says(changed("Datastore.HashOnRead", False)),
    "kubo.import-profile": kubo_that_says(changed("Import.UnixFSChunker", "size-262144")),
    "kubo.gc": kubo_that_says(repo_stat={"RepoSize": 91, "StorageMax": 100}),
    "kubo.version": kubo_that_says(version={"Version": "0.43.1"}),
}


@pytest.mark.parametrize(
    ("watermark", "size", "warned"), [(None, 89, False), (50, 50, True), (50, 49, False), (99, 98, False)]
)
def test_the_watermark_of_collecting(watermark: int | None, size: int, warned: bool) -> None:
    config = changed("Datastore.StorageGCWatermark", watermark)
    with own_logs() as logs:
        assert fault_of(kubo_that_says(config, repo_stat={"RepoSize": size, "StorageMax": 100})) is None
    assert [line["code"] for line in logs] == ["kubo.gc"] * warned


@pytest.mark.parametrize("code", RISKY)
def test_risks_are_logged(code: str) -> None:
    with own_logs() as logs:
        assert fault_of(RISKY[code]) is None
    assert [line["code"] for line in logs] == [code]


def test_the_same_risk_is_logged_once() -> None:
    with RpcServer(RISKY["kubo.version"]) as server, closing(KuboApi(server.api, 60)) as api, own_logs() as logs:
        settings = Settings(api)
        settings.check()
        settings.check()
    assert len(logs) == 1


Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def set_up(tmp_path: Path) -> Iterator[Callable[[Edit], Kubo]]:
    """Give a running Kubo whose settings were edited."""
    with ExitStack() as running:

        def start(edit: Edit) -> Kubo:
            kubo = Kubo(tmp_path)
            config = tmp_path / "repository/config"
            content = json.loads(config.read_text())
            edit(content)
            config.write_text(json.dumps(content))
            return running.enter_context(kubo)

        yield start


def check(kubo: Kubo) -> None:
    with KuboStore(kubo.api, timeout=120) as store:
        store.check()


def test_a_real_kubo_that_is_not_durable(set_up: Callable[[Edit], Kubo]) -> None:
    kubo = set_up(lambda config: config["Datastore"]["Spec"]["mounts"][0].update(sync=False))
    assert code_of(lambda: check(kubo)) == "store.failed"


def test_a_real_kubo_that_is_full(set_up: Callable[[Edit], Kubo]) -> None:
    kubo = set_up(lambda config: config["Datastore"].update(StorageMax="1B"))
    assert code_of(lambda: check(kubo)) == "store.full"

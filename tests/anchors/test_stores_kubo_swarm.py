"""The Kubo store on a Kubo that is online: in a private swarm it serves, in the public one it is refused.

The nodes listen on loopback addresses only, know nobody and look for nobody.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anchors.cid import cid_of
from anchors.stores import KuboStore
from ledger.errors import Unavailable
from tests.anchors.store_contract import code_of
from tests.servers.kubo_daemon import Kubo


class OnlineKubo(Kubo):
    """A node with a swarm, private or not."""

    def __init__(self, directory: Path, *, private: bool) -> None:
        super().__init__(directory)
        if not private:
            (directory / "repository/swarm.key").unlink()
            self._env["LIBP2P_FORCE_PNET"] = "0"

    def start(self) -> None:
        self.process.start([self._program, "daemon", "--migrate=false"], self._answers, self._env)

    def _settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        settings = super()._settings(settings)
        settings["Addresses"]["Swarm"] = ["/ip4/127.0.0.1/tcp/0"]
        settings["Bootstrap"] = []
        settings["Discovery"] = {"MDNS": {"Enabled": False}}
        settings["Swarm"]["DisableNatPortMap"] = True
        settings["Ipns"]["DelegatedPublishers"] = settings["Routing"]["DelegatedRouters"] = []
        settings["DNS"] = {"Resolvers": {}}
        for name in ("AutoConf", "AutoTLS"):
            settings[name] = {"Enabled": False}
        return settings


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Kubo]:
    with OnlineKubo(tmp_path, private=True) as kubo:
        yield kubo


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Kubo]:
    with OnlineKubo(tmp_path, private=False) as kubo:
        yield kubo


def test_a_private_swarm_serves_and_is_not_searched(private: Kubo) -> None:
    with KuboStore(private.api, timeout=120) as store:
        store.check()
        assert store.get(*store.put([b"payload"])) == b"payload"
        # A search would come to no end in the store's time, which is a failure.
        assert code_of(lambda: store.get(cid_of(b"nowhere"))) == "store.missing"


def test_a_public_swarm_is_refused(public: Kubo) -> None:
    with KuboStore(public.api, timeout=120) as store, pytest.raises(Unavailable, match="whole world") as raised:
        store.check()
    assert raised.value.code == "store.failed"
    assert "swarm.key" in raised.value.mend

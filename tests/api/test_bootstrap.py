"""A node that cannot be built leaves nothing open: its chain, database and stores can be opened again at once."""

import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from api.bootstrap import build
from api.home import Home
from api.settings import Settings
from ledger.embedded import EmbeddedChain
from ledger.embedded.head_mark import place
from ledger.errors import PortsealError
from tests.demonstration_node import copy_of_founded
from tests.servers.ports import Port


def held(home: Path) -> list[str]:
    """The files of a folder that this process has open; but for the newest block's mark, which is mapped."""
    found = [Path(one.path) for one in psutil.Process().open_files()]
    return [str(path) for path in found if path.is_relative_to(home) and path != place(Home(home).chain)]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"database": "mysql://nobody:x@127.0.0.1:9/none"}, "database."),
        ({"stores": "folder,second=http://nowhere at all"}, "store"),
        ({"replicas": 3}, "stores.replicas"),
        ({"decision_policy": Path("none.toml")}, "settings.decision-policy"),
    ],
)
def test_whatever_is_wrong_nothing_stays_open(tmp_path: Path, settings: dict[str, Any], code: str) -> None:
    copy_of_founded(tmp_path)
    threads = threading.active_count()
    with pytest.raises(PortsealError) as caught:
        build(Settings(home=tmp_path, **settings))
    assert caught.value.code.startswith(code)
    assert held(tmp_path) == []
    assert threading.active_count() == threads
    EmbeddedChain.open(Home(tmp_path).chain).close()


def test_where_the_chain_cannot_be_served_it_is_let_go(tmp_path: Path) -> None:
    copy_of_founded(tmp_path)
    taken = Port()
    taken._held.listen()
    with pytest.raises(PortsealError) as caught:
        build(Settings(home=tmp_path, rpc_port=taken.number))
    taken.close()
    assert caught.value.code == "embedded.port"
    assert held(tmp_path) == []
    EmbeddedChain.open(Home(tmp_path).chain).close()

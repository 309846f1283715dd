"""`portseal stores` and `portseal audit`, and the settings that name the stores."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from anchors.cid import cid_of
from anchors.database import Database, upgrade
from anchors.replicas.record import PAYLOADS
from anchors.stores import FolderStore
from api.cli import run
from api.home import Home
from api.settings import Settings
from api.stores import Named, named, open_stores
from ledger.errors import Invalid
from tests.anchors.folder_damage import spoil
from tests.anchors.kept_documents import batch, document, enter, held
from tests.anchors.store_contract import pattern

FIRST, SECOND = 1, 2


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A node's folder: two stores, three payloads in both, a fourth in the first only, a manifest in none known."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    home.network.write_text("{}")
    second = tmp_path / "second"
    monkeypatch.setenv("PORTSEAL_HOME", str(home.path))
    monkeypatch.setenv("PORTSEAL_STORES", f"folder,second={second}")
    monkeypatch.setenv("PORTSEAL_REPLICAS", "2")
    with closing(Database.at(home.database)) as database:
        upgrade(database)
        opened = open_stores(Settings(home=home.path), home, database)
        opened.replicas.put([pattern(size) for size in range(3)] + [b"manifest"])
        opened.replicas.stores[0].put({cid_of(pattern(3)): pattern(3)})
        for close in opened.closing:
            close()
        enter(database, [document(pattern(size), FIRST | SECOND) for size in range(3)])
        enter(database, [document(pattern(3), FIRST), batch(b"manifest", 0)])
    return home


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    with closing(Database.at(home.database)) as database:
        yield database


def told(capfd: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capfd.readouterr().out)


def test_stores_are_listed_with_what_they_hold_and_lack(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["stores", "--json"]) == 2
    answer = told(capfd)
    assert answer["wanted"] == 2
    assert [(one["store"], one["state"]) for one in answer["stores"]] == [("folder", "works"), ("second", "works")]
    assert answer["stores"][1]["payloads"] == {"held": 3, "lacking": 1, "last_pass": None}
    assert answer["too_few"] == {"payloads": 1, "manifests": 1}
    assert run(["stores"]) == 2
    text = capfd.readouterr().out
    assert "with too few replicas  2" in text
    assert str(home.path) not in text


def test_audit_brings_what_is_lacking_and_mends_what_is_spoilt(
    home: Home, database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(home.payloads, cid_of(pattern(1)), "flip")
    assert run(["audit", "--json"]) == 0
    first, second = told(capfd)["stores"]
    assert (first["store"], first["damaged"], first["missing"], first["brought"]) == ("folder", 1, 0, 1)
    assert (second["store"], second["damaged"], second["brought"], second["lost"]) == ("second", 0, 1, 0)
    assert held(database) == [FIRST | SECOND] * 4
    for folder in (home.payloads, tmp_path / "second"):
        with FolderStore(folder) as store:
            assert [store.get(cid_of(pattern(size))) for size in range(4)] == [pattern(size) for size in range(4)]
            assert store.get(cid_of(b"manifest")) == b"manifest"
    assert run(["audit"]) == 0
    shown = capfd.readouterr()
    assert "folder: payloads up to 4 of 4" in shown.err
    assert run(["stores"]) == 0


def test_what_no_store_has_whole_is_said(
    home: Home, database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(home.payloads, cid_of(pattern(2)), "flip")
    spoil(tmp_path / "second", cid_of(pattern(2)), "flip")
    assert run(["audit", "--json"]) == 2
    answer = told(capfd)
    assert [one["lost"] for one in answer["stores"]] == [1, 1]
    assert answer["too_few"] == {"payloads": 1, "manifests": 0}
    with database.read() as session:
        assert PAYLOADS.page(session, 2, 1)[0].held == 0
    assert run(["audit"]) == 2
    assert "1 have fewer replicas than are wanted." in capfd.readouterr().out


def test_a_store_that_does_not_answer_is_said_and_holds_up_no_other(
    home: Home, database: Database, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTSEAL_STORES", "folder,far=http://127.0.0.1:9")
    assert run(["audit", "--json"]) == 2
    first, far = told(capfd)["stores"]
    assert (first["count"], first["fault"], far["fault"]) == (4, None, "store.failed")
    assert run(["stores", "--json"]) == 2
    answer = told(capfd)
    assert answer["former"] == ["second"]
    assert answer["stores"][1]["state"].startswith("store.failed: Kubo cannot be reached")
    assert held(database) == [FIRST | SECOND] * 3 + [FIRST]


def of(monkeypatch: pytest.MonkeyPatch, **settings: str) -> list[Named]:
    for name in ("STORES", "KUBO"):
        monkeypatch.delenv(f"PORTSEAL_{name}", raising=False)
    return named(Settings(**settings))  # type: ignore[arg-type]


def test_how_stores_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of(monkeypatch) == [Named("folder", "folder")]
    assert of(monkeypatch, kubo="http://127.0.0.1:5001") == [Named("kubo", "http://127.0.0.1:5001")]
    assert of(monkeypatch, stores="folder, http://127.0.0.1:5001/,b=http://[::1]:5001,c=/srv/c") == [
        Named("folder", "folder"),
        Named("127.0.0.1:5001", "http://127.0.0.1:5001/"),
        Named("b", "http://[::1]:5001"),
        Named("c", "/srv/c"),
    ]


@pytest.mark.parametrize(
    ("code", "settings"),
    [
        ("stores.form", {"stores": ""}),
        ("stores.form", {"stores": "folder,,folder"}),
        ("stores.form", {"stores": "/srv/without-a-name"}),
        ("stores.form", {"stores": "relative=srv/payloads"}),
        ("stores.form", {"stores": "Big=/srv/payloads"}),
        ("stores.form", {"stores": "folder", "kubo": "http://127.0.0.1:5001"}),
        ("stores.twice", {"stores": "folder,folder"}),
        ("stores.twice", {"stores": "a=http://127.0.0.1:5001,b=http://127.0.0.1:5001"}),
        ("stores.twice", {"stores": "a=/srv/a,a=/srv/b"}),
    ],
)
def test_what_names_no_stores(monkeypatch: pytest.MonkeyPatch, code: str, settings: dict[str, str]) -> None:
    with pytest.raises(Invalid) as raised:
        of(monkeypatch, **settings)
    assert raised.value.code == code


def test_more_replicas_than_stores(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSEAL_REPLICAS", "3")
    assert run(["stores"]) == 1

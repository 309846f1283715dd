"""The highest time seen is kept: a device whose clock is set back is told nothing as if it were new."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.seen_time import SeenTime
from ledger.errors import Unavailable
from tests.api.conftest import Api
from tests.api.test_evidence import Given
from tests.ledger.code_of import code_of


@pytest.fixture(scope="module")
def given(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Given:
    return Given(api, tmp_path_factory.mktemp("seen"))


def test_it_is_kept_and_only_rises(tmp_path: Path) -> None:
    seen = SeenTime(tmp_path / "seen")
    assert seen.read() == 0
    for time, kept in ((100, 100), (90, 100), (101, 101), (0, 101)):
        seen.keep(time)
        assert SeenTime(seen.path).read() == kept
    assert seen.path.read_bytes() == b"000000000101\n"


@pytest.mark.parametrize("data", [b"1", b"x" * 13, b"000000000101", b"000000000101\n\n", b"-00000000101\n", b"\0" * 13])
def test_a_file_that_is_none(tmp_path: Path, data: bytes) -> None:
    seen = SeenTime(tmp_path / "seen")
    seen.path.write_bytes(data)
    assert code_of(seen.read) == code_of(seen.keep, 10**9) == "seen.form"
    assert seen.path.read_bytes() == data


def test_a_file_that_was_made_and_not_written(tmp_path: Path) -> None:
    seen = SeenTime(tmp_path / "seen")
    seen.path.touch()
    assert seen.read() == 0
    seen.keep(5)
    assert seen.read() == 5


def test_two_at_once(tmp_path: Path) -> None:
    """Whoever comes last, the highest time stays."""
    path = tmp_path / "seen"

    def keep(first: int) -> None:
        for time in range(first, 400, 4):
            SeenTime(path).keep(time)
            assert SeenTime(path).read() >= time

    threads = [threading.Thread(target=keep, args=(first,)) for first in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert SeenTime(path).read() == 399


def test_where_it_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        SeenTime(tmp_path / "nowhere" / "seen").keep(5)
    assert caught.value.code == "seen.file"
    with pytest.raises(Unavailable):
        SeenTime(tmp_path).read()


def verdict(given: Given, *arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    capsys.readouterr()
    code = run(["verify", str(given.whole), "--offline", "--trust", str(given.trust), "--json", *arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def test_after_a_later_time_was_seen_an_older_file_is_not_called_usable(
    given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = SeenTime(tmp_path / "seen")
    named = ("--seen", str(seen.path))
    code, found, _ = verdict(given, *named, capsys=capsys)
    assert (code, found["usable"]) == (0, "ACTIVE")
    assert seen.read() > 1_700_000_000
    # A newer file was verified meanwhile; now the clock is where it was.
    seen.keep(seen.read() + 301)
    code, found, _ = verdict(given, *named, capsys=capsys)
    assert (code, found["authentic"], found["usable"]) == (2, "VALID", "UNKNOWN")
    assert "freshness.stale" in {one["code"] for one in found["findings"]}


def test_beside_the_trust_roots_where_no_other_file_is_named(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    verdict(given, capsys=capsys)
    assert SeenTime(Path(f"{given.trust}.seen")).read() > 0


def test_what_is_kept_is_no_guess(given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken file, or one that cannot be written where it was asked for, stops the verdict."""
    seen = tmp_path / "seen"
    seen.write_bytes(b"broken")
    code, found, err = verdict(given, "--seen", str(seen), capsys=capsys)
    assert (code, found) == (2, {})
    assert "seen.form" in err
    code, found, err = verdict(given, "--seen", str(tmp_path / "no" / "seen"), capsys=capsys)
    assert (code, found) == (2, {})
    assert "seen.file" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_nobody_may_write(given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trust = tmp_path / "trust.json"
    trust.write_bytes(given.trust.read_bytes())
    tmp_path.chmod(0o500)
    try:
        code = run(["verify", str(given.whole), "--offline", "--trust", str(trust)])
    finally:
        tmp_path.chmod(0o700)
    assert code == 0
    assert "set back" in capsys.readouterr().err

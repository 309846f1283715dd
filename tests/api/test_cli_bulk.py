"""`portseal verify --bulk`: the file of answers, the summary that is checked, and going on after a cut."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from tests.api.conftest import Api
from tests.api.consignments import BILL, registered, signed

Output = pytest.CaptureFixture[str]
CARRIER = "cn.eastern-meridian"
COUNT = 12


@pytest.fixture(scope="module")
def envelopes(api: Api) -> list[str]:
    found = [signed(api, BILL, transportDocumentReference=f"CLIBULK{number:05}") for number in range(COUNT)]
    registered(api, *found, issuer=CARRIER)
    return found


@pytest.fixture
def source(envelopes: list[str], tmp_path: Path) -> Path:
    path = tmp_path / "in.ndjson"
    path.write_text("".join(json.dumps({"envelope": one}) + "\n" for one in envelopes))
    return path


@pytest.fixture(autouse=True)
def the_node(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSEAL_NODE", str(api.http.base_url))
    monkeypatch.setenv("PORTSEAL_API_KEY", api.established.tenants[CARRIER].api_key)


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@contextmanager
def cut_off_after(address: tuple[str, int], count: int) -> Iterator[str]:
    """A way to the node on which the connection ends as soon as this many bytes of the answer have passed."""

    def pass_on(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(address) as node:
            threading.Thread(target=forward, args=(client, node), daemon=True).start()
            left = count
            while left and (piece := node.recv(min(left, 4096))):
                client.sendall(piece)
                left -= len(piece)
            # Closing alone would end nothing while the other thread still reads from it.
            client.shutdown(socket.SHUT_RDWR)
            node.shutdown(socket.SHUT_RDWR)

    def forward(client: socket.socket, node: socket.socket) -> None:
        try:
            while piece := client.recv(65536):
                node.sendall(piece)
        except OSError:
            pass  # the other thread has ended it

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=pass_on, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_every_line_is_answered_and_the_summary_checked(source: Path, tmp_path: Path, capfd: Output) -> None:
    out = tmp_path / "out.ndjson"
    assert run(["verify", "--bulk", str(source), "-o", str(out)]) == 0
    *answers, last = lines_in(out)
    assert [one["usable"] for one in answers] == ["ACTIVE"] * COUNT
    assert last["summary"]["verdicts"] == COUNT
    shown = capfd.readouterr()
    assert f"VALID {COUNT}" in shown.out
    assert "signed by" in shown.err


def test_bare_envelopes_blank_lines_and_other_ends(envelopes: list[str], tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.write_bytes(b"\r\n" + "\r\n\r\n".join(envelopes).encode())
    assert run(["verify", "--bulk", str(source), "-o", str(out)]) == 0
    assert lines_in(out)[-1]["summary"]["verdicts"] == COUNT


@pytest.mark.parametrize(
    ("line", "code"),
    [('{"envelope": "forged"}', 1), ("poison", 2), (json.dumps({"digest": "00" * 32}), 2)],
)
def test_the_worst_line_decides(source: Path, tmp_path: Path, line: str, code: int) -> None:
    out = tmp_path / "out"
    source.write_text(source.read_text() + line + "\n")
    assert run(["verify", "--bulk", str(source), "-o", str(out)]) == code
    assert run(["verify", "--bulk", str(source), "-o", str(out)]) == 1  # nothing is overwritten


def test_not_recognised_is_not_usable(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["verify", "--bulk", str(source), "-o", str(out), "--relying-country", "SG"]) == 3


@pytest.mark.parametrize("bytes_passed", [900, 1_500, 2_300])
def test_a_run_that_was_cut_goes_on(api: Api, source: Path, tmp_path: Path, capfd: Output, bytes_passed: int) -> None:
    out = tmp_path / "out"
    host, port = api.http.base_url.host, api.http.base_url.port or 80
    with cut_off_after((host, port), bytes_passed) as node:
        assert run(["verify", "--bulk", str(source), "-o", str(out), "--node", node]) == 2
    before = len(lines_in_whole(out))
    shown = capfd.readouterr().err
    assert f"Cut after line {before}" in shown or "node.unreachable" in shown
    assert before < COUNT
    assert run(["verify", "--bulk", str(source), "-o", str(out), "--resume"]) == 0
    *answers, last = lines_in(out)
    assert [one["line"] for one in answers] == list(range(1, COUNT + 1))
    assert (last["summary"]["first"], last["summary"]["lines"]) == (before + 1, COUNT - before)
    assert run(["verify", "--bulk", str(source), "-o", str(out), "--resume"]) == 1
    assert "has its summary" in capfd.readouterr().err


def lines_in_whole(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def test_a_node_that_changes_an_answer_is_found_out(
    api: Api, source: Path, tmp_path: Path, capfd: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One verdict is made worse on its way; the signed summary is about other lines then."""
    from api.cli.client import Client

    honest = Client.post_both_ways

    def lying(self: Client, path: str, pieces: Any, take: Any) -> bool:
        return honest(
            self, path, pieces, lambda piece: take(piece.replace(b'"ACTIVE","digest"', b'"REVOKED","digest"'))
        )

    monkeypatch.setattr(Client, "post_both_ways", lying)
    assert run(["verify", "--bulk", str(source), "-o", str(tmp_path / "out")]) == 1
    assert "bulk.summary" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["x", "--bulk", "IN", "-o", "y"], ["--bulk", "IN"], ["x", "-o", "y"]])
def test_wrong_use(source: Path, arguments: list[str]) -> None:
    assert run(["verify", *(str(source) if one == "IN" else one for one in arguments)]) == 64


def test_a_wrong_key_is_said_at_once(source: Path, tmp_path: Path, capfd: Output) -> None:
    out = tmp_path / "out"
    assert run(["verify", "--bulk", str(source), "-o", str(out), "--api-key", "portseal_000000000000_x"]) == 1
    assert "authentication.unknown" in capfd.readouterr().err

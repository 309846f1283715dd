"""The servers themselves: they keep what they hold and their addresses over stop and start."""

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.servers.anvil import Anvil
from tests.servers.clique import CliqueNetwork
from tests.servers.kubo_daemon import Kubo
from tests.servers.rpc import ask

pytestmark = pytest.mark.slow

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(kubo: Kubo, path: str, body: bytes = b"", **headers: str) -> bytes:
    request = urllib.request.Request(f"{kubo.api}/api/v0/{path}", body, headers, method="POST")
    with OPENER.open(request, timeout=30) as response:
        return bytes(response.read())


def is_refused(kubo: Kubo, path: str) -> bool:
    try:
        call(kubo, path)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        return True
    return False


def put(kubo: Kubo, data: bytes) -> str:
    body = b'--x\r\nContent-Disposition: form-data; name="data"; filename="d"\r\n\r\n' + data + b"\r\n--x--\r\n"
    answer = call(kubo, "block/put?cid-codec=raw", body, **{"Content-Type": "multipart/form-data; boundary=x"})
    return str(json.loads(answer)["Key"])


def test_anvil_goes_on_where_it_was(tmp_path: Path) -> None:
    with Anvil(tmp_path) as anvil:
        anvil.process.wait_until(lambda: int(ask(anvil.rpc, "eth_blockNumber"), 16) >= 2)
        before = ask(anvil.rpc, "eth_getBlockByNumber", "0x1", False)
        assert before["baseFeePerGas"] == "0x0"
        first = ask(anvil.rpc, "eth_getBlockByNumber", "0x0", False)
        for _ in range(5):
            anvil.stop()
            anvil.start()
            assert ask(anvil.rpc, "eth_getBlockByNumber", "0x0", False) == first
        assert ask(anvil.rpc, "eth_getBlockByNumber", "0x1", False) == before
        height = int(ask(anvil.rpc, "eth_blockNumber"), 16)
        assert height >= 2
        anvil.process.wait_until(lambda: int(ask(anvil.rpc, "eth_blockNumber"), 16) > height)


def test_two_of_three_signers_go_on_and_the_third_comes_back(tmp_path: Path) -> None:
    with CliqueNetwork(tmp_path) as network:
        assert ask(network.rpc[0], "eth_getBlockByNumber", "0x1", False)["baseFeePerGas"] == "0x0"
        network.stop_node(1)
        first, second = network.nodes[0], network.nodes[1]
        height = first.height()
        first.process.wait_until(lambda: first.height() > height + 3)
        network.start_node(1)
        assert second.height() > height
        first.process.wait_until(lambda: network.signers[1].lower() in signers_since(first.rpc, height + 4))
        network.stop()
        height_at_stop = first.process.log.stat().st_size
        network.start()
        assert first.process.log.stat().st_size > height_at_stop


def signers_since(rpc: str, height: int) -> set[str]:
    newest = int(ask(rpc, "eth_blockNumber"), 16)
    return {ask(rpc, "clique_getSigner", hex(number)) for number in range(height, newest + 1)}


def test_kubo_keeps_its_blocks_and_looks_at_each_it_reads(tmp_path: Path) -> None:
    with Kubo(tmp_path) as kubo:
        cid = put(kubo, b"hello")
        assert kubo.block_file(cid).read_bytes() == b"hello"
        kubo.stop()
        kubo.start()
        assert call(kubo, f"block/get?arg={cid}") == b"hello"
        kubo.block_file(cid).write_bytes(b"hullo")
        assert is_refused(kubo, f"block/get?arg={cid}")


def test_kubo_is_alone(tmp_path: Path) -> None:
    with Kubo(tmp_path) as kubo:
        identity = json.loads(call(kubo, "id"))
        assert not identity["Addresses"]
        settings = json.loads(call(kubo, "config/show"))
        assert settings["Bootstrap"] == []
        assert settings["Datastore"]["HashOnRead"] is True
        assert is_refused(kubo, "swarm/peers")

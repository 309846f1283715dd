"""How soon a partner hears that an operator was suspended: `python -m tests.bench.bench_notice [count]`.

On the demonstration's node, over HTTP on loopback. From the moment at which the block with the suspension is there
until the event is at a client of the stream, and until `GET /v1/changes`, asked again and again, tells it. A block
takes a second.
"""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx

from api.demonstration.operators import operators
from ledger.authority import Role
from ledger.operator import operator_id
from ledger.transaction import estimate_gas, sign
from tests.demonstration_node import Api, demonstration_node

_PATIENCE = 30.0
_POLL = 0.005


class Listener:
    """A client of the stream; when it heard of each transaction."""

    def __init__(self, address: httpx.URL) -> None:
        self.heard: dict[str, float] = {}
        self.opened = threading.Event()
        self._address = address
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with (
            httpx.Client(base_url=self._address, timeout=60, trust_env=False) as http,
            http.stream("GET", "/v1/changes/stream") as response,
        ):
            self.opened.set()
            for line in response.iter_lines():
                if line.startswith("data: ") and '"transaction"' in line:
                    self.heard.setdefault(json.loads(line[6:])["transaction"], time.monotonic())


def notice(api: Api, listener: Listener, number: int) -> tuple[float, float]:
    """Suspend or reinstate an operator; return the milliseconds until each way tells of it."""
    operator = operators()[0]
    account, registry = api.established.keys.accounts[operator.authority, Role.ACT], api.node.registries.operator
    name, chain = [operator_id(operator.grant.code)], api.node.chain
    call = registry.reinstate(name) if number % 2 else registry.suspend(name, 7)
    after = api.http.get("/v1/changes?limit=1000&after=" + _cursor(api)).json()["after"]
    gas, nonce = estimate_gas(chain, account.address, call), chain.nonce(account.address)
    sent = sign(account, call, nonce=nonce, chain_id=chain.chain_id, gas=gas)
    transaction = f"0x{chain.send(sent.raw).hex()}"
    _await(lambda: chain.receipt(sent.hash) is not None)
    mined = time.monotonic()
    _await(lambda: transaction in str(api.http.get(f"/v1/changes?after={after}").json()["changes"]))
    told = time.monotonic()
    _await(lambda: transaction in listener.heard)
    return (listener.heard[transaction] - mined) * 1000, (told - mined) * 1000


def _cursor(api: Api) -> str:
    after, more = "", True
    while more:
        page = api.http.get("/v1/changes?limit=1000" + (f"&after={after}" if after else "")).json()
        after, more = page["after"], page["more"]
    return str(after)


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(_POLL)


def main(count: int) -> None:
    """Print the medians and the worst."""
    with tempfile.TemporaryDirectory() as home, demonstration_node(Path(home)) as api:
        listener = Listener(api.http.base_url)
        listener.opened.wait(_PATIENCE)
        taken = [notice(api, listener, number) for number in range(count)]
        for place, name in enumerate(("event at a client of the stream", "GET /v1/changes")):
            waits = [one[place] for one in taken]
            print(f"{name:<34} median {median(waits):6.0f} ms, worst {max(waits):6.0f} ms, of {count}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

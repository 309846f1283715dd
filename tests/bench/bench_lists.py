"""What many operators of one authority take a node, and a client that checks their list.

`python -m tests.bench.bench_lists [count]`: so many operators (10,000) entered 100 at a time on the demonstration's
node, asked over HTTP on loopback. Times are of the processor, of node and client together, and of the clock on the
wall, where other work on the machine counts too; memory is the most that Python holds during a second run of the same.
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any, TypeVar

from api.demonstration.plan import HOST
from api.list_check import check_operators, read_change, read_lines
from api.registry_lists import RegistryLists
from ledger.authority import Role
from ledger.operator import Grant
from ledger.registry_changes import RegistryChanges
from ledger.registry_feed import RegistryFeed
from ledger.strict_json import parse
from ledger.transaction import submit, submit_all
from tests.demonstration_node import Api, demonstration_node

T = TypeVar("T")
_AT_ONCE = 100
_GAS = 40_000_000
_NDJSON = {"Accept": "application/x-ndjson"}


def measured(name: str, work: Callable[[], T]) -> T:
    """Print how long the work takes, and the most memory that it holds."""
    began, wall = process_time(), time.monotonic()
    done = work()
    spent, waited = process_time() - began, time.monotonic() - wall
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{name:<52} {spent * 1000:9.1f} {waited * 1000:9.1f} ms {most / 1e6:8.1f} MB", flush=True)
    return done


def enter(api: Api, first: int, count: int) -> None:
    """Have the operators entered by Chinese customs."""
    account, registry = api.established.keys.accounts[HOST, Role.ACT], api.node.registries.operator
    groups = [range(start, min(start + _AT_ONCE, first + count)) for start in range(first, first + count, _AT_ONCE)]
    calls = [registry.grant([Grant(_code(number), tier=2) for number in group]) for group in groups]
    for start in range(0, len(calls), 20):
        submit_all(api.node.chain, [(account, call) for call in calls[start : start + 20]], gas=_GAS)


def _code(number: int) -> str:
    return f"AEOCN{number:010}"


def changes(api: Api, query: str = "") -> list[dict[str, Any]]:
    """Return all changes, page by page."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = parse(api.http.get(f"/v1/changes?limit=1000{query}{after}").content)
        assert isinstance(page, dict)
        found += page["changes"]
        if not page["more"]:
            return found
        after = f"&after={page['after']}"


def main(count: int) -> None:
    """Enter the operators, ask for them, and check the list."""
    with tempfile.TemporaryDirectory() as folder, demonstration_node(Path(folder)) as api:
        for part in range(4):
            began, wall = process_time(), time.monotonic()
            enter(api, part * count // 4, (part + 1) * count // 4 - part * count // 4)
            print(f"a quarter entered in {process_time() - began:.1f} s, {time.monotonic() - wall:.0f} s on the wall")
        measure(api, count)


def measure(api: Api, count: int) -> None:
    """Print what each step takes."""
    chain, registries, http = api.node.chain, api.node.registries, api.http
    lists = f"/v1/operators/{HOST}"
    one = f"{lists}/{_code(count - 1)}"
    print(f"{'':<52} {'processor':>9} {'wall':>9}    {'most':>8}")
    measured("list made from the chain, nothing kept", lambda: RegistryLists(chain, registries, 1).operators(HOST))
    feed = RegistryFeed(chain, RegistryChanges(chain, registries.contracts()), 1)
    measured("one page of 1,000 changes, nothing kept", lambda: feed.page(None, 1000, 0))
    measured("one operator, first time", lambda: http.get(one).raise_for_status())
    measured("one operator, again", lambda: http.get(one).raise_for_status())
    measured("one operator with proofs", lambda: http.get(f"{one}?proofs=true").raise_for_status())
    measured("whole list over HTTP, first time", lambda: http.get(lists, headers=_NDJSON).raise_for_status())
    data = measured("whole list over HTTP, again", lambda: http.get(lists, headers=_NDJSON).content)
    numbers = iter(range(count, count + 9))

    def changed() -> None:
        account = api.established.keys.accounts[HOST, Role.ACT]
        submit(chain, account, registries.operator.grant([Grant(_code(next(numbers)))]))

    for name, path in (("one operator", one), ("whole list", lists)):
        changed()
        began = process_time()
        http.get(path, headers=_NDJSON).raise_for_status()
        print(f"{name + ' over HTTP, after one more change':<52} {(process_time() - began) * 1000:9.1f}", flush=True)
    told = measured("all changes over HTTP, by pages of 1,000", lambda: changes(api))
    newest = f"&after={parse(http.get('/v1/changes?limit=1').content)['after']}"
    measured("all changes again, from the second on", lambda: changes(api, newest))
    data = http.get(lists, headers=_NDJSON).content
    lines, summary = measured("the client reads the list", lambda: read_lines(data))
    of_operators = [read_change(change) for change in told if change["registry"] == "operator-registry"]
    print(f"{len(data) / 1e6:.1f} MB of NDJSON, {len(lines)} lines; {len(told)} changes")
    measured("the client's check of list and running hash", lambda: check_operators(lines, summary, of_operators))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

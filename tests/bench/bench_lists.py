"""What a whole list of operators takes a node, and a client that checks it.

`python -m tests.bench.bench_lists [count]`: so many operators (10,000) on an embedded chain, entered 100 at a time.
Times are of the processor, not of the clock, so that other work on the machine does not count; memory is what Python
holds.
"""

import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

from api.change_json import notice
from api.list_check import check_operators, read_change
from api.registry_lists import RegistryLists, digest_of, encoded
from ledger.operator import Grant
from ledger.registry_changes import RegistryChanges
from ledger.registry_feed import RegistryFeed
from ledger.transaction import submit_all
from tests.consortium import Consortium

T = TypeVar("T")
_AT_ONCE = 100
_GAS = 40_000_000


def measured(name: str, work: Callable[[], T]) -> T:
    """Print how long the work takes, and the most memory that it holds."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    began = process_time()
    done = work()
    print(f"{name:<50} {process_time() - began:7.2f} s {most / 1e6:8.1f} MB")
    return done


def enter(consortium: Consortium, count: int) -> None:
    """Have the operators entered by Chinese customs."""
    account, registry = consortium.account("cn.customs"), consortium.registries.operator
    groups = [range(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]
    calls = [registry.grant([Grant(f"AEOCN{number:010}", tier=2) for number in group]) for group in groups]
    submit_all(consortium.chain, [(account, call) for call in calls], gas=_GAS)


def main(count: int) -> None:
    """Enter the operators, list them, and check the list."""
    with tempfile.TemporaryDirectory() as folder, Consortium.establish(Path(folder)) as consortium:
        began = process_time()
        enter(consortium, count)
        print(f"{count} operators entered in {process_time() - began:.1f} s")
        measure(consortium)


def measure(consortium: Consortium) -> None:
    """Print what each step takes."""
    chain, registries = consortium.chain, consortium.registries

    def cold() -> RegistryLists:
        lists = RegistryLists(chain, registries, 1)
        lists.operators("cn.customs")
        return lists

    lists = measured("list made from the chain, nothing kept", cold)
    found = measured("list again, nothing new", lambda: lists.operators("cn.customs"))
    measured("NDJSON sent, with its digest", lambda: (digest_of(found.lines), sum(map(len, encoded(found.lines)))))
    size = sum(map(len, encoded(found.lines)))
    feed = RegistryFeed(chain, RegistryChanges(chain, registries.contracts()), 1)
    page = measured("one page of 1,000 changes, nothing kept", lambda: feed.page(None, 1000, 0))
    print(f"{size / 1e6:.1f} MB of NDJSON; {len(page.changes)} changes on the page")
    told = [notice(one, {}).json(0) for one in feed.page(None, 10**6, 0).changes]
    changes = [read_change(one) for one in told if one["registry"] == "operator-registry"]
    summary = {"authority": "cn.customs", **found.summary()}
    measured("the client's check of list and running hash", lambda: check_operators(found.lines, summary, changes))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

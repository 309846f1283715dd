"""Three geth signers, each behind a proxy that spoils some of what goes through it."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.finality.form import Clique
from tests.anchors.real_chain import founded_at
from tests.consortium import Consortium
from tests.faults import proxy
from tests.faults.proxied_node import proxied
from tests.faults.proxy import Exchange, Fault
from tests.servers.clique import CliqueNetwork

LONG = bool(os.environ.get("PORTSEAL_LONG"))
SEEDS = range(5) if LONG else range(1)
FAULTS: list[Fault] = [
    proxy.reset,
    proxy.drop_response,
    proxy.stale_head,
    proxy.null_receipt,
    proxy.lying_receipt,
    proxy.low_nonce,
    proxy.swallow,
]


@pytest.fixture(scope="module")
def founded(clique: CliqueNetwork, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    directory = tmp_path_factory.mktemp("clique-behind-proxies")
    consortium = founded_at(clique.rpc[0], directory, Clique(tuple(clique.signers)))
    yield consortium
    consortium.chain.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_any_of_three_nodes_may_be_wrong(clique: CliqueNetwork, founded: Consortium, tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)

    def any_fault(exchange: Exchange) -> None:
        chosen.choice(FAULTS)(exchange)

    with proxied(founded, clique.rpc, tmp_path, seed) as site:
        site.warm_up()
        for one in site.proxies:
            one.spoil(any_fault, 0.4)
        site.load(20.0 if LONG else 6.0)
        site.mend()
        seconds = site.drain(120.0)
        print(f"{len(site.accepted)} documents, {site.struck} faults, drained in {seconds:.1f} s")
        assert site.struck
        site.check()

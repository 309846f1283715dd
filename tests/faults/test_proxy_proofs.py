"""Proofs of anvil, spoiled on their way: verified with proofs, no lie makes a verdict wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ledger.chain import Chain
from ledger.document_registry import Status, StatusChange
from ledger.envelope import parse
from tests.faults.proxy import Exchange, Proxy, drop_response, reset
from tests.registries.site import Site, site_on
from tests.servers.anvil import Anvil
from tests.tables import Table
from tests.verifier.proof_lies import Lie, lies
from tests.verifier.test_lying_nodes import NAMES, UNREADABLE
from verifier.hand_over_making import HandOverMaker
from verifier.node_archive import NodeArchive
from verifier.proved_head import ProvedHead
from verifier.proved_online import proved_online
from verifier.subject import Subject
from verifier.trust_reading import read_trust
from verifier.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ISSUER = "cn.eastern-meridian"


@dataclass
class Spoiled:
    """A good and a revoked bill, and a proxy before the chain's node."""

    site: Site
    proxy: Proxy
    good: str
    revoked: str
    lies: dict[str, Lie]
    roots: Any

    def verdicts(self, *nodes: Chain) -> tuple[Verdict, Verdict]:
        node = self.site.api.node
        newest = node.finality.newest
        head = ProvedHead(lambda: self.roots, newest, HandOverMaker(node.chain, node.network, newest))
        verifier = proved_online(NodeArchive(node.archive), head, [one.proof for one in nodes])
        good, revoked = (verifier.verify(Subject.presented(text)) for text in (self.good, self.revoked))
        return good, revoked


@pytest.fixture(scope="module")
def spoiled(anvil: Anvil, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoiled]:
    with site_on(tmp_path_factory.mktemp("proofs"), [anvil.rpc]) as site, Proxy(anvil.rpc, seed=1) as proxy:
        good, revoked = (site.registered(ISSUER, "bill-of-lading") for _ in range(2))
        before = site.chain.head()
        change = StatusChange(ISSUER, parse(revoked).digest, Status.REVOKED)
        block = site.by(("cn.maritime", site.registries.document.set_status(change)))
        while (newest := site.api.node.finality.newest()) is None or newest.number < block.number:
            site.registered(ISSUER, "bill-of-lading")
        addresses = [one.address for one in site.api.node.network.contracts.values()]
        roots = read_trust(site.api.http.get("/v1/trust").content)
        yield Spoiled(site, proxy, good, revoked, lies(site.chain, before, addresses), roots)


@pytest.fixture
def through(spoiled: Spoiled) -> Iterator[Chain]:
    chain = Chain.http(spoiled.proxy.url)
    yield chain
    spoiled.proxy.mend()
    chain.close()


def told(verdict: Verdict) -> tuple[str, str]:
    return str(verdict.authentic), str(verdict.usable)


def test_an_honest_node(spoiled: Spoiled, through: Chain) -> None:
    assert [told(one) for one in spoiled.verdicts(through)] == [("VALID", "ACTIVE"), ("VALID", "REVOKED")]


# The block before may have had the same state: then its proofs are true.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "another block"])
def test_a_lie_on_the_way(spoiled: Spoiled, through: Chain, name: str, table: Table) -> None:
    def fault(exchange: Exchange) -> None:
        if exchange.method == "eth_getProof" and "result" in exchange.answer:
            exchange.set_result(spoiled.lies[name](exchange.params, exchange.answer["result"]))

    spoiled.proxy.spoil(fault, 1.0)
    good, revoked = spoiled.verdicts(through)
    table("Lying node (anvil behind a proxy)", lie=name, good=" ".join(told(good)), revoked=" ".join(told(revoked)))
    assert good.authentic == revoked.authentic == "INDETERMINATE"
    assert {good.usable, revoked.usable} <= {"UNKNOWN", "PENDING"}
    codes = {one.code for one in good.findings}
    assert ("node.not-proved" in codes) is (name not in UNREADABLE)
    # Another node that is honest makes up for it.
    assert [told(one) for one in spoiled.verdicts(through, spoiled.site.chain)] == [
        ("VALID", "ACTIVE"),
        ("VALID", "REVOKED"),
    ]


@pytest.mark.parametrize("fault", [reset, drop_response])
def test_a_line_that_breaks(spoiled: Spoiled, through: Chain, fault: Any) -> None:
    spoiled.proxy.spoil(fault, 0.5)
    for one, truth in zip(spoiled.verdicts(through), (("VALID", "ACTIVE"), ("VALID", "REVOKED")), strict=True):
        assert one.authentic in (truth[0], "INDETERMINATE")
        assert one.usable in (truth[1], "UNKNOWN", "PENDING")

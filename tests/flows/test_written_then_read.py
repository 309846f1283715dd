"""What is on the chain is in the next verdict, though a process beside the chain's owner keeps block and facts."""

from collections import Counter
from typing import Any

import pytest

from api.owners_chain import OwnersChain
from ledger.chain import Chain
from ledger.document_registry import Status, StatusChange
from ledger.embedded import EmbeddedChain
from ledger.embedded.server import RpcServer
from ledger.envelope import Envelope
from tests.consortium import Consortium
from tests.verifier.chain_case import ISSUER, Case
from verifier.axes import Authentic, Usable
from verifier.cached_facts import CachedFacts
from verifier.registry_facts import RegistryFacts
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier


@pytest.fixture
def case(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with consortium_template.copy(tmp_path_factory.mktemp("written")) as consortium:
        yield Case(consortium)


class Counting:
    """An embedded chain, and what it was asked for."""

    def __init__(self, chain: EmbeddedChain) -> None:
        self._chain, self.asked = chain, Counter[str]()

    def request(self, method: str, params: Any = ()) -> dict[str, Any]:
        self.asked[method] += 1
        return self._chain.request(method, params)


class Beside:
    """A process that asks the chain's owner over HTTP."""

    def __init__(self, case: Case) -> None:
        directory, owner = case.consortium.directory, Counting(case.consortium.embedded)
        self.asked = owner.asked
        self._server = RpcServer(owner)  # type: ignore[arg-type]
        self._server.start()
        (directory / "rpc.url").write_text(self._server.url)
        self._transport = OwnersChain(directory / "rpc.url", directory / "chain", case.consortium.network.chain_id)
        chain = Chain(self._transport, is_local=True)
        facts = RegistryFacts(chain, case.consortium.network.registries(chain))
        kept = CachedFacts(facts, state=facts.state, lasting=True)
        self._verifier = Verifier(Sources(case, kept, only_node=True), clock=case.consortium.clock)

    def verify(self, document: Envelope) -> Verdict:
        return self._verifier.verify(Subject.presented(document.serialize()))

    def close(self) -> None:
        self._transport.close()
        self._server.close()


@pytest.fixture
def beside(case: Case) -> Any:
    one = Beside(case)
    yield one
    one.close()


def test_every_status_is_in_the_next_verdict(case: Case, beside: Beside) -> None:
    document, other = case.anchored(), case.anchored()
    registry = case.consortium.registries.document
    assert beside.verify(document).usable is beside.verify(other).usable is Usable.ACTIVE
    for status, usable in [(Status.SUSPENDED, Usable.SUSPENDED), (Status.REINSTATED, Usable.ACTIVE)] * 5:
        case.act(registry.set_status(StatusChange(ISSUER, document.digest, status)))
        assert beside.verify(document).usable is usable
        assert beside.verify(other).usable is Usable.ACTIVE


def test_an_issuer_that_is_suspended_is_so_in_the_next_verdict(case: Case, beside: Beside) -> None:
    case.anchored()
    assert beside.verify(case.anchored()).authentic is Authentic.VALID
    case.act(case.issuers.suspend_issuer(ISSUER, 5))
    assert beside.verify(case.anchored()).authentic is Authentic.INVALID
    case.act(case.issuers.reinstate_issuer(ISSUER))
    assert beside.verify(case.anchored()).authentic is Authentic.VALID


def test_nothing_is_asked_for_twice_in_a_block_and_little_in_the_next(case: Case, beside: Beside) -> None:
    documents = [case.anchored() for _ in range(3)]
    for document in documents:
        beside.verify(document)
    beside.asked.clear()
    for document in documents * 5:
        beside.verify(document)
    assert beside.asked.keys() <= {"eth_getBlockByNumber"}  # where more than a second went by
    case.consortium.clock.advance(1)
    case.consortium.embedded.mine()
    for document in documents * 5:
        beside.verify(document)
    # The states of three parts, whose facts may change, stand in the owner's file.
    assert beside.asked.keys() <= {"eth_getBlockByNumber"}, beside.asked

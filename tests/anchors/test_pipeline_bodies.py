"""Coverage of issuers under a body, and within a scope: what is warned of when accepted, and what is stopped later."""

from collections.abc import Callable, Iterator

import pytest

from anchors.database import State
from ledger.authority import Role
from ledger.issuer_registry import Limit
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from ledger.transaction import Call
from tests.anchors.pipeline_node import CARRIER, PipelineNode, opened, sign_bill
from tests.consortium import Consortium

BILL, MARITIME, AGENT = "bill-of-lading", "cn.maritime", "cn.agent"
"""An agent of the carrier, which the carrier accredits as a body."""


class Agent:
    """The authority lets the carrier accredit; it does so in the authority's name, by whose account."""

    def __init__(self, node: PipelineNode) -> None:
        self.node, self.issuers = node, node.registries.issuer
        self.key = PrivateKey.generate(Algorithm.ES256)
        self.tenant = node.tenant("agent", [AGENT])
        self.act(self.issuers.authorize_body(CARRIER))
        self.act(self.issuers.add_issuer(AGENT, CARRIER))
        self.act(self.issuers.accredit(AGENT, [BILL]))
        self.act(self.issuers.add_key(AGENT, self.key.public_key))

    def act(self, call: Call) -> None:
        self.node.consortium.submit(self.node.consortium.account(MARITIME, Role.ACT), call)

    def accept(self) -> tuple[bytes, tuple[str, ...]]:
        envelope = sign_bill(self.key, int(self.node.consortium.clock()), AGENT)
        [accepted] = self.node.accept(self.node.registration(envelope, tenant=self.tenant))
        return accepted.digest, accepted.warnings


@pytest.fixture(scope="module")
def agent(consortium: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    with opened(consortium, tmp_path_factory.mktemp("node")) as node:
        yield Agent(node)


def test_an_issuer_under_a_body_is_covered(agent: Agent) -> None:
    digest, warnings = agent.accept()
    assert warnings == ()
    agent.node.run()
    assert agent.node.record(digest).state is State.FINAL


BREAKS: dict[str, tuple[Callable[[Agent], Call], Callable[[Agent], Call]]] = {
    "issuer.body-suspended": (
        lambda agent: agent.issuers.suspend_issuer(CARRIER),
        lambda agent: agent.issuers.reinstate_issuer(CARRIER),
    ),
    "issuer.body-not-authorized": (
        lambda agent: agent.issuers.end_body(CARRIER),
        lambda agent: agent.issuers.authorize_body(CARRIER),
    ),
    "issuer.body-not-accredited": (
        lambda agent: agent.issuers.end_accreditation(CARRIER, BILL),
        lambda agent: agent.issuers.accredit(CARRIER, [BILL]),
    ),
}


@pytest.mark.parametrize("concern", BREAKS)
def test_what_the_body_loses_stops_its_issuers_documents(agent: Agent, concern: str) -> None:
    lost, warnings = agent.accept()
    assert warnings == ()
    take, give = BREAKS[concern]
    agent.act(take(agent))
    warned, concerns = agent.accept()
    assert concerns == (concern,)
    agent.node.run()
    record = agent.node.record(lost)
    assert record.state is State.FAILED
    assert record.failure is not None
    assert concern in record.failure[1]
    assert agent.node.record(warned).state is State.FINAL
    agent.act(give(agent))
    assert agent.accept()[1] == ()


def test_a_document_outside_the_scope_is_warned_of_and_anchored(agent: Agent) -> None:
    agent.act(agent.issuers.accredit(AGENT, [BILL], limits=Limit.PORT))
    assert agent.accept()[1] == ("issuer.out-of-scope",)
    agent.act(agent.issuers.add_scope(AGENT, BILL, ["port.cnnbo"]))
    assert agent.accept()[1] == ()
    agent.act(agent.issuers.accredit(AGENT, [BILL], limits=Limit.AGREEMENT))
    digest, concerns = agent.accept()
    assert concerns == ("issuer.scope-not-stated",)
    agent.node.run()
    assert agent.node.record(digest).state is State.FINAL


def test_what_a_gate_statement_may_say_it_lies_within(agent: Agent) -> None:
    """The codes that each limited link has in force, of the sorts that it is limited to; nothing where none is."""
    clock = agent.node.consortium.clock
    envelope = sign_bill(agent.key, int(clock()), AGENT)

    def said() -> tuple[str, ...]:
        clock.advance(2)
        return agent.node.registrar.scope(envelope)

    agent.act(agent.issuers.accredit(AGENT, [BILL]))
    assert said() == ()
    agent.act(agent.issuers.accredit(AGENT, [BILL], limits=Limit.HS_CHAPTER | Limit.PORT))
    agent.act(agent.issuers.add_scope(AGENT, BILL, ["hs.84", "hs.85", "agreement.rcep", "port.cnnbo"]))
    assert said() == ("hs.84", "hs.85", "port.cnnbo")
    agent.act(agent.issuers.accredit(CARRIER, [BILL], limits=Limit.HS_CHAPTER))
    assert said() == ("port.cnnbo",)
    agent.act(agent.issuers.add_scope(CARRIER, BILL, ["hs.85", "hs.86"]))
    assert said() == ("hs.85", "port.cnnbo")
    agent.act(agent.issuers.end_scope(AGENT, BILL, "hs.85"))
    assert said() == ("port.cnnbo",)
    agent.act(agent.issuers.accredit(CARRIER, [BILL]))
    assert said() == ("hs.84", "port.cnnbo")

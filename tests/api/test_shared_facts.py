"""What the answers read for one direction gives the contract's own answer, as the whole matrix does."""

from types import SimpleNamespace
from typing import Any, cast

from api.as_of import AsOf
from api.shared_facts import SharedFacts
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from tests.consortium import Consortium
from verifier.fact_cache import FactCache
from verifier.recognition_answer import Reason, recognition_answer

PROGRAMME = "aeo"


def test_one_direction_and_the_matrix_agree_with_the_contract(consortium: Consortium) -> None:
    registry, chain = consortium.registries.recognition, consortium.chain

    def by(country: str, call: Any) -> None:
        consortium.clock.advance(10)
        consortium.submit(consortium.account(f"{country.lower()}.customs"), call)

    by("CN", registry.propose_arrangement(Arrangement("cn.all", PROGRAMME), ["SG", "KR"]))
    by("JP", registry.propose_arrangement(Arrangement("jp.ebl", "ebl"), ["SG"]))
    for country in ("SG", "KR"):
        by(country, registry.accept_arrangement("cn.all"))
    by("SG", registry.accept_arrangement("jp.ebl"))
    agreed = [Terms("cn.all", "CN", "SG"), Terms("cn.all", "KR", "CN"), Terms("cn.all", "SG", "KR")]
    for terms in agreed:
        by(terms.recogniser, registry.offer([terms]))
        by(terms.recognised, registry.accept([offer_id(terms)]))
    by("SG", registry.suspend([Direction(PROGRAMME, "CN", "SG")]))
    by("KR", registry.leave_arrangement("cn.all"))
    head = chain.head()
    node = cast(Any, SimpleNamespace(chain=chain, registries=consortium.registries))
    moment = AsOf(head, head.timestamp, head.timestamp, chain.chain_id)
    shared, reasons = SharedFacts(node, FactCache(1000), moment), set()
    matrix = SharedFacts(node, FactCache(1000), moment).matrix(PROGRAMME)
    for direction, held in matrix.items():
        _, found = shared.recognition(direction, moment)
        assert found == recognition_answer(held, moment.time, moment.known_at)
        said = registry.recognition(direction, moment.time, moment.known_at)
        assert (found.state, found.roles) == (said.state, said.roles)
        reasons.add(found.reason)
    assert len(matrix) == 16
    assert reasons == {Reason.SAME, Reason.NONE, Reason.SIGNED, Reason.SUSPENDED, Reason.LEFT}
    early = AsOf(head, head.timestamp - 25, head.timestamp, chain.chain_id)
    answers = {
        pair: shared.recognition(Direction(PROGRAMME, *pair), early)[1].reason for pair in (("KR", "CN"), ("CN", "KR"))
    }
    assert answers == {("KR", "CN"): Reason.IN_EFFECT, ("CN", "KR"): Reason.SIGNED}

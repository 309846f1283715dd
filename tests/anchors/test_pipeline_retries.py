"""Registering again: idempotency keys, and what happens when the chain or the database does not answer."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from anchors import idempotency
from anchors.pipeline import accept
from anchors.pipeline.registration import RequestKey
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from tests.anchors.pipeline_node import CARRIER, PipelineNode, forged, opened, refusal
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture(scope="module")
def node(on_each_database: None, consortium: Consortium, tmp_path_factory: pytest.TempPathFactory):
    with opened(consortium, tmp_path_factory.mktemp("accept")) as node:
        yield node


def key(name: str, request: bytes = b"request") -> RequestKey:
    return RequestKey(name, sha256(request).digest())


def test_the_same_key_and_request_get_the_first_answer(node: PipelineNode) -> None:
    """As when a document was signed anew for the caller, who had not seen the first answer."""
    first, second = node.bill(), node.bill()
    [accepted] = node.accept(node.registration(first, request_key=key("a")))
    [again] = node.accept(node.registration(second, request_key=key("a")))
    assert (again.digest, again.repeated) == (first.digest, True)
    assert again.receipt == accepted.receipt
    assert node.archive.find(second.digest) is None
    assert idempotency.find(node.database, "sea-lines", "a", sha256(b"request").digest()) == first.digest


def test_the_same_key_with_another_request_is_refused(node: PipelineNode) -> None:
    node.accept(node.registration(request_key=key("b")))
    error = refusal(node, node.registration(request_key=key("b", b"other")))
    assert isinstance(error, Refused)
    assert error.code == "idempotency.mismatch"
    with pytest.raises(Refused):
        idempotency.find(node.database, "sea-lines", "b", sha256(b"other").digest())


def test_keys_of_tenants_are_their_own(node: PipelineNode) -> None:
    node.accept(node.registration(request_key=key("c")))
    other = node.tenant("other", [CARRIER])
    [accepted] = node.accept(node.registration(tenant=other, request_key=key("c", b"other")))
    assert not accepted.repeated


def test_a_refused_request_leaves_its_key_free(node: PipelineNode) -> None:
    refusal(node, node.registration(forged(node.bill()), request_key=key("d")))
    assert idempotency.find(node.database, "sea-lines", "d", sha256(b"mended").digest()) is None
    [accepted] = node.accept(node.registration(request_key=key("d", b"mended")))
    assert not accepted.repeated


def test_one_key_twice_in_one_call(node: PipelineNode) -> None:
    results = node.accept(*[node.registration(request_key=key("e")) for _ in range(2)])
    assert results[0].digest == results[1].digest
    assert results[1].repeated


@pytest.mark.parametrize("name", ["", "x" * 256])
def test_a_key_has_a_length(node: PipelineNode, name: str) -> None:
    assert refusal(node, node.registration(request_key=key(name))).code == "idempotency.key"


# --- when something does not answer


def test_without_the_chain_nothing_is_accepted(consortium: Consortium, tmp_path: Path) -> None:
    answers: list[bool] = [True]

    def transport(method: str, params: list[Any]) -> dict[str, Any]:
        if not answers[0]:
            raise Unavailable("chain.unreachable", "no answer")
        return consortium.embedded.request(method, params)

    with opened(consortium, tmp_path, Chain(transport)) as node:
        registrations = [node.registration() for _ in range(3)]
        answers[0] = False
        results = node.registrar.accept(registrations)
        assert [result.code for result in results if isinstance(result, Unavailable)] == ["chain.unreachable"] * 3
        answers[0] = True
        assert all(node.archive.find(one.envelope.digest) is None for one in registrations)
        assert len(node.accept(*registrations)) == 3


def test_a_group_whose_transaction_fails_is_not_accepted(node: PipelineNode, tmp_path: Path) -> None:
    """The commit itself fails here: a deferred foreign key of SQLite is checked only then."""
    registrations = [node.registration(), node.registration()]
    broken = replace(registrations[0].tenant, id="nobody")
    results = node.registrar.accept([replace(one, tenant=broken) for one in registrations])
    assert all(isinstance(result, Unavailable) for result in results)
    assert all(node.archive.find(one.envelope.digest) is None for one in registrations)


def test_the_worker_is_told_of_what_is_new_only(node: PipelineNode) -> None:
    told: list[Callable[[], None]] = []
    registrar = accept.Registrar(
        node.database, node.directory, node.office, notify=lambda: told.append(str), clock=node.consortium.clock
    )
    registration = node.registration()
    registrar.accept([registration])
    registrar.accept([registration, node.registration(forged(node.bill()))])
    assert len(told) == 1

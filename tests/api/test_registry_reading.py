"""What anybody may ask costs the chain little: facts of the registries are read once for each of their states."""

import asyncio
import threading
from typing import Any

import httpx
import pytest
from anyio import to_thread

from api.app import create_app
from ledger.authority import AuthorityChange, Role
from ledger.chain import Chain
from ledger.dated_list import code_at
from ledger.issuer_registry import IssuerChange, IssuerState
from ledger.transaction import submit
from tests.demonstration_node import Api

PATHS = (
    "/v1/issuers",
    "/v1/issuers/cn.ningbo-origin",
    "/v1/authorities",
    "/v1/authorities/sg.customs",
)
NO_LIMIT = 2**64 - 1


# For each block that came in between: the change heads of both registries, and the quorum.
OF_A_BLOCK = len(AuthorityChange) + len(IssuerChange) + 1


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was called on the chain since the test began, but for the pipeline's own calls; calls go through."""
    called, call = list[str](), Chain.call

    def counted(self: Chain, address: str, *arguments: Any, **named: Any) -> Any:
        if not threading.current_thread().name.startswith("pipeline"):
            called.append(address)
        return call(self, address, *arguments, **named)

    monkeypatch.setattr(Chain, "call", counted)
    return called


def of_registries(api: Api, calls: list[str]) -> int:
    own = {api.node.issuer_registry.contract.address, api.node.authority_registry.contract.address}
    return sum(address in own for address in calls)


def allowed(api: Api, before: int) -> int:
    """As many calls as the blocks are worth that came since block `before`: a slow machine sees more of them."""
    return (api.node.chain.head().number - before + 1) * OF_A_BLOCK


@pytest.mark.parametrize("path", PATHS)
def test_asking_again_reads_nothing_again(api: Api, calls: list[str], path: str) -> None:
    before = api.node.chain.head().number
    first = api.http.get(path).json()
    calls.clear()
    again = [api.http.get(path, params={"at": str(at)}).json() for at in (1, 1_600_000_000, 4_000_000_000)]
    assert of_registries(api, calls) <= allowed(api, before)
    assert first.keys() == again[0].keys()
    assert [answer["as_of"]["at"] for answer in again] != [first["as_of"]["at"]] * 3


def test_asking_for_what_is_not_there_reads_nothing(api: Api, calls: list[str]) -> None:
    for path in ("/v1/issuers", "/v1/authorities"):
        api.http.get(path)
    before = api.node.chain.head().number
    calls.clear()
    for number in range(50):
        for path in ("/v1/issuers", "/v1/authorities"):
            assert api.http.get(f"{path}/xx.nobody-{number}").status_code == 404
    assert of_registries(api, calls) <= allowed(api, before)


def test_a_change_shows_in_the_next_answer(api: Api) -> None:
    """Suspended and reinstated: the answer is never the one kept from before."""
    registry = api.node.issuer_registry
    for call, state in (
        (registry.suspend_issuer("jp.kobe-origin"), IssuerState.SUSPENDED),
        (registry.reinstate_issuer("jp.kobe-origin"), IssuerState.ACTIVE),
    ):
        assert api.http.get("/v1/issuers/jp.kobe-origin").status_code == 200
        submit(api.node.chain, api.established.keys.accounts["jp.chamber", Role.ACT], call)
        assert api.http.get("/v1/issuers/jp.kobe-origin").json()["state"] == state.name.lower()
        listed = {one["issuer"]: one["state"] for one in api.http.get("/v1/issuers").json()["issuers"]}
        assert listed["jp.kobe-origin"] == state.name.lower()


@pytest.mark.parametrize("time", [1, 1_700_000_000, 4_000_000_000])
def test_in_office_is_as_the_contract_says(api: Api, time: int) -> None:
    registry = api.node.authority_registry
    for one in api.http.get("/v1/authorities", params={"at": str(time)}).json()["authorities"]:
        assert one["in_office"] is registry.in_office(one["authority"], time, NO_LIMIT)
    since = code_at(registry.authority_entries("sg.customs"), 4_000_000_000)
    assert since == 1


def test_health_needs_none_of_the_threads_that_requests_work_in(api: Api) -> None:
    async def ask() -> list[int]:
        threads = to_thread.current_default_thread_limiter()
        takers = [object() for _ in range(int(threads.total_tokens))]
        for taker in takers:
            threads.acquire_on_behalf_of_nowait(taker)
        transport = httpx.ASGITransport(create_app(api.node))
        async with httpx.AsyncClient(transport=transport, base_url="http://portseal.test") as http:
            answers = [await asyncio.wait_for(http.get(path), 60) for path in ("/healthz", "/readyz")]
        for taker in takers:
            threads.release_on_behalf_of(taker)
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [200, 200]

"""A node for each module of hostile tests, with a genuine final bill, and a second one that may be knocked about."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind
from tests.demonstration_node import Api, demonstration_node
from tests.hostile.target import BODY_SECONDS, CARRIER, Impatient, Target


@pytest.fixture(scope="module")
def hostile_api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    # A module may name other limits for its node's connections.
    connection = getattr(request.module, "CONNECTION", Impatient)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PORTSEAL_BODY_SECONDS", str(BODY_SECONDS))
        node = demonstration_node(tmp_path_factory.mktemp("hostile"), connection)
        api = node.__enter__()
    yield api
    node.__exit__(None, None, None)


@pytest.fixture(scope="module")
def target(hostile_api: Api) -> Target:
    envelopes = [_registered(hostile_api, number) for number in ("HOSTILE0000A", "HOSTILE0000B", "HOSTILE0000C")]
    address = urlsplit(str(hostile_api.http.base_url))
    return Target(hostile_api, (address.hostname or "", address.port or 0), *envelopes)


def _registered(api: Api, number: str) -> str:
    document = sample("bill-of-lading") | {"transportDocumentReference": number}
    key = api.established.keys.issuer_keys[CARRIER]
    envelope = issue(document, kind("bill-of-lading"), CARRIER, key, iat=1_790_000_000).serialize()
    headers = {**api.key(CARRIER), "Content-Type": "application/dc+sd-jwt"}
    answer = api.http.post("/v1/documents", content=envelope, headers=headers)
    assert api.until_final(answer.json()["digest"])["state"] == "final"
    return envelope

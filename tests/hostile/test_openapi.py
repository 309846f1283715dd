"""What /openapi.json says, taken at its word: schemathesis makes right and wrong input, and holds answers to it."""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.hostile.amount import amount
from tests.hostile.target import CARRIER, Target

pytestmark = [pytest.mark.slow]
EXAMPLES = amount(25, 150)
DOCUMENT = "/v1/documents/{digest}"
OPERATIONS = (
    ("POST", "/v1/documents"),
    ("GET", DOCUMENT),
    ("GET", DOCUMENT + "/payload"),
    ("GET", DOCUMENT + "/readers"),
    ("POST", DOCUMENT + "/readers"),
    ("DELETE", DOCUMENT + "/readers/{reader}"),
    ("POST", DOCUMENT + "/status"),
    ("GET", "/v1/readers/{reader}"),
    ("GET", "/v1/breaches"),
    ("POST", "/v1/verifications"),
    ("POST", "/v1/verifications/bulk"),
    ("POST", "/v1/decisions"),
    ("GET", DOCUMENT + "/evidence"),
    ("GET", DOCUMENT + "/gate"),
    ("GET", DOCUMENT + "/qr"),
    ("GET", DOCUMENT + "/inclusion"),
    ("GET", "/d/{digest}"),
    ("POST", "/v1/evidence"),
    ("POST", "/v1/reports"),
    ("GET", "/v1/reports/{digest}"),
    ("GET", "/v1/reports/{digest}/evidence"),
    ("GET", "/v1/trust"),
    ("GET", "/v1/trust/hand-overs"),
    ("GET", "/v1/packs/latest"),
    ("GET", "/v1/packs/delta"),
    ("GET", "/v1/packs/{number}"),
    ("POST", "/v1/offline-verdicts"),
    ("GET", "/v1/issuers"),
    ("GET", "/v1/issuers/{issuer}"),
    ("GET", "/v1/authorities"),
    ("GET", "/v1/authorities/{authority}"),
    ("GET", "/v1/recognitions"),
    ("GET", "/v1/recognitions/matrix"),
    ("GET", "/v1/recognitions/list"),
    ("GET", "/v1/arrangements"),
    ("GET", "/v1/arrangements/{arrangement}"),
    ("GET", "/v1/operators/{authority}"),
    ("GET", "/v1/operators/{authority}/{code}"),
    ("GET", "/v1/operators/{authority}/{code}/benefits"),
    ("GET", "/v1/changes"),
    ("GET", "/v1/proposals"),
    ("GET", "/v1/proposals/{number}"),
    ("POST", "/v1/intents"),
    ("GET", "/v1/intents/nonce"),
    ("GET", "/v1/intents/{intent}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
)
ENDLESS = (("GET", "/v1/changes/stream"),)  # tried in tests/api/test_changes.py
NAMES = ("digest", "intent", "number", "reader", "issuer", "authority", "arrangement", "code")
# Or only what may be left away: schemathesis tries parameters that nobody looks at, test_breaches.py wrong ones.
TAKING_NOTHING = (
    ("GET", "/v1/recognitions/list"),
    ("GET", "/v1/breaches"),
    ("GET", "/v1/trust"),
    ("GET", "/v1/packs/latest"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
)
# schemathesis writes no bare envelopes or lines; tried in tests/api/test_evidence.py, test_packs.py and test_bulk.py
UNWRITTEN = (("POST", "/v1/evidence"), ("POST", "/v1/verifications/bulk"), ("POST", "/v1/offline-verdicts"))


def wrong_input_is_refused(ctx: Any, response: Any, case: Any) -> bool | None:
    """As schemathesis judges it, but that it does not know 413 as a refusal: a body that is nested too deep, say."""
    if response.status_code == requests.codes.request_entity_too_large:
        return None
    answer: bool | None = negative_data_rejection(ctx, response, case)
    return answer


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    wrong_input_is_refused,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def schema(target: Target) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_dict(target.api.http.get("/openapi.json").json())


def test_every_operation_is_tried(target: Target) -> None:
    paths = target.api.http.get("/openapi.json").json()["paths"]
    assert {(method.upper(), path) for path, methods in paths.items() for method in methods} == {*OPERATIONS, *ENDLESS}


def test_writes_and_payloads_need_a_key_and_nothing_else_does(target: Target) -> None:
    paths = target.api.http.get("/openapi.json").json()["paths"]
    for method, path in OPERATIONS:
        operation = paths[path][method.lower()]
        answer = target.api.http.request(method, path.format_map(dict.fromkeys(NAMES, "ab" * 32)))
        assert ("security" in operation) == ("401" in operation["responses"]) == (answer.status_code == 401)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_described(
    target: Target, schema: schemathesis.BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    if mode is GenerationMode.NEGATIVE and (method, path) in TAKING_NOTHING:
        pytest.skip("it takes nothing that could be wrong")
    if (method, path) in UNWRITTEN:
        pytest.skip("its body is something signed and nothing else")
    operation, address = schema[path][method], str(target.api.http.base_url)
    headers = target.api.key(CARRIER)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=address, session=session, headers=headers, checks=CHECKS)

    with requests.Session() as session:
        session.trust_env = False
        check()
    target.check_alive()

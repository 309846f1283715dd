"""Promises that were broken, as their registrant is told."""

from typing import Any

import pytest
from sqlalchemy import select

from anchors.database.models import BreachRow, DocumentRow
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, bill, enveloped, register


def listed(api: Api, tenant: str = CARRIER, **params: Any) -> dict[str, Any]:
    answer = api.http.get("/v1/breaches", params=params, headers=api.key(tenant))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def broken(api: Api, digest: str, anchored_at: int | None) -> None:
    with api.node.database.write() as session:
        number = session.scalar(select(DocumentRow.number).where(DocumentRow.digest == bytes.fromhex(digest)))
        session.add(BreachRow(document_number=number, promised_at=1_000, noticed_at=1_010, anchored_at=anchored_at))


def test_a_breach_is_told_to_its_registrant_only(api: Api) -> None:
    first, second = (
        register(api, {"envelope": enveloped(api, bill(f"BREACH-{number}"))}).json()["digest"] for number in (1, 2)
    )
    for digest in (first, second):
        api.until_final(digest)
    broken(api, first, 2_000)
    broken(api, second, None)
    assert [(one["digest"], one["anchored_at"]) for one in listed(api)["breaches"]] == [
        (second, None),
        (first, "1970-01-01T00:33:20Z"),
    ]
    assert listed(api)["before"] is None
    assert listed(api, "sg.customs")["breaches"] == []
    assert api.http.get("/v1/breaches").status_code == 401


@pytest.mark.parametrize("before", ["0", "-1", "x", str(2**53)])
def test_a_place_that_is_none(api: Api, before: str) -> None:
    answer = api.http.get("/v1/breaches", params={"before": before}, headers=api.key(CARRIER))
    assert (answer.status_code, answer.json()["code"]) == (422, "request.parameter")


def test_pages(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("anchors.breaches", "api.routes.breaches"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 1)
    page = listed(api)
    seen = [one["digest"] for one in page["breaches"]]
    while page["before"] is not None:
        page = listed(api, before=page["before"])
        seen += [one["digest"] for one in page["breaches"]]
    assert len(seen) == len(set(seen)) == 2


def test_how_the_promise_stands_is_in_the_documents_answer(api: Api) -> None:
    digest = register(api, {"envelope": enveloped(api, bill("BREACH-3"))}).json()["digest"]
    assert api.http.get(f"/v1/documents/{digest}").json()["promise"] in ("open", "kept")
    assert api.until_final(digest)["promise"] == "kept"
    with api.node.database.write() as session:
        session.scalars(select(DocumentRow).where(DocumentRow.digest == bytes.fromhex(digest))).one().promised_at = 1
    assert api.http.get(f"/v1/documents/{digest}").json()["promise"] == "broken"

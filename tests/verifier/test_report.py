"""A verdict as JSON."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.document_registry import Status
from tests.verifier.world import World, bill, document
from verifier.report import to_dict
from verifier.verdict import Verdict


def reported(verdict: Verdict) -> dict[str, Any]:
    text = json.dumps(to_dict(verdict), allow_nan=False)
    result: dict[str, Any] = json.loads(text)
    return result


def anchored() -> World:
    world = World()
    world.anchor(bill())
    return world


def test_the_members_of_a_report() -> None:
    world = anchored()
    report = reported(world.verify(bill()))
    assert (report["authentic"], report["usable"]) == ("VALID", "ACTIVE")
    assert report["digest"] == bill().digest.hex()
    assert report["as_of"] == {"block": 1, "hash": f"0x{world.head().hash.hex()}", "time": world.now}
    assert report["finality"]["form"] == "checkpoint"
    assert (report["finality"]["signers"], report["finality"]["of"]) == (["CN", "JP", "KR", "SG"], 4)
    assert report["policy"] == "portseal-1"
    assert report["asked"] == {"at": world.now, "known_at": None, "relying_country": None}


def test_each_finding_says_what_and_what_to_do_in_both_languages() -> None:
    world = anchored()
    world.set_status(bill(), Status.REVOKED)
    findings = {one["code"]: one for one in reported(world.verify(bill()))["findings"]}
    revoked = findings["status.revoked"]
    assert (revoked["check"], revoked["outcome"], revoked["usable"]) == ("status", "fail", "REVOKED")
    assert revoked["evidence"]["block"] == 1
    assert revoked["evidence"]["since"] == world.now
    assert set(revoked["text"]) == set(revoked["remedy"]) == {"en", "zh"}
    assert findings["anchoring.final"]["evidence"]["anchored_by"] == "cn.maritime"


def test_findings_that_rest_on_the_chain_name_their_block() -> None:
    for finding in reported(anchored().verify(bill()))["findings"]:
        if finding["check"] in {"issuer", "anchoring", "status", "freshness"}:
            assert finding["evidence"]["block"] == 1, finding["code"]


def test_nothing_of_the_documents_content_is_told() -> None:
    text = json.dumps(to_dict(anchored().verify(bill())))
    for name in ("transportDocumentReference", "carrierBookingReference"):
        value = document("bill-of-lading").get(name)
        assert value is None or str(value) not in text


@given(st.binary(max_size=300))
def test_any_verdict_can_be_reported(data: bytes) -> None:
    reported(World().verify(data))

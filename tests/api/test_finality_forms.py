"""A node of a network whose file pins another form than the chain has: it runs, and calls nothing final or valid."""

import time
from pathlib import Path
from typing import Any

import pytest

from anchors.clique_finality import CliqueFinality
from anchors.finality_proofs import FinalityProofs
from anchors.qbft_finality import QbftFinality
from ledger.envelope import parse
from ledger.finality.form import Clique, Form, Qbft
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from ledger.network import Network
from tests.api.test_documents import bill, enveloped, register
from tests.demonstration_node import Api, demonstration_node
from tests.ledger.sealed_headers import sealers

ADDRESSES = tuple(one.address for one in sealers(4))
FORMS: list[tuple[Form, type]] = [
    (Clique(ADDRESSES), CliqueFinality),
    (Qbft(ValidatorSets((ValidatorRange(0, ADDRESSES),))), QbftFinality),
]


def until_mined(api: Api, digest: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        document: dict[str, Any] = api.http.get(f"/v1/documents/{digest}").json()
        if document["state"] == "mined" or time.monotonic() > deadline:
            return document
        time.sleep(0.1)


@pytest.mark.parametrize(("form", "gathers"), FORMS, ids=["clique", "qbft"])
def test_what_the_network_file_pins_decides(tmp_path: Path, form: Form, gathers: type) -> None:
    with demonstration_node(tmp_path / "node", finality=form) as api:
        assert Network.read(tmp_path / "node" / "network.json").finality == form
        assert isinstance(api.node.finality, gathers)
        envelope = enveloped(api, bill("FORM00000001"))
        assert register(api, {"envelope": envelope}).status_code == 202
        digest = parse(envelope).digest.hex()
        assert until_mined(api, digest)["state"] == "mined"
        time.sleep(2)
        document = api.http.get(f"/v1/documents/{digest}").json()
        assert document["state"] == "mined", "no block of this chain has the seals that the form asks for"
        assert "finality" not in document
        assert FinalityProofs(api.node.database, form.name).newest() is None
        verdict = api.http.post("/v1/verifications", json={"envelope": envelope}).json()
        assert (verdict["authentic"], verdict["usable"], verdict["finality"]) == ("INDETERMINATE", "PENDING", None)
        assert "anchoring.not-final" in {finding["code"] for finding in verdict["findings"]}

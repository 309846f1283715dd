"""Reports anchored on a real node's chain, and what their files prove without it, in each form of finality."""

import json
import time
from dataclasses import replace

import pytest

from api.cli import run
from tests.api.test_report_anchoring import TENANT, hand_in, made, until_final
from tests.api.test_reports import Given
from tests.registries.offline_tests import mutations
from tests.registries.site import Site
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.signed_report.anchor import existed_by, judge_anchor
from verifier.signed_report.file import ReportFile
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots


class ReportTests:
    @pytest.fixture(scope="class")
    @classmethod
    def given(cls, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Given:
        found = Given(site.api, tmp_path_factory.mktemp("reports"))
        assert found.verify() == 0
        return found

    @pytest.fixture(scope="class")
    @classmethod
    def anchored(cls, given: Given) -> ReportFile:
        key = given.api.key(TENANT)["Authorization"].removeprefix("Bearer ")
        at_node = ["--node", str(given.api.http.base_url), "--api-key", key]
        assert run(["report", "anchor", str(given.report), "--trust", str(given.trust), *at_node]) == 0
        return ReportFile.read(given.report.read_bytes())

    def test_by_when_it_existed_is_told_without_the_chain(
        self, site: Site, given: Given, anchored: ReportFile, capsys: pytest.CaptureFixture[str]
    ) -> None:
        standing = site.ask(f"/v1/reports/{anchored.digest.hex()}")
        assert standing["finality"]["form"] == site.api.node.network.finality.name
        block = site.chain.block(standing["transaction"]["block_number"])
        assert block
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(block.timestamp))
        said = given.checked_alone()
        assert f"anchor     existed by {moment}: anchored by cn.customs, batch {standing['batch']['root']}" in said
        assert "made again, the same in every finding" in said
        capsys.readouterr()
        assert given.check("--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["existed_by"], found["anchor"]["code"]) == (moment, "anchoring.final")

    def test_handed_in_by_http(self, given: Given) -> None:
        file = made(given, at="2026-11-20T00:00:00Z")
        answer = hand_in(given, file)
        assert (answer.status_code, answer.json()["repeated"]) == (202, False)
        final = until_final(given, file.digest)
        assert hand_in(given, file).json() == final | {"repeated": True}
        content = given.api.http.get(f"/v1/reports/{file.digest.hex()}/evidence").content
        found = judge_anchor(file.digest, read_evidence(content), roots(given))
        assert existed_by(found) == final["transaction"]["block_time"]

    def test_whatever_is_changed_in_its_proof_it_is_that_time_or_none(self, given: Given, anchored: ReportFile) -> None:
        evidence, pinned = anchored.anchor, roots(given)
        assert evidence

        def told(changed: EvidenceFile) -> int | None:
            return existed_by(judge_anchor(anchored.digest, changed, pinned))

        moment, found = told(evidence), []
        for place, node in enumerate(evidence.nodes):
            rest = (*evidence.nodes[:place], *evidence.nodes[place + 1 :])
            flipped = tuple(sorted((*rest, node[:-1] + bytes([node[-1] ^ 1]))))
            found += [told(replace(evidence, nodes=nodes)) for nodes in (rest, flipped)]
        # Some lead to what says nothing of a report: whether its authority may issue documents.
        assert set(found) == {None, moment}
        assert found.count(None) > len(found) / 2
        longer = replace(evidence.record, path=(*evidence.record.path, bytes(32)))
        spoilt = [replace(evidence, finality=one) for one in mutations(evidence.finality)]
        assert {told(changed) for changed in (*spoilt, replace(evidence, record=longer))} == {None}


def roots(given: Given) -> TrustRoots:
    return read_trust(given.trust.read_bytes())

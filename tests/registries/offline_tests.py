"""Evidence of a real node's chain, verified without it; and verified through it, believing only what it proves."""

import json
import time
from dataclasses import dataclass, replace
from typing import Any

import pytest

from contracts.keccak import keccak
from ledger.envelope import parse
from ledger.errors import Unavailable
from tests.registries.site import Site
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence, read_hand_overs
from verifier.hand_over import follow
from verifier.offline import offline
from verifier.pinned_finality import final_block
from verifier.question import Question
from verifier.subject import Subject
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict

ISSUER = "cn.eastern-meridian"
ENVELOPE = {"Content-Type": "application/dc+sd-jwt"}


@dataclass
class Kept:
    """What somebody has kept of the chain: files, and nothing that asks it."""

    text: str
    digest: str
    whole: EvidenceFile
    bare: EvidenceFile
    roots: TrustRoots

    def verdict(self, file: EvidenceFile, subject: Subject | None = None, **question: Any) -> Verdict:
        return offline(file, self.roots).verify(subject or file.subject, Question(**question))


class OfflineTests:
    @pytest.fixture(scope="class")
    @classmethod
    def kept(cls, site: Site) -> Kept:
        http = site.api.http
        roots = read_trust(http.get("/v1/trust").content)
        text = site.registered(ISSUER, "bill-of-lading")
        digest = parse(text).digest.hex()
        site.settled()
        params = {"relying_country": "SG"}
        whole = http.post("/v1/evidence", content=text, headers=ENVELOPE, params=params)
        assert whole.status_code == 200, whole.text
        bare = http.get(f"/v1/documents/{digest}/evidence", params=params)
        assert bare.status_code == 200, bare.text
        return Kept(text, digest, read_evidence(whole.content), read_evidence(bare.content), roots)

    def test_the_verdict_without_the_chain(self, kept: Kept, site: Site) -> None:
        found = kept.verdict(kept.whole, relying_country="SG")
        asked = site.api.http.post("/v1/verifications", json={"envelope": kept.text, "relying_country": "SG"}).json()
        assert (found.authentic, found.usable) == (asked["authentic"], asked["usable"])
        assert found.authentic == "VALID"
        assert found.finality
        assert found.finality.form == site.api.node.network.finality.name
        presented = kept.verdict(kept.bare, Subject.presented(kept.text), relying_country="SG")
        assert presented.authentic == "VALID"
        assert kept.verdict(kept.bare).authentic == "INDETERMINATE"

    def test_every_node_of_the_state_counts(self, kept: Kept) -> None:
        for place, node in enumerate(kept.whole.nodes):
            rest = [*kept.whole.nodes[:place], *kept.whole.nodes[place + 1 :]]
            flipped = sorted([*rest, node[:-1] + bytes([node[-1] ^ 1])])
            for some in (rest, flipped):
                found = kept.verdict(replace(kept.whole, nodes=tuple(some)), relying_country="SG")
                assert (found.authentic, found.usable) != ("VALID", "ACTIVE")
                assert found.authentic != "INVALID"

    def test_bytes_of_the_proof_of_finality(self, kept: Kept) -> None:
        """Every 41st byte of the headers, or of the cosignatures, is another one."""
        tried = 0
        for changed in mutations(kept.whole.finality):
            found = kept.verdict(replace(kept.whole, finality=changed))
            assert found.authentic == "INDETERMINATE"
            tried += 1
        assert tried > 3

    def test_the_hand_overs_of_the_node(self, kept: Kept, site: Site) -> None:
        answer = site.api.http.get("/v1/trust/hand-overs", params={"after": kept.roots.block})
        assert answer.status_code == 200, answer.text
        file = read_hand_overs(answer.content)
        nodes = {keccak(node): node for node in file.nodes}
        newer = follow(kept.roots, file.hand_overs, nodes).roots
        assert newer.finality == kept.roots.finality
        assert final_block(newer, kept.whole.finality) == final_block(kept.roots, kept.whole.finality)

    def test_proved_by_the_node(self, kept: Kept, site: Site) -> None:
        question = {"envelope": kept.text, "relying_country": "SG"}
        deadline = time.monotonic() + 60
        while True:
            found = site.api.http.post("/v1/verifications", json=question, params={"proved": "true"}).json()
            if found["authentic"] == "VALID" or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        plainly = site.api.http.post("/v1/verifications", json=question).json()
        assert (found["proved"], plainly["proved"]) == (True, False)
        for name in ("authentic", "usable", "digest", "issuer", "kind"):
            assert found[name] == plainly[name], json.dumps(found["findings"], indent=1)
        assert [one["code"] for one in found["findings"]] == [one["code"] for one in plainly["findings"]]

    def test_roots_of_another_network(self, kept: Kept) -> None:
        other = replace(kept.roots, chain_id=kept.roots.chain_id + 1)
        with pytest.raises(Unavailable) as caught:
            offline(kept.whole, other).sources.facts.head()
        assert caught.value.code == "evidence.chain"


def mutations(finality: Any) -> Any:
    """The same proof with one byte changed, at every 41st place of its headers; or with one signature too few."""
    if finality["form"] == "checkpoint":
        seals = finality["cosignatures"]
        # More than two thirds of all must stay good: so many are spoiled that too few do.
        spoiled = [[*one[:3], bytes([one[3][0] ^ 1]) + one[3][1:]] for one in seals]
        for number in range(len(seals) // 3 + 1, len(seals) + 1):
            yield {**finality, "cosignatures": spoiled[:number] + seals[number:]}
        return
    headers = list(finality["headers"]) if "headers" in finality else [finality["header"]]
    header = headers[0]
    for place in range(0, len(header), 41):
        changed = [header[:place] + bytes([header[place] ^ 1]) + header[place + 1 :], *headers[1:]]
        yield {**finality, "headers": changed} if "headers" in finality else {**finality, "header": changed[0]}

"""Answers that prove themselves, the feed and whole lists, on any chain."""

from typing import Any

import pytest

from api.answer_signature import check
from api.list_check import check_operators, heads_of, read_change, read_lines
from ledger.authority import Purpose
from ledger.change_chain import check_complete
from ledger.change_kind import KINDS
from ledger.operator import Grant, operator_id
from ledger.registry_change import RegistryChange
from tests.api.proof_walk import proved
from tests.api.test_changes import Listener
from tests.registries.site import Site


class EvidenceTests:
    @pytest.mark.parametrize(
        ("by", "of", "reason"),
        [
            ("CN", "SG", "in-effect"),
            ("CN", "MY", "not-agreed"),
            ("SG", "KH", "signed-not-in-effect"),
            ("XX", "QQ", "not-agreed"),
        ],
    )
    def test_recognitions_are_proved_yes_no_and_absent(self, site: Site, by: str, of: str, reason: str) -> None:
        answer = site.recognition(by, of, proofs="true")
        assert answer["reason"] == reason
        slots = {(slot["variable"], *slot["path"]): value for _, slot, value in proved(answer)}
        lists = [path for path in slots if path[0] == "_recognitionEntries"]
        (whole,) = [path for path in lists if len(path) == 3]
        # Not what the node says, what the slots say: how often it was agreed, and since when.
        assert int.from_bytes(slots[whole]) == len(answer["entries"])
        entries = [slots[(*whole, number)] for number in range(len(answer["entries"]))]
        assert bool(entries) == (reason == "in-effect")
        for value in entries:
            assert int.from_bytes(value[-4:]) == 1, "in effect"
            assert int.from_bytes(value[:8]) <= site.founded, "recorded"
        if reason != "in-effect":
            assert any(path[0] == "_arrangements" and int.from_bytes(value) for path, value in slots.items())

    @pytest.mark.parametrize(
        ("path", "slots"),
        [
            ("/v1/operators/cn.customs/AEOCN3302961K7Q", 6),
            ("/v1/operators/cn.customs/NOBODY", 4),
            ("/v1/operators/xx.nobody/NOBODY", 3),
            ("/v1/operators/cn.customs/AEOCN3302961K7Q/benefits?relying_country=SG", 15),
            ("/v1/operators/cn.customs/AEOCN3302961K7Q/benefits?relying_country=MY", 10),
            ("/v1/issuers/cn.eastern-meridian", 15),
            ("/v1/issuers/kr.visa-desk", 20),
            ("/v1/issuers/xx.nobody", 2),
            ("/v1/arrangements/cn.sg-mra", 20),
            ("/v1/arrangements/sg.aamra", 200),
        ],
    )
    def test_every_other_answer_is_proved(self, site: Site, path: str, slots: int) -> None:
        joined = "&" if "?" in path else "?"
        answer = site.api.http.get(f"{path}{joined}proofs=true").json()
        assert len(list(proved(answer))) >= slots

    def test_answers_are_signed_by_the_key_of_the_registry(self, site: Site) -> None:
        key = self.answers_key(site)
        for path in ("/v1/recognitions/matrix?programme=aeo", "/v1/arrangements/sg.aamra", "/v1/issuers"):
            check(site.api.http.get(path).json(), key)

    def test_every_change_is_told_and_none_left_out(self, site: Site) -> None:
        told, block = self.changes(site)
        for kind in KINDS:
            contract = site.registries.contracts()[kind.contract]
            check_complete([one for one in told if one.kind == kind], contract.read_changes(kind.change, block))

    def test_a_suspension_is_heard(self, site: Site) -> None:
        """Within a block, where none comes by itself (tests/api/test_changes.py); here one comes each second."""
        registry, code = site.registries.operator, "AEOCN26CHAIN002"
        site.by(("cn.customs", registry.grant([Grant(code)])))
        listener = Listener(site.api)
        try:
            block = site.by(("cn.customs", registry.suspend([operator_id(code)], 7)))
            heard = listener.until(lambda one: one["what"] == "suspended" and one["block"] == block.number)
            assert heard["about"] == {"operator_code": code}
        finally:
            listener.close()

    def test_a_whole_list_is_what_the_changes_make(self, site: Site) -> None:
        answer = site.api.http.get("/v1/operators/cn.customs", headers={"Accept": "application/x-ndjson"})
        lines, summary = read_lines(answer.content)
        check(summary, self.answers_key(site))
        told, _ = self.changes(site, registry="operator-registry")
        check_operators(lines, summary, told)
        assert len(lines) == site.registries.operator.operator_count("cn.customs")
        for kind, head in heads_of(summary).items():
            assert head == site.registries.operator.contract.read_changes(kind.change, summary["as_of"]["block"])

    def answers_key(self, site: Site) -> Any:
        return site.api.established.keys.service_keys[site.api.node.authority, Purpose.ANSWERS].public_key

    def changes(self, site: Site, **chosen: str) -> tuple[list[RegistryChange], int]:
        """Every change up to a block, and the block's number."""
        found: list[RegistryChange] = []
        asked: dict[str, Any] = {"limit": 1000, **chosen}
        while True:
            page = site.ask("/v1/changes", **asked)
            found += [read_change(one) for one in page["changes"]]
            if not page["more"]:
                return found, page["as_of"]["block"]
            asked["after"] = page["after"]

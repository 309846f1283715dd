"""Who recognises whom, on any chain; the fixture `site` gives the 15 members."""

import pytest

from api.demonstration.plan import AEO
from ledger.errors import Refused
from ledger.operator import Grant, operator_id
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from tests.rcep_table import COUNTRIES, in_effect
from tests.registries.site import Site, codes

CODE = "AEOCN3302961K7Q"


class RecognitionTests:
    """`aeo` is left as it was founded but for suspensions; what is agreed anew has a programme of its own."""

    @pytest.mark.parametrize("programme", ["aeo", "origin", "ebl"])
    @pytest.mark.parametrize("day", ["2014-01-01", "2024-10-17", "founded"])
    def test_the_whole_matrix_is_the_table(self, site: Site, day: str, programme: str) -> None:
        from api.demonstration.table import start_of

        time = site.founded if day == "founded" else start_of(day)
        matrix = site.ask("/v1/recognitions/matrix", programme=programme, at=time, known_at=site.founded)
        cells = {(cell["by"], cell["of"]): cell for cell in matrix["recognitions"]}
        assert cells.keys() == {(by, of) for by in COUNTRIES for of in COUNTRIES}
        found = {pair for pair, cell in cells.items() if cell["recognised"]}
        assert found == (in_effect(time, site.founded) if programme == "aeo" else set())
        assert {cell["reason"] for pair, cell in cells.items() if pair[0] == pair[1]} == {"same-country"}

    def test_two_recognitions_make_no_third(self, site: Site) -> None:
        for by, of in (("CN", "SG"), ("SG", "CN"), ("SG", "MY"), ("MY", "SG")):
            assert site.recognition(by, of)["recognised"]
        for by, of in (("CN", "MY"), ("MY", "CN")):
            answer = site.recognition(by, of)
            assert (answer["recognised"], answer["reason"], answer["state"]) == (False, "not-agreed", "none")

    @pytest.mark.parametrize("country", ["KH", "LA", "MM", "VN"])
    def test_signed_is_not_in_effect(self, site: Site, country: str) -> None:
        for by, of in (("SG", country), (country, "SG")):
            answer = site.recognition(by, of)
            assert (answer["recognised"], answer["reason"]) == (False, "signed-not-in-effect")
            assert answer["arrangements"] == ["sg.aamra"]
            assert answer["sentence"]["en"]

    def test_both_sides_or_none(self, site: Site) -> None:
        """One side alone, even by its own second authority, puts nothing into effect."""
        registry, programme, place = site.registries.recognition, "ebl", "cn.ebl-pilot"
        terms = Terms(place, "CN", "KR")
        site.by(("cn.customs", registry.propose_arrangement(Arrangement(place, programme), ["KR"])))
        site.by(("kr.customs", registry.accept_arrangement(place)), ("cn.customs", registry.offer([terms])))
        answer = site.recognition("CN", "KR", programme)
        assert (answer["recognised"], answer["reason"]) == (False, "signed-not-in-effect")
        for own in ("cn.customs", "cn.maritime"):
            with pytest.raises(Refused) as caught:
                site.by((own, registry.accept([offer_id(terms)])))
            assert caught.value.code == "contract.RecognitionRegistryNotSide"
        block = site.by(("kr.maritime", registry.accept([offer_id(terms)])))
        assert site.recognition("CN", "KR", programme)["recognised"]
        assert not site.recognition("CN", "KR", programme, at=block.timestamp - 1)["recognised"]
        assert not site.recognition("CN", "KR", programme, known_at=block.timestamp - 1)["recognised"]
        assert not site.recognition("KR", "CN", programme)["recognised"], "the other direction"

    def test_a_suspension_is_seen_by_verify_in_the_next_block(self, site: Site) -> None:
        """Of the direction by one side, then of the operator by its customs; a second before, it was not."""
        envelope = site.registered("cn.aeo-office", AEO)
        assert site.verify(envelope, relying_country="SG")["usable"] == "ACTIVE"
        registry, direction = site.registries.recognition, Direction("aeo", "SG", "CN")
        operators, operator = site.registries.operator, operator_id(CODE)
        for call, back, usable, code in (
            (registry.suspend([direction], 3), registry.resume([direction]), "NOT_RECOGNISED", "recognition.suspended"),
            (operators.suspend([operator], 4), operators.reinstate([operator]), "SUSPENDED", "operator.suspended"),
        ):
            block = site.by(("cn.customs", call))
            verdict = site.verify(envelope, relying_country="SG")
            assert (verdict["authentic"], verdict["usable"]) == ("VALID", usable)
            assert code in codes(verdict)
            assert verdict["as_of"]["block"] >= block.number
            at = {"relying_country": "SG", "at": _show(block.timestamp)}
            assert site.verify(envelope, **at)["usable"] == usable, "in the very block"
            before = site.verify(envelope, **(at | {"at": _show(block.timestamp - 1)}))
            assert (before["authentic"], before["usable"]) == ("VALID", "ACTIVE")
            site.by(("cn.customs", back))
        assert site.verify(envelope, relying_country="SG")["usable"] == "ACTIVE"

    def test_an_operator_and_what_it_may_expect(self, site: Site) -> None:
        registry, code, path = site.registries.operator, "AEOCN26CHAIN001", "/v1/operators/cn.customs/"
        assert site.ask(path + code)["reason"] == "operator-unknown"
        granted = site.by(("cn.customs", registry.grant([Grant(code, 2)])))
        answer = site.ask(path + code)
        assert (answer["authorised"], answer["tier"]) == (True, 2)
        assert site.ask(path + code, at=granted.timestamp - 1)["authorised"] is False
        with pytest.raises(Refused) as caught:
            site.by(("sg.customs", registry.suspend([operator_id(code)], 1)))
        assert caught.value.code == "contract.OperatorRegistryOperatorUnknown"
        wanted = {"MY": ("not-agreed", False), "SG": (None, True), "VN": ("not-agreed", False)}
        for country, (failing, expected) in wanted.items():
            benefits = site.ask(path + CODE + "/benefits", relying_country=country)
            assert benefits["expected"] is expected
            assert expected or benefits["failing"] == failing
        site.by(("cn.customs", registry.end([operator_id(code)])))
        assert site.ask(path + code)["reason"] == "operator-ended"


def _show(time: int) -> str:
    from api.moment import show

    return str(show(time))

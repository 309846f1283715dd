"""Signed reports, and members that changed their keys: older roots check by hand-overs, in the file or beside it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from ledger.authority import Purpose
from ledger.errors import Invalid, PortsealError, Refused
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.changing_roster import COUNTRIES, ChangingRoster
from verifier.evidence_making import EvidenceMaker
from verifier.hand_over_file import MOST_HAND_OVERS, HandOverFile
from verifier.question import Question
from verifier.registry_facts import RegistryFacts
from verifier.signed_report.checking import CheckedReport, check_report
from verifier.signed_report.file import ReportFile
from verifier.signed_report.making import ReportMaker
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots


@dataclass
class Reported:
    """Roots of before all members changed their keys, and what a node that knows the chain makes after."""

    changing: ChangingRoster
    old: TrustRoots

    @property
    def subject(self) -> Subject:
        return Subject.presented(self.changing.document.serialize())

    def report(self, trusted_block: int | None = None) -> ReportFile:
        consortium = self.changing.case.consortium
        facts = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality)
        reads = EvidenceMaker(
            self.changing.case, consortium.chain, consortium.network, self.changing.newest, facts.finality, "cn.customs"
        )
        signer = consortium.service_key("cn.customs", Purpose.ANSWERS)
        maker = ReportMaker(reads, signer, "portseal test", clock=consortium.clock)
        file = maker.make(self.subject, Question(), trusted_block=trusted_block)
        read = ReportFile.read(file.encode())
        assert read == file
        return read

    def check(self, file: ReportFile, roots: TrustRoots | None = None) -> CheckedReport:
        return check_report(file, roots or self.old, self.subject)

    def refused(self, file: ReportFile) -> str:
        with pytest.raises(PortsealError) as caught:
            self.check(file)
        return caught.value.code

    def with_hand_overs(self, file: ReportFile, change: Callable[[list[Any]], list[Any]]) -> ReportFile:
        """What is not signed, and anybody can replace."""
        return replace(file, proof=replace(file.proof, hand_overs=tuple(change(list(file.proof.hand_overs)))))

    def hand_overs(self) -> HandOverFile:
        return self.changing.maker.up_to_now(self.old.block)


@pytest.fixture(scope="module")
def reported(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reported]:
    with consortium_template.copy(tmp_path_factory.mktemp("reported")) as copy:
        changing = ChangingRoster(Case(copy))
        old = changing.roots()
        changing.checkpoint()
        for country in COUNTRIES:
            changing.rotate(country)
            changing.checkpoint()
        yield Reported(changing, old)


def test_a_report_for_older_roots_holds_what_leads_there(reported: Reported) -> None:
    file = reported.report(reported.old.block)
    assert len(file.proof.hand_overs) >= 2
    checked = reported.check(file)
    assert checked.again
    assert checked.differences == ()
    assert checked.again.authentic == "VALID"
    assert reported.check(file, reported.changing.roots()).differences == ()


def test_without_them_nothing_is_told(reported: Reported) -> None:
    file = reported.report()
    assert file.proof.hand_overs == ()
    assert reported.refused(file) == "finality.hand-over"
    assert reported.check(file, reported.changing.roots()).differences == ()


CHANGES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "none": lambda held: [],
    "the first is missing": lambda held: held[1:],
    "the last is missing": lambda held: held[:-1],
    "the other way round": lambda held: held[::-1],
    "too few signatures": lambda held: [{**one, "cosignatures": one["cosignatures"][:2]} for one in held],
    "one signature four times": lambda held: [{**one, "cosignatures": one["cosignatures"][:1] * 4} for one in held],
    "another state": lambda held: [{**one, "claims": one["claims"] | {"state_root": "0x" + "ab" * 32}} for one in held],
    "headers": lambda held: [b"header"] * len(held),
    "nothing in them": lambda held: [{}] * len(held),
}


@pytest.mark.parametrize("name", CHANGES)
def test_others_than_those_that_were_signed_lead_nowhere(reported: Reported, name: str) -> None:
    file = reported.report(reported.old.block)
    assert reported.refused(reported.with_hand_overs(file, CHANGES[name])) == "finality.hand-over"
    beside = reported.with_hand_overs(file, lambda held: [*CHANGES[name](held)[:1], *held])
    assert reported.check(beside).differences == ()


def test_without_the_nodes_that_prove_the_members(reported: Reported) -> None:
    file = reported.report(reported.old.block)
    bare = replace(file, proof=replace(file.proof, nodes=reported.report().proof.nodes))
    assert reported.refused(bare) == "finality.hand-over"


def test_more_than_there_is_room_for(reported: Reported) -> None:
    file = reported.report(reported.old.block)
    most = reported.with_hand_overs(file, lambda held: [{}] * (MOST_HAND_OVERS - len(held)) + held)
    assert reported.check(ReportFile.read(most.encode())).differences == ()
    for many in ([{}] * (MOST_HAND_OVERS + 1), [b"x" * 65_537]):
        wrong = reported.with_hand_overs(file, lambda _, many=many: many)  # type: ignore[misc]
        with pytest.raises(Invalid, match=r"report\.proof"):
            ReportFile.read(wrong.encode())


def test_a_block_that_nobody_knows(reported: Reported) -> None:
    with pytest.raises(Refused, match=r"block\.unknown"):
        reported.report(10**6)


def test_the_command_takes_them_from_a_file(
    reported: Reported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Years later, with the report as it was made then, and hand-overs from whoever still has them."""
    files = {name: tmp_path / name for name in ("report", "bill", "trust", "hand-overs", "others", "evidence")}
    files["report"].write_bytes(reported.report().encode())
    files["bill"].write_text(reported.changing.document.serialize())
    files["trust"].write_text(json.dumps(reported.old.to_json()))
    files["hand-overs"].write_bytes(reported.hand_overs().encode())
    files["others"].write_bytes(replace(reported.hand_overs(), chain_id=1).encode())
    files["evidence"].write_bytes(reported.changing.file(reported.old.block).encode())
    check = ["report", "check", str(files["report"]), str(files["bill"]), "--trust", str(files["trust"])]
    assert run(check) == 2
    assert "finality.hand-over" in capsys.readouterr().err
    assert run([*check, "--hand-overs", str(files["others"])]) == 2
    assert run([*check, "--hand-overs", str(files["bill"])]) == 2
    assert run([*check, "--hand-overs", str(files["hand-overs"])]) == 0
    assert "the same in every finding" in capsys.readouterr().out
    assert run([*check, "--evidence", str(files["evidence"])]) == 0

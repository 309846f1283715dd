"""What must be true of a journey, on whatever servers: each module of a chain takes these tests over."""

from typing import Any

from api.demonstration.cases import Case
from tests.flows.grounds import Ground
from tests.flows.journey import EARLY, Journey, Verdicts
from tests.tables import Table

TITLE = "register -> final -> open -> verify -> revoke -> verify, with servers stopped and started in between"
CASES = 11


class JourneyTests:
    """Takes the fixtures `ground` and `journey` of the module."""

    def test_accepted_documents_waited_for_the_servers(self, journey: Journey, ground: Ground) -> None:
        if ground.rpc or journey.store == "Kubo":
            assert set(journey.held) == set(journey.digests)
            assert set(journey.held.values()) <= set(EARLY)

    def test_what_was_away_was_named(self, journey: Journey, ground: Ground) -> None:
        away = {name for name, state in journey.parts.items() if state.startswith("unavailable: ")}
        assert away == ({"chain"} if ground.rpc else set()) | ({"store"} if journey.parts and kubo(journey) else set())
        if ground.rpc:
            log = journey.node.log()
            assert "cannot be reached" in log
            assert "What to do: check that the node runs" in log
            assert "goes on by itself" in log

    def test_without_a_chain_it_is_told_how_far_documents_came(self, journey: Journey, ground: Ground) -> None:
        assert set(journey.shown) == (set(journey.digests) if ground.rpc else set())
        for name, document in journey.shown.items():
            assert document["state"] == journey.held[name]
            assert document["status"]["now"] == "unknown"
            assert document["status"]["reason"].startswith("chain.")

    def test_without_a_chain_nothing_is_said_of_a_document(self, journey: Journey, ground: Ground) -> None:
        assert len(journey.away) == (CASES if ground.rpc else 0)
        for case, verdict in journey.away:
            assert verdict["authentic"] == "INDETERMINATE" or case.authentic == "INVALID", case.title
            assert verdict["authentic"] != "VALID", case.title
            assert verdict["usable"] in ("UNKNOWN", "PENDING"), case.title

    def test_all_became_final(self, journey: Journey, ground: Ground) -> None:
        assert {one["state"] for one in journey.documents.values()} == {"final"}
        assert {one["finality"]["form"] for one in journey.documents.values()} == {ground.finality.name}

    def test_the_reader_opened_what_was_registered(self, journey: Journey) -> None:
        assert journey.opened == journey.registered.bill
        assert journey.opened_again == journey.registered.certificate

    def test_every_verdict_was_right(self, journey: Journey, ground: Ground, table: Table) -> None:
        rows = {"verdicts": journey.verdicts, "after_servers": journey.after, "after_node": journey.again}
        faults = {name: wrong(verdicts) for name, verdicts in rows.items()}
        right = {name: f"{CASES - len(found)} of {CASES}" for name, found in faults.items()}
        unknown = sum(verdict["authentic"] == "INDETERMINATE" for _, verdict in journey.under_way)
        meanwhile = f"{len(journey.under_way)}, {unknown} of them indeterminate, {len(untrue(journey))} untrue"
        seconds = f"{journey.seconds:.0f}"
        table(TITLE, chain=ground.name, store=journey.store, s=seconds, **right, verdicts_meanwhile=meanwhile)
        assert {len(verdicts) for verdicts in rows.values()} == {CASES}
        assert faults == {name: [] for name in rows}

    def test_kubo_is_not_in_the_path_of_a_verdict(self, journey: Journey) -> None:
        assert len(journey.without_kubo) == (CASES if kubo(journey) else 0)
        assert wrong(journey.without_kubo) == []

    def test_while_servers_came_and_went_no_verdict_was_untrue(self, journey: Journey, ground: Ground) -> None:
        assert len(journey.under_way) > CASES
        assert untrue(journey) == []
        genuine = {verdict["authentic"] for case, verdict in journey.under_way if case.authentic == "VALID"}
        assert genuine == ({"VALID", "INDETERMINATE"} if ground.rpc else {"VALID"})

    def test_our_node_ended_well_and_broke_nowhere(self, journey: Journey) -> None:
        assert journey.exit_codes == [0, 0, 0]
        assert "Traceback" not in journey.node.log()
        assert "step broke" not in journey.node.log()


def kubo(journey: Journey) -> bool:
    return journey.store == "Kubo"


def axes(verdict: dict[str, Any]) -> tuple[str, str]:
    return verdict["authentic"], verdict["usable"]


def codes(verdict: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in verdict["findings"]}


def wrong(verdicts: Verdicts) -> list[str]:
    """The verdicts that are not what they must be, in words."""
    return [
        f"{case.title}: {axes(verdict)}, {codes(verdict)}"
        for case, verdict in verdicts
        if axes(verdict) != (case.authentic, case.usable) or case.code not in codes(verdict)
    ]


def untrue(journey: Journey) -> list[str]:
    """What was said while servers came and went, and is neither what it must be nor that it is not known."""
    return [
        f"{case.title}: {axes(verdict)}, {codes(verdict)}"
        for case, verdict in journey.under_way
        if axes(verdict) not in ((case.authentic, case.usable), (case.authentic, "UNKNOWN"), *unknown(case))
    ]


def unknown(case: Case) -> tuple[tuple[str, str], ...]:
    """What may be said of a case by who cannot look it up; PENDING for what is registered nowhere, as forgeries are."""
    pending = (("INDETERMINATE", "PENDING"),) if case.authentic == "INVALID" else ()
    return (("INDETERMINATE", "UNKNOWN"), *pending)

"""Random histories of members, votes, recognitions, operators, issuers and keys, on the contracts and on plain models.

PORTSEAL_LONG=1 runs 10,000 steps at least, and 5,000 of votes.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ledger.operator import OperatorState
from ledger.recognition import RecognitionState
from tests.consortium import Consortium
from tests.ledger.history_governance import GovernanceHistory
from tests.ledger.history_keys import KeyRules
from tests.ledger.history_operators import OperatorRules
from tests.ledger.history_recognitions import RecognitionRules
from tests.ledger.registry_world import Blocks, World

LONG = os.environ.get("PORTSEAL_LONG") == "1"
STEPS = 200 if LONG else 50
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]

pytestmark = pytest.mark.timeout(7200 if LONG else 900)


class Histories(RecognitionRules, OperatorRules, KeyRules):
    """All of it at once: a country that leaves takes its recognitions, operators and issuers with it."""


def test_the_contracts_answer_as_the_model_does(consortium: Consortium) -> None:
    world = Histories.world = World(consortium)
    run(Histories, world, least=10_000 if LONG else 200)
    states = {f"recognition {one.name}" for one in RecognitionState} | {f"operator {one.name}" for one in OperatorState}
    if LONG:
        assert world.answers.keys() == states | {"issuer True", "issuer False"}


def test_votes_count_as_the_model_counts_them(consortium_template: Consortium, tmp_path: Path) -> None:
    with consortium_template.copy(tmp_path) as consortium:
        world = GovernanceHistory.world = Blocks(consortium)
        run(GovernanceHistory, world, least=5_000 if LONG else 200)
        assert world.answers.keys() >= {"executed", "not executed", "in office True", "in office False"}


def run(machine: type[RuleBasedStateMachine], world: Blocks, *, least: int) -> None:
    """Run the histories; `least` steps at least, of which neither nearly all nor hardly any are refused."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=least * 5 // (4 * STEPS),  # some end early
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=QUIET,
            phases=[Phase.generate, Phase.shrink],
        ),
    )
    print(f"{world.histories} histories, {world.rules} steps, {world.outcomes} of the calls, {world.answers}")
    assert world.rules >= least
    assert min(world.outcomes.values()) > world.outcomes.total() / 10, "histories in which most is refused, or nothing"

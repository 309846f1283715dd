"""Random histories of members, recognitions, operators and accreditations, on the contracts and on a plain model.

PORTSEAL_LONG=1 runs 10,000 steps at least.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from ledger.operator import OperatorState
from ledger.recognition import RecognitionState
from tests.consortium import Consortium
from tests.ledger.history_accreditations import AccreditationRules
from tests.ledger.history_operators import OperatorRules
from tests.ledger.history_recognitions import RecognitionRules
from tests.ledger.registry_world import World

LONG = os.environ.get("PORTSEAL_LONG") == "1"
HISTORIES, STEPS = (64, 200) if LONG else (8, 60)


class Histories(RecognitionRules, OperatorRules, AccreditationRules):
    """All of it at once: a country that leaves takes its recognitions, operators and issuers with it."""


def test_the_contracts_answer_as_the_model_does(consortium: Consortium) -> None:
    Histories.world = World(consortium)
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=quiet,
            phases=[Phase.generate, Phase.shrink],
        ),
    )
    world = Histories.world
    print(f"{world.histories} histories, {world.rules} steps, {world.outcomes} of the calls, {world.answers}")
    assert world.rules >= (10_000 if LONG else 200)
    states = {f"recognition {one.name}" for one in RecognitionState} | {f"operator {one.name}" for one in OperatorState}
    assert min(world.outcomes.values()) > world.outcomes.total() / 10, "histories in which most is refused, or nothing"
    if LONG:
        assert world.answers.keys() == states | {"issuer True", "issuer False"}

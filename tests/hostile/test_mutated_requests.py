"""Thousands of requests made wrong: none ends in a 5xx, each error is a problem, and what is refused leaves nothing."""

import json
import logging
from random import Random

import pytest

from api.problems import MEDIA_TYPE
from tests.hostile.amount import amount
from tests.hostile.mutated_requests import mutated
from tests.hostile.seeds import seeds
from tests.hostile.target import Hasty, Target
from tests.hostile.wire import RawAnswer, RawRequest, exchange
from tests.tables import Tally

pytestmark = [pytest.mark.slow]
CONNECTION = Hasty
ROUNDS = amount(70, 700)
REQUESTS = 100
TITLE = "Mutated requests: what was done, and what was answered"


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_mutated_request_gets_an_answer_or_a_problem(
    target: Target, seed: int, caplog: pytest.LogCaptureFixture, tally: Tally
) -> None:
    good, stored = seeds(target), target.documents()
    for number in range(REQUESTS):
        random = Random(f"{seed}/{number}")
        request = mutated(random.choice(good), random)
        answer = exchange(target.address, request)
        said = f"request {seed}/{number} ({request.mutation}): {request.encode()[:600]!r} -> {answer}"
        check(request, answer, said)
        stored += newly_accepted(answer)
        if number % 10 == 9:
            assert target.documents() == stored, f"not what was accepted is stored after {said} or one of 9 before"
        tally(TITLE, request.mutation, str(answer.status) if answer else "ended")
    target.check_alive()
    assert not exceptions(caplog), "an exception got out"


def exceptions(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what got out of the application; broken chunks can upset the server itself, which ends the connection."""
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    return [record.getMessage() for record in errors if record.name == "uvicorn.error"]


def check(request: RawRequest, answer: RawAnswer | None, said: str) -> None:
    """Raise unless this is how a request may end; what is no HTTP is answered below the application, or not at all."""
    if answer is None:
        assert request.framing, f"no answer to {said}"
        return
    assert answer.status < 500, said
    if answer.status < 400 or request.method == b"HEAD":
        return
    if answer.media_type != MEDIA_TYPE:
        assert is_no_http(answer), f"not a problem: {said}"
        return
    problem = json.loads(answer.body)
    assert problem["status"] == answer.status, said
    assert all(isinstance(problem[name], str) and problem[name] for name in ("type", "title", "detail")), said


def is_no_http(answer: RawAnswer) -> bool:
    """Tell whether this is how the HTTP server itself refuses what does not hold to RFC 9112."""
    return answer.status == 400 and answer.body == b"Invalid HTTP request received."


def newly_accepted(answer: RawAnswer | None) -> int:
    """Return how many documents the answer says were new, and accepted."""
    if answer is None or answer.status != 202:
        return 0
    lines = [json.loads(line) for line in answer.body.splitlines()]
    return sum(not line["repeated"] for line in lines if "digest" in line)

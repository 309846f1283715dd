"""Stopping a node: what fails holds up nothing that comes after it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.node import Node


def test_every_step_is_made_in_order_and_the_failure_told() -> None:
    made: list[int] = []

    def step(number: int, fails: bool = False) -> Any:
        def make() -> None:
            made.append(number)
            if fails:
                raise RuntimeError(number)

        return make

    closing = [step(1), step(2, fails=True), step(3)]
    with pytest.raises(RuntimeError, match="2"):
        Node.close(cast(Node, SimpleNamespace(closing=closing)))
    assert made == [1, 2, 3]

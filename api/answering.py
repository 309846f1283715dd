"""Answers of this node, signed; each is made once for each block and question, and kept while it is asked for."""

import json
from collections.abc import Callable, Hashable
from typing import Any

from fastapi import Response

from api.answer_signature import signed
from api.as_of import AsOf
from api.node import Node
from verifier.fact_cache import FactCache

KEPT = 256
"""Answers kept: the matrix of 15 countries has some 90 kB."""


class Answers:
    """Signs for the authority that runs the node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._kept = FactCache(KEPT)

    def give(self, question: Hashable, moment: AsOf, make: Callable[[], dict[str, Any]]) -> Response:
        """Return the answer to a question as of a moment; `make` makes it, unsigned and without `as_of`."""
        place = (question, moment.block.hash, moment.time, moment.known_at)
        return _response(self._kept.get(place, lambda: self._body(moment, make())))

    def give_unkept(self, moment: AsOf, answer: dict[str, Any]) -> Response:
        """Return an answer that is too long to be kept: one with proofs."""
        return _response(self._body(moment, answer))

    def _body(self, moment: AsOf, answer: dict[str, Any]) -> bytes:
        whole = signed(self._node, {**answer, "as_of": moment.json()})
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _response(body: bytes) -> Response:
    return Response(body, media_type="application/json")

"""Several nodes of one chain, asked one by one: what moves state counts only when two of them say it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from ledger.chain import Chain
from ledger.errors import PortsealError, Unavailable

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Witnesses:
    """The nodes of a network file, each as a chain of its own. One node alone is believed.

    A node that does not answer, or that two others contradict, is asked last from then on; `leave` is told its place,
    so that reads turn to another one too (NodeChoice). One that did not answer is waited for only when it is needed.
    """

    def __init__(self, nodes: Sequence[Chain], leave: Callable[[int], None] | None = None) -> None:
        self._nodes = nodes
        self._order = list(range(len(nodes)))
        self._needed = min(2, len(nodes))
        self._away: set[int] = set()
        self._leave = leave or (lambda place: None)

    def agreed(self, ask: Callable[[Chain], T | None]) -> T | None:
        """Return the answer that two nodes give; None (a node that does not know it yet) is no answer.

        So None means: not known well enough so far. Raises Unavailable `chain.disagreement` with the answers if they
        differ and no two are the same, and what a node raised if that leaves too few.
        """
        answers: list[tuple[int, T]] = []
        faults: list[PortsealError] = []
        silent = 0
        for place in tuple(self._order):
            is_settled = len(answers) + silent >= self._needed and not _differ(answers)
            if place in self._away and is_settled:
                continue
            try:
                answer = self._ask(place, ask)
            except PortsealError as fault:
                faults.append(fault)
                continue
            if answer is None:
                silent += 1
                continue
            answers.append((place, answer))
            if sum(one == answer for _, one in answers) >= self._needed:
                self._pass_over([place for place, one in answers if one != answer])
                return answer
        if _differ(answers):
            raise _disagreement([str(answer) for _, answer in answers])
        if faults and (answers or len(faults) == len(self._nodes)):
            raise faults[0]
        return None

    def nonce(self, address: str) -> int:
        """Return the highest nonce of the account that two nodes say is reached; of those that answer, if one does.

        Raises Unavailable `chain.*` if none answers.
        """
        nonces: list[int] = []
        faults: list[PortsealError] = []
        for place in tuple(self._order):
            if place in self._away and len(nonces) >= self._needed:
                continue
            try:
                nonces.append(self._ask(place, lambda chain: chain.nonce(address)))
            except PortsealError as fault:
                faults.append(fault)
        if not nonces:
            raise faults[0]
        return sorted(nonces, reverse=True)[min(self._needed, len(nonces)) - 1]

    def send(self, raw: bytes) -> bytes:
        """Send a signed transaction through two nodes, so that none keeps it for itself; return its hash.

        One that takes it is enough. Raises what the first one raised if none does.
        """
        faults: list[PortsealError] = []
        taken: list[bytes] = []
        for place in tuple(self._order):
            try:
                taken.append(self._nodes[place].send(raw))
            except PortsealError as fault:
                faults.append(fault)
            if len(taken) == self._needed:
                break
        if not taken:
            raise faults[0]
        return taken[0]

    def _ask(self, place: int, ask: Callable[[Chain], T]) -> T:
        try:
            answer = ask(self._nodes[place])
        except PortsealError:
            self._away.add(place)
            self._ask_last(place)
            raise
        self._away.discard(place)
        return answer

    def _pass_over(self, places: Sequence[int]) -> None:
        for place in places:
            _log.warning("node contradicted", node=place)
            self._ask_last(place)

    def _ask_last(self, place: int) -> None:
        self._order = [one for one in self._order if one != place] + [place]
        self._leave(place)


def _differ(answers: Sequence[tuple[int, T]]) -> bool:
    return any(one != answers[0][1] for _, one in answers)


def _disagreement(answers: Sequence[str]) -> Unavailable:
    detail = "the nodes do not say the same: " + "; ".join(answer[:200] for answer in answers)
    return Unavailable("chain.disagreement", detail, mend="find out which node is wrong; nothing counts until then")

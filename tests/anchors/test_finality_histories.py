"""Any history of a Clique chain, its node's faults and restarts: what is kept holds, and nothing waits for ever."""

import tempfile
from contextlib import suppress
from pathlib import Path

from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from anchors.clique_finality import CliqueFinality
from anchors.database import Database
from anchors.database.models import Base, FinalityProofRow
from anchors.proof_content import LONGEST, headers_of
from ledger.block_header import BlockHeader
from ledger.errors import Invalid, Unavailable
from ledger.finality.clique import verify
from ledger.finality.form import Clique
from tests.anchors.headers_chain import HeadersNode, stated
from tests.anchors.mined_batch import add_mined_batch
from tests.ledger.sealed_headers import clique, clique_chain, sealers

MEMBERS = sealers(3)
FORM = Clique(tuple(one.address for one in MEMBERS))


class History:
    """A chain that grows, turns to other branches above what can be final, and whose node may lie for a moment."""

    def __init__(self, directory: Path) -> None:
        self.database = Database.at(directory / "portseal.db")
        Base.metadata.create_all(self.database.engine)
        self.turns = [1, 2, 0]
        self.headers = clique_chain([MEMBERS[turn] for turn in self.turns], MEMBERS)
        self.blocks = [stated(header) for header in self.headers]
        self.node = HeadersNode(self.blocks)
        self.restart()
        self.awaited: set[int] = set()
        self.checked: set[int] = set()

    def restart(self) -> None:
        self.finality = CliqueFinality(self.database, self.node.chain, FORM)

    def grow(self, choices: list[int]) -> None:
        """Nobody signs twice in a row; of the two others, the one chosen."""
        for choice in choices:
            others = [one for one in range(3) if one != self.turns[-1]]
            self.turns.append(others[choice % 2])
            number, parent = len(self.headers) + 1, keccak(self.headers[-1])
            self.headers.append(clique(number, parent, MEMBERS[self.turns[-1]], MEMBERS))
            self.blocks.append(stated(self.headers[-1]))
        self._show()

    def turn_to_another_branch(self, choices: list[int]) -> None:
        """The last two blocks are replaced; three would be needed to undo what is final."""
        del self.headers[-2:], self.blocks[-2:], self.turns[-2:]
        self.grow([*choices, 1, 0])

    def wait_for(self, back: int) -> None:
        number = max(1, len(self.headers) - back)
        if number not in self.awaited:
            self.awaited.add(number)
            add_mined_batch(self.database, number)

    def lie(self, back: int) -> None:
        """One block's header is another one's for one round."""
        number = max(2, len(self.headers) - back)
        self.node.blocks[number] = self.blocks[number - 2]
        self.collect()
        self._show()

    def collect(self) -> None:
        with suppress(Invalid, Unavailable):
            self.finality.collect()

    def _show(self) -> None:
        self.node.blocks = dict(enumerate(self.blocks, 1))

    def check_what_is_kept(self) -> None:
        with self.database.read() as session:
            rows = [row for row in session.scalars(select(FinalityProofRow)) if row.number not in self.checked]
        for row in rows:
            self.checked.add(row.number)
            proof = self.finality.proof_for(row.number)
            assert proof
            found = verify(headers_of(proof.content), FORM.signers)
            assert (found.number, found.block_hash, found.time) == (row.number, row.block_hash, row.time)
            assert found.block_hash == keccak(self.headers[row.number - 1]), "of a branch that the chain has left"


CHOICES = st.lists(st.integers(0, 1), min_size=1, max_size=12)
STEPS = st.one_of(
    st.tuples(st.just("grow"), CHOICES),
    st.tuples(st.just("grow"), st.integers(10, 2 * LONGEST).map(lambda count: [0] * count)),
    st.tuples(st.just("turn_to_another_branch"), CHOICES),
    st.tuples(st.just("wait_for"), st.integers(0, 8)),
    st.tuples(st.just("lie"), st.integers(0, 12)),
    st.tuples(st.just("restart")),
)


@settings(max_examples=30)
@given(st.lists(STEPS, max_size=15))
def test_any_history(steps: list[tuple[str, int] | tuple[str, list[int]] | tuple[str]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        history = History(Path(directory))
        for name, *arguments in steps:
            getattr(history, name)(*arguments)
            history.collect()
            history.check_what_is_kept()
        # All three sign again, for longer than a proof may wait.
        for _ in range(LONGEST + 10):
            history.grow([1 if history.turns[-1] == 1 else 0])
        assert history.finality.collect() >= 0
        history.checked.clear()
        history.check_what_is_kept()
        for number in history.awaited:
            proof = history.finality.proof_for(number)
            assert proof, f"the block {number} waits for ever"
            assert BlockHeader.from_rlp(headers_of(proof.content)[0]).number == proof.number >= number
        history.database.close()

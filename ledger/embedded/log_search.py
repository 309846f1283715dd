"""Finding logs by the rarest of what is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.embedded.index import ADDRESS, WORD, term
from ledger.embedded.rpc_error import LIMIT, RpcError
from ledger.embedded.view import LogRow, View

MOST_LOGS = 50_000
MOST_CANDIDATES = 200_000  # logs that are read at most to find them
MOST_TERMS = 256  # alternatives in one place that the index is still asked for
PROBE = 2_000  # entries that are counted at most to find out which condition is the rarest

# CROSS JOIN: SQLite keeps the order, and so starts from the terms.
FIND = """
SELECT logs.* FROM log_terms CROSS JOIN logs ON logs.block = log_terms.block AND logs.log = log_terms.log
WHERE term IN ({terms}) AND log_terms.block BETWEEN ? AND ? ORDER BY logs.block, logs.log LIMIT ?
"""
ALL = "SELECT * FROM logs WHERE block BETWEEN ? AND ? ORDER BY block, log LIMIT ?"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM log_terms WHERE term IN ({terms}) AND block BETWEEN ? AND ? LIMIT ?)"


@dataclass(frozen=True)
class LogFilter:
    """Blocks `first` to `last`, both included; None for addresses or a topic means any."""

    first: int
    last: int
    addresses: frozenset[bytes] | None
    topics: tuple[frozenset[bytes] | None, ...]

    def matches(self, log: LogRow) -> bool:
        """Tell whether `log` has one of the addresses and, in every place, one of the topics."""
        if self.addresses is not None and log.address not in self.addresses:
            return False
        return len(log.topics) >= len(self.topics) * WORD and all(
            wanted is None or log.topics[place * WORD : (place + 1) * WORD] in wanted
            for place, wanted in enumerate(self.topics)
        )

    def conditions(self) -> Iterator[list[int]]:
        """Yield, per place that is not free, the terms that may stand there."""
        for place, wanted in enumerate((self.addresses, *self.topics), ADDRESS):
            if wanted is not None and len(wanted) <= MOST_TERMS:
                yield [term(place, value) for value in wanted]


def search(view: View, wanted: LogFilter) -> list[LogRow]:
    """Return the logs that match, oldest first; RpcError -32005 if there are more than 50,000."""
    found = []
    for log in _candidates(view, wanted):
        if wanted.matches(log):
            found.append(log)
        if len(found) > MOST_LOGS:
            raise RpcError(LIMIT, f"query returned more than {MOST_LOGS} results")
    return found


def _candidates(view: View, wanted: LogFilter) -> Iterator[LogRow]:
    blocks = (wanted.first, wanted.last)
    conditions = list(wanted.conditions())
    if not conditions:
        return _read(view, ALL, blocks)
    rarest = min(conditions, key=lambda terms: _count(view, terms, blocks))
    return _read(view, FIND.format(terms=_marks(rarest)), (*rarest, *blocks))


def _read(view: View, query: str, parameters: tuple[int, ...]) -> Iterator[LogRow]:
    rows = view.database.rows(query, (*parameters, MOST_CANDIDATES + 1))
    if len(rows) > MOST_CANDIDATES:
        raise RpcError(LIMIT, f"query looks at more than {MOST_CANDIDATES} logs: ask for fewer blocks")
    return (LogRow(*row) for row in rows)


def _count(view: View, terms: list[int], blocks: tuple[int, int]) -> int:
    query = COUNT.format(terms=_marks(terms))
    ((count,),) = view.database.rows(query, (*terms, *blocks, PROBE))
    return int(count)


def _marks(terms: list[int]) -> str:
    return ", ".join("?" * len(terms))

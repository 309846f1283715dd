"""docs/adversaries.md, written from the corpus: `python -m tests.corpus.page > docs/adversaries.md`."""

import sys
from collections.abc import Iterable, Iterator

from tests.corpus.kind import EVIDENCE, Kind
from tests.corpus.kinds import NOUNS, ON_CHAIN
from verifier.axes import Authentic

HEAD = """# Adversaries

What the verifier is tried against: {count} kinds of forgery and fault, {forged} of them forgeries. Generated from
`tests/corpus/` by `python -m tests.corpus.page`; a test compares. How a verdict comes about: [verdict.md](verdict.md).

Each kind makes instances from a seed, all of one kind on one ground: issuers are entered, documents signed and anchored
in one batch, then things happen. Each instance is judged in every mode of its kind:

| mode | who is believed |
|---|---|
| online | the node: its archive and the facts of its chain |
| proved | a node's storage proofs only, under a block that pinned members cosigned |
| evidence | an evidence file and trust roots only; a forger puts what is forged into a genuine document's file |
| edge | an edge pack carried along, and such a file for the anchor; on the embedded chain, for kinds of all modes |
| payload | the sealed payload as a store gave it: opened by its reader, its attachments compared with what was signed |

The truth of an instance is known beforehand. A forgery must never be `VALID`, a genuine document never `INVALID`,
whatever is at fault; besides, what is said must be one of the verdicts below, with one of the findings of the kind.
Where two stand in the column, it depends on the mode: what a file or a node does not hold leaves more unknown.

```
.venv/bin/python -m pytest tests/corpus                    # a seeded sample; prints what was said of each kind
PORTSEAL_LONG=1 .venv/bin/python -m pytest tests/corpus    # a thousand of each kind in each mode
```

`tests/corpus/test_corpus_on_chain.py` runs a share on the embedded chain: real contracts, transactions and proofs. Over
HTTP, against a running node: `tests/hostile/`. Orders of the events of rule 3: `tests/verifier/test_every_order.py`.
"""


def page() -> str:
    """Return the page."""
    nouns = {**NOUNS, **ON_CHAIN}
    every = [kind for kinds in nouns.values() for kind in kinds]
    forged = sum(not kind.genuine for kind in every)
    sections = [HEAD.format(count=len(every), forged=forged), *(_section(*one) for one in nouns.items())]
    return "\n".join(sections)


def _section(noun: str, kinds: Iterable[Kind]) -> str:
    head = f"\n## {noun}\n\n| kind | the document is | said | in |\n|---|---|---|---|"
    return "\n".join([head, *_rows(kinds), ""])


def _rows(kinds: Iterable[Kind]) -> Iterator[str]:
    for kind in kinds:
        truth = "genuine" if kind.genuine else "forged"
        said = kind.authentic | (kind.evidence or frozenset() if EVIDENCE in kind.modes else frozenset())
        verdicts = ", ".join(f"`{one.value}`" for one in Authentic if one in said)
        yield f"| {kind.name} | {truth} | {verdicts} | {', '.join(kind.modes)} |"


if __name__ == "__main__":
    sys.stdout.write(page())

"""docs/adversaries.md, written from the corpus: `python -m tests.corpus.page > docs/adversaries.md`."""

import sys
from collections.abc import Iterable, Sequence

from tests.corpus.judges import JUDGES
from tests.corpus.kind import LONG, Kind
from tests.corpus.kinds import NOUNS
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
| edge | an edge pack carried along ([edge-pack.md](edge-pack.md)), and such a file for the anchor |
| gate | a QR code by value ([gate.md](gate.md)) and the edge pack alone |
| payload | the sealed payload as a store gave it: opened by its reader, its attachments compared with what was signed |

The truth of an instance is known beforehand. A forgery must never be `VALID`, a genuine document never `INVALID`,
whatever is at fault; besides, what is said must be one of the verdicts below, with one of the findings of the kind.
Where two stand in a column, it depends on the instance. Not counted is what nobody can know: that a key had been
compromised before the anchor, where that was entered only after the file or the pack was made.

```
.venv/bin/python -m pytest tests/corpus                    # a seeded sample; prints what was said of each kind
PORTSEAL_LONG=1 .venv/bin/python -m pytest tests/corpus    # {long:,} of each kind in each mode
```

Packs are made by the product's own maker, from the changes that the registries would have hashed, and opened as a
device opens them. `tests/corpus/test_corpus_on_chain.py` runs a share on the embedded chain: real contracts,
transactions and proofs. Over HTTP, against a running node: `tests/hostile/`. Orders of the events of rule 3:
`tests/verifier/test_every_order.py`.
"""


def page() -> str:
    """Return the page."""
    every = [kind for kinds in NOUNS.values() for kind in kinds]
    forged = sum(not kind.genuine for kind in every)
    sections = [HEAD.format(count=len(every), forged=forged, long=LONG), *(_section(*one) for one in NOUNS.items())]
    return "\n".join(sections)


def _section(noun: str, kinds: Sequence[Kind]) -> str:
    modes = [mode for mode in JUDGES if any(mode in kind.modes for kind in kinds)]
    columns = ["kind", "the document is", *modes]
    head = f"\n## {noun}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
    return "\n".join([head, *(_row(kind, modes) for kind in kinds), ""])


def _row(kind: Kind, modes: Iterable[str]) -> str:
    truth = "genuine" if kind.genuine else "forged"
    return f"| {' | '.join([kind.name, truth, *(_said(kind, mode) for mode in modes)])} |"


def _said(kind: Kind, mode: str) -> str:
    said = kind.allowed(mode) if mode in kind.modes else ()
    return ", ".join(f"`{one.value}`" for one in Authentic if one in said) or "-"


if __name__ == "__main__":
    sys.stdout.write(page())

"""One condition of a rule: a fact, an operator, and what is wanted. It holds, does not, or cannot be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from verifier.decision.fact import Facts, Words
from verifier.decision.vocabulary import VOCABULARY, Type


class Operator(StrEnum):
    """IS, AT_LEAST, AT_MOST for counts, IS for flags; the others for words. ONLY: some, and none but these."""

    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    ONLY = "only"


OPERATORS: Mapping[Type, tuple[Operator, ...]] = MappingProxyType(
    {
        Type.COUNT: (Operator.IS, Operator.AT_LEAST, Operator.AT_MOST),
        Type.FLAG: (Operator.IS,),
        Type.WORDS: (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF, Operator.ONLY),
    }
)
_WORDING = {
    Operator.IS: ("为", "is"),
    Operator.AT_LEAST: ("至少为", "at least"),
    Operator.AT_MOST: ("至多为", "at most"),
    Operator.ANY_OF: ("包含其中之一", "any of"),
    Operator.ALL_OF: ("全部包含", "all of"),
    Operator.NONE_OF: ("均不包含", "none of"),
    Operator.ONLY: ("仅限于", "only"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """`wanted`: a number, a flag, or words, as the operator asks for."""

    fact: str
    operator: Operator
    wanted: int | bool | frozenset[str]

    def holds(self, facts: Facts) -> bool | None:
        """Tell whether it holds; None if what is known does not decide it."""
        fact = facts.get(self.fact)
        if fact is None:
            return None
        if isinstance(fact, Words):
            wanted = self.wanted if isinstance(self.wanted, frozenset) else frozenset()
            return _of_words(self.operator, fact, wanted)
        wanted_number = int(self.wanted) if isinstance(self.wanted, int) else 0
        return {
            Operator.AT_LEAST: fact >= wanted_number,
            Operator.AT_MOST: fact <= wanted_number,
        }.get(self.operator, fact == wanted_number)

    def sentence(self) -> dict[str, str]:
        """Return what it asks, by language."""
        term, (chinese, english) = VOCABULARY[self.fact], _WORDING[self.operator]
        wanted = self.wanted
        text = ", ".join(sorted(wanted)) if isinstance(wanted, frozenset) else str(wanted).lower()
        return {"zh": f"{term.zh}{chinese} {text}", "en": f"{term.en}: {english} {text}"}


def _of_words(operator: Operator, fact: Words, wanted: frozenset[str]) -> bool | None:
    """Decide as soon as what is known decides, whatever else there may be."""
    undecided = None if not fact.complete else False
    match operator:
        case Operator.ANY_OF:
            return True if fact.values & wanted else undecided
        case Operator.ALL_OF:
            return True if wanted <= fact.values else undecided
        case Operator.NONE_OF:
            return False if fact.values & wanted else (None if not fact.complete else True)
        case _:
            return False if fact.values - wanted else (None if not fact.complete else bool(fact.values))

"""The facts of RCEP's members entered into the registries: arrangements, recognitions both ways, operators."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from api.demonstration.operators import aliases, operators
from api.demonstration.plan import customs
from api.demonstration.rcep import AAMRA, PROGRAMME, Pair, pairs_in_effect, signatories
from ledger.account import Account
from ledger.authority import Role
from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys
from ledger.operator_registry import OperatorRegistry
from ledger.recognition import Arrangement, Terms
from ledger.recognition_registry import RecognitionRegistry, offer_id
from ledger.registries import Registries
from ledger.transaction import Call, submit_all

_ASEAN_SPEAKER = "SG"
"""Who proposes ASEAN's arrangement here; any of those who signed it could."""

_AT_ONCE = 20
"""So many terms are offered or accepted in one transaction."""

Calls = Iterator[tuple[str, Call]]


def arrangement_of(pair: Pair) -> str:
    """Return the id of the arrangement under which a pair recognises each other."""
    if pair.arrangement == AAMRA:
        return f"{_ASEAN_SPEAKER.lower()}.{AAMRA}"
    return f"{pair.a.lower()}.{pair.b.lower()}-mra"


def terms_of(pair: Pair) -> tuple[Terms, Terms]:
    """Return what the two agree on: each recognises the other from the same day on, whatever the role."""
    place, since = arrangement_of(pair), pair.effective_from
    return (
        Terms(place, pair.a, pair.b, effective_from=since),
        Terms(place, pair.b, pair.a, effective_from=since),
    )


def enter(chain: Chain, registries: Registries, keys: ConsortiumKeys) -> None:
    """Enter everything, each country by its customs: what is agreed is offered by one and accepted by the other.

    Each step builds on blocks of the step before, on any chain. Raises Refused `contract.*`, Unavailable `chain.*`.
    """
    registry = registries.recognition
    steps = (
        [*_proposals(registry), *_operator_calls(registries.operator)],
        [*_signatures(registry), *_offers(registry)],
        [*_acceptances(registry)],
    )
    for step in steps:
        submit_all(chain, [(_speaker(keys, country), call) for country, call in step])


def _speaker(keys: ConsortiumKeys, country: str) -> Account:
    return keys.accounts[customs(country), Role.ACT]


def _proposals(registry: RecognitionRegistry) -> Calls:
    for pair in _bilateral():
        place = Arrangement(arrangement_of(pair), PROGRAMME)
        yield pair.a, registry.propose_arrangement(place, [pair.b], pair.signed_at)
    first = _asean()[0]
    others = [country for country in signatories() if country != _ASEAN_SPEAKER]
    place = Arrangement(arrangement_of(first), PROGRAMME)
    yield _ASEAN_SPEAKER, registry.propose_arrangement(place, others, first.signed_at)


def _signatures(registry: RecognitionRegistry) -> Calls:
    for pair in _bilateral():
        yield pair.b, registry.accept_arrangement(arrangement_of(pair), pair.signed_at)
    first = _asean()[0]
    for country in signatories():
        if country != _ASEAN_SPEAKER:
            yield country, registry.accept_arrangement(arrangement_of(first), first.signed_at)


def _offers(registry: RecognitionRegistry) -> Calls:
    offered = _by_country((pair.a, terms_of(pair)) for pair in pairs_in_effect())
    for country, terms in offered.items():
        for group in _groups(terms):
            yield country, registry.offer(group)


def _acceptances(registry: RecognitionRegistry) -> Calls:
    accepted = _by_country((pair.b, terms_of(pair)) for pair in pairs_in_effect())
    for country, terms in accepted.items():
        for group in _groups(terms):
            yield country, registry.accept([offer_id(one) for one in group])


def _operator_calls(registry: OperatorRegistry) -> Calls:
    """Yield what each customs enters about its own operators: first they, then their aliases."""
    granted, named = defaultdict(list), defaultdict(list)
    for operator in operators():
        granted[operator.authority].append(operator.grant)
    for alias in aliases():
        named[alias.authority].append(alias.grant)
    for authority, grants in granted.items():
        yield authority[:2].upper(), registry.grant(grants)
        if named[authority]:
            yield authority[:2].upper(), registry.add_aliases(named[authority])


def _bilateral() -> list[Pair]:
    return [pair for pair in pairs_in_effect() if pair.arrangement != AAMRA]


def _asean() -> list[Pair]:
    return [pair for pair in pairs_in_effect() if pair.arrangement == AAMRA]


def _by_country(found: Iterable[tuple[str, Sequence[Terms]]]) -> Mapping[str, list[Terms]]:
    gathered: dict[str, list[Terms]] = defaultdict(list)
    for country, terms in found:
        gathered[country].extend(terms)
    return gathered


def _groups(terms: Sequence[Terms]) -> Iterator[Sequence[Terms]]:
    for start in range(0, len(terms), _AT_ONCE):
        yield terms[start : start + _AT_ONCE]

"""The node's feed of changes: the pages of all registries, with what their events leave out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anchors.finality import Finality
from api.change_json import About, Notice, notice
from api.moment import show
from ledger.block import Block
from ledger.chain import Chain
from ledger.feed_cursor import Cursor
from ledger.operator_codes import read_codes
from ledger.recognition import Terms
from ledger.registries import Registries
from ledger.registry_changes import RegistryChanges
from ledger.registry_feed import RegistryFeed, Told
from verifier.fact_cache import FactCache

_SPANS_KEPT = 32
_FACTS_KEPT = 5_000
_CODES_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class NoticePage:
    """As ledger.registry_feed.Page; `final`: the highest final block."""

    notices: tuple[Notice, ...]
    after: Cursor
    more: bool
    head: Block
    final: int


class ChangeFeed:
    """One for each node; thread-safe. What never changes is read once, and what a block holds mostly too.

    `since`: the first block that has any change, 1 or more.
    """

    def __init__(self, chain: Chain, registries: Registries, finality: Finality, since: int) -> None:
        self._registries, self._finality = registries, finality
        changes = RegistryChanges(chain, registries.contracts())
        self._feed = RegistryFeed(chain, changes, since, FactCache(_SPANS_KEPT).get)
        self._facts = FactCache(_FACTS_KEPT)
        self._codes: dict[bytes, str] = {}

    def final(self) -> int:
        """Return the number of the highest final block; 0 if there is none."""
        proof = self._finality.newest()
        return proof.number if proof else 0

    def newest(self) -> Cursor:
        """Return the cursor behind the newest block."""
        return self._feed.newest(self.final())

    def page(self, after: Cursor | None, limit: int) -> NoticePage:
        """Return at most `limit` changes after the cursor; None: from the first one. Raises as RegistryFeed.page."""
        final = self.final()
        page = self._feed.page(after, limit, final)
        codes = self._codes_of(page.changes)
        notices = tuple(notice(told, self._about(told, codes)) for told in page.changes)
        return NoticePage(notices, page.after, page.more, page.head, final)

    def _about(self, told: Told, codes: Mapping[bytes, str]) -> About:
        match told.change.kind.name:
            case "operator-registry.alias":
                return {"operator_code": codes[_digest(told, "operator")], **self._alias(told)}
            case "operator-registry.operator" | "operator-registry.suspension":
                return {"operator_code": codes[_digest(told, "operator")]}
            case "recognition-registry.offer" | "recognition-registry.recognition":
                return self._offer(told)
        return {}

    def _alias(self, told: Told) -> dict[str, object]:
        registry, name = self._registries.operator, _digest(told, "id")
        alias = self._facts.get(name, lambda: registry.alias(name))
        return {"alias_code": alias.code} if alias else {}

    def _offer(self, told: Told) -> dict[str, object]:
        registry, stated = self._registries.recognition, told.change.members()["offer"]
        if stated is None:
            return {}
        offer = _digest(told, "offer")
        terms = self._facts.get(offer, lambda: registry.offer_terms(offer))
        return _terms_json(terms) if terms else {}

    def _codes_of(self, changes: Sequence[Told]) -> Mapping[bytes, str]:
        kept, codes = self._codes, dict[bytes, str]()
        unknown: dict[str, list[bytes]] = defaultdict(list)
        for told in changes:
            if told.change.kind.registry == "operator-registry":
                operator = _digest(told, "operator")
                if operator in kept:
                    codes[operator] = kept[operator]
                else:
                    unknown[str(told.change.members()["authority"])].append(operator)
        for authority, operators in unknown.items():
            codes |= read_codes(self._registries.operator, authority, operators)
        if unknown:
            # Replaced, not changed: others may be reading it.
            self._codes = {**(kept if len(kept) < _CODES_KEPT else {}), **codes}
        return codes


def _digest(told: Told, member: str) -> bytes:
    return bytes.fromhex(str(told.change.members()[member]).removeprefix("0x"))


def _terms_json(terms: Terms) -> dict[str, object]:
    return {
        "arrangement": terms.arrangement,
        "recogniser": terms.recogniser,
        "recognised": terms.recognised,
        "roles": int(terms.roles),
        "benefits": terms.benefits.hex() if terms.benefits else None,
        "effective_from": show(terms.effective_from or None),
        "effective_until": show(terms.effective_until or None),
    }

"""Groups: the member paths of a kind that are withheld or disclosed as one subtree each."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from ledger.envelope.disclosure import Disclosure, make
from ledger.json_pointer import append, find, tokens

DOCUMENT = "/document"
ATTACHMENTS = "/attachments"


@lru_cache(maxsize=256)
def by_parent(groups: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the groups in order, gathered under the pointer of the object that holds them."""
    parents = dict.fromkeys(_parent_of(group) for group in groups)
    return MappingProxyType({parent: tuple(g for g in groups if _parent_of(g) == parent) for parent in parents})


@lru_cache(maxsize=64)
def places_of(groups: tuple[str, ...]) -> frozenset[str]:
    """Return where in the claims digests may stand if `groups` may be withheld."""
    return frozenset(map(place_of, by_parent(groups))) | {ATTACHMENTS}


@lru_cache(maxsize=64)
def members_of(groups: tuple[str, ...]) -> frozenset[tuple[str, str | None]]:
    """Return where in the claims the digest of each group stands, with the group's name."""
    return frozenset((place_of(_parent_of(group)), tokens(group)[-1]) for group in groups)


def place_of(parent: str) -> str:
    """Return where in the claims the digests of the groups under `parent` stand."""
    return append(DOCUMENT + parent, "_sd")


def group_of(disclosure: Disclosure, places: Mapping[str, str]) -> str | None:
    """Return the pointer into the document of what a disclosure discloses; None if it is not a member of it."""
    parent, _, last = places.get(disclosure.digest, "").rpartition("/")
    if disclosure.name is None or last != "_sd" or not (parent + "/").startswith(DOCUMENT + "/"):
        return None
    return append(parent.removeprefix(DOCUMENT), disclosure.name)


def present(document: Mapping[str, Any], groups: Iterable[str]) -> list[str]:
    """Return the groups that the document holds."""
    return [group for group in groups if _holds(document, group)]


def conceal(document: Mapping[str, Any], groups: Iterable[str]) -> tuple[dict[str, Any], list[Disclosure]]:
    """Return the document with digests in place of its groups, and their disclosures. `document` stays as it is."""
    concealed = dict(document)
    disclosures = []
    for parent, members in by_parent(tuple(present(document, groups))).items():
        holder = _copy_of(concealed, tokens(parent))
        made = [make(name, holder.pop(name)) for name in (tokens(group)[-1] for group in members)]
        # In order of the digests, which are random: their order tells nothing.
        holder["_sd"] = sorted(disclosure.digest for disclosure in made)
        disclosures += made
    return concealed, disclosures


def _parent_of(group: str) -> str:
    return group.rpartition("/")[0]


def _holds(document: Mapping[str, Any], group: str) -> bool:
    parent = find(document, _parent_of(group))
    return isinstance(parent, dict) and tokens(group)[-1] in parent


def _copy_of(document: dict[str, Any], path: Iterable[str]) -> dict[str, Any]:
    """Copy the objects along `path`, which exists, and return the last."""
    for token in path:
        document[token] = dict(document[token])
        document = document[token]
    return document

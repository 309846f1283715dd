"""Groups: the member paths of a kind that are withheld or disclosed as one subtree each."""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.envelope.disclosure import Disclosure, make
from ledger.json_pointer import append, find, tokens

DOCUMENT = "/document"
ATTACHMENTS = "/attachments"


def by_parent(groups: Iterable[str]) -> dict[str, list[str]]:
    """Return the groups in order, gathered under the pointer of the object that holds them."""
    found: dict[str, list[str]] = {}
    for group in groups:
        found.setdefault(group.rpartition("/")[0], []).append(group)
    return found


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
    for parent, members in by_parent(present(document, groups)).items():
        holder = _copy_of(concealed, tokens(parent))
        made = [make(name, holder.pop(name)) for name in (tokens(group)[-1] for group in members)]
        # In order of the digests, which are random: their order tells nothing.
        holder["_sd"] = sorted(disclosure.digest for disclosure in made)
        disclosures += made
    return concealed, disclosures


def _holds(document: Mapping[str, Any], group: str) -> bool:
    parent = find(document, group.rpartition("/")[0])
    return isinstance(parent, dict) and tokens(group)[-1] in parent


def _copy_of(document: dict[str, Any], path: Iterable[str]) -> dict[str, Any]:
    """Copy the objects along `path`, which exists, and return the last."""
    for token in path:
        document[token] = dict(document[token])
        document = document[token]
    return document

"""The payload stores that a node's settings name.

`PORTSEAL_STORES` is a list with commas: `folder` (the folder `payloads` in the node's home), `http://HOST:PORT` (a
Kubo), `NAME=http://HOST:PORT`, `NAME=/another/folder`. The name is what the database remembers a store by: with one of
its own a store may move to another address without being taken for a new one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anchors.database import Database
from anchors.replicas.record import bits_of
from anchors.replicas.replicas import Replicas
from anchors.stores import FolderStore, PayloadStore
from anchors.stores.known_store import KnownStore
from api.home import Home
from api.settings import Settings
from ledger.errors import Invalid

_FOLDER = "folder"
_KUBO = "kubo"
_NAMED = re.compile(r"([a-z0-9][a-z0-9.-]{0,62})=(.+)")


@dataclass(frozen=True)
class Named:
    """A store by its name, and where it is: `folder`, an absolute path, or the address of a Kubo."""

    name: str
    place: str


@dataclass(frozen=True)
class OpenStores:
    """The stores, open, and what closes them."""

    replicas: Replicas
    closing: Sequence[Callable[[], None]]


def named(settings: Settings) -> list[Named]:
    """Return the stores that `settings` name, in their order. Raises Invalid `stores.form`, `stores.twice`."""
    if settings.stores is None:
        return [Named(_KUBO, settings.kubo)] if settings.kubo else [Named(_FOLDER, _FOLDER)]
    if settings.kubo is not None:
        raise _wrong("form", "both PORTSEAL_STORES and PORTSEAL_KUBO are set", "name the Kubo in PORTSEAL_STORES only")
    stores = [_one(text.strip()) for text in settings.stores.split(",")]
    if len({store.name for store in stores}) < len(stores) or len({store.place for store in stores}) < len(stores):
        raise _wrong("twice", "PORTSEAL_STORES names a store twice", "name each store once: one disk is one replica")
    return stores


def open_stores(settings: Settings, home: Home, database: Database) -> OpenStores:
    """Open the stores; a Kubo need not answer yet.

    Raises as `named`; Invalid `store.address`, `stores.replicas`, `stores.too-many`; Unavailable `store.*`,
    `database.*`.
    """
    stores = named(settings)
    bits = bits_of(database, [store.name for store in stores])
    closing: list[Callable[[], None]] = []
    try:
        known = [KnownStore(_opened(store, home, closing), bits[store.name], store.name) for store in stores]
        replicas = Replicas(known, settings.replicas)
    except BaseException:
        for close in closing:
            close()
        raise
    return OpenStores(replicas, [replicas.close, *closing])


def _one(text: str) -> Named:
    if text == _FOLDER:
        return Named(_FOLDER, _FOLDER)
    if text.startswith("http://"):
        return Named(text.removeprefix("http://").rstrip("/"), text)
    parts = _NAMED.fullmatch(text)
    if parts is None or not parts[2].startswith(("http://", "/")):
        raise _wrong(
            "form",
            "PORTSEAL_STORES is not a list of stores",
            "write for example folder,http://127.0.0.1:5001,second=/srv/portseal-second",
        )
    return Named(parts[1], parts[2])


def _opened(store: Named, home: Home, closing: list[Callable[[], None]]) -> PayloadStore:
    if not store.place.startswith("http://"):
        folder = FolderStore(home.payloads if store.place == _FOLDER else Path(store.place))
        closing.append(folder.close)
        return folder
    from anchors.stores.kubo import KuboStore  # its HTTP client is slow to load, and most nodes need none

    kubo = KuboStore(store.place)
    closing.append(kubo.close)
    return kubo


def _wrong(code: str, detail: str, mend: str) -> Invalid:
    return Invalid(f"stores.{code}", detail, mend=mend)

"""Several payload stores as one: what is kept is in so many of them, what is read comes from any that has it whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from anchors.cid import Cid, cid_of
from anchors.stores import PayloadStore
from anchors.stores.known_store import KnownStore
from anchors.stores.payload_store import check_sizes
from ledger.errors import Invalid, Unavailable


@dataclass(frozen=True)
class Reading:
    """A payload as a good replica gave it. missing, damaged: the stores before it that should have given it."""

    content: bytes
    missing: int = 0
    damaged: int = 0


class Replicas:
    """A `PayloadStore` made of `stores`; `wanted` of them must have read back and hashed whatever is put.

    Stores that work are preferred, in the order given. Those that are away hold nothing up as long as `wanted` others
    are there; what they lack is brought to them later (anchors/replicas/fill.py). Raises Invalid `stores.replicas`.
    """

    name = "stores"

    def __init__(self, stores: Sequence[KnownStore], wanted: int = 1) -> None:
        if not 1 <= wanted <= len(stores):
            raise Invalid(
                "stores.replicas",
                f"{wanted} replicas are wanted of {len(stores)} stores",
                mend="set PORTSEAL_REPLICAS to a number from 1 to that of the stores in PORTSEAL_STORES",
            )
        self.stores = tuple(stores)
        self.wanted = wanted
        self.mask = sum(store.mask for store in stores)
        self._threads = ThreadPoolExecutor(len(stores), "stores")

    @classmethod
    def alone(cls, store: PayloadStore) -> "Replicas":
        """Return what one store, with bit 0, makes."""
        return cls([KnownStore(store)])

    def keep(self, payloads: Mapping[Cid, bytes]) -> int:
        """Put `payloads` into as many stores as are wanted; return the bits of those that hold them all now.

        Raises as `PayloadStore.put`; Unavailable with the code of a store's fault if too few of them work.
        """
        held = 0
        while missing := self.wanted - held.bit_count():
            chosen = self._choose(missing, held)
            held |= sum(self._each(chosen, lambda store: _put(store, payloads)))
        return held

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        """See `PayloadStore.put`. Raises as `keep`."""
        check_sizes(payloads)
        cids = [cid_of(payload) for payload in payloads]
        self.keep(dict(zip(cids, payloads, strict=True)))
        return cids

    def read(self, cid: Cid, held: int) -> Reading:
        """Return the payload from any store that gives it whole, first from those whose bits are in `held`.

        Raises as `PayloadStore.get`; `store.failed` if a store that may have it does not answer.
        """
        missing = damaged = 0
        faults: list[Unavailable] = []
        for store in self._in_order(held):
            try:
                return Reading(store.get(cid), missing & held, damaged & held)
            except Unavailable as error:
                faults.append(error)
                missing |= store.mask if error.code == "store.missing" else 0
                damaged |= store.mask if error.code == "store.corrupt" else 0
        raise max(faults, key=lambda fault: _GRAVITY.get(fault.code, len(_GRAVITY)))

    def get(self, cid: Cid) -> bytes:
        """See `PayloadStore.get`. Raises as `read`."""
        return self.read(cid, self.mask).content

    def check(self) -> None:
        """Return if as many stores as are wanted work now; asks each. Raises Unavailable `store.*`."""
        working = sum(self._each(self.stores, _check))
        if working.bit_count() < self.wanted:
            raise self._too_few(working.bit_count())

    def require_room(self) -> None:
        """Return unless so many stores are known to be full that nothing can be kept. Raises Unavailable `store.full`.

        Asks no store.
        """
        full = [store for store in self.stores if store.fault is not None and store.fault.code == "store.full"]
        if len(self.stores) - len(full) < self.wanted:
            raise self._too_few(len(self.stores) - len(full))

    def close(self) -> None:
        """End the threads; the stores stay open."""
        self._threads.shutdown()

    def _choose(self, count: int, held: int) -> list[KnownStore]:
        """Choose `count` more stores, those that work first; of the others such as have had their pause."""
        left = [store for store in self.stores if not store.mask & held and store.is_due]
        left.sort(key=lambda store: store.fault is not None)
        if len(left) < count:
            raise self._too_few(held.bit_count() + len(left))
        return left[:count]

    def _in_order(self, held: int) -> Iterator[KnownStore]:
        yield from sorted(self.stores, key=lambda store: (store.is_away, not store.mask & held))

    def _each(self, stores: Sequence[KnownStore], do: Callable[[KnownStore], int]) -> list[int]:
        if len(stores) == 1:
            return [do(stores[0])]
        return list(self._threads.map(do, stores))

    def _too_few(self, count: int) -> Unavailable:
        faults = [(store.name, fault) for store in self.stores if (fault := store.fault) is not None]
        if not faults:  # another thread has just found it working again
            return Unavailable("store.failed", "a store was away a moment ago", mend="nothing: it is tried again")
        # What one has to do about a full disk is known; anything else may mend itself.
        name, fault = next((each for each in faults if each[1].code == "store.full"), faults[0])
        if len(self.stores) == 1:
            return Unavailable(fault.code, fault.detail, mend=fault.mend)
        detail = f"only {count} of the {self.wanted} stores that are wanted can keep payloads; {name}: {fault.detail}"
        return Unavailable(fault.code, detail, mend=fault.mend)


# Which of several stores' faults is told: one that does not answer may have it, one with damage had it.
_GRAVITY = {"store.missing": 0, "store.corrupt": 1}


def _put(store: KnownStore, payloads: Mapping[Cid, bytes]) -> int:
    try:
        store.put(payloads)
    except Unavailable:
        return 0  # the store remembers why
    return store.mask


def _check(store: KnownStore) -> int:
    try:
        store.check()
    except Unavailable:
        return 0
    return store.mask

"""Edge packs of a world in memory: its dated lists as the changes that the registries would have hashed.

Every fact that a pack can hold of it is there but recognitions and operators, of which *authentic* says nothing. The
state root of a pack's block is made up: where members cosign the running hashes themselves nobody looks at it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from anchors.hour_root import Triple, hour_of, hour_root
from ledger.address import address_bytes
from ledger.authority import Purpose
from ledger.block import Block
from ledger.country import to_bytes2
from ledger.dated_list import Entry
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey
from ledger.network import Network
from tests.corpus.members import Members, answers_key, cosigner_key, customs
from tests.corpus.pinned import judge_by
from tests.corpus.trie_chain import NETWORK, cosigned
from tests.verifier.pack_twin import BY
from tests.verifier.world import COUNTRIES, START, World, proof_of
from verifier.pack import kinds
from verifier.pack.content import Content, Hours, thumbprints
from verifier.pack.file import PackFile, read_file
from verifier.pack.making import PackMaker
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.trust_roots import TrustRoots

FIRST_HOUR = hour_of(START) - 3
"""Packs carry no earlier one."""

_SINCE_EVER = Entry(1, 0, START, 0, START)


def _country(name: str) -> bytes:
    return to_bytes2(name).ljust(32, b"\0")


WORDS: Mapping[str, tuple[str, Callable[..., tuple[bytes, ...]]]] = {
    "member": (kinds.MEMBER, lambda _, country: (_country(country),)),
    "authority": (kinds.AUTHORITY, lambda world, name: (to_bytes32(name), _country(world.countries[name]))),
    "account": (
        kinds.ACCOUNT,
        lambda world, address: (to_bytes32(world.accounts[address][0]), address_bytes(address).rjust(32, b"\0")),
    ),
    "issuer": (kinds.ISSUER, lambda world, name: (to_bytes32(name), to_bytes32(world.accreditors[name]))),
    "accreditation": (kinds.ACCREDITATION, lambda _, name, kind: (to_bytes32(name), to_bytes32(kind))),
    "body": (kinds.BODY, lambda _, name: (to_bytes32(name),)),
    "scope": (kinds.SCOPE, lambda _, name, kind, code: tuple(map(to_bytes32, (name, kind, code)))),
    "key": (kinds.KEY, lambda world, key: (to_bytes32(world.keys[key][0]), key)),
    "compromise": (kinds.KEY, lambda world, key: (to_bytes32(world.keys[key][0]), key)),
    "status": (
        kinds.STATUS,
        lambda world, name, digest: (to_bytes32(name), digest, world.successors.get((name, digest), bytes(32))),
    ),
}
"""By the name of a list in a world: the kind of its changes, and the words before each entry."""


def batches_of(world: World) -> Mapping[int, Sequence[Triple]]:
    """Return all batches by their hours, in the order in which they were anchored."""
    found: defaultdict[int, list[Triple]] = defaultdict(list)
    for (root, size, _), facts in sorted(world.anchorings.items(), key=lambda one: one[1].anchored_at):
        found[hour_of(facts.anchored_at)].append(Triple(root, size, facts.anchored_at))
    return found


class WorldChanges:
    """`verifier.pack.source.Source` of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def after(self, held: Content, held_block: int | None, block: Block) -> Content:
        since = START - 1 if held_block is None else START + held_block - 1
        found: dict[str, list[tuple[int, bytes]]] = {kind: [] for kind in kinds.KINDS}
        for kind, words, entry in (*_customs(), *self._rows()):
            if since < entry.recorded_at <= block.timestamp:
                found[kind].append((entry.recorded_at, b"".join(words) + _encoded(entry)))
        changes = {kind: [row for _, row in sorted(rows, key=lambda one: one[0])] for kind, rows in found.items()}
        known, keys = thumbprints(held.changes), self._keys()
        return Content(changes, tuple(keys[one] for one in thumbprints(changes) if one not in known))

    def hours(self, since: int, until: int, _block: Block) -> Hours:
        return {hour: hour_root(one) for hour, one in sorted(batches_of(self._world).items()) if since <= hour < until}

    def _rows(self) -> Iterable[tuple[str, tuple[bytes, ...], Entry]]:
        for (name, *place), entries in list(self._world.lists.items()):
            if name in WORDS and entries:
                kind, words = WORDS[name]
                stated = words(self._world, *place)
                yield from ((kind, stated, entry) for entry in entries)

    def _keys(self) -> dict[bytes, PublicKey]:
        service = [key(country).public_key for country in COUNTRIES for key in (answers_key, cosigner_key)]
        return {key.thumbprint: key for key in (*service, *(key for _, key in self._world.keys.values()))}


class _OfMembers(Network):
    """Its members never change, so that nothing has to be handed over."""

    def registries(self, chain: Any) -> Any:
        return SimpleNamespace(authority=Members())


_NETWORK = _OfMembers(NETWORK.name, NETWORK.chain_id, NETWORK.genesis_hash, (), NETWORK.contracts)


class WorldPacks:
    """Whole packs by the customs of China, as of any second; each is made once, and numbered as its block is."""

    def __init__(self, world: World, roots: TrustRoots) -> None:
        self._world, self._roots = world, roots
        self._made: dict[int, tuple[PackFile, Pack]] = {}

    def at(self, time: int) -> tuple[PackFile, Pack]:
        """Return the pack of a time after which nothing is entered for it or before it."""
        if time not in self._made:
            file = self._file(time)
            self._made[time] = file, open_pack(read_file(file.encode()), self._roots, BY)
        return self._made[time]

    def block(self, number: int) -> Block:
        return self._world.block(START + number - 1)

    def _file(self, time: int) -> PackFile:
        changes, block = WorldChanges(self._world), self._world.block(time)
        heads = changes.after(Content({}), None, block).heads()
        checkpoint = replace(self._world.checkpoint(time), heads=heads)
        proof = proof_of(checkpoint, cosigned(checkpoint, *COUNTRIES))
        chain: Any = self
        judge, key = judge_by(self._roots), answers_key("CN")
        maker = PackMaker(chain, _NETWORK, lambda until=None: None, judge, BY, key, changes)
        return maker.make(proof, self._roots, time, hours_from=FIRST_HOUR, number=block.number)[0]


def _customs() -> Iterable[tuple[str, tuple[bytes, ...], Entry]]:
    """The customs that sign packs and checkpoints; of their countries the world itself has China."""
    for country in COUNTRIES:
        name = to_bytes32(customs(country))
        if country != "CN":
            yield kinds.MEMBER, (_country(country),), _SINCE_EVER
        yield kinds.AUTHORITY, (name, _country(country)), _SINCE_EVER
        for purpose, key in ((Purpose.ANSWERS, answers_key), (Purpose.CHECKPOINTS, cosigner_key)):
            yield (
                kinds.SERVICE_KEY,
                (name, key(country).public_key.thumbprint),
                replace(_SINCE_EVER, detail=int(purpose)),
            )


def _encoded(entry: Entry) -> bytes:
    fields = (entry.code, entry.detail, entry.effective_from, entry.effective_until, entry.recorded_at)
    return b"".join(one.to_bytes(32) for one in fields)

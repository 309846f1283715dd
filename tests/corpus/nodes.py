"""A node that lies in its proofs: about forgeries that it would have taken for genuine, and about genuine documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from ledger import account_slots, document_slots, issuer_slots
from ledger.account_proof import AccountProof
from ledger.address import address_bytes
from ledger.block import Block
from ledger.document_status import Status
from ledger.issuer_state import KeyState
from ledger.jwk import PublicKey
from ledger.registered_key import key_fields
from ledger.registry_slots import Fact
from tests.corpus.ground import Ground
from tests.corpus.keys import own
from tests.corpus.kind import EDGE, EVIDENCE, NEVER_NO, NEVER_YES, PROVED, UNKNOWN, Attempt, Kind, fault, forgery
from tests.corpus.trie_chain import TrieChain
from verifier.axes import Usable

Words = Mapping[int, bytes]
MODES = (PROVED, EVIDENCE, EDGE)
PROOFS = (PROVED, EVIDENCE)
"""A pack knows better."""
NOT_ACTIVE = frozenset(Usable) - {Usable.ACTIVE}
NOT_KNOWN = frozenset({Usable.UNKNOWN})


@dataclass
class Liar:
    """Gives the chain's own answers but for what is overridden. words: told in place of what stands in those slots."""

    chain: TrieChain
    words: Words | None = None
    on_block: Callable[[Block], Block | None] | None = None
    on_proof: Callable[[AccountProof], AccountProof] | None = None

    def block(self, number: int) -> Block | None:
        found = self.chain.block(number)
        return self.on_block(found) if found and self.on_block else found

    def proof(self, address: str, slots: Sequence[int], number: int) -> AccountProof:
        found = self.chain.proof(address, slots, number)
        if self.words:
            told = {slot: replace(one, value=self.words.get(slot, one.value)) for slot, one in found.slots.items()}
            found = replace(found, slots=told)
        return self.on_proof(found) if self.on_proof else found


def word_lies(facts: Sequence[Fact], words: Sequence[bytes]) -> dict[int, bytes]:
    return {fact.slot: word for fact, word in zip(facts, words, strict=True)}


def _number(value: int) -> bytes:
    return value.to_bytes(32)


def _entry(code: int, since: int = 1) -> bytes:
    """As storage keeps it: recorded at, until, from, detail, code."""
    return since.to_bytes(8) + bytes(8) + since.to_bytes(8) + bytes(4) + code.to_bytes(4)


def _key_entered(issuer: str, key: PublicKey) -> dict[int, bytes]:
    thumbprint, algorithm, x, y = key_fields(key)
    named = issuer.encode().ljust(32, b"\0")
    fields = word_lies(issuer_slots.key(thumbprint), [named, x, y, _number(algorithm)])
    return fields | word_lies(issuer_slots.key_state(thumbprint).whole(1), [_number(1), _entry(1)])


# --- lies that would make a forgery genuine


def _strangers_key_entered(ground: Ground, random: Random) -> Attempt:
    key = ground.stranger()
    envelope = ground.anchor(ground.issue(ground.first, key))
    lie = _key_entered(ground.first.name, key.public_key)
    return Attempt(envelope.serialize(), prove=lambda chain: Liar(chain, lie))


def _key_of_another_is_mine(ground: Ground, random: Random) -> Attempt:
    envelope = ground.anchor(ground.issue(ground.first, ground.second.key))
    lie = _key_entered(ground.first.name, ground.second.key.public_key)
    return Attempt(envelope.serialize(), prove=lambda chain: Liar(chain, lie))


def _retirement_hidden(ground: Ground, random: Random) -> Attempt:
    issuer = own(ground, random)
    ground.change_key(issuer, KeyState.RETIRED)
    envelope = ground.anchor(ground.issue(issuer))
    lie = word_lies([issuer_slots.key_state(issuer.thumbprint)], [_number(1)])
    return Attempt(envelope.serialize(), prove=lambda chain: Liar(chain, lie))


def _compromise_hidden(ground: Ground, random: Random) -> Attempt:
    issuer = own(ground, random)
    ground.compromise(issuer, ground.world.now)
    envelope = ground.anchor(ground.issue(issuer))
    lie = word_lies([issuer_slots.compromises(issuer.thumbprint)], [bytes(32)])
    return Attempt(envelope.serialize(), prove=lambda chain: Liar(chain, lie))


def _accreditation_made_up(ground: Ground, random: Random) -> Attempt:
    issuer = ground.issuer(kinds=())
    envelope = ground.anchor(ground.issue(issuer))
    lie = word_lies(issuer_slots.accreditation(issuer.name, "bill-of-lading").whole(1), [_number(1), _entry(1)])
    return Attempt(envelope.serialize(), prove=lambda chain: Liar(chain, lie))


def _anchor_made_up(ground: Ground, random: Random) -> Attempt:
    """The batch was anchored by nobody; the node says that it was, by an account that may."""
    envelope = ground.issue(ground.first)
    batch = (random.randbytes(32), 1, random.randbytes(32))
    word = ground.world.now.to_bytes(12) + address_bytes(ground.anchorer)
    lie = word_lies([document_slots.anchoring(*batch)], [word])
    return Attempt(
        envelope.serialize(),
        record=lambda record: replace(record, batch=batch, index=0, path=()),
        prove=lambda chain: Liar(chain, lie),
    )


def _revocation_hidden(ground: Ground, random: Random) -> Attempt:
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))
    lie = word_lies([document_slots.statuses(issuer.name, envelope.digest)], [bytes(32)])
    return Attempt(
        envelope.serialize(),
        later=lambda then: then.status(issuer.name, envelope.digest, Status.REVOKED),
        prove=lambda chain: Liar(chain, lie),
    )


# --- lies about genuine documents, in what a proof is made of


def _told(lie: Callable[[Ground, Random], dict[int, bytes]]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        words = lie(ground, random)
        return Attempt(ground.genuine.serialize(), prove=lambda chain: Liar(chain, words))

    return make


def _key_denied(ground: Ground, _random: Random) -> dict[int, bytes]:
    return word_lies(issuer_slots.key(ground.first.thumbprint), [bytes(32)] * 4)


def _issuer_denied(ground: Ground, _random: Random) -> dict[int, bytes]:
    return word_lies([issuer_slots.accreditor(ground.first.name)], [bytes(32)])


def _account_denied(ground: Ground, _random: Random) -> dict[int, bytes]:
    return word_lies(account_slots.account(ground.anchorer), [bytes(32)] * 2)


def _revocation_made_up(ground: Ground, _random: Random) -> dict[int, bytes]:
    return word_lies(
        document_slots.statuses(ground.first.name, ground.genuine.digest).whole(1), [_number(1), _entry(1)]
    )


def _forked_state(ground: Ground, _random: Random) -> Attempt:
    """A state of its own, whole and with good proofs: the forged key is in it. Only the members did not sign it."""
    key = ground.stranger()
    envelope = ground.anchor(ground.issue(ground.first, key))

    def fork(_chain: TrieChain) -> Any:
        world = ground.world
        thumbprint = key.public_key.thumbprint
        world.keys[thumbprint] = (ground.first.name, key.public_key)
        world.record("key", thumbprint, code=KeyState.ACTIVE, since=1)
        forked = TrieChain(world)
        del world.keys[thumbprint], world.lists["key", thumbprint]
        return forked

    return Attempt(envelope.serialize(), prove=fork)


def lie(name: str, make: Any, modes: tuple[str, ...] = MODES, **more: Any) -> Kind:
    return fault(f"node {name}", make, modes=modes, **more)


def _forged(name: str, make: Any) -> Kind:
    return forgery(f"node {name}", make, modes=MODES, authentic=UNKNOWN, evidence=NEVER_YES)


KINDS: tuple[Kind, ...] = (
    _forged("enters a key that nobody entered", _strangers_key_entered),
    _forged("gives one issuer's key to another", _key_of_another_is_mine),
    _forged("hides that a key was retired", _retirement_hidden),
    _forged("hides a compromise", _compromise_hidden),
    _forged("makes up an accreditation", _accreditation_made_up),
    _forged("makes up an anchor", _anchor_made_up),
    _forged("has a state of its own", _forked_state),
    lie("hides a revocation", _revocation_hidden, authentic=NEVER_NO, usable=NOT_ACTIVE),
    lie("denies a key", _told(_key_denied)),
    lie("denies an issuer", _told(_issuer_denied)),
    lie("denies the account that anchored", _told(_account_denied)),
    lie("makes up a revocation", _told(_revocation_made_up), PROOFS, authentic=NEVER_NO, usable=NOT_KNOWN),
)

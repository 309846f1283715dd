"""A node whose proofs are wrong: cut, changed, of something else, or not there. The documents are genuine."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from ledger import strict_rlp
from ledger.account_proof import AccountProof, SlotProof
from ledger.errors import Unavailable
from ledger.registry_names import DOCUMENTS, ISSUERS
from tests.corpus.ground import Ground
from tests.corpus.kind import NEVER_NO, Attempt, Kind
from tests.corpus.nodes import Liar, lie
from tests.corpus.spoilt import flipped
from tests.corpus.trie_chain import CONTRACTS


def _on_slots(change: Callable[[SlotProof, Random], SlotProof]) -> Callable[[Ground, Random], Attempt]:
    """One of the slots in each answer is proved wrongly."""

    def make(ground: Ground, random: Random) -> Attempt:
        def lie(proof: AccountProof) -> AccountProof:
            slot = random.choice(list(proof.slots))
            return replace(proof, slots={**proof.slots, slot: change(proof.slots[slot], random)})

        return Attempt(ground.genuine.serialize(), prove=lambda chain: Liar(chain, on_proof=lie))

    return make


def _nodes_left_out(proof: SlotProof, random: Random) -> SlotProof:
    return replace(proof, nodes=proof.nodes[: random.randrange(len(proof.nodes))])


def _node_changed(proof: SlotProof, random: Random) -> SlotProof:
    place = random.randrange(len(proof.nodes))
    node = flipped(proof.nodes[place], random)
    return replace(proof, nodes=(*proof.nodes[:place], node, *proof.nodes[place + 1 :]))


def _garbage(proof: SlotProof, random: Random) -> SlotProof:
    odd = random.choice((b"", b"\x80", b"\xc0", b"\xff" * 9, random.randbytes(40), b"\xc1" * 600, b"\0" * 5000))
    return replace(proof, nodes=random.choice(((odd,), (*proof.nodes, odd), (odd,) * 70)))


def _value_changed(proof: SlotProof, random: Random) -> SlotProof:
    other = random.choice((random.randbytes(32), bytes(32), bytes(31) + b"\1", b"", b"\1" * 33))
    return replace(proof, value=other if other != proof.value else b"\2" * 32)


def _absence_made_up(proof: SlotProof, _random: Random) -> SlotProof:
    empty = strict_rlp.encode(b"")
    return SlotProof(bytes(32) if any(proof.value) else b"\1" * 32, (empty,))


def _on_account(change: Callable[[AccountProof, Random], AccountProof]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(
            ground.genuine.serialize(),
            prove=lambda chain: Liar(chain, on_proof=lambda proof: change(proof, random)),
        )

    return make


def _another_contract(proof: AccountProof, _random: Random) -> AccountProof:
    other = CONTRACTS[ISSUERS if proof.address == CONTRACTS[DOCUMENTS].address else DOCUMENTS]
    return replace(proof, address=other.address)


def _another_code(proof: AccountProof, random: Random) -> AccountProof:
    return replace(proof, code_hash=random.randbytes(32))


def _another_storage(proof: AccountProof, random: Random) -> AccountProof:
    return replace(proof, storage_root=random.randbytes(32))


def _other_slots(proof: AccountProof, _random: Random) -> AccountProof:
    return replace(proof, slots={slot ^ 1: one for slot, one in proof.slots.items()})


def _half_the_slots(proof: AccountProof, _random: Random) -> AccountProof:
    return replace(proof, slots=dict(list(proof.slots.items())[: len(proof.slots) // 2]))


def _on_block(**parts: Callable[[Random], Any]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        told = {name: value(random) for name, value in parts.items()}
        return Attempt(
            ground.genuine.serialize(),
            prove=lambda chain: Liar(chain, on_block=lambda block: replace(block, **told)),
        )

    return make


def _no_block(ground: Ground, _random: Random) -> Attempt:
    return Attempt(ground.genuine.serialize(), prove=lambda chain: Liar(chain, on_block=lambda _: None))


def _gone(ground: Ground, _random: Random) -> Attempt:
    def away(proof: AccountProof) -> AccountProof:
        raise Unavailable("chain.timeout", "no answer", mend="ask again")

    return Attempt(ground.genuine.serialize(), prove=lambda chain: Liar(chain, on_proof=away))


KINDS: tuple[Kind, ...] = (
    lie("leaves out nodes of a proof", _on_slots(_nodes_left_out)),
    lie("changes a node of a proof", _on_slots(_node_changed)),
    lie("gives garbage for proofs", _on_slots(_garbage)),
    lie("changes what a slot holds", _on_slots(_value_changed)),
    lie("makes up that a slot is empty", _on_slots(_absence_made_up)),
    lie("proves another contract", _on_account(_another_contract)),
    lie("proves another code", _on_account(_another_code)),
    lie("proves another storage", _on_account(_another_storage)),
    lie("proves other slots", _on_account(_other_slots)),
    lie("answers by half", _on_account(_half_the_slots)),
    lie("gives another state root", _on_block(state_root=lambda random: random.randbytes(32)), authentic=NEVER_NO),
    lie("gives another block", _on_block(hash=lambda random: random.randbytes(32)), authentic=NEVER_NO),
    lie("gives another time", _on_block(timestamp=lambda random: random.randrange(2**40)), authentic=NEVER_NO),
    lie("does not have the block", _no_block, authentic=NEVER_NO),
    lie("goes away", _gone),
)

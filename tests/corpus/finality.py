"""What is wrong with the proof that a block is final: too few, doubled, foreign, for something else."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from anchors import proof_content
from anchors.finality import FinalityProof
from ledger.change_head import ChangeHead
from ledger.checkpoint import TYPE, Checkpoint, Cosignature
from ledger.jws import sign_statement
from ledger.private_key import PrivateKey
from tests.corpus.ground import ANCHORED, Ground
from tests.corpus.kind import EDGE, EVIDENCE, ONLINE, Attempt, Kind, fault
from tests.corpus.members import cosigner_key, customs
from tests.corpus.trie_chain import cosigned
from tests.verifier.world import COUNTRIES, START, proof_of
from verifier.packed_finality import pack, unpack

MODES = (ONLINE, EVIDENCE, EDGE)
TOO_FEW = ("anchoring.not-final", "anchoring.proof-too-few", "anchoring.hand-over-missing")
Seals = tuple[Cosignature, ...]
Change = Callable[[Ground, Checkpoint, Seals, Random], tuple[Checkpoint, Seals]]


def _changed(change: Change) -> Callable[[Ground, Random], Attempt]:
    """Of the node's own proof online, of the file's in a file."""

    def make(ground: Ground, random: Random) -> Attempt:
        def proof(content: Any) -> FinalityProof:
            return proof_of(*change(ground, *proof_content.checkpoint_of(content), random))

        return Attempt(
            ground.genuine.serialize(),
            record=lambda record: replace(record, proof=proof(record.proof.content) if record.proof else None),
            file=lambda file: replace(file, finality=pack(proof(_content(file.finality)))),
        )

    return make


def _content(packed: Any) -> Any:
    held = unpack(packed)
    assert isinstance(held, tuple)
    return proof_content.of_checkpoint(*held)


def _seal(authority: str, key: PrivateKey, checkpoint: Checkpoint, typ: str = TYPE) -> Cosignature:
    return Cosignature(authority, key.public_key.kid, sign_statement(checkpoint.claims(), key, typ))


def _few(_ground: Ground, checkpoint: Checkpoint, seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    return checkpoint, tuple(random.sample(seals, random.randrange(3)))


def _doubled(_ground: Ground, checkpoint: Checkpoint, seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    some = random.sample(seals, random.randint(1, 2))
    return checkpoint, tuple(random.choices(some, k=random.randint(3, 9)))


def _foreign(ground: Ground, checkpoint: Checkpoint, seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    """Strangers, under names of their own or of members."""
    names = random.choice(
        (["us.customs", "eu.customs", "xx.customs"], list(map(customs, COUNTRIES)), ["cn.chamber"] * 4)
    )
    return checkpoint, (*seals[:2], *(_seal(name, ground.stranger(), checkpoint) for name in names))


def _one_for_others(_ground: Ground, checkpoint: Checkpoint, _seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    """One member signs in the name of all."""
    key = cosigner_key(random.choice(COUNTRIES))
    return checkpoint, tuple(_seal(customs(country), key, checkpoint) for country in COUNTRIES)


def _issuers_key(ground: Ground, checkpoint: Checkpoint, seals: Seals, _random: Random) -> tuple[Checkpoint, Seals]:
    """Keys that the registries know, for something else."""
    keys = (ground.first.key, ground.second.key)
    return checkpoint, (
        *seals[:1],
        *(_seal(customs(country), key, checkpoint) for country in COUNTRIES for key in keys),
    )


def _bad_signatures(_ground: Ground, checkpoint: Checkpoint, seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    changed = []
    for seal in random.sample(seals, len(seals)):
        head, _, signature = seal.jws.rpartition(".")
        place = random.randrange(len(signature) - 2)
        other = "A" if signature[place] != "A" else "B"
        spoilt = f"{head}.{signature[:place]}{other}{signature[place + 1 :]}"
        changed.append(replace(seal, jws=spoilt) if len(changed) < 2 else seal)
    return checkpoint, tuple(changed)


def _another_statement(
    _ground: Ground, checkpoint: Checkpoint, _seals: Seals, random: Random
) -> tuple[Checkpoint, Seals]:
    """All signed these very claims, as a statement of another type."""
    typ = random.choice(("portseal-answer+jwt", "JWT", "dc+sd-jwt"))
    return checkpoint, tuple(_seal(customs(country), cosigner_key(country), checkpoint, typ) for country in COUNTRIES)


def _other_claims(_ground: Ground, checkpoint: Checkpoint, seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    """Good signatures, over something else than what is told."""
    told: dict[str, Any] = {
        "chain_id": checkpoint.chain_id + 1,
        "genesis_hash": random.randbytes(32),
        "number": checkpoint.number + random.choice((-1, 1, 10**6)),
        "block_hash": random.randbytes(32),
        "state_root": random.randbytes(32),
        "time": checkpoint.time + random.choice((-100, 1, 60)),
        "heads": {"DocumentRegistry.STATUS": ChangeHead(1, random.randbytes(32))},
    }
    name = random.choice(sorted(told))
    return replace(checkpoint, **{name: told[name]}), seals


def _foreign_chain(_ground: Ground, checkpoint: Checkpoint, _seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    """The members do sign for another chain too: a test network, or the one before."""
    there = random.choice(({"chain_id": checkpoint.chain_id + 1}, {"genesis_hash": random.randbytes(32)}))
    told = replace(checkpoint, **there)
    return told, cosigned(told, *COUNTRIES)


def _another_state(_ground: Ground, checkpoint: Checkpoint, _seals: Seals, random: Random) -> tuple[Checkpoint, Seals]:
    """All members signed a state that is not the one in which the document stands."""
    told = replace(checkpoint, state_root=random.randbytes(32))
    return told, cosigned(told, *COUNTRIES)


def _before_the_anchor(
    ground: Ground, _checkpoint: Checkpoint, _seals: Seals, random: Random
) -> tuple[Checkpoint, Seals]:
    told = ground.world.checkpoint(random.randrange(START, ANCHORED))
    return told, cosigned(told, *COUNTRIES)


def _malformed(ground: Ground, random: Random) -> Attempt:
    odd: tuple[dict[str, Any], ...] = (
        {},
        {"form": "qbft", "header": b"h"},
        {"form": "clique", "headers": [b"h"]},
        {"form": 1},
    )
    chosen = random.choice(odd)
    return Attempt(
        ground.genuine.serialize(),
        record=lambda record: replace(
            record, proof=replace(record.proof, form="qbft", content={}) if record.proof else None
        ),
        file=lambda file: replace(file, finality=chosen),
    )


def _kind(name: str, change: Change, *codes: str) -> Kind:
    return fault(name, _changed(change), *codes, modes=MODES)


FORMS = (
    "anchoring.proof-form",
    "anchoring.proof-header",
    "anchoring.checkpoint-differs",
    "anchoring.unreadable",
    *TOO_FEW,
)
KINDS: tuple[Kind, ...] = (
    _kind("too few cosigners", _few, *TOO_FEW),
    _kind("cosigners doubled", _doubled, *TOO_FEW),
    _kind("foreign cosigners", _foreign, *TOO_FEW),
    _kind("one cosigner for all", _one_for_others, *TOO_FEW),
    _kind("issuers' keys as cosigners'", _issuers_key, *TOO_FEW),
    _kind("cosignatures spoilt", _bad_signatures, *FORMS),
    _kind("cosignatures of another type", _another_statement, *TOO_FEW),
    _kind("cosignatures of something else", _other_claims, *FORMS),
    _kind("checkpoint of a foreign chain", _foreign_chain, *FORMS),
    _kind("checkpoint of another state", _another_state, *FORMS),
    _kind("checkpoint of before the anchor", _before_the_anchor, *FORMS),
    fault("proof of finality of another form", _malformed, "anchoring.proof-form", modes=MODES),
)

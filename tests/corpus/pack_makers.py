"""Edge packs that somebody made otherwise: with statuses left out, keys made up, another signer, block or chain.

Where nothing else is said the customs itself signed it, and whoever carries it along believes nothing of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from ledger.authority import Purpose
from ledger.deterministic_cbor import decode, encode
from ledger.document_status import Status
from ledger.identifier import to_bytes32
from ledger.issuer_state import KeyState
from ledger.private_key import PrivateKey
from tests.corpus.keys import own
from tests.corpus.kind import EDGE, GATE, NEVER_YES, UNKNOWN, Attempt, Kind, fault, forgery
from tests.verifier.packs_forged import content_of, resigned, with_content, with_proof
from verifier.axes import Usable
from verifier.pack.body import compress, pack_body
from verifier.pack.content import Content
from verifier.pack.file import PackFile
from verifier.pack.kinds import ACCREDITATION, KEY, STATUS

MODES = (EDGE, GATE)
NOT_ACTIVE = frozenset(Usable) - {Usable.ACTIVE}
Make = Callable[[Any, Random], Attempt]
Rows = Sequence[bytes]


def _made(change: Callable[[Any, PackFile, Random], PackFile]) -> Make:
    """A genuine document before a pack that was made otherwise."""

    def make(ground: Any, random: Random) -> Attempt:
        return Attempt(
            ground.genuine.serialize(), pack=lambda then: then.opened(change(then, then.pack_file, random).encode())
        )

    return make


def _content(change: Callable[[Any, Content, Random], Content]) -> Make:
    return _made(
        lambda then, file, random: with_content(
            file, then.service_key(Purpose.ANSWERS), change(then, content_of(file), random)
        )
    )


# --- statuses


def _revoked(change: Callable[[Rows, bytes], Rows]) -> Make:
    """It was revoked; something is done to the row that says so."""

    def make(ground: Any, random: Random) -> Attempt:
        issuer = own(ground, random)
        envelope = ground.anchor(ground.issue(issuer))

        def pack(then: Any) -> Any:
            content = content_of(then.pack_file)
            rows = content.changes[STATUS]
            [row] = [one for one in rows if one[32:64] == envelope.digest]
            changed = replace(content, changes={**content.changes, STATUS: change(rows, row)})
            return then.opened(with_content(then.pack_file, then.service_key(Purpose.ANSWERS), changed).encode())

        return Attempt(
            envelope.serialize(),
            later=lambda then: then.status(issuer.name, envelope.digest, Status.REVOKED),
            pack=pack,
        )

    return make


def _left_out(rows: Rows, row: bytes) -> Rows:
    return [one for one in rows if one != row]


def _cut_off(rows: Rows, row: bytes) -> Rows:
    return rows[: rows.index(row)]


def _doubled(rows: Rows, row: bytes) -> Rows:
    return [*rows, row]


def _of_another_issuer(rows: Rows, row: bytes) -> Rows:
    return [to_bytes32("sg.carrier") + row[32:] if one == row else one for one in rows]


def _of_another_document(rows: Rows, row: bytes) -> Rows:
    return [one[:32] + bytes(32) + one[64:] if one == row else one for one in rows]


def _reinstated(rows: Rows, row: bytes) -> Rows:
    return [one[:96] + int(Status.REINSTATED).to_bytes(32) + one[128:] if one == row else one for one in rows]


# --- what would make a forgery genuine


def _row(*words: bytes, code: int = 1) -> bytes:
    return b"".join(words) + b"".join(number.to_bytes(32) for number in (code, 0, 1, 0, 1))


def _forged(make_up: Callable[[Any, Any, PrivateKey, Content], Content], *, has_kind: bool = True) -> Make:
    def make(ground: Any, _random: Random) -> Attempt:
        issuer = ground.issuer(kinds=("bill-of-lading",) if has_kind else ())
        key = ground.stranger() if has_kind else issuer.key
        envelope = ground.anchor(ground.issue(issuer, key))

        def pack(then: Any) -> Any:
            content = make_up(then, issuer, key, content_of(then.pack_file))
            return then.opened(with_content(then.pack_file, then.service_key(Purpose.ANSWERS), content).encode())

        return Attempt(envelope.serialize(), pack=pack)

    return make


def _key_made_up(_then: Any, issuer: Any, key: PrivateKey, content: Content) -> Content:
    row = _row(to_bytes32(issuer.name), key.public_key.thumbprint)
    changes = {**content.changes, KEY: [*content.changes[KEY], row]}
    return replace(content, changes=changes, keys=(*content.keys, key.public_key))


def _key_put_in(_then: Any, issuer: Any, key: PrivateKey, content: Content) -> Content:
    """In place of the thumbprint of the issuer's own key."""
    own_, thumbprint = issuer.thumbprint, key.public_key.thumbprint
    rows = [one.replace(own_, thumbprint) for one in content.changes[KEY]]
    return replace(content, changes={**content.changes, KEY: rows}, keys=(*content.keys, key.public_key))


def _key_besides(_then: Any, _issuer: Any, key: PrivateKey, content: Content) -> Content:
    """A key that no change names: nothing is left out, altered or doubled, so the pack counts, and the key does not."""
    return replace(content, keys=(*content.keys, key.public_key))


def _accreditation_made_up(_then: Any, issuer: Any, _key: PrivateKey, content: Content) -> Content:
    row = _row(to_bytes32(issuer.name), to_bytes32("bill-of-lading"))
    return replace(content, changes={**content.changes, ACCREDITATION: [*content.changes[ACCREDITATION], row]})


def _compromise_left_out(ground: Any, random: Random) -> Attempt:
    issuer = own(ground, random)
    ground.compromise(issuer, ground.world.now)
    envelope = ground.anchor(ground.issue(issuer))
    compromised = int(KeyState.COMPROMISED).to_bytes(32)

    def pack(then: Any) -> Any:
        content = content_of(then.pack_file)
        rows = [one for one in content.changes[KEY] if one[32:96] != issuer.thumbprint + compromised]
        changed = replace(content, changes={**content.changes, KEY: rows})
        return then.opened(with_content(then.pack_file, then.service_key(Purpose.ANSWERS), changed).encode())

    return Attempt(envelope.serialize(), pack=pack)


# --- of genuine documents


def _key_left_out(then: Any, content: Content, _random: Random) -> Content:
    """Every change is there; the key that one of them names is not."""
    return replace(content, keys=tuple(key for key in content.keys if key.thumbprint != then.first.thumbprint))


def _hour_to_come(then: Any, file: PackFile, random: Random) -> PackFile:
    pack = then.opened(file.encode())
    hours = {"from": pack.head.hours[0], "until": pack.head.hours[1] + random.randint(1, 1_000)}
    return resigned(file, then.service_key(Purpose.ANSWERS), hours=hours)


def _hours_changed(_then: Any, file: PackFile, random: Random) -> PackFile:
    """By whoever carries it: the roots of hours are the signer's word."""
    content = content_of(file)
    hours = {hour: (random.randbytes(32), size) for hour, (_, size) in content.hours.items()}
    return replace(file, body=compress(pack_body(replace(content, hours=hours))))


def _signed_by(key: Callable[[Any], PrivateKey], **claims: Any) -> Make:
    return _made(lambda then, file, _random: resigned(file, key(then), **claims))


def _another_chain(then: Any, file: PackFile, random: Random) -> PackFile:
    other: dict[str, Any] = random.choice(({"chain_id": 424_242}, {"genesis_hash": random.randbytes(32).hex()}))
    return resigned(file, then.service_key(Purpose.ANSWERS), **other)


def _another_block(then: Any, file: PackFile, random: Random) -> PackFile:
    block = then.opened(file.encode()).head.block
    told: dict[str, Any] = {"number": block.number, "hash": block.hash.hex(), "time": block.time}
    other = random.choice(
        ({"number": block.number + 1}, {"hash": random.randbytes(32).hex()}, {"time": block.time + 60})
    )
    return resigned(file, then.service_key(Purpose.ANSWERS), block=told | other)


def _proof(change: Callable[[dict[str, Any], Random], object]) -> Make:
    def made(then: Any, file: PackFile, random: Random) -> PackFile:
        proof = decode(file.proof, "pack")
        change(proof["finality"], random)
        return with_proof(file, then.service_key(Purpose.ANSWERS), encode(proof))

    return _made(made)


def _few(finality: dict[str, Any], random: Random) -> None:
    finality["cosignatures"] = random.sample(finality["cosignatures"], random.randrange(3))


def _doubled_seals(finality: dict[str, Any], random: Random) -> None:
    finality["cosignatures"] = random.sample(finality["cosignatures"], 2) * random.randint(2, 4)


def _other_heads(finality: dict[str, Any], random: Random) -> None:
    finality["claims"]["heads"][STATUS]["head"] = "0x" + random.randbytes(32).hex()


INCOMPLETE, SIGNER = "pack.incomplete", "pack.signer"
NOT_FINAL = ("finality.too-few", "finality.form", "checkpoint.form")


def _status(name: str, change: Callable[[Rows, bytes], Rows]) -> Kind:
    return fault(f"pack with a status {name}", _revoked(change), INCOMPLETE, usable=NOT_ACTIVE, modes=MODES)


def _fault(name: str, make: Make, *codes: str) -> Kind:
    return fault(f"pack {name}", make, *codes, modes=MODES)


def _forgery(name: str, make: Make, *codes: str) -> Kind:
    return forgery(f"pack {name}", make, *codes, authentic=UNKNOWN, modes=MODES)


KINDS: tuple[Kind, ...] = (
    _status("left out", _left_out),
    _status("cut off", _cut_off),
    _status("doubled", _doubled),
    _status("of another issuer", _of_another_issuer),
    _status("of another document", _of_another_document),
    _status("turned into another", _reinstated),
    _forgery("with a key made up", _forged(_key_made_up), INCOMPLETE),
    _forgery("with a key in place of another", _forged(_key_put_in), INCOMPLETE),
    _forgery("with an accreditation made up", _forged(_accreditation_made_up, has_kind=False), INCOMPLETE),
    _forgery("with a compromise left out", _compromise_left_out, INCOMPLETE),
    forgery(
        "pack with a key that nobody entered beside",
        _forged(_key_besides),
        "issuer.key-unknown",
        authentic=NEVER_YES,
        modes=MODES,
    ),
    _fault("without its issuer's key", _content(_key_left_out), "issuer.key-unusable"),
    _fault("with hours that are not over", _made(_hour_to_come), "pack.hours"),
    _fault("whose hours were changed", _made(_hours_changed), "pack.damaged"),
    _fault(
        "by another customs",
        _signed_by(lambda then: then.service_key(Purpose.ANSWERS, "sg.customs"), by="sg.customs"),
        SIGNER,
    ),
    _fault(
        "with another customs' key", _signed_by(lambda then: then.service_key(Purpose.ANSWERS, "sg.customs")), SIGNER
    ),
    _fault("with a key for checkpoints", _signed_by(lambda then: then.service_key(Purpose.CHECKPOINTS)), SIGNER),
    _fault("with an issuer's key", _signed_by(lambda then: then.first.key), SIGNER),
    _fault("with nobody's key", _signed_by(lambda then: then.stranger()), SIGNER),
    _fault("of another chain", _made(_another_chain), "pack.chain"),
    _fault("of another block", _made(_another_block), "pack.block"),
    _fault("that too few cosigned", _proof(_few), *NOT_FINAL),
    _fault("that some cosigned twice", _proof(_doubled_seals), *NOT_FINAL),
    _fault("with other heads than were cosigned", _proof(_other_heads), *NOT_FINAL),
)

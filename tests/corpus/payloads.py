"""What a store gives in place of a payload, and attachments that are not those that were signed."""

from dataclasses import replace
from random import Random

from anchors.sealing import registrant_entry, seal
from ledger.envelope import Attachment
from ledger.jwk import Algorithm
from tests.corpus.ground import FILES, Ground
from tests.corpus.kind import NEVER_NO, ONLINE, PAYLOAD, YES, Attempt, Kind, fault, forgery
from tests.corpus.spoilt import beside_genuine, cut, flipped
from tests.verifier.world import key_named
from verifier.record import Record

MODES = (PAYLOAD,)
Files = tuple[Attachment, ...]
SEALED_WRONG, NO_FORM = "payload.sealed-wrong", "payload.form"


def _nothing(_content: bytes, random: Random) -> bytes:
    return random.choice((b"", b"\xa0", random.randbytes(100)))


def _around_entry(content: bytes) -> tuple[bytes, bytes, bytes]:
    """The registrant's own reader entry inside the payload, with what is before it and behind."""
    entry = registrant_entry(content).encode()
    before, found, after = content.partition(entry)
    assert found
    return before, entry, after


def _flipped_outside(content: bytes, random: Random) -> bytes:
    before, entry, after = _around_entry(content)
    spoilt = flipped(before + after, random)
    return spoilt[: len(before)] + entry + spoilt[len(before) :]


def _flipped_entry(content: bytes, random: Random) -> bytes:
    before, entry, after = _around_entry(content)
    return before + flipped(entry, random) + after


def _of_another(ground: Ground, _random: Random) -> Attempt:
    """The payload of another document of the same issuer, sealed for the same reader."""
    other, reader = ground.other, key_named("reader", Algorithm.X25519)
    sealed = seal(other.serialize(), FILES, other.digest, reader.public_key)
    return Attempt(ground.genuine.serialize(), sealed=lambda _: sealed.payload)


def _changed(files: Files, random: Random) -> Files:
    place = random.randrange(len(files))
    changed = replace(files[place], content=flipped(files[place].content, random))
    return (*files[:place], changed, *files[place + 1 :])


def _unnamed(files: Files, random: Random) -> Files:
    name = random.choice(("extra.pdf", "PACKING.PDF", "packing.pdf ", "../packing.pdf"))
    return (*files, replace(files[0], name=name))


def _swapped_names(files: Files, _random: Random) -> Files:
    return (replace(files[0], name=files[1].name), replace(files[1], name=files[0].name))


def _other_type(files: Files, random: Random) -> Files:
    place = random.randrange(len(files))
    return (*files[:place], replace(files[place], media_type="text/html"), *files[place + 1 :])


def _doubled(files: Files, random: Random) -> Files:
    return (*files, random.choice(files))


def _missing(files: Files, random: Random) -> Files:
    return random.choice((files[:1], files[1:], ()))


def _turned(files: Files, _random: Random) -> Files:
    return files[::-1]


def _lost(record: Record, _random: Random) -> Record:
    return replace(record, payload_cid=None)


KINDS: tuple[Kind, ...] = (
    fault("payload with a flipped bit", beside_genuine("sealed", _flipped_outside), modes=MODES),
    # Whoever reads by an entry of their own has no use for it.
    fault(
        "payload with a bit flipped in its own entry",
        beside_genuine("sealed", _flipped_entry),
        authentic=NEVER_NO,
        modes=MODES,
    ),
    fault("payload cut off", beside_genuine("sealed", cut), modes=MODES),
    fault("payload that is nothing", beside_genuine("sealed", _nothing), NO_FORM, modes=MODES),
    fault("payload of another document", _of_another, SEALED_WRONG, modes=MODES),
    fault("payload lost", beside_genuine("record", _lost), "custody.none", authentic=YES, modes=(ONLINE,)),
    fault("attachments in another order", beside_genuine("files", _turned), authentic=YES, modes=MODES),
    forgery("attachment changed", beside_genuine("files", _changed), "attachment.hash", modes=MODES),
    forgery("attachment that is not named", beside_genuine("files", _unnamed), "attachment.unnamed", modes=MODES),
    forgery("attachments with names swapped", beside_genuine("files", _swapped_names), "attachment.hash", modes=MODES),
    forgery(
        "attachment of another media type", beside_genuine("files", _other_type), "attachment.media-type", modes=MODES
    ),
    forgery("attachment doubled", beside_genuine("files", _doubled), "attachment.duplicate", modes=MODES),
    forgery("attachment missing", beside_genuine("files", _missing), "attachment.missing", modes=MODES),
)

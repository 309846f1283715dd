"""What is wrong with disclosures (RFC 9901 §7.1), by a holder, or by an issuer that signs what none may hold."""

import json
from hashlib import sha256
from random import Random
from typing import Any

from ledger import base64url
from tests.corpus.ground import Ground
from tests.corpus.kind import YES, Kind, fault, forgery
from tests.corpus.pieces import anchored, changed, disclosure, signed
from tests.hostile.forged_parts import Parts

UNREADABLE, DISCLOSURES = "form.unreadable", "integrity.disclosures"
SALT = "A" * 22


def digest_of(text: str) -> str:
    return base64url.encode(sha256(text.encode()).digest())


# --- by a holder


def _stripped(parts: Parts, random: Random) -> None:
    parts.disclosures = [one for one in parts.disclosures if random.random() < 0.5]


def _reordered(parts: Parts, random: Random) -> None:
    random.shuffle(parts.disclosures)


def _doubled(parts: Parts, random: Random) -> None:
    parts.disclosures.insert(random.randint(0, len(parts.disclosures)), random.choice(parts.disclosures))


def _unreferenced(parts: Parts, random: Random) -> None:
    invented = disclosure(SALT, random.choice(("carriersAgentAtDestination", "document", "iss", "x")), random.random())
    parts.disclosures.insert(random.randint(0, len(parts.disclosures)), invented)


def _resalted(parts: Parts, random: Random) -> None:
    place = random.randrange(len(parts.disclosures))
    content = json.loads(base64url.decode(parts.disclosures[place]))
    content[0] = base64url.encode(random.randbytes(16))
    parts.disclosures[place] = disclosure(*content)


def _rewritten(parts: Parts, random: Random) -> None:
    """Salt, name and value stay; only white space is another."""
    place = random.randrange(len(parts.disclosures))
    content = json.loads(base64url.decode(parts.disclosures[place]))
    parts.disclosures[place] = base64url.encode(json.dumps(content, indent=1).encode())


def _changed_value(parts: Parts, random: Random) -> None:
    place = random.randrange(len(parts.disclosures))
    content = json.loads(base64url.decode(parts.disclosures[place]))
    content[-1] = {"changed": random.random()}
    parts.disclosures[place] = disclosure(*content)


def _empty(parts: Parts, random: Random) -> None:
    parts.disclosures.insert(random.randint(0, len(parts.disclosures)), "")


def _of_another(ground: Ground, random: Random) -> str:
    parts, other = Parts.of(ground.genuine.serialize()), Parts.of(ground.other.serialize())
    parts.disclosures[random.randrange(len(parts.disclosures))] = random.choice(other.disclosures)
    return parts.text()


def _reserved(name: str, value: Any) -> Any:
    def change(parts: Parts, _random: Random) -> None:
        parts.disclosures.append(disclosure(SALT, name, value))

    return changed(change)


def _no_disclosure(parts: Parts, random: Random) -> None:
    odd: tuple[Any, ...] = ([], [SALT], [SALT, "a", 1, 2], [1, "a", 2], [SALT, 1, 2], {"a": 1}, "a", None)
    text = base64url.encode(json.dumps(random.choice(odd)).encode())
    parts.disclosures[random.randrange(len(parts.disclosures))] = text


# --- by an issuer with software of its own, signed and anchored


def _signed(change: Any) -> Any:
    """Anchored besides, so that nothing but the disclosures is wrong."""

    def make(ground: Ground, random: Random) -> str:
        claims = json.loads(json.dumps(ground.genuine.claims))
        disclosures = list(ground.genuine.disclosures)
        change(claims, disclosures, random)
        return anchored(ground, signed(ground.first.key, claims, *disclosures))

    return make


def _referenced_twice(claims: dict[str, Any], disclosures: list[str], random: Random) -> None:
    claims["document"]["_sd"].append(random.choice(claims["document"]["_sd"]))


def _decoys(claims: dict[str, Any], _disclosures: list[str], random: Random) -> None:
    claims["document"]["_sd"] += [base64url.encode(random.randbytes(32)) for _ in range(random.randint(30, 60))]


def _nested(claims: dict[str, Any], disclosures: list[str], random: Random) -> None:
    inner = disclosure(SALT, "n", 1)
    made = [inner]
    for _ in range(random.randint(1, 60)):
        made.append(disclosure(SALT, "n", {"_sd": [digest_of(made[-1])]}))
    claims["document"]["_sd"].append(digest_of(made[-1]))
    disclosures += made


def _short_salt(claims: dict[str, Any], disclosures: list[str], random: Random) -> None:
    made = disclosure(base64url.encode(random.randbytes(random.randrange(16))), "references", [])
    claims["document"].pop("references", None)
    claims["document"]["_sd"].append(digest_of(made))
    disclosures.append(made)


def _member_that_decides(claims: dict[str, Any], disclosures: list[str], _random: Random) -> None:
    """A member that can never be withheld, as a disclosure."""
    made = disclosure(SALT, "transportDocumentReference", claims["document"].pop("transportDocumentReference"))
    claims["document"]["_sd"].append(digest_of(made))
    disclosures.append(made)


def _shadow(claims: dict[str, Any], disclosures: list[str], random: Random) -> None:
    """In the clear and disclosed, under one name."""
    name = next(content[1] for content in map(_content, disclosures) if len(content) == 3)
    claims["document"][name] = {"shadow": random.random()}


def _of_odd_form(claims: dict[str, Any], _disclosures: list[str], random: Random) -> None:
    claims["document"]["_sd"] = random.choice(("A" * 43, {"a": 1}, [1], [None], [["A" * 43]], None))


def _odd_element(claims: dict[str, Any], _disclosures: list[str], random: Random) -> None:
    claims["attachments"].append(random.choice(({"...": 1}, {"...": "A" * 43, "x": 1}, {"...": None})))


def _another_hash(claims: dict[str, Any], _disclosures: list[str], random: Random) -> None:
    claims["_sd_alg"] = random.choice(("sha-512", "md5", "SHA-256", "", None, 256))


def _content(text: str) -> list[Any]:
    content: list[Any] = json.loads(base64url.decode(text))
    return content


KINDS: tuple[Kind, ...] = (
    fault("disclosures stripped", changed(_stripped), "integrity.good", authentic=YES),
    fault("disclosures reordered", changed(_reordered), "integrity.good", authentic=YES),
    forgery("disclosure doubled", changed(_doubled), DISCLOSURES),
    forgery("disclosure unreferenced", changed(_unreferenced), DISCLOSURES),
    forgery("disclosure salted anew", changed(_resalted), DISCLOSURES),
    forgery("disclosure written anew", changed(_rewritten), DISCLOSURES),
    forgery("disclosure with another value", changed(_changed_value), DISCLOSURES),
    forgery("disclosure empty", changed(_empty), UNREADABLE),
    forgery("disclosure of another document", _of_another, DISCLOSURES),
    forgery("disclosure named _sd", _reserved("_sd", ["A" * 43]), UNREADABLE),
    forgery("disclosure named ...", _reserved("...", "A" * 43), UNREADABLE),
    forgery("disclosure that is none", changed(_no_disclosure), UNREADABLE),
    forgery("digest referenced twice", _signed(_referenced_twice), DISCLOSURES),
    forgery("decoy digests", _signed(_decoys), DISCLOSURES),
    forgery("disclosures nested", _signed(_nested), DISCLOSURES),
    forgery("disclosure with a short salt", _signed(_short_salt), DISCLOSURES),
    forgery("disclosure of what decides", _signed(_member_that_decides), DISCLOSURES),
    forgery("disclosure shadowed by a member", _signed(_shadow), DISCLOSURES),
    forgery("digests of odd form", _signed(_of_odd_form), DISCLOSURES),
    forgery("digests of another hash", _signed(_another_hash), UNREADABLE),
    forgery("digest elements of odd form", _signed(_odd_element), UNREADABLE),
)

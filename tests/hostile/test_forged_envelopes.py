"""Thousands of forged envelopes: VALID only for the genuine JWT with its own disclosures; INVALID never for those."""

import json
from contextlib import closing
from http.client import HTTPConnection
from random import Random

import pytest

from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.hostile.amount import amount
from tests.hostile.envelope_forgery import FORGERIES, forged, forged_as
from tests.hostile.forged_parts import Forger, Parts
from tests.hostile.target import CARRIER, Target
from tests.tables import Tally

pytestmark = [pytest.mark.slow]
ROUNDS = amount(30, 300)
ENVELOPES = 100
TITLE = "Forged envelopes: what was done, and the verdict"
ES256_ISSUER, ED25519_ISSUER = "kr.haneul-marine", "sg.temasek-shipping"


@pytest.fixture(scope="module")
def forgers(target: Target) -> list[Forger]:
    """Two forgers: with the keys of another issuer of the same algorithm, and of another one."""
    keys = target.api.established.keys.issuer_keys
    return [
        Forger(target.genuine, target.other, PrivateKey.generate(algorithm), keys[foreign], keys[CARRIER])
        for algorithm, foreign in ((Algorithm.ES256, ES256_ISSUER), (Algorithm.ED25519, ED25519_ISSUER))
    ]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_only_the_genuine_is_valid_and_accepted(target: Target, forgers: list[Forger], seed: int, tally: Tally) -> None:
    stored = target.documents()
    made = [forged(random.choice(forgers), random) for random in (Random(f"{seed}/{n}") for n in range(ENVELOPES))]
    for number, (name, envelope) in enumerate(made):
        said = f"envelope {seed}/{number} ({name})"
        authentic = verified(target, envelope, said, within_json=number % 4 == 0)
        assert is_right(authentic, envelope, target), f"{said} is {authentic}: {envelope!r}"
        tally(TITLE, name, f"{authentic}, genuine" if authentic == "VALID" else authentic)
    registered(target, made)
    assert target.documents() == stored
    target.check_alive()


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_every_kind_of_forgery_is_tried(target: Target, forgers: list[Forger], name: str) -> None:
    """Each kind at least thrice, whatever the random choice above took."""
    for number in range(3):
        random = Random(f"{name}/{number}")
        envelope = forged_as(name, forgers[number % 2], random)
        authentic = verified(target, envelope, name, within_json=number == 0)
        assert is_right(authentic, envelope, target), f"{name}/{number} is {authentic}: {envelope!r}"


def is_right(authentic: str, envelope: str, target: Target) -> bool:
    """Judge by the bytes alone: the final genuine JWT (either of two), and a set of its own disclosures."""
    return authentic == "VALID" if is_genuine(envelope, target) else authentic != "VALID"


def is_genuine(envelope: str, target: Target) -> bool:
    """White space as JSON knows it, around the envelope, is not of it."""
    envelope = envelope.strip(" \t\r\n")
    jwt, *disclosures = envelope.removesuffix("~").split("~")
    for genuine in (Parts.of(target.genuine), Parts.of(target.other)):
        if jwt == genuine.jwt and envelope.endswith("~"):
            return len(set(disclosures)) == len(disclosures) and set(disclosures) <= set(genuine.disclosures)
    return False


def verified(target: Target, envelope: str, said: str, *, within_json: bool) -> str:
    """Return the verdict on the envelope as the body itself, or as a member of JSON."""
    if within_json:
        media_type, body = "application/json", json.dumps({"envelope": envelope}).encode()
    else:
        media_type, body = "application/dc+sd-jwt", envelope.encode()
    with closing(HTTPConnection(*target.address, timeout=60)) as connection:
        connection.request("POST", "/v1/verifications", body, {"Content-Type": media_type})
        answer = connection.getresponse()
        found = json.loads(answer.read())
    assert answer.status == 200, f"{said}: {found}"
    assert found["authentic"] == "VALID" or found["usable"] != "ACTIVE", said
    return str(found["authentic"])


def registered(target: Target, made: list[tuple[str, str]]) -> None:
    """The genuine ones, whole, are known already; everything else is refused with a reason."""
    headers = {**target.api.key(CARRIER), "Content-Type": "application/x-ndjson"}
    body = "\n".join(json.dumps({"envelope": envelope}) for _, envelope in made)
    answer = target.api.http.post("/v1/documents", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    for (name, envelope), line in zip(made, answer.text.splitlines(), strict=True):
        result = json.loads(line)
        if result["status"] == 202:
            assert result["repeated"], name
            assert is_genuine(envelope, target), name
        else:
            assert 400 <= result["status"] < 500, f"{name}: {result}"
            assert result["problem"]["detail"], name

"""Thousands of forged envelopes: VALID only for the genuine JWT with its own disclosures; INVALID never for those."""

import json
from collections import Counter
from random import Random

import httpx
import pytest

from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.hostile.amount import amount
from tests.hostile.envelope_forgery import FORGERIES, Forger, Parts
from tests.hostile.target import CARRIER, Target

pytestmark = [pytest.mark.slow]
ROUNDS = amount(5, 30)
ENVELOPES = 100
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
def test_only_the_genuine_is_valid_and_accepted(target: Target, forgers: list[Forger], seed: int) -> None:
    stored, verdicts = target.documents(), Counter[str]()
    forged = [random.choice(forgers).forged(random) for random in (Random(f"{seed}/{n}") for n in range(ENVELOPES))]
    for number, (name, envelope) in enumerate(forged):
        said = f"envelope {seed}/{number} ({name})"
        authentic = verified(target, envelope, said, within_json=number % 4 == 0)
        assert is_right(authentic, envelope, target), f"{said} is {authentic}: {envelope!r}"
        verdicts[authentic] += 1
    registered(target, forged)
    assert target.documents() == stored
    print(f"seed {seed}: {dict(verdicts)}")
    target.check_alive()


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_every_kind_of_forgery_is_tried(target: Target, forgers: list[Forger], name: str) -> None:
    """Each kind at least thrice, whatever the random choice above took."""
    for number in range(3):
        random = Random(f"{name}/{number}")
        forger = forgers[number % 2]
        parts = Parts.of(forger.genuine)
        made = FORGERIES[name](forger, parts, random)
        envelope = parts.text() if made is None else made
        authentic = verified(target, envelope, name, within_json=number == 0)
        assert is_right(authentic, envelope, target), f"{name}/{number} is {authentic}: {envelope!r}"


def is_right(authentic: str, envelope: str, target: Target) -> bool:
    """Judge by the bytes alone: the final genuine JWT (either of two), and a set of its own disclosures."""
    return authentic == "VALID" if is_genuine(envelope, target) else authentic != "VALID"


def is_genuine(envelope: str, target: Target) -> bool:
    """White space around the envelope is not of it."""
    jwt, *disclosures = envelope.strip().removesuffix("~").split("~")
    for genuine in (Parts.of(target.genuine), Parts.of(target.other)):
        if jwt == genuine.jwt and envelope.strip().endswith("~"):
            return len(set(disclosures)) == len(disclosures) and set(disclosures) <= set(genuine.disclosures)
    return False


def verified(target: Target, envelope: str, said: str, *, within_json: bool) -> str:
    """Return the verdict on the envelope as the body itself, or as a member of JSON."""
    http = target.api.http
    if within_json:
        return verdict(http.post("/v1/verifications", json={"envelope": envelope}), said)
    headers = {"Content-Type": "application/dc+sd-jwt"}
    return verdict(http.post("/v1/verifications", content=envelope.encode(), headers=headers), said)


def verdict(answer: httpx.Response, said: str) -> str:
    assert answer.status_code == 200, f"{said}: {answer.text}"
    found = answer.json()
    assert found["authentic"] == "VALID" or found["usable"] != "ACTIVE", said
    return str(found["authentic"])


def registered(target: Target, forged: list[tuple[str, str]]) -> None:
    """The genuine ones, whole, are known already; everything else is refused with a reason."""
    headers = {**target.api.key(CARRIER), "Content-Type": "application/x-ndjson"}
    body = "\n".join(json.dumps({"envelope": envelope}) for _, envelope in forged)
    answer = target.api.http.post("/v1/documents", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    for (name, envelope), line in zip(forged, answer.text.splitlines(), strict=True):
        result = json.loads(line)
        if result["status"] == 202:
            assert result["repeated"], name
            assert is_genuine(envelope, target), name
        else:
            assert 400 <= result["status"] < 500, f"{name}: {result}"
            assert result["problem"]["detail"], name

"""sd-jwt 0.10.4 as an oracle: random envelopes are read alike, and each kind of forgery is refused by both, or by us.

Where it lets a forgery pass, the kind is listed. SLIPS: RFC 9901 §7.1 says that it must be refused. JOSE: what RFC 9901
rests on says so (JWS, base64url, JSON). PROFILE: rules of ours that these leave to an application.
"""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from jwcrypto.jwk import JWK  # type: ignore[import-untyped]
from sd_jwt.verifier import SDJWTVerifier

from ledger.envelope import Attachment, issue, parse, verify, withhold
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.kinds import kind as kind_named
from ledger.kinds.kind import Kind
from ledger.private_key import PrivateKey
from tests.corpus import claims, disclosures, envelope
from tests.corpus.ground import Ground
from tests.corpus.kind import Kind as Forged
from tests.long import long_or
from tests.tables import Table
from tests.verifier.world import AEO, BILL, CERTIFICATE, START, document

ENVELOPES = long_or(20_000, 150)
INSTANCES = long_or(500, 12)
KEYS = [PrivateKey.generate(algorithm) for algorithm in (Algorithm.ES256, Algorithm.ED25519)]
KINDS: Sequence[Forged] = [
    kind
    for kind in (*envelope.KINDS, *disclosures.KINDS, *claims.KINDS)
    if kind.name != "name of another issuer"  # only the registry knows
]
TITLE = "sd-jwt as an oracle"
SLIPS = frozenset(
    {
        # Step 5: every disclosure must be referenced.
        "bit flipped in a disclosure",
        "disclosure unreferenced",
        "disclosure salted anew",
        "disclosure written anew",
        "disclosure with another value",
        "disclosure of another document",
        "disclosure that is none",
        # Step 3: names and forms that are reserved.
        "disclosure named _sd",
        "disclosure named ...",
        "digests of odd form",
        "digest elements of odd form",
    }
)
JOSE = frozenset(
    {
        "header crit",
        "padded base64url",
        "stray bits in base64url",
        "plain base64",
        "white space",
        "duplicate JSON keys",
        "NaN and numbers of odd form",
        "lone surrogates, not UTF-8",
        "byte order mark",
    }
)
PROFILE = frozenset(
    {
        # What follows the last tilde is a key binding to it, and not asked for.
        "what is no envelope",
        "bit flipped in the last tilde",
        "key binding added",
        "high s",
        "header jwk",
        "header jku",
        "header x5u or x5c",
        "header with one member more",
        "decoy digests",
        "disclosures nested",
        "disclosure with a short salt",
        "disclosure of what decides",
        "integers beyond 2^53",
        "deep nesting",
        "claims not canonical",
        "claim of odd form",
        "claim missing",
        "claim that no envelope has",
        "vct of another kind",
        "vct of another version",
        "vct of no kind",
        "document off its schema",
    }
)


def oracle(text: str, key: PublicKey) -> dict[str, Any]:
    jwk = JWK.from_json(json.dumps(key.jwk()))
    verified: dict[str, Any] = SDJWTVerifier(text, lambda _issuer, _header: jwk).get_verified_payload()
    return verified


def shortened(content: dict[str, Any], kind: Kind, random: Random) -> dict[str, Any]:
    """Leave out some of the groups that it need not have."""
    for group in kind.groups:
        shorter = {name: value for name, value in content.items() if f"/{name}" != group}
        if random.random() < 0.2 and takes(kind.validate, shorter):
            content = shorter
    return content


def drawn(random: Random) -> tuple[str, PublicKey]:
    """Draw a presentation: kind, algorithm, attachments; groups and attachments withheld, the rest in any order."""
    kind, key = kind_named(random.choice((BILL, CERTIFICATE, AEO))), random.choice(KEYS)
    content = shortened(document(kind.name), kind, random)
    files = [
        Attachment(f"{number}.bin", "application/octet-stream", random.randbytes(random.randrange(40)))
        for number in range(random.randrange(4))
    ]
    made = issue(content, kind, "cn.line", key, iat=START + random.randrange(10**6), attachments=files)
    hidden = [group for group in kind.groups if random.random() < 0.4]
    shown = withhold(made, hidden, attachments=[file.name for file in files if random.random() < 0.4])
    texts = list(shown.disclosures)
    random.shuffle(texts)
    return "~".join((shown.jwt, *texts, "")), key.public_key


def test_random_presentations_are_read_alike(table: Table) -> None:
    for number in range(ENVELOPES):
        text, key = drawn(Random(f"oracle/{number}"))
        theirs, ours = oracle(text, key), verify(parse(text), key)
        assert theirs["document"] == ours.document, number
        assert theirs["attachments"] == list(ours.attachments), number
        # As members' names: an envelope's number, which is random, may have these letters.
        assert '"_sd"' not in json.dumps(theirs)
        assert '"_sd_alg"' not in json.dumps(theirs)
    table(TITLE, what="random presentations of genuine envelopes", instances=ENVELOPES, read_alike=ENVELOPES)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_forgeries_are_judged_alike_or_the_difference_is_named(kind: Forged, table: Table) -> None:
    ground = Ground(Random(kind.name)).settled()
    key = ground.first.key.public_key
    theirs = ours = 0
    for number in range(INSTANCES):
        made = kind.make(ground, Random(f"{kind.name}/{number}"))
        assert isinstance(made, str | bytes)
        accepted = takes(lambda text: verify(parse(text), key), made)
        ours += accepted
        theirs += takes(lambda text: oracle(text, key), made)
        assert accepted is kind.genuine, made
    judged = "refused by both" if not theirs else "taken by both" if kind.genuine else "taken by sd-jwt only"
    listed = {"RFC 9901 §7.1": SLIPS, "JOSE": JOSE, "profile": PROFILE}
    why = ", ".join(name for name, kinds in listed.items() if kind.name in kinds)
    table(TITLE, what=kind.name, instances=INSTANCES, sd_jwt_takes=theirs, we_take=ours, judged=judged, why=why)
    if kind.genuine:
        assert theirs == INSTANCES
    else:
        assert bool(theirs) is (kind.name in SLIPS | JOSE | PROFILE)


def takes(read: Any, text: str) -> bool:
    try:
        read(text)
    except Invalid:
        return False
    except Exception:
        return False
    return True

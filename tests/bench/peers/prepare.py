"""Section A: bills made ready to be anchored. `python -m tests.bench.peers.prepare FILE COUNT es256|ed25519|sealed`

Timed, for documents already parsed: schema, a salt and digest for each group, signature, the envelope's text and
digest, the Merkle tree and the inclusion path of every document. `sealed` (ES256): also encrypted for the registrant,
and the CID of the ciphertext, which no peer makes. Then, apart, envelopes parsed and checked without a chain.
"""

import sys
from collections.abc import Callable, Sequence

from anchors.cid import cid_of
from anchors.merkle import inclusion_paths, root, verify_inclusion
from anchors.reader_entry import open_entry
from anchors.sealing import open_payload, registrant_entry, seal
from ledger.envelope import Envelope, issue, parse, verify
from ledger.errors import Invalid
from ledger.jwk import Algorithm
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from tests.bench.peers.bills import Source, read_bills
from tests.bench.peers.measure import Stopwatch, peak_mb, tell

ISSUER = "cn.carrier"
IAT = 1_790_000_000
WARM = 50

_BILL = kind("bill-of-lading")


def prepare(documents: Sequence[Source], key: PrivateKey) -> tuple[list[Envelope], bytes, list[tuple[bytes, ...]]]:
    """Return the envelopes, the root over their digests, and each one's path."""
    envelopes = [issue(document, _BILL, ISSUER, key, iat=IAT) for document in documents]
    digests = [envelope.digest for envelope in envelopes]
    return envelopes, root(digests), inclusion_paths(digests)


def sealed(envelopes: Sequence[Envelope], registrant: PrivateKey) -> list[bytes]:
    """Return each envelope's payload, named by its CID."""
    payloads = [seal(one.serialize(), (), one.digest, registrant.public_key).payload for one in envelopes]
    assert len({str(cid_of(payload)) for payload in payloads}) == len(payloads)
    return payloads


def check(envelopes: Sequence[Envelope], key: PrivateKey, documents: Sequence[Source]) -> Stopwatch:
    """Parse and check all, which is timed; then forged ones, which must fail."""
    texts = [envelope.serialize() for envelope in envelopes]
    with Stopwatch() as watch:
        presentations = [verify(parse(text), key.public_key) for text in texts]
    assert [one.document for one in presentations] == list(documents)
    text = texts[0]
    for place in (text.index(".") + 40, text.index("~") - 20, text.index("~") + 40, len(text) - 20):
        assert fails(lambda place=place: verify(parse(_forged(text, place)), key.public_key)), place  # type: ignore[misc]
    assert fails(lambda: verify(parse(text), PrivateKey.generate(key.public_key.algorithm).public_key))
    return watch


def fails(work: Callable[[], object]) -> bool:
    """Tell whether the work is refused as Invalid."""
    try:
        work()
    except Invalid:
        return True
    return False


def _forged(text: str, place: int) -> str:
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def _check_sealed(payload: bytes, envelope: Envelope, registrant: PrivateKey) -> None:
    content_key = open_entry(registrant_entry(payload), registrant)
    assert open_payload(payload, content_key, envelope.digest)[0] == envelope.serialize()
    spoiled = bytearray(payload)
    spoiled[len(spoiled) // 2] ^= 1
    assert fails(lambda: open_payload(bytes(spoiled), content_key, envelope.digest))


def main(path: str, count: int, case: str) -> None:
    documents = read_bills(path, count)
    key = PrivateKey.generate(Algorithm.ED25519 if case == "ed25519" else Algorithm.ES256)
    registrant = PrivateKey.generate(Algorithm.X25519)
    sealed(prepare(documents[:WARM], key)[0], registrant)
    with Stopwatch() as watch:
        envelopes, top, paths = prepare(documents, key)
        payloads = sealed(envelopes, registrant) if case == "sealed" else []
        size = sum(len(envelope.serialize()) for envelope in envelopes) / count
    memory = peak_mb()
    places = [(one.digest, index, count, paths[index]) for index, one in enumerate(envelopes)]
    assert all(verify_inclusion(*place, top) for place in places)
    assert not verify_inclusion(*places[0], b"\0" * 32)
    if payloads:
        _check_sealed(payloads[0], envelopes[0], registrant)
    checked = check(envelopes, key, documents)
    metrics = {
        "docs_per_s": count / watch.wall,
        "docs_per_cpu_s": count / watch.cpu,
        "wrapped_bytes": size,
        "verify_docs_per_s": count / checked.wall,
        "verify_docs_per_cpu_s": count / checked.cpu,
        "rss_mb": memory,
    }
    tell(metrics, n=count)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])

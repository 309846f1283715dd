"""How many envelopes are verified per second on one core, and where the time goes.

`python -m tests.bench.bench_verify [count]`: bills of the project's own sample, all groups disclosed, in one batch;
facts are cached per block. Times are of the processor, not of the clock, so that other work on the machine does not
count. The heap as it stands at the start is frozen, as `portseal serve` does, and results are not kept.
"""

import gc
import os
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

from anchors.merkle import inclusion_paths, root
from ledger.envelope import issue
from ledger.jwk import Algorithm
from ledger.kinds import kind as kind_named
from tests.verifier.world import ACCOUNT, BILL, ISSUER, START, World, document, key_named
from verifier.cached_facts import CachedFacts
from verifier.evidence import Evidence
from verifier.facts import AnchoringFacts
from verifier.gather import gather, read_head
from verifier.question import Question
from verifier.reading import read
from verifier.record import Record
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verify import Verifier, judge


def prepare(count: int, algorithm: Algorithm) -> tuple[World, list[bytes]]:
    """Return a world in which `count` bills are final, and their bytes."""
    world, signer = World(with_issuer=False), key_named("bench", algorithm)
    world.admit()
    world.accredit()
    world.keys[signer.public_key.thumbprint] = (ISSUER, signer.public_key)
    world.record("key", signer.public_key.thumbprint, code=1)
    envelopes = [issue(document(BILL), kind_named(BILL), ISSUER, signer, iat=START) for _ in range(count)]
    digests = [envelope.digest for envelope in envelopes]
    batch = (root(digests), count, b"m" * 32)
    world.anchorings[batch] = AnchoringFacts(ACCOUNT, world.now)
    proof = world.proof(world.now)
    for index, path in enumerate(inclusion_paths(digests)):
        world.records[digests[index]] = Record(ISSUER, BILL, False, batch, index, path, "bafk", None, 1, proof)
    return world, [envelope.serialize().encode() for envelope in envelopes]


def timed(name: str, work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    """Print what one item takes; return the results."""
    started = process_time()
    results = [work(item) for item in items]
    microseconds = (process_time() - started) / len(items) * 1e6
    print(f"  {name:<44}{microseconds:>9.0f} us{1e6 / microseconds:>9.0f} /s")
    return results


def measure(count: int, algorithm: Algorithm) -> None:
    """Print the table for one algorithm."""
    world, data = prepare(count, algorithm)
    key = key_named("bench", algorithm).public_key
    gc.collect()
    gc.freeze()
    print(f"{algorithm.jose}, {count} envelopes of {len(data[0])} bytes, one core (load {os.getloadavg()[0]:.1f})")
    sources = Sources(world, CachedFacts(world))
    verifier = Verifier(sources, clock=lambda: world.now)
    assert all(verdict.usable == "ACTIVE" for verdict in verifier.verify_many(map(Subject.presented, data)))
    timed("all of it (head asked for once for each)", lambda one: verifier.verify(Subject.presented(one)).usable, data)
    subjects = timed("  parse", Subject.presented, data)
    timed("  signature, disclosures, schema", lambda subject: read(subject.envelope, key), subjects)
    head = read_head(sources)
    evidence = timed("  gather, facts cached", lambda subject: gather(subject, sources, head, world.now), subjects)
    timed("  inclusion path", lambda one: one.included, evidence)
    opened: list[Evidence] = [one for one in evidence if one.reading and one.included]
    timed("  checks and fold", lambda one: judge(one, Question()), opened)


if __name__ == "__main__":
    for chosen in (Algorithm.ES256, Algorithm.ED25519):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, chosen)

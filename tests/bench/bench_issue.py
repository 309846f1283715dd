"""Issuing and checking an envelope, one process, no chain: documents per second of CPU time.

python -m tests.bench.bench_issue [count]
"""

import sys
import time
from collections.abc import Callable

from api.demonstration.samples import sample
from ledger.canonical import canonicalize
from ledger.envelope import issue, parse, verify
from ledger.jwk import Algorithm
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from ledger.strict_json import parse as parse_json

BILL = kind("bill-of-lading")
IAT = 1_790_000_000


def rate(count: int, work: Callable[[], object]) -> float:
    work()
    started = time.process_time()
    for _ in range(count):
        work()
    return count / (time.process_time() - started)


def main(count: int) -> None:
    document = sample("bill-of-lading")
    text = canonicalize(document)
    print(f"a bill of {len(text)} bytes; {count} times each; documents per second of CPU time")
    print(f"{'strict parse':<44}{rate(count, lambda: parse_json(text)):>10,.0f}")
    print(f"{'schema':<44}{rate(count, lambda: BILL.validate(document)):>10,.0f}")
    print(f"{'canonical form':<44}{rate(count, lambda: canonicalize(document)):>10,.0f}")
    for algorithm in (Algorithm.ES256, Algorithm.ED25519):
        key = PrivateKey.generate(algorithm)
        envelope = issue(document, BILL, "cn.carrier", key, iat=IAT).serialize()
        issued = rate(count, lambda key=key: issue(document, BILL, "cn.carrier", key, iat=IAT).digest)  # type: ignore[misc]
        checked = rate(count, lambda key=key, text=envelope: verify(parse(text), key.public_key))  # type: ignore[misc]
        print(f"{f'issue {algorithm.jose}: schema, form, sign, digest':<44}{issued:>10,.0f}")
        print(f"{f'check {algorithm.jose}: parse, signature, schema':<44}{checked:>10,.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)

"""QR codes by value: what they cost. `python -m tests.bench.bench_gate [COUNT]` prints a table.

Scanning is judged in memory (tests/verifier/world.py): base45, zlib, CBOR, signature, two paths, all checks and the
fold; with facts of one block, as an edge pack has them.
"""

import sys
import time
import zlib
from collections.abc import Callable

import base45

from anchors import gate_code
from api.qr_image import QrImage
from ledger import gate_statement
from ledger.errors import Invalid
from ledger.kinds import KINDS
from tests.anchors.gate_cases import printed
from tests.verifier.gate_world import close_hour, issued, scan
from tests.verifier.world import BILL, World, document, key_named


def rate(count: int, work: Callable[[], object]) -> float:
    work()
    started = time.process_time()
    for _ in range(count):
        work()
    return count / (time.process_time() - started)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    print("| kind | statement, bytes | code, 12 + 4 hashes: characters | version |\n|---|---|---|---|")
    for name in KINDS:
        _, statement = issued(name, iat=1_800_000_000)
        made = printed(statement, leaves=4_096, batches=16).code
        image = QrImage(made.text())
        print(f"| {name} | {len(statement.data)} | {len(made.text())} | {image.version}-M |")
    world = World()
    envelope, statement = issued(BILL, iat=world.now - 5)
    made = printed(statement, leaves=4_096, batches=16, anchored_at=world.now)
    close_hour(world, made)
    text, key = made.code.text(), key_named("first")
    assert scan(world, text).authentic == "VALID"
    bomb = gate_code.PREFIX + base45.b45encode(zlib.compress(bytes(2_000_000), 9)).decode()
    works: dict[str, Callable[[], object]] = {
        "gate statement signed": lambda: gate_statement.issue(envelope, document(BILL), key),
        "gate statement read, signature checked": lambda: gate_statement.check_signature(
            gate_statement.parse(statement.data), key.public_key
        ),
        "text read, both paths walked": lambda: gate_code.read(text).leads_to(made.hour),
        "scan judged, from the text to the verdict": lambda: scan(world, text),
        "bomb of 2 MB refused": lambda: _refused(bomb),
    }
    print("\n| step | per second and core |\n|---|---|")
    for name, work in works.items():
        print(f"| {name} | {rate(count, work):,.0f} |")
    for name, draw in (("PNG drawn", "png"), ("SVG drawn", "svg")):
        print(f"| {name} | {rate(max(count // 100, 5), lambda draw=draw: getattr(QrImage(text), draw)()):,.0f} |")  # type: ignore[misc]


def _refused(bomb: str) -> None:
    try:
        gate_code.read(bomb)
    except Invalid:
        return
    raise AssertionError("a bomb was read")


if __name__ == "__main__":
    main()

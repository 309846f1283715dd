"""Edge packs: bytes for 1,000,000 documents of which 0.1 % were revoked, of a delta, and what reading and judging cost.

`./scripts/bench packs [BATCHES [STATUSES]]`: so many batches of 1,000 documents each, anchored over a year, and so many
statuses at random times of the same year, by the issuers of four members, on the embedded chain.
"""

import random
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from api.device.device import Device
from ledger.authority import Role
from ledger.document_registry import Status, StatusChange
from tests.api.device_case import Packs
from tests.consortium import Consortium
from tests.faults.plain_environment import plain_environment
from tests.verifier.chain_case import Case
from verifier.evidence_reading import read_evidence
from verifier.pack.anchored import ByEvidence
from verifier.pack.body import compress, pack_body
from verifier.pack.content import Content
from verifier.pack.file import read_file
from verifier.pack.gate import at_the_gate
from verifier.pack.kinds import KINDS, STATUS
from verifier.pack.opening import open_pack
from verifier.subject import Subject

YEAR = 365 * 86_400
ISSUERS = [(f"{one}.carrier", f"{one}.maritime") for one in ("cn", "sg", "kr", "jp")]
CODES = [Status.REVOKED] * 9 + [Status.SUSPENDED]
WARM = 2_000


def run(batches: int, statuses: int) -> None:
    """Make the history, then measure."""
    with tempfile.TemporaryDirectory() as folder, Consortium.establish(Path(folder) / "template") as consortium:
        case, chance = Case(consortium), random.Random(7)
        history(case, chance, batches, statuses)
        packs = Packs(case)
        sizes(packs, statuses)
        reading(packs, Path(folder))


def history(case: Case, chance: random.Random, batches: int, statuses: int) -> None:
    """Anchorings and statuses, in the order of their times."""
    deeds = [(chance.randrange(YEAR), "status") for _ in range(statuses)]
    deeds += [(place * YEAR // batches, "batch") for place in range(batches)]
    start, documents = int(case.consortium.clock()), case.consortium.registries.document
    anchor = case.consortium.account("cn.maritime", Role.ANCHOR)
    for offset, deed in sorted(deeds):
        case.consortium.clock.now = max(start + offset, int(case.consortium.clock()) + 1)
        if deed == "batch":
            case.consortium.submit(anchor, documents.anchor(chance.randbytes(32), 1_000, chance.randbytes(32)))
            continue
        issuer, authority = chance.choice(ISSUERS)
        change = StatusChange(issuer, chance.randbytes(32), chance.choice(CODES), chance.randrange(6))
        case.consortium.submit(case.consortium.account(authority), documents.set_status(change))


def sizes(packs: Packs, statuses: int) -> None:
    """Of the whole, of its parts each packed alone, and of the delta between two."""
    pack, data = packs.packs[-1], packs.files[-1]
    content = pack.content
    only = len(compress(pack_body(Content({STATUS: content.changes[STATUS]}))))
    rest = {kind: rows for kind, rows in content.changes.items() if kind != STATUS}
    rows = sum(map(len, content.changes[STATUS]))
    print(f"{'whole pack':38} {len(data):>9,} bytes")
    print(
        f"{f'  {len(content.changes[STATUS]):,} statuses alone':38} {only:>9,} bytes; as the chain hashes them {rows:,}"
    )
    print(
        f"{'  statuses as hashed, zlib alone':38} {len(zlib.compress(b''.join(content.changes[STATUS]), 9)):>9,} bytes"
    )
    hours = len(compress(pack_body(Content({}, hours=content.hours))))
    print(f"{f'  {len(content.hours):,} hour roots alone':38} {hours:>9,} bytes")
    others = len(compress(pack_body(Content(rest, content.keys, content.terms))))
    print(f"{f'  {sum(map(len, rest.values())):,} other changes, keys and terms alone':38} {others:>9,} bytes")
    file = read_file(data)
    print(f"{'  signed head, proof of the block':38} {len(file.head):>9,} + {len(file.proof):,} bytes")
    print(f"{'delta, 1 status':38} {len(packs.delta(1, 2)):>9,} bytes")
    print(f"{'delta, 2 statuses and 1 anchoring':38} {len(packs.delta(1, 3)):>9,} bytes")
    assert statuses == 0 or set(content.changes) == set(KINDS)


def reading(packs: Packs, folder: Path) -> None:
    """From bytes to a pack, from a question to a verdict, and a whole process."""
    data, roots = packs.files[-1], packs.case.roots
    times = sorted(timed(lambda: open_pack(read_file(data), roots, "cn.customs")) for _ in range(7))
    print(f"{'read and proved whole':38} {times[3] * 1000:>9.1f} ms (median of 7)")
    pack = open_pack(read_file(data), roots, "cn.customs")
    evidence = read_evidence(packs.evidence[packs.genuine.digest])
    verifier = at_the_gate(pack, ByEvidence(evidence, roots), clock=packs.case.consortium.clock)
    subject = Subject.presented(packs.genuine.serialize())
    assert verifier.verify(subject).usable == "ACTIVE"
    spent = timed(lambda: [verifier.verify(Subject.presented(packs.genuine.serialize())) for _ in range(WARM)])
    print(f"{'verdicts by pack and evidence, warm':38} {WARM / spent:>9,.0f} a second")
    device = packs.enrolled(folder / "device")
    device.apply(data)
    file = folder / "genuine.evidence"
    file.write_bytes(packs.evidence[packs.genuine.digest])
    command = [sys.executable, "-m", "api.cli", "verify", str(file), "--pack", str(device.folder)]
    starts = sorted(
        timed(lambda: subprocess.run(command, env=plain_environment(), capture_output=True)) for _ in range(5)
    )
    print(f"{'portseal verify --pack, whole process':38} {starts[2] * 1000:>9.0f} ms (median of 5)")
    spent = timed(lambda: [Device(device.folder).pack for _ in range(3)]) / 3
    print(f"{'a device opens its pack':38} {spent * 1000:>9.1f} ms")


def timed(deed: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    run(*[*given, *(1_000, 1_000)[len(given) :]])

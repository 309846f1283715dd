"""A device at the gate: never back to an older pack, never ACTIVE by a clock that is wrong, whole after any crash."""

import threading
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from api.device.device import Device
from api.device.verdicts import Verdicts
from ledger.authority import Purpose
from ledger.compact_jws import sign_text
from ledger.errors import Invalid, PortsealError, Refused, Unavailable
from ledger.offline_verdict import line_hash, read_line
from tests.api.device_case import Packs, die_at
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from verifier.axes import Authentic, Usable
from verifier.evidence_reading import read_evidence
from verifier.pack.anchored import ByEvidence
from verifier.pack.file import read_file
from verifier.pack.gate import at_the_gate
from verifier.pack.head import TYPE, read_head
from verifier.sources import HighestTime
from verifier.subject import Subject
from verifier.verdict import Verdict

HOUR, DAY = 3_600, 86_400


@pytest.fixture(scope="module")
def packs(consortium: Consortium) -> Packs:
    return Packs(Case(consortium))


@pytest.fixture
def device(packs: Packs, tmp_path: Path) -> Device:
    return packs.enrolled(tmp_path / "device")


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(PortsealError) as caught:
        deed()
    return caught.value.code


def signed_anew(packs: Packs, number: int, /, **claims: object) -> bytes:
    """A pack whose head says something else, signed by the customs."""
    file = read_file(packs.files[number - 1])
    stated = read_head(file.head)[0].claims() | claims
    key = packs.case.consortium.service_key("cn.customs", Purpose.ANSWERS)
    return replace(file, head=sign_text(stated, key, TYPE)).encode()


# --- never back


def test_it_takes_newer_packs_whole_or_as_what_was_added(packs: Packs, device: Device) -> None:
    assert device.held is None
    assert refused(lambda: device.pack) == "device.no-pack"
    assert refused(lambda: device.apply(packs.delta(1, 2))) == "device.no-pack"
    device.apply(packs.files[0])
    assert device.held == (1, packs.packs[0].hash)
    device.apply(packs.delta(1, 3))
    assert Device(device.folder).pack.hash == packs.packs[2].hash
    device.apply(packs.files[2])
    assert device.held == (3, packs.packs[2].hash)


def test_an_older_pack_is_refused(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    for older in packs.files[:2]:
        assert refused(lambda older=older: device.apply(older)) == "pack.rolled-back"
    assert refused(lambda: device.apply(packs.delta(1, 2))) == "pack.other-base"
    assert device.pack.hash == packs.packs[2].hash


def test_another_pack_of_the_same_number_is_refused(packs: Packs, device: Device) -> None:
    device.apply(packs.files[1])
    assert refused(lambda: device.apply(signed_anew(packs, 2, made_at=1))) == "pack.forked"


def test_a_pack_that_follows_another_one_is_refused(packs: Packs, device: Device) -> None:
    device.apply(packs.files[1])
    assert refused(lambda: device.apply(signed_anew(packs, 3, previous="ab" * 32))) == "pack.forked"
    assert device.held == (2, packs.packs[1].hash)


def test_an_older_state_under_a_newer_number_is_refused(packs: Packs, device: Device) -> None:
    device.apply(packs.files[1])
    head = {"number": 7, "previous": "ab" * 32}
    assert refused(lambda: device.apply(signed_anew(packs, 1, **head))) == "pack.block-back"


def test_the_packs_of_another_customs_are_refused(packs: Packs, tmp_path: Path) -> None:
    device = packs.enrolled(tmp_path / "device")
    with device.store.write() as database:
        database.execute("UPDATE device SET customs = 'sg.customs'")
    assert refused(lambda: device.apply(packs.files[0])) == "pack.signer"


@pytest.mark.parametrize("point", ["device.pack.before", "device.pack.after"])
@pytest.mark.parametrize("as_delta", [False, True])
def test_killed_while_it_takes_a_pack_it_holds_the_old_or_the_new(
    packs: Packs, device: Device, tmp_path: Path, point: str, as_delta: bool
) -> None:
    device.apply(packs.files[0])
    file = tmp_path / "next.pack"
    file.write_bytes(packs.delta(1, 2) if as_delta else packs.files[1])
    die_at(point, device.folder, file)
    after = Device(device.folder)
    held = packs.packs[0] if point.endswith("before") else packs.packs[1]
    assert after.pack.hash == held.hash
    assert after.apply(packs.files[1]).hash == packs.packs[1].hash
    assert refused(lambda: after.apply(packs.files[0])) == "pack.rolled-back"


def test_what_it_holds_is_checked_whenever_it_is_read(packs: Packs, device: Device) -> None:
    device.apply(packs.files[1])
    with device.store.write() as database:
        database.execute("UPDATE device SET pack = ?", (packs.files[0],))
    assert refused(lambda: Device(device.folder).pack) == "pack.forked"
    damaged = bytearray(packs.files[1])
    damaged[len(damaged) // 2] ^= 1
    with device.store.write() as database:
        database.execute("UPDATE device SET pack = ?", (bytes(damaged),))
    assert refused(lambda: Device(device.folder).pack) in ("pack.damaged", "pack.form", "pack.signer")


def test_two_at_once_take_the_newest(packs: Packs, device: Device) -> None:
    codes: list[str] = []

    def take(data: bytes) -> None:
        try:
            Device(device.folder).apply(data)
        except Refused as error:
            codes.append(error.code)

    threads = [threading.Thread(target=take, args=(data,)) for data in packs.files * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Device(device.folder).held == (3, packs.packs[2].hash)
    assert set(codes) <= {"pack.rolled-back"}


def test_a_folder_that_is_none(tmp_path: Path, packs: Packs) -> None:
    assert refused(lambda: Device(tmp_path)) == "device.none"
    packs.enrolled(tmp_path / "one")
    with pytest.raises(Refused, match=r"file\.exists|device\.exists"):
        packs.enrolled(tmp_path / "one")
    (tmp_path / "one" / "device.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    assert refused(lambda: Device(tmp_path / "one").held) == "device.store"


def test_the_key_is_its_owners_only(device: Device) -> None:
    key = device.folder / "device.jwk"
    assert key.stat().st_mode & 0o077 == 0
    assert device.key.public_key.kid in key.read_text() or device.key.public_key.algorithm.signs
    key.write_text("{}")
    with pytest.raises(Invalid):
        _ = Device(device.folder).key


# --- time


def judged(packs: Packs, device: Device, *, now: float, risk: str = "normal") -> Verdict:
    """As `portseal verify --pack` does: judge, and keep the verdict."""
    device.clock = lambda: now
    evidence = read_evidence(packs.evidence[packs.genuine.digest])
    seen = HighestTime(device.highest_time)
    anchored = ByEvidence(evidence, device.roots)
    verifier = at_the_gate(device.pack, anchored, risk=risk, clock=device.clock, highest_time=seen)
    verdict = verifier.verify(Subject.presented(packs.genuine.serialize()))
    Verdicts(device).keep(verdict, device.pack, risk)
    return verdict


def codes(verdict: Verdict) -> set[str]:
    return {one.code for one in verdict.findings}


@pytest.mark.parametrize(
    ("risk", "age", "usable", "code"),
    [
        ("normal", 0, Usable.ACTIVE, "freshness.good"),
        ("normal", HOUR, Usable.ACTIVE, "freshness.good"),
        ("normal", HOUR + 1, Usable.ACTIVE, "freshness.ageing"),
        ("normal", 6 * HOUR, Usable.ACTIVE, "freshness.ageing"),
        ("normal", 6 * HOUR + 1, Usable.UNKNOWN, "freshness.stale"),
        ("high", HOUR, Usable.ACTIVE, "freshness.ageing"),
        ("high", HOUR + 1, Usable.UNKNOWN, "freshness.stale"),
        ("low", 4 * HOUR + 1, Usable.ACTIVE, "freshness.ageing"),
        ("low", DAY, Usable.ACTIVE, "freshness.ageing"),
        ("low", DAY + 1, Usable.UNKNOWN, "freshness.stale"),
    ],
)
def test_a_pack_gets_old_by_risk(packs: Packs, device: Device, risk: str, age: int, usable: Usable, code: str) -> None:
    device.apply(packs.files[2])
    verdict = judged(packs, device, now=device.pack.block.time + age, risk=risk)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, usable)
    assert code in codes(verdict)
    assert ("freshness.ageing" in codes(verdict)) == (code == "freshness.ageing")
    assert verdict.policy.endswith(f"/pack-{risk}")


def test_a_risk_that_is_none(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    assert refused(lambda: judged(packs, device, now=0, risk="extreme")) == "pack.risk"


def test_a_clock_that_was_set_back_never_makes_an_old_pack_new(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    time = device.pack.block.time
    assert judged(packs, device, now=time + 2 * HOUR).usable is Usable.ACTIVE
    back = judged(packs, device, now=time + 2 * HOUR - DAY)
    assert (back.authentic, back.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert "freshness.clock-behind" in codes(back)
    assert judged(packs, Device(device.folder), now=time + HOUR).usable is Usable.UNKNOWN
    assert judged(packs, device, now=time + 2 * HOUR - 200).usable is Usable.ACTIVE
    assert device.highest_time == time + 2 * HOUR


def test_a_clock_that_is_behind_the_packs_own_block(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    verdict = judged(packs, device, now=device.pack.block.time - DAY)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert "freshness.clock-behind" in codes(verdict)


def test_a_clock_that_was_set_forward_makes_it_old_and_stays_seen(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    time = device.pack.block.time
    forward = judged(packs, device, now=time + DAY)
    assert (forward.authentic, forward.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert "freshness.stale" in codes(forward)
    # Which of the two times is wrong, nobody here can tell: it stays unknown, and never becomes ACTIVE.
    assert judged(packs, device, now=time + 10).usable is Usable.UNKNOWN


# --- what it answered


def test_verdicts_are_signed_and_name_the_one_before(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    for age in (0, 10, 20):
        judged(packs, device, now=device.pack.block.time + age)
    kept = Verdicts(device).all()
    read = [read_line(one.line) for one in kept]
    assert [one.number for one in read] == [1, 2, 3]
    assert [one.previous for one in read] == [None, line_hash(kept[0].line), line_hash(kept[1].line)]
    assert {one.device for one in read} == {device.key.public_key}
    assert {(one.digest, one.authentic, one.usable) for one in read} == {(packs.genuine.digest, "VALID", "ACTIVE")}
    assert [one.at for one in read] == [device.pack.block.time + age for age in (0, 10, 20)]


def test_a_verdict_that_was_changed_is_not_read(packs: Packs, device: Device) -> None:
    device.apply(packs.files[2])
    judged(packs, device, now=device.pack.block.time)
    [kept] = Verdicts(device).all()
    header, claims, signature = kept.line.split(".")
    for wrong in (
        f"{header}.{claims[:-4]}AAAA.{signature}",
        f"{header}.{claims}.{signature[:-4]}AAAA",
        f"{header}.{claims}",
        "",
        "x" * 200_000,
    ):
        with pytest.raises(Invalid):
            read_line(wrong)


def test_a_full_disk_is_a_fault_and_nothing_is_lost(
    packs: Packs, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.apply(packs.files[2])
    judged(packs, device, now=device.pack.block.time)
    monkeypatch.setattr("api.device.verdicts.reached", lambda _: (_ for _ in ()).throw(Unavailable("x", "y")))
    with pytest.raises(Unavailable):
        judged(packs, device, now=device.pack.block.time)
    assert len(Verdicts(device).all()) == 1


def test_the_hash_of_a_pack_is_that_of_its_signed_head(packs: Packs) -> None:
    file = read_file(packs.files[0])
    assert packs.packs[0].hash == sha256(file.head.encode()).digest()

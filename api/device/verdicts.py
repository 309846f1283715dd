"""The verdicts that a device gave: signed with its key, each naming the hash of the one before, only ever added to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.device.device import Device
from ledger.compact_jws import sign_text
from ledger.failpoint import reached
from ledger.offline_verdict import TYPE, VERSION, line_hash
from verifier.pack.opened import Pack
from verifier.report import to_dict
from verifier.verdict import Verdict


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """line: the compact JWS. number: from 1. uploaded: whether the customs have it."""

    number: int
    line: str
    uploaded: bool


class Verdicts:
    """The log of one device. Every method raises Unavailable `device.store`."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def keep(self, verdict: Verdict, pack: Pack, risk: str) -> KeptVerdict:
        """Sign a verdict and keep it for good; the highest time seen rises to the clock."""
        device, now = self._device, int(self._device.clock())
        with device.store.write() as database:
            last = database.execute("SELECT number, hash FROM verdicts ORDER BY number DESC LIMIT 1").fetchone()
            [highest] = database.execute("SELECT max(highest_time, ?) FROM device", (now,)).fetchone()
            number = last["number"] + 1 if last else 1
            claims = {
                "v": VERSION,
                "number": number,
                "previous": last["hash"].hex() if last else None,
                "device": device.key.public_key.jwk(),
                "customs": pack.head.by,
                "at": now,
                "highest_time": highest,
                "pack": {"number": pack.head.number, "hash": pack.hash.hex()},
                "risk": risk,
                "verdict": _brief(to_dict(verdict)),
            }
            line = sign_text(claims, device.key, TYPE)
            database.execute("INSERT INTO verdicts VALUES (?, ?, ?, 0)", (number, line_hash(line), line))
            database.execute("UPDATE device SET highest_time = ?", (highest,))
            reached("device.verdict.before")
        reached("device.verdict.after")
        return KeptVerdict(number, line, False)

    def waiting(self, limit: int) -> Sequence[KeptVerdict]:
        """Return the oldest ones that the customs do not have yet."""
        query = "SELECT number, line, uploaded FROM verdicts WHERE NOT uploaded ORDER BY number LIMIT ?"
        with self._device.store.read() as database:
            return [KeptVerdict(*row) for row in database.execute(query, (limit,))]

    def all(self) -> Sequence[KeptVerdict]:
        """Return every one, oldest first."""
        with self._device.store.read() as database:
            rows = database.execute("SELECT number, line, uploaded FROM verdicts ORDER BY number").fetchall()
        return [KeptVerdict(number, line, bool(uploaded)) for number, line, uploaded in rows]

    def uploaded(self, numbers: Iterable[int]) -> None:
        """Note that the customs have these."""
        with self._device.store.write() as database:
            database.executemany("UPDATE verdicts SET uploaded = 1 WHERE number = ?", [(one,) for one in numbers])


def _brief(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the sentences, which follow from the codes (docs/findings.md)."""
    findings = [
        {name: value for name, value in one.items() if name not in ("text", "remedy")} for one in verdict["findings"]
    ]
    return {**verdict, "findings": findings}

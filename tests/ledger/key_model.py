"""What the registry of issuers must keep of an issuer's keys: one term each, suspended and compromised within it."""

from collections import defaultdict

from tests.ledger.accreditation_model import Accreditations, By
from tests.ledger.registry_model import History, require

ACTIVE, RETIRED, SUSPENDED, COMPROMISED = 1, 2, 3, 4


class Keys:
    """By number; all are of the issuer under the body. Written from IIssuerRegistry.sol, as registry_model."""

    def __init__(self, accreditations: Accreditations) -> None:
        self.accreditations = accreditations
        self.of: dict[int, History] = defaultdict(History)
        self.holds: dict[int, History] = defaultdict(History)
        self.compromises: dict[int, History] = defaultdict(History)

    def add(self, now: int, by: By, key: int, begin: int, end: int) -> None:
        require(self._power(now, by) >= By.BODY and not self.of[key])
        self.of[key].add(now, ACTIVE, 0, begin, end)

    def retire(self, now: int, by: By, key: int, begin: int) -> None:
        require(self._power(now, by) >= By.BODY and bool(self.of[key]))
        end = self._end(key)
        require(end == 0 or (begin or now) < end)
        self.of[key].add(now, RETIRED, 0, begin)

    def suspend(self, now: int, by: By, key: int, reason: int) -> None:
        power, end = self._power(now, by), self._in_term(now, key)
        require(power is not By.NOBODY)
        taken_over = power > By.ISSUER and power > self.holds[key].code(now, now)
        require(self.of[key].code(now, now) != SUSPENDED or taken_over)
        self.of[key].add(now, SUSPENDED, reason, 0, end)
        if power > By.ISSUER:
            self.holds[key].add(now, power)

    def reinstate(self, now: int, by: By, key: int) -> None:
        power, end = self._power(now, by), self._in_term(now, key)
        require(power >= By.BODY and power >= self.holds[key].code(now, now))
        require(self.of[key].code(now, now) == SUSPENDED and not self.compromises[key])
        self.of[key].add(now, ACTIVE, 0, max(now, self.of[key][0].begin), end)
        if self.holds[key].code(now, now):
            self.holds[key].add(now, 0)

    def mark_compromised(self, now: int, by: By, key: int, since: int) -> None:
        require(self._power(now, by) is By.AUTHORITY and bool(self.of[key]))
        since = since or now
        require(since <= now and all(since < fact.begin for fact in self.compromises[key]))
        self.compromises[key].add(now, COMPROMISED, 0, since, past=True)

    def _power(self, now: int, by: By) -> By:
        return self.accreditations.power(now, by, self.accreditations.issuer)

    def _end(self, key: int) -> int:
        """The end of the key's term, 0 without end: that of its first entry, or the earliest day it was retired on."""
        retired = [fact.begin for fact in self.of[key] if fact.code == RETIRED]
        return min(retired, default=self.of[key][0].end)

    def _in_term(self, now: int, key: int) -> int:
        require(bool(self.of[key]))
        require(self._end(key) == 0 or now < self._end(key))
        return self._end(key)

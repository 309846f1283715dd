"""What the registry of issuers must answer of one chain: an authority, a body of its, and an issuer of the body's."""

from collections import defaultdict
from enum import IntEnum

from tests.ledger.registry_model import Fact, History, Members, require

LIMITS = {"agreement": 1, "hs": 2, "port": 4}


class By(IntEnum):
    """Who acts, as the registry orders them."""

    NOBODY = 0
    ISSUER = 1
    BODY = 2
    AUTHORITY = 3


def limit_of(code: str) -> int:
    return LIMITS[code.split(".")[0]]


class Accreditations:
    """One kind of document. The body stands under the authority of `country`, the issuer under the body."""

    def __init__(self, members: Members, country: str, body: str, issuer: str) -> None:
        self.members, self.country, self.body, self.issuer = members, country, body, issuer
        self.states = {body: History(), issuer: History()}
        self.holds = {body: History(), issuer: History()}
        self.accredited = {body: History(), issuer: History()}
        self.scope: dict[tuple[str, str], History] = defaultdict(History)
        self.authorized = History()
        self.account = History()
        """The issuer's own."""

    def found(self, now: int) -> None:
        """The body is entered and authorized, the issuer entered under it."""
        self.states[self.body].add(now, 1)
        self.authorized.add(now, 1)
        self.states[self.issuer].add(now, 1)

    def authorize(self, now: int, by: By, begin: int, end: int) -> None:
        require(self.power(now, by, self.body) is By.AUTHORITY)
        self.authorized.add(now, 1, 0, begin, end)

    def end_body(self, now: int, by: By, begin: int) -> None:
        require(self.power(now, by, self.body) is By.AUTHORITY)
        self.authorized.close(now, begin)

    def accredit(self, now: int, by: By, who: str, limits: int, begin: int, end: int) -> None:
        require(self.power(now, by, who) >= By.BODY)
        fact = History().add(now, 1, limits, begin, end)
        within = self.accredited[self.body].throughout(fact.begin, fact.end, now, limits)
        require(who == self.body or (within and self._is_body_throughout(now, fact)))
        self.accredited[who].append(fact)

    def end_accreditation(self, now: int, by: By, who: str, begin: int) -> None:
        require(self.power(now, by, who) >= By.BODY)
        self.accredited[who].close(now, begin)

    def add_scope(self, now: int, by: By, who: str, code: str, begin: int, end: int) -> None:
        require(self.power(now, by, who) >= By.BODY and bool(self.accredited[who]))
        fact = History().add(now, 1, limit_of(code), begin, end)
        require(who == self.body or (self._has_code(now, fact, code) and self._is_body_throughout(now, fact)))
        self.scope[who, code].append(fact)

    def end_scope(self, now: int, by: By, who: str, code: str, begin: int) -> None:
        require(self.power(now, by, who) >= By.BODY)
        self.scope[who, code].close(now, begin)

    def suspend(self, now: int, by: By, who: str, reason: int) -> None:
        power = self.power(now, by, who)
        suspended = self.states[who].code(now, now) == 2
        require(power >= By.BODY and not (suspended and power <= self.holds[who].code(now, now)))
        self.states[who].add(now, 2, reason)
        self.holds[who].add(now, power)

    def reinstate(self, now: int, by: By, who: str) -> None:
        power = self.power(now, by, who)
        require(power >= By.BODY and self.states[who].code(now, now) == 2)
        require(power >= self.holds[who].code(now, now))
        self.holds[who].add(now, 0)
        self.states[who].add(now, 1)

    def covers(self, who: str, codes: list[str], time: int, known: int) -> bool:
        links = [self.body] if who == self.body else [self.body, self.issuer]
        in_office = self.members.of[self.country].code(time, known) == 1
        authorized = who == self.body or self.authorized.code(time, known) == 1
        return in_office and authorized and all(self._meets(link, codes, time, known) for link in links)

    def _meets(self, who: str, codes: list[str], time: int, known: int) -> bool:
        fact = self.accredited[who].at(time, known)
        if fact is None or fact.code != 1 or self.states[who].code(time, known) != 1:
            return False
        for limit in (limit for limit in LIMITS.values() if fact.detail & limit):
            limited = [code for code in codes if limit_of(code) == limit]
            if not limited or any(self.scope[who, code].code(time, known) != 1 for code in limited):
                return False
        return True

    def power(self, now: int, by: By, who: str) -> By:
        """What is left of the power that `by` has in better times."""
        in_office = self.members.acts(now, self.country)
        if by is By.AUTHORITY and in_office:
            return By.AUTHORITY
        active = self.authorized.code(now, now) == 1 and self.states[self.body].code(now, now) == 1
        if by is By.BODY and who == self.issuer and active and in_office:
            return By.BODY
        own = who == self.issuer and self.account.code(now, now) == 1
        return By.ISSUER if by is By.ISSUER and own else By.NOBODY

    def add_account(self, now: int, by: By, begin: int, end: int) -> None:
        require(self.power(now, by, self.issuer) >= By.BODY and not self.account)
        self.account.add(now, 1, 0, begin, end)

    def end_account(self, now: int, by: By, begin: int) -> None:
        require(self.power(now, by, self.issuer) >= By.BODY)
        self.account.close(now, begin)

    def _has_code(self, now: int, fact: Fact, code: str) -> bool:
        unlimited = self.accredited[self.body].throughout(fact.begin, fact.end, now, ~limit_of(code))
        return unlimited or self.scope[self.body, code].throughout(fact.begin, fact.end, now, limit_of(code))

    def _is_body_throughout(self, now: int, fact: Fact) -> bool:
        return self.authorized.throughout(fact.begin, fact.end, now)

"""Random steps of an authority, a body of its and an issuer of the body's, and the answers after them."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from ledger.account import Account
from ledger.issuer_registry import IssuerRegistry, Limit
from tests.ledger.accreditation_model import Accreditations, By
from tests.ledger.history_machine import HistoryMachine, begins, ends, entries, reason
from tests.ledger.registry_world import Step

KIND = "bill-of-lading"
CODES = ("agreement.rcep", "agreement.acfta", "hs.84")
QUESTIONS: tuple[list[str], ...] = (
    [],
    ["agreement.rcep"],
    ["agreement.rcep", "hs.84"],
    ["agreement.acfta", "port.cnsha"],
)

power = st.sampled_from([By.AUTHORITY, By.BODY, By.BODY, By.ISSUER])
who = st.sampled_from([0, 1, 1])
limits = st.sampled_from([0, 1, 1, 3])
code = st.sampled_from(CODES)


class AccreditationRules(HistoryMachine):
    """One kind of document, with limits and codes."""

    def found(self) -> None:
        super().found()
        self.body, self.issuer = f"cn.b{self.number}", f"cn.i{self.number}"
        self.accreditations = Accreditations(self.world.members, "CN", self.body, self.issuer)
        chamber, own = self.world.account("cn.chamber"), Account.generate()
        stranger = self.world.stranger
        self.accounts = {By.AUTHORITY: chamber, By.BODY: own, By.ISSUER: stranger, By.NOBODY: stranger}
        for call in (
            self.issuers.add_issuer(self.body, "cn.chamber"),
            self.issuers.add_account(self.body, own.address),
            self.issuers.authorize_body(self.body),
        ):
            self.steps.append(Step(chamber, call, lambda now: None))
        self.steps.append(Step(chamber, self.issuers.add_issuer(self.issuer, self.body), self.accreditations.found))
        self.accredit(By.AUTHORITY, 0, 1, None, None)
        self.add_scope(By.AUTHORITY, 0, CODES[0], None, None)

    def follow(self) -> None:
        super().follow()
        # The body has the one code, and not the other.
        self.accredit(By.BODY, 1, 1, None, None)
        self.add_scope(By.BODY, 1, CODES[0], None, None)
        self.add_scope(By.BODY, 1, CODES[1], None, None)

    @property
    def issuers(self) -> IssuerRegistry:
        return self.world.consortium.registries.issuer

    @property
    def names(self) -> tuple[str, str]:
        return self.body, self.issuer

    def compare(self, time: int, known: int, turn: int) -> None:
        super().compare(time, known, turn)
        codes = QUESTIONS[turn % len(QUESTIONS)]
        for name in self.names:
            expected = self.accreditations.covers(name, codes, time, known)
            self.world.answers[f"issuer {expected}"] += 1
            assert self.issuers.covers(name, KIND, codes, time, known) is expected, (name, codes, time, known)

    def compare_lists(self) -> None:
        super().compare_lists()
        assert self.issuers.body_entries(self.body) == entries(self.accreditations.authorized)
        for name in self.names:
            assert self.issuers.issuer_entries(name) == entries(self.accreditations.states[name])
            assert self.issuers.issuer_hold_entries(name) == entries(self.accreditations.holds[name])
            assert self.issuers.accreditation_entries(name, KIND) == entries(self.accreditations.accredited[name])
            for one in CODES:
                assert self.issuers.scope_entries(name, KIND, one) == entries(self.accreditations.scope[name, one])

    @rule(by=power, begin=begins, end=ends)
    def authorize(self, by: By, begin: int | None, end: int | None) -> None:
        dates = self.time(begin), self.time(end)
        call = self.issuers.authorize_body(self.body, *dates)
        self.add(self.accounts[by], call, self.accreditations.authorize, by, *dates)

    @rule(by=power, begin=begins)
    def end_body(self, by: By, begin: int | None) -> None:
        call = self.issuers.end_body(self.body, self.time(begin))
        self.add(self.accounts[by], call, self.accreditations.end_body, by, self.time(begin))

    @rule(by=power, place=who, limits=limits, begin=begins, end=ends)
    def accredit(self, by: By, place: int, limits: int, begin: int | None, end: int | None) -> None:
        name, dates = self.names[place], (self.time(begin), self.time(end))
        call = self.issuers.accredit(name, [KIND], *dates, Limit(limits))
        self.add(self.accounts[by], call, self.accreditations.accredit, by, name, limits, *dates)

    @rule(by=power, place=who, begin=begins)
    def end_accreditation(self, by: By, place: int, begin: int | None) -> None:
        name, time = self.names[place], self.time(begin)
        call = self.issuers.end_accreditation(name, KIND, time)
        self.add(self.accounts[by], call, self.accreditations.end_accreditation, by, name, time)

    @rule(by=power, place=who, code=code, begin=begins, end=ends)
    def add_scope(self, by: By, place: int, code: str, begin: int | None, end: int | None) -> None:
        name, dates = self.names[place], (self.time(begin), self.time(end))
        call = self.issuers.add_scope(name, KIND, [code], *dates)
        self.add(self.accounts[by], call, self.accreditations.add_scope, by, name, code, *dates)

    @rule(by=power, place=who, code=code, begin=begins)
    def end_scope(self, by: By, place: int, code: str, begin: int | None) -> None:
        name, time = self.names[place], self.time(begin)
        call = self.issuers.end_scope(name, KIND, code, time)
        self.add(self.accounts[by], call, self.accreditations.end_scope, by, name, code, time)

    @rule(by=power, place=who, reason=reason)
    def suspend_issuer(self, by: By, place: int, reason: int) -> None:
        name = self.names[place]
        call = self.issuers.suspend_issuer(name, reason)
        self.add(self.accounts[by], call, self.accreditations.suspend, by, name, reason)

    @rule(by=power, place=who)
    def reinstate_issuer(self, by: By, place: int) -> None:
        name = self.names[place]
        call = self.issuers.reinstate_issuer(name)
        self.add(self.accounts[by], call, self.accreditations.reinstate, by, name)

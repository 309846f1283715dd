"""Random steps with arrangements, offers and recognitions, and the answers after them."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ledger.recognition import Arrangement, Direction, Recognition, RecognitionState, Terms
from ledger.recognition_registry import RecognitionRegistry, offer_id
from ledger.trade_role import TradeRole
from tests.ledger.history_machine import HistoryMachine, begins, country, ends, entries, reason
from tests.ledger.registry_model import Offered, Pair, Recognitions, refuse

AGREEABLE = [("CN", "SG"), ("SG", "CN"), ("SG", "KR")]
PAIRS = [*AGREEABLE, ("CN", "KR")]
"""The last one never is agreed: what the others say must not put it into effect."""

pair = st.sampled_from([AGREEABLE[0], *AGREEABLE])
party = st.sampled_from(["CN", "CN", "SG", "SG", "KR", "JP"])
arrangement = st.sampled_from([0, 0, 1])


class RecognitionRules(HistoryMachine):
    """One programme with two arrangements, of which the first has two parties from the beginning."""

    def found(self) -> None:
        super().found()
        self.recognitions = Recognitions(self.world.members)
        self.programme, self.arrangements = f"p{self.number}", (f"cn.a{self.number}", f"sg.b{self.number}")
        self.offered: list[Offered] = []
        self._propose("CN", 0, ["SG", "KR"], self.now - 1000)
        self._mine(10)
        self._join("SG", 0, self.now - 1000)
        self.offer(0, ("CN", "SG"), 0, 5, -500, None)
        self._mine(10)
        self._accept(self.offered[0], "SG")

    @property
    def registry(self) -> RecognitionRegistry:
        return self.world.consortium.registries.recognition

    def _direction(self, pair: Pair) -> Direction:
        return Direction(self.programme, *pair)

    def compare(self, time: int, known: int, turn: int) -> None:
        super().compare(time, known, turn)
        for pair in (PAIRS[0], PAIRS[turn % len(PAIRS)]):
            state, terms = self.recognitions.answer(pair, time, known)
            roles, offer = (TradeRole(terms.roles), offer_id(_terms(terms))) if terms else (TradeRole(0), None)
            self.world.answers[f"recognition {state}"] += 1
            expected = Recognition(RecognitionState[state], roles, offer)
            assert self.registry.recognition(self._direction(pair), time, known) == expected, (pair, time, known)

    def compare_lists(self) -> None:
        super().compare_lists()
        for name in self.arrangements:
            parties = self.recognitions.parties.get(name, {})
            assert self.registry.parties(name) == tuple(parties)
            for one, history in parties.items():
                assert self.registry.party_entries(name, one) == entries(history)
        for terms, history in self.recognitions.offers.items():
            assert self.registry.offer_entries(offer_id(_terms(terms))) == entries(history)
        agreed = {(one.recogniser, one.recognised) for one in self.registry.agreed(self.programme)}
        assert agreed == {pair for pair, history in self.recognitions.agreed.items() if history}
        for pair in PAIRS:
            assert self.registry.recognition_entries(self._direction(pair)) == entries(self.recognitions.agreed[pair])
            for by in pair:
                found = self.registry.suspension_entries(self._direction(pair), by)
                assert found == entries(self.recognitions.suspensions[pair, by])

    # --- arrangements

    @rule(by=party, place=arrangement, others=st.lists(country, max_size=3), signed=begins)
    def propose(self, by: str, place: int, others: list[str], signed: int | None) -> None:
        # Only a country's own ids are for it to give.
        self._propose(self.arrangements[place][:2].upper() if others else by, place, others, self.time(signed))

    def _propose(self, by: str, place: int, others: list[str], signed: int) -> None:
        name = self.arrangements[place]
        call = self.registry.propose_arrangement(Arrangement(name, self.programme), others, signed)
        own = name.startswith(by.lower())
        model = self.recognitions.propose if own else refuse
        self.add(self.customs(by), call, model, by, name, others, signed)

    @rule(by=party, place=arrangement, country=country)
    def invite(self, by: str, place: int, country: str) -> None:
        name = self.arrangements[place]
        call = self.registry.invite_party(name, country)
        self.add(self.customs(by), call, self.recognitions.invite, by, name, country)

    @rule(by=party, place=arrangement, signed=begins)
    def join(self, by: str, place: int, signed: int | None) -> None:
        self._join(by, place, self.time(signed))

    def _join(self, by: str, place: int, signed: int) -> None:
        name = self.arrangements[place]
        call = self.registry.accept_arrangement(name, signed)
        self.add(self.customs(by), call, self.recognitions.join, by, name, signed)

    @rule(by=party, place=arrangement, begin=begins)
    def leave(self, by: str, place: int, begin: int | None) -> None:
        name, time = self.arrangements[place], self.time(begin)
        call = self.registry.leave_arrangement(name, time)
        self.add(self.customs(by), call, self.recognitions.leave, by, name, time)

    # --- offers and directions

    @rule(place=arrangement, pair=pair, side=st.integers(0, 1), roles=st.integers(0, 3), begin=begins, end=ends)
    def offer(self, place: int, pair: Pair, side: int, roles: int, begin: int | None, end: int | None) -> None:
        terms = Offered(self.arrangements[place], *pair, roles, self.time(begin), self.time(end))
        self.offered.append(terms)
        call = self.registry.offer([_terms(terms)])
        self.add(self.customs(pair[side]), call, self.recognitions.offer, pair[side], terms)

    @precondition(lambda self: self.offered)
    @rule(data=st.data(), side=st.integers(0, 1))
    def accept(self, data: st.DataObject, side: int) -> None:
        terms = data.draw(st.sampled_from(self.offered))
        self._accept(terms, (terms.recogniser, terms.recognised)[side])

    def _accept(self, terms: Offered, by: str) -> None:
        call = self.registry.accept([offer_id(_terms(terms))])
        self.add(self.customs(by), call, self.recognitions.accept, by, terms)

    @precondition(lambda self: self.offered)
    @rule(data=st.data(), by=party)
    def close(self, data: st.DataObject, by: str) -> None:
        terms = data.draw(st.sampled_from(self.offered))
        call = self.registry.close_offers([offer_id(_terms(terms))])
        self.add(self.customs(by), call, self.recognitions.close, by, terms)

    @rule(by=party, pair=pair, reason=reason)
    def suspend(self, by: str, pair: Pair, reason: int) -> None:
        call = self.registry.suspend([self._direction(pair)], reason)
        self.add(self.customs(by), call, self.recognitions.suspend, by, pair, reason)

    @rule(by=party, pair=pair)
    def resume(self, by: str, pair: Pair) -> None:
        call = self.registry.resume([self._direction(pair)])
        self.add(self.customs(by), call, self.recognitions.resume, by, pair)

    @rule(by=party, pair=pair, begin=begins)
    def end(self, by: str, pair: Pair, begin: int | None) -> None:
        time = self.time(begin)
        call = self.registry.end([self._direction(pair)], time)
        self.add(self.customs(by), call, self.recognitions.end, by, pair, time)


def _terms(offered: Offered) -> Terms:
    name, recogniser, recognised, roles, begin, end = offered
    return Terms(name, recogniser, recognised, TradeRole(roles), None, begin, end)

"""The first step: registrations are examined, sealed and made durable, in groups of one database transaction each."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from anchors.database import Database
from anchors.payloads import Payloads
from anchors.pipeline.accepted_receipt import ReceiptOffice
from anchors.pipeline.admission import Admission
from anchors.pipeline.examine import Examined, examine
from anchors.pipeline.fill_in import FoundAgain, Registrants, read_registrants
from anchors.pipeline.issuer_directory import IssuerDirectory, IssuerFacts
from anchors.pipeline.registration import Accepted, Registration
from anchors.pipeline.waiting_room import WaitingRoom
from ledger.envelope import Envelope
from ledger.errors import PortsealError, Unavailable
from ledger.failpoint import reached

Result = Accepted | PortsealError

GROUP = 500
"""The most documents in one database transaction."""

GROUP_BYTES = 32 * 1024 * 1024
"""A group is closed when its payloads reach this size; one payload alone may be larger."""

_ATTEMPTS = 3


class Registrar:
    """Accepts registrations; thread-safe. `notify` is called after each group that brought something new.

    payloads: tell who registered a document that was found again; without them nobody has.
    """

    def __init__(
        self,
        database: Database,
        directory: IssuerDirectory,
        office: ReceiptOffice,
        *,
        payloads: Payloads | None = None,
        room: WaitingRoom | None = None,
        notify: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._directory = directory
        self._office = office
        self._payloads = payloads
        self.room = room or WaitingRoom(database)
        self._notify = notify
        self._clock = clock
        self._limits: tuple[float, IssuerFacts] | None = None

    def scope(self, envelope: Envelope) -> tuple[str, ...]:
        """Return the codes that the envelope's issuer is limited to, as of the last second; none if it is not.

        Raises Unavailable `chain.*`.
        """
        now, limits = self._clock(), self._limits
        if limits is None or not 0 <= now - limits[0] < 1:
            # Not for each of a thousand lines: what is said too much or too little is found out by verifiers.
            limits = self._limits = now, self._directory.at_head()
        return limits[1].scope(envelope.kid, envelope.kind.name, int(now))

    def accept(self, registrations: Iterable[Registration]) -> list[Result]:
        """Return the result of each registration, in order; one that fails does not hold up the others.

        An Accepted is durable. An error is what `examine` and `Admission` raise, Busy `pipeline.busy`, or Unavailable
        `database.*`.
        """
        return list(self.accept_each(registrations))

    def accept_each(self, registrations: Iterable[Registration]) -> Iterator[Result]:
        """Do the same one group after the other, so that a stream of any length needs the memory of one group."""
        for results in self._groups(registrations):
            yield from self._enter(results)

    def _groups(self, registrations: Iterable[Registration]) -> Iterator[list[Examined | PortsealError]]:
        group: list[Examined | PortsealError] = []
        size = 0
        facts: IssuerFacts | PortsealError | None = None
        for registration in registrations:
            facts = facts or self._facts()
            group.append(self._examined(registration, facts))
            size += len(group[-1].payload) if isinstance(group[-1], Examined) else 0
            if len(group) >= GROUP or size >= GROUP_BYTES:
                yield group
                group, size, facts = [], 0, None
        if group:
            yield group

    def _facts(self) -> IssuerFacts | PortsealError:
        try:
            return self._directory.at_head()
        except PortsealError as error:
            return error

    def _examined(self, registration: Registration, facts: IssuerFacts | PortsealError) -> Examined | PortsealError:
        if isinstance(facts, PortsealError):
            return facts
        try:
            self.room.check(registration.lane)
            return examine(registration, facts, self._office, int(self._clock()))
        except PortsealError as error:
            return error

    def _enter(self, results: Sequence[Examined | PortsealError]) -> list[Result]:
        group = [result for result in results if isinstance(result, Examined)]
        admitted = iter(self._admitted(group) if group else [])
        return [next(admitted) if isinstance(result, Examined) else result for result in results]

    def _admitted(self, group: Sequence[Examined]) -> Sequence[Result]:
        reached("accept.examined")
        try:
            results = self._admit(group)
        except PortsealError as error:
            return [error] * len(group)
        new = sum(isinstance(result, Accepted) and not result.repeated for result in results)
        if new:
            self.room.enter(new)
            self._notify()
        return results

    def _admit(self, group: Sequence[Examined]) -> Sequence[Result]:
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._admit_as_found(group)
            except Unavailable as error:
                # Another process was first with one of them; now it is known, and judged by the rules.
                if error.code != "database.conflict":
                    raise
        return self._admit_as_found(group)

    def _admit_as_found(self, group: Sequence[Examined]) -> Sequence[Result]:
        try:
            return self._admit_once(group, None if self._payloads else {})
        except FoundAgain:
            digests = [one.registration.envelope.digest for one in group]
            registrants = read_registrants(self._database, self._payloads, digests) if self._payloads else {}
            return self._admit_once(group, registrants)

    def _admit_once(self, group: Sequence[Examined], registrants: Registrants | None) -> Sequence[Result]:
        # One after the other on PostgreSQL too: numbers become visible in their order, on which whoever goes through
        # documents by a mark counts, and two groups with the same documents do not each wait for the other.
        with self._database.write(queue="admission") as session:
            results = Admission(session, group, registrants).admit()
            reached("accept.commit.before")
        reached("accept.commit.after")
        return results

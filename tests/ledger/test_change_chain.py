"""A list of changes is complete if its running hash is the registry's: for every kind, against any tampering."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contracts import artifact
from ledger.change_chain import EMPTY, check_complete, extended, head_of
from ledger.change_head import ChangeHead
from ledger.change_kind import KINDS, REGISTRIES, ChangeKind, kind_named, kind_of
from ledger.change_word import word_of
from ledger.dated_list import Entry
from ledger.errors import Invalid
from ledger.registry_change import RegistryChange, countries_of, read_members
from ledger.registry_changes import RegistryChanges
from tests.consortium import Consortium
from tests.ledger.change_history import write_history


@dataclass
class History:
    """All changes of a consortium, and the heads that its registries state."""

    consortium: Consortium
    changes: tuple[RegistryChange, ...]

    def of(self, kind: ChangeKind) -> list[RegistryChange]:
        return [change for change in self.changes if change.kind == kind]

    def head(self, kind: ChangeKind, at: int | None = None) -> ChangeHead:
        return self.consortium.registries.contracts()[kind.contract].read_changes(kind.change, at)


@pytest.fixture(scope="module")
def history(consortium: Consortium) -> History:
    write_history(consortium)
    reader = RegistryChanges(consortium.chain, consortium.registries.contracts())
    return History(consortium, reader.between(0, consortium.chain.head().number))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_events_of_each_kind_lead_to_its_head(history: History, kind: ChangeKind) -> None:
    changes = history.of(kind)
    assert changes, "the history has every kind"
    check_complete(changes, history.head(kind))
    assert head_of(changes) == history.head(kind)
    # From any head that somebody knows already, the rest suffices.
    for cut in range(len(changes)):
        check_complete(changes[cut:], history.head(kind), since=head_of(changes[:cut]))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_head_of_an_earlier_block_is_that_of_the_changes_up_to_it(history: History, kind: ChangeKind) -> None:
    changes = history.of(kind)
    block = changes[len(changes) // 2].block_number
    check_complete([one for one in changes if one.block_number <= block], history.head(kind, block))


def test_every_event_and_every_kind_of_change_is_in_the_table(history: History) -> None:
    for contract, count in {kind.contract: 0 for kind in KINDS}.items():
        events = {one["name"] for one in artifact(contract).abi if one["type"] == "event"} - {"EIP712DomainChanged"}
        assert events == {kind.event for kind in KINDS if kind.contract == contract}, count
        assert all(history.head(kind) != EMPTY for kind in KINDS if kind.contract == contract)
    assert len(REGISTRIES) == 5
    assert all(kind_named(kind.name) is kind is kind_of(kind.contract, kind.topic) for kind in KINDS)


def test_what_a_change_says(history: History) -> None:
    suspended = history.of(KINDS[-2])[0]
    members = suspended.members()
    assert suspended.kind.name == "operator-registry.suspension"
    assert members["authority"] == "cn.customs"
    assert isinstance(members["entry"], Entry)
    assert (members["entry"].code, members["entry"].detail) == (1, 7)
    assert members["operator"] == "0x" + keccak(b"AEOCN0000000000").hex()
    assert word_of(suspended.kind, members) == "suspended"
    assert countries_of(members) == {"CN"}


def test_every_change_has_a_word_and_its_countries(history: History) -> None:
    words = {(change.kind.name, word_of(change.kind, change.members())) for change in history.changes}
    assert "changed" not in {word for name, word in words if name != "authority-registry.quorum"}
    assert {
        ("recognition-registry.recognition", "ended"),
        ("recognition-registry.suspension", "resumed"),
        ("operator-registry.alias", "started"),
        ("issuer-registry.key", "compromised"),
        ("document-registry.hold", "released"),
        ("authority-registry.proposal", "executed"),
    } <= words
    for change in history.changes:
        if change.kind.registry in ("recognition-registry", "operator-registry") and change.kind.word != "arrangement":
            assert countries_of(change.members()) & {"CN", "SG", "KR"}


# --- tampering: one kind with many changes is as good as any other

TAMPERED = [kind for kind in KINDS if kind.name in ("operator-registry.operator", "authority-registry.account")]
PLACES = st.integers(0, 10_000)


def code_of(changes: Sequence[RegistryChange], head: ChangeHead) -> str:
    with pytest.raises(Invalid) as caught:
        check_complete(changes, head)
    assert caught.value.pointer is not None
    assert caught.value.mend
    return caught.value.code


@given(kind=st.sampled_from(TAMPERED), place=PLACES)
def test_what_is_left_out_is_found(history: History, kind: ChangeKind, place: int) -> None:
    changes, head = history.of(kind), history.head(kind)
    place %= len(changes)
    left = changes[:place] + changes[place + 1 :]
    assert code_of(left, head) == ("changes.missing" if place == len(left) else "changes.order")
    # Numbered anew, so that nothing shows by the numbers.
    renumbered = [replace(change, index=index) for index, change in enumerate(left)]
    assert code_of(renumbered, head) == "changes.missing"
    filled = [*renumbered, replace(renumbered[-1], index=len(left))]
    assert code_of(filled, head) == "changes.altered"


@given(kind=st.sampled_from(TAMPERED), first=PLACES, second=PLACES)
def test_what_is_exchanged_is_found(history: History, kind: ChangeKind, first: int, second: int) -> None:
    changes, head = history.of(kind), history.head(kind)
    first, second = first % len(changes), second % len(changes)
    if changes[first].encoded == changes[second].encoded:
        return
    swapped = list(changes)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert code_of(swapped, head) == "changes.order"
    assert code_of([replace(one, index=index) for index, one in enumerate(swapped)], head) == "changes.altered"


@given(kind=st.sampled_from(TAMPERED), place=PLACES, bit=st.integers(0, 10**6))
def test_what_is_altered_is_found_and_where(history: History, kind: ChangeKind, place: int, bit: int) -> None:
    changes, head = history.of(kind), history.head(kind)
    place %= len(changes)
    number = int.from_bytes(changes[place].encoded) ^ (1 << bit % (8 * len(changes[place].encoded)))
    altered = replace(changes[place], encoded=number.to_bytes(len(changes[place].encoded)))
    forged = [*changes[:place], altered, *changes[place + 1 :]]
    with pytest.raises(Invalid) as caught:
        check_complete(forged, head, head_at=lambda block: history.head(kind, block))
    assert caught.value.code == "changes.altered"
    assert caught.value.pointer is not None
    named = changes[int(caught.value.pointer[1:])]
    assert named.block_number == changes[place].block_number, "found to the block"


@given(kind=st.sampled_from(TAMPERED), length=PLACES)
def test_what_is_cut_off_or_added_is_found(history: History, kind: ChangeKind, length: int) -> None:
    changes, head = history.of(kind), history.head(kind)
    assert code_of(changes[: length % len(changes)], head) == "changes.missing"
    more = [*changes, replace(changes[length % len(changes)], index=len(changes))]
    assert code_of(more, head) == "changes.surplus"


def test_kinds_are_not_mixed(history: History) -> None:
    one, other = (history.of(kind) for kind in TAMPERED)
    assert code_of([one[0], replace(other[1], index=1)], ChangeHead(2, bytes(32))) == "changes.other-kind"


def test_nothing_is_complete_where_nothing_happened() -> None:
    check_complete([], EMPTY)
    assert code_of([], extended(EMPTY, b"x")) == "changes.missing"


@given(st.sampled_from(KINDS), st.binary(max_size=400))
def test_bytes_that_are_no_change_are_refused(kind: ChangeKind, data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_members(kind, data)
    assert caught.value.code == "changes.form"

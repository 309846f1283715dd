"""Whole lists: what they say, that they are signed, and that no omission gets through."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from api.answer_signature import check
from api.cli import run
from api.list_check import check_operators, heads_of, read_change, read_lines
from api.operator_listing import OperatorListing
from ledger.authority import Purpose, Role
from ledger.errors import Invalid, Unavailable
from ledger.operator import Alias, AliasGrant, Grant, operator_id
from ledger.registry_change import RegistryChange
from ledger.transaction import Call, submit_all
from tests.demonstration_node import Api

NDJSON = {"Accept": "application/x-ndjson"}


def write(api: Api, authority: str, *calls: Call) -> None:
    account = api.established.keys.accounts[authority, Role.ACT]
    submit_all(api.node.chain, [(account, call) for call in calls])


def changes(api: Api) -> list[RegistryChange]:
    found, after, more = [], None, True
    while more:
        asked: dict[str, Any] = {"registry": "operator-registry", "limit": 1000, **({"after": after} if after else {})}
        page = api.http.get("/v1/changes", params=asked).json()
        found += [read_change(one) for one in page["changes"]]
        after, more = page["after"], page["more"]
    return found


@pytest.fixture(scope="module")
def code(api: Api) -> str:
    """An operator of Singapore with a history, among others."""
    code, registry = f"SGAEO{time.time_ns()}", api.node.registries.operator
    alias = Alias(operator_id(code), "cn.customs", "AEOSG" + code)
    write(
        api,
        "sg.customs",
        registry.grant([Grant(code, tier=3), *(Grant(f"{code}-{number}") for number in range(4))]),
        registry.suspend([operator_id(code)], 4),
        registry.add_aliases([AliasGrant(alias)]),
        registry.end([operator_id(f"{code}-2")]),
    )
    return code


def test_the_list_is_whole_signed_and_what_the_registry_says(api: Api, code: str) -> None:
    answer = api.http.get("/v1/operators/sg.customs").json()
    check(answer, api.established.keys.service_keys[api.node.authority, Purpose.ANSWERS].public_key)
    registry = api.node.registries.operator
    assert answer["count"] == len(answer["operators"]) == registry.operator_count("sg.customs")
    for one in answer["operators"]:
        operator = bytes.fromhex(one["operator"][2:])
        assert one["code"] == registry.code("sg.customs", operator)
        assert len(one["entries"]) == len(registry.operator_entries("sg.customs", operator))
    (mine,) = [one for one in answer["operators"] if one["code"] == code]
    assert mine["entries"][0]["tier"] == 3
    assert [entry["detail"] for entry in mine["suspensions"]] == [4]
    assert [(alias["counterpart"], alias["code"]) for alias in mine["aliases"]] == [("cn.customs", "AEOSG" + code)]
    for kind, head in heads_of(answer).items():
        assert head == registry.contract.read_changes(kind.change, answer["as_of"]["block"])


def test_a_client_finds_every_omission(api: Api, code: str) -> None:
    data = api.http.get("/v1/operators/sg.customs", headers=NDJSON).content
    lines, summary = read_lines(data)
    check(summary, api.established.keys.service_keys[api.node.authority, Purpose.ANSWERS].public_key)
    told = changes(api)
    check_operators(lines, summary, told)
    place = next(number for number, one in enumerate(lines) if one["code"] == code)

    def refused(lines: list[dict[str, Any]], told: list[RegistryChange]) -> str:
        with pytest.raises(Invalid) as caught:
            check_operators(lines, summary, told)
        return caught.value.code

    assert refused(lines[:place] + lines[place + 1 :], told) == "list.differs"
    without = copy.deepcopy(lines)
    without[place]["suspensions"] = []
    assert refused(without, told) == "list.differs"
    renamed = copy.deepcopy(lines)
    renamed[place]["code"] = "SGAEO-OTHER"
    assert refused(renamed, told) == "list.differs"
    # Left out of the list and of the changes alike.
    mine = "0x" + operator_id(code).hex()
    fewer = [one for one in told if one.members()["operator"] != mine]
    assert refused(lines[:place] + lines[place + 1 :], fewer).startswith("changes.")


def test_a_list_that_is_cut_off_or_altered_is_noticed(api: Api, code: str) -> None:
    data = api.http.get("/v1/operators/sg.customs", headers=NDJSON).content
    for cut in (data[:-2], data[: len(data) // 2], b"", data[: data.rindex(b"\n", 0, -1) + 1]):
        with pytest.raises(Invalid) as caught:
            read_lines(cut)
        assert caught.value.code == "list.cut-off"
    with pytest.raises(Invalid) as caught:
        read_lines(data.replace(code.encode(), code.encode()[::-1], 1))
    assert caught.value.code == "list.altered"


def test_recognitions(api: Api) -> None:
    answer = api.http.get("/v1/recognitions/list").json()
    check(answer, api.established.keys.service_keys[api.node.authority, Purpose.ANSWERS].public_key)
    registry = api.node.registries.recognition
    listed = [line["arrangement"]["id"] for line in answer["lines"] if "arrangement" in line]
    assert listed == list(registry.arrangements(answer["as_of"]["block"]))
    text = api.http.get("/v1/recognitions/list", headers=NDJSON).text.splitlines()
    assert len(text) == json.loads(text[-1])["summary"]["count"] + 1


def test_who_is_not_there(api: Api) -> None:
    assert api.http.get("/v1/operators/xx.nobody").json()["code"] == "authority.unknown"
    assert api.http.get("/v1/operators/Bad%20Id").status_code == 422
    assert api.http.get("/v1/operators/cn.maritime").json()["operators"] == []


def test_the_command_line(api: Api, code: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    node = ["--node", str(api.http.base_url)]
    assert run(["operator-list", "sg.customs", "--out", str(tmp_path / "list"), *node]) == 0
    shown = capsys.readouterr().out
    assert code in shown
    assert "Complete at block" in shown
    assert read_lines((tmp_path / "list").read_bytes())[1]["authority"] == "sg.customs"
    assert run(["changes", "--registry", "operator-registry", "--json", *node]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["what"] for one in told if one["about"]["operator_code"] == code] == [
        "authorized",
        "suspended",
        "started",
    ]
    assert run(["changes", "--after", told[-1]["cursor"], "--registry", "operator-registry", *node]) == 0
    assert run(["changes", "--after", "x", *node]) == 1


def test_a_list_that_goes_on_is_the_list_made_at_once(api: Api, code: str) -> None:
    registry, every = api.node.registries.operator, changes(api)
    whole = OperatorListing(registry, "sg.customs").lines(every)
    assert {code, f"{code}-2"} <= {one["code"] for one in whole}
    listing = OperatorListing(registry, "sg.customs")
    for end in [*range(0, len(every), 3), len(every), len(every)]:
        lines = listing.lines(every[:end])
        given = copy.deepcopy(lines)
        assert lines == OperatorListing(registry, "sg.customs").lines(every[:end])
        listing.lines(every[: end + 2])
        assert lines == given, "what was given is not changed"
    assert listing.lines(every) == whole


def test_a_history_that_was_read_anew_begins_the_list_anew(api: Api, code: str) -> None:
    """After a reorganisation: other objects, and others of them."""
    registry, every = api.node.registries.operator, changes(api)
    listing = OperatorListing(registry, "sg.customs")
    listing.lines(every)
    other = [one for one in copy.deepcopy(every) if one.kind.word != "suspension"]
    assert listing.lines(other) == OperatorListing(registry, "sg.customs").lines(other)


def test_a_fault_while_a_list_goes_on_spoils_nothing(api: Api, code: str) -> None:
    registry, every = api.node.registries.operator, changes(api)

    class Failing:
        failing = False

        def __getattr__(self, name: str) -> Any:
            if self.failing:
                raise Unavailable("chain.connection", "gone")
            return getattr(registry, name)

    node: Any = Failing()
    listing = OperatorListing(node, "sg.customs")
    # Half of the changes of this authority's own operators, so that there is something to read of the rest.
    listing.lines(every[: len(every) // 2])
    node.failing = True
    with pytest.raises(Unavailable):
        listing.lines(every)
    node.failing = False
    assert listing.lines(every) == OperatorListing(registry, "sg.customs").lines(every)

"""The JSON form in which a signed intent is handed to a relayer: read back whole, and nothing else is read."""

from typing import Any

import pytest

from ledger.account import Account
from ledger.canonical import canonicalize
from ledger.errors import Invalid
from ledger.intent_form import MEMBERS, from_json, read_intent, to_json
from tests.consortium import Consortium
from tests.ledger.code_of import code_of
from tests.ledger.test_intent import suspended


@pytest.fixture(scope="module")
def actor(consortium: Consortium) -> Account:
    return consortium.account("cn.maritime")


def test_the_form_is_read_back(consortium: Consortium, actor: Account) -> None:
    signed = suspended(consortium, actor)
    assert from_json(to_json(signed)) == signed
    assert read_intent(canonicalize(to_json(signed))) == signed


WRONG: dict[str, list[Any]] = {
    "registry": ["TitleRegistry", "../x", None, 1],
    "chain_id": [-1, 2**53, 1.0, "1", True],
    "contract": ["0x" + "1" * 39, "0x" + "ab" * 20, None],
    "signer": ["0x" + "AB" * 20, "", 5],
    "action": [None, 3],
    "arguments": [None, {}, ["0x00"], ["0x" + "AA" * 32], [7], ["0x" + "0" * 64] * 4097],
    "subject": ["", "0x", "0x" + "1" * 63, "0x" + "1" * 66, None],
    "nonce": [-1, None, False, 2**53],
    "deadline": [-1, "x", 1e9],
    "signature": ["0x", "0x" + "1" * 128, None],
}


@pytest.mark.parametrize(("member", "value"), [(name, one) for name, values in WRONG.items() for one in values])
def test_what_is_no_form(consortium: Consortium, actor: Account, member: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        from_json(to_json(suspended(consortium, actor)) | {member: value})
    assert caught.value.code == "intent.form"
    assert caught.value.pointer is not None
    assert caught.value.pointer.startswith(f"/{member}")


def test_members_are_these_and_no_others(consortium: Consortium, actor: Account) -> None:
    form = to_json(suspended(consortium, actor))
    assert tuple(form) == MEMBERS
    fewer = {name: value for name, value in form.items() if name != "nonce"}
    wrongs: list[object] = [[], None, "x", form | {"more": 1}, fewer]
    for wrong in wrongs:
        assert code_of(from_json, wrong) == "intent.form"
    assert code_of(read_intent, b'{"nonce":1,"nonce":1}') == "json.duplicate-key"
    assert code_of(from_json, form | {"action": "suspendIssuer(bytes32,uint64)"}) == "intent.action"

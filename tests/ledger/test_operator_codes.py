"""Codes of every length, read from storage in few calls."""

import pytest

from ledger.errors import Unavailable
from ledger.operator import Grant, operator_id
from ledger.operator_codes import read_codes
from tests.consortium import Consortium

CODES = [("A" * length) for length in (1, 30, 31, 32, 33, 63, 64)] + ["CN AEO/1", "b"]


def test_codes_of_every_length(consortium: Consortium) -> None:
    registry = consortium.registries.operator
    consortium.submit(consortium.account("cn.customs"), registry.grant([Grant(code) for code in CODES]))
    names = [operator_id(code) for code in CODES]
    assert read_codes(registry, "cn.customs", names * 2) == dict(zip(names, CODES, strict=True))
    assert read_codes(registry, "cn.customs", []) == {}


def test_an_operator_that_was_never_entered_has_none(consortium: Consortium) -> None:
    with pytest.raises(Unavailable) as caught:
        read_codes(consortium.registries.operator, "cn.customs", [operator_id("NOBODY")])
    assert caught.value.code == "chain.answer"

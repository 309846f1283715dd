"""What a node may say in answer to `eth_getProof` instead of the truth: from request and honest answer, the lie."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from ledger.block import Block
from ledger.chain import Chain

Lie = Callable[[list[Any], Any], Any]
ONE = "0x1"


def lies(honest: Chain, before: Block, addresses: Sequence[str]) -> dict[str, Lie]:
    """By name. before: the block before a revocation. addresses: of all registries."""

    def ask(params: list[Any]) -> Any:
        return honest.transport("eth_getProof", params).get("result")

    def slots(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Lie:
        """Something else of each slot."""
        return lambda _, told: {**told, "storageProof": [change(one) for one in told["storageProof"]]}

    def members(**changed: Any) -> Lie:
        return lambda _, told: {**told, **changed}

    def other_slot(params: list[Any], told: Any) -> Any:
        """The true proof of the slot beside, under the name of the one that was asked for."""
        beside = ask([params[0], [hex(int(slot, 16) ^ 1) for slot in params[1]], params[2]])
        return {
            **told,
            "storageProof": [
                {**lie, "key": one["key"]}
                for one, lie in zip(told["storageProof"], beside["storageProof"], strict=True)
            ],
        }

    def other_account(params: list[Any], told: Any) -> Any:
        """The true answer of another registry; named as asked, or not."""
        other = next(one for one in addresses if one != params[0])
        return {**ask([other, params[1], params[2]]), "address": told["address"]}

    def foreign_account(params: list[Any], _: Any) -> Any:
        return ask(["0x" + "11" * 20, params[1], params[2]])

    def swapped(_: list[Any], told: Any) -> Any:
        proofs = told["storageProof"]
        turned = [*proofs[1:], *proofs[:1]]
        return (
            {
                **told,
                "storageProof": [{**one, "key": mine["key"]} for mine, one in zip(proofs, turned, strict=True)],
            }
            if len(proofs) > 1
            else {**told, "storageProof": []}
        )

    return {
        "hidden entries: every slot is zero": slots(lambda one: {**one, "value": "0x0"}),
        "hidden entries: zero, and a proof of nothing": slots(lambda one: {**one, "value": "0x0", "proof": []}),
        "the state before the revocation": lambda params, _: ask([params[0], params[1], hex(before.number)]),
        "its slots in the account of now": lambda params, told: {
            **told,
            "storageProof": ask([params[0], params[1], hex(before.number)])["storageProof"],
        },
        "forged values: another key, another status": slots(
            lambda one: {**one, "value": hex(int(one["value"], 16) ^ 1)}
        ),
        "inflated counts": slots(lambda one: {**one, "value": hex(int(one["value"], 16) + 1)}),
        "counts of thousands": slots(lambda one: {**one, "value": "0x3e8"}),
        "truncated proofs of slots": slots(lambda one: {**one, "proof": one["proof"][:-1]}),
        "the root of the trie alone": slots(lambda one: {**one, "proof": one["proof"][:1]}),
        "proofs of slots with more": slots(lambda one: {**one, "proof": [*one["proof"], "0x80"]}),
        "proofs of slots turned round": slots(lambda one: {**one, "proof": one["proof"][::-1]}),
        "swapped proofs": swapped,
        "the proof of another slot": other_slot,
        "another slot, named so": slots(lambda one: {**one, "key": hex(int(one["key"], 16) ^ 1)}),
        "slots left out": members(storageProof=[]),
        "another account": other_account,
        "no account": foreign_account,
        "another address": members(address="0x" + "22" * 20),
        "another code": members(codeHash="0x" + "ab" * 32),
        "another storage root": members(storageHash="0x" + "ab" * 32),
        "another nonce": members(nonce="0x77"),
        "no proof of the account": members(accountProof=[]),
        "a truncated proof of the account": lambda _, told: {**told, "accountProof": told["accountProof"][:-1]},
        "nothing": lambda *_: None,
        "not an object": lambda *_: "0x",
        "other forms": members(storageProof={"key": ONE}, accountProof="0x80"),
        "wrong digits": slots(lambda one: {**one, "value": "0xzz"}),
        "another block": lambda params, _: ask([params[0], params[1], hex(int(params[2], 16) - 1)]),
    }


def flipped(chance: random.Random) -> Lie:
    """One digit of one text somewhere in the answer is another one."""

    def lie(_: list[Any], told: Any) -> Any:
        return _flip(told, chance)

    return lie


def _flip(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict) and value:
        name = chance.choice(list(value))
        return {**value, name: _flip(value[name], chance)}
    if isinstance(value, list) and value:
        place = chance.randrange(len(value))
        return [*value[:place], _flip(value[place], chance), *value[place + 1 :]]
    if isinstance(value, str) and len(value) > 2:
        place = chance.randrange(2, len(value))
        return value[:place] + format(int(value[place], 16) ^ chance.randint(1, 15), "x") + value[place + 1 :]
    return value

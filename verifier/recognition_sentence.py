"""The sentence that goes with an answer about recognition, in Chinese and English, and the dates that it names."""

from datetime import UTC, datetime
from typing import Final

from ledger.recognition import Direction
from ledger.trade_role import TradeRole
from verifier.recognition_answer import Reason, RecognitionAnswer

_WORDS: Final[dict[Reason, tuple[str, str]]] = {
    Reason.IN_EFFECT: (
        "{by} 自 {since} 起承认 {of}（{programme}）。",
        "{by} recognises {of} ({programme}) since {since}.",
    ),
    Reason.SAME: (
        "{by} 与 {of} 是同一国家，不涉及互认。",
        "{by} and {of} are one country: there is nothing to recognise.",
    ),
    Reason.NONE: (
        "{by} 与 {of} 之间没有 {programme} 安排。",
        "{by} and {of} have no arrangement for {programme}.",
    ),
    Reason.SIGNED: (
        "{by} 与 {of} 已签署 {signed}，但 {by} 对 {of} 的承认尚未生效。",
        "{by} and {of} have signed {signed}, but the recognition of {of} by {by} was not put into effect.",
    ),
    Reason.LATER: (
        "{by} 对 {of} 的承认自 {since} 起才生效（{programme}）。",
        "{by} recognises {of} ({programme}) only from {since} on.",
    ),
    Reason.SUSPENDED: (
        "{by} 对 {of} 的承认自 {since} 起被 {who} 暂停（{programme}）。",
        "The recognition of {of} by {by} ({programme}) is suspended by {who} since {since}.",
    ),
    Reason.ENDED: (
        "{by} 对 {of} 的承认已于 {since} 终止（{programme}）。",
        "The recognition of {of} by {by} ({programme}) ended at {since}.",
    ),
    Reason.LEFT: (
        "{who} 已退出该安排或联盟，{by} 对 {of} 的承认不再有效（{programme}）。",
        "{who} left the arrangement or the consortium: {by} does not recognise {of} ({programme}) any more.",
    ),
    Reason.ROLE_NOT_COVERED: (
        "{by} 对 {of} 的承认（{programme}）只适用于：{roles}；该经营者不属于这些角色。",
        "The recognition of {of} by {by} ({programme}) is for these roles, and the operator has none of them: {roles}.",
    ),
    Reason.ROLE_NOT_STATED: (
        "{by} 对 {of} 的承认（{programme}）只适用于：{roles}；该经营者没有登记角色。",
        "The recognition of {of} by {by} ({programme}) is for these roles, and the operator has none stated: {roles}.",
    ),
}
_ROLES: Final = {int(role): (role.name or "").lower().replace("_", "-") for role in TradeRole}
_UNDATED = frozenset({Reason.SAME, Reason.NONE, Reason.SIGNED, Reason.LEFT})


def sentence(direction: Direction, answer: RecognitionAnswer) -> dict[str, str]:
    """Return the sentence by language, `zh` and `en`."""
    values = {
        "by": direction.recogniser,
        "of": direction.recognised,
        "programme": direction.programme,
        "since": _date(since(answer)),
        "who": ", ".join(answer.by),
        "signed": ", ".join(answer.arrangements),
        "roles": ", ".join(role_names(answer.roles)),
    }
    chinese, english = _WORDS[answer.reason]
    return {"zh": chinese.format_map(values), "en": english.format_map(values)}


def since(answer: RecognitionAnswer) -> int | None:
    """Return the date that the reason names, seconds since the epoch; None if it names none."""
    entry = answer.entry
    if entry is None or answer.reason in _UNDATED:
        return None
    ran_out = answer.reason is Reason.ENDED and entry.code != 0
    return entry.effective_until if ran_out else entry.effective_from


def role_names(roles: int) -> list[str]:
    """Return the names of roles (`customs-broker`), none for whatever the role; a bit without a name is `role-256`."""
    number = int(roles)
    bits = [1 << place for place in range(number.bit_length()) if number >> place & 1]
    return [_ROLES.get(bit, f"role-{bit}") for bit in bits]


def _date(time: int | None) -> str:
    # A country can state any number of 64 bits.
    try:
        return datetime.fromtimestamp(time or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(time)

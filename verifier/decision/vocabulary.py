"""The facts about a consignment that a rule may speak of, by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from verifier.axes import Usable
from verifier.catalogue import CATALOGUE
from verifier.consignment.statement import STATEMENTS


class Type(Enum):
    """What the value of a fact is."""

    COUNT = "a whole number"
    FLAG = "true or false"
    WORDS = "a list of words"


@dataclass(frozen=True, slots=True)
class Term:
    """One fact. known: all the words that there are; form: the pattern of its words; None: not limited so."""

    type: Type
    en: str
    zh: str
    known: frozenset[str] | None = None
    form: re.Pattern[str] | None = None

    def fault(self, word: str) -> str | None:
        """Return what is wrong with a word that the fact could never have; None for one that it could."""
        if self.known is not None and word not in self.known:
            few = len(self.known) <= len(Usable)
            listed = ", ".join(sorted(self.known)) if few else "the codes of docs/findings.md"
            return f"{word[:40]!r} never occurs; use one of {listed}"
        if self.form is not None and not self.form.fullmatch(word):
            return f"{word[:40]!r} never occurs; write it like {_EXAMPLES[self.form.pattern]}"
        return None


_COUNTRY, _CHAPTER, _PORT = re.compile("[A-Z]{2}"), re.compile("[0-9]{2}"), re.compile("[A-Z]{2}[A-Z2-9]{3}")
_EXAMPLES = {_COUNTRY.pattern: "CN", _CHAPTER.pattern: "85", _PORT.pattern: "CNNBO"}


def _count(en: str, zh: str) -> Term:
    return Term(Type.COUNT, en, zh)


VOCABULARY: Mapping[str, Term] = MappingProxyType(
    {
        "documents.signed": _count("signed documents", "已签名单证数"),
        "documents.stated": _count("statements without a signature", "未签名陈述数"),
        "documents.valid": _count("documents that are VALID", "核验为 VALID 的单证数"),
        "documents.invalid": _count("documents that are INVALID", "核验为 INVALID 的单证数"),
        "documents.indeterminate": _count("documents that are INDETERMINATE", "核验为 INDETERMINATE 的单证数"),
        "documents.kinds": Term(
            Type.WORDS, "kinds of the documents that are VALID", "核验为 VALID 的单证种类", frozenset(STATEMENTS)
        ),
        "documents.use": Term(
            Type.WORDS,
            "states of use of the signed documents, apart from the recognition of bills and certificates",
            "已签名单证的可用状态（不计提单和证书的承认）",
            frozenset(Usable),
        ),
        "documents.unrecognised": _count(
            "documents that the relying country does not recognise", "依赖国不承认的单证数"
        ),
        "findings.fail": _count("contradictions between documents", "单证间的矛盾数"),
        "findings.warn": _count("doubts between documents", "单证间的疑点数"),
        "findings.unknown": _count("comparisons that could not be made", "无法进行的比较数"),
        "findings.codes": Term(
            Type.WORDS, "codes of findings that are not well", "非正常检查结果的代码", frozenset(CATALOGUE)
        ),
        "operator.expected": Term(
            Type.FLAG, "a valid AEO credential is recognised by the relying country", "有效的 AEO 证书获依赖国承认"
        ),
        "operator.party": Term(
            Type.FLAG, "the operator of that credential is a party, by its code", "该证书的经营者（按代码）是当事方"
        ),
        "operator.tier": _count("tier of the operator in its customs' list", "经营者在其海关名录中的等级"),
        "goods.chapters": Term(Type.WORDS, "HS chapters of the goods", "货物的 HS 章", form=_CHAPTER),
        "goods.origins": Term(Type.WORDS, "countries of origin", "原产国", form=_COUNTRY),
        "transport.loading": Term(Type.WORDS, "ports of loading", "装货港", form=_PORT),
        "transport.discharge": Term(Type.WORDS, "ports of discharge", "卸货港", form=_PORT),
    }
)

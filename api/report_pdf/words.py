"""What stands on a printed report besides the findings, in both languages."""

from dataclasses import dataclass
from typing import Final

Pair = tuple[str, str]
"""A word, and a sentence."""


@dataclass(frozen=True, slots=True)
class Words:
    """authentic, usable: by the verdict's value. outcomes: by the finding's. facts: by the name of the row."""

    language: str
    title: str
    signed_by: str
    axes: Pair
    two_questions: str
    authentic: dict[str, Pair]
    usable: dict[str, Pair]
    outcomes: dict[str, str]
    sections: dict[str, str]
    facts: dict[str, str]
    presented: dict[str, str]
    remedy: str
    more: str
    signers: str
    leaf: str
    existed_by: str
    unchecked: str
    nobody: str
    now_known: str
    recheck: tuple[str, ...]
    code: str


EN: Final = Words(
    language="en",
    title="Verification report",
    signed_by="signed by {}",
    axes=("Authentic", "Usable"),
    two_questions="A report answers two questions and never mixes them. Authentic: did the issuer named in the "
    "document make it, was it entitled to, and is it unchanged? Usable: what can be done with it at the time asked "
    "about? A revoked or surrendered document stays authentic, and what could not be checked is never called invalid.",
    authentic={
        "VALID": ("VALID", "The issuer named in it made this document and was entitled to. It is unchanged."),
        "INVALID": ("INVALID", "Not what the issuer signed, or the issuer was not entitled to. Do not accept it."),
        "INDETERMINATE": ("INDETERMINATE", "Whether it is authentic cannot be said. That is no finding against it."),
    },
    usable={
        "ACTIVE": ("ACTIVE", "Nothing speaks against using it, as of the block below."),
        "REVOKED": ("REVOKED", "It was withdrawn for good and must not be used."),
        "SURRENDERED": ("SURRENDERED", "It has been surrendered; its goods have been or will be delivered."),
        "ON_PAPER": ("ON PAPER", "Paper has taken its place; only the paper counts."),
        "SUPERSEDED": ("SUPERSEDED", "A newer document has taken its place."),
        "SUSPENDED": ("SUSPENDED", "It must not be used until it is reinstated."),
        "EXPIRED": ("EXPIRED", "Its term is over."),
        "NOT_RECOGNISED": ("NOT RECOGNISED", "The relying country does not recognise it."),
        "PENDING": ("PENDING", "It cannot be used yet."),
        "UNKNOWN": ("UNKNOWN", "What can be done with it could not be found out."),
    },
    outcomes={"pass": "PASS", "fail": "FAIL", "warn": "NOTE", "unknown": "UNKNOWN", "skipped": "NOT ASKED"},
    sections={
        "facts": "What was asked, and what was looked at",
        "findings": "Findings",
        "recheck": "How to check this report",
    },
    facts={
        "digest": "Document",
        "presented": "Presented",
        "kind": "Kind",
        "issuer": "Issuer",
        "at": "As of",
        "known_at": "As known at",
        "relying_country": "Relying country",
        "for": "Asked by",
        "made": "Made at",
        "existed_by": "Report existed by",
        "chain": "Chain",
        "block": "Block",
        "block_hash": "Its hash",
        "state_root": "State root",
        "final": "Final by",
        "root": "Root of the batch",
        "leaf": "Place in it",
        "transaction": "Transaction",
        "policy": "Policy",
        "policy_hash": "Its SHA-256",
        "software": "Software",
        "report": "SHA-256 of the report",
    },
    presented={
        "envelope": "the signed document",
        "digest": "its digest only",
        "unreadable": "something that cannot be read",
    },
    remedy="What to do: {}",
    more="and {} more, which stand in the report's file",
    signers="{form}, {count} of {of}: {names}",
    leaf="leaf {leaf} of {size}",
    existed_by="{time}, the time of its block; anchored by {by}, batch {root}",
    unchecked="as the anchor in the report's file says, which was not checked when this was printed",
    nobody="somebody who did not say",
    now_known="now",
    recheck=(
        "This paper proves nothing by itself: what counts is the report's file (.report.json), whose SHA-256 stands "
        "beside the code above. Anybody can check that file, without the node that made it and without a network, "
        "against trust roots of the network got on a way of their own:",
        "portseal report check FILE.report.json --trust trust.json DOCUMENT",
        "The signature and the signer's key are then proved under the block above. With the document at hand the whole "
        "verdict is made again from the same state, and each finding is compared.",
    ),
    code="The code holds the report's SHA-256.",
)

ZH: Final = Words(
    language="zh",
    title="核验报告",
    signed_by="由 {} 签署",
    axes=("真实性", "可用性"),
    two_questions="报告回答两个互不混淆的问题。真实性：该单证是否由其所载签发方出具、签发方当时是否有权签发、"
    "内容是否未被改动？可用性：在所询问的时间可以如何使用？已撤销或已交还的单证仍是真实的；"
    "未能检查的事项绝不会被称为无效。",
    authentic={
        "VALID": ("真实", "由其所载签发方出具，签发方当时有权签发，且此后未被改动。"),
        "INVALID": ("不真实", "不是签发方所签署的内容，或签发方当时无权签发。请勿接受。"),
        "INDETERMINATE": ("无法确定", "目前无法判断是否真实；这并不表示该单证有问题。"),
    },
    usable={
        "ACTIVE": ("可用", "截至下述区块，没有不得使用的理由。"),
        "REVOKED": ("已撤销", "已被永久撤回，不得使用。"),
        "SURRENDERED": ("已交还", "已交还；货物已经或将要交付。"),
        "ON_PAPER": ("已转为纸质", "已由纸质单证取代，仅以纸质单证为准。"),
        "SUPERSEDED": ("已被取代", "已由更新的单证取代。"),
        "SUSPENDED": ("已暂停", "恢复之前不得使用。"),
        "EXPIRED": ("已过期", "有效期已满。"),
        "NOT_RECOGNISED": ("未获承认", "依赖方国家不承认该单证。"),
        "PENDING": ("尚未生效", "目前还不能使用。"),
        "UNKNOWN": ("未知", "未能查明可以如何使用。"),
    },
    outcomes={"pass": "通过", "fail": "未通过", "warn": "注意", "unknown": "未知", "skipped": "未询问"},
    sections={"facts": "询问内容与查验依据", "findings": "检查结果", "recheck": "如何核对本报告"},
    facts={
        "digest": "单证",
        "presented": "所出示的内容",
        "kind": "种类",
        "issuer": "签发方",
        "at": "询问的时间",
        "known_at": "以何时所知为准",
        "relying_country": "依赖方国家",
        "for": "询问者",
        "made": "出具时间",
        "existed_by": "报告存在时间不晚于",
        "chain": "链",
        "block": "区块",
        "block_hash": "区块哈希",
        "state_root": "状态根",
        "final": "最终性依据",
        "root": "批次的根",
        "leaf": "在批次中的位置",
        "transaction": "交易",
        "policy": "策略",
        "policy_hash": "策略的 SHA-256",
        "software": "软件",
        "report": "报告的 SHA-256",
    },
    presented={"envelope": "经签署的单证", "digest": "仅摘要", "unreadable": "无法读取的内容"},
    remedy="怎么办：{}",
    more="另有 {} 项，见报告文件",
    signers="{form}，{of} 方中的 {count} 方：{names}",
    leaf="第 {leaf} 叶（从 0 起），共 {size} 叶",
    existed_by="{time}（所在区块的时间）；由 {by} 锚定，批次 {root}",
    unchecked="见报告文件中的锚定证明，打印本纸时未核对",
    nobody="未表明身份",
    now_known="现在",
    recheck=(
        "本纸质件本身不证明任何事情，应以报告文件（.report.json）为准，其 SHA-256 见上方二维码旁。"
        "任何人无需出具报告的节点，也无需网络，即可用自行取得的该网络信任根核对该文件：",
        "portseal report check FILE.report.json --trust trust.json DOCUMENT",
        "届时将证明签名以及签署者密钥在上述区块中有效。若持有单证，则会依据同一状态重新作出完整结论，并逐项比较检查结果。",
    ),
    code="二维码内为报告的 SHA-256。",
)

LANGUAGES: Final = {"zh": (ZH,), "en": (EN,), "both": (ZH, EN)}

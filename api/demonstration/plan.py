"""The demonstration consortium: the 15 members of RCEP, their authorities, and invented issuers under some of them."""

from api.demonstration import rcep
from ledger.authority import Domain, Purpose, Role
from ledger.consortium import AuthorityPlan, IssuerPlan, MemberPlan
from ledger.jwk import Algorithm

BILL, CERTIFICATE, AEO = "bill-of-lading", "certificate-of-origin", "aeo-credential"


def _member(country: str, carrier: str, chamber: str, algorithm: Algorithm) -> MemberPlan:
    code = country.lower()
    return MemberPlan(
        country,
        (
            AuthorityPlan(f"{code}.customs", Domain.CUSTOMS, (IssuerPlan(f"{code}.aeo-office", (AEO,), algorithm),)),
            AuthorityPlan(f"{code}.maritime", Domain.MARITIME, (IssuerPlan(carrier, (BILL,), algorithm),)),
            AuthorityPlan(f"{code}.chamber", Domain.CHAMBER, (IssuerPlan(chamber, (CERTIFICATE,), algorithm),)),
        ),
    )


_WITH_ISSUERS = (
    _member("CN", "cn.eastern-meridian", "cn.ningbo-origin", Algorithm.ES256),
    _member("SG", "sg.temasek-shipping", "sg.origin-desk", Algorithm.ED25519),
    _member("KR", "kr.haneul-marine", "kr.busan-origin", Algorithm.ES256),
    _member("JP", "jp.seto-line", "jp.kobe-origin", Algorithm.ED25519),
)


_ACTING, _COSIGNING = (Role.ACT,), (Purpose.CHECKPOINTS,)


def customs(country: str) -> str:
    """Return the id of a country's customs."""
    return f"{country.lower()}.customs"


def _plan() -> tuple[MemberPlan, ...]:
    """Return those with issuers first, then the others, who have their customs only."""
    first = {member.country for member in _WITH_ISSUERS}
    others = (one.country for one in rcep.members() if one.country not in first)
    return _WITH_ISSUERS + tuple(
        MemberPlan(country, (AuthorityPlan(customs(country), Domain.CUSTOMS, roles=_ACTING, purposes=_COSIGNING),))
        for country in others
    )


PLAN = _plan()

HOST = "cn.customs"
"""The authority that runs the demonstration's node."""

READER = "sg.customs"
"""A foreign customs that is given the payloads to read."""


def custodial_issuers() -> list[str]:
    """Return the issuers that keep their keys on the demonstration's node: those of its own country."""
    return [issuer.id for authority in PLAN[0].authorities for issuer in authority.issuers]

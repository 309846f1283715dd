"""Accreditation through a body, and intents that somebody else submits, on any chain."""

import pytest

from api.demonstration.plan import CERTIFICATE
from ledger.account import Account
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from ledger.intent import next_nonce, sign_intent
from ledger.issuer_registry import Limit
from ledger.transaction import Call, submit, submit_all
from tests.registries.site import Site

CHAMBER, BODY, DESK = "kr.chamber", "kr.busan-origin", "kr.visa-desk"
RCEP, OTHER = "agreement.rcep", "agreement.acfta"
ALWAYS = 2**53


class IssuingTests:
    def test_authority_body_issuer(self, site: Site) -> None:
        """What the body grants lies within what it has itself; what it loses, its issuer loses with it."""
        registry, own = site.registries.issuer, Account.generate()
        site.by(
            (CHAMBER, registry.accredit(BODY, [CERTIFICATE], limits=Limit.AGREEMENT)),
            (CHAMBER, registry.add_scope(BODY, CERTIFICATE, [RCEP])),
            (CHAMBER, registry.add_account(BODY, own.address)),
        )

        def by_body(*calls: Call) -> None:
            submit_all(site.chain, [(own, call) for call in calls])
            site.settled()

        with pytest.raises(Refused) as caught:
            by_body(registry.add_issuer(DESK, BODY))
        assert caught.value.code == "contract.IssuerRegistryNotAccreditor"
        site.by((CHAMBER, registry.authorize_body(BODY)))
        by_body(
            registry.add_issuer(DESK, BODY),
            registry.accredit(DESK, [CERTIFICATE], limits=Limit.AGREEMENT),
            registry.add_scope(DESK, CERTIFICATE, [RCEP]),
        )
        for call in (
            registry.add_scope(DESK, CERTIFICATE, [OTHER]),
            registry.accredit(DESK, [CERTIFICATE]),
            registry.accredit(DESK, ["bill-of-lading"]),
        ):
            with pytest.raises(Refused) as caught:
                submit(site.chain, own, call)
            assert caught.value.code == "contract.IssuerRegistryBeyondBody"
        now = site.chain.head().timestamp
        assert registry.covers(DESK, CERTIFICATE, [RCEP], now, ALWAYS)
        assert not registry.covers(DESK, CERTIFICATE, [OTHER], now, ALWAYS)
        ended = site.by((CHAMBER, registry.end_body(BODY))).timestamp
        assert not registry.covers(DESK, CERTIFICATE, [RCEP], ended, ALWAYS)
        assert registry.covers(DESK, CERTIFICATE, [RCEP], ended, ended - 1), "as known before"
        assert registry.covers(DESK, CERTIFICATE, [RCEP], ended - 1, ALWAYS), "before it ended"
        assert registry.covers(BODY, CERTIFICATE, [RCEP], ended, ALWAYS), "for itself"

    def test_an_intent_is_relayed_once_and_only_here(self, site: Site) -> None:
        registry, customs = site.registries.issuer, site.api.established.keys.accounts
        account = next(one for (name, role), one in customs.items() if (name, role.name) == ("kr.maritime", "ACT"))
        subject, relayer = to_bytes32("kr.haneul-marine"), Account.generate()
        deadline = site.chain.head().timestamp + 600
        nonce = next_nonce(registry.contract, account.address, subject)
        suspend, reinstate = (
            registry.suspend_issuer("kr.haneul-marine", 2),
            registry.reinstate_issuer("kr.haneul-marine"),
        )
        place = {"chain_id": site.chain.chain_id, "subject": subject, "deadline": deadline}
        signed = sign_intent(account, suspend, nonce=nonce, **place)
        submit(site.chain, relayer, signed.relay())
        site.settled()
        urgent = sign_intent(account, reinstate, nonce=0, **(place | {"subject": b"\x07" * 32}))
        late = sign_intent(account, reinstate, nonce=nonce + 1, **(place | {"deadline": deadline - 1000}))
        elsewhere = sign_intent(account, reinstate, nonce=nonce + 1, **(place | {"chain_id": 1}))
        stuck = sign_intent(account, reinstate, nonce=nonce + 2, **place)
        for intent, code in (
            (signed, "contract.IntentNonceInvalid"),
            (stuck, "contract.IntentNonceInvalid"),
            (late, "contract.IntentExpired"),
            (elsewhere, "contract.IntentSignerInvalid"),
        ):
            with pytest.raises(Refused) as caught:
                submit(site.chain, relayer, intent.relay())
            assert caught.value.code == code
        assert [entry.code for entry in registry.issuer_entries("kr.haneul-marine")][-1] == 2
        submit(site.chain, relayer, urgent.relay())
        site.settled()
        assert [entry.code for entry in registry.issuer_entries("kr.haneul-marine")][-1] == 1

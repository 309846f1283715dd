"""Whether a signed intent is relayed: its place, its signer, and the chain's own word, before anything is sent."""

from ledger.call_reading import read_call
from ledger.chain import Chain
from ledger.errors import Invalid, Refused
from ledger.intent import Intent, SignedIntent, next_nonce
from ledger.registries import Registries
from ledger.transaction import estimate_gas

_AS_THE_CHAIN_SAYS = {"contract.IntentExpired": "intent.expired", "contract.IntentNonceInvalid": "intent.nonce-ahead"}


class IntentAdmission:
    """Judges intents whose form and signature are right (ledger/intent_form.py)."""

    def __init__(self, chain: Chain, chain_id: int, registries: Registries) -> None:
        self._chain = chain
        self._chain_id = chain_id
        self._registries = registries
        self._contracts = registries.contracts()

    def check(self, signed: SignedIntent) -> None:
        """Check what costs little, so that strangers cost little.

        Raises Invalid `intent.chain`, `intent.contract`, `call.unreadable`, Refused `intent.signer`,
        Unavailable `chain.*`.
        """
        one = signed.intent
        if one.chain_id != self._chain_id:
            raise _elsewhere("chain", f"it is for chain {one.chain_id}, this is {self._chain_id}")
        if one.contract != (here := self._contracts[one.registry].address):
            raise _elsewhere("contract", f"it is for a contract at {one.contract}, the {one.registry} is at {here}")
        read_call(one.registry, one.call_data())
        if not self._is_known(one.signer):
            detail = f"{one.signer} was never an account of an authority or issuer"
            raise Refused("intent.signer", detail, mend="sign with an account that the registries know")

    def gas(self, signed: SignedIntent, sender: str) -> int:
        """Return the gas limit for relaying it now.

        Raises Refused `intent.expired`, `intent.nonce-used`, `intent.nonce-ahead`, and `contract.*` as the chain would
        refuse it in the next block; Unavailable `chain.*`.
        """
        one = signed.intent
        expected = next_nonce(self._contracts[one.registry], one.signer, one.subject)
        if one.nonce < expected:
            detail = f"nonce {one.nonce} is used for this signer and subject, the next is {expected}"
            mend = "nothing to do if this intent was relayed elsewhere; otherwise sign it again with the next nonce"
            raise Refused("intent.nonce-used", detail, mend=mend, pointer="/nonce")
        try:
            return estimate_gas(self._chain, sender, signed.relay())
        except Refused as error:
            raise _told(error, one, expected) from None

    def _is_known(self, signer: str) -> bool:
        return bool(self._registries.authority.account(signer) or self._registries.issuer.account_issuer(signer))


def _told(error: Refused, one: Intent, expected: int) -> Refused:
    """Return what the chain said in the words of the intent."""
    match _AS_THE_CHAIN_SAYS.get(error.code):
        case "intent.expired" as code:
            mend = "have the signer sign it again with a later deadline"
            return Refused(code, f"its deadline, {one.deadline}, is over", mend=mend, pointer="/deadline")
        case "intent.nonce-ahead" as code:
            detail = f"nonce {one.nonce} is ahead of its turn: the next for this signer and subject is {expected}"
            mend = "submit the earlier ones first, or sign what is urgent for another subject, which has its own nonces"
            return Refused(code, detail, mend=mend, pointer="/nonce")
    return error


def _elsewhere(member: str, detail: str) -> Invalid:
    mend = "submit it to a node of that network, or sign it for this one"
    return Invalid(f"intent.{member}", detail, mend=mend, pointer=f"/{'chain_id' if member == 'chain' else member}")

"""A revert, as the node gives it: bytes that only the ABI of the contract called can explain."""

from ledger.errors import Refused


class Reverted(Refused):
    """A call was reverted; `data` is what the contract gave as its reason (often empty)."""

    def __init__(self, data: bytes) -> None:
        reason = f"with 0x{data[:68].hex()}" if data else "without a reason"
        super().__init__(
            "contract.reverted",
            f"the contract refused the call {reason}",
            mend="check that the network file names the right contract addresses",
        )
        self.data = data


MENDS: dict[str, str] = {
    "AuthorityRegistryAccountInvalid": "give an address other than zero",
    "AuthorityRegistryAccountTaken": "use a new account: an account has one authority and one role for ever",
    "AuthorityRegistryAccountUnknown": "check the address: this account was never entered",
    "AuthorityRegistryAlreadyApproved": "nothing to do: this country has approved the proposal",
    "AuthorityRegistryAuthorityExists": "use another id: an id is given once only",
    "AuthorityRegistryAuthorityUnknown": "check the id, or have the authority added by vote first",
    "AuthorityRegistryCallInvalid": "propose calls of this registry's by-vote functions only",
    "AuthorityRegistryCountryInvalid": "use two capital letters as in ISO 3166-1 alpha-2",
    "AuthorityRegistryIdInvalid": "begin the id with the country's code in small letters and a dot",
    "AuthorityRegistryKeyInvalid": "check that algorithm, x and y are those of one key for this purpose",
    "AuthorityRegistryKeyTaken": "make a new key: a key is registered once only",
    "AuthorityRegistryKeyUnknown": "check the thumbprint: this key was never entered",
    "AuthorityRegistryMemberExists": "nothing to do: the country is a member",
    "AuthorityRegistryMemberUnknown": "check the country, or have it admitted by vote first",
    "AuthorityRegistryNotActing": "use an act account of this authority, which must be in office",
    "AuthorityRegistryNotByVote": "propose the change, have it approved by a quorum and execute it",
    "AuthorityRegistryNotVoter": "use the vote account of a member in office",
    "AuthorityRegistryProposalExecuted": "nothing to do: the proposal has been executed",
    "AuthorityRegistryProposalUnknown": "check the number of the proposal",
    "AuthorityRegistryQuorumMissing": "have the proposal approved by further countries first",
    "DatedListBackdated": "let the change start now or later",
    "DatedListEnded": "nothing to do: it has ended, or ends no later",
    "DatedListIntervalEmpty": "let the interval end after it starts",
    "DocumentRegistryBatchInvalid": "give a root, a size and a manifest digest, none of them zero",
    "DocumentRegistryNotAnchoring": "use an anchor account of an authority in office",
    "DocumentRegistryNotIssuer": "use the issuer's own account or an act account of its accreditor",
    "DocumentRegistryStatusFinal": "nothing to do: a revoked document stays revoked",
    "DocumentRegistryStatusInvalid": "look at the document's present status: this change does not follow it",
    "DocumentRegistrySuccessorInvalid": "name the digest of another document, with SUPERSEDED only",
    "IssuerRegistryAccountTaken": "use a new account: an account belongs to one issuer for ever",
    "IssuerRegistryAccountUnknown": "check the address: this account was never entered",
    "IssuerRegistryAccreditationUnknown": "check the kind: the issuer was never accredited for it",
    "IssuerRegistryIdInvalid": "begin the id with the accreditor's country code and a dot",
    "IssuerRegistryIssuerExists": "use another id, or go on with the issuer as it is",
    "IssuerRegistryIssuerSuspended": "nothing to do: the issuer is suspended",
    "IssuerRegistryIssuerUnknown": "add the issuer first",
    "IssuerRegistryKeyInvalid": "check that algorithm, x and y are those of one signing key",
    "IssuerRegistryKeyRetired": "make a new key: this one's term is over",
    "IssuerRegistryKeySuspended": "nothing to do: the key is suspended",
    "IssuerRegistryKeyTaken": "make a new key: a key is registered once only",
    "IssuerRegistryKeyUnknown": "check the thumbprint: this key was never entered",
    "IssuerRegistryNotAccreditor": "use an act account of the issuer's accreditor, which must be in office",
    "IssuerRegistryNotIssuer": "use the issuer's own account or an act account of its accreditor",
    "IssuerRegistrySinceInFuture": "give a time that is not in the future",
    "IssuerRegistrySinceNotEarlier": "the time may only move earlier than the one on record",
}

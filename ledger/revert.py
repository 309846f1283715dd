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
    "AuthorityRegistryNotVoter": "use the vote account of a member in office",
    "AuthorityRegistryNotByVote": "propose the change, have it approved by a quorum and execute it",
    "AuthorityRegistryNotActing": "use an act account of this authority, which must be in office",
    "AuthorityRegistryQuorumMissing": "have the proposal approved by further countries first",
    "AuthorityRegistryAlreadyApproved": "nothing to do: this country has approved the proposal",
    "AuthorityRegistryProposalExecuted": "nothing to do: the proposal has been executed",
    "AuthorityRegistryAccountTaken": "use a new account: an account has one authority and one role for ever",
    "AuthorityRegistryKeyTaken": "make a new key: a key is registered once only",
    "IssuerRegistryNotAccreditor": "use an act account of the issuer's accreditor, which must be in office",
    "IssuerRegistryNotIssuer": "use the issuer's own account or an act account of its accreditor",
    "IssuerRegistryIssuerExists": "use another id, or go on with the issuer as it is",
    "IssuerRegistryIssuerUnknown": "add the issuer first",
    "IssuerRegistryIdInvalid": "begin the id with the accreditor's country code and a dot",
    "IssuerRegistryAccountTaken": "use a new account: an account belongs to one issuer for ever",
    "IssuerRegistryKeyTaken": "make a new key: a key is registered once only",
    "IssuerRegistrySinceInFuture": "give a time that is not in the future",
    "IssuerRegistrySinceNotEarlier": "the time may only move earlier than the one on record",
    "DocumentRegistryNotAnchoring": "use an anchor account of an authority in office",
    "DocumentRegistryNotIssuer": "use the issuer's own account or an act account of its accreditor",
    "DocumentRegistryStatusFinal": "nothing to do: a revoked document stays revoked",
    "DocumentRegistrySuccessorInvalid": "name the digest of another document as successor",
    "DatedListBackdated": "let the change start now or later",
    "DatedListIntervalEmpty": "let the interval end after it starts",
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityRegistry} from "../src/AuthorityRegistry.sol";
import {DatedList} from "../src/DatedList.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {Consortium} from "./Consortium.sol";
import {History} from "./History.sol";
import {Cheats, Vm} from "./Vm.sol";

/// @title Anyone does anything, in any order, at any time
contract AuthorityHandler is Cheats {
    bytes2[5] internal countries = [bytes2("CN"), "SG", "KR", "JP", "MY"];
    bytes32[6] internal ids =
        [bytes32("cn.customs"), "sg.customs", "kr.customs", "jp.customs", "my.customs", "cn.chamber"];
    address[10] internal accounts;

    AuthorityRegistry public registry;
    History public history = new History();
    uint256 public executed;

    constructor(AuthorityRegistry registry_, address[3] memory voters) {
        registry = registry_;
        for (uint256 i = 0; i < accounts.length; ++i) {
            accounts[i] = i < 3 ? voters[i] : address(uint160(i));
        }
    }

    function propose(uint256 actor, uint256 first, uint256 second) external {
        bytes[] memory calls = new bytes[](1 + first % 2);
        calls[0] = _call(first);
        if (calls.length == 2) calls[1] = _call(second);
        _attempt(actor, abi.encodeCall(registry.propose, (calls)), false);
    }

    function approve(uint256 actor, uint256 proposal) external {
        _attempt(actor, abi.encodeCall(registry.approve, (_some(proposal))), false);
    }

    function withdraw(uint256 actor, uint256 proposal) external {
        _attempt(actor, abi.encodeCall(registry.withdrawApproval, (_some(proposal))), false);
    }

    function execute(uint256 actor, uint256 proposal) external {
        uint256 id = _some(proposal);
        if (_attempt(actor, abi.encodeCall(registry.execute, (id)), _isApproved(id))) ++executed;
    }

    /// @dev Proposed, approved by two and executed in one go, so that long histories come about.
    function pass(uint256 seed) external {
        seed = _mix(seed);
        bytes[] memory calls = new bytes[](1);
        calls[0] = _call(seed);
        uint256 id = registry.proposalCount();
        for (uint256 i = 0; i < accounts.length; ++i) {
            bytes memory call = registry.proposalCount() == id
                ? abi.encodeCall(registry.propose, (calls))
                : abi.encodeCall(registry.approve, (id));
            _attempt(2 * i + 1, call, false);
        }
        if (registry.proposalCount() > id) this.execute(seed, id);
    }

    /// @dev Approved by two, of which one leaves, and perhaps comes back, before it is executed.
    function passLate(uint256 seed) external {
        seed = _mix(seed);
        bytes[] memory calls = new bytes[](1);
        calls[0] = _call(seed);
        uint256 id = registry.proposalCount();
        _attempt(0, abi.encodeCall(registry.propose, (calls)), false);
        if (registry.proposalCount() == id) return;
        _attempt(4, abi.encodeCall(registry.approve, (id)), false);
        this.wait(seed >> 128);
        _pass(abi.encodeCall(registry.endMember, ("KR", 0)));
        this.wait(seed >> 192);
        if (seed % 2 == 0) _pass(abi.encodeCall(registry.admitMember, ("KR", 0)));
        this.execute(0, id);
    }

    /// @dev Without a vote.
    function direct(uint256 actor, uint256 seed) external {
        _attempt(actor, _call(seed), false);
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 40));
    }

    /// @dev Members that an account can vote for, by the getters.
    function countriesThatCanVote() external view returns (uint256 able) {
        for (uint256 i = 0; i < countries.length; ++i) {
            if (_canVote(countries[i])) ++able;
        }
    }

    function _pass(bytes memory call) private {
        bytes[] memory calls = new bytes[](1);
        calls[0] = call;
        uint256 id = registry.proposalCount();
        _attempt(0, abi.encodeCall(registry.propose, (calls)), false);
        if (registry.proposalCount() == id) return;
        _attempt(2, abi.encodeCall(registry.approve, (id)), false);
        this.execute(0, id);
    }

    function _attempt(uint256 actor, bytes memory call, bool byVote) private returns (bool succeeded) {
        bytes32 before = _facts();
        VM.recordLogs();
        VM.prank(accounts[actor % 2 == 0 ? (actor / 2) % 3 : (actor / 2) % accounts.length]);
        (succeeded,) = address(registry).call(call);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        require(byVote || _facts() == before, "changed without the votes of a quorum");
        require(succeeded || _facts() == before, "a failed call has changed something");
        // Of a failed call forge records what its inner calls emitted before all was undone: no changes.
        if (succeeded) {
            history.fold(logs);
            _observe();
        }
    }

    function _observe() private {
        for (uint256 i = 0; i < countries.length; ++i) {
            history.observe(countries[i], registry.memberEntries(countries[i]));
        }
        history.observe("quorum", registry.quorumEntries());
        for (uint256 i = 0; i < ids.length; ++i) {
            history.observe(ids[i], registry.authorityEntries(ids[i]));
        }
        for (uint256 i = 0; i < accounts.length; ++i) {
            history.observe(_list(accounts[i]), registry.accountEntries(accounts[i]));
        }
        history.ask(countries[block.timestamp % 5]);
        history.ask(ids[block.timestamp % 6]);
        history.ask("quorum");
        history.ask(_list(accounts[block.timestamp % 10]));
    }

    function _call(uint256 seed) private view returns (bytes memory) {
        bytes2 country = countries[(seed >> 8) % 5];
        bytes32 id = ids[(seed >> 16) % 6];
        address account = accounts[(seed >> 24) % 10];
        uint64 from = (seed >> 32) % 2 == 0 ? 0 : uint64(block.timestamp + (seed >> 40) % 30);
        uint64 until = (seed >> 48) % 3 == 0 ? uint64(block.timestamp + (seed >> 56) % 90) : 0;
        uint256 which = seed % 8;
        if (which == 6) return abi.encodeCall(registry.changeQuorum, ((seed >> 64) % 5));
        if (which == 7) return abi.encodeCall(registry.nameSuccessor, (address(registry), address(history)));
        if (which == 0) return abi.encodeCall(registry.admitMember, (country, from));
        if (which == 1) return abi.encodeCall(registry.endMember, (country, from));
        if (which == 2) return abi.encodeCall(registry.endAuthority, (id, from));
        if (which == 3) return abi.encodeCall(registry.endAccount, (account, from));
        if (which == 4) {
            bytes2 own = bytes2(id) & 0xdfdf;
            return abi.encodeCall(registry.addAuthority, (id, own, IAuthorityRegistry.Domain.CUSTOMS, from, until));
        }
        IAuthorityRegistry.Role role = IAuthorityRegistry.Role(1 + (seed >> 64) % 3);
        return abi.encodeCall(registry.addAccount, (id, role, account, from, until));
    }

    function _facts() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                _head(IAuthorityRegistry.Change.MEMBER),
                _head(IAuthorityRegistry.Change.AUTHORITY),
                _head(IAuthorityRegistry.Change.ACCOUNT),
                _head(IAuthorityRegistry.Change.QUORUM),
                _head(IAuthorityRegistry.Change.SUCCESSOR),
                registry.members(),
                registry.authorities()
            )
        );
    }

    function _head(IAuthorityRegistry.Change kind) private view returns (bytes32 head) {
        (, head) = registry.changes(kind);
    }

    function _some(uint256 proposal) private view returns (uint256) {
        uint256 count = registry.proposalCount();
        return count == 0 ? 0 : proposal % count;
    }

    /// @dev Counted from the approvals, without the contract's own judgement.
    function _isApproved(uint256 id) private view returns (bool) {
        (, bytes2[] memory approvals, bool done) = registry.proposal(id);
        uint256 valid = 0;
        for (uint256 i = 0; i < approvals.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                require(approvals[i] != approvals[j], "a country has approved twice");
            }
            if (_isMemberSince(approvals[i], id)) ++valid;
        }
        (, uint64 expiresAt,) = registry.proposalDates(id);
        return !done && block.timestamp < expiresAt && valid >= history.codeAt("quorum", uint64(block.timestamp));
    }

    /// @dev A member in every second since it approved.
    function _isMemberSince(bytes2 country, uint256 id) private view returns (bool) {
        DatedList.Entry[] memory votes = registry.voteEntries(id, country);
        for (uint64 time = votes[votes.length - 1].effectiveFrom; time <= block.timestamp; ++time) {
            if (history.codeAt(country, time) != 1) return false;
        }
        return true;
    }

    function _list(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _canVote(bytes2 country) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            (bytes2 own,) = registry.authority(ids[i]);
            for (uint256 j = 0; own == country && j < accounts.length; ++j) {
                if (registry.mayAct(accounts[j], ids[i], IAuthorityRegistry.Role.VOTE)) return true;
            }
        }
        return false;
    }
}

contract AuthorityInvariantTest is Consortium {
    AuthorityHandler private _handler;

    function setUp() public override {
        VM.recordLogs();
        super.setUp();
        _handler = new AuthorityHandler(authorities, [CN_VOTE, SG_VOTE, KR_VOTE]);
        _handler.history().fold(VM.getRecordedLogs());
        _handler.wait(0);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_TheQuorumCanAlwaysVote() external view {
        require(_handler.countriesThatCanVote() >= authorities.quorum(), "the registry has locked itself");
        require(authorities.quorum() > 1, "one decides alone");
    }

    /// @dev Once at the end of each run: history stays, and the running hashes are what the events give.
    function afterInvariant() external view {
        _handler.history().requireAnswersStay();
        _requireHead(IAuthorityRegistry.MemberChanged.selector, IAuthorityRegistry.Change.MEMBER);
        _requireHead(IAuthorityRegistry.AuthorityChanged.selector, IAuthorityRegistry.Change.AUTHORITY);
        _requireHead(IAuthorityRegistry.AccountChanged.selector, IAuthorityRegistry.Change.ACCOUNT);
        _requireHead(IAuthorityRegistry.ProposalChanged.selector, IAuthorityRegistry.Change.PROPOSAL);
        _requireHead(IAuthorityRegistry.QuorumChanged.selector, IAuthorityRegistry.Change.QUORUM);
        _requireHead(IAuthorityRegistry.SuccessorNamed.selector, IAuthorityRegistry.Change.SUCCESSOR);
    }

    function _requireHead(bytes32 topic, IAuthorityRegistry.Change kind) private view {
        (uint256 count, bytes32 head) = authorities.changes(kind);
        _handler.history().requireHead(topic, count, head);
    }
}

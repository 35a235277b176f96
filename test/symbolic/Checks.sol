// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Algorithm,
    BatchRoot,
    IPassportLedger,
    IssuerId,
    KeyId,
    Kind,
    Purpose,
    Status
} from "../../contracts/interfaces/IPassportLedger.sol";
import {Rfc9162} from "../contracts/support/Rfc9162.sol";
import {Ledger} from "./Ledger.sol";

interface Vm {
    function assume(bool condition) external pure;
    function etch(address target, bytes calldata code) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function prank(address sender) external;
    function store(address target, bytes32 slot, bytes32 value) external;
    function warp(uint256 time) external;
}

interface Svm {
    function enableSymbolicStorage(address target) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
Svm constant svm = Svm(address(uint160(uint256(keccak256("svm cheat code")))));

/// @notice Stands where the P-256 precompile is: some function of its input that says yes to the vector by which OpenZeppelin's library
/// finds out whether it is there. Nothing else is known of it, so that what is proved holds for any signature that verifies.
contract AnySignature {
    fallback() external {
        bytes32 first = bytes32(msg.data[:32]);
        bool probed = first == 0xbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023;
        bool valid = probed || uint256(keccak256(msg.data)) & 1 == 1;
        assembly ("memory-safe") {
            mstore(0, valid)
            return(0, 0x20)
        }
    }
}

/// @notice What Halmos proves for every value of the arguments and every content of the ledger's storage (`pnpm analyse:halmos`), within
/// the bounds that each check names. SHA-256 is any function of its bytes. Only the journal's size is given where an entry is appended:
/// how the tree grows is the first two checks' business.
contract Checks {
    Ledger private ledger;

    function setUp() public {
        ledger = new Ledger(address(0xad));
    }

    // ------------------------------------------------------------------------------------------------------------ journal

    /// @dev Whatever the leaves are: at each size up to 24 the contract's root is that of the definition (RFC 9162, 2.1.1).
    function check_rootIsThatOfTheDefinition(bytes32[24] memory some) public {
        vm.store(address(ledger), 0, 0);
        bytes32[] memory leaves = new bytes32[](24);
        for (uint256 i = 0; i < 24; ++i) {
            leaves[i] = some[i];
            ledger.grow(uint64(i), some[i]);
            (uint64 size,, bytes32 root) = ledger.treeHead();
            assert(size == i + 1);
            assert(root == Rfc9162.root(leaves, 0, i + 1));
        }
    }

    /// @dev The step of the induction, at any size below 2^16 and whatever the peaks are: the leaf joins the peaks of the size's trailing
    /// ones, smallest first, the result becomes the peak of the next level, and no other peak changes.
    function check_appendJoinsThePeaksOfTheTrailingOnesAndNoOther(uint16 size, bytes32 leaf) public {
        svm.enableSymbolicStorage(address(ledger));
        vm.store(address(ledger), 0, bytes32(uint256(size) << 8));
        bytes32[20] memory expected;
        for (uint256 level = 0; level < 20; ++level) {
            expected[level] = peak(level);
        }
        bytes32 node = leaf;
        uint256 top = 0;
        for (; (uint256(size) >> top) & 1 == 1; ++top) {
            node = Rfc9162.hashNode(expected[top], node);
        }
        expected[top] = node;
        ledger.grow(size, leaf);
        assert(uint256(vm.load(address(ledger), 0)) == (uint256(size) + 1) << 8);
        for (uint256 level = 0; level < 20; ++level) {
            assert(peak(level) == expected[level]);
        }
    }

    // ------------------------------------------------------------------------------------------------------------ bitmaps

    struct Place {
        IssuerId issuer;
        uint64 list;
        uint8 status;
        uint16 number;
    }

    /// @dev Two words at a time, any place: what was asked is set, what was set stays, and no other issuer's, list's or status's bit, nor
    /// another word's, changes.
    function check_exactlyTheAskedBitsAreSet(
        Place memory asked,
        uint16 second,
        uint256 bits,
        uint256 secondBits,
        Place memory other
    ) public {
        anyStateOfSize(2);
        vm.assume(asked.status == Status.REVOKED || asked.status == Status.SUPERSEDED);
        vm.assume(other.status == Status.REVOKED || other.status == Status.SUPERSEDED);
        uint256 before = word(other);
        IPassportLedger.Word[] memory words = new IPassportLedger.Word[](2);
        words[0] = IPassportLedger.Word(asked.number, bits);
        words[1] = IPassportLedger.Word(second, secondBits);
        try ledger.setStatus(asked.issuer, asked.list, asked.status, words) {
            bool sameList = IssuerId.unwrap(other.issuer) == IssuerId.unwrap(asked.issuer) && other.list == asked.list
                && other.status == asked.status;
            uint256 news = 0;
            if (sameList && other.number == asked.number) news = bits;
            if (sameList && other.number == second) news |= secondBits;
            assert(asked.number < second && second < 512);
            assert(word(other) == before | news);
        } catch {
            assert(word(other) == before);
        }
    }

    // ---------------------------------------------------------------------------------------------------------- authority

    function check_onlyControllerAndSubmittersAnchor(
        address caller,
        IssuerId issuer,
        BatchRoot root,
        uint256 size,
        bytes32 manifest
    ) public {
        anyStateOfSize(2);
        IPassportLedger.IssuerFacts memory standing = ledger.standing(issuer);
        bool submitter = ledger.isSubmitter(issuer, caller);
        bool paused = ledger.paused();
        vm.prank(caller);
        try ledger.anchor(issuer, root, size, manifest, new IPassportLedger.Allocation[](0)) {
            assert(caller == standing.controller || submitter);
            assert(standing.number != 0 && standing.withdrawnSince == 0 && !standing.suspended && !paused);
            assert(size >= 1 && size <= 16_384 && manifest != 0);
        } catch {}
    }

    /// @dev Each kind of act, with any arguments of its own (one word of a status list).
    function check_onlyTheControllerActs(address caller, IssuerId issuer, uint8 kind, uint256[6] memory some) public {
        anyStateOfSize(2);
        IPassportLedger.IssuerFacts memory standing = ledger.standing(issuer);
        bytes memory data = dataOf(kind, some);
        vm.prank(caller);
        try ledger.act(issuer, one(kind, data)) {
            assert(caller == standing.controller);
            assert(standing.number != 0 && standing.withdrawnSince == 0);
            assert(!standing.suspended || isTakingBack(kind, some));
        } catch {}
    }

    /// @dev The key is the generator, whose thumbprint is any; the acts, the signature, the nonce, the deadline, the time and all that the
    /// ledger holds are anything.
    function check_relayAsksForKeyPurposeNonceDeadlineAndSignature(
        address caller,
        uint40 time,
        IssuerId issuer,
        uint8 kind,
        uint256[6] memory some,
        uint64 nonce,
        uint64 deadline,
        bytes32 r,
        bytes32 s
    ) public {
        anyStateOfSize(2);
        vm.warp(time);
        vm.etch(address(0x100), type(AnySignature).runtimeCode);
        IPassportLedger.PublicKey memory key = generator();
        KeyId id = thumbprint(key);
        IPassportLedger.IssuerFacts memory standing = ledger.standing(issuer);
        IPassportLedger.KeyFacts memory held = ledger.key(issuer, id);
        bytes memory data = dataOf(kind, some);
        vm.prank(caller);
        try ledger.relay(issuer, key, one(kind, data), nonce, deadline, abi.encodePacked(r, s)) {
            assert(deadline >= time);
            assert(nonce == held.nonce);
            assert(held.retiredAt == 0 || time < held.retiredAt);
            assert(held.compromisedSince == 0);
            assert(held.purposes & purposeOf(kind, some) != 0);
            assert(standing.number != 0 && standing.withdrawnSince == 0);
            assert(!standing.suspended || isTakingBack(kind, some));
            assert(kind != Kind.CONTROLLER_PROPOSED || standing.controller == address(0));
            // The precompile said so, of a signature in range whose s is low.
            assert(r != 0 && s != 0 && uint256(s) <= HALF_N);
            // Acts about keys write beside the nonce, which Halmos then loses sight of: the invariants count it there.
            unchecked {
                assert(isAboutAKey(kind) || ledger.key(issuer, id).nonce == nonce + 1);
            }
        } catch {}
    }

    /// @dev Each function of the accreditor, any arguments (the text is one; one word of a status list).
    function check_onlyAnAccreditorDoesItsDoings(address caller, IssuerId issuer, uint8 which, uint256[4] memory some)
        public
    {
        anyStateOfSize(2);
        vm.etch(address(0x100), type(AnySignature).runtimeCode);
        bool accreditor = ledger.hasRole(ledger.ACCREDITOR_ROLE(), caller);
        vm.assume(which < 8);
        bytes memory call;
        if (which == 0) call = abi.encodeCall(ledger.suspend, (issuer));
        else if (which == 1) call = abi.encodeCall(ledger.reinstate, (issuer));
        else if (which == 2) call = abi.encodeCall(ledger.withdraw, (issuer, uint64(some[0])));
        else if (which == 3) call = abi.encodeCall(ledger.assignRoles, (issuer, uint16(some[0])));
        else if (which == 4) call = abi.encodeCall(ledger.grantPrefix, (issuer, uint32(some[0]), "gs1:952"));
        else if (which == 5) call = takeBack(issuer, some);
        else if (which == 6) call = revocation(issuer, some);
        else call = accreditation(some);
        if (succeeds(caller, call)) assert(accreditor);
    }

    /// @dev Each function of the admin, and those by which a right is taken up or laid down.
    function check_onlyTheAdminDoesItsDoings(address caller, uint8 which, uint256[3] memory some) public {
        anyStateOfSize(2);
        bool admin = ledger.hasRole(0, caller);
        address account = address(uint160(some[0]));
        vm.assume(which < 9);
        bytes memory call;
        if (which == 0) call = abi.encodeCall(ledger.pause, ());
        else if (which == 1) call = abi.encodeCall(ledger.unpause, ());
        else if (which == 2) call = abi.encodeCall(ledger.close, (some[1], account, bytes32(some[2])));
        else if (which == 3) call = abi.encodeCall(ledger.grantRole, (bytes32(some[1]), account));
        else if (which == 4) call = abi.encodeCall(ledger.revokeRole, (bytes32(some[1]), account));
        else if (which == 5) call = abi.encodeCall(ledger.beginDefaultAdminTransfer, (account));
        else if (which == 6) call = abi.encodeCall(ledger.cancelDefaultAdminTransfer, ());
        else if (which == 7) call = abi.encodeCall(ledger.changeDefaultAdminDelay, (uint48(some[1])));
        else call = abi.encodeCall(ledger.rollbackDefaultAdminDelay, ());
        // No function of the ledger ever names another admin of a role.
        vm.assume(ledger.getRoleAdmin(bytes32(some[1])) == 0);
        if (succeeds(caller, call)) assert(admin);
    }

    function check_rightsAreTakenUpByWhomTheyWereOfferedTo(address caller, IssuerId issuer, address account, bytes32 role)
        public
    {
        anyStateOfSize(2);
        (address pending,) = ledger.pendingDefaultAdmin();
        address proposed = ledger.proposedController(issuer);
        if (succeeds(caller, abi.encodeCall(ledger.acceptDefaultAdminTransfer, ()))) assert(caller == pending);
        if (succeeds(caller, abi.encodeCall(ledger.acceptController, (issuer)))) assert(caller == proposed);
        if (succeeds(caller, abi.encodeCall(ledger.renounceRole, (role, account)))) assert(caller == account);
    }

    // -------------------------------------------------------------------------------------------------------------- parts

    uint256 private constant HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    /// @dev Everything in the storage is anything, but for the journal's size; paused and closed are anything too.
    function anyStateOfSize(uint64 size) private {
        svm.enableSymbolicStorage(address(ledger));
        uint256 slot = uint256(vm.load(address(ledger), 0));
        vm.store(address(ledger), 0, bytes32((slot & ~(uint256(type(uint64).max) << 8)) | uint256(size) << 8));
    }

    function succeeds(address caller, bytes memory call) private returns (bool ok) {
        vm.prank(caller);
        (ok,) = address(ledger).call(call);
    }

    function takeBack(IssuerId issuer, uint256[4] memory some) private view returns (bytes memory) {
        return abi.encodeCall(ledger.takeBackPrefix, (issuer, uint32(some[0]), "gs1:952", uint64(some[1])));
    }

    function revocation(IssuerId issuer, uint256[4] memory some) private view returns (bytes memory) {
        IPassportLedger.Word[] memory words = new IPassportLedger.Word[](1);
        words[0] = IPassportLedger.Word(uint16(some[1]), some[2]);
        return abi.encodeCall(ledger.revokeByAuthority, (issuer, uint64(some[0]), words));
    }

    function accreditation(uint256[4] memory some) private view returns (bytes memory) {
        bytes memory proof = abi.encodePacked(some[0], some[1]);
        address controller = address(uint160(some[2]));
        uint64 deadline = uint64(some[3]);
        return abi.encodeCall(
            ledger.accredit, ("did:web:any.example", 1, controller, generator(), Purpose.ALL, deadline, proof)
        );
    }

    function peak(uint256 level) private view returns (bytes32) {
        return vm.load(address(ledger), bytes32(1 + level));
    }

    function word(Place memory place) private view returns (uint256) {
        return ledger.word(place.issuer, place.list, place.status, place.number);
    }

    function one(uint8 kind, bytes memory data) private pure returns (IPassportLedger.Act[] memory acts) {
        acts = new IPassportLedger.Act[](1);
        acts[0] = IPassportLedger.Act(kind, data);
    }

    function dataOf(uint8 kind, uint256[6] memory some) private pure returns (bytes memory) {
        if (kind == Kind.ANCHORED) return abi.encode(some[0], some[1], some[2], new IPassportLedger.Allocation[](0));
        if (kind == Kind.STATUS_SET) {
            IPassportLedger.Word[] memory words = new IPassportLedger.Word[](1);
            words[0] = IPassportLedger.Word(uint16(some[3]), some[4]);
            return abi.encode(uint64(some[0]), uint8(some[1]), uint8(some[2]), words);
        }
        if (kind == Kind.KEY_ADDED) {
            // Ed25519: P-256 would need a second signature.
            IPassportLedger.PublicKey memory key = IPassportLedger.PublicKey(Algorithm.ED25519, bytes32(some[0]), 0);
            return abi.encode(key, uint16(some[1]), uint64(some[2]), "");
        }
        return kind >= Kind.LOT_REGISTERED ? materialDataOf(kind, some) : abi.encode(some[0], some[1]);
    }

    /// @dev Labels are of one letter: the length of what is copied and hashed has to be a number.
    function materialDataOf(uint8 kind, uint256[6] memory some) private pure returns (bytes memory) {
        bytes memory label = hex"00014c";
        if (kind == Kind.LOT_REGISTERED) {
            return bytes.concat(
                abi.encodePacked(uint40(some[0]), uint8(some[1]), uint8(some[2]), uint64(some[3]), some[4]),
                abi.encodePacked(uint64(0), uint64(0), bytes2("GB"), label, label)
            );
        }
        if (kind == Kind.LOT_SPLIT) return abi.encodePacked(some[0], uint64(some[1]), label);
        if (kind == Kind.TRANSFER_OFFERED) {
            return abi.encodePacked(some[0], some[1], uint64(some[2]), some[3], label);
        }
        if (kind == Kind.TRANSFORMED) {
            return bytes.concat(
                abi.encodePacked(some[0], some[1], label, uint8(1), some[2], uint64(some[3])),
                abi.encodePacked(uint8(1), uint8(some[4]), uint8(some[4] >> 8), uint64(some[5]), label)
            );
        }
        if (kind == Kind.TRANSFER_ACCEPTED) return abi.encodePacked(some[0], some[1], some[2]);
        return kind == Kind.LOT_RETIRED || kind == Kind.LOT_LOST
            ? abi.encodePacked(some[0], uint64(some[1]))
            : abi.encodePacked(some[0]);
    }

    function isAboutAKey(uint8 kind) private pure returns (bool) {
        return kind == Kind.KEY_ADDED || kind == Kind.KEY_RETIRED || kind == Kind.KEY_COMPROMISED;
    }

    function isTakingBack(uint8 kind, uint256[6] memory some) private pure returns (bool) {
        return kind == Kind.KEY_RETIRED || kind == Kind.KEY_COMPROMISED || kind == Kind.TRANSFER_WITHDRAWN
            || (kind == Kind.STATUS_SET && uint8(some[1]) == Status.REVOKED);
    }

    function purposeOf(uint8 kind, uint256[6] memory some) private pure returns (uint16) {
        if (kind == Kind.ANCHORED || kind >= Kind.LOT_REGISTERED) return Purpose.OPERATE;
        if (kind != Kind.STATUS_SET) return Purpose.ADMINISTER;
        return uint8(some[1]) == Status.REVOKED ? Purpose.REVOKE : Purpose.OPERATE;
    }

    function generator() private pure returns (IPassportLedger.PublicKey memory) {
        return IPassportLedger.PublicKey(
            Algorithm.ES256,
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5
        );
    }

    /// @dev RFC 7638 of the generator.
    function thumbprint(IPassportLedger.PublicKey memory) private pure returns (KeyId) {
        return KeyId.wrap(
            sha256(
                '{"crv":"P-256","kty":"EC","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}'
            )
        );
    }
}

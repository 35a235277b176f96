// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    ActorKind,
    Algorithm,
    BatchRoot,
    IPassportLedger,
    IssuerId,
    KeyId,
    Kind,
    Purpose,
    Reason,
    Status
} from "../../../contracts/interfaces/IPassportLedger.sol";
import {PassportLedger} from "../../../contracts/PassportLedger.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {vm, Vm} from "./Vm.sol";

/// @notice A ledger with an admin, an accreditor and one issuer, "maker": controller, submitter, and one key of every purpose.
abstract contract LedgerTest {
    /// @dev P-256 keys are their private scalars.
    struct Signed {
        uint256 secret;
        IPassportLedger.Act[] acts;
        uint64 nonce;
        uint64 deadline;
    }

    uint48 internal constant ADMIN_DELAY = 1 days;
    uint64 internal constant NOW = 1_800_000_000;
    uint64 internal constant DEADLINE = NOW + 365 days;
    string internal constant DID = "did:web:maker.example";
    string internal constant PREFIX = "gs1:952";
    uint64 internal constant LIST = 0x1122334455667788;
    uint256 internal constant FIRST_KEY = 0xa11ce;
    uint256 internal constant OTHER_KEY = 0xb0b;
    bytes32 internal constant MANIFEST = keccak256("manifest");
    BatchRoot internal constant ROOT = BatchRoot.wrap(keccak256("root"));

    address internal immutable admin = makeAddress("admin");
    address internal immutable accreditor = makeAddress("accreditor");
    address internal immutable controller = makeAddress("controller");
    address internal immutable submitter = makeAddress("submitter");
    address internal immutable stranger = makeAddress("stranger");
    IssuerId internal immutable maker = IssuerId.wrap(sha256(bytes(DID)));
    IssuerId internal immutable nobody = IssuerId.wrap(sha256("did:web:nobody.example"));

    PassportLedger internal ledger;
    bytes32 internal accreditorRole;
    KeyId internal firstKey;

    function setUp() public virtual {
        vm.warp(NOW);
        vm.roll(1000);
        ledger = new PassportLedger(ADMIN_DELAY, admin);
        accreditorRole = ledger.ACCREDITOR_ROLE();
        vm.prank(admin);
        ledger.grantRole(accreditorRole, accreditor);
        firstKey = thumbprint(FIRST_KEY);
        accredit(DID, controller, FIRST_KEY, Purpose.ALL);
        actAsController(one(Kind.SUBMITTER_APPOINTED, abi.encode(submitter)));
    }

    // ----------------------------------------------------------------------------------------------------------- calls

    function accredit(string memory did, address of_, uint256 secret, uint16 purposes) internal {
        bytes memory proof = prove(secret, IssuerId.wrap(sha256(bytes(did))), of_, purposes, DEADLINE);
        vm.prank(accreditor);
        ledger.accredit(did, 1, of_, publicKey(secret), purposes, DEADLINE, proof);
    }

    function actAsController(IPassportLedger.Act[] memory acts) internal {
        vm.prank(controller);
        ledger.act(maker, acts);
    }

    /// @dev Signed by the key for its next nonce, and relayed by a stranger.
    function relay(uint256 secret, IPassportLedger.Act[] memory acts) internal {
        relay(maker, Signed(secret, acts, nonceOf(maker, secret), DEADLINE));
    }

    function relay(IssuerId issuer, Signed memory s) internal {
        bytes memory signature = signRelay(ledger, issuer, s);
        vm.prank(stranger);
        ledger.relay(issuer, publicKey(s.secret), s.acts, s.nonce, s.deadline, signature);
    }

    function addKey(uint256 secret, uint16 purposes) internal {
        actAsController(one(Kind.KEY_ADDED, keyAdded(secret, purposes)));
    }

    function closeLedger() internal {
        vm.prank(admin);
        ledger.close(0, address(0), 0);
    }

    // ------------------------------------------------------------------------------------------------------------ acts

    function one(uint8 kind, bytes memory data) internal pure returns (IPassportLedger.Act[] memory acts) {
        acts = new IPassportLedger.Act[](1);
        acts[0] = IPassportLedger.Act(kind, data);
    }

    function two(uint8 kind, bytes memory data, uint8 otherKind, bytes memory otherData)
        internal
        pure
        returns (IPassportLedger.Act[] memory acts)
    {
        acts = new IPassportLedger.Act[](2);
        acts[0] = IPassportLedger.Act(kind, data);
        acts[1] = IPassportLedger.Act(otherKind, otherData);
    }

    function anchored() internal pure returns (bytes memory) {
        return abi.encode(ROOT, uint256(10), MANIFEST, none());
    }

    function none() internal pure returns (IPassportLedger.Allocation[] memory) {
        return new IPassportLedger.Allocation[](0);
    }

    function statusSet(uint64 list, uint8 status, uint16 word, uint256 bits) internal pure returns (bytes memory) {
        return abi.encode(list, status, Reason.RECALL, words(word, bits));
    }

    function words(uint16 number, uint256 bits) internal pure returns (IPassportLedger.Word[] memory list) {
        list = new IPassportLedger.Word[](1);
        list[0] = IPassportLedger.Word(number, bits);
    }

    function keyAdded(uint256 secret, uint16 purposes) internal view returns (bytes memory) {
        return abi.encode(publicKey(secret), purposes, DEADLINE, prove(secret, maker, controller, purposes, DEADLINE));
    }

    // ------------------------------------------------------------------------------------------------------------ keys

    function publicKey(uint256 secret) internal pure returns (IPassportLedger.PublicKey memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(secret);
        return IPassportLedger.PublicKey(Algorithm.ES256, bytes32(x), bytes32(y));
    }

    /// @dev RFC 7638, written out here a second time, with OpenZeppelin's Base64.
    function thumbprint(uint256 secret) internal pure returns (KeyId) {
        IPassportLedger.PublicKey memory key = publicKey(secret);
        string memory x = Base64.encodeURL(bytes.concat(key.x));
        string memory y = Base64.encodeURL(bytes.concat(key.y));
        return KeyId.wrap(sha256(abi.encodePacked('{"crv":"P-256","kty":"EC","x":"', x, '","y":"', y, '"}')));
    }

    function prove(uint256 secret, IssuerId issuer, address of_, uint16 purposes, uint64 deadline)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typehash = keccak256("KeyPossession(bytes32 issuer,address controller,uint16 purposes,uint64 deadline)");
        return sign(ledger, secret, keccak256(abi.encode(typehash, issuer, of_, purposes, deadline)));
    }

    function signRelay(PassportLedger to, IssuerId issuer, Signed memory s) internal view returns (bytes memory) {
        bytes32 actTypehash = keccak256("Act(uint8 kind,bytes data)");
        bytes32[] memory hashes = new bytes32[](s.acts.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = keccak256(abi.encode(actTypehash, s.acts[i].kind, keccak256(s.acts[i].data)));
        }
        bytes32 typehash = keccak256(
            "Relay(bytes32 issuer,bytes32 key,Act[] acts,uint64 nonce,uint64 deadline)Act(uint8 kind,bytes data)"
        );
        bytes32 acts = keccak256(abi.encodePacked(hashes));
        KeyId key = thumbprint(s.secret);
        return sign(to, s.secret, keccak256(abi.encode(typehash, issuer, key, acts, s.nonce, s.deadline)));
    }

    /// @dev EIP-712, but for SHA-256 over its bytes; low s.
    function digest(PassportLedger to, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("PassportLedger"),
                keccak256("1"),
                block.chainid,
                address(to)
            )
        );
        return sha256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function sign(PassportLedger to, uint256 secret, bytes32 structHash) internal view returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(secret, digest(to, structHash));
        return abi.encodePacked(r, uint256(s) > N / 2 ? bytes32(N - uint256(s)) : s);
    }

    uint256 internal constant N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;

    // ----------------------------------------------------------------------------------------------------------- reads

    function factsOf(IssuerId issuer, KeyId key, bytes32 grant, uint64 list, uint16 word)
        internal
        view
        returns (IPassportLedger.Facts memory)
    {
        return ledger.facts(IPassportLedger.Question(issuer, key, grant, list, word));
    }

    function issuerFacts(IssuerId issuer) internal view returns (IPassportLedger.IssuerFacts memory) {
        return factsOf(issuer, KeyId.wrap(0), 0, 0, 0).issuer;
    }

    function keyFacts(KeyId key) internal view returns (IPassportLedger.KeyFacts memory) {
        return factsOf(maker, key, 0, 0, 0).key;
    }

    function grantFacts(uint32 number, string memory prefix) internal view returns (IPassportLedger.GrantFacts memory) {
        return factsOf(maker, KeyId.wrap(0), grantId(number, prefix), 0, 0).grant;
    }

    function grantId(uint32 number, string memory prefix) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(number, prefix));
    }

    function bitsOf(uint64 list, uint8 status, uint16 word) internal view returns (uint256) {
        IPassportLedger.Facts memory f = factsOf(maker, KeyId.wrap(0), 0, list, word);
        return status == Status.REVOKED ? f.revoked : f.superseded;
    }

    function nonceOf(IssuerId issuer, uint256 secret) internal view returns (uint64) {
        return factsOf(issuer, thumbprint(secret), 0, 0, 0).key.nonce;
    }

    function sizeNow() internal view returns (uint64 size) {
        (size,,) = ledger.treeHead();
    }

    // --------------------------------------------------------------------------------------------------------- entries

    /// @dev The entries in the logs recorded since the last call, or since `vm.recordLogs()`.
    function emitted() internal returns (bytes[] memory entries) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        entries = new bytes[](logs.length);
        uint256 count;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IPassportLedger.Entry.selector) {
                entries[count++] = abi.decode(logs[i].data, (bytes));
            }
        }
        assembly ("memory-safe") {
            mstore(entries, count)
        }
    }

    /// @dev What the ledger writes before every body.
    function header(uint8 kind, uint8 actorKind, bytes32 actor) internal view returns (bytes memory) {
        return abi.encodePacked(uint8(1), kind, uint64(block.number), uint64(block.timestamp), actorKind, actor);
    }

    function header(uint8 kind, uint8 actorKind, address actor) internal view returns (bytes memory) {
        return header(kind, actorKind, bytes32(uint256(uint160(actor))));
    }

    /// @dev The call made since `vm.recordLogs()` made this entry and no other.
    function assertEntry(bytes memory head, bytes memory body) internal {
        bytes[] memory entries = emitted();
        vm.assertEq(entries.length, 1, "one entry");
        vm.assertEq(entries[0], bytes.concat(head, body), "entry");
    }

    function refuses(bytes memory revertData) internal {
        vm.expectRevert(revertData);
    }

    function makeAddress(string memory name) internal pure returns (address) {
        return address(uint160(uint256(keccak256(bytes(name)))));
    }
}

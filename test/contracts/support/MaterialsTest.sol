// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMaterials, LotId} from "../../../contracts/interfaces/IMaterials.sol";
import {BatchRoot, IPassportLedger, IssuerId, Kind, Purpose} from "../../../contracts/interfaces/IPassportLedger.sol";
import {LedgerTest} from "./LedgerTest.sol";
import {vm} from "./Vm.sol";

/// @notice A ledger with two issuers in every role that knows lots, "maker" (number 1) and "buyer" (number 2).
abstract contract MaterialsTest is LedgerTest {
    uint40 internal constant COBALT = 7_440_484;
    uint40 internal constant NICKEL = 7_440_020;
    uint16 internal constant ROLES = 0x3f;
    bytes32 internal constant EVENT = keccak256("event");
    string internal constant BUYER_DID = "did:web:buyer.example";

    IssuerId internal immutable buyer = IssuerId.wrap(sha256(bytes(BUYER_DID)));
    address internal immutable buyerController = makeAddress("buyer's controller");

    function setUp() public virtual override {
        super.setUp();
        accredit(BUYER_DID, buyerController, OTHER_KEY, Purpose.ALL);
        assign(ROLES);
        vm.prank(accreditor);
        ledger.assignRoles(buyer, ROLES);
    }

    function assign(uint16 roles) internal {
        vm.prank(accreditor);
        ledger.assignRoles(maker, roles);
    }

    // ------------------------------------------------------------------------------------------------------------ acts

    function does(IssuerId issuer, uint8 kind, bytes memory data) internal {
        doesAs(issuer, controller, kind, data);
    }

    function doesAs(IssuerId issuer, address from, uint8 kind, bytes memory data) internal {
        vm.prank(from);
        ledger.act(issuer, one(kind, data));
    }

    function attempt(IssuerId issuer, address from, uint8 kind, bytes memory data)
        internal
        returns (bool done, bytes memory answer)
    {
        vm.prank(from);
        (done, answer) = address(ledger).call(abi.encodeCall(ledger.act, (issuer, one(kind, data))));
    }

    function refusesAct(IssuerId issuer, uint8 kind, bytes memory data, bytes memory why) internal {
        refusesActAs(issuer, controller, kind, data, why);
    }

    function refusesActAs(IssuerId issuer, address from, uint8 kind, bytes memory data, bytes memory why) internal {
        (bool done, bytes memory answer) = attempt(issuer, from, kind, data);
        vm.assertEq(done, false, "refused");
        vm.assertEq(answer, why, "why");
    }

    function refusesRegistration(bytes memory data, bytes memory why) internal {
        refusesAct(maker, Kind.LOT_REGISTERED, data, why);
    }

    function refusesAnchor(uint256 size, IPassportLedger.Allocation[] memory list, bytes memory why) internal {
        refuses(why);
        vm.prank(controller);
        ledger.anchor(maker, ROOT, size, MANIFEST, list);
    }

    function register(string memory label, uint8 origin, uint8 custody, uint64 milligrams) internal {
        does(maker, Kind.LOT_REGISTERED, registered(label, origin, custody, milligrams));
    }

    function register(IssuerId issuer, address from, string memory label, uint64 milligrams) internal {
        doesAs(issuer, from, Kind.LOT_REGISTERED, registered(label, 1, 2, milligrams));
    }

    /// @dev 300 mg, of the maker's, to the buyer.
    function offer() internal {
        register("MINE-1", 1, 2, 1_000);
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("MINE-1"), 300, "OFFERED"));
    }

    // ---------------------------------------------------------------------------------------------------------- data

    function text(string memory value) internal pure returns (bytes memory) {
        return abi.encodePacked(uint16(bytes(value).length), value);
    }

    function registered(string memory label, uint8 origin, uint8 custody, uint64 milligrams)
        internal
        pure
        returns (bytes memory)
    {
        return registration(label, COBALT, origin, custody, milligrams, 0, 0, "GB", "https://f.example/1", EVENT);
    }

    function registration(
        string memory label,
        uint40 substance,
        uint8 origin,
        uint8 custody,
        uint64 milligrams,
        uint64 from,
        uint64 until,
        bytes2 country,
        string memory facility,
        bytes32 event_
    ) internal pure returns (bytes memory) {
        return bytes.concat(
            abi.encodePacked(substance, origin, custody, milligrams, event_),
            abi.encodePacked(from, until, country),
            text(label),
            text(facility)
        );
    }

    function offered(IssuerId receiver, LotId lot, uint64 milligrams, string memory label)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(receiver, lot, milligrams, EVENT, text(label));
    }

    function head(uint64 primary, uint64 pre, uint64 post, uint64 renewable) internal pure returns (bytes memory) {
        return abi.encodePacked(EVENT, primary, pre, post, renewable, text("refining"));
    }

    function one(LotId lot, uint64 milligrams) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(1), lot, milligrams);
    }

    function two(LotId a, uint64 ofA, LotId b, uint64 ofB) internal pure returns (bytes memory) {
        return LotId.unwrap(a) < LotId.unwrap(b)
            ? abi.encodePacked(uint8(2), a, ofA, b, ofB)
            : abi.encodePacked(uint8(2), b, ofB, a, ofA);
    }

    function output(uint8 origin, uint8 custody, uint64 milligrams, string memory label)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(origin, custody, milligrams, text(label));
    }

    function transformed(bytes memory inputs, string memory label, uint8 origin, uint8 custody, uint64 milligrams)
        internal
        pure
        returns (bytes memory)
    {
        return bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(origin, custody, milligrams, label));
    }

    function allocations(LotId lot, uint64 milligrams) internal pure returns (IPassportLedger.Allocation[] memory list) {
        list = new IPassportLedger.Allocation[](1);
        list[0] = IPassportLedger.Allocation(lot, milligrams);
    }

    // ----------------------------------------------------------------------------------------------------------- reads

    function idOf(string memory label) internal view returns (LotId) {
        return idOf(maker, label);
    }

    function idOf(IssuerId issuer, string memory label) internal pure returns (LotId) {
        return LotId.wrap(sha256(abi.encodePacked(issuer, label)));
    }

    function lotOf(string memory label) internal view returns (IMaterials.Lot memory) {
        return ledger.materials().lot(idOf(label));
    }
}

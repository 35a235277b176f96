// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MaterialsHandler} from "./support/MaterialsHandler.sol";
import {vm} from "./support/Vm.sol";

/// @notice Lots moved at random by three issuers, rightly and wrongly, for which MaterialsHandler keeps books of its own. Its calls fail
/// when the ledger does anything that the books do not say, and a failing call fails the test (failOnRevert).
contract MaterialsInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    MaterialsHandler private handler;

    function setUp() public {
        handler = new MaterialsHandler();
        handler.setUp();
    }

    /// @dev The runner's way to be told what to call.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[12] memory some = [
            handler.registerLot.selector,
            handler.registerLot.selector,
            handler.splitLot.selector,
            handler.offerLot.selector,
            handler.acceptLot.selector,
            handler.acceptLot.selector,
            handler.endOffer.selector,
            handler.useLot.selector,
            handler.allocateLots.selector,
            handler.transformLots.selector,
            handler.voidLot.selector,
            handler.suspendOrReinstate.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        targets[0].selectors = new bytes4[](some.length);
        for (uint256 i = 0; i < some.length; ++i) {
            targets[0].selectors[i] = some[i];
        }
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_massIsConservedOfEachSubstanceAndOrigin() public view {
        handler.checkConservation();
    }

    function invariant_everyLotIsAsTheBooksHaveIt() public view {
        handler.checkLots();
    }

    /// @dev For a campaign, which names the file in which it adds up what became of the calls of all runs.
    function afterInvariant() external {
        string memory file = vm.envOr("DPP_CAMPAIGN_TALLY", string(""));
        if (bytes(file).length != 0) vm.writeLine(file, handler.tally());
    }

    /// @dev The same calls by the hundred, from fixed seeds: every situation that the invariants are about does come up.
    function test_randomMovesReachEverySituation() public {
        for (uint256 i = 0; i < 2_000; ++i) {
            bytes32 seed = keccak256(abi.encode("materials", i));
            (uint8 actor, uint8 other) = (uint8(seed[0]), uint8(seed[1]));
            (uint16 lot, uint16 second) = (uint16(bytes2(seed << 16)), uint16(bytes2(seed << 32)));
            uint64 mass = uint64(bytes8(seed << 64));
            uint256 pick = uint8(seed[31]) % 24;
            if (pick <= 3) handler.registerLot(actor, other, mass);
            else if (pick <= 5) handler.splitLot(actor, lot, mass);
            else if (pick <= 9) handler.offerLot(actor, other, lot, mass);
            else if (pick <= 12) handler.acceptLot(actor, other, lot);
            else if (pick <= 14) handler.endOffer(actor, lot, other % 2 == 0);
            else if (pick <= 16) handler.useLot(actor, lot, mass, other % 2 == 0);
            else if (pick <= 18) handler.allocateLots(actor, lot, second, mass, uint16(other));
            else if (pick <= 21) handler.transformLots(actor, lot, second, mass, uint256(seed));
            else if (pick == 22) handler.voidLot(other, lot);
            else handler.suspendOrReinstate(actor, other % 2 == 0);
        }
        string[13] memory situations = [
            "calls that succeeded",
            "calls refused",
            "registered",
            "split",
            "offered",
            "accepted",
            "refused",
            "withdrawn",
            "retired",
            "lost",
            "allocated",
            "transformed",
            "voided"
        ];
        for (uint256 i = 0; i < situations.length; ++i) {
            vm.assertTrue(handler.count(bytes32(bytes(situations[i]))) >= 3, situations[i]);
        }
        vm.assertTrue(handler.count("withdrawn by suspended issuers") >= 1, "withdrawn by suspended issuers");
        handler.checkLots();
        handler.checkConservation();
    }
}

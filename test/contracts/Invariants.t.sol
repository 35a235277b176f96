// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Handler} from "./support/Handler.sol";
import {vm} from "./support/Vm.sol";

/// @notice Random calls by everybody, right and wrong, for which Handler keeps a model of its own. Its calls fail when the ledger does
/// anything that the model does not say, and a failing call fails the test (failOnRevert).
contract InvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private handler;

    function setUp() public {
        handler = new Handler();
        handler.setUp();
    }

    /// @dev The runner's way to be told what to call.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        // More often what issuers do.
        bytes4[16] memory some = [
            handler.anchorByAccount.selector,
            handler.actByAccount.selector,
            handler.actByAccount.selector,
            handler.actByAccount.selector,
            handler.relayByKey.selector,
            handler.relayByKey.selector,
            handler.relayByKey.selector,
            handler.acceptByAccount.selector,
            handler.accreditIssuer.selector,
            handler.suspendOrReinstate.selector,
            handler.withdraw.selector,
            handler.assignRoles.selector,
            handler.grantOrTakeBack.selector,
            handler.revokeByAuthority.selector,
            handler.pauseOrUnpause.selector,
            handler.passTime.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        targets[0].selectors = new bytes4[](17);
        for (uint256 i = 0; i < 16; ++i) {
            targets[0].selectors[i] = some[i];
        }
        targets[0].selectors[16] = handler.close.selector;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_treeHeadIsThatOfAnIndependentTreeOverAllEntries() public view {
        handler.checkTree();
    }

    function invariant_stateIsWhatTheEntriesSayAndNothingElseChanges() public view {
        handler.checkState();
    }

    /// @dev For a campaign, which names the file in which it adds up what became of the calls of all runs.
    function afterInvariant() external {
        string memory file = vm.envOr("DPP_CAMPAIGN_TALLY", string(""));
        if (bytes(file).length != 0) vm.writeLine(file, handler.tally());
    }

    /// @dev The same calls by the hundred, from fixed seeds: every situation that the invariants are about does come up.
    function test_randomCallsReachEverySituation() public {
        for (uint256 i = 0; i < 900; ++i) {
            bytes32 seed = keccak256(abi.encode(i));
            uint8 issuer = uint8(seed[0]);
            uint8 caller = uint8(seed[1]);
            uint256 rest = uint256(seed) >> 16;
            uint256 pick = uint256(uint8(seed[2])) % 16;
            if (pick <= 1) handler.anchorByAccount(issuer, caller, uint16(rest), seed);
            else if (pick <= 5) handler.actByAccount(issuer, caller, rest);
            else if (pick <= 9) handler.relayByKey(issuer, uint8(seed[3]), caller, rest);
            else if (pick == 10) handler.suspendOrReinstate(issuer, caller, rest % 3 == 0);
            else if (pick == 11) handler.acceptByAccount(issuer, caller);
            else if (pick == 12) handler.revokeByAuthority(issuer, caller, rest);
            else if (pick == 13) handler.grantOrTakeBack(issuer, caller, uint8(rest), rest % 2 == 0, uint16(rest));
            else if (pick == 14) handler.pauseOrUnpause(caller, rest % 4 == 0);
            else handler.passTime(uint16(rest));
        }
        string[14] memory situations = [
            "calls that succeeded",
            "calls refused",
            "anchors",
            "anchors of suspended issuers",
            "anchors without authority",
            "acts of suspended issuers",
            "other acts of submitters",
            "relayed acts",
            "acts beyond a key's purposes",
            "acts of keys that have ended",
            "bits set",
            "keys added",
            "revocations by authority",
            "suspensions"
        ];
        for (uint256 i = 0; i < situations.length; ++i) {
            vm.assertTrue(handler.count(bytes32(bytes(situations[i]))) >= 5, situations[i]);
        }
        vm.assertTrue(handler.count("controllers changed") >= 1, "controllers changed");
        handler.checkTree();
        handler.checkState();
    }
}

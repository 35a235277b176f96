// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {LedgerHarness} from "./support/LedgerHarness.sol";
import {vm} from "./support/Vm.sol";

contract JwkTest {
    LedgerHarness private harness;

    function setUp() public {
        harness = new LedgerHarness(address(this));
    }

    function testFuzz_base64UrlIsThatOfOpenZeppelin(bytes32 data) public view {
        assertSame(data);
    }

    /// @dev Each of the 64 characters at each of the 43 places.
    function test_everyCharacterAtEveryPlaceIsThatOfOpenZeppelin() public view {
        for (uint256 value = 0; value < 64; ++value) {
            uint256 repeated;
            for (uint256 i = 0; i < 43; ++i) {
                repeated = repeated << 6 | value;
            }
            assertSame(bytes32(repeated));
            assertSame(bytes32(repeated << 2));
        }
        assertSame(0);
        assertSame(bytes32(type(uint256).max));
    }

    function assertSame(bytes32 data) private view {
        bytes memory expected = bytes(Base64.encodeURL(bytes.concat(data)));
        vm.assertEq(harness.encodeBase64Url(data), expected, "base64url");
    }
}

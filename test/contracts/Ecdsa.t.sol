// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {Algorithm, IPassportLedger, Kind, Purpose} from "../../contracts/interfaces/IPassportLedger.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice The edge cases of test/vectors/ecdsa.json, which packages/core's tests read too, by the precompile and by the Solidity that
/// stands in where there is none; and keys that are none, at the ledger's door.
contract EcdsaTest is LedgerTest {
    function test_precompileAndFallbackAgreeWithTheStandardOnEveryEdgeCase() public view {
        string memory json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/ecdsa.json"));
        uint256 count = 0;
        for (; vm.keyExistsJson(json, item(count, "name")); ++count) {
            string memory name = vm.parseJsonString(json, item(count, "name"));
            bytes32 digest = sha256(bytes(vm.parseJsonString(json, item(count, "message"))));
            bytes32 r = vm.parseJsonBytes32(json, item(count, "r"));
            bytes32 s = vm.parseJsonBytes32(json, item(count, "s"));
            bytes32 x = vm.parseJsonBytes32(json, item(count, "x"));
            bytes32 y = vm.parseJsonBytes32(json, item(count, "y"));
            // One spelling of a signature: that with low s.
            bool taken = vm.parseJsonBool(json, item(count, "valid")) && vm.parseJsonBool(json, item(count, "low"));
            vm.assertEq(P256.verify(digest, r, s, x, y), taken, string.concat("by the precompile: ", name));
            vm.assertEq(P256.verifySolidity(digest, r, s, x, y), taken, string.concat("by the fallback: ", name));
        }
        vm.assertEq(count, 48, "cases");
    }

    function test_noSignatureProvesAKeyThatIsNoPointOfTheCurve() public {
        IPassportLedger.PublicKey memory genuine = publicKey(OTHER_KEY);
        bytes memory proof = prove(OTHER_KEY, maker, controller, Purpose.ALL, DEADLINE);
        bytes32 prime = bytes32(P256.P);
        bytes32[2][6] memory points = [
            [genuine.x, bytes32(uint256(genuine.y) ^ 1)],
            [bytes32(0), bytes32(0)],
            [genuine.y, genuine.x],
            [prime, genuine.y],
            [genuine.x, prime],
            [bytes32(type(uint256).max), genuine.y]
        ];
        for (uint256 i = 0; i < points.length; ++i) {
            IPassportLedger.PublicKey memory key =
                IPassportLedger.PublicKey(Algorithm.ES256, points[i][0], points[i][1]);
            IPassportLedger.Act[] memory acts =
                one(Kind.KEY_ADDED, abi.encode(key, Purpose.ALL, DEADLINE, proof));
            vm.prank(controller);
            (bool ok, bytes memory why) = address(ledger).call(abi.encodeCall(ledger.act, (maker, acts)));
            vm.assertTrue(!ok && bytes4(why) == IPassportLedger.SignatureInvalid.selector, vm.toString(i));
        }
        actAsController(one(Kind.KEY_ADDED, abi.encode(genuine, Purpose.ALL, DEADLINE, proof)));
        vm.assertEq(keyFacts(thumbprint(OTHER_KEY)).purposes, Purpose.ALL, "the genuine one");
    }

    function item(uint256 i, string memory member) private pure returns (string memory) {
        return string.concat("[", vm.toString(i), "].", member);
    }
}

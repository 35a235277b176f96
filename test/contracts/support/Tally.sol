// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {vm} from "./Vm.sol";

/// @notice What became of a handler's calls of the ledger, and for what reasons they were refused: campaigns add it up.
abstract contract Tally {
    uint256 private _done;
    mapping(bytes4 reason => uint256) private _refused;
    bytes4[] private _reasons;

    function tallyUp(bool done, bytes memory answer) internal {
        if (done) {
            ++_done;
            return;
        }
        // Of an error its selector; zero where there is no reason.
        bytes4 reason = bytes4(answer);
        if (_refused[reason]++ == 0) _reasons.push(reason);
    }

    /// @dev JSON: how many were done, and of each reason, as a number, how many were refused for it.
    function tally() external view returns (string memory line) {
        line = string.concat('{"done":', vm.toString(_done), ',"refused":{');
        for (uint256 i = 0; i < _reasons.length; ++i) {
            string memory reason = vm.toString(uint256(uint32(_reasons[i])));
            line = string.concat(line, i == 0 ? '"' : ',"', reason, '":', vm.toString(_refused[_reasons[i]]));
        }
        line = string.concat(line, "}}");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ActorKind, IssuerId, KeyId, Reason} from "../../contracts/interfaces/IPassportLedger.sol";
import {PassportLedger} from "../../contracts/PassportLedger.sol";

/// @notice The ledger with doors to what it keeps inside, so that a check can compare before and after.
contract Ledger is PassportLedger {
    constructor(address admin) PassportLedger(1 days, admin) {}

    function grow(uint64 size, bytes32 leaf) external {
        _grow(size, leaf);
    }

    function setStatus(IssuerId issuer, uint64 list, uint8 status, Word[] memory words) external {
        _setStatus(_account(ActorKind.CONTROLLER, msg.sender), issuer, list, status, Reason.RECALL, words);
    }

    function word(IssuerId issuer, uint64 list, uint8 status, uint16 number) external view returns (uint256) {
        return _word(issuer, list, status, number);
    }

    function standing(IssuerId issuer) external view returns (IssuerFacts memory) {
        return _issuers[issuer];
    }

    function key(IssuerId issuer, KeyId id) external view returns (KeyFacts memory) {
        return _keys[issuer][id];
    }
}

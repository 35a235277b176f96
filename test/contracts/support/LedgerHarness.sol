// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ActorKind, IssuerId, Kind} from "../../../contracts/interfaces/IPassportLedger.sol";
import {Jwk} from "../../../contracts/Jwk.sol";
import {PassportLedger} from "../../../contracts/PassportLedger.sol";

/// @notice The ledger with doors to what it keeps inside, so that tests can append entries of any length and grow trees of any leaves.
contract LedgerHarness is PassportLedger {
    constructor(address admin) PassportLedger(0, admin) {}

    function append(bytes memory body) external {
        _append(Kind.OPENED, _account(ActorKind.ADMIN, msg.sender), IssuerId.wrap(0), 0, body);
    }

    function grow(bytes32 leaf) external {
        (uint64 size,,) = treeHead();
        _grow(size, leaf);
    }

    function hash(bytes memory data) external view returns (bytes32) {
        return _sha256(data);
    }

    function encodeBase64Url(bytes32 data) external pure returns (bytes memory) {
        (bytes32 head, bytes11 tail) = Jwk.encodeBase64Url(data);
        return abi.encodePacked(head, tail);
    }
}

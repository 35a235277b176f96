// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IPassportLedger, IssuerId, Status} from "./interfaces/IPassportLedger.sol";
import {Authority} from "./Authority.sol";
import {Journal} from "./Journal.sol";

/// @title PassportLedger
/// @notice The parts, composed: Journal, Administration, Issuers, Anchors, StatusLists, Authority. Not upgradeable.
contract PassportLedger is Authority {
    /// @param adminDelay Seconds between naming a new admin and its accepting.
    /// @param admin The first admin; a multisig or timelock in production.
    constructor(uint48 adminDelay, address admin)
        Journal(admin)
        AccessControlDefaultAdminRules(adminDelay, admin)
        EIP712("PassportLedger", "1")
    {}

    /// @inheritdoc IPassportLedger
    function facts(Question calldata question) external view returns (Facts memory answer) {
        IssuerId issuer = question.issuer;
        // Casts: no chain counts blocks or seconds up to 2^64.
        answer.blockNumber = uint64(block.number);
        answer.blockTime = uint64(block.timestamp);
        answer.paused = paused();
        answer.closed = _isClosed();
        (answer.size, answer.peaks,) = treeHead();
        answer.issuer = _issuers[issuer];
        answer.key = _keys[issuer][question.key];
        answer.grant = _grants[issuer][question.grant];
        answer.revoked = _word(issuer, question.list, Status.REVOKED, question.word);
        answer.superseded = _word(issuer, question.list, Status.SUPERSEDED, question.word);
    }
}

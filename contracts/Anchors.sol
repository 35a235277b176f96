// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BatchRoot, IssuerId, Kind} from "./interfaces/IPassportLedger.sol";
import {Issuers} from "./Issuers.sol";

/// @title Anchors
/// @notice Says what was issued: batches. Keeps nothing of a batch but its entry; refuses batches that nobody could rebuild.
/// @dev That the caller may speak for the issuer, and that the issuer is neither suspended nor withdrawn, is Authority's to check.
abstract contract Anchors is Issuers {
    /// @dev So that a manifest, 41 bytes a credential, is one IPFS block.
    uint256 private constant LARGEST_BATCH = 16_384;

    function _anchor(
        Actor memory actor,
        IssuerId issuer,
        uint16 roles,
        BatchRoot root,
        uint256 size,
        bytes32 manifest,
        uint256 allocations
    ) internal {
        _requireNotPaused();
        if (size == 0 || size > LARGEST_BATCH) revert BatchSizeOutOfRange(size, LARGEST_BATCH);
        if (manifest == 0) revert ManifestMissing(root);
        if (allocations != 0) revert AllocationsNotAllowed(allocations);

        // Cast: bounded by LARGEST_BATCH.
        bytes memory body = abi.encodePacked(issuer, roles, root, uint16(size), manifest, uint8(0));
        _append(Kind.ANCHORED, actor, issuer, BatchRoot.unwrap(root), body);
    }
}

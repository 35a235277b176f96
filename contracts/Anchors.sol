// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMaterials, LotId} from "./interfaces/IMaterials.sol";
import {BatchRoot, IPassportLedger, IssuerId, Kind} from "./interfaces/IPassportLedger.sol";
import {Issuers} from "./Issuers.sol";
import {Materials} from "./Materials.sol";

/// @title Anchors
/// @notice Says what was issued: batches. Keeps nothing of a batch but its entry; refuses batches that nobody could rebuild.
/// @dev That the caller may speak for the issuer, and that the issuer is neither suspended nor withdrawn, is Authority's to check.
abstract contract Anchors is Issuers {
    /// @dev So that a manifest, 41 bytes a credential, is one IPFS block.
    uint256 private constant LARGEST_BATCH = 16_384;
    uint256 private constant MOST_ALLOCATIONS = 64;

    /// @inheritdoc IPassportLedger
    /// @dev Ours, created here, and it calls nobody: nothing can come back in while it is asked, and what it did is undone with the call. So
    /// its answer may be written down after it, and it may be asked for each act of a list.
    IMaterials public immutable override materials = new Materials();

    /// @inheritdoc IPassportLedger
    function voidLot(LotId lot) external {
        Actor memory accreditor = _checkAccreditor();
        // slither-disable-next-line reentrancy-benign,reentrancy-events
        bytes memory body = abi.encodePacked(lot, materials.voidLot(lot));
        _append(Kind.LOT_VOIDED, accreditor, IssuerId.wrap(0), LotId.unwrap(lot), body);
    }

    /// @dev Has Materials do an act of its own, and appends that it was done.
    function _performMaterial(uint8 kind, Actor memory actor, IssuerId issuer, uint16 roles, uint32 other, bytes calldata data)
        internal
    {
        // slither-disable-next-line calls-loop,reentrancy-benign,reentrancy-events
        bytes32 about = materials.perform(kind, issuer, _issuers[issuer].number, roles, other, data);
        _append(kind, actor, issuer, about, abi.encodePacked(issuer, roles, data));
    }

    function _anchor(
        Actor memory actor,
        IssuerId issuer,
        uint16 roles,
        BatchRoot root,
        uint256 size,
        bytes32 manifest,
        Allocation[] memory allocations
    ) internal {
        _requireNotPaused();
        if (size == 0 || size > LARGEST_BATCH) revert BatchSizeOutOfRange(size, LARGEST_BATCH);
        if (manifest == 0) revert ManifestMissing(root);
        uint256 count = allocations.length;
        if (count > MOST_ALLOCATIONS) revert AllocationsNotAllowed(count);

        // Casts: bounded by LARGEST_BATCH and MOST_ALLOCATIONS.
        bytes memory body = abi.encodePacked(issuer, roles, root, uint16(size), manifest, uint8(count));
        if (count != 0) {
            bytes memory encoded = "";
            for (uint256 i = 0; i < count; ++i) {
                encoded = abi.encodePacked(encoded, allocations[i].lot, allocations[i].milligrams);
            }
            // slither-disable-next-line calls-loop,reentrancy-benign,reentrancy-events
            materials.allocate(issuer, _issuers[issuer].number, size, encoded);
            body = abi.encodePacked(body, encoded);
        }
        _append(Kind.ANCHORED, actor, issuer, BatchRoot.unwrap(root), body);
    }
}

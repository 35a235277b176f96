// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ActorKind, IPassportLedger, IssuerId, Kind} from "./interfaces/IPassportLedger.sol";

/// @title Journal
/// @notice Owns the append-only RFC 9162 tree of every entry. Refuses entries that are too long, and any entry after the last.
/// @dev The other parts change their state and then append here; since each of them must, one check here closes the whole ledger.
abstract contract Journal is IPassportLedger, Pausable {
    /// @dev Who is acting, as the entry's header will say. Handed from function to function, never kept.
    struct Actor {
        uint8 kind;
        bytes32 id;
    }

    uint8 private constant VERSION = 1;
    uint256 private constant LONGEST_ENTRY = 8192;

    // These two share Pausable's slot, so that an append reads and writes one slot for size, pause and closing.
    uint64 private _size;
    bool private _closed;

    /// @dev A compact range: `_peaks[k]` is the root of the perfect subtree of 2^k entries, and is live while bit k of the size
    /// is set. A merged peak is left where it is, so that the next one of its level overwrites it and needs no new slot.
    bytes32[64] private _peaks;

    constructor(address admin) {
        _append(
            Kind.OPENED,
            _account(ActorKind.ADMIN, admin),
            IssuerId.wrap(0),
            0,
            abi.encodePacked(block.chainid, address(this))
        );
    }

    /// @inheritdoc IPassportLedger
    function treeHead() public view returns (uint64 size, bytes32[] memory peaks, bytes32 root) {
        size = _size;
        uint256 count = 0;
        for (uint256 rest = size; rest != 0; rest &= rest - 1) {
            ++count;
        }
        peaks = new bytes32[](count);
        // RFC 9162, 2.1.1 joins the right part of every split first: fold from the smallest peak, which is the last.
        for (uint256 level = 0; count != 0; ++level) {
            if ((size >> level) & 1 == 0) continue;
            bytes32 peak = _peaks[level];
            root = count == peaks.length ? peak : _hashNode(peak, root);
            peaks[--count] = peak;
        }
    }

    function _isClosed() internal view returns (bool) {
        return _closed;
    }

    /// @dev Appends the entry made of the header and `body`. All of the header but the kind and the actor is the chain's word.
    function _append(uint8 kind, Actor memory actor, IssuerId issuer, bytes32 about, bytes memory body) internal {
        (bool closed, uint64 index) = (_closed, _size);
        if (closed) revert LedgerClosed();
        // The leaf: 0x00, which keeps it from passing for a node (RFC 9162, 2.1.1), and the entry. Casts: no chain counts blocks or
        // seconds up to 2^64.
        bytes memory entry = abi.encodePacked(
            uint8(0), VERSION, kind, uint64(block.number), uint64(block.timestamp), actor.kind, actor.id, body
        );
        bytes32 leaf = _sha256(entry);
        // Drops the leaf's 0x00: the new length, one byte further on, ends where it was.
        // slither-disable-next-line assembly
        assembly ("memory-safe") {
            let length := sub(mload(entry), 1)
            entry := add(entry, 1)
            mstore(entry, length)
        }
        // Compares a length: that the entry contains the time makes slither take it for one.
        // slither-disable-next-line timestamp
        if (entry.length > LONGEST_ENTRY) revert EntryTooLong(entry.length);

        _grow(index, leaf);
        emit Entry(index, issuer, about, entry);
    }

    /// @dev Adds a leaf's hash to the tree of `size` leaves: joins it with the peaks that are as large as what it has become.
    function _grow(uint64 size, bytes32 node) internal {
        uint256 level = 0;
        unchecked {
            // Nobody lives to see 2^64 entries, so that `level` < 64.
            for (uint256 rest = size; rest & 1 == 1; rest >>= 1) {
                node = _hashNode(_peaks[level++], node);
            }
            _size = size + 1;
        }
        _peaks[level] = node;
    }

    /// @dev After the entry that says so, which is therefore the last.
    function _close() internal {
        _closed = true;
    }

    function _account(uint8 kind, address account) internal pure returns (Actor memory actor) {
        actor.kind = kind;
        actor.id = bytes32(uint256(uint160(account)));
    }

    /// @dev By the precompile, from where the data is: `sha256` would copy it first, and be written out wherever it stands.
    function _sha256(bytes memory data) internal view returns (bytes32 digest) {
        // Reads `data` alone and writes the scratch word alone.
        // slither-disable-next-line assembly
        assembly ("memory-safe") {
            // Fails for want of gas alone.
            if iszero(staticcall(gas(), 2, add(data, 0x20), mload(data), 0, 0x20)) { revert(0, 0) }
            digest := mload(0)
        }
    }

    /// @dev SHA-256(0x01 || left || right), put together in free memory.
    function _hashNode(bytes32 left, bytes32 right) private view returns (bytes32 digest) {
        // Writes free memory and the scratch word alone.
        // slither-disable-next-line assembly
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore8(data, 1)
            mstore(add(data, 1), left)
            mstore(add(data, 0x21), right)
            if iszero(staticcall(gas(), 2, data, 0x41, 0, 0x20)) { revert(0, 0) }
            digest := mload(0)
        }
    }
}

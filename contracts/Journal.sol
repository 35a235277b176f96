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
    bool private _closed;
    uint64 private _size;

    /// @dev A compact range: `_peaks[k]` is the root of the perfect subtree of 2^k entries, and is live while bit k of the size
    /// is set. A merged peak is left where it is, so that the next one of its level overwrites it and needs no new slot.
    bytes32[64] private _peaks;

    constructor(address admin) {
        _appendEntry(
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
        uint256 count;
        for (uint256 rest = size; rest != 0; rest &= rest - 1) ++count;
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
    function _appendEntry(uint8 kind, Actor memory actor, IssuerId issuer, bytes32 about, bytes memory body) internal {
        if (_closed) revert LedgerClosed();
        // Casts: no chain counts blocks or seconds up to 2^64.
        bytes memory entry = abi.encodePacked(
            VERSION, kind, uint64(block.number), uint64(block.timestamp), actor.kind, actor.id, body
        );
        if (entry.length > LONGEST_ENTRY) revert EntryTooLong(entry.length, LONGEST_ENTRY);

        uint64 index = _size;
        // The prefixes 0x00 and 0x01 keep a leaf from passing for a node (RFC 9162, 2.1.1).
        bytes32 node = _sha256(abi.encodePacked(uint8(0), entry));
        uint256 level;
        for (uint256 rest = index; rest & 1 == 1; rest >>= 1) {
            node = _hashNode(_peaks[level++], node);
        }
        _peaks[level] = node;
        unchecked {
            _size = index + 1; // Nobody lives to see 2^64 entries.
        }

        emit Entry(index, issuer, about, entry);
    }

    /// @dev Appends an entry that concerns an issuer: its body begins with it.
    function _append(uint8 kind, Actor memory actor, IssuerId issuer, bytes32 about, bytes memory rest) internal {
        _appendEntry(kind, actor, issuer, about, abi.encodePacked(issuer, rest));
    }

    /// @dev After the entry that says so, which is therefore the last.
    function _close() internal {
        _closed = true;
    }

    function _account(uint8 kind, address account) internal pure returns (Actor memory) {
        return Actor({kind: kind, id: bytes32(uint256(uint160(account)))});
    }

    function _hashNode(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return _sha256(abi.encodePacked(uint8(1), left, right));
    }

    /// @dev One function, because the compiler writes the call to the precompile out wherever `sha256` stands.
    function _sha256(bytes memory data) internal pure returns (bytes32) {
        return sha256(data);
    }
}

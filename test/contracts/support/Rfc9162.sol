// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The Merkle trees of RFC 9162 as its section 2.1 defines them, by recursion over all leaves: nothing in common with the compact
/// range of the contract, which these tests compare with it.
library Rfc9162 {
    function hashLeaf(bytes memory entry) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", entry));
    }

    function hashNode(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"01", left, right));
    }

    /// @notice 2.1.1: MTH over the leaf hashes from `start` to before `end`.
    function root(bytes32[] memory leaves, uint256 start, uint256 end) internal pure returns (bytes32) {
        if (start == end) return sha256("");
        if (end - start == 1) return leaves[start];
        uint256 split = start + largestPowerBelow(end - start);
        return hashNode(root(leaves, start, split), root(leaves, split, end));
    }

    /// @notice 2.1.3.1: PATH.
    function inclusion(bytes32[] memory leaves, uint256 index, uint256 start, uint256 end)
        internal
        pure
        returns (bytes32[] memory)
    {
        if (end - start <= 1) return new bytes32[](0);
        uint256 split = start + largestPowerBelow(end - start);
        return index < split
            ? append(inclusion(leaves, index, start, split), root(leaves, split, end))
            : append(inclusion(leaves, index, split, end), root(leaves, start, split));
    }

    /// @notice 2.1.3.2.
    function isIncluded(bytes32 leaf, uint256 index, uint256 size, bytes32[] memory proof, bytes32 treeRoot)
        internal
        pure
        returns (bool)
    {
        if (index >= size) return false;
        (uint256 fn, uint256 sn, bytes32 r) = (index, size - 1, leaf);
        for (uint256 i = 0; i < proof.length; ++i) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                r = hashNode(proof[i], r);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                r = hashNode(r, proof[i]);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && r == treeRoot;
    }

    /// @notice 2.1.4.1: PROOF, for 0 < first < second.
    function consistency(bytes32[] memory leaves, uint256 first, uint256 second)
        internal
        pure
        returns (bytes32[] memory)
    {
        return _subproof(leaves, first, 0, second, true);
    }

    /// @notice 2.1.4.2.
    function isConsistent(uint256 first, uint256 second, bytes32[] memory proof, bytes32 firstRoot, bytes32 secondRoot)
        internal
        pure
        returns (bool)
    {
        if (first == second) return proof.length == 0 && firstRoot == secondRoot;
        if (proof.length == 0) return false;
        bool isPower = first & (first - 1) == 0;
        (uint256 fn, uint256 sn) = (first - 1, second - 1);
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
        uint256 i = isPower ? 0 : 1;
        bytes32 fr = isPower ? firstRoot : proof[0];
        bytes32 sr = fr;
        for (; i < proof.length; ++i) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                (fr, sr) = (hashNode(proof[i], fr), hashNode(proof[i], sr));
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                sr = hashNode(sr, proof[i]);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && fr == firstRoot && sr == secondRoot;
    }

    function largestPowerBelow(uint256 n) internal pure returns (uint256 k) {
        k = 1;
        while (k << 1 < n) k <<= 1;
    }

    function append(bytes32[] memory list, bytes32 last) internal pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = last;
    }

    function _subproof(bytes32[] memory leaves, uint256 m, uint256 start, uint256 end, bool whole)
        private
        pure
        returns (bytes32[] memory)
    {
        if (m == end - start) {
            return whole ? new bytes32[](0) : append(new bytes32[](0), root(leaves, start, end));
        }
        uint256 k = largestPowerBelow(end - start);
        return m <= k
            ? append(_subproof(leaves, m, start, start + k, whole), root(leaves, start + k, end))
            : append(_subproof(leaves, m - k, start + k, end, false), root(leaves, start, start + k));
    }
}

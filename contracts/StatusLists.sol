// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPassportLedger, IssuerId, Kind, Reason, Status} from "./interfaces/IPassportLedger.sol";
import {Issuers} from "./Issuers.sol";

/// @title StatusLists
/// @notice Owns what no longer holds: for each place of an issuer's lists a revoked and a superseded bit. Bits are set once, with a
/// reason in the entry, and never unset.
abstract contract StatusLists is Issuers {
    uint256 private constant WORDS_IN_LIST = 512;
    /// @dev So that the entry, 34 bytes a word, stays within the journal's longest.
    uint256 private constant MOST_WORDS = 200;
    uint256 private constant ENCODED_WORD = 34;

    mapping(IssuerId issuer => mapping(uint256 place => uint256 bits)) private _words;

    /// @inheritdoc IPassportLedger
    function revokeByAuthority(IssuerId issuer, uint64 list, Word[] memory words) external {
        Actor memory accreditor = _checkAccreditor();
        // An issuer may be suspended or withdrawn: then its accreditor revokes in its place.
        _accredited(issuer);
        _setStatus(accreditor, issuer, list, Status.REVOKED, Reason.BY_AUTHORITY, words);
    }

    /// @dev `status` and `reason` have been checked. Bits that were set before are no news and stay out of the entry.
    function _setStatus(
        Actor memory actor,
        IssuerId issuer,
        uint64 list,
        uint8 status,
        uint8 reason,
        Word[] memory words
    ) internal {
        if (words.length == 0 || words.length > MOST_WORDS) {
            revert WordCountOutOfRange(words.length, MOST_WORDS);
        }
        (uint256 count, bytes memory encoded) = _setWords(issuer, _place(list, status), words);
        if (count == 0) revert NothingToSet(issuer, list);
        // Cast: bounded by MOST_WORDS.
        bytes memory body = abi.encodePacked(issuer, list, status, reason, uint8(count), encoded);
        _append(Kind.STATUS_SET, actor, issuer, bytes32(uint256(list)), body);
    }

    function _word(IssuerId issuer, uint64 list, uint8 status, uint16 number) internal view returns (uint256) {
        return number < WORDS_IN_LIST ? _words[issuer][_place(list, status) | number] : 0;
    }

    /// @dev Sets the bits, and encodes the words that had new ones.
    function _setWords(IssuerId issuer, uint256 place, Word[] memory words)
        private
        returns (uint256 count, bytes memory encoded)
    {
        // Takes memory for all of them, at most MOST_WORDS, unlike `new` without clearing what is written anyway.
        // slither-disable-next-line assembly
        assembly ("memory-safe") {
            encoded := mload(0x40)
            mstore(0x40, add(encoded, and(add(mul(mload(words), ENCODED_WORD), 0x3f), not(0x1f))))
        }
        mapping(uint256 place => uint256 bits) storage held = _words[issuer];
        uint256 next; // Least number the word may have.
        for (uint256 i = 0; i < words.length; ++i) {
            Word memory word = words[i];
            uint256 ordinal = word.number;
            if (ordinal < next || ordinal >= WORDS_IN_LIST) revert WordOutOfOrder(ordinal);
            uint256 present = held[place | ordinal];
            uint256 news = word.bits & ~present;
            // Neither sum overflows: `ordinal` < WORDS_IN_LIST, `count` < MOST_WORDS.
            unchecked {
                next = ordinal + 1;
                if (news == 0) continue;
                held[place | ordinal] = present | news;
                // The number goes first so that the bits, written over its padding, leave the two bytes that mean something. The 32
                // bytes of the first write end before those of the second, which end within `encoded`: count < words.length.
                assembly ("memory-safe") {
                    let here := add(add(encoded, 0x20), mul(count, ENCODED_WORD))
                    mstore(here, shl(240, ordinal))
                    mstore(add(here, 2), news)
                }
                ++count;
            }
        }
        // Shortens it to what was written: count <= words.length.
        assembly ("memory-safe") {
            mstore(encoded, mul(count, ENCODED_WORD))
        }
    }

    /// @dev Where word 0 of the list is: list (64 bits) | status (1) | word (9).
    function _place(uint64 list, uint8 status) private pure returns (uint256) {
        return (uint256(list) << 10) | (status == Status.SUPERSEDED ? WORDS_IN_LIST : 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Algorithm, IPassportLedger} from "./interfaces/IPassportLedger.sol";

/// @title Jwk
/// @notice Writes a public key as the JWK that RFC 7638 (3.2; RFC 8037 for Ed25519) hashes: the required members in lexical order,
/// without spaces. Refuses algorithms that it does not know.
/// @dev The base64url of 32 bytes is worked out in two words at once, 24 bytes to 32 characters each: a sixth of the gas of
/// OpenZeppelin's loop over characters, which alone would take adding a key beyond its bound. The tests compare the two.
library Jwk {
    /// @dev 1 in each byte.
    uint256 private constant ONES = type(uint256).max / 255;

    function encode(IPassportLedger.PublicKey memory key) internal pure returns (bytes memory) {
        (bytes32 head, bytes11 tail) = encodeBase64Url(key.x);
        if (key.algorithm == Algorithm.ES256) {
            (bytes32 headOfY, bytes11 tailOfY) = encodeBase64Url(key.y);
            return abi.encodePacked('{"crv":"P-256","kty":"EC","x":"', head, tail, '","y":"', headOfY, tailOfY, '"}');
        }
        if (key.algorithm != Algorithm.ED25519) revert IPassportLedger.AlgorithmNotAllowed(key.algorithm);
        if (key.y != 0) revert IPassportLedger.PublicKeyMalformed(key.x, key.y);
        return abi.encodePacked('{"crv":"Ed25519","kty":"OKP","x":"', head, tail, '"}');
    }

    /// @dev The 43 characters of 32 bytes: 24 bytes, and 8 bytes with two zero bits (RFC 4648, 5, without padding).
    function encodeBase64Url(bytes32 data) internal pure returns (bytes32 head, bytes11 tail) {
        head = bytes32(_spell(uint256(data) >> 64));
        // Casts: the last 8 bytes are moved to the front of 24, whose first 11 characters are theirs.
        tail = bytes11(bytes32(_spell(uint256(uint64(uint256(data))) << 128)));
    }

    /// @dev 192 bits as 32 characters. Nothing overflows: a byte's sum is at most 63 + 65 + 6 + 49, and what is taken off at most 88,
    /// from a byte of at least 52 + 65.
    function _spell(uint256 bits) private pure returns (uint256 characters) {
        unchecked {
            // Halves what is packed five times, each time moving the upper half to its place: 6 bits in each byte at last.
            uint256 six = bits;
            // Each mask shows all its 64 digits, so that it can be seen which bits it takes.
            // slither-disable-next-line too-many-digits
            six += (six & 0x0000000000000000ffffffffffffffffffffffff000000000000000000000000) * 0xffffffff;
            // slither-disable-next-line too-many-digits
            six += (six & 0x00000000ffffffffffff00000000000000000000ffffffffffff000000000000) * 0xffff;
            // slither-disable-next-line too-many-digits
            six += (six & 0x0000ffffff0000000000ffffff0000000000ffffff0000000000ffffff000000) * 0xff;
            // slither-disable-next-line too-many-digits
            six += (six & 0x00fff00000fff00000fff00000fff00000fff00000fff00000fff00000fff000) * 0xf;
            six += (six & 0x0fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc0) * 0x3;

            // A to Z from 0, a to z from 26, 0 to 9 from 52, - is 62, _ is 63: what each range adds to the one before.
            characters = six + 65 * ONES + 6 * _reaching(six, 26) + 49 * _reaching(six, 63);
            characters -= 75 * _reaching(six, 52) + 13 * _reaching(six, 62);
        }
    }

    /// @dev 1 in each byte of `six` that is at least `least`: adding 128 - least sets its highest bit.
    function _reaching(uint256 six, uint256 least) private pure returns (uint256) {
        unchecked {
            return ((six + (128 - least) * ONES) >> 7) & ONES;
        }
    }
}

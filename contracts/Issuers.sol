// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ActorKind, Algorithm, IPassportLedger, IssuerId, KeyId, Kind, Purpose} from "./interfaces/IPassportLedger.sol";
import {Administration} from "./Administration.sol";
import {Jwk} from "./Jwk.sol";

/// @title Issuers
/// @notice Owns who may issue: accredited organisations, their roles, grants and keys. The accreditor admits and ends issuers here;
/// what an issuer does to its own keys comes through Authority. Refuses to write anything twice or to move an end later.
abstract contract Issuers is Administration, EIP712 {
    bytes32 private constant POSSESSION_TYPEHASH =
        keccak256("KeyPossession(bytes32 issuer,address controller,uint16 purposes,uint64 deadline)");
    uint256 private constant LONGEST_TEXT = 255;

    uint32 private _issuerCount;
    mapping(IssuerId issuer => IssuerFacts) internal _issuers;
    mapping(IssuerId issuer => mapping(KeyId key => KeyFacts)) internal _keys;
    mapping(IssuerId issuer => mapping(bytes32 grant => GrantFacts)) internal _grants;

    // ------------------------------------------------------------------------------------------ the accreditor's doings

    /// @inheritdoc IPassportLedger
    function accredit(
        string memory did,
        uint16 roles,
        address controller,
        PublicKey memory key,
        uint16 purposes,
        uint64 deadline,
        bytes memory proof
    ) external {
        Actor memory accreditor = _checkAccreditor();
        IssuerId issuer = _admit(accreditor, did, roles, controller);
        // An issuer that could not prove its first key could prove no later one either: it starts with P-256.
        if (key.algorithm != Algorithm.ES256) revert AlgorithmNotAllowed(key.algorithm);
        _addKey(accreditor, issuer, controller, key, purposes, deadline, proof);
    }

    /// @inheritdoc IPassportLedger
    function suspend(IssuerId issuer) external {
        _changeSuspension(Kind.SUSPENDED, issuer, true);
    }

    /// @inheritdoc IPassportLedger
    function reinstate(IssuerId issuer) external {
        _changeSuspension(Kind.REINSTATED, issuer, false);
    }

    /// @inheritdoc IPassportLedger
    function withdraw(IssuerId issuer, uint64 since) external {
        Actor memory accreditor = _checkAccreditor();
        IssuerFacts storage standing = _accredited(issuer);
        standing.withdrawnSince = _checkEarlier(since, standing.withdrawnSince, 1, block.timestamp);
        _append(Kind.WITHDRAWN, accreditor, issuer, 0, abi.encodePacked(issuer, since));
    }

    /// @inheritdoc IPassportLedger
    function assignRoles(IssuerId issuer, uint16 roles) external {
        Actor memory accreditor = _checkAccreditor();
        IssuerFacts storage standing = _notWithdrawn(issuer);
        if (standing.roles == roles) revert RolesUnchanged(issuer, roles);
        standing.roles = roles;
        _append(Kind.ROLES_ASSIGNED, accreditor, issuer, 0, abi.encodePacked(issuer, roles));
    }

    /// @inheritdoc IPassportLedger
    function grantPrefix(IssuerId issuer, uint32 number, string memory prefix) external {
        Actor memory accreditor = _checkAccreditor();
        _notWithdrawn(issuer);
        (bytes32 id, GrantFacts storage grant, bytes memory body) = _grant(issuer, number, prefix);
        if (grant.from != 0) revert GrantAlreadyMade(issuer, id);
        grant.from = _now();
        _append(Kind.PREFIX_GRANTED, accreditor, issuer, id, body);
    }

    /// @inheritdoc IPassportLedger
    function takeBackPrefix(IssuerId issuer, uint32 number, string memory prefix, uint64 since) external {
        Actor memory accreditor = _checkAccreditor();
        (bytes32 id, GrantFacts storage grant, bytes memory body) = _grant(issuer, number, prefix);
        if (grant.from == 0) revert GrantUnknown(issuer, id);
        grant.until = _checkEarlier(since, grant.until, 1, block.timestamp);
        _append(Kind.PREFIX_TAKEN_BACK, accreditor, issuer, id, abi.encodePacked(body, since));
    }

    function _admit(Actor memory accreditor, string memory did, uint16 roles, address controller)
        private
        returns (IssuerId issuer)
    {
        uint16 length = _printableLength(did);
        issuer = IssuerId.wrap(_sha256(bytes(did)));
        IssuerFacts storage standing = _issuers[issuer];
        if (standing.number != 0) revert IssuerAlreadyAccredited(issuer);
        uint32 number = ++_issuerCount;
        standing.number = number;
        standing.roles = roles;
        standing.controller = controller;
        bytes memory body = abi.encodePacked(issuer, number, roles, controller, length, did);
        _append(Kind.ACCREDITED, accreditor, issuer, 0, body);
    }

    function _changeSuspension(uint8 kind, IssuerId issuer, bool suspended) private {
        Actor memory accreditor = _checkAccreditor();
        IssuerFacts storage standing = _notWithdrawn(issuer);
        if (standing.suspended == suspended) revert SuspensionUnchanged(issuer, suspended);
        standing.suspended = suspended;
        _append(kind, accreditor, issuer, 0, abi.encodePacked(issuer));
    }

    /// @dev A grant's id, where it is kept, and how its entry names it.
    function _grant(IssuerId issuer, uint32 number, string memory prefix)
        private
        view
        returns (bytes32 id, GrantFacts storage grant, bytes memory body)
    {
        id = _sha256(abi.encodePacked(number, prefix));
        grant = _grants[issuer][id];
        body = abi.encodePacked(issuer, number, _printableLength(prefix), prefix);
    }

    // ----------------------------------------------------------------------------------------------------------- keys

    /// @dev Adds a key in the name of `actor`, who has been checked. A P-256 key signs for itself; an Ed25519 key cannot (there is
    /// no precompile) and is therefore good for assertions only, which the ledger itself never acts upon.
    function _addKey(
        Actor memory actor,
        IssuerId issuer,
        address controller,
        PublicKey memory key,
        uint16 purposes,
        uint64 deadline,
        bytes memory proof
    ) internal {
        _checkDeadline(deadline);
        uint16 allowed = key.algorithm == Algorithm.ES256 ? Purpose.ALL : Purpose.ASSERT;
        if (purposes == 0 || purposes & ~allowed != 0) revert PurposesNotAllowed(key.algorithm, purposes);
        KeyId id = _thumbprint(key);
        KeyFacts storage held = _keys[issuer][id];
        if (held.purposes != 0) revert KeyAlreadyAdded(issuer, id);
        if (key.algorithm == Algorithm.ES256) {
            bytes32 structHash = keccak256(abi.encode(POSSESSION_TYPEHASH, issuer, controller, purposes, deadline));
            _checkSignature(id, key, structHash, proof);
        } else if (proof.length != 0) {
            revert SignatureInvalid(id, 0);
        }

        held.purposes = purposes;
        held.validFrom = _now();
        bytes memory body = abi.encodePacked(issuer, id, key.algorithm, purposes, key.x, key.y);
        _append(Kind.KEY_ADDED, actor, issuer, KeyId.unwrap(id), body);
    }

    /// @dev Retires a key from `time` on, now or later, or marks it compromised since a `time` that has been. Either end may be put
    /// earlier and never later.
    function _endKey(uint8 kind, Actor memory actor, IssuerId issuer, KeyId key, uint64 time) internal {
        KeyFacts storage held = _registered(issuer, key);
        if (kind == Kind.KEY_RETIRED) {
            held.retiredAt = _checkEarlier(time, held.retiredAt, block.timestamp, type(uint40).max);
        } else {
            held.compromisedSince = _checkEarlier(time, held.compromisedSince, 1, block.timestamp);
        }
        _append(kind, actor, issuer, KeyId.unwrap(key), abi.encodePacked(issuer, key, time));
    }

    function _checkDeadline(uint64 deadline) internal view {
        // Deadlines are hours away; a proposer moves a block's time by seconds.
        // slither-disable-next-line timestamp
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
    }

    function _registered(IssuerId issuer, KeyId key) internal view returns (KeyFacts storage held) {
        held = _keys[issuer][key];
        if (held.purposes == 0) revert KeyUnknown(issuer, key);
    }

    /// @dev ES256 over SHA-256, and not keccak256, of the EIP-712 bytes: WebCrypto and most key stores hash for themselves.
    function _checkSignature(KeyId id, PublicKey memory key, bytes32 structHash, bytes memory signature) internal view {
        bytes32 digest = _sha256(abi.encodePacked(hex"1901", _domainSeparatorV4(), structHash));
        bool valid = signature.length == 64;
        if (valid) {
            bytes32 r;
            bytes32 s;
            // Reads two words of `signature`, whose length was asked first.
            // slither-disable-next-line assembly
            assembly ("memory-safe") {
                r := mload(add(signature, 0x20))
                s := mload(add(signature, 0x40))
            }
            valid = P256.verify(digest, r, s, key.x, key.y);
        }
        if (!valid) revert SignatureInvalid(id, digest);
    }

    /// @dev RFC 7638.
    function _thumbprint(PublicKey memory key) internal view returns (KeyId) {
        return KeyId.wrap(_sha256(Jwk.encode(key)));
    }

    // --------------------------------------------------------------------------------------------------------- checks

    function _accredited(IssuerId issuer) internal view returns (IssuerFacts storage standing) {
        standing = _issuers[issuer];
        if (standing.number == 0) revert IssuerUnknown(issuer);
    }

    /// @dev A withdrawal is final: nothing about such an issuer changes any more but an earlier `since`.
    function _notWithdrawn(IssuerId issuer) internal view returns (IssuerFacts storage standing) {
        standing = _accredited(issuer);
        if (standing.withdrawnSince != 0) revert IssuerWithdrawn(issuer);
    }

    /// @dev `time`, if it is within the range and earlier than `present`. 0 stands for "never", and is earlier than nothing.
    function _checkEarlier(uint256 time, uint256 present, uint256 earliest, uint256 latest)
        private
        pure
        returns (uint40)
    {
        unchecked {
            if (present != 0) latest = present - 1; // Not below 0.
        }
        // "Not later than now" to the second that blocks have.
        // slither-disable-next-line timestamp
        if (time < earliest || time > latest) revert TimeOutOfRange(time, earliest, latest);
        return uint40(time); // Bounded by `latest`: a uint40 or the block's time.
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp); // 2^40 seconds are 34,000 years.
    }

    function _printableLength(string memory text) private pure returns (uint16) {
        uint256 length = bytes(text).length;
        if (length == 0 || length > LONGEST_TEXT) revert TextLengthOutOfRange(length);
        // What is in an entry must be readable for ever: text that is not UTF-8 would stop every replay at its entry.
        for (uint256 i = 0; i < length; ++i) {
            bytes1 character = bytes(text)[i];
            if (character < 0x21 || character > 0x7e) revert TextNotPrintable(i, character);
        }
        return uint16(length); // Bounded by LONGEST_TEXT.
    }
}

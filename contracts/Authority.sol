// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    ActorKind,
    Algorithm,
    BatchRoot,
    IPassportLedger,
    IssuerId,
    KeyId,
    Kind,
    Purpose,
    Reason,
    Status
} from "./interfaces/IPassportLedger.sol";
import {Anchors} from "./Anchors.sol";
import {StatusLists} from "./StatusLists.sol";

/// @title Authority
/// @notice Owns in whose name a call acts: an issuer's controller, one of its submitters, or one of its keys whose signature anyone
/// may relay. Refuses acts that the caller, the key's purposes or the issuer's standing do not allow.
/// @dev Authority is an argument, the mandate: it is made once in a call, handed down, and ends with it. No act reads
/// `msg.sender`, so a relayed act never runs with its relayer's powers. The ledger calls nothing but precompiles.
abstract contract Authority is Anchors, StatusLists {
    /// @dev In whose name acts are done, and by whom: the controller, or a key within its purposes.
    struct Mandate {
        IssuerId issuer;
        IssuerFacts standing;
        Actor actor;
    }

    bytes32 private constant RELAY_TYPEHASH = keccak256(
        "Relay(bytes32 issuer,bytes32 key,Act[] acts,uint64 nonce,uint64 deadline)Act(uint8 kind,bytes data)"
    );
    bytes32 private constant ACT_TYPEHASH = keccak256("Act(uint8 kind,bytes data)");

    mapping(IssuerId issuer => mapping(address account => bool)) private _submitters;
    mapping(IssuerId issuer => address account) private _proposedControllers;

    // ------------------------------------------------------------------------------------------------ three ways to act

    /// @inheritdoc IPassportLedger
    function anchor(
        IssuerId issuer,
        BatchRoot root,
        uint256 size,
        bytes32 manifest,
        Allocation[] calldata allocations
    ) external {
        IssuerFacts memory standing = _unsuspended(issuer);
        uint8 kind = ActorKind.CONTROLLER;
        if (msg.sender != standing.controller) {
            if (!_submitters[issuer][msg.sender]) revert NotAuthorized(issuer, msg.sender);
            kind = ActorKind.SUBMITTER;
        }
        _anchor(_account(kind, msg.sender), issuer, standing.roles, root, size, manifest, allocations.length);
    }

    /// @inheritdoc IPassportLedger
    function act(IssuerId issuer, Act[] calldata acts) external {
        IssuerFacts memory standing = _standing(issuer);
        if (msg.sender != standing.controller) revert NotAuthorized(issuer, msg.sender);
        _performAll(Mandate(issuer, standing, _account(ActorKind.CONTROLLER, msg.sender)), acts);
    }

    /// @inheritdoc IPassportLedger
    function relay(
        IssuerId issuer,
        PublicKey memory key,
        Act[] calldata acts,
        uint64 nonce,
        uint64 deadline,
        bytes memory signature
    ) external {
        _checkDeadline(deadline);
        KeyId id = _thumbprint(key);
        _useNonce(issuer, id, nonce);
        _checkSignature(id, key, _hashRelay(issuer, id, acts, nonce, deadline), signature);
        _performAll(Mandate(issuer, _standing(issuer), Actor(ActorKind.KEY, KeyId.unwrap(id))), acts);
    }

    /// @inheritdoc IPassportLedger
    function acceptController(IssuerId issuer) external {
        _unsuspended(issuer);
        if (msg.sender != _proposedControllers[issuer]) revert ControllerNotProposed(issuer, msg.sender);
        delete _proposedControllers[issuer];
        _accredited(issuer).controller = msg.sender;
        bytes memory body = abi.encodePacked(msg.sender);
        _append(Kind.CONTROLLER_CHANGED, _account(ActorKind.CONTROLLER, msg.sender), issuer, 0, body);
    }

    /// @inheritdoc IPassportLedger
    function isSubmitter(IssuerId issuer, address account) external view returns (bool) {
        return _submitters[issuer][account];
    }

    /// @inheritdoc IPassportLedger
    function proposedController(IssuerId issuer) external view returns (address) {
        return _proposedControllers[issuer];
    }

    // ----------------------------------------------------------------------------------------------------------- acts

    function _performAll(Mandate memory mandate, Act[] calldata acts) private {
        if (acts.length == 0) revert NoActs();
        for (uint256 i = 0; i < acts.length; ++i) _perform(mandate, acts[i]);
    }

    /// @dev The one table of what can be done in an issuer's name, and of what each act asks.
    function _perform(Mandate memory mandate, Act calldata a) private {
        IssuerId issuer = mandate.issuer;
        uint8 kind = a.kind;
        bytes calldata data = a.data;
        if (kind == Kind.ANCHORED) {
            _require(mandate, Purpose.OPERATE, false);
            (BatchRoot root, uint256 size, bytes32 manifest, Allocation[] memory allocations) =
                abi.decode(data, (BatchRoot, uint256, bytes32, Allocation[]));
            _anchor(mandate.actor, issuer, mandate.standing.roles, root, size, manifest, allocations.length);
        } else if (kind == Kind.STATUS_SET) {
            (uint64 list, uint8 status, uint8 reason, Word[] memory words) =
                abi.decode(data, (uint64, uint8, uint8, Word[]));
            if (status == Status.REVOKED) _require(mandate, Purpose.REVOKE, true);
            else if (status == Status.SUPERSEDED) _require(mandate, Purpose.OPERATE, false);
            else revert StatusUnknown(status);
            if (reason == 0 || reason >= Reason.BY_AUTHORITY) revert ReasonNotAllowed(reason);
            _setStatus(mandate.actor, issuer, list, status, reason, words);
        } else if (kind == Kind.KEY_ADDED) {
            _require(mandate, Purpose.ADMINISTER, false);
            (PublicKey memory key, uint16 purposes, uint64 deadline, bytes memory proof) =
                abi.decode(data, (PublicKey, uint16, uint64, bytes));
            _addKey(mandate.actor, issuer, mandate.standing.controller, key, purposes, deadline, proof);
        } else if (kind == Kind.KEY_RETIRED || kind == Kind.KEY_COMPROMISED) {
            _require(mandate, Purpose.ADMINISTER, true);
            (KeyId key, uint64 time) = abi.decode(data, (KeyId, uint64));
            _endKey(kind, mandate.actor, issuer, key, time);
        } else if (kind == Kind.CONTROLLER_PROPOSED) {
            _require(mandate, Purpose.ADMINISTER, false);
            _proposeController(mandate, abi.decode(data, (address)));
        } else if (kind == Kind.SUBMITTER_APPOINTED || kind == Kind.SUBMITTER_DISMISSED) {
            _require(mandate, Purpose.ADMINISTER, false);
            _changeSubmitter(mandate, kind, abi.decode(data, (address)));
        } else {
            revert ActUnknown(kind);
        }
    }

    /// @dev Naming a successor is the controller's alone where there is one, else a stolen key could take the issuer over. Zero takes
    /// a proposal back.
    function _proposeController(Mandate memory mandate, address account) private {
        IssuerId issuer = mandate.issuer;
        address controller = mandate.standing.controller;
        if (controller != address(0) && mandate.actor.kind != ActorKind.CONTROLLER) {
            revert ControllerOnly(issuer, controller);
        }
        if (account == _proposedControllers[issuer] || account == controller) revert ControllerUnchanged(issuer, account);
        _proposedControllers[issuer] = account;
        _append(Kind.CONTROLLER_PROPOSED, mandate.actor, issuer, 0, abi.encodePacked(account));
    }

    function _changeSubmitter(Mandate memory mandate, uint8 kind, address account) private {
        IssuerId issuer = mandate.issuer;
        bool appointed = kind == Kind.SUBMITTER_APPOINTED;
        if (_submitters[issuer][account] == appointed) revert SubmitterUnchanged(issuer, account);
        _submitters[issuer][account] = appointed;
        _append(kind, mandate.actor, issuer, 0, abi.encodePacked(account));
    }

    // --------------------------------------------------------------------------------------------------------- checks

    /// @dev A suspended issuer may still take back what it said and end its keys: that is `evenSuspended`.
    function _require(Mandate memory mandate, uint16 purpose, bool evenSuspended) private view {
        if (mandate.standing.suspended && !evenSuspended) revert IssuerSuspended(mandate.issuer);
        if (mandate.actor.kind == ActorKind.KEY) {
            // Asked for each act, because one before it may have ended the very key that signed.
            KeyId key = KeyId.wrap(mandate.actor.id);
            uint16 held = _purposesInForce(mandate.issuer, key);
            if (held & purpose == 0) revert PurposeMissing(mandate.issuer, key, held, purpose);
        }
    }

    /// @dev Copied from its slot, read once; a withdrawn issuer does nothing at all.
    function _standing(IssuerId issuer) private view returns (IssuerFacts memory standing) {
        standing = _issuerFacts(issuer);
        if (standing.number == 0) revert IssuerUnknown(issuer);
        if (standing.withdrawnSince != 0) revert IssuerWithdrawn(issuer, standing.withdrawnSince);
    }

    function _unsuspended(IssuerId issuer) private view returns (IssuerFacts memory standing) {
        standing = _standing(issuer);
        if (standing.suspended) revert IssuerSuspended(issuer);
    }

    /// @dev Counted even though no entry says so: a call that makes no entry reverts, and takes the count back with it.
    function _useNonce(IssuerId issuer, KeyId id, uint64 nonce) private {
        KeyFacts storage held = _registered(issuer, id);
        if (nonce != held.nonce) revert NonceUnexpected(id, nonce, held.nonce);
        held.nonce = nonce + 1;
    }

    function _purposesInForce(IssuerId issuer, KeyId id) private view returns (uint16) {
        KeyFacts memory held = _keyFacts(issuer, id);
        bool retired = held.retiredAt != 0 && held.retiredAt <= block.timestamp;
        // A key cannot be marked compromised since a time to come.
        if (retired || held.compromisedSince != 0) {
            revert KeyNotInForce(issuer, id, held.retiredAt, held.compromisedSince);
        }
        return held.purposes;
    }

    function _hashRelay(IssuerId issuer, KeyId id, Act[] calldata acts, uint64 nonce, uint64 deadline)
        private
        pure
        returns (bytes32)
    {
        bytes32[] memory hashes = new bytes32[](acts.length);
        for (uint256 i = 0; i < acts.length; ++i) {
            Act calldata a = acts[i];
            hashes[i] = keccak256(abi.encode(ACT_TYPEHASH, a.kind, keccak256(a.data)));
        }
        return keccak256(
            abi.encode(RELAY_TYPEHASH, issuer, id, keccak256(abi.encodePacked(hashes)), nonce, deadline)
        );
    }
}

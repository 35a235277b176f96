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
/// @dev Authority is an argument, the actor: it is made once in a call, handed down, and ends with it. No act reads `msg.sender`, so
/// a relayed act never runs with its relayer's powers. The ledger calls nothing but precompiles.
abstract contract Authority is Anchors, StatusLists {
    bytes32 private constant RELAY_TYPEHASH = keccak256(
        "Relay(bytes32 issuer,bytes32 key,Act[] acts,uint64 nonce,uint64 deadline)Act(uint8 kind,bytes data)"
    );
    bytes32 private constant ACT_TYPEHASH = keccak256("Act(uint8 kind,bytes data)");

    mapping(IssuerId issuer => mapping(address account => bool)) private _submitters;
    mapping(IssuerId issuer => address account) private _proposedControllers;

    // ------------------------------------------------------------------------------------------------ three ways to act

    /// @inheritdoc IPassportLedger
    function anchor(IssuerId issuer, BatchRoot root, uint256 size, bytes32 manifest, Allocation[] calldata allocations)
        external
    {
        (address controller, uint16 roles) = _standing(issuer, false);
        uint8 kind = ActorKind.CONTROLLER;
        if (msg.sender != controller) {
            if (!_submitters[issuer][msg.sender]) revert NotAuthorized(issuer, msg.sender);
            kind = ActorKind.SUBMITTER;
        }
        _anchor(_account(kind, msg.sender), issuer, roles, root, size, manifest, allocations);
    }

    /// @inheritdoc IPassportLedger
    function act(IssuerId issuer, Act[] calldata acts) external {
        _performAll(_account(ActorKind.CONTROLLER, msg.sender), issuer, acts);
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
        KeyFacts storage held = _registered(issuer, id);
        if (nonce != held.nonce) revert NonceUnexpected(id, nonce, held.nonce);
        // The one change that no entry tells: a call that makes no entry reverts, and takes the count back with it.
        unchecked {
            held.nonce = nonce + 1; // No key signs 2^64 calls.
        }
        _checkSignature(id, key, _hashRelay(issuer, id, acts, nonce, deadline), signature);
        _performAll(Actor(ActorKind.KEY, KeyId.unwrap(id)), issuer, acts);
    }

    /// @inheritdoc IPassportLedger
    function acceptController(IssuerId issuer) external {
        _standing(issuer, false);
        if (msg.sender != _proposedControllers[issuer]) revert ControllerNotProposed(issuer, msg.sender);
        delete _proposedControllers[issuer];
        _issuers[issuer].controller = msg.sender;
        bytes memory body = abi.encodePacked(issuer, msg.sender);
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

    function _performAll(Actor memory actor, IssuerId issuer, Act[] calldata acts) private {
        if (acts.length == 0) revert NoActs();
        for (uint256 i = 0; i < acts.length; ++i) {
            _perform(actor, issuer, acts[i]);
        }
    }

    /// @dev The one table of what can be done in an issuer's name, and of what each act asks: as long as there are acts, and read line by line.
    // slither-disable-next-line cyclomatic-complexity
    function _perform(Actor memory actor, IssuerId issuer, Act calldata a) private {
        uint8 kind = a.kind;
        bytes calldata data = a.data;
        if (kind == Kind.ANCHORED) {
            (, uint16 roles) = _require(actor, issuer, Purpose.OPERATE, false);
            (BatchRoot root, uint256 size, bytes32 manifest, Allocation[] memory allocations) =
                abi.decode(data, (BatchRoot, uint256, bytes32, Allocation[]));
            _anchor(actor, issuer, roles, root, size, manifest, allocations);
        } else if (kind == Kind.STATUS_SET) {
            (uint64 list, uint8 status, uint8 reason, Word[] memory words) =
                abi.decode(data, (uint64, uint8, uint8, Word[]));
            if (status == Status.REVOKED) _require(actor, issuer, Purpose.REVOKE, true);
            else if (status == Status.SUPERSEDED) _require(actor, issuer, Purpose.OPERATE, false);
            else revert StatusUnknown(status);
            if (reason == 0 || reason >= Reason.BY_AUTHORITY) revert ReasonNotAllowed(reason);
            _setStatus(actor, issuer, list, status, reason, words);
        } else if (kind == Kind.KEY_ADDED) {
            (address controller,) = _require(actor, issuer, Purpose.ADMINISTER, false);
            (PublicKey memory key, uint16 purposes, uint64 deadline, bytes memory proof) =
                abi.decode(data, (PublicKey, uint16, uint64, bytes));
            _addKey(actor, issuer, controller, key, purposes, deadline, proof);
        } else if (kind == Kind.KEY_RETIRED || kind == Kind.KEY_COMPROMISED) {
            _require(actor, issuer, Purpose.ADMINISTER, true);
            (KeyId key, uint64 time) = abi.decode(data, (KeyId, uint64));
            _endKey(kind, actor, issuer, key, time);
        } else if (kind == Kind.CONTROLLER_PROPOSED) {
            (address controller,) = _require(actor, issuer, Purpose.ADMINISTER, false);
            _proposeController(actor, issuer, controller, abi.decode(data, (address)));
        } else if (kind == Kind.SUBMITTER_APPOINTED || kind == Kind.SUBMITTER_DISMISSED) {
            _require(actor, issuer, Purpose.ADMINISTER, false);
            _changeSubmitter(kind, actor, issuer, abi.decode(data, (address)));
        } else if (kind >= Kind.LOT_REGISTERED && kind <= Kind.LOT_LOST) {
            (, uint16 roles) = _require(actor, issuer, Purpose.OPERATE, kind == Kind.TRANSFER_WITHDRAWN);
            bool hasOther = kind == Kind.TRANSFER_OFFERED || kind == Kind.TRANSFER_ACCEPTED;
            _performMaterial(kind, actor, issuer, roles, hasOther ? _counterparty(data) : 0, data);
        } else {
            revert ActUnknown(kind);
        }
    }

    /// @dev The other side of a transfer, which must be able to act as well: nothing moves from or to a suspended issuer.
    function _counterparty(bytes calldata data) private view returns (uint32) {
        IssuerId other = IssuerId.wrap(bytes32(data)); // What is missing is zero.
        _standing(other, false);
        return _issuers[other].number;
    }

    /// @dev Naming a successor is the controller's alone where there is one, else a stolen key could take the issuer over. Zero takes
    /// a proposal back.
    function _proposeController(Actor memory actor, IssuerId issuer, address controller, address account) private {
        // Compares no time: the controller is kept in one slot with times, and slither takes the slot for one.
        // slither-disable-next-line timestamp
        if (controller != address(0) && actor.kind != ActorKind.CONTROLLER) revert ControllerOnly(issuer, controller);
        if (account == _proposedControllers[issuer]) revert ControllerUnchanged(issuer, account);
        _proposedControllers[issuer] = account;
        _append(Kind.CONTROLLER_PROPOSED, actor, issuer, 0, abi.encodePacked(issuer, account));
    }

    function _changeSubmitter(uint8 kind, Actor memory actor, IssuerId issuer, address account) private {
        bool appointed = kind == Kind.SUBMITTER_APPOINTED;
        if (_submitters[issuer][account] == appointed) revert SubmitterUnchanged(issuer, account);
        _submitters[issuer][account] = appointed;
        _append(kind, actor, issuer, 0, abi.encodePacked(issuer, account));
    }

    // --------------------------------------------------------------------------------------------------------- checks

    /// @dev Asked before each act, because one before it may have ended the very key that signed. A controller has every purpose. A
    /// suspended issuer may still take back what it said and end its keys: that is `evenSuspended`.
    function _require(Actor memory actor, IssuerId issuer, uint16 purpose, bool evenSuspended)
        private
        view
        returns (address controller, uint16 roles)
    {
        (controller, roles) = _standing(issuer, evenSuspended);
        // A kind of actor, that this call made; what else is compared here with the present time are dates that the issuer or its
        // accreditor chose, to the second that blocks have.
        // slither-disable-next-line incorrect-equality,timestamp
        if (actor.kind == ActorKind.CONTROLLER) {
            address account = address(uint160(uint256(actor.id)));
            if (account != controller) revert NotAuthorized(issuer, account);
        } else {
            KeyId id = KeyId.wrap(actor.id);
            KeyFacts storage held = _keys[issuer][id];
            (uint16 purposes, uint40 retiredAt, uint40 compromisedSince) =
                (held.purposes, held.retiredAt, held.compromisedSince);
            // A key cannot be marked compromised since a time to come.
            if ((retiredAt != 0 && retiredAt <= block.timestamp) || compromisedSince != 0) {
                revert KeyNotInForce(issuer, id);
            }
            if (purposes & purpose == 0) revert PurposeMissing(issuer, id, purpose);
        }
    }

    /// @dev What of an issuer its own acts need, if it may act. All is taken from its slot at once, which is then read once.
    function _standing(IssuerId issuer, bool evenSuspended) private view returns (address controller, uint16 roles) {
        IssuerFacts storage s = _issuers[issuer];
        uint32 number;
        bool suspended;
        uint40 withdrawnSince;
        (number, roles, suspended, withdrawnSince, controller) =
        (s.number, s.roles, s.suspended, s.withdrawnSince, s.controller);
        if (number == 0) revert IssuerUnknown(issuer);
        if (withdrawnSince != 0) revert IssuerWithdrawn(issuer);
        if (suspended && !evenSuspended) revert IssuerSuspended(issuer);
    }

    function _hashRelay(IssuerId issuer, KeyId id, Act[] calldata acts, uint64 nonce, uint64 deadline)
        private
        pure
        returns (bytes32)
    {
        // Empty to begin with, as memory is; to say so costs 39 gas.
        // slither-disable-next-line uninitialized-local
        bytes memory hashes;
        for (uint256 i = 0; i < acts.length; ++i) {
            Act calldata a = acts[i];
            hashes = abi.encodePacked(hashes, keccak256(abi.encode(ACT_TYPEHASH, a.kind, keccak256(a.data))));
        }
        return keccak256(abi.encode(RELAY_TYPEHASH, issuer, id, keccak256(hashes), nonce, deadline));
    }
}

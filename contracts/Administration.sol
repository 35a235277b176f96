// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {ActorKind, IPassportLedger, IssuerId, Kind} from "./interfaces/IPassportLedger.sol";
import {Journal} from "./Journal.sol";

/// @title Administration
/// @notice Owns the ledger's own roles, its pause and its end. One admin, changed in two steps with a delay, names accreditors.
/// Refuses any other role.
/// @dev Every way to change these, including those inherited, makes an entry. Journal is the first base: its constructor makes
/// entry 0 before that of AccessControl grants the admin's role, which makes entry 1.
abstract contract Administration is Journal, AccessControlDefaultAdminRules {
    bytes32 public constant ACCREDITOR_ROLE = keccak256("ACCREDITOR_ROLE");

    /// @inheritdoc IPassportLedger
    function pause() external {
        _checkRole(DEFAULT_ADMIN_ROLE);
        _pause();
        _appendAsAdmin(Kind.PAUSED, "");
    }

    /// @inheritdoc IPassportLedger
    function unpause() external {
        _checkRole(DEFAULT_ADMIN_ROLE);
        _unpause();
        _appendAsAdmin(Kind.UNPAUSED, "");
    }

    /// @inheritdoc IPassportLedger
    function close(uint256 chainId, address successor, bytes32 codeHash) external {
        _checkRole(DEFAULT_ADMIN_ROLE);
        _appendAsAdmin(Kind.CLOSED, abi.encodePacked(chainId, successor, codeHash));
        _close();
    }

    /// @dev The caller, as the actor of what only an accreditor does.
    function _checkAccreditor() internal view returns (Actor memory) {
        _checkRole(ACCREDITOR_ROLE);
        return _account(ActorKind.ACCREDITOR, msg.sender);
    }

    /// @dev The admin's role is taken by its new holder, at the opening or by accepting a transfer: the holder is the actor.
    function _grantRole(bytes32 role, address account) internal override returns (bool granted) {
        if (role != DEFAULT_ADMIN_ROLE && role != ACCREDITOR_ROLE) revert RoleUnknown(role);
        granted = super._grantRole(role, account);
        if (granted) {
            _appendRole(
                Kind.ROLE_GRANTED, ActorKind.ADMIN, role == DEFAULT_ADMIN_ROLE ? account : msg.sender, role, account
            );
        }
    }

    /// @dev An accreditor may give its role up, and is then the actor.
    function _revokeRole(bytes32 role, address account) internal override returns (bool revoked) {
        revoked = super._revokeRole(role, account);
        if (revoked) {
            uint8 kind = role == ACCREDITOR_ROLE && account == msg.sender ? ActorKind.ACCREDITOR : ActorKind.ADMIN;
            _appendRole(Kind.ROLE_REVOKED, kind, msg.sender, role, account);
        }
    }

    function _beginDefaultAdminTransfer(address newAdmin) internal override {
        (address pendingAdmin, uint48 pendingSchedule) = pendingDefaultAdmin();
        super._beginDefaultAdminTransfer(newAdmin);
        (, uint48 schedule) = pendingDefaultAdmin();
        // Two times out of storage are compared, the present one with neither: nobody gains by a second more or less.
        // slither-disable-next-line incorrect-equality,timestamp
        if (newAdmin == pendingAdmin && schedule == pendingSchedule) revert NothingToChange();
        _appendAsAdmin(Kind.ADMIN_TRANSFER_BEGUN, abi.encodePacked(newAdmin, uint64(schedule)));
    }

    function _cancelDefaultAdminTransfer() internal override {
        (, uint48 schedule) = pendingDefaultAdmin();
        // 0 is no time but stands for none.
        // slither-disable-next-line incorrect-equality,timestamp
        if (schedule == 0) revert NothingToChange();
        super._cancelDefaultAdminTransfer();
        _appendAsAdmin(Kind.ADMIN_TRANSFER_CANCELLED, "");
    }

    function _changeDefaultAdminDelay(uint48 newDelay) internal override {
        (uint48 pendingDelay, uint48 pendingSchedule) = pendingDefaultAdminDelay();
        super._changeDefaultAdminDelay(newDelay);
        (, uint48 schedule) = pendingDefaultAdminDelay();
        // As in _beginDefaultAdminTransfer.
        // slither-disable-next-line incorrect-equality,timestamp
        if (newDelay == pendingDelay && schedule == pendingSchedule) revert NothingToChange();
        _appendAsAdmin(Kind.ADMIN_DELAY_CHANGE_BEGUN, abi.encodePacked(uint64(newDelay), uint64(schedule)));
    }

    function _rollbackDefaultAdminDelay() internal override {
        (, uint48 schedule) = pendingDefaultAdminDelay();
        // As in _cancelDefaultAdminTransfer.
        // slither-disable-next-line incorrect-equality,timestamp
        if (schedule == 0) revert NothingToChange();
        super._rollbackDefaultAdminDelay();
        _appendAsAdmin(Kind.ADMIN_DELAY_CHANGE_CANCELLED, "");
    }

    function _appendRole(uint8 kind, uint8 actorKind, address actor, bytes32 role, address account) private {
        _append(kind, _account(actorKind, actor), IssuerId.wrap(0), role, abi.encodePacked(role, account));
    }

    function _appendAsAdmin(uint8 kind, bytes memory body) private {
        _append(kind, _account(ActorKind.ADMIN, msg.sender), IssuerId.wrap(0), 0, body);
    }
}

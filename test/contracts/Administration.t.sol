// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {
    IAccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/IAccessControlDefaultAdminRules.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ActorKind, IPassportLedger, Kind} from "../../contracts/interfaces/IPassportLedger.sol";
import {PassportLedger} from "../../contracts/PassportLedger.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {vm} from "./support/Vm.sol";

contract AdministrationTest is LedgerTest {
    address private immutable successor = makeAddress("successor");

    function setUp() public override {
        super.setUp();
        vm.recordLogs();
    }

    // ---------------------------------------------------------------------------------------------------------- roles

    function test_grantOfARoleIsAnEntryByTheAdmin() public {
        vm.prank(admin);
        ledger.grantRole(accreditorRole, stranger);
        vm.assertTrue(ledger.hasRole(accreditorRole, stranger), "role");
        assertEntry(header(Kind.ROLE_GRANTED, ActorKind.ADMIN, admin), abi.encodePacked(accreditorRole, stranger));
    }

    function test_grantOfARoleThatIsHeldChangesNothingAndIsNoEntry() public {
        vm.prank(admin);
        ledger.grantRole(accreditorRole, accreditor);
        vm.assertEq(emitted().length, 0, "entries");
    }

    function test_revocationOfARoleIsAnEntryByTheAdmin() public {
        vm.prank(admin);
        ledger.revokeRole(accreditorRole, accreditor);
        vm.assertTrue(!ledger.hasRole(accreditorRole, accreditor), "role");
        assertEntry(header(Kind.ROLE_REVOKED, ActorKind.ADMIN, admin), abi.encodePacked(accreditorRole, accreditor));
    }

    function test_revocationOfARoleThatIsNotHeldIsNoEntry() public {
        vm.prank(admin);
        ledger.revokeRole(accreditorRole, stranger);
        vm.assertEq(emitted().length, 0, "entries");
    }

    function test_accreditorThatGivesItsRoleUpIsTheActor() public {
        vm.prank(accreditor);
        ledger.renounceRole(accreditorRole, accreditor);
        assertEntry(
            header(Kind.ROLE_REVOKED, ActorKind.ACCREDITOR, accreditor), abi.encodePacked(accreditorRole, accreditor)
        );
    }

    function test_refusesRolesThatTheLedgerDoesNotKnow() public {
        bytes32 role = keccak256("ANOTHER_ROLE");
        refuses(abi.encodeWithSelector(IPassportLedger.RoleUnknown.selector, role));
        vm.prank(admin);
        ledger.grantRole(role, stranger);
    }

    function test_onlyTheAdminGrantsAndRevokesRoles() public {
        refuses(missingRole(accreditor, 0));
        vm.prank(accreditor);
        ledger.grantRole(accreditorRole, stranger);
        refuses(missingRole(stranger, 0));
        vm.prank(stranger);
        ledger.revokeRole(accreditorRole, accreditor);
    }

    function test_theAdminsRoleIsNotGrantedOrRevokedDirectly() public {
        refuses(abi.encodeWithSelector(IAccessControlDefaultAdminRules.AccessControlEnforcedDefaultAdminRules.selector));
        vm.prank(admin);
        ledger.grantRole(0, stranger);
    }

    // -------------------------------------------------------------------------------------------------- admin transfer

    function test_adminTransferIsFourEntriesInItsTwoSteps() public {
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(successor);
        assertEntry(
            header(Kind.ADMIN_TRANSFER_BEGUN, ActorKind.ADMIN, admin),
            abi.encodePacked(successor, uint64(NOW + ADMIN_DELAY))
        );

        vm.warp(NOW + ADMIN_DELAY + 1);
        vm.prank(successor);
        ledger.acceptDefaultAdminTransfer();
        bytes[] memory entries = emitted();
        vm.assertEq(entries.length, 2, "entries");
        vm.assertEq(
            entries[0],
            bytes.concat(header(Kind.ROLE_REVOKED, ActorKind.ADMIN, successor), abi.encodePacked(bytes32(0), admin)),
            "revoked"
        );
        vm.assertEq(
            entries[1],
            bytes.concat(
                header(Kind.ROLE_GRANTED, ActorKind.ADMIN, successor), abi.encodePacked(bytes32(0), successor)
            ),
            "granted"
        );
        vm.assertEq(ledger.defaultAdmin(), successor, "admin");
        vm.assertEq(ledger.owner(), successor, "owner");
    }

    function test_adminTransferIsNotAcceptedBeforeItsTimeOrByAnotherAccount() public {
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(successor);
        vm.warp(NOW + ADMIN_DELAY);
        refuses(
            abi.encodeWithSelector(
                IAccessControlDefaultAdminRules.AccessControlEnforcedDefaultAdminDelay.selector, NOW + ADMIN_DELAY
            )
        );
        vm.prank(successor);
        ledger.acceptDefaultAdminTransfer();
        vm.warp(NOW + ADMIN_DELAY + 1);
        refuses(
            abi.encodeWithSelector(IAccessControlDefaultAdminRules.AccessControlInvalidDefaultAdmin.selector, stranger)
        );
        vm.prank(stranger);
        ledger.acceptDefaultAdminTransfer();
    }

    function test_secondBeginningReplacesTheFirstUnlessItIsTheSame() public {
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(successor);
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToChange.selector));
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(successor);
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(stranger);
        vm.warp(NOW + 1);
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(stranger);
        vm.assertEq(emitted().length, 3, "entries");
    }

    function test_cancellationOfAnAdminTransferIsAnEntryOnceThereIsOne() public {
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToChange.selector));
        vm.prank(admin);
        ledger.cancelDefaultAdminTransfer();
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(successor);
        emitted();
        vm.prank(admin);
        ledger.cancelDefaultAdminTransfer();
        assertEntry(header(Kind.ADMIN_TRANSFER_CANCELLED, ActorKind.ADMIN, admin), "");
    }

    function test_adminThatGivesItsRoleUpLeavesNone() public {
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(address(0));
        vm.warp(NOW + ADMIN_DELAY + 1);
        emitted();
        vm.prank(admin);
        ledger.renounceRole(0, admin);
        assertEntry(header(Kind.ROLE_REVOKED, ActorKind.ADMIN, admin), abi.encodePacked(bytes32(0), admin));
        vm.assertEq(ledger.defaultAdmin(), address(0), "admin");
    }

    function test_delayChangeIsAnEntryAndSoIsItsCancellation() public {
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToChange.selector));
        vm.prank(admin);
        ledger.rollbackDefaultAdminDelay();

        vm.prank(admin);
        ledger.changeDefaultAdminDelay(2 days);
        assertEntry(
            header(Kind.ADMIN_DELAY_CHANGE_BEGUN, ActorKind.ADMIN, admin),
            abi.encodePacked(uint64(2 days), uint64(NOW + 2 days))
        );
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToChange.selector));
        vm.prank(admin);
        ledger.changeDefaultAdminDelay(2 days);
        vm.prank(admin);
        ledger.rollbackDefaultAdminDelay();
        assertEntry(header(Kind.ADMIN_DELAY_CHANGE_CANCELLED, ActorKind.ADMIN, admin), "");
    }

    function test_delayChangeThatCameIntoForceIsNotCancelled() public {
        vm.prank(admin);
        ledger.changeDefaultAdminDelay(2 days);
        vm.warp(NOW + 2 days + 1);
        vm.assertEq(ledger.defaultAdminDelay(), 2 days, "delay");
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToChange.selector));
        vm.prank(admin);
        ledger.rollbackDefaultAdminDelay();
    }

    function test_anotherDelayOrTheSameAtAnotherTimeReplacesThePendingOne() public {
        vm.prank(admin);
        ledger.changeDefaultAdminDelay(2 days);
        vm.warp(NOW + 1);
        vm.prank(admin);
        ledger.changeDefaultAdminDelay(2 days);
        vm.prank(admin);
        ledger.changeDefaultAdminDelay(3 days);
        vm.assertEq(emitted().length, 3, "entries");
    }

    function test_onlyTheAdminChangesTheAdminAndItsDelay() public {
        refuses(missingRole(stranger, 0));
        vm.prank(stranger);
        ledger.beginDefaultAdminTransfer(stranger);
        refuses(missingRole(stranger, 0));
        vm.prank(stranger);
        ledger.cancelDefaultAdminTransfer();
        refuses(missingRole(stranger, 0));
        vm.prank(stranger);
        ledger.changeDefaultAdminDelay(0);
        refuses(missingRole(stranger, 0));
        vm.prank(stranger);
        ledger.rollbackDefaultAdminDelay();
    }

    function test_refusesToOpenWithoutAnAdmin() public {
        refuses(
            abi.encodeWithSelector(
                IAccessControlDefaultAdminRules.AccessControlInvalidDefaultAdmin.selector, address(0)
            )
        );
        new PassportLedger(ADMIN_DELAY, address(0));
    }

    // -------------------------------------------------------------------------------------------------- pause and close

    function test_pauseStopsAnchorsAndIsAnEntry() public {
        vm.prank(admin);
        ledger.pause();
        assertEntry(header(Kind.PAUSED, ActorKind.ADMIN, admin), "");
        vm.assertTrue(currentFacts().paused, "paused");
        vm.expectRevert(Pausable.EnforcedPause.selector);
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());

        vm.prank(admin);
        ledger.unpause();
        assertEntry(header(Kind.UNPAUSED, ActorKind.ADMIN, admin), "");
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
    }

    function test_pauseStopsNothingButAnchors() public {
        addKey(OTHER_KEY, 1);
        vm.prank(admin);
        ledger.pause();
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, 1, 0, 1)));
        actAsController(one(Kind.KEY_RETIRED, abi.encode(thumbprint(OTHER_KEY), NOW)));
        vm.prank(accreditor);
        ledger.suspend(maker);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        vm.prank(admin);
        ledger.pause();
        vm.prank(admin);
        ledger.unpause();
        vm.expectRevert(Pausable.ExpectedPause.selector);
        vm.prank(admin);
        ledger.unpause();
    }

    function test_onlyTheAdminPausesUnpausesAndCloses() public {
        refuses(missingRole(accreditor, 0));
        vm.prank(accreditor);
        ledger.pause();
        refuses(missingRole(accreditor, 0));
        vm.prank(accreditor);
        ledger.unpause();
        refuses(missingRole(accreditor, 0));
        vm.prank(accreditor);
        ledger.close(1, successor, 0);
    }

    function test_closingNamesTheSuccessorAndIsTheLastEntry() public {
        vm.prank(admin);
        ledger.close(11155111, successor, keccak256("code"));
        assertEntry(
            header(Kind.CLOSED, ActorKind.ADMIN, admin),
            abi.encodePacked(uint256(11155111), successor, keccak256("code"))
        );
        vm.assertTrue(currentFacts().closed, "closed");
    }

    function test_closedLedgerRefusesEveryChange() public {
        addKey(OTHER_KEY, 1);
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)));
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 1, PREFIX);
        vm.prank(admin);
        ledger.beginDefaultAdminTransfer(successor);
        vm.warp(NOW + ADMIN_DELAY + 1);
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        bytes memory signature = signRelay(ledger, maker, s);
        bytes memory proof = prove(7, nobody, controller, 15, DEADLINE);
        closeLedger();

        uint64 size = sizeNow();
        refusesAsClosed(admin, abi.encodeCall(ledger.pause, ()));
        refusesAsClosed(admin, abi.encodeCall(ledger.close, (0, address(0), 0)));
        refusesAsClosed(admin, abi.encodeCall(ledger.grantRole, (accreditorRole, stranger)));
        refusesAsClosed(admin, abi.encodeCall(ledger.revokeRole, (accreditorRole, accreditor)));
        refusesAsClosed(accreditor, abi.encodeCall(ledger.renounceRole, (accreditorRole, accreditor)));
        refusesAsClosed(admin, abi.encodeCall(ledger.beginDefaultAdminTransfer, (stranger)));
        refusesAsClosed(admin, abi.encodeCall(ledger.cancelDefaultAdminTransfer, ()));
        refusesAsClosed(successor, abi.encodeCall(ledger.acceptDefaultAdminTransfer, ()));
        refusesAsClosed(admin, abi.encodeCall(ledger.changeDefaultAdminDelay, (0)));
        refusesAsClosed(
            accreditor,
            abi.encodeCall(
                ledger.accredit, ("did:web:nobody.example", 1, controller, publicKey(7), 15, DEADLINE, proof)
            )
        );
        refusesAsClosed(accreditor, abi.encodeCall(ledger.suspend, (maker)));
        refusesAsClosed(accreditor, abi.encodeCall(ledger.withdraw, (maker, 1)));
        refusesAsClosed(accreditor, abi.encodeCall(ledger.assignRoles, (maker, 2)));
        refusesAsClosed(accreditor, abi.encodeCall(ledger.grantPrefix, (maker, 2, PREFIX)));
        refusesAsClosed(accreditor, abi.encodeCall(ledger.takeBackPrefix, (maker, 1, PREFIX, 1)));
        refusesAsClosed(accreditor, abi.encodeCall(ledger.revokeByAuthority, (maker, LIST, words(0, 1))));
        refusesAsClosed(controller, abi.encodeCall(ledger.anchor, (maker, ROOT, 1, MANIFEST, none())));
        refusesAsClosed(controller, abi.encodeCall(ledger.act, (maker, one(Kind.STATUS_SET, statusSet(LIST, 1, 0, 1)))));
        refusesAsClosed(
            controller, abi.encodeCall(ledger.act, (maker, one(Kind.KEY_RETIRED, abi.encode(firstKey, NOW + 2 days))))
        );
        refusesAsClosed(successor, abi.encodeCall(ledger.acceptController, (maker)));
        refusesAsClosed(
            stranger, abi.encodeCall(ledger.relay, (maker, publicKey(FIRST_KEY), s.acts, 0, DEADLINE, signature))
        );
        vm.assertEq(sizeNow(), size, "size");
        vm.assertEq(nonceOf(maker, FIRST_KEY), 0, "nonce");
    }

    function refusesAsClosed(address sender, bytes memory call) private {
        vm.prank(sender);
        (bool done, bytes memory answer) = address(ledger).call(call);
        vm.assertTrue(!done, "refused");
        vm.assertEq(answer, abi.encodeWithSelector(IPassportLedger.LedgerClosed.selector), "closed");
    }

    function test_saysWhichInterfacesItHas() public view {
        vm.assertTrue(ledger.supportsInterface(type(IAccessControlDefaultAdminRules).interfaceId), "admin rules");
        vm.assertTrue(ledger.supportsInterface(type(IAccessControl).interfaceId), "access control");
        vm.assertTrue(!ledger.supportsInterface(0xffffffff), "no other");
    }

    function currentFacts() private view returns (IPassportLedger.Facts memory) {
        return ledger.facts(nothingAsked());
    }

    function nothingAsked() private pure returns (IPassportLedger.Question memory question) {}

    function missingRole(address account, bytes32 role) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ActorKind, BatchRoot, IPassportLedger, IssuerId, Kind} from "../../contracts/interfaces/IPassportLedger.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {vm, Vm} from "./support/Vm.sol";

contract AnchorsTest is LedgerTest {
    function setUp() public override {
        super.setUp();
        vm.recordLogs();
    }

    function test_anchorByTheControllerIsAnEntryUnderItsRoot() public {
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "one log");
        vm.assertEq(logs[0].topics[3], BatchRoot.unwrap(ROOT), "about");
        vm.assertEq(abi.decode(logs[0].data, (bytes)), anchorEntry(ActorKind.CONTROLLER, controller, 10), "entry");
    }

    function test_anchorBySubmitterNamesTheSubmitter() public {
        vm.prank(submitter);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        vm.assertEq(emitted()[0], anchorEntry(ActorKind.SUBMITTER, submitter, 10), "entry");
    }

    function test_anchorCarriesTheRolesOfItsTime() public {
        vm.prank(accreditor);
        ledger.assignRoles(maker, 0x0301);
        emitted();
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        bytes memory body = abi.encodePacked(maker, uint16(0x0301), ROOT, uint16(10), MANIFEST, uint8(0));
        assertEntry(header(Kind.ANCHORED, ActorKind.CONTROLLER, controller), body);
    }

    function testFuzz_anchorCarriesWhatItWasGiven(bytes32 root, uint16 size, bytes32 manifest) public {
        vm.assume(manifest != 0);
        uint256 count = uint256(size) % 16_384 + 1;
        vm.prank(controller);
        ledger.anchor(maker, BatchRoot.wrap(root), count, manifest, none());
        assertEntry(
            header(Kind.ANCHORED, ActorKind.CONTROLLER, controller),
            abi.encodePacked(maker, uint16(1), root, uint16(count), manifest, uint8(0))
        );
    }

    function test_aRootMayBeAnchoredTwice() public {
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        vm.assertEq(emitted().length, 2, "entries");
    }

    function test_aBatchHasOneTo16384Credentials() public {
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 16_384, MANIFEST, none());
        vm.assertEq(emitted()[0], anchorEntry(ActorKind.CONTROLLER, controller, 16_384), "largest");
        uint256[3] memory bad = [uint256(0), 16_385, type(uint256).max];
        for (uint256 i = 0; i < bad.length; ++i) {
            refuses(abi.encodeWithSelector(IPassportLedger.BatchSizeOutOfRange.selector, bad[i], 16_384));
            vm.prank(controller);
            ledger.anchor(maker, ROOT, bad[i], MANIFEST, none());
        }
    }

    function test_aBatchHasAManifest() public {
        refuses(abi.encodeWithSelector(IPassportLedger.ManifestMissing.selector, ROOT));
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, 0, none());
    }

    function test_onlyControllerAndSubmittersAnchor() public {
        address[3] memory others = [stranger, accreditor, admin];
        for (uint256 i = 0; i < others.length; ++i) {
            refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, maker, others[i]));
            vm.prank(others[i]);
            ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        }
    }

    function test_anotherIssuersControllerDoesNotAnchor() public {
        accredit("did:web:refiner.example", stranger, OTHER_KEY, 15);
        refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, maker, stranger));
        vm.prank(stranger);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
    }

    function test_unknownSuspendedAndWithdrawnIssuersAnchorNothing() public {
        refuses(abi.encodeWithSelector(IPassportLedger.IssuerUnknown.selector, nobody));
        vm.prank(controller);
        ledger.anchor(nobody, ROOT, 10, MANIFEST, none());

        vm.prank(accreditor);
        ledger.suspend(maker);
        refusesAnchors(abi.encodeWithSelector(IPassportLedger.IssuerSuspended.selector, maker));
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW);
        refusesAnchors(abi.encodeWithSelector(IPassportLedger.IssuerWithdrawn.selector, maker));
    }

    function refusesAnchors(bytes memory why) private {
        refuses(why);
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        refuses(why);
        vm.prank(submitter);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
        refuses(why);
        actAsController(one(Kind.ANCHORED, anchored()));
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        bytes memory signature = signRelay(ledger, maker, s);
        IPassportLedger.PublicKey memory key = publicKey(FIRST_KEY);
        refuses(why);
        ledger.relay(maker, key, s.acts, 0, DEADLINE, signature);
    }

    function anchorEntry(uint8 actorKind, address actor, uint16 size) private view returns (bytes memory) {
        return
            abi.encodePacked(header(Kind.ANCHORED, actorKind, actor), maker, uint16(1), ROOT, size, MANIFEST, uint8(0));
    }
}

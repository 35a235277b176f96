// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    ActorKind,
    BatchRoot,
    IPassportLedger,
    IssuerId,
    KeyId,
    Kind,
    Purpose,
    Reason,
    Status
} from "../../contracts/interfaces/IPassportLedger.sol";
import {PassportLedger} from "../../contracts/PassportLedger.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {vm} from "./support/Vm.sol";

contract AuthorityTest is LedgerTest {
    address private immutable successor = makeAddress("successor");
    KeyId private otherKey;
    IssuerId private alone;

    /// @dev `alone` has no controller: it acts by its key.
    function setUp() public override {
        super.setUp();
        otherKey = thumbprint(OTHER_KEY);
        alone = IssuerId.wrap(sha256("did:web:alone.example"));
        accredit("did:web:alone.example", address(0), OTHER_KEY, Purpose.ALL);
        vm.recordLogs();
    }

    // ------------------------------------------------------------------------------------------------------ controller

    function test_controllerDoesEveryActInOneCall() public {
        IPassportLedger.Act[] memory acts = everyAct();
        uint64 size = sizeNow();
        actAsController(acts);
        vm.assertEq(sizeNow(), size + acts.length, "an entry each");
        bytes[] memory entries = emitted();
        for (uint256 i = 0; i < acts.length; ++i) {
            vm.assertEq(uint8(entries[i][1]), acts[i].kind, "kind");
            vm.assertEq(uint8(entries[i][18]), ActorKind.CONTROLLER, "actor");
        }
    }

    function test_actsAreAllOrNothing() public {
        uint64 size = sizeNow();
        IPassportLedger.Act[] memory acts = two(Kind.ANCHORED, anchored(), Kind.KEY_RETIRED, abi.encode(otherKey, NOW));
        refuses(abi.encodeWithSelector(IPassportLedger.KeyUnknown.selector, maker, otherKey));
        actAsController(acts);
        vm.assertEq(sizeNow(), size, "size");
    }

    function test_aCallWithoutActsIsRefused() public {
        refuses(abi.encodeWithSelector(IPassportLedger.NoActs.selector));
        actAsController(new IPassportLedger.Act[](0));
        IPassportLedger.PublicKey memory key = publicKey(FIRST_KEY);
        Signed memory s = Signed(FIRST_KEY, new IPassportLedger.Act[](0), 0, DEADLINE);
        bytes memory signature = signRelay(ledger, maker, s);
        refuses(abi.encodeWithSelector(IPassportLedger.NoActs.selector));
        ledger.relay(maker, key, s.acts, 0, DEADLINE, signature);
        vm.assertEq(nonceOf(maker, FIRST_KEY), 0, "nonce");
    }

    function test_kindsThatAreNoActsAreRefused() public {
        uint8[9] memory kinds = [
            0,
            Kind.OPENED,
            Kind.ROLE_GRANTED,
            Kind.CLOSED,
            Kind.ACCREDITED,
            Kind.SUSPENDED,
            Kind.PREFIX_GRANTED,
            Kind.CONTROLLER_CHANGED,
            Kind.LOT_VOIDED
        ];
        for (uint256 i = 0; i < kinds.length; ++i) {
            refuses(abi.encodeWithSelector(IPassportLedger.ActUnknown.selector, kinds[i]));
            actAsController(one(kinds[i], ""));
        }
    }

    function test_onlyTheControllerActs() public {
        address[4] memory others = [submitter, accreditor, admin, stranger];
        IPassportLedger.Act[] memory acts = everyAct();
        for (uint256 i = 0; i < others.length; ++i) {
            for (uint256 j = 0; j < acts.length; ++j) {
                refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, maker, others[i]));
                vm.prank(others[i]);
                ledger.act(maker, one(acts[j].kind, acts[j].data));
            }
        }
    }

    function test_nobodyActsByAccountForAnIssuerWithoutController() public {
        refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, alone, controller));
        vm.prank(controller);
        ledger.act(alone, one(Kind.ANCHORED, anchored()));
        refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, alone, controller));
        vm.prank(controller);
        ledger.anchor(alone, ROOT, 10, MANIFEST, none());
    }

    function test_unknownIssuersDoNothing() public {
        refuses(abi.encodeWithSelector(IPassportLedger.IssuerUnknown.selector, nobody));
        vm.prank(controller);
        ledger.act(nobody, one(Kind.ANCHORED, anchored()));
        refuses(abi.encodeWithSelector(IPassportLedger.IssuerUnknown.selector, nobody));
        vm.prank(controller);
        ledger.acceptController(nobody);
    }

    function test_aSuspendedIssuerOnlyRevokesAndEndsKeys() public {
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)));
        addKey(OTHER_KEY, 1);
        IPassportLedger.Act[] memory acts = everyAct();
        vm.prank(accreditor);
        ledger.suspend(maker);
        for (uint256 i = 0; i < acts.length; ++i) {
            bool allowed = acts[i].kind == Kind.KEY_RETIRED || acts[i].kind == Kind.KEY_COMPROMISED
                || (acts[i].kind == Kind.STATUS_SET && statusOf(acts[i]) == Status.REVOKED);
            if (!allowed) refuses(abi.encodeWithSelector(IPassportLedger.IssuerSuspended.selector, maker));
            actAsController(one(acts[i].kind, acts[i].data));
        }
        refuses(abi.encodeWithSelector(IPassportLedger.IssuerSuspended.selector, maker));
        vm.prank(successor);
        ledger.acceptController(maker);
    }

    function test_aWithdrawnIssuerDoesNothing() public {
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)));
        IPassportLedger.Act[] memory acts = everyAct();
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW);
        bytes memory why = abi.encodeWithSelector(IPassportLedger.IssuerWithdrawn.selector, maker);
        for (uint256 i = 0; i < acts.length; ++i) {
            refuses(why);
            actAsController(one(acts[i].kind, acts[i].data));
        }
        refuses(why);
        vm.prank(successor);
        ledger.acceptController(maker);
    }

    // -------------------------------------------------------------------------------------------- controller's change

    function test_controllerChangesInTwoSteps() public {
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)));
        assertEntry(
            header(Kind.CONTROLLER_PROPOSED, ActorKind.CONTROLLER, controller), abi.encodePacked(maker, successor)
        );
        vm.assertEq(ledger.proposedController(maker), successor, "proposed");
        vm.assertEq(issuerFacts(maker).controller, controller, "not yet");
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerNotProposed.selector, maker, stranger));
        vm.prank(stranger);
        ledger.acceptController(maker);

        vm.prank(successor);
        ledger.acceptController(maker);
        assertEntry(
            header(Kind.CONTROLLER_CHANGED, ActorKind.CONTROLLER, successor), abi.encodePacked(maker, successor)
        );
        vm.assertEq(issuerFacts(maker).controller, successor, "changed");
        vm.assertEq(ledger.proposedController(maker), address(0), "no longer proposed");
        refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, maker, controller));
        actAsController(one(Kind.ANCHORED, anchored()));
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerNotProposed.selector, maker, successor));
        vm.prank(successor);
        ledger.acceptController(maker);
    }

    function test_aProposalIsTakenBackByProposingNobody() public {
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerUnchanged.selector, maker, address(0)));
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(address(0))));
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)));
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerUnchanged.selector, maker, successor));
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)));
        actAsController(one(Kind.CONTROLLER_PROPOSED, abi.encode(address(0))));
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerNotProposed.selector, maker, successor));
        vm.prank(successor);
        ledger.acceptController(maker);
    }

    function test_aKeyNamesAControllerOnlyWhereThereIsNone() public {
        Signed memory s = Signed(FIRST_KEY, one(Kind.CONTROLLER_PROPOSED, abi.encode(stranger)), 0, DEADLINE);
        bytes memory signature = signRelay(ledger, maker, s);
        IPassportLedger.PublicKey memory key = publicKey(FIRST_KEY);
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerOnly.selector, maker, controller));
        ledger.relay(maker, key, s.acts, 0, DEADLINE, signature);

        relay(alone, Signed(OTHER_KEY, one(Kind.CONTROLLER_PROPOSED, abi.encode(successor)), 0, DEADLINE));
        vm.prank(successor);
        ledger.acceptController(alone);
        vm.assertEq(issuerFacts(alone).controller, successor, "controller");
        s = Signed(OTHER_KEY, one(Kind.CONTROLLER_PROPOSED, abi.encode(stranger)), 1, DEADLINE);
        signature = signRelay(ledger, alone, s);
        key = publicKey(OTHER_KEY);
        refuses(abi.encodeWithSelector(IPassportLedger.ControllerOnly.selector, alone, successor));
        ledger.relay(alone, key, s.acts, 1, DEADLINE, signature);
    }

    // ------------------------------------------------------------------------------------------------------ submitters

    function test_submittersAreAppointedAndDismissed() public {
        actAsController(one(Kind.SUBMITTER_APPOINTED, abi.encode(stranger)));
        assertEntry(
            header(Kind.SUBMITTER_APPOINTED, ActorKind.CONTROLLER, controller), abi.encodePacked(maker, stranger)
        );
        vm.assertTrue(ledger.isSubmitter(maker, stranger), "appointed");
        refuses(abi.encodeWithSelector(IPassportLedger.SubmitterUnchanged.selector, maker, stranger));
        actAsController(one(Kind.SUBMITTER_APPOINTED, abi.encode(stranger)));

        actAsController(one(Kind.SUBMITTER_DISMISSED, abi.encode(stranger)));
        assertEntry(
            header(Kind.SUBMITTER_DISMISSED, ActorKind.CONTROLLER, controller), abi.encodePacked(maker, stranger)
        );
        vm.assertTrue(!ledger.isSubmitter(maker, stranger), "dismissed");
        refuses(abi.encodeWithSelector(IPassportLedger.SubmitterUnchanged.selector, maker, stranger));
        actAsController(one(Kind.SUBMITTER_DISMISSED, abi.encode(stranger)));
        refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, maker, stranger));
        vm.prank(stranger);
        ledger.anchor(maker, ROOT, 10, MANIFEST, none());
    }

    function test_aSubmitterAnchorsForItsIssuerAlone() public {
        refuses(abi.encodeWithSelector(IPassportLedger.NotAuthorized.selector, alone, submitter));
        vm.prank(submitter);
        ledger.anchor(alone, ROOT, 10, MANIFEST, none());
    }

    // ----------------------------------------------------------------------------------------------------------- relay

    function test_aRelayedActNamesTheKeyAndNotTheRelayer() public {
        relay(FIRST_KEY, one(Kind.ANCHORED, anchored()));
        assertEntry(
            header(Kind.ANCHORED, ActorKind.KEY, KeyId.unwrap(firstKey)),
            abi.encodePacked(maker, uint16(1), ROOT, uint16(10), MANIFEST, uint8(0))
        );
        vm.assertEq(nonceOf(maker, FIRST_KEY), 1, "nonce");
    }

    /// @dev Whoever relays brings no rights of its own into the call.
    function test_theRelayersOwnPowersDoNotCount() public {
        addKey(3, Purpose.ASSERT);
        address[3] memory relayers = [controller, accreditor, admin];
        IPassportLedger.PublicKey memory key = publicKey(3);
        Signed memory s = Signed(3, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        bytes memory signature = signRelay(ledger, maker, s);
        for (uint256 i = 0; i < 3; ++i) {
            refuses(
                abi.encodeWithSelector(IPassportLedger.PurposeMissing.selector, maker, thumbprint(3), Purpose.OPERATE)
            );
            vm.prank(relayers[i]);
            ledger.relay(maker, key, s.acts, 0, DEADLINE, signature);
        }
    }

    function test_everyActAsksItsPurpose() public {
        IPassportLedger.Act[] memory acts = everyAct();
        for (uint256 i = 0; i < acts.length; ++i) {
            // The controller's alone, since the maker has one.
            if (acts[i].kind == Kind.CONTROLLER_PROPOSED) continue;
            uint16 needed = purposeOf(acts[i]);
            uint256 without = 1000 + 2 * i;
            addKey(without, Purpose.ALL & ~needed);
            uint256 with = without + 1;
            addKey(with, needed);

            Signed memory s = Signed(without, one(acts[i].kind, acts[i].data), 0, DEADLINE);
            bytes memory signature = signRelay(ledger, maker, s);
            IPassportLedger.PublicKey memory key = publicKey(without);
            refuses(abi.encodeWithSelector(IPassportLedger.PurposeMissing.selector, maker, thumbprint(without), needed));
            ledger.relay(maker, key, s.acts, 0, DEADLINE, signature);
            vm.assertEq(nonceOf(maker, without), 0, "nonce");

            relay(with, one(acts[i].kind, acts[i].data));
            vm.assertEq(nonceOf(maker, with), 1, "nonce");
        }
    }

    function test_aListNeedsThePurposeOfEachOfItsActs() public {
        addKey(3, Purpose.OPERATE);
        Signed memory s = Signed(
            3, two(Kind.ANCHORED, anchored(), Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 0, 1)), 0, DEADLINE
        );
        refusesRelay(
            s, abi.encodeWithSelector(IPassportLedger.PurposeMissing.selector, maker, thumbprint(3), Purpose.REVOKE)
        );
    }

    function test_aSignatureIsGoodOnce() public {
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        relay(maker, s);
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.NonceUnexpected.selector, firstKey, 0, 1));
        s.nonce = 2;
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.NonceUnexpected.selector, firstKey, 2, 1));
    }

    function test_aFailedRelayKeepsItsNonceAndWorksLater() public {
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        vm.prank(accreditor);
        ledger.suspend(maker);
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.IssuerSuspended.selector, maker));
        vm.assertEq(nonceOf(maker, FIRST_KEY), 0, "nonce");
        vm.prank(accreditor);
        ledger.reinstate(maker);
        relay(maker, s);
    }

    function test_noncesOfAnIssuersKeysAreApart() public {
        addKey(3, Purpose.OPERATE);
        relay(FIRST_KEY, one(Kind.ANCHORED, anchored()));
        relay(FIRST_KEY, one(Kind.ANCHORED, anchored()));
        relay(3, one(Kind.ANCHORED, anchored()));
        vm.assertEq(nonceOf(maker, FIRST_KEY), 2, "first");
        vm.assertEq(nonceOf(maker, 3), 1, "other");
    }

    function test_aRelayIsGoodUntilItsDeadlineAndNoLonger() public {
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, NOW + 60);
        vm.warp(NOW + 61);
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.DeadlinePassed.selector, NOW + 60, NOW + 61));
        vm.warp(NOW + 60);
        relay(maker, s);
    }

    function test_aSignatureCoversIssuerActsNonceDeadlineLedgerAndChain() public {
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        bytes memory good = signRelay(ledger, maker, s);
        IPassportLedger.PublicKey memory key = publicKey(FIRST_KEY);

        refusesSignature(one(Kind.ANCHORED, abi.encode(ROOT, uint256(11), MANIFEST, none())), 0, DEADLINE, good);
        refusesSignature(one(Kind.STATUS_SET, anchored()), 0, DEADLINE, good);
        refusesSignature(two(Kind.ANCHORED, anchored(), Kind.ANCHORED, anchored()), 0, DEADLINE, good);
        refusesSignature(s.acts, 0, DEADLINE + 1, good);
        refusesSignature(s.acts, 0, DEADLINE, signRelay(new PassportLedger(0, admin), maker, s));
        refusesSignature(s.acts, 0, DEADLINE, signRelay(ledger, alone, s));
        refusesSignature(s.acts, 0, DEADLINE, "");
        vm.chainId(1);
        refusesSignature(s.acts, 0, DEADLINE, good);
        // On the other chain the same key signs for that chain's domain.
        bytes memory there = signRelay(ledger, maker, s);
        ledger.relay(maker, key, s.acts, 0, DEADLINE, there);
    }

    function test_aHighSIsRefused() public {
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        (bytes32 r, bytes32 low) = abi.decode(signRelay(ledger, maker, s), (bytes32, bytes32));
        refusesSignature(s.acts, 0, DEADLINE, abi.encodePacked(r, N - uint256(low)));
    }

    function test_aKeyOfAnotherIssuerOrOfNoneIsRefused() public {
        Signed memory s = Signed(OTHER_KEY, one(Kind.ANCHORED, anchored()), 0, DEADLINE);
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.KeyUnknown.selector, maker, otherKey));
    }

    function test_anEd25519KeyIsNotRelayedFor() public {
        IPassportLedger.PublicKey memory key = IPassportLedger.PublicKey(2, keccak256("x"), 0);
        actAsController(one(Kind.KEY_ADDED, abi.encode(key, Purpose.ASSERT, DEADLINE, "")));
        (bool done, bytes memory answer) = address(ledger)
            .call(
                abi.encodeCall(ledger.relay, (maker, key, one(Kind.ANCHORED, anchored()), 0, DEADLINE, new bytes(64)))
            );
        vm.assertTrue(!done, "refused");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IPassportLedger.SignatureInvalid.selector), "why");
    }

    function test_aRetiredKeyActsUntilItsTimeAndNoLonger() public {
        actAsController(one(Kind.KEY_RETIRED, abi.encode(firstKey, NOW + 10)));
        vm.warp(NOW + 9);
        relay(FIRST_KEY, one(Kind.ANCHORED, anchored()));
        vm.warp(NOW + 10);
        Signed memory s = Signed(FIRST_KEY, one(Kind.ANCHORED, anchored()), 1, DEADLINE);
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.KeyNotInForce.selector, maker, firstKey));
    }

    function test_aCompromisedKeyDoesNothing() public {
        actAsController(one(Kind.KEY_COMPROMISED, abi.encode(firstKey, NOW)));
        Signed memory s = Signed(FIRST_KEY, one(Kind.STATUS_SET, statusSet(LIST, 1, 0, 1)), 0, DEADLINE);
        refusesRelay(s, abi.encodeWithSelector(IPassportLedger.KeyNotInForce.selector, maker, firstKey));
    }

    function test_aKeyThatEndsItselfDoesNothingMoreInTheSameCall() public {
        bytes memory why = abi.encodeWithSelector(IPassportLedger.KeyNotInForce.selector, maker, firstKey);
        bytes memory end = abi.encode(firstKey, NOW);
        refusesRelay(Signed(FIRST_KEY, two(Kind.KEY_RETIRED, end, Kind.ANCHORED, anchored()), 0, DEADLINE), why);
        refusesRelay(Signed(FIRST_KEY, two(Kind.KEY_COMPROMISED, end, Kind.ANCHORED, anchored()), 0, DEADLINE), why);
        relay(FIRST_KEY, two(Kind.ANCHORED, anchored(), Kind.KEY_COMPROMISED, end));
        vm.assertEq(keyFacts(firstKey).compromisedSince, NOW, "since");
    }

    function test_aKeyAddedInACallIsGoodInTheNext() public {
        relay(FIRST_KEY, one(Kind.KEY_ADDED, keyAdded(3, Purpose.OPERATE)));
        relay(3, one(Kind.ANCHORED, anchored()));
    }

    // ----------------------------------------------------------------------------------------------------------- facts

    function test_factsAnswerEverythingInOneCall() public {
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 4, PREFIX);
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 2, 3)));
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.SUPERSEDED, 2, 8)));
        relay(FIRST_KEY, one(Kind.ANCHORED, anchored()));
        IPassportLedger.Facts memory f = factsOf(maker, firstKey, grantId(4, PREFIX), LIST, 2);
        (uint64 size, bytes32[] memory peaks,) = ledger.treeHead();
        vm.assertEq(f.blockNumber, block.number, "block");
        vm.assertEq(f.blockTime, NOW, "time");
        vm.assertTrue(!f.paused && !f.closed, "open");
        vm.assertEq(f.size, size, "size");
        vm.assertEq(keccak256(abi.encode(f.peaks)), keccak256(abi.encode(peaks)), "peaks");
        vm.assertEq(f.issuer.number, 1, "issuer");
        vm.assertEq(f.issuer.controller, controller, "controller");
        vm.assertEq(f.key.purposes, Purpose.ALL, "key");
        vm.assertEq(f.key.nonce, 1, "nonce");
        vm.assertEq(f.grant.from, NOW, "grant");
        vm.assertEq(f.revoked, 3, "revoked");
        vm.assertEq(f.superseded, 8, "superseded");
    }

    function test_factsOfWhatIsNotThereAreZero() public view {
        IPassportLedger.Facts memory f = factsOf(nobody, firstKey, 0, LIST, 2);
        vm.assertEq(f.issuer.number, 0, "issuer");
        vm.assertEq(f.key.purposes, 0, "key");
        vm.assertEq(f.grant.from, 0, "grant");
        vm.assertEq(f.revoked | f.superseded, 0, "status");
    }

    // ------------------------------------------------------------------------------------------------------------ fuzz

    /// @dev Whatever the account and the act: without a right, nothing happens.
    function testFuzz_nobodyWithoutAuthorityChangesAnything(address account, uint8 pick) public {
        vm.assume(account != controller && account != submitter);
        IPassportLedger.Act[] memory acts = everyAct();
        IPassportLedger.Act memory a = acts[pick % acts.length];
        uint64 size = sizeNow();
        vm.prank(account);
        (bool done,) = address(ledger).call(abi.encodeCall(ledger.act, (maker, one(a.kind, a.data))));
        vm.assertTrue(!done, "act");
        vm.prank(account);
        (done,) = address(ledger).call(abi.encodeCall(ledger.anchor, (maker, ROOT, 10, MANIFEST, none())));
        vm.assertTrue(!done, "anchor");
        vm.assertEq(sizeNow(), size, "size");
    }

    /// @dev A signature by anything but the key, or over anything but the bytes, is refused.
    function testFuzz_noOtherSignaturePasses(bytes32 r, bytes32 s) public {
        refusesSignature(one(Kind.ANCHORED, anchored()), 0, DEADLINE, abi.encodePacked(r, s));
    }

    function testFuzz_malformedActsChangeNothing(uint8 kind, bytes calldata data) public {
        uint64 size = sizeNow();
        vm.prank(controller);
        (bool done,) = address(ledger).call(abi.encodeCall(ledger.act, (maker, one(kind, data))));
        vm.assertTrue(done || sizeNow() == size, "nothing changed");
        if (done) vm.assertEq(sizeNow(), size + 1, "one entry");
    }

    // --------------------------------------------------------------------------------------------------------- helpers

    /// @dev One act of each kind that the maker can do now, in an order in which all succeed.
    function everyAct() private view returns (IPassportLedger.Act[] memory acts) {
        acts = new IPassportLedger.Act[](9);
        acts[0] = IPassportLedger.Act(Kind.ANCHORED, anchored());
        acts[1] = IPassportLedger.Act(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 0, 1));
        acts[2] = IPassportLedger.Act(Kind.STATUS_SET, statusSet(LIST, Status.SUPERSEDED, 0, 1));
        acts[3] = IPassportLedger.Act(Kind.KEY_ADDED, keyAdded(77, 1));
        acts[4] = IPassportLedger.Act(Kind.KEY_RETIRED, abi.encode(firstKey, NOW + 1000));
        acts[5] = IPassportLedger.Act(Kind.KEY_COMPROMISED, abi.encode(firstKey, NOW));
        acts[6] = IPassportLedger.Act(Kind.CONTROLLER_PROPOSED, abi.encode(stranger));
        acts[7] = IPassportLedger.Act(Kind.SUBMITTER_APPOINTED, abi.encode(successor));
        acts[8] = IPassportLedger.Act(Kind.SUBMITTER_DISMISSED, abi.encode(submitter));
    }

    function purposeOf(IPassportLedger.Act memory a) private pure returns (uint16) {
        if (a.kind == Kind.ANCHORED) return Purpose.OPERATE;
        if (a.kind != Kind.STATUS_SET) return Purpose.ADMINISTER;
        return statusOf(a) == Status.REVOKED ? Purpose.REVOKE : Purpose.OPERATE;
    }

    function statusOf(IPassportLedger.Act memory a) private pure returns (uint8 status) {
        (, status,,) = abi.decode(a.data, (uint64, uint8, uint8, IPassportLedger.Word[]));
    }

    function refusesRelay(Signed memory s, bytes memory why) private {
        bytes memory signature = signRelay(ledger, maker, s);
        IPassportLedger.PublicKey memory key = publicKey(s.secret);
        refuses(why);
        ledger.relay(maker, key, s.acts, s.nonce, s.deadline, signature);
    }

    function refusesSignature(IPassportLedger.Act[] memory acts, uint64 nonce, uint64 deadline, bytes memory signature)
        private
    {
        (bool done, bytes memory answer) = address(ledger)
            .call(abi.encodeCall(ledger.relay, (maker, publicKey(FIRST_KEY), acts, nonce, deadline, signature)));
        vm.assertTrue(!done, "refused");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IPassportLedger.SignatureInvalid.selector), "why");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {
    ActorKind,
    Algorithm,
    IPassportLedger,
    IssuerId,
    KeyId,
    Kind,
    Purpose
} from "../../contracts/interfaces/IPassportLedger.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice What the accreditor does.
contract IssuersTest is LedgerTest {
    string private constant REFINER = "did:web:refiner.example";
    IssuerId private immutable refiner = IssuerId.wrap(sha256(bytes(REFINER)));

    function setUp() public override {
        super.setUp();
        vm.recordLogs();
    }

    // ---------------------------------------------------------------------------------------------------- accreditation

    function test_accreditationIsTwoEntriesTheIssuerAndItsFirstKey() public {
        bytes memory proof = prove(OTHER_KEY, refiner, address(0), 6, DEADLINE);
        vm.prank(accreditor);
        ledger.accredit(REFINER, 0x8010, address(0), publicKey(OTHER_KEY), 6, DEADLINE, proof);

        bytes[] memory entries = emitted();
        vm.assertEq(entries.length, 2, "entries");
        vm.assertEq(
            entries[0],
            abi.encodePacked(
                header(Kind.ACCREDITED, ActorKind.ACCREDITOR, accreditor),
                refiner,
                uint32(2),
                uint16(0x8010),
                address(0),
                uint16(bytes(REFINER).length),
                REFINER
            ),
            "accredited"
        );
        IPassportLedger.PublicKey memory key = publicKey(OTHER_KEY);
        vm.assertEq(
            entries[1],
            abi.encodePacked(
                header(Kind.KEY_ADDED, ActorKind.ACCREDITOR, accreditor),
                refiner,
                thumbprint(OTHER_KEY),
                Algorithm.ES256,
                uint16(6),
                key.x,
                key.y
            ),
            "key added"
        );
        IPassportLedger.IssuerFacts memory f = issuerFacts(refiner);
        vm.assertEq(f.number, 2, "number");
        vm.assertEq(f.roles, 0x8010, "roles");
        vm.assertEq(f.controller, address(0), "controller");
        vm.assertTrue(!f.suspended && f.withdrawnSince == 0, "in good standing");
        IPassportLedger.KeyFacts memory k = factsOf(refiner, thumbprint(OTHER_KEY), 0, 0, 0).key;
        vm.assertEq(k.purposes, 6, "purposes");
        vm.assertEq(k.validFrom, NOW, "valid from");
        vm.assertEq(uint256(k.retiredAt) + k.compromisedSince + k.nonce, 0, "nothing else");
    }

    function test_aDidIsAccreditedOnce() public {
        bytes memory proof = prove(OTHER_KEY, maker, controller, 15, DEADLINE);
        refuses(abi.encodeWithSelector(IPassportLedger.IssuerAlreadyAccredited.selector, maker));
        vm.prank(accreditor);
        ledger.accredit(DID, 1, controller, publicKey(OTHER_KEY), 15, DEADLINE, proof);
    }

    function test_aWithdrawnDidIsNotAccreditedAgain() public {
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW);
        test_aDidIsAccreditedOnce();
    }

    function test_aDidHasOneTo255Bytes() public {
        accreditNamed(printable(255));
        refuses(abi.encodeWithSelector(IPassportLedger.TextLengthOutOfRange.selector, 256));
        this.accreditNamed(printable(256));
        refuses(abi.encodeWithSelector(IPassportLedger.TextLengthOutOfRange.selector, 0));
        this.accreditNamed("");
    }

    /// Text that is not UTF-8 would make an entry that no replay could read.
    function testFuzz_aDidIsOfPrintableAsciiWithoutSpaces(bytes1 character, uint8 place) public {
        uint256 position = place % 40;
        bytes memory did = printable(40);
        did[position] = character;
        if (character < 0x21 || character > 0x7e) {
            refuses(abi.encodeWithSelector(IPassportLedger.TextNotPrintable.selector, position, character));
        }
        this.accreditNamed(did);
    }

    function test_aPrefixIsOfPrintableAsciiWithoutSpaces() public {
        refuses(abi.encodeWithSelector(IPassportLedger.TextNotPrintable.selector, 4, bytes1(0xff)));
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 1, string(bytes(hex"6773313aff")));
    }

    function printable(uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = "a";
    }

    function accreditNamed(bytes memory did) public {
        IPassportLedger.PublicKey memory key = publicKey(OTHER_KEY);
        bytes memory proof = prove(OTHER_KEY, IssuerId.wrap(sha256(did)), address(0), 15, DEADLINE);
        vm.prank(accreditor);
        ledger.accredit(string(did), 1, address(0), key, 15, DEADLINE, proof);
    }

    function test_theFirstKeyMustBeAbleToProveItself() public {
        IPassportLedger.PublicKey memory ed25519 = IPassportLedger.PublicKey(Algorithm.ED25519, keccak256("x"), 0);
        refuses(abi.encodeWithSelector(IPassportLedger.AlgorithmNotAllowed.selector, Algorithm.ED25519));
        vm.prank(accreditor);
        ledger.accredit(REFINER, 1, controller, ed25519, 1, DEADLINE, "");
    }

    function test_theFirstKeysProofNamesIssuerControllerPurposesAndDeadline() public {
        IPassportLedger.PublicKey memory key = publicKey(OTHER_KEY);
        bytes memory proof = prove(OTHER_KEY, refiner, controller, 15, DEADLINE);
        refusesAccreditation(REFINER, stranger, key, 15, DEADLINE, proof);
        refusesAccreditation(REFINER, controller, key, 7, DEADLINE, proof);
        refusesAccreditation(REFINER, controller, key, 15, DEADLINE - 1, proof);
        refusesAccreditation("did:web:other.example", controller, key, 15, DEADLINE, proof);
        refusesAccreditation(REFINER, controller, publicKey(FIRST_KEY), 15, DEADLINE, proof);
        vm.chainId(1);
        refusesAccreditation(REFINER, controller, key, 15, DEADLINE, proof);
    }

    function test_aProofIsGoodUntilItsDeadlineAndNoLonger() public {
        bytes memory proof = prove(OTHER_KEY, refiner, controller, 15, NOW);
        IPassportLedger.PublicKey memory key = publicKey(OTHER_KEY);
        vm.warp(NOW + 1);
        refuses(abi.encodeWithSelector(IPassportLedger.DeadlinePassed.selector, NOW, NOW + 1));
        vm.prank(accreditor);
        ledger.accredit(REFINER, 1, controller, key, 15, NOW, proof);
        vm.warp(NOW);
        vm.prank(accreditor);
        ledger.accredit(REFINER, 1, controller, key, 15, NOW, proof);
    }

    function refusesAccreditation(
        string memory did,
        address of_,
        IPassportLedger.PublicKey memory key,
        uint16 purposes,
        uint64 deadline,
        bytes memory proof
    ) private {
        vm.prank(accreditor);
        (bool done, bytes memory answer) =
            address(ledger).call(abi.encodeCall(ledger.accredit, (did, 1, of_, key, purposes, deadline, proof)));
        vm.assertTrue(!done, "refused");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IPassportLedger.SignatureInvalid.selector), "why");
    }

    // -------------------------------------------------------------------------------------------- suspension, withdrawal

    function test_suspensionAndReinstatementAreEntries() public {
        vm.prank(accreditor);
        ledger.suspend(maker);
        assertEntry(header(Kind.SUSPENDED, ActorKind.ACCREDITOR, accreditor), abi.encodePacked(maker));
        vm.assertTrue(issuerFacts(maker).suspended, "suspended");
        refuses(abi.encodeWithSelector(IPassportLedger.SuspensionUnchanged.selector, maker, true));
        vm.prank(accreditor);
        ledger.suspend(maker);

        vm.prank(accreditor);
        ledger.reinstate(maker);
        assertEntry(header(Kind.REINSTATED, ActorKind.ACCREDITOR, accreditor), abi.encodePacked(maker));
        vm.assertTrue(!issuerFacts(maker).suspended, "reinstated");
        refuses(abi.encodeWithSelector(IPassportLedger.SuspensionUnchanged.selector, maker, false));
        vm.prank(accreditor);
        ledger.reinstate(maker);
    }

    function test_withdrawalIsFinalAndMovesOnlyEarlier() public {
        refusesTime(NOW + 1, NOW);
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW + 1);
        refusesTime(0, NOW);
        vm.prank(accreditor);
        ledger.withdraw(maker, 0);

        vm.prank(accreditor);
        ledger.withdraw(maker, NOW - 10);
        assertEntry(header(Kind.WITHDRAWN, ActorKind.ACCREDITOR, accreditor), abi.encodePacked(maker, uint64(NOW - 10)));
        refusesTime(NOW - 10, NOW - 11);
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW - 10);
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW - 11);
        vm.assertEq(issuerFacts(maker).withdrawnSince, NOW - 11, "since");

        bytes memory withdrawn = abi.encodeWithSelector(IPassportLedger.IssuerWithdrawn.selector, maker);
        refuses(withdrawn);
        vm.prank(accreditor);
        ledger.suspend(maker);
        refuses(withdrawn);
        vm.prank(accreditor);
        ledger.reinstate(maker);
        refuses(withdrawn);
        vm.prank(accreditor);
        ledger.assignRoles(maker, 2);
        refuses(withdrawn);
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 1, PREFIX);
    }

    function test_aSuspendedIssuerCanBeWithdrawn() public {
        vm.prank(accreditor);
        ledger.suspend(maker);
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW);
        vm.assertEq(issuerFacts(maker).withdrawnSince, NOW, "since");
    }

    // --------------------------------------------------------------------------------------------------- roles, prefixes

    function test_anyOfTheSixteenRolesMayBeAssigned() public {
        vm.prank(accreditor);
        ledger.assignRoles(maker, 0xffff);
        assertEntry(
            header(Kind.ROLES_ASSIGNED, ActorKind.ACCREDITOR, accreditor), abi.encodePacked(maker, uint16(0xffff))
        );
        vm.assertEq(issuerFacts(maker).roles, 0xffff, "roles");
        refuses(abi.encodeWithSelector(IPassportLedger.RolesUnchanged.selector, maker, 0xffff));
        vm.prank(accreditor);
        ledger.assignRoles(maker, 0xffff);
        vm.prank(accreditor);
        ledger.assignRoles(maker, 0);
        vm.assertEq(issuerFacts(maker).roles, 0, "none");
    }

    function test_aPrefixIsGrantedUnderANumberOnce() public {
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 9, PREFIX);
        assertEntry(
            header(Kind.PREFIX_GRANTED, ActorKind.ACCREDITOR, accreditor),
            abi.encodePacked(maker, uint32(9), uint16(bytes(PREFIX).length), PREFIX)
        );
        vm.assertEq(grantFacts(9, PREFIX).from, NOW, "from");
        vm.assertEq(grantFacts(9, PREFIX).until, 0, "never");
        vm.assertEq(grantFacts(8, PREFIX).from, 0, "under that number alone");

        refuses(abi.encodeWithSelector(IPassportLedger.GrantAlreadyMade.selector, maker, grantId(9, PREFIX)));
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 9, PREFIX);
        vm.prank(accreditor);
        ledger.takeBackPrefix(maker, 9, PREFIX, NOW);
        refuses(abi.encodeWithSelector(IPassportLedger.GrantAlreadyMade.selector, maker, grantId(9, PREFIX)));
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 9, PREFIX);
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 10, PREFIX);
    }

    function test_aPrefixIsTakenBackSinceATimeThatMovesOnlyEarlier() public {
        refuses(abi.encodeWithSelector(IPassportLedger.GrantUnknown.selector, maker, grantId(9, PREFIX)));
        vm.prank(accreditor);
        ledger.takeBackPrefix(maker, 9, PREFIX, NOW);

        vm.prank(accreditor);
        ledger.grantPrefix(maker, 9, PREFIX);
        emitted();
        refusesTime(NOW + 1, NOW);
        vm.prank(accreditor);
        ledger.takeBackPrefix(maker, 9, PREFIX, NOW + 1);
        vm.prank(accreditor);
        ledger.takeBackPrefix(maker, 9, PREFIX, NOW - 5);
        assertEntry(
            header(Kind.PREFIX_TAKEN_BACK, ActorKind.ACCREDITOR, accreditor),
            abi.encodePacked(maker, uint32(9), uint16(bytes(PREFIX).length), PREFIX, uint64(NOW - 5))
        );
        vm.assertEq(grantFacts(9, PREFIX).until, NOW - 5, "until");
        refusesTime(NOW - 5, NOW - 6);
        vm.prank(accreditor);
        ledger.takeBackPrefix(maker, 9, PREFIX, NOW - 5);
    }

    function test_aWithdrawnIssuersPrefixCanStillBeTakenBack() public {
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 9, PREFIX);
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW);
        vm.prank(accreditor);
        ledger.takeBackPrefix(maker, 9, PREFIX, NOW);
        vm.assertEq(grantFacts(9, PREFIX).until, NOW, "until");
    }

    function test_aPrefixHasOneTo255Bytes() public {
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 1, string(printable(255)));
        refuses(abi.encodeWithSelector(IPassportLedger.TextLengthOutOfRange.selector, 256));
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 1, string(printable(256)));
        refuses(abi.encodeWithSelector(IPassportLedger.TextLengthOutOfRange.selector, 0));
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 1, "");
    }

    // ------------------------------------------------------------------------------------------------- who may, and whom

    function test_onlyAnAccreditorAccreditsAndEndsIssuers() public {
        bytes memory proof = prove(OTHER_KEY, refiner, controller, 15, DEADLINE);
        refusesCaller(
            abi.encodeCall(ledger.accredit, (REFINER, 1, controller, publicKey(OTHER_KEY), 15, DEADLINE, proof))
        );
        refusesCaller(abi.encodeCall(ledger.suspend, (maker)));
        refusesCaller(abi.encodeCall(ledger.reinstate, (maker)));
        refusesCaller(abi.encodeCall(ledger.withdraw, (maker, NOW)));
        refusesCaller(abi.encodeCall(ledger.assignRoles, (maker, 2)));
        refusesCaller(abi.encodeCall(ledger.grantPrefix, (maker, 1, PREFIX)));
        refusesCaller(abi.encodeCall(ledger.takeBackPrefix, (maker, 1, PREFIX, NOW)));
        refusesCaller(abi.encodeCall(ledger.revokeByAuthority, (maker, LIST, words(0, 1))));
    }

    function test_unknownIssuersAreRefused() public {
        bytes memory unknown = abi.encodeWithSelector(IPassportLedger.IssuerUnknown.selector, nobody);
        refuses(unknown);
        vm.prank(accreditor);
        ledger.suspend(nobody);
        refuses(unknown);
        vm.prank(accreditor);
        ledger.withdraw(nobody, NOW);
        refuses(unknown);
        vm.prank(accreditor);
        ledger.revokeByAuthority(nobody, LIST, words(0, 1));
    }

    function refusesCaller(bytes memory call) private {
        address[3] memory callers = [admin, controller, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            (bool done, bytes memory answer) = address(ledger).call(call);
            vm.assertTrue(!done, "refused");
            vm.assertEq(
                answer,
                abi.encodeWithSelector(
                    IAccessControl.AccessControlUnauthorizedAccount.selector, callers[i], accreditorRole
                ),
                "why"
            );
        }
    }

    function refusesTime(uint64 time, uint64 latest) private {
        refuses(abi.encodeWithSelector(IPassportLedger.TimeOutOfRange.selector, time, 1, latest));
    }
}

/// @notice What an issuer does to its keys.
contract KeysTest is LedgerTest {
    KeyId private otherKey;

    function setUp() public override {
        super.setUp();
        otherKey = thumbprint(OTHER_KEY);
        vm.recordLogs();
    }

    function test_aKeyAddedByTheControllerIsAnEntry() public {
        addKey(OTHER_KEY, Purpose.OPERATE);
        IPassportLedger.PublicKey memory key = publicKey(OTHER_KEY);
        assertEntry(
            header(Kind.KEY_ADDED, ActorKind.CONTROLLER, controller),
            abi.encodePacked(maker, otherKey, Algorithm.ES256, Purpose.OPERATE, key.x, key.y)
        );
        vm.assertEq(keyFacts(otherKey).purposes, Purpose.OPERATE, "purposes");
    }

    function test_aKeyIsAddedOnceEvenWhenItHasEnded() public {
        bytes memory again = keyAdded(FIRST_KEY, 1);
        refuses(abi.encodeWithSelector(IPassportLedger.KeyAlreadyAdded.selector, maker, firstKey));
        actAsController(one(Kind.KEY_ADDED, again));
        actAsController(one(Kind.KEY_COMPROMISED, abi.encode(firstKey, NOW)));
        refuses(abi.encodeWithSelector(IPassportLedger.KeyAlreadyAdded.selector, maker, firstKey));
        actAsController(one(Kind.KEY_ADDED, again));
    }

    function test_twoIssuersMayHoldTheSameKey() public {
        accredit("did:web:refiner.example", stranger, FIRST_KEY, 3);
        vm.assertEq(keyFacts(firstKey).purposes, Purpose.ALL, "the maker's is as it was");
    }

    function test_purposesAreSomeOfTheFour() public {
        uint16[3] memory bad = [uint16(0), 16, 0xffff];
        for (uint256 i = 0; i < bad.length; ++i) {
            bytes memory data = keyAdded(OTHER_KEY, bad[i]);
            refuses(abi.encodeWithSelector(IPassportLedger.PurposesNotAllowed.selector, Algorithm.ES256, bad[i]));
            actAsController(one(Kind.KEY_ADDED, data));
        }
        for (uint16 purposes = 1; purposes <= 15; ++purposes) {
            addKey(100 + purposes, purposes);
            vm.assertEq(keyFacts(thumbprint(100 + purposes)).purposes, purposes, "purposes");
        }
    }

    function test_anEd25519KeyAssertsAndNothingElse() public {
        // The key, and its thumbprint, of RFC 8037, A.1 and A.3.
        bytes32 x = 0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a;
        KeyId id = KeyId.wrap(0x90facafea9b1556698540f70c0117a22ea37bd5cf3ed3c47093c1707282b4b89);
        IPassportLedger.PublicKey memory key = IPassportLedger.PublicKey(Algorithm.ED25519, x, 0);
        actAsController(one(Kind.KEY_ADDED, abi.encode(key, Purpose.ASSERT, DEADLINE, "")));
        assertEntry(
            header(Kind.KEY_ADDED, ActorKind.CONTROLLER, controller),
            abi.encodePacked(maker, id, Algorithm.ED25519, Purpose.ASSERT, x, bytes32(0))
        );
        vm.assertEq(keyFacts(id).purposes, Purpose.ASSERT, "purposes");

        key.x = keccak256("another");
        refuses(abi.encodeWithSelector(IPassportLedger.PurposesNotAllowed.selector, Algorithm.ED25519, 3));
        actAsController(one(Kind.KEY_ADDED, abi.encode(key, 3, DEADLINE, "")));
        key.y = bytes32(uint256(1));
        refuses(abi.encodeWithSelector(IPassportLedger.PublicKeyMalformed.selector, key.x, key.y));
        actAsController(one(Kind.KEY_ADDED, abi.encode(key, 1, DEADLINE, "")));
    }

    function test_anEd25519KeyComesWithoutAProof() public {
        IPassportLedger.PublicKey memory key = IPassportLedger.PublicKey(Algorithm.ED25519, keccak256("x"), 0);
        vm.prank(controller);
        (bool done, bytes memory answer) = address(ledger)
            .call(abi.encodeCall(ledger.act, (maker, one(Kind.KEY_ADDED, abi.encode(key, 1, DEADLINE, new bytes(64))))));
        vm.assertTrue(!done, "refused");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IPassportLedger.SignatureInvalid.selector), "why");
    }

    function test_otherAlgorithmsAreRefused() public {
        IPassportLedger.PublicKey memory key = IPassportLedger.PublicKey(3, keccak256("x"), 0);
        refuses(abi.encodeWithSelector(IPassportLedger.AlgorithmNotAllowed.selector, 3));
        actAsController(one(Kind.KEY_ADDED, abi.encode(key, 1, DEADLINE, "")));
    }

    function test_aKeyWithoutProofOfPossessionIsRefused() public {
        bytes memory ofAnother =
            abi.encode(publicKey(OTHER_KEY), 15, DEADLINE, prove(FIRST_KEY, maker, controller, 15, DEADLINE));
        refusesSignature(ofAnother);
        refusesSignature(abi.encode(publicKey(OTHER_KEY), 15, DEADLINE, ""));
        refusesSignature(abi.encode(publicKey(OTHER_KEY), 15, DEADLINE, new bytes(65)));
        refusesSignature(abi.encode(publicKey(OTHER_KEY), 15, DEADLINE, new bytes(64)));
    }

    function test_aHighSIsRefused() public {
        bytes memory proof = prove(OTHER_KEY, maker, controller, 15, DEADLINE);
        (bytes32 r, bytes32 s) = abi.decode(proof, (bytes32, bytes32));
        refusesSignature(abi.encode(publicKey(OTHER_KEY), 15, DEADLINE, abi.encodePacked(r, N - uint256(s))));
    }

    function test_aPointThatIsNotOnTheCurveIsRefused() public {
        IPassportLedger.PublicKey memory key = publicKey(OTHER_KEY);
        bytes memory proof = prove(OTHER_KEY, maker, controller, 15, DEADLINE);
        key.y = bytes32(uint256(key.y) ^ 1);
        refusesSignature(abi.encode(key, 15, DEADLINE, proof));
    }

    function test_retirementIsNowOrLaterAndNeverMovesLater() public {
        addKey(OTHER_KEY, 15);
        emitted();
        uint256 longest = type(uint40).max;
        refusesRetirement(NOW - 1, NOW, longest);
        refusesRetirement(uint64(longest + 1), NOW, longest);
        actAsController(one(Kind.KEY_RETIRED, abi.encode(otherKey, NOW + 100)));
        assertEntry(
            header(Kind.KEY_RETIRED, ActorKind.CONTROLLER, controller),
            abi.encodePacked(maker, otherKey, uint64(NOW + 100))
        );
        refusesRetirement(NOW + 100, NOW, NOW + 99);
        refusesRetirement(NOW + 200, NOW, NOW + 99);
        actAsController(one(Kind.KEY_RETIRED, abi.encode(otherKey, NOW + 50)));
        vm.assertEq(keyFacts(otherKey).retiredAt, NOW + 50, "retired at");
        vm.warp(NOW + 60);
        refusesRetirement(NOW + 60, NOW + 60, NOW + 49);
    }

    function test_compromiseIsPastOrNowAndMovesOnlyEarlier() public {
        addKey(OTHER_KEY, 15);
        emitted();
        refusesCompromise(NOW + 1, NOW);
        refusesCompromise(0, NOW);
        actAsController(one(Kind.KEY_COMPROMISED, abi.encode(otherKey, NOW - 10)));
        assertEntry(
            header(Kind.KEY_COMPROMISED, ActorKind.CONTROLLER, controller),
            abi.encodePacked(maker, otherKey, uint64(NOW - 10))
        );
        refusesCompromise(NOW - 10, NOW - 11);
        actAsController(one(Kind.KEY_COMPROMISED, abi.encode(otherKey, NOW - 20)));
        vm.assertEq(keyFacts(otherKey).compromisedSince, NOW - 20, "since");
        vm.assertEq(keyFacts(otherKey).retiredAt, 0, "an end of its own");
    }

    function test_unknownKeysAreNotEnded() public {
        bytes memory unknown = abi.encodeWithSelector(IPassportLedger.KeyUnknown.selector, maker, otherKey);
        refuses(unknown);
        actAsController(one(Kind.KEY_RETIRED, abi.encode(otherKey, NOW)));
        refuses(unknown);
        actAsController(one(Kind.KEY_COMPROMISED, abi.encode(otherKey, NOW)));
    }

    function testFuzz_thumbprintIsThatOfTheJwk(uint256 secret) public {
        secret = secret % (N - 1) + 1;
        vm.assume(secret != FIRST_KEY);
        addKey(secret, 15);
        vm.assertEq(keyFacts(thumbprint(secret)).purposes, 15, "found under its thumbprint");
    }

    function refusesSignature(bytes memory data) private {
        vm.prank(controller);
        (bool done, bytes memory answer) =
            address(ledger).call(abi.encodeCall(ledger.act, (maker, one(Kind.KEY_ADDED, data))));
        vm.assertTrue(!done, "refused");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IPassportLedger.SignatureInvalid.selector), "why");
        vm.assertEq(keyFacts(otherKey).purposes, 0, "not added");
    }

    function refusesRetirement(uint64 time, uint256 earliest, uint256 latest) private {
        refuses(abi.encodeWithSelector(IPassportLedger.TimeOutOfRange.selector, time, earliest, latest));
        actAsController(one(Kind.KEY_RETIRED, abi.encode(otherKey, time)));
    }

    function refusesCompromise(uint64 time, uint256 latest) private {
        refuses(abi.encodeWithSelector(IPassportLedger.TimeOutOfRange.selector, time, 1, latest));
        actAsController(one(Kind.KEY_COMPROMISED, abi.encode(otherKey, time)));
    }
}

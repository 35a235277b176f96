// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    ActorKind,
    IPassportLedger,
    IssuerId,
    KeyId,
    Kind,
    Reason,
    Status
} from "../../contracts/interfaces/IPassportLedger.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {vm, Vm} from "./support/Vm.sol";

contract StatusListsTest is LedgerTest {
    function setUp() public override {
        super.setUp();
        vm.recordLogs();
    }

    function test_bitsAreSetUnderTheirListAndAreAnEntry() public {
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 511, 5)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(uint256(logs[0].topics[3]), LIST, "about");
        vm.assertEq(
            abi.decode(logs[0].data, (bytes)),
            abi.encodePacked(
                header(Kind.STATUS_SET, ActorKind.CONTROLLER, controller),
                maker,
                LIST,
                Status.REVOKED,
                Reason.RECALL,
                uint8(1),
                uint16(511),
                uint256(5)
            ),
            "entry"
        );
        vm.assertEq(bitsOf(LIST, Status.REVOKED, 511), 5, "revoked");
        vm.assertEq(bitsOf(LIST, Status.SUPERSEDED, 511), 0, "not superseded");
    }

    function test_placesDoNotMeet() public {
        uint64[3] memory lists = [uint64(0), 1, type(uint64).max];
        uint16[3] memory numbers = [uint16(0), 1, 511];
        uint256 bits = 1;
        for (uint256 l = 0; l < 3; ++l) {
            for (uint256 w = 0; w < 3; ++w) {
                actAsController(one(Kind.STATUS_SET, statusSet(lists[l], Status.REVOKED, numbers[w], bits++)));
                actAsController(one(Kind.STATUS_SET, statusSet(lists[l], Status.SUPERSEDED, numbers[w], bits++)));
            }
        }
        bits = 1;
        for (uint256 l = 0; l < 3; ++l) {
            for (uint256 w = 0; w < 3; ++w) {
                vm.assertEq(bitsOf(lists[l], Status.REVOKED, numbers[w]), bits++, "revoked");
                vm.assertEq(bitsOf(lists[l], Status.SUPERSEDED, numbers[w]), bits++, "superseded");
            }
        }
    }

    function test_anotherIssuersListOfTheSameNumberIsAnother() public {
        accredit("did:web:refiner.example", stranger, OTHER_KEY, 15);
        IssuerId refiner = IssuerId.wrap(sha256("did:web:refiner.example"));
        vm.prank(stranger);
        ledger.act(refiner, one(Kind.STATUS_SET, statusSet(LIST, 1, 0, 1)));
        vm.assertEq(bitsOf(LIST, Status.REVOKED, 0), 0, "the maker's");
    }

    function test_entryCarriesNewBitsOnlyAndLeavesOutWordsWithoutAny() public {
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 3, 6)));
        emitted();
        IPassportLedger.Word[] memory list = new IPassportLedger.Word[](4);
        list[0] = IPassportLedger.Word(1, 0);
        list[1] = IPassportLedger.Word(3, 7);
        list[2] = IPassportLedger.Word(4, 0);
        list[3] = IPassportLedger.Word(9, 1 << 255);
        actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, Reason.ERROR, list)));
        assertEntry(
            header(Kind.STATUS_SET, ActorKind.CONTROLLER, controller),
            abi.encodePacked(
                maker, LIST, Status.REVOKED, Reason.ERROR, uint8(2), uint16(3), uint256(1), uint16(9), uint256(1 << 255)
            )
        );
        vm.assertEq(bitsOf(LIST, Status.REVOKED, 3), 7, "never unset");
    }

    function test_actWithoutAnyNewBitIsRefused() public {
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 3, 6)));
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToSet.selector, maker, LIST));
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 3, 2)));
        refuses(abi.encodeWithSelector(IPassportLedger.NothingToSet.selector, maker, LIST));
        vm.prank(accreditor);
        ledger.revokeByAuthority(maker, LIST, words(3, 4));
    }

    function test_wordsAreNumberedBelow512InAscendingOrder() public {
        refuses(abi.encodeWithSelector(IPassportLedger.WordOutOfOrder.selector, 512));
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 512, 1)));
        uint16[2] memory second = [uint16(7), 6];
        for (uint256 i = 0; i < 2; ++i) {
            IPassportLedger.Word[] memory list = new IPassportLedger.Word[](2);
            list[0] = IPassportLedger.Word(7, 1);
            list[1] = IPassportLedger.Word(second[i], 1);
            refuses(abi.encodeWithSelector(IPassportLedger.WordOutOfOrder.selector, second[i]));
            actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, Reason.ERROR, list)));
        }
        vm.assertEq(factsOf(maker, firstKey, 0, LIST, 512).revoked, 0, "no such word");
    }

    function test_oneCallSetsAtMost200Words() public {
        refuses(abi.encodeWithSelector(IPassportLedger.WordCountOutOfRange.selector, 201, 200));
        actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, Reason.ERROR, manyWords(201))));
        refuses(abi.encodeWithSelector(IPassportLedger.WordCountOutOfRange.selector, 0, 200));
        actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, Reason.ERROR, manyWords(0))));

        actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, Reason.ERROR, manyWords(200))));
        bytes memory entry = emitted()[0];
        vm.assertEq(entry.length, 51 + 32 + 8 + 3 + 200 * 34, "length");
        bytes memory expected = abi.encodePacked(
            header(Kind.STATUS_SET, ActorKind.CONTROLLER, controller),
            maker,
            LIST,
            Status.REVOKED,
            Reason.ERROR,
            uint8(200)
        );
        for (uint16 i = 0; i < 200; ++i) {
            expected = abi.encodePacked(expected, i, uint256(1) << (i % 256));
            vm.assertEq(bitsOf(LIST, Status.REVOKED, i), uint256(1) << (i % 256), "bit");
        }
        vm.assertEq(entry, expected, "entry");
    }

    function test_statusIsRevokedOrSuperseded() public {
        uint8[2] memory bad = [0, 3];
        for (uint256 i = 0; i < 2; ++i) {
            refuses(abi.encodeWithSelector(IPassportLedger.StatusUnknown.selector, bad[i]));
            actAsController(one(Kind.STATUS_SET, statusSet(LIST, bad[i], 0, 1)));
        }
    }

    function test_anIssuerGivesAnyReasonButAuthority() public {
        uint8[3] memory bad = [0, Reason.BY_AUTHORITY, 6];
        for (uint256 i = 0; i < 3; ++i) {
            refuses(abi.encodeWithSelector(IPassportLedger.ReasonNotAllowed.selector, bad[i]));
            actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, bad[i], words(0, 1))));
        }
        for (uint8 reason = Reason.ERROR; reason <= Reason.WITHDRAWN; ++reason) {
            actAsController(one(Kind.STATUS_SET, abi.encode(LIST, Status.REVOKED, reason, words(reason, 1))));
        }
    }

    function test_theAccreditorRevokesWithItsOwnReasonWhateverTheIssuersStanding() public {
        vm.prank(accreditor);
        ledger.suspend(maker);
        vm.prank(accreditor);
        ledger.revokeByAuthority(maker, LIST, words(0, 1));
        vm.prank(accreditor);
        ledger.withdraw(maker, NOW);
        emitted();
        vm.prank(accreditor);
        ledger.revokeByAuthority(maker, LIST, words(0, 3));
        assertEntry(
            header(Kind.STATUS_SET, ActorKind.ACCREDITOR, accreditor),
            abi.encodePacked(maker, LIST, Status.REVOKED, Reason.BY_AUTHORITY, uint8(1), uint16(0), uint256(2))
        );
        vm.assertEq(bitsOf(LIST, Status.REVOKED, 0), 3, "revoked");
    }

    function test_aSuspendedIssuerRevokesAndDoesNotSupersede() public {
        vm.prank(accreditor);
        ledger.suspend(maker);
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 0, 1)));
        relay(FIRST_KEY, one(Kind.STATUS_SET, statusSet(LIST, Status.REVOKED, 0, 2)));
        vm.assertEq(bitsOf(LIST, Status.REVOKED, 0), 3, "revoked");
        refuses(abi.encodeWithSelector(IPassportLedger.IssuerSuspended.selector, maker));
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, Status.SUPERSEDED, 0, 1)));
    }

    function testFuzz_setBitsAddUpAndEntriesSayWhichWereNew(uint256 first, uint256 second, uint16 number, bool revoke)
        public
    {
        vm.assume(first != 0 && second & ~first != 0);
        uint8 status = revoke ? Status.REVOKED : Status.SUPERSEDED;
        number %= 512;
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, status, number, first)));
        emitted();
        actAsController(one(Kind.STATUS_SET, statusSet(LIST, status, number, second)));
        assertEntry(
            header(Kind.STATUS_SET, ActorKind.CONTROLLER, controller),
            abi.encodePacked(maker, LIST, status, Reason.RECALL, uint8(1), number, second & ~first)
        );
        vm.assertEq(bitsOf(LIST, status, number), first | second, "bits");
    }

    function manyWords(uint16 count) private pure returns (IPassportLedger.Word[] memory list) {
        list = new IPassportLedger.Word[](count);
        for (uint16 i = 0; i < count; ++i) {
            list[i] = IPassportLedger.Word(i, uint256(1) << (i % 256));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Custody, IMaterials, LotId, Origin, Substance} from "../../contracts/interfaces/IMaterials.sol";
import {IPassportLedger, Kind} from "../../contracts/interfaces/IPassportLedger.sol";
import {MaterialsTest} from "./support/MaterialsTest.sol";
import {vm, Vm} from "./support/Vm.sol";

/// @notice The first and last value that is allowed of everything, what is wrong in what follows it, and where all of it is kept.
contract MaterialsBoundsTest is MaterialsTest {
    function setUp() public override {
        super.setUp();
        vm.recordLogs();
    }

    // ------------------------------------------------------------------------------------------------------------ kept

    function test_aLotsSlotIsPackedAsItIsWrittenDown() public {
        does(
            maker,
            Kind.LOT_REGISTERED,
            registration(
                "A", (1 << 40) - 1, Origin.RENEWABLE, Custody.BOOK_AND_CLAIM, type(uint64).max, 0, 0, "GB", "f", EVENT
            )
        );
        vm.assertEq(slotOf("A"), pack(type(uint64).max, 1, 0, (1 << 40) - 1, 4, 5, 0), "registered");
        does(maker, Kind.LOT_SPLIT, abi.encodePacked(idOf("A"), uint64(3), text("B")));
        vm.assertEq(slotOf("B"), pack(3, 1, 0, (1 << 40) - 1, 4, 5, 0), "split");
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("B"), 2, "C"));
        vm.assertEq(slotOf("C"), pack(2, 1, 2, (1 << 40) - 1, 4, 5, 0), "offered");
        LotId c = idOf("C");
        vm.prank(accreditor);
        ledger.voidLot(c);
        vm.assertEq(slotOf("C"), pack(0, 1, 2, (1 << 40) - 1, 4, 5, 1), "void");
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("B"), 1, "D"));
        doesAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, abi.encodePacked(maker, idOf("D"), EVENT));
        vm.assertEq(slotOf("D"), pack(1, 2, 0, (1 << 40) - 1, 4, 5, 0), "accepted");
        does(maker, Kind.TRANSFORMED, transformed(one(idOf("A"), 7), "E", Origin.PRIMARY, Custody.BOOK_AND_CLAIM, 7));
        vm.assertEq(slotOf("E"), pack(7, 1, 0, (1 << 40) - 1, 1, 5, 0), "transformed");
    }

    function test_whatIsSaidOfALotIsWhatIsKept() public {
        offer();
        IMaterials.Lot memory lot = lotOf("OFFERED");
        vm.assertEq(lot.milligrams, 300, "milligrams");
        vm.assertEq(lot.holder, 1, "holder");
        vm.assertEq(lot.offeredTo, 2, "offered to");
        vm.assertEq(Substance.unwrap(lot.substance), COBALT, "substance");
        vm.assertEq(lot.origin, Origin.PRIMARY, "origin");
        vm.assertEq(lot.custody, Custody.SEGREGATED, "custody");
    }

    function test_anEntrysLogNamesWhatItIsAbout() public {
        register("A", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        assertAbout(idOf("A"), "registered");
        does(maker, Kind.LOT_SPLIT, abi.encodePacked(idOf("A"), uint64(100), text("B")));
        assertAbout(idOf("B"), "the lot that a split makes");
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("A"), 100, "C"));
        assertAbout(idOf("C"), "the lot that is offered");
        doesAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, abi.encodePacked(maker, idOf("C"), EVENT));
        assertAbout(idOf("C"), "accepted");
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("A"), 100, "D"));
        emitted();
        doesAs(buyer, buyerController, Kind.TRANSFER_REFUSED, abi.encodePacked(idOf("D")));
        assertAbout(idOf("D"), "refused");
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("A"), 100, "E"));
        emitted();
        does(maker, Kind.TRANSFER_WITHDRAWN, abi.encodePacked(idOf("E")));
        assertAbout(idOf("E"), "withdrawn");
        does(maker, Kind.TRANSFORMED, transformed(one(idOf("A"), 1), "F", Origin.PRIMARY, Custody.SEGREGATED, 1));
        assertAbout(LotId.wrap(EVENT), "a transformation's event");
        does(maker, Kind.LOT_RETIRED, abi.encodePacked(idOf("A"), uint64(1)));
        assertAbout(idOf("A"), "retired");
        does(maker, Kind.LOT_LOST, abi.encodePacked(idOf("A"), uint64(1)));
        assertAbout(idOf("A"), "lost");
        LotId id = idOf("A");
        vm.prank(accreditor);
        ledger.voidLot(id);
        assertAbout(id, "void");
    }

    // ------------------------------------------------------------------------------------------------------------- text

    function test_eachCharacterIsTakenOrRefusedWhereverItStands() public {
        // First and last of a word of 32, and of what is left.
        uint8[4] memory places = [0, 31, 32, 39];
        for (uint256 character = 0; character < 256; ++character) {
            for (uint256 i = 0; i < places.length; ++i) {
                bytes memory label = spaces(40);
                label[places[i]] = bytes1(uint8(character));
                bytes memory data = registered(string(label), Origin.PRIMARY, Custody.SEGREGATED, 1);
                // All spaces is one label, taken once.
                if (character > 0x20 && character <= 0x7e) {
                    does(maker, Kind.LOT_REGISTERED, data);
                } else if (character != 0x20) {
                    refusesRegistration(data, abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 65));
                }
            }
        }
    }

    function test_theLongestAndTheShortestText() public {
        register(string(spaces(255)), Origin.PRIMARY, Custody.SEGREGATED, 1);
        register(" ", Origin.PRIMARY, Custody.SEGREGATED, 1);
        register(string(spaces(32)), Origin.PRIMARY, Custody.SEGREGATED, 1);
        refusesRegistration(
            registered(string(spaces(256)), Origin.PRIMARY, Custody.SEGREGATED, 1),
            abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 65)
        );
        vm.assertEq(lotOf(string(spaces(255))).milligrams, 1, "of 255");
    }

    function test_aFacilityAndAProcessAreTextAsWell() public {
        bytes memory data = registration("A", COBALT, 1, 1, 1, 0, 0, "GB", "", EVENT);
        refusesRegistration(data, abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 68));
        register("A", Origin.PRIMARY, Custody.SEGREGATED, 1);
        bytes memory made = bytes.concat(one(idOf("A"), 1), hex"01", output(Origin.PRIMARY, Custody.SEGREGATED, 1, "B"));
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(abi.encodePacked(EVENT, new bytes(32), text("")), made),
            abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 64)
        );
    }

    // ------------------------------------------------------------------------------------------------------------ bounds

    function test_theFirstAndTheLastOfEachField() public {
        uint40[4] memory substances = [uint40(1), 9_999_999_999, 1 << 39, (1 << 40) - 1];
        for (uint256 i = 0; i < substances.length; ++i) {
            string memory label = vm.toString(substances[i]);
            does(maker, Kind.LOT_REGISTERED, registration(label, substances[i], 1, 1, 1, 0, 0, "GB", "f", EVENT));
        }
        bytes2[2] memory countries = [bytes2("AZ"), "ZA"];
        for (uint256 i = 0; i < countries.length; ++i) {
            string memory label = string(abi.encodePacked(countries[i]));
            does(maker, Kind.LOT_REGISTERED, registration(label, COBALT, 1, 1, 1, 0, 0, countries[i], "f", EVENT));
        }
        bytes2[4] memory others = [bytes2("@A"), "[A", "A@", "A["];
        for (uint256 i = 0; i < others.length; ++i) {
            refusesRegistration(
                registration("X", COBALT, 1, 1, 1, 0, 0, others[i], "f", EVENT),
                abi.encodeWithSelector(IMaterials.CountryMalformed.selector, others[i])
            );
        }
        for (uint8 custody = 1; custody <= 5; ++custody) {
            uint64 until = custody == Custody.MASS_BALANCE ? 1 : 0;
            string memory label = string.concat("custody ", vm.toString(custody));
            does(maker, Kind.LOT_REGISTERED, registration(label, COBALT, 1, custody, 1, 0, until, "GB", "f", EVENT));
        }
        bytes4 period = IMaterials.PeriodNotAllowed.selector;
        refusesRegistration(
            registration("X", COBALT, 1, Custody.SEGREGATED, 1, 9, 0, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 9, 0)
        );
        refusesRegistration(
            registration("X", COBALT, 1, Custody.BOOK_AND_CLAIM, 1, 1, 9, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 1, 9)
        );
        refusesRegistration(
            registration("X", COBALT, 1, Custody.MASS_BALANCE, 1, 9, 8, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 9, 8)
        );
    }

    function test_sixteenPartsAreTakenInAndGivenOut() public {
        bytes memory inputs = hex"10";
        bytes32[] memory ids = new bytes32[](16);
        for (uint256 i = 0; i < 16; ++i) {
            string memory label = string.concat("IN-", vm.toString(i));
            register(label, Origin.PRIMARY, Custody.SEGREGATED, uint64(i + 1));
            ids[i] = LotId.unwrap(idOf(label));
        }
        // In ascending order of their ids.
        for (uint256 i = 0; i < 16; ++i) {
            for (uint256 k = i + 1; k < 16; ++k) {
                if (ids[k] < ids[i]) (ids[i], ids[k]) = (ids[k], ids[i]);
            }
            inputs = abi.encodePacked(inputs, ids[i], uint64(1));
        }
        bytes memory outputs = hex"10";
        for (uint256 i = 0; i < 16; ++i) {
            string memory label = string.concat("OUT-", vm.toString(i));
            outputs = bytes.concat(outputs, output(Origin.PRIMARY, Custody.SEGREGATED, 1, label));
        }
        does(maker, Kind.TRANSFORMED, bytes.concat(head(0, 0, 0, 0), inputs, outputs));
        vm.assertEq(lotOf("IN-15").milligrams, 15, "left");
        vm.assertEq(lotOf("OUT-15").milligrams, 1, "made");
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), one(idOf("IN-15"), 1), hex"11"),
            abi.encodeWithSelector(IMaterials.CountOutOfRange.selector, 17, 16)
        );
    }

    /// @dev Digests with one bit set, at either end, are events as well.
    function test_eachActThatTellsOfAnEventNeedsOne() public {
        tellOf(bytes32(uint256(1)), "A");
        tellOf(bytes32(uint256(1) << 255), "B");
    }

    function tellOf(bytes32 event_, string memory label) private {
        bytes memory why = abi.encodeWithSelector(IMaterials.EventMissing.selector);
        does(maker, Kind.LOT_REGISTERED, registration(label, COBALT, 1, 2, 3, 0, 0, "GB", "f", event_));
        string memory made = string.concat(label, "/1");
        bytes memory what = abi.encodePacked(buyer, idOf(label), uint64(1));
        refusesAct(maker, Kind.TRANSFER_OFFERED, bytes.concat(what, bytes32(0), text(made)), why);
        does(maker, Kind.TRANSFER_OFFERED, bytes.concat(what, event_, text(made)));
        what = abi.encodePacked(maker, idOf(made));
        refusesActAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, bytes.concat(what, bytes32(0)), why);
        doesAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, bytes.concat(what, event_));
        what = bytes.concat(
            new bytes(32), text("refining"), one(idOf(label), 1), hex"01", output(1, 2, 1, string.concat(label, "/2"))
        );
        refusesAct(maker, Kind.TRANSFORMED, bytes.concat(bytes32(0), what), why);
        does(maker, Kind.TRANSFORMED, bytes.concat(event_, what));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[logs.length - 1].topics[3], event_, "about the event");
    }

    // --------------------------------------------------------------------------------------------------- transformations

    function test_eachOriginIsGivenOutAndNoOther() public {
        for (uint8 origin = 1; origin <= 4; ++origin) {
            string memory label = string.concat("IN-", vm.toString(origin));
            register(label, origin, Custody.SEGREGATED, 10);
            string memory made = string.concat("OUT-", vm.toString(origin));
            does(maker, Kind.TRANSFORMED, transformed(one(idOf(label), 4), made, origin, Custody.SEGREGATED, 4));
            vm.assertEq(lotOf(made).origin, origin, "origin");
            vm.assertEq(lotOf(made).milligrams, 4, "milligrams");
        }
        bytes4 refused = IMaterials.OriginNotAllowed.selector;
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            transformed(one(idOf("IN-1"), 1), "X", 0, Custody.SEGREGATED, 1),
            abi.encodeWithSelector(refused, 0)
        );
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            transformed(one(idOf("IN-1"), 1), "X", 5, Custody.SEGREGATED, 1),
            abi.encodeWithSelector(refused, 5)
        );
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            transformed(one(idOf("IN-1"), 1), "X", Origin.PRIMARY, Custody.SEGREGATED, 0),
            abi.encodeWithSelector(IMaterials.MassOutOfRange.selector, idOf("X"), 0, 0)
        );
    }

    function test_ofEachOriginWhatIsLostCountsAtItsOwnPlace() public {
        for (uint8 origin = 1; origin <= 4; ++origin) {
            string memory label = string.concat("IN-", vm.toString(origin));
            register(label, origin, Custody.SEGREGATED, 10);
            uint64[4] memory lost;
            lost[origin - 1] = 3;
            bytes memory made = bytes.concat(
                head(lost[0], lost[1], lost[2], lost[3]),
                one(idOf(label), 10),
                hex"01",
                output(origin, Custody.SEGREGATED, 7, string.concat("OUT-", vm.toString(origin)))
            );
            does(maker, Kind.TRANSFORMED, made);
            // Lost of another, of which nothing came in.
            register(string.concat("AGAIN-", vm.toString(origin)), origin, Custody.SEGREGATED, 10);
            uint8 other = origin == 4 ? 2 : 4;
            uint64[4] memory wrong;
            wrong[other - 1] = 3;
            refusesAct(
                maker,
                Kind.TRANSFORMED,
                bytes.concat(
                    head(wrong[0], wrong[1], wrong[2], wrong[3]),
                    one(idOf(string.concat("AGAIN-", vm.toString(origin))), 10),
                    hex"01",
                    output(origin, Custody.SEGREGATED, 7, "X")
                ),
                abi.encodeWithSelector(IMaterials.MassNotConserved.selector, other, 0, 3)
            );
        }
    }

    function test_theWeakestCustodyOfAllInputsBindsWhicheverComesFirst() public {
        // Of each pair one order puts the weaker first.
        for (uint256 i = 0; i < 8; ++i) {
            (string memory strict, string memory weak) =
                (string.concat("S-", vm.toString(i)), string.concat("W-", vm.toString(i)));
            register(strict, Origin.PRIMARY, Custody.IDENTITY_PRESERVED, 1);
            register(weak, Origin.PRIMARY, Custody.BOOK_AND_CLAIM, 1);
            bytes memory inputs = two(idOf(strict), 1, idOf(weak), 1);
            refusesAct(
                maker,
                Kind.TRANSFORMED,
                bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.PRIMARY, Custody.MASS_BALANCE, 2, "X")),
                abi.encodeWithSelector(
                    IMaterials.CustodyNotAllowed.selector, Custody.MASS_BALANCE, Custody.BOOK_AND_CLAIM
                )
            );
        }
    }

    // ----------------------------------------------------------------------------------------------------------- data

    function test_dataThatEndsTooSoonIsMalformedInEachKindOfAct() public {
        offer();
        LotId id = idOf("OFFERED");
        cut(Kind.LOT_SPLIT, abi.encodePacked(idOf("MINE-1"), uint64(1), text("a")));
        cut(Kind.TRANSFER_OFFERED, offered(buyer, idOf("MINE-1"), 1, "a"));
        cut(Kind.TRANSFER_WITHDRAWN, abi.encodePacked(id));
        cut(Kind.LOT_RETIRED, abi.encodePacked(idOf("MINE-1"), uint64(1)));
        cut(Kind.LOT_LOST, abi.encodePacked(idOf("MINE-1"), uint64(1)));
        cut(Kind.TRANSFORMED, transformed(one(idOf("MINE-1"), 1), "a", Origin.PRIMARY, Custody.SEGREGATED, 1));
        bytes memory accepted = abi.encodePacked(maker, id, EVENT);
        bytes memory shorter = new bytes(95);
        for (uint256 i = 0; i < 95; ++i) {
            shorter[i] = accepted[i];
        }
        refusesActAs(
            buyer,
            buyerController,
            Kind.TRANSFER_ACCEPTED,
            shorter,
            abi.encodeWithSelector(IMaterials.DataMalformed.selector, 95)
        );
        refusesActAs(
            buyer,
            buyerController,
            Kind.TRANSFER_ACCEPTED,
            bytes.concat(accepted, hex"00"),
            abi.encodeWithSelector(IMaterials.DataMalformed.selector, 97)
        );
    }

    /// @dev Without its last byte, and with one more.
    function cut(uint8 kind, bytes memory data) private {
        bytes memory shorter = new bytes(data.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = data[i];
        }
        bytes4 malformed = IMaterials.DataMalformed.selector;
        refusesAct(maker, kind, shorter, abi.encodeWithSelector(malformed, shorter.length));
        refusesAct(maker, kind, bytes.concat(data, hex"00"), abi.encodeWithSelector(malformed, data.length + 1));
    }

    // --------------------------------------------------------------------------------------------------------- allocation

    function test_aBatchOfTheLargestSizeTakesAllThatItSays() public {
        uint64 all = 16_384 * 5;
        register("A", Origin.PRIMARY, Custody.SEGREGATED, all);
        IPassportLedger.Allocation[] memory five = allocations(idOf("A"), 5);
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 16_384, MANIFEST, five);
        vm.assertEq(lotOf("A").milligrams, 0, "empty");
        vm.assertEq(lotOf("A").holder, 1, "and still named");
    }

    function test_threeLotsAreDebitedInOneBatch() public {
        bytes32[3] memory ids;
        for (uint256 i = 0; i < 3; ++i) {
            string memory label = string.concat("L-", vm.toString(i));
            register(label, Origin.PRIMARY, Custody.SEGREGATED, 100);
            ids[i] = LotId.unwrap(idOf(label));
        }
        if (ids[1] < ids[0]) (ids[0], ids[1]) = (ids[1], ids[0]);
        if (ids[2] < ids[1]) (ids[1], ids[2]) = (ids[2], ids[1]);
        if (ids[1] < ids[0]) (ids[0], ids[1]) = (ids[1], ids[0]);
        IPassportLedger.Allocation[] memory list = new IPassportLedger.Allocation[](3);
        for (uint256 i = 0; i < 3; ++i) {
            list[i] = IPassportLedger.Allocation(LotId.wrap(ids[i]), uint64(i + 1));
        }
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 10, MANIFEST, list);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(ledger.materials().lot(LotId.wrap(ids[i])).milligrams, 100 - 10 * (i + 1), "left");
        }
        (list[1], list[2]) = (list[2], list[1]);
        refusesAnchor(1, list, abi.encodeWithSelector(IMaterials.LotOutOfOrder.selector, list[2].lot));
    }

    function test_aBatchDrawsOn64Lots() public {
        IPassportLedger.Allocation[] memory list = new IPassportLedger.Allocation[](64);
        for (uint256 i = 0; i < 64; ++i) {
            string memory label = vm.toString(i);
            register(label, Origin.PRIMARY, Custody.SEGREGATED, 3);
            // In ascending order of their ids.
            IPassportLedger.Allocation memory next = IPassportLedger.Allocation(idOf(label), 2);
            uint256 k = i;
            for (; k != 0 && LotId.unwrap(list[k - 1].lot) > LotId.unwrap(next.lot); --k) {
                list[k] = list[k - 1];
            }
            list[k] = next;
        }
        vm.prank(controller);
        ledger.anchor(maker, ROOT, 1, MANIFEST, list);
        for (uint256 i = 0; i < 64; ++i) {
            vm.assertEq(ledger.materials().lot(list[i].lot).milligrams, 1, "left");
        }
    }

    // ------------------------------------------------------------------------------------------------------------ what is asked

    function spaces(uint256 length) private pure returns (bytes memory filled) {
        filled = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            filled[i] = 0x20;
        }
    }

    function slotOf(string memory label) private view returns (bytes32) {
        return vm.load(address(ledger.materials()), keccak256(abi.encode(idOf(label), uint256(0))));
    }

    function pack(
        uint256 milligrams,
        uint256 holder,
        uint256 offeredTo,
        uint256 substance,
        uint256 origin,
        uint256 custody,
        uint256 isVoid
    ) private pure returns (bytes32) {
        return bytes32(
            milligrams | (holder << 64) | (offeredTo << 96) | (substance << 128) | (origin << 168) | (custody << 176)
                | (isVoid << 184)
        );
    }

    /// @dev The one entry since the last look is about this.
    function assertAbout(LotId id, string memory what) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "one entry");
        vm.assertEq(logs[0].topics[3], LotId.unwrap(id), what);
    }
}

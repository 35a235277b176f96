// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Custody, IMaterials, LotId, Origin, Substance} from "../../contracts/interfaces/IMaterials.sol";
import {ActorKind, IPassportLedger, IssuerId, Kind, Purpose} from "../../contracts/interfaces/IPassportLedger.sol";
import {MaterialsTest} from "./support/MaterialsTest.sol";
import {vm} from "./support/Vm.sol";

contract MaterialsActsTest is MaterialsTest {
    function setUp() public override {
        super.setUp();
        vm.recordLogs();
    }

    // ------------------------------------------------------------------------------------------------------- register

    function test_aLotIsRegisteredAndItsEntryIsWhatWasSigned() public {
        bytes memory data = registered("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        does(maker, Kind.LOT_REGISTERED, data);
        assertEntry(
            header(Kind.LOT_REGISTERED, ActorKind.CONTROLLER, controller), bytes.concat(bytes32(IssuerId.unwrap(maker)), hex"003f", data)
        );
        IMaterials.Lot memory lot = lotOf("MINE-1");
        vm.assertEq(lot.milligrams, 1_000, "milligrams");
        vm.assertEq(lot.holder, 1, "holder");
        vm.assertEq(lot.offeredTo, 0, "offered to nobody");
        vm.assertEq(Substance.unwrap(lot.substance), COBALT, "substance");
        vm.assertEq(lot.origin, Origin.PRIMARY, "origin");
        vm.assertEq(lot.custody, Custody.SEGREGATED, "custody");
        vm.assertEq(lot.isVoid, false, "void");
    }

    function test_anIdIsUsedOnceForEver() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        does(maker, Kind.LOT_RETIRED, abi.encodePacked(idOf("MINE-1"), uint64(1_000)));
        refusesAct(
            maker,
            Kind.LOT_REGISTERED,
            registered("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1),
            abi.encodeWithSelector(IMaterials.LotAlreadyNamed.selector, idOf("MINE-1"))
        );
        // The same label of another issuer is another lot.
        doesAs(buyer, buyerController, Kind.LOT_REGISTERED, registered("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1));
    }

    function test_anOriginNeedsItsRole() public {
        uint16[4] memory roles = [uint16(1 << 2), 1 << 5, 1 << 5, 1 << 3];
        for (uint8 origin = 1; origin <= 4; ++origin) {
            assign(roles[origin - 1]);
            register(string.concat("OWN-", vm.toString(origin)), origin, Custody.SEGREGATED, 5);
            assign(~roles[origin - 1] & (origin == Origin.RENEWABLE ? ~uint16(1 << 4) : type(uint16).max));
            refusesAct(
                maker,
                Kind.LOT_REGISTERED,
                registered("OTHER", origin, Custody.SEGREGATED, 5),
                abi.encodeWithSelector(IMaterials.RoleMissing.selector, maker, origin)
            );
        }
        assign(1 << 4);
        register("PROCESSED", Origin.RENEWABLE, Custody.SEGREGATED, 5);
    }

    function test_everyFieldOfARegistrationIsChecked() public {
        bytes4 origin = IMaterials.OriginNotAllowed.selector;
        refusesRegistration(registered("A", 0, 1, 1), abi.encodeWithSelector(origin, 0));
        refusesRegistration(registered("A", 5, 1, 1), abi.encodeWithSelector(origin, 5));
        bytes4 custody = IMaterials.CustodyNotAllowed.selector;
        refusesRegistration(registered("A", 1, 0, 1), abi.encodeWithSelector(custody, 0, 0));
        refusesRegistration(registered("A", 1, 6, 1), abi.encodeWithSelector(custody, 6, 0));
        refusesRegistration(
            registered("A", 1, 1, 0), abi.encodeWithSelector(IMaterials.MassOutOfRange.selector, LotId.wrap(0), 0, 0)
        );
        uint40[3] memory substances = [uint40(0), 10_000_000_000, uint40(1 << 39) - 1];
        for (uint256 i = 0; i < 3; ++i) {
            refusesRegistration(
                registration("A", substances[i], 1, 1, 1, 0, 0, "GB", "f", EVENT),
                abi.encodeWithSelector(IMaterials.SubstanceNotAllowed.selector, substances[i])
            );
        }
        refusesRegistration(
            registration("A", COBALT, 1, 1, 1, 0, 0, "GB", "f", 0),
            abi.encodeWithSelector(IMaterials.EventMissing.selector)
        );
        bytes2[3] memory countries = [bytes2("gB"), "G ", "1B"];
        for (uint256 i = 0; i < 3; ++i) {
            refusesRegistration(
                registration("A", COBALT, 1, 1, 1, 0, 0, countries[i], "f", EVENT),
                abi.encodeWithSelector(IMaterials.CountryMalformed.selector, countries[i])
            );
        }
    }

    function test_aBalancePeriodIsStatedForMassBalanceAndForItAlone() public {
        bytes4 period = IMaterials.PeriodNotAllowed.selector;
        refusesRegistration(
            registration("A", COBALT, 1, Custody.MASS_BALANCE, 1, 0, 0, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 0, 0)
        );
        refusesRegistration(
            registration("A", COBALT, 1, Custody.MASS_BALANCE, 1, 9, 9, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 9, 9)
        );
        refusesRegistration(
            registration("A", COBALT, 1, Custody.MASS_BALANCE, 1, 9, 1 << 40, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 9, 1 << 40)
        );
        refusesRegistration(
            registration("A", COBALT, 1, Custody.SEGREGATED, 1, 0, 9, "GB", "f", EVENT),
            abi.encodeWithSelector(period, 0, 9)
        );
        does(
            maker,
            Kind.LOT_REGISTERED,
            registration("A", COBALT, 1, Custody.MASS_BALANCE, 1, 0, (1 << 40) - 1, "GB", "f", EVENT)
        );
    }

    /// @dev All characters at all places of a word, and of the one after it.
    function testFuzz_textIsPrintableAsciiAndNothingElse(uint8 length, uint8 place, uint8 character) public {
        vm.assume(length != 0);
        bytes memory label = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            label[i] = 0x7e;
        }
        label[place % length] = bytes1(character);
        bytes memory data = registered(string(label), Origin.PRIMARY, Custody.SEGREGATED, 1);
        if (character >= 0x20 && character <= 0x7e) does(maker, Kind.LOT_REGISTERED, data);
        else refusesRegistration(data, abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 65));
    }

    function test_textHas1To255Bytes() public {
        refusesRegistration(
            registered("", Origin.PRIMARY, Custody.SEGREGATED, 1),
            abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 65)
        );
        refusesRegistration(
            registered(string(new bytes(256)), Origin.PRIMARY, Custody.SEGREGATED, 1),
            abi.encodeWithSelector(IMaterials.TextNotAllowed.selector, 65)
        );
    }

    function testFuzz_dataThatIsCutOrLongerIsRefused(uint16 cut) public {
        bytes memory data = registered("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        bytes memory shorter = new bytes(cut % data.length);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = data[i];
        }
        (bool done,) = attempt(maker, controller, Kind.LOT_REGISTERED, shorter);
        vm.assertEq(done, false, "cut");
        refusesRegistration(
            bytes.concat(data, hex"00"),
            abi.encodeWithSelector(IMaterials.DataMalformed.selector, data.length + 1)
        );
    }

    // ------------------------------------------------------------------------------------------------ split and use

    function test_aSplitTakesFromOneLotAndMakesAnotherOfTheSame() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        emitted();
        bytes memory data = abi.encodePacked(idOf("MINE-1"), uint64(400), text("MINE-1/a"));
        does(maker, Kind.LOT_SPLIT, data);
        assertEntry(
            header(Kind.LOT_SPLIT, ActorKind.CONTROLLER, controller), bytes.concat(bytes32(IssuerId.unwrap(maker)), hex"003f", data)
        );
        vm.assertEq(lotOf("MINE-1").milligrams, 600, "left");
        IMaterials.Lot memory made = lotOf("MINE-1/a");
        vm.assertEq(made.milligrams, 400, "made");
        vm.assertEq(made.custody, Custody.SEGREGATED, "custody");
        vm.assertEq(made.origin, Origin.PRIMARY, "origin");
    }

    function test_noMoreIsTakenThanThereIs() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        bytes4 mass = IMaterials.MassOutOfRange.selector;
        LotId id = idOf("MINE-1");
        uint64[3] memory bad = [uint64(0), 1_001, type(uint64).max];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory why = abi.encodeWithSelector(mass, id, bad[i], 1_000);
            refusesAct(maker, Kind.LOT_RETIRED, abi.encodePacked(id, bad[i]), why);
            refusesAct(maker, Kind.LOT_LOST, abi.encodePacked(id, bad[i]), why);
            refusesAct(maker, Kind.LOT_SPLIT, abi.encodePacked(id, bad[i], text("a")), why);
            refusesAct(maker, Kind.TRANSFER_OFFERED, offered(buyer, id, bad[i], "a"), why);
        }
        does(maker, Kind.LOT_LOST, abi.encodePacked(id, uint64(999)));
        does(maker, Kind.LOT_RETIRED, abi.encodePacked(id, uint64(1)));
        vm.assertEq(lotOf("MINE-1").milligrams, 0, "empty");
        vm.assertEq(lotOf("MINE-1").holder, 1, "and still named");
    }

    function test_nobodyMovesAnothersLot() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        LotId id = idOf("MINE-1");
        bytes memory why = abi.encodeWithSelector(IMaterials.LotNotHeld.selector, id, buyer);
        refusesActAs(buyer, buyerController, Kind.LOT_RETIRED, abi.encodePacked(id, uint64(1)), why);
        refusesActAs(buyer, buyerController, Kind.LOT_SPLIT, abi.encodePacked(id, uint64(1), text("a")), why);
        refusesActAs(buyer, buyerController, Kind.TRANSFER_OFFERED, offered(maker, id, 1, "a"), why);
        refusesActAs(buyer, buyerController, Kind.TRANSFER_WITHDRAWN, abi.encodePacked(id), why);
        refusesActAs(buyer, buyerController, Kind.TRANSFER_REFUSED, abi.encodePacked(id), why);
        refusesActAs(
            buyer, buyerController, Kind.TRANSFORMED, transformed(one(id, 1), "b", Origin.PRIMARY, Custody.SEGREGATED, 1), why
        );
        LotId unknown = LotId.wrap(keccak256("unknown"));
        refusesAct(
            maker,
            Kind.LOT_RETIRED,
            abi.encodePacked(unknown, uint64(1)),
            abi.encodeWithSelector(IMaterials.LotUnknown.selector, unknown)
        );
    }

    function test_materialsObeysTheLedgerAlone() public {
        IMaterials materials = ledger.materials();
        bytes memory why = abi.encodeWithSelector(IMaterials.LedgerOnly.selector, address(this));
        refuses(why);
        materials.perform(Kind.LOT_REGISTERED, maker, 1, 0xffff, 0, registered("A", 1, 1, 1));
        refuses(why);
        materials.allocate(maker, 1, 1, "");
        refuses(why);
        materials.voidLot(LotId.wrap(0));
    }

    // ---------------------------------------------------------------------------------------------------------- transfer

    function test_aTransferIsOfferedAndAccepted() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, idOf("MINE-1"), 300, "MINE-1/1"));
        IMaterials.Lot memory lot = lotOf("MINE-1/1");
        vm.assertEq(lot.holder, 1, "still the sender's");
        vm.assertEq(lot.offeredTo, 2, "offered");
        vm.assertEq(lotOf("MINE-1").milligrams, 700, "left");
        emitted();
        bytes memory data = abi.encodePacked(maker, idOf("MINE-1/1"), EVENT);
        doesAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, data);
        assertEntry(
            header(Kind.TRANSFER_ACCEPTED, ActorKind.CONTROLLER, buyerController),
            bytes.concat(bytes32(IssuerId.unwrap(buyer)), hex"003f", data)
        );
        lot = lotOf("MINE-1/1");
        vm.assertEq(lot.holder, 2, "the buyer's");
        vm.assertEq(lot.offeredTo, 0, "no offer");
        doesAs(buyer, buyerController, Kind.LOT_RETIRED, abi.encodePacked(idOf("MINE-1/1"), uint64(300)));
    }

    function test_whatIsOfferedMovesInNoOtherWay() public {
        offer();
        LotId id = idOf("OFFERED");
        bytes memory why = abi.encodeWithSelector(IMaterials.LotOffered.selector, id, true);
        refusesAct(maker, Kind.LOT_RETIRED, abi.encodePacked(id, uint64(1)), why);
        refusesAct(maker, Kind.LOT_SPLIT, abi.encodePacked(id, uint64(1), text("b")), why);
        refusesAct(maker, Kind.TRANSFER_OFFERED, offered(buyer, id, 1, "b"), why);
        refusesAnchor(1, allocations(id, 1), why);
    }

    function test_anOfferRefusedOrWithdrawnStaysTheSenders() public {
        offer();
        LotId id = idOf("OFFERED");
        doesAs(buyer, buyerController, Kind.TRANSFER_REFUSED, abi.encodePacked(id));
        vm.assertEq(lotOf("OFFERED").holder, 1, "holder");
        vm.assertEq(lotOf("OFFERED").offeredTo, 0, "offer");
        refusesActAs(
            buyer,
            buyerController,
            Kind.TRANSFER_ACCEPTED,
            abi.encodePacked(maker, id, EVENT),
            abi.encodeWithSelector(IMaterials.LotNotHeld.selector, id, buyer)
        );
        does(maker, Kind.TRANSFER_OFFERED, offered(buyer, id, 300, "AGAIN"));
        does(maker, Kind.TRANSFER_WITHDRAWN, abi.encodePacked(idOf("AGAIN")));
        vm.assertEq(lotOf("AGAIN").offeredTo, 0, "offer");
        refusesAct(
            maker,
            Kind.TRANSFER_WITHDRAWN,
            abi.encodePacked(idOf("AGAIN")),
            abi.encodeWithSelector(IMaterials.LotOffered.selector, idOf("AGAIN"), false)
        );
    }

    function test_onlyTheReceiverAcceptsAndFromTheSenderItNames() public {
        offer();
        LotId id = idOf("OFFERED");
        refusesAct(
            maker,
            Kind.TRANSFER_ACCEPTED,
            abi.encodePacked(maker, id, EVENT),
            abi.encodeWithSelector(IMaterials.LotNotHeld.selector, id, maker)
        );
        refusesActAs(
            buyer,
            buyerController,
            Kind.TRANSFER_ACCEPTED,
            abi.encodePacked(buyer, id, EVENT),
            abi.encodeWithSelector(IMaterials.LotNotHeld.selector, id, buyer)
        );
        refusesActAs(
            buyer,
            buyerController,
            Kind.TRANSFER_ACCEPTED,
            abi.encodePacked(maker, id, bytes32(0)),
            abi.encodeWithSelector(IMaterials.EventMissing.selector)
        );
    }

    function test_nothingMovesFromOrToASuspendedIssuerButItMayWithdraw() public {
        offer();
        LotId id = idOf("OFFERED");
        vm.prank(accreditor);
        ledger.suspend(maker);
        bytes memory why = abi.encodeWithSelector(IPassportLedger.IssuerSuspended.selector, maker);
        refusesActAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, abi.encodePacked(maker, id, EVENT), why);
        refusesAct(maker, Kind.LOT_RETIRED, abi.encodePacked(idOf("MINE-1"), uint64(1)), why);
        register(buyer, buyerController, "THEIRS", 10);
        refusesActAs(buyer, buyerController, Kind.TRANSFER_OFFERED, offered(maker, idOf(buyer, "THEIRS"), 1, "a"), why);
        does(maker, Kind.TRANSFER_WITHDRAWN, abi.encodePacked(id));
        vm.assertEq(lotOf("OFFERED").offeredTo, 0, "withdrawn");
    }

    function test_anOfferToNobodyIsRefused() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        refusesAct(
            maker,
            Kind.TRANSFER_OFFERED,
            offered(nobody, idOf("MINE-1"), 1, "a"),
            abi.encodeWithSelector(IPassportLedger.IssuerUnknown.selector, nobody)
        );
    }

    function test_actsOnLotsNeedThePurposeOperate() public {
        addKey(OTHER_KEY, Purpose.ASSERT | Purpose.REVOKE | Purpose.ADMINISTER);
        bytes memory data = registered("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        Signed memory s = Signed(OTHER_KEY, one(Kind.LOT_REGISTERED, data), 0, DEADLINE);
        bytes memory signature = signRelay(ledger, maker, s);
        refuses(
            abi.encodeWithSelector(
                IPassportLedger.PurposeMissing.selector, maker, thumbprint(OTHER_KEY), Purpose.OPERATE
            )
        );
        vm.prank(stranger);
        ledger.relay(maker, publicKey(OTHER_KEY), s.acts, 0, DEADLINE, signature);
        relay(FIRST_KEY, one(Kind.LOT_REGISTERED, data));
        vm.assertEq(lotOf("MINE-1").holder, 1, "by a key that may");
    }

    // -------------------------------------------------------------------------------------------------------- transform

    function test_aTransformationConservesEachOrigin() public {
        register("P", Origin.PRIMARY, Custody.IDENTITY_PRESERVED, 1_000);
        register("R", Origin.POST_CONSUMER, Custody.SEGREGATED, 500);
        bytes memory data = bytes.concat(
            head(10, 0, 5, 0), two(idOf("P"), 700, idOf("R"), 500), hex"02",
            output(Origin.PRIMARY, Custody.SEGREGATED, 785, "P2"), output(Origin.POST_CONSUMER, Custody.MASS_BALANCE, 400, "R2")
        );
        emitted();
        does(maker, Kind.TRANSFORMED, data);
        assertEntry(
            header(Kind.TRANSFORMED, ActorKind.CONTROLLER, controller), bytes.concat(bytes32(IssuerId.unwrap(maker)), hex"003f", data)
        );
        vm.assertEq(lotOf("P").milligrams, 300, "left");
        vm.assertEq(lotOf("R").milligrams, 0, "used up");
        // 95 mg of 500 fell to primary: 700 + 95 = 785 + 10.
        vm.assertEq(lotOf("P2").milligrams, 785, "primary");
        vm.assertEq(lotOf("R2").milligrams, 400, "recycled");
    }

    function test_noOriginGrows() public {
        register("P", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        register("R", Origin.POST_CONSUMER, Custody.SEGREGATED, 500);
        bytes memory inputs = two(idOf("P"), 1_000, idOf("R"), 500);
        bytes4 conserved = IMaterials.MassNotConserved.selector;
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.POST_CONSUMER, 2, 501, "X")),
            abi.encodeWithSelector(conserved, Origin.POST_CONSUMER, 500, 501)
        );
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 1, 0), inputs, hex"01", output(Origin.POST_CONSUMER, 2, 500, "X")),
            abi.encodeWithSelector(conserved, Origin.POST_CONSUMER, 500, 501)
        );
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.PRE_CONSUMER, 2, 1, "X")),
            abi.encodeWithSelector(conserved, Origin.PRE_CONSUMER, 0, 1)
        );
        // What is neither given out nor lost is missing.
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.POST_CONSUMER, 2, 500, "X")),
            abi.encodeWithSelector(conserved, Origin.PRIMARY, 1_000, 0)
        );
    }

    function test_aCustodyModelOnlyWeakens() public {
        register("S", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        register("B", Origin.PRIMARY, Custody.CONTROLLED_BLENDING, 1_000);
        bytes memory inputs = two(idOf("S"), 1, idOf("B"), 1);
        bytes4 custody = IMaterials.CustodyNotAllowed.selector;
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.PRIMARY, Custody.SEGREGATED, 2, "X")),
            abi.encodeWithSelector(custody, Custody.SEGREGATED, Custody.CONTROLLED_BLENDING)
        );
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.PRIMARY, 6, 2, "X")),
            abi.encodeWithSelector(custody, 6, Custody.CONTROLLED_BLENDING)
        );
        does(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), inputs, hex"01", output(Origin.PRIMARY, Custody.BOOK_AND_CLAIM, 2, "X"))
        );
    }

    function test_whatIsTransformedIsOneSubstance() public {
        register("C", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        does(maker, Kind.LOT_REGISTERED, registration("N", NICKEL, 1, 2, 1_000, 0, 0, "FI", "f", EVENT));
        (LotId first, LotId second) = (idOf("C"), idOf("N"));
        uint40 wrong = LotId.unwrap(first) < LotId.unwrap(second) ? NICKEL : COBALT;
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), two(first, 1, second, 1), hex"01", output(Origin.PRIMARY, 2, 2, "X")),
            abi.encodeWithSelector(IMaterials.SubstanceNotAllowed.selector, wrong)
        );
        vm.assertEq(lotOf("C").milligrams, 1_000, "nothing was taken");
    }

    function test_inputsAreInOrderAndPartsAre1To16() public {
        register("C", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        LotId id = idOf("C");
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(
                head(0, 0, 0, 0), hex"02", abi.encodePacked(id, uint64(1), id, uint64(1)), hex"01",
                output(Origin.PRIMARY, 2, 2, "X")
            ),
            abi.encodeWithSelector(IMaterials.LotOutOfOrder.selector, id)
        );
        bytes4 count = IMaterials.CountOutOfRange.selector;
        refusesAct(
            maker, Kind.TRANSFORMED, bytes.concat(head(0, 0, 0, 0), hex"00"), abi.encodeWithSelector(count, 0, 16)
        );
        refusesAct(
            maker, Kind.TRANSFORMED, bytes.concat(head(0, 0, 0, 0), hex"11"), abi.encodeWithSelector(count, 17, 16)
        );
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(head(0, 0, 0, 0), one(id, 1), hex"00"),
            abi.encodeWithSelector(count, 0, 16)
        );
        // An output's name is new, in the same transformation as well.
        refusesAct(
            maker,
            Kind.TRANSFORMED,
            bytes.concat(
                head(0, 0, 0, 0), one(id, 2), hex"02", output(Origin.PRIMARY, 2, 1, "X"), output(Origin.PRIMARY, 2, 1, "X")
            ),
            abi.encodeWithSelector(IMaterials.LotAlreadyNamed.selector, idOf("X"))
        );
    }

    // ------------------------------------------------------------------------------------------------ allocate, void

    function test_anAllocationIsDebitedTimesTheBatchsSize() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        emitted();
        IPassportLedger.Allocation[] memory seven = allocations(idOf("MINE-1"), 7);
        vm.prank(submitter);
        ledger.anchor(maker, ROOT, 100, MANIFEST, seven);
        assertEntry(
            header(Kind.ANCHORED, ActorKind.SUBMITTER, submitter),
            abi.encodePacked(maker, uint16(0x3f), ROOT, uint16(100), MANIFEST, uint8(1), idOf("MINE-1"), uint64(7))
        );
        vm.assertEq(lotOf("MINE-1").milligrams, 300, "left");
        refusesAnchor(
            43,
            allocations(idOf("MINE-1"), 7),
            abi.encodeWithSelector(IMaterials.MassOutOfRange.selector, idOf("MINE-1"), 301, 300)
        );
        refusesAnchor(
            16_384,
            allocations(idOf("MINE-1"), type(uint64).max),
            abi.encodeWithSelector(
                IMaterials.MassOutOfRange.selector, idOf("MINE-1"), uint256(type(uint64).max) * 16_384, 300
            )
        );
        refusesAnchor(
            1,
            allocations(idOf("MINE-1"), 0),
            abi.encodeWithSelector(IMaterials.MassOutOfRange.selector, idOf("MINE-1"), 0, 300)
        );
    }

    function test_aBatchDrawsOnItsIssuersOwnLotsEachOnce() public {
        register(buyer, buyerController, "THEIRS", 10);
        LotId theirs = idOf(buyer, "THEIRS");
        refusesAnchor(
            1, allocations(theirs, 1), abi.encodeWithSelector(IMaterials.LotNotHeld.selector, theirs, maker)
        );
        register("A", Origin.PRIMARY, Custody.SEGREGATED, 10);
        LotId id = idOf("A");
        IPassportLedger.Allocation[] memory twice = new IPassportLedger.Allocation[](2);
        (twice[0], twice[1]) = (IPassportLedger.Allocation(id, 1), IPassportLedger.Allocation(id, 1));
        refusesAnchor(1, twice, abi.encodeWithSelector(IMaterials.LotOutOfOrder.selector, id));
        refusesAnchor(
            1,
            new IPassportLedger.Allocation[](65),
            abi.encodeWithSelector(IPassportLedger.AllocationsNotAllowed.selector, 65)
        );
    }

    function test_aVoidLotIsGoneWithWhatIsInIt() public {
        offer();
        LotId id = idOf("OFFERED");
        emitted();
        vm.prank(accreditor);
        ledger.voidLot(id);
        assertEntry(header(Kind.LOT_VOIDED, ActorKind.ACCREDITOR, accreditor), abi.encodePacked(id, uint64(300)));
        vm.assertEq(lotOf("OFFERED").isVoid, true, "void");
        vm.assertEq(lotOf("OFFERED").milligrams, 0, "empty");
        bytes memory why = abi.encodeWithSelector(IMaterials.LotVoid.selector, id);
        refusesActAs(buyer, buyerController, Kind.TRANSFER_ACCEPTED, abi.encodePacked(maker, id, EVENT), why);
        refusesAct(maker, Kind.LOT_RETIRED, abi.encodePacked(id, uint64(1)), why);
        refuses(why);
        vm.prank(accreditor);
        ledger.voidLot(id);
        refuses(abi.encodeWithSelector(IMaterials.LotUnknown.selector, LotId.wrap(0)));
        vm.prank(accreditor);
        ledger.voidLot(LotId.wrap(0));
    }

    function test_onlyAnAccreditorVoids() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        LotId id = idOf("MINE-1");
        vm.prank(controller);
        (bool done,) = address(ledger).call(abi.encodeCall(ledger.voidLot, (id)));
        vm.assertEq(done, false, "by the holder");
    }

    function test_aClosedLedgerMovesNothing() public {
        register("MINE-1", Origin.PRIMARY, Custody.SEGREGATED, 1_000);
        closeLedger();
        refusesAct(
            maker,
            Kind.LOT_RETIRED,
            abi.encodePacked(idOf("MINE-1"), uint64(1)),
            abi.encodeWithSelector(IPassportLedger.LedgerClosed.selector)
        );
        vm.assertEq(lotOf("MINE-1").milligrams, 1_000, "nothing was taken");
    }
}

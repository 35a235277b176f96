// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Custody, IMaterials, LotId, Origin, Substance} from "../../../contracts/interfaces/IMaterials.sol";
import {IPassportLedger, IssuerId, Kind, Purpose} from "../../../contracts/interfaces/IPassportLedger.sol";
import {MaterialsTest} from "./MaterialsTest.sol";
import {Tally} from "./Tally.sol";
import {vm} from "./Vm.sol";

/// @notice Moves lots at random, rightly and wrongly, and keeps books of its own: what each call may do, what is in each lot after it, and
/// where all mass went. A call that the books allow and the ledger refuses, or the other way round, is a failure.
contract MaterialsHandler is MaterialsTest, Tally {
    /// @dev Issuers are their numbers, 1 to 3; 0 is nobody.
    struct Book {
        LotId id;
        uint256 milligrams;
        uint32 holder;
        uint32 offeredTo;
        uint40 substance;
        uint8 origin;
        uint8 custody;
        bool isVoid;
    }

    /// @dev Of one substance and origin.
    struct Account {
        uint256 registered;
        uint256 allocated;
        uint256 retired;
        uint256 lost;
        uint256 voided;
        uint256 fallen;
    }

    /// @dev A transformation on its way: what enters and leaves, by origin.
    struct Melt {
        uint40 substance;
        uint8 custody;
        uint256[5] entering;
        uint256[5] leaving;
        uint256[5] lost;
    }

    uint256 internal constant ISSUERS = 3;
    string internal constant THIRD_DID = "did:web:third.example";

    IssuerId internal immutable third = IssuerId.wrap(sha256(bytes(THIRD_DID)));
    Book[] public books;
    mapping(uint40 substance => mapping(uint8 origin => Account)) public accounts;
    mapping(bytes32 what => uint256) public count;
    bool[4] public suspended;
    uint256 private _named;
    uint256 private _offered;

    function setUp() public override {
        super.setUp();
        accredit(THIRD_DID, makeAddress("third's controller"), 0xca401, Purpose.ALL);
        vm.prank(accreditor);
        ledger.assignRoles(issuerOf(3), ROLES);
    }

    // ------------------------------------------------------------------------------------------------- random calls

    function registerLot(uint8 actor, uint8 some, uint64 milligrams) external {
        uint32 issuer = pick(actor);
        (uint8 origin, uint8 custody) = (some % 5, some / 5 % 6);
        uint40 substance = some % 2 == 0 ? COBALT : NICKEL;
        if (some % 7 != 0) milligrams = milligrams % 1e6;
        (uint64 from, uint64 until) = custody == Custody.MASS_BALANCE ? (uint64(1), uint64(2)) : (uint64(0), uint64(0));
        string memory label = newLabel();
        bytes memory data =
            registration(label, substance, origin, custody, milligrams, from, until, "CD", "mine", EVENT);
        bool allowed = !suspended[issuer] && origin != 0 && custody != 0 && milligrams != 0;
        if (!tryAct(issuer, Kind.LOT_REGISTERED, data, allowed)) return;
        add(issuer, label, Book(LotId.wrap(0), milligrams, issuer, 0, substance, origin, custody, false));
        accounts[substance][origin].registered += milligrams;
        ++count["registered"];
    }

    function splitLot(uint8 actor, uint16 lot, uint64 milligrams) external {
        if (books.length == 0) return;
        Book storage book = books[lot % books.length];
        uint32 issuer = mostlyHolder(actor, book);
        uint64 mass = some_(milligrams, book.milligrams);
        string memory label = newLabel();
        bytes memory data = abi.encodePacked(book.id, mass, text(label));
        if (!tryAct(issuer, Kind.LOT_SPLIT, data, mayTake(issuer, book, mass))) return;
        book.milligrams -= mass;
        add(issuer, label, Book(LotId.wrap(0), mass, issuer, 0, book.substance, book.origin, book.custody, false));
        ++count["split"];
    }

    function offerLot(uint8 actor, uint8 to, uint16 lot, uint64 milligrams) external {
        if (books.length == 0) return;
        Book storage book = books[lot % books.length];
        (uint32 issuer, uint32 receiver) = (mostlyHolder(actor, book), pick(to));
        uint64 mass = some_(milligrams, book.milligrams);
        string memory label = newLabel();
        bytes memory data = offered(issuerOf(receiver), book.id, mass, label);
        bool allowed = mayTake(issuer, book, mass) && !suspended[receiver];
        if (!tryAct(issuer, Kind.TRANSFER_OFFERED, data, allowed)) return;
        book.milligrams -= mass;
        add(
            issuer, label, Book(LotId.wrap(0), mass, issuer, receiver, book.substance, book.origin, book.custody, false)
        );
        _offered = books.length - 1;
        ++count["offered"];
    }

    function acceptLot(uint8 actor, uint8 from, uint16 lot) external {
        if (books.length == 0) return;
        Book storage book = books[lot % 2 == 0 ? _offered : lot % books.length];
        // Mostly the right ones, so that much is accepted.
        uint32 issuer = actor % 4 == 0 || book.offeredTo == 0 ? pick(actor) : book.offeredTo;
        uint32 sender = from % 8 == 0 ? pick(from) : book.holder;
        bool allowed = !suspended[issuer] && !suspended[sender] && !book.isVoid && book.offeredTo == issuer
            && book.holder == sender;
        bytes memory data = abi.encodePacked(issuerOf(sender), book.id, EVENT);
        if (!tryAct(issuer, Kind.TRANSFER_ACCEPTED, data, allowed)) return;
        (book.holder, book.offeredTo) = (issuer, 0);
        ++count["accepted"];
    }

    function endOffer(uint8 actor, uint16 lot, bool refused) external {
        if (books.length == 0) return;
        Book storage book = books[lot % 2 == 0 ? _offered : lot % books.length];
        // Mostly those who may, so that much is ended.
        uint32 issuer = actor % 4 == 0 || book.offeredTo == 0 ? pick(actor) : refused ? book.offeredTo : book.holder;
        bool allowed =
            refused ? !suspended[issuer] && book.offeredTo == issuer : book.holder == issuer && book.offeredTo != 0;
        uint8 kind = refused ? Kind.TRANSFER_REFUSED : Kind.TRANSFER_WITHDRAWN;
        if (!tryAct(issuer, kind, abi.encodePacked(book.id), allowed)) return;
        if (suspended[issuer]) ++count["withdrawn by suspended issuers"];
        book.offeredTo = 0;
        ++count[refused ? bytes32("refused") : bytes32("withdrawn")];
    }

    function useLot(uint8 actor, uint16 lot, uint64 milligrams, bool lost) external {
        if (books.length == 0) return;
        Book storage book = books[lot % books.length];
        uint32 issuer = mostlyHolder(actor, book);
        uint64 mass = some_(milligrams, book.milligrams);
        bytes memory data = abi.encodePacked(book.id, mass);
        if (!tryAct(issuer, lost ? Kind.LOT_LOST : Kind.LOT_RETIRED, data, mayTake(issuer, book, mass))) return;
        book.milligrams -= mass;
        Account storage account = accounts[book.substance][book.origin];
        if (lost) account.lost += mass;
        else account.retired += mass;
        ++count[lost ? bytes32("lost") : bytes32("retired")];
    }

    /// @dev By account: `anchor` is no act. One lot or two.
    function allocateLots(uint8 actor, uint16 lot, uint16 other, uint64 milligrams, uint16 size) external {
        if (books.length == 0) return;
        (Book storage a, Book storage b) = (books[lot % books.length], books[other % books.length]);
        uint32 issuer = mostlyHolder(actor, a);
        uint256 batch = size % 20 == 0 ? size : size % 50 + 1;
        uint64 each = milligrams % 16 == 0 ? milligrams : uint64(a.milligrams / (batch + 1) + milligrams % 2);
        bool isTwo = size % 3 == 0;
        IPassportLedger.Allocation[] memory list = new IPassportLedger.Allocation[](isTwo ? 2 : 1);
        list[0] = IPassportLedger.Allocation(a.id, each);
        if (isTwo) list[1] = IPassportLedger.Allocation(b.id, 1);
        bool allowed = batch >= 1 && batch <= 16_384 && mayTake(issuer, a, each * batch);
        if (isTwo) {
            allowed = allowed && LotId.unwrap(a.id) < LotId.unwrap(b.id) && mayTake(issuer, b, batch);
        }
        vm.prank(controllerOf(issuer));
        (bool done, bytes memory answer) =
            address(ledger).call(abi.encodeCall(ledger.anchor, (issuerOf(issuer), ROOT, batch, MANIFEST, list)));
        tallyUp(done, answer);
        vm.assertEq(done, allowed, "as the books allow");
        if (!done) return;
        a.milligrams -= each * batch;
        accounts[a.substance][a.origin].allocated += each * batch;
        if (isTwo) {
            b.milligrams -= batch;
            accounts[b.substance][b.origin].allocated += batch;
        }
        ++count["allocated"];
    }

    /// @dev Of two lots, rightly in most cases: each origin's whole, less what falls to primary and what is lost.
    function transformLots(uint8 actor, uint16 lot, uint16 other, uint64 milligrams, uint256 seed) external {
        if (books.length == 0) return;
        (Book storage a, Book storage b) = (books[lot % books.length], books[partnerOf(lot % books.length, other)]);
        uint32 issuer = mostlyHolder(actor, a);
        if (LotId.unwrap(a.id) > LotId.unwrap(b.id)) (a, b) = (b, a);
        uint64 ofA = some_(milligrams, a.milligrams);
        uint64 ofB = some_(milligrams >> 7, b.milligrams);
        bool allowed = mayTake(issuer, a, ofA) && mayTake(issuer, b, ofB) && a.substance == b.substance
            && LotId.unwrap(a.id) != LotId.unwrap(b.id);
        Melt memory melt;
        (melt.substance, melt.custody) = (a.substance, a.custody > b.custody ? a.custody : b.custody);
        melt.entering[a.origin] += ofA;
        melt.entering[b.origin] += ofB;
        bytes memory data = abi.encodePacked(uint8(2), a.id, ofA, b.id, ofB);
        (data, allowed) = planOutputs(melt, data, allowed, seed);
        uint256 first = _named - 2;
        if (!tryAct(issuer, Kind.TRANSFORMED, data, allowed)) return;
        a.milligrams -= ofA;
        b.milligrams -= ofB;
        settle(issuer, melt, first);
        ++count["transformed"];
    }

    function voidLot(uint8 caller, uint16 lot) external {
        // Rarely, else nothing is left.
        if (books.length == 0 || caller % 4 != 0) return;
        Book storage book = books[lot % books.length];
        address from = caller % 8 == 0 ? accreditor : controller;
        vm.prank(from);
        (bool done, bytes memory answer) = address(ledger).call(abi.encodeCall(ledger.voidLot, (book.id)));
        tallyUp(done, answer);
        vm.assertEq(done, from == accreditor && !book.isVoid, "as the books allow");
        if (!done) return;
        accounts[book.substance][book.origin].voided += book.milligrams;
        (book.milligrams, book.isVoid) = (0, true);
        ++count["voided"];
    }

    function suspendOrReinstate(uint8 actor, bool suspend) external {
        uint32 issuer = pick(actor);
        // Rarely, else nothing moves.
        if (suspended[issuer] == suspend || (suspend && actor % 4 != 0)) return;
        vm.prank(accreditor);
        if (suspend) ledger.suspend(issuerOf(issuer));
        else ledger.reinstate(issuerOf(issuer));
        suspended[issuer] = suspend;
    }

    // ---------------------------------------------------------------------------------------------------- the books

    /// @dev A lot to melt with lot `i`: of the same holder and substance, where there is one among eight.
    function partnerOf(uint256 i, uint16 other) private view returns (uint256 partner) {
        for (uint256 step = 0; step < 8; ++step) {
            partner = (other + step) % books.length;
            Book storage book = books[partner];
            if (partner == i || book.holder != books[i].holder || book.substance != books[i].substance) continue;
            if (book.offeredTo == 0 && book.milligrams != 0) return partner;
        }
    }

    /// @dev Two outputs: the origin of the first input, and primary, of which there may be none. `seed` makes some of them wrong.
    function planOutputs(Melt memory melt, bytes memory inputs, bool allowed, uint256 seed)
        private
        returns (bytes memory data, bool stillAllowed)
    {
        uint8 origin = melt.entering[Origin.POST_CONSUMER] != 0 ? Origin.POST_CONSUMER : Origin.PRE_CONSUMER;
        uint256 fromOrigin = melt.entering[origin];
        melt.lost[origin] = fromOrigin == 0 ? 0 : seed % (fromOrigin + 1) / 4;
        melt.leaving[origin] =
            fromOrigin - melt.lost[origin] - (fromOrigin == 0 ? 0 : (seed >> 64) % (fromOrigin + 1) / 4);
        if (seed % 11 == 0) melt.leaving[origin] += 1;
        planPrimary(melt, melt.lost[origin] + melt.leaving[origin]);
        uint8 custody = (seed >> 32) % 9 == 0 ? uint8((seed >> 40) % 7) : melt.custody;
        stillAllowed = allowed && custody >= melt.custody && custody <= Custody.BOOK_AND_CLAIM && melt.leaving[1] != 0
            && melt.leaving[origin] != 0 && melt.leaving[origin] + melt.lost[origin] <= fromOrigin
            && fitAct(melt, origin);
        melt.custody = custody;
        data = bytes.concat(
            head(uint64(melt.lost[1]), uint64(melt.lost[2]), uint64(melt.lost[3]), uint64(melt.lost[4])),
            inputs,
            hex"02",
            output(Origin.PRIMARY, custody, uint64(melt.leaving[1]), newLabel()),
            output(origin, custody, uint64(melt.leaving[origin]), newLabel())
        );
    }

    /// @dev Whether each mass is one of 64 bits: two lots may hold more together.
    function fitAct(Melt memory melt, uint8 origin) private pure returns (bool) {
        uint256 all = melt.leaving[1] | melt.lost[1] | melt.leaving[origin] | melt.lost[origin];
        return all <= type(uint64).max;
    }

    /// @dev What is left of everything.
    function planPrimary(Melt memory melt, uint256 gone) private pure {
        uint256 all = melt.entering[1] + melt.entering[2] + melt.entering[3] + melt.entering[4];
        uint256 primary = all > gone ? all - gone : 0;
        melt.lost[1] = primary / 10;
        melt.leaving[1] = primary - melt.lost[1];
    }

    function settle(uint32 issuer, Melt memory melt, uint256 first) private {
        for (uint8 origin = 1; origin <= 4; ++origin) {
            accounts[melt.substance][origin].lost += melt.lost[origin];
            if (origin == Origin.PRIMARY) continue;
            accounts[melt.substance][origin].fallen += melt.entering[origin] - melt.leaving[origin] - melt.lost[origin];
        }
        uint8 made = melt.entering[Origin.POST_CONSUMER] != 0 ? Origin.POST_CONSUMER : Origin.PRE_CONSUMER;
        add(
            issuer,
            labelOf(first),
            Book(LotId.wrap(0), melt.leaving[1], issuer, 0, melt.substance, Origin.PRIMARY, melt.custody, false)
        );
        add(
            issuer,
            labelOf(first + 1),
            Book(LotId.wrap(0), melt.leaving[made], issuer, 0, melt.substance, made, melt.custody, false)
        );
    }

    function mayTake(uint32 issuer, Book storage book, uint256 mass) private view returns (bool) {
        return !suspended[issuer] && book.holder == issuer && book.offeredTo == 0 && !book.isVoid && mass != 0
            && mass <= book.milligrams;
    }

    function add(uint32 issuer, string memory label, Book memory book) private {
        book.id = idOf(issuerOf(issuer), label);
        books.push(book);
    }

    function tryAct(uint32 issuer, uint8 kind, bytes memory data, bool allowed) private returns (bool done) {
        bytes memory answer;
        (done, answer) = attempt(issuerOf(issuer), controllerOf(issuer), kind, data);
        tallyUp(done, answer);
        vm.assertEq(done, allowed, "as the books allow");
        ++count[done ? bytes32("calls that succeeded") : bytes32("calls refused")];
    }

    /// @dev Mostly within what there is, at times all of it or more.
    function some_(uint64 milligrams, uint256 held) private pure returns (uint64) {
        if (milligrams % 13 == 0) return milligrams;
        if (milligrams % 13 == 1) return uint64(held);
        return uint64(uint256(milligrams) % (held + 1));
    }

    function newLabel() private returns (string memory) {
        return labelOf(_named++);
    }

    function labelOf(uint256 number) private pure returns (string memory) {
        return string.concat("LOT ", vm.toString(number));
    }

    function pick(uint8 actor) private pure returns (uint32) {
        return uint32(actor % ISSUERS) + 1;
    }

    /// @dev So that much moves.
    function mostlyHolder(uint8 actor, Book storage book) private view returns (uint32) {
        return actor % 4 == 0 ? pick(actor) : book.holder;
    }

    function issuerOf(uint32 number) private view returns (IssuerId) {
        return number == 1 ? maker : number == 2 ? buyer : third;
    }

    function controllerOf(uint32 number) private view returns (address) {
        return number == 1 ? controller : number == 2 ? buyerController : makeAddress("third's controller");
    }

    // ----------------------------------------------------------------------------------------------------- comparing

    /// @dev Every lot is as the books have it: nothing moved that no call moved.
    function checkLots() external view {
        for (uint256 i = 0; i < books.length; ++i) {
            Book memory book = books[i];
            IMaterials.Lot memory lot = ledger.materials().lot(book.id);
            vm.assertEq(lot.milligrams, book.milligrams, "milligrams");
            vm.assertEq(lot.holder, book.holder, "holder");
            vm.assertEq(lot.offeredTo, book.offeredTo, "offered to");
            vm.assertEq(Substance.unwrap(lot.substance), book.substance, "substance");
            vm.assertEq(lot.origin, book.origin, "origin");
            vm.assertEq(lot.custody, book.custody, "custody");
            vm.assertEq(lot.isVoid, book.isVoid, "void");
        }
    }

    /// @dev From the ledger's own lots, for each substance and origin: registered = in lots (held or offered) + allocated + retired + lost
    /// + voided + fallen to primary; primary has in addition what fell to it.
    function checkConservation() external view {
        uint40[2] memory substances = [COBALT, NICKEL];
        for (uint256 s = 0; s < 2; ++s) {
            uint256[5] memory inLots;
            for (uint256 i = 0; i < books.length; ++i) {
                IMaterials.Lot memory lot = ledger.materials().lot(books[i].id);
                if (Substance.unwrap(lot.substance) == substances[s]) inLots[lot.origin] += lot.milligrams;
            }
            uint256 fallen;
            for (uint8 origin = 4; origin >= 1; --origin) {
                Account memory account = accounts[substances[s]][origin];
                uint256 income = account.registered + (origin == Origin.PRIMARY ? fallen : 0);
                uint256 outcome = inLots[origin] + account.allocated + account.retired + account.lost + account.voided
                    + account.fallen;
                vm.assertEq(income, outcome, "conserved");
                fallen += account.fallen;
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Custody, IMaterials, LotId, Origin, Substance} from "./interfaces/IMaterials.sol";
import {IssuerId, Kind} from "./interfaces/IPassportLedger.sol";

/// @title Materials
/// @notice Owns lots and their mass. Refuses whatever would make mass, move another's, or claim it stricter than it is.
/// @dev Obeys the ledger that created it, and nobody else: in whose name an act is done has been checked when it comes here. It calls
/// nothing back: it answers what the entry says, and the ledger appends that.
contract Materials is IMaterials {
    uint256 private constant LONGEST_TEXT = 255;
    uint256 private constant MOST_PARTS = 16;
    uint64 private constant MOST_TIME = type(uint40).max;
    uint40 private constant LAST_CAS = 9_999_999_999;
    uint40 private constant FIRST_OWN = 1 << 39;
    /// @dev The same byte in each of 32.
    uint256 private constant ONES = 0x0101010101010101010101010101010101010101010101010101010101010101;
    uint256 private constant SPACES = 0x2020202020202020202020202020202020202020202020202020202020202020;
    uint256 private constant SIXTIES = 0x6060606060606060606060606060606060606060606060606060606060606060;
    uint256 private constant HIGH_BITS = 0x8080808080808080808080808080808080808080808080808080808080808080;

    // A lot, packed by hand, so that an act reads it once and writes it once. From the least significant bit:
    // milligrams (64) | holder (32) | offered to (32) | substance (40) | origin (8) | custody (8) | void (1).
    uint256 private constant MASS_MASK = type(uint64).max;
    uint256 private constant HOLDER_AT = 64;
    uint256 private constant OFFERED_AT = 96;
    uint256 private constant PARTIES_MASK = uint256(type(uint64).max) << HOLDER_AT;
    uint256 private constant SUBSTANCE_AT = 128;
    uint256 private constant ORIGIN_AT = 168;
    uint256 private constant CUSTODY_AT = 176;
    uint256 private constant VOID_BIT = 1 << 184;

    address private immutable _ledger;
    mapping(LotId lot => uint256 packed) private _lots;

    constructor() {
        _ledger = msg.sender;
    }

    /// @inheritdoc IMaterials
    function lot(LotId id) external view returns (Lot memory) {
        uint256 packed = _lots[id];
        return Lot({
            milligrams: _mass(packed),
            holder: uint32(packed >> HOLDER_AT),
            offeredTo: uint32(packed >> OFFERED_AT),
            substance: Substance.wrap(uint40(packed >> SUBSTANCE_AT)),
            origin: uint8(packed >> ORIGIN_AT),
            custody: uint8(packed >> CUSTODY_AT),
            isVoid: packed & VOID_BIT != 0
        });
    }

    // ------------------------------------------------------------------------------------------------ the ledger's doings

    /// @inheritdoc IMaterials
    function perform(uint8 kind, IssuerId issuer, uint32 number, uint16 roles, uint32 other, bytes calldata data)
        external
        returns (bytes32 about)
    {
        _checkLedger();
        uint256 end;
        if (kind == Kind.TRANSFER_ACCEPTED) (about, end) = _accept(issuer, number, other, data);
        else if (kind == Kind.TRANSFER_OFFERED) (about, end) = _offer(issuer, number, other, data);
        else if (kind == Kind.TRANSFORMED) (about, end) = _transform(issuer, number, data);
        else if (kind == Kind.LOT_REGISTERED) (about, end) = _register(issuer, number, roles, data);
        else if (kind == Kind.LOT_SPLIT) (about, end) = _split(issuer, number, data);
        else if (kind == Kind.TRANSFER_REFUSED) (about, end) = _endOffer(issuer, number, data, OFFERED_AT);
        else if (kind == Kind.TRANSFER_WITHDRAWN) (about, end) = _endOffer(issuer, number, data, HOLDER_AT);
        else (about, end) = _use(issuer, number, data);
        if (end != data.length) revert DataMalformed(data.length);
    }

    /// @inheritdoc IMaterials
    function allocate(IssuerId issuer, uint32 number, uint256 size, bytes calldata allocations) external {
        _checkLedger();
        // Each is a lot (32) and milligrams (8), as in the entry.
        uint256 last = 0;
        for (uint256 i = 0; i < allocations.length; i += 40) {
            LotId id = LotId.wrap(bytes32(_read(allocations, i, 32)));
            last = _checkOrder(id, last);
            // No overflow: 64 bits times at most 2^14.
            _take(id, issuer, number, _read(allocations, i + 32, 8) * size);
        }
    }

    /// @inheritdoc IMaterials
    function voidLot(LotId id) external returns (uint64 milligrams) {
        _checkLedger();
        uint256 packed = _existing(id);
        if (packed & VOID_BIT != 0) revert LotVoid(id);
        milligrams = _mass(packed);
        _lots[id] = (packed & ~MASS_MASK) | VOID_BIT;
    }

    // ------------------------------------------------------------------------------------------------------------ acts

    function _register(IssuerId issuer, uint32 number, uint16 roles, bytes calldata data)
        private
        returns (bytes32 about, uint256 end)
    {
        uint256 packed = _checkKind(issuer, roles, data);
        _checkEvent(bytes32(_read(data, 15, 32)));
        bool balances = (packed >> CUSTODY_AT) == Custody.MASS_BALANCE;
        _checkPeriod(balances, _read(data, 47, 8), _read(data, 55, 8));
        _checkCountry(bytes2(uint16(_read(data, 63, 2))));
        LotId id;
        (id, end) = _name(issuer, data, 65);
        (, end) = _readText(data, end);
        _lots[id] = packed | (uint256(number) << HOLDER_AT);
        about = LotId.unwrap(id);
    }

    function _split(IssuerId issuer, uint32 number, bytes calldata data) private returns (bytes32 about, uint256 end) {
        uint256 milligrams = _read(data, 32, 8);
        LotId id;
        (id, end) = _name(issuer, data, 40);
        uint256 packed = _take(LotId.wrap(bytes32(_read(data, 0, 32))), issuer, number, milligrams);
        _lots[id] = (packed & ~MASS_MASK) | milligrams;
        about = LotId.unwrap(id);
    }

    function _offer(IssuerId issuer, uint32 number, uint32 receiver, bytes calldata data)
        private
        returns (bytes32 about, uint256 end)
    {
        uint256 milligrams = _read(data, 64, 8);
        _checkEvent(bytes32(_read(data, 72, 32)));
        LotId id;
        (id, end) = _name(issuer, data, 104);
        uint256 packed = _take(LotId.wrap(bytes32(_read(data, 32, 32))), issuer, number, milligrams);
        _lots[id] = (packed & ~MASS_MASK) | milligrams | (uint256(receiver) << OFFERED_AT);
        about = LotId.unwrap(id);
    }

    function _accept(IssuerId issuer, uint32 number, uint32 sender, bytes calldata data)
        private
        returns (bytes32 about, uint256 end)
    {
        if (data.length < 96) revert DataMalformed(data.length);
        (IssuerId from, LotId id, bytes32 event_) = abi.decode(data, (IssuerId, LotId, bytes32));
        _checkEvent(event_);
        about = LotId.unwrap(id);
        uint256 packed = _existing(id);
        if (packed & VOID_BIT != 0) revert LotVoid(id);
        if (uint32(packed >> OFFERED_AT) != number) revert LotNotHeld(id, issuer);
        if (uint32(packed >> HOLDER_AT) != sender) revert LotNotHeld(id, from);
        _lots[id] = (packed & ~PARTIES_MASK) | (uint256(number) << HOLDER_AT);
        end = 96;
    }

    /// @dev `side` is where the lot's slot names who may.
    function _endOffer(IssuerId issuer, uint32 number, bytes calldata data, uint256 side)
        private
        returns (bytes32 about, uint256 end)
    {
        about = bytes32(_read(data, 0, 32));
        LotId id = LotId.wrap(about);
        uint256 packed = _existing(id);
        if (uint32(packed >> side) != number) revert LotNotHeld(id, issuer);
        if (uint32(packed >> OFFERED_AT) == 0) revert LotOffered(id, false);
        _lots[id] = packed & ~(uint256(type(uint32).max) << OFFERED_AT);
        end = 32;
    }

    function _use(IssuerId issuer, uint32 number, bytes calldata data) private returns (bytes32 about, uint256 end) {
        about = bytes32(_read(data, 0, 32));
        _take(LotId.wrap(about), issuer, number, _read(data, 32, 8));
        end = 40;
    }

    /// @dev What a transformation has taken in and given out so far; by origin, from 1.
    struct Melt {
        uint40 substance;
        uint8 custody;
        uint256[5] entering;
        uint256[5] leaving;
    }

    function _transform(IssuerId issuer, uint32 number, bytes calldata data)
        private
        returns (bytes32 about, uint256 end)
    {
        about = bytes32(_read(data, 0, 32));
        _checkEvent(about);
        (, end) = _readText(data, 64);
        // Begins with zeros: nothing has entered or left.
        // slither-disable-next-line uninitialized-local
        Melt memory melt;
        end = _takeIn(issuer, number, data, end, melt);
        end = _giveOut(issuer, number, data, end, melt);
        _checkConserved(_read(data, 32, 32), melt);
    }

    function _takeIn(IssuerId issuer, uint32 number, bytes calldata data, uint256 start, Melt memory melt)
        private
        returns (uint256 end)
    {
        uint256 count = _readCount(data, start);
        end = start + 1;
        uint256 last = 0;
        for (uint256 i = 0; i < count; ++i) {
            LotId id = LotId.wrap(bytes32(_read(data, end, 32)));
            uint256 milligrams = _read(data, end + 32, 8);
            end += 40;
            last = _checkOrder(id, last);
            uint256 packed = _take(id, issuer, number, milligrams);
            uint40 substance = uint40(packed >> SUBSTANCE_AT);
            if (i != 0 && substance != melt.substance) revert SubstanceNotAllowed(Substance.wrap(substance));
            melt.substance = substance;
            uint8 custody = uint8(packed >> CUSTODY_AT);
            if (custody > melt.custody) melt.custody = custody;
            melt.entering[uint8(packed >> ORIGIN_AT)] += milligrams;
        }
    }

    function _giveOut(IssuerId issuer, uint32 number, bytes calldata data, uint256 start, Melt memory melt)
        private
        returns (uint256 end)
    {
        uint256 count = _readCount(data, start);
        end = start + 1;
        for (uint256 i = 0; i < count; ++i) {
            (uint8 origin, uint8 custody) = (uint8(_read(data, end, 1)), uint8(_read(data, end + 1, 1)));
            uint256 milligrams = _read(data, end + 2, 8);
            if (origin == 0 || origin > Origin.RENEWABLE) revert OriginNotAllowed(origin);
            if (custody < melt.custody || custody > Custody.BOOK_AND_CLAIM) {
                revert CustodyNotAllowed(custody, melt.custody);
            }
            LotId id;
            (id, end) = _name(issuer, data, end + 10);
            if (milligrams == 0) revert MassOutOfRange(id, 0, 0);
            melt.leaving[origin] += milligrams;
            _lots[id] = milligrams | (uint256(number) << HOLDER_AT) | (uint256(melt.substance) << SUBSTANCE_AT)
                | (uint256(origin) << ORIGIN_AT) | (uint256(custody) << CUSTODY_AT);
        }
    }

    /// @dev Of each origin but primary, no more leaves or is lost than enters; what is left of it has fallen to primary. Nothing overflows:
    /// at most 16 parts of 64 bits each.
    function _checkConserved(uint256 lost, Melt memory melt) private pure {
        uint256 primary = melt.entering[Origin.PRIMARY];
        for (uint8 origin = Origin.PRE_CONSUMER; origin <= Origin.RENEWABLE; ++origin) {
            uint256 gone = melt.leaving[origin] + _lostOf(lost, origin);
            if (gone > melt.entering[origin]) revert MassNotConserved(origin, melt.entering[origin], gone);
            primary += melt.entering[origin] - gone;
        }
        uint256 rest = melt.leaving[Origin.PRIMARY] + _lostOf(lost, Origin.PRIMARY);
        if (rest != primary) revert MassNotConserved(Origin.PRIMARY, primary, rest);
    }

    /// @dev Four times 64 bits, primary first.
    function _lostOf(uint256 lost, uint256 origin) private pure returns (uint64) {
        return uint64(lost >> (256 - 64 * origin));
    }

    // ------------------------------------------------------------------------------------------------------------ lots

    /// @dev Takes mass out of a lot that the issuer holds and has offered to nobody. The lot as it was.
    function _take(LotId id, IssuerId issuer, uint32 number, uint256 milligrams) private returns (uint256 packed) {
        packed = _existing(id);
        if (packed & VOID_BIT != 0) revert LotVoid(id);
        if (uint32(packed >> HOLDER_AT) != number) revert LotNotHeld(id, issuer);
        if (uint32(packed >> OFFERED_AT) != 0) revert LotOffered(id, true);
        uint256 held = packed & MASS_MASK;
        if (milligrams == 0 || milligrams > held) revert MassOutOfRange(id, milligrams, held);
        unchecked {
            _lots[id] = packed - milligrams; // Bounded by what is in the lowest bits.
        }
    }

    function _existing(LotId id) private view returns (uint256 packed) {
        packed = _lots[id];
        if (packed == 0) revert LotUnknown(id);
    }

    /// @dev The id of a lot that is new, from its label at `start`. An empty lot keeps its holder in its slot: no id is ever free again.
    function _name(IssuerId issuer, bytes calldata data, uint256 start) private view returns (LotId id, uint256 end) {
        bytes calldata label;
        (label, end) = _readText(data, start);
        // SHA-256 by the precompile, from where the parts are put together, in free memory.
        // slither-disable-next-line assembly
        assembly ("memory-safe") {
            let text := mload(0x40)
            mstore(text, issuer)
            calldatacopy(add(text, 0x20), label.offset, label.length)
            if iszero(staticcall(gas(), 2, text, add(0x20, label.length), 0, 0x20)) { revert(0, 0) }
            id := mload(0)
        }
        if (_lots[id] != 0) revert LotAlreadyNamed(id);
    }

    function _mass(uint256 packed) private pure returns (uint64) {
        return uint64(packed & MASS_MASK);
    }

    // ---------------------------------------------------------------------------------------------------------- checks

    function _checkLedger() private view {
        if (msg.sender != _ledger) revert LedgerOnly(msg.sender);
    }

    /// @dev Substance, origin, custody and mass, as the slot has them.
    function _checkKind(IssuerId issuer, uint16 roles, bytes calldata data) private pure returns (uint256) {
        uint40 substance = uint40(_read(data, 0, 5));
        (uint8 origin, uint8 custody) = (uint8(_read(data, 5, 1)), uint8(_read(data, 6, 1)));
        uint256 milligrams = _read(data, 7, 8);
        if (substance == 0 || (substance > LAST_CAS && substance < FIRST_OWN)) {
            revert SubstanceNotAllowed(Substance.wrap(substance));
        }
        if (origin == 0 || origin > Origin.RENEWABLE) revert OriginNotAllowed(origin);
        if (roles & _rolesFor(origin) == 0) revert RoleMissing(issuer, origin);
        if (custody == 0 || custody > Custody.BOOK_AND_CLAIM) revert CustodyNotAllowed(custody, 0);
        if (milligrams == 0) revert MassOutOfRange(LotId.wrap(0), 0, 0);
        return milligrams | (uint256(substance) << SUBSTANCE_AT) | (uint256(origin) << ORIGIN_AT)
            | (uint256(custody) << CUSTODY_AT);
    }

    /// @dev Roles are bits (IPassportLedger): extractor 2, grower 3, refiner 4, recycler 5.
    function _rolesFor(uint8 origin) private pure returns (uint16) {
        if (origin == Origin.PRIMARY) return 1 << 2;
        return origin == Origin.RENEWABLE ? (1 << 3) | (1 << 4) : 1 << 5;
    }

    function _checkPeriod(bool balances, uint256 from, uint256 until) private pure {
        bool isPeriod = from < until && until <= MOST_TIME;
        if (balances ? !isPeriod : (from | until) != 0) revert PeriodNotAllowed(from, until);
    }

    function _checkEvent(bytes32 event_) private pure {
        if (event_ == 0) revert EventMissing();
    }

    function _checkCountry(bytes2 country) private pure {
        (bytes1 first, bytes1 second) = (country[0], country[1]);
        if (first < "A" || first > "Z" || second < "A" || second > "Z") revert CountryMalformed(country);
    }

    /// @dev In ascending order each once, so that nothing is taken from one lot in two ways.
    function _checkOrder(LotId id, uint256 last) private pure returns (uint256 next) {
        next = uint256(LotId.unwrap(id));
        if (next <= last) revert LotOutOfOrder(id);
    }

    /// @dev So many bytes, big-endian.
    function _read(bytes calldata data, uint256 start, uint256 size) private pure returns (uint256 value) {
        unchecked {
            if (start + size > data.length) revert DataMalformed(data.length); // Far below 2^256.
            // Slices, checked again and masked, take three times the gas.
            // slither-disable-next-line assembly
            assembly ("memory-safe") {
                value := shr(sub(256, mul(8, size)), calldataload(add(data.offset, start)))
            }
        }
    }

    function _readCount(bytes calldata data, uint256 position) private pure returns (uint256 count) {
        count = _read(data, position, 1);
        if (count == 0 || count > MOST_PARTS) revert CountOutOfRange(count, MOST_PARTS);
    }

    /// @dev What is in an entry must be readable for ever: 1 to 255 bytes of printable ASCII, after 2 bytes of length.
    function _readText(bytes calldata data, uint256 start) private pure returns (bytes calldata text, uint256 end) {
        uint256 length = _read(data, start, 2);
        end = start + 2 + length;
        if (length == 0 || length > LONGEST_TEXT) revert TextNotAllowed(start);
        if (end > data.length) revert DataMalformed(data.length);
        text = data[start + 2:end];
        // 32 characters at once. With no byte above 0x7f nothing is carried from one to the next: 0x60 more takes all from 0x20 on beyond
        // 0x7f, and 0x01 more none below 0x7f.
        for (uint256 i = 0; i < length; i += 32) {
            uint256 word;
            // 32 bytes at once; what lies beyond the text is masked below.
            // slither-disable-next-line assembly
            assembly ("memory-safe") {
                word := calldataload(add(text.offset, i))
            }
            // What follows the text counts as spaces.
            if (length - i < 32) {
                uint256 rest = type(uint256).max >> (8 * (length - i));
                word = (word & ~rest) | (SPACES & rest);
            }
            bool isPrintable;
            unchecked {
                isPrintable =
                    word & HIGH_BITS == 0 && (word + SIXTIES) & HIGH_BITS == HIGH_BITS && (word + ONES) & HIGH_BITS == 0;
            }
            if (!isPrintable) revert TextNotAllowed(start);
        }
    }
}

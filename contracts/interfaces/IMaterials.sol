// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IssuerId} from "./IPassportLedger.sol";

/// SHA-256 of the issuer that named a lot (32 bytes) and the label it gave it.
type LotId is bytes32;

/// What is in a lot: 1 to 9,999,999,999 is a CAS Registry Number without its hyphens; from 2^39 on, a number of our own list.
type Substance is uint40;

/// Where a lot's matter came from (EN 45557). It never changes but to primary.
library Origin {
    uint8 internal constant PRIMARY = 1;
    uint8 internal constant PRE_CONSUMER = 2;
    uint8 internal constant POST_CONSUMER = 3;
    uint8 internal constant RENEWABLE = 4;
}

/// Chain-of-custody models (ISO 22095), from the strictest to the weakest. They never change but to a weaker one.
library Custody {
    uint8 internal constant IDENTITY_PRESERVED = 1;
    uint8 internal constant SEGREGATED = 2;
    uint8 internal constant CONTROLLED_BLENDING = 3;
    uint8 internal constant MASS_BALANCE = 4;
    uint8 internal constant BOOK_AND_CLAIM = 5;
}

/// @title Materials
/// @notice Where material went: lots of one substance each, in integer milligrams of that substance, whose mass is conserved.
///
/// # Acts and their entries
/// Each act is done in the name of an issuer and needs the purpose operate. Its `data` is packed as entries are (IPassportLedger), and the
/// entry's body is the issuer (32), its roles (2) and that data: what is signed is what is written down. A lot's id is
/// SHA-256(issuer | label); an id is used once, for ever. A string is 2 bytes of length and 1 to 255 bytes of printable ASCII.
///
///     40 LOT_REGISTERED      substance (5) | origin (1) | custody (1) | milligrams (8) | event (32)
///                            | balance period: from (8), until (8) | country (2) | label (string) | facility (string)
///     41 LOT_SPLIT           lot (32) | milligrams (8) | label of the new lot (string)
///     42 TRANSFER_OFFERED    receiver (32) | lot (32) | milligrams (8) | event (32) | label of the new lot (string), which is offered
///     43 TRANSFER_ACCEPTED   sender (32) | lot (32) | event (32)
///     44 TRANSFER_REFUSED    lot (32), which stays the sender's
///     45 TRANSFER_WITHDRAWN  lot (32); also where the sender is suspended
///     46 TRANSFORMED         event (32) | lost milligrams of each origin (4 x 8) | process (string)
///                            | number of inputs (1) | per input: lot (32) | milligrams (8)
///                            | number of outputs (1) | per output: origin (1) | custody (1) | milligrams (8) | label (string)
///     47 LOT_RETIRED         lot (32) | milligrams (8)
///     48 LOT_LOST            lot (32) | milligrams (8)
///
/// The accreditor's doing, without issuer and roles before it:
///
///     49 LOT_VOIDED          lot (32) | milligrams (8) that were in it, which are gone
///
/// An event is the SHA-256 of the credential that describes what happened. A country is two capital letters (ISO 3166-1). A balance period
/// is stated for mass balance, and for it alone.
///
/// # Conservation
/// For each substance and origin: registered = held + offered + allocated + retired + lost + voided + fallen to primary; and for primary,
/// registered + fallen to it = the same sum. A batch's allocations take milligrams per credential times the batch's size.
interface IMaterials {
    // ----------------------------------------------------------------------------------------------------------- errors

    error LedgerOnly(address caller);
    error LotUnknown(LotId lot);
    error LotAlreadyNamed(LotId lot);
    error LotNotHeld(LotId lot, IssuerId issuer);
    /// @notice It is offered to somebody, or not, as the act would have it.
    error LotOffered(LotId lot, bool offered);
    error LotVoid(LotId lot);
    error MassOutOfRange(LotId lot, uint256 milligrams, uint256 held);
    error OriginNotAllowed(uint8 origin);
    error CustodyNotAllowed(uint8 custody, uint8 weakest);
    error SubstanceNotAllowed(Substance substance);
    error RoleMissing(IssuerId issuer, uint8 origin);
    error PeriodNotAllowed(uint256 from, uint256 until);
    error CountryMalformed(bytes2 country);
    error EventMissing();
    /// @notice A string is missing, too long, or has a character that is not printable ASCII.
    error TextNotAllowed(uint256 position);
    error CountOutOfRange(uint256 count, uint256 most);
    /// @notice Lots are given in ascending order, each once.
    error LotOutOfOrder(LotId lot);
    /// @notice More of an origin leaves a transformation than enters it, or the masses do not add up.
    error MassNotConserved(uint8 origin, uint256 entering, uint256 leaving);
    /// @notice The data of an act is shorter or longer than what it says.
    error DataMalformed(uint256 length);

    // ---------------------------------------------------------------------------------------------------------- structs

    /// @notice What is kept of a lot, in one slot. A lot that was never named has no holder.
    /// @param holder Number of the issuer (IPassportLedger.IssuerFacts).
    /// @param offeredTo Number of the issuer, or zero.
    struct Lot {
        uint64 milligrams;
        uint32 holder;
        uint32 offeredTo;
        Substance substance;
        uint8 origin;
        uint8 custody;
        bool isVoid;
    }

    // ------------------------------------------------------------------------------------------------------------ reads

    function lot(LotId id) external view returns (Lot memory);

    // ------------------------------------------------------------------------------------------------ the ledger's doings

    /// @notice Does one act. `about` is the lot that it makes or concerns, or the event of a transformation.
    /// @param number Of the issuer; `other` of the receiver (42) or sender (43), which the ledger has seen to be in good standing.
    function perform(uint8 kind, IssuerId issuer, uint32 number, uint16 roles, uint32 other, bytes calldata data)
        external
        returns (bytes32 about);

    /// @notice Takes what each of `size` credentials consumes. Lots in ascending order, each once.
    function allocate(IssuerId issuer, uint32 number, uint256 size, bytes calldata allocations) external;

    function voidLot(LotId id) external returns (uint64 milligrams);
}

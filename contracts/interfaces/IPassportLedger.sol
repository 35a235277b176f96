// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMaterials, LotId} from "./IMaterials.sol";

/// SHA-256 of an issuer's DID, as UTF-8 bytes.
type IssuerId is bytes32;
/// RFC 7638 thumbprint (SHA-256) of a public key's JWK.
type KeyId is bytes32;
/// Root of the RFC 9162 tree over the SHA-256 digests of a batch's credentials.
type BatchRoot is bytes32;

/// What an entry says happened. The number is byte 1 of the entry. 0x40 to 0x4f are materials'.
library Kind {
    uint8 internal constant OPENED = 0x01;
    uint8 internal constant ROLE_GRANTED = 0x02;
    uint8 internal constant ROLE_REVOKED = 0x03;
    uint8 internal constant ADMIN_TRANSFER_BEGUN = 0x04;
    uint8 internal constant ADMIN_TRANSFER_CANCELLED = 0x05;
    uint8 internal constant ADMIN_DELAY_CHANGE_BEGUN = 0x06;
    uint8 internal constant ADMIN_DELAY_CHANGE_CANCELLED = 0x07;
    uint8 internal constant PAUSED = 0x08;
    uint8 internal constant UNPAUSED = 0x09;
    uint8 internal constant CLOSED = 0x0a;
    uint8 internal constant ACCREDITED = 0x10;
    uint8 internal constant SUSPENDED = 0x11;
    uint8 internal constant REINSTATED = 0x12;
    uint8 internal constant WITHDRAWN = 0x13;
    uint8 internal constant ROLES_ASSIGNED = 0x14;
    uint8 internal constant PREFIX_GRANTED = 0x15;
    uint8 internal constant PREFIX_TAKEN_BACK = 0x16;
    uint8 internal constant CONTROLLER_PROPOSED = 0x17;
    uint8 internal constant CONTROLLER_CHANGED = 0x18;
    uint8 internal constant SUBMITTER_APPOINTED = 0x19;
    uint8 internal constant SUBMITTER_DISMISSED = 0x1a;
    uint8 internal constant KEY_ADDED = 0x1b;
    uint8 internal constant KEY_RETIRED = 0x1c;
    uint8 internal constant KEY_COMPROMISED = 0x1d;
    uint8 internal constant ANCHORED = 0x20;
    uint8 internal constant STATUS_SET = 0x30;
    uint8 internal constant LOT_REGISTERED = 0x40;
    uint8 internal constant LOT_SPLIT = 0x41;
    uint8 internal constant TRANSFER_OFFERED = 0x42;
    uint8 internal constant TRANSFER_ACCEPTED = 0x43;
    uint8 internal constant TRANSFER_REFUSED = 0x44;
    uint8 internal constant TRANSFER_WITHDRAWN = 0x45;
    uint8 internal constant TRANSFORMED = 0x46;
    uint8 internal constant LOT_RETIRED = 0x47;
    uint8 internal constant LOT_LOST = 0x48;
    uint8 internal constant LOT_VOIDED = 0x49;
}

/// Who acted: byte 18 of an entry.
library ActorKind {
    uint8 internal constant CONTROLLER = 1;
    uint8 internal constant SUBMITTER = 2;
    uint8 internal constant KEY = 3;
    uint8 internal constant ACCREDITOR = 4;
    uint8 internal constant ADMIN = 5;
}

/// What a key may do; bits of a set.
library Purpose {
    uint16 internal constant ASSERT = 1;
    uint16 internal constant OPERATE = 2;
    uint16 internal constant REVOKE = 4;
    uint16 internal constant ADMINISTER = 8;
    uint16 internal constant ALL = 15;
}

library Algorithm {
    uint8 internal constant ES256 = 1;
    uint8 internal constant ED25519 = 2;
}

library Status {
    uint8 internal constant REVOKED = 1;
    uint8 internal constant SUPERSEDED = 2;
}

library Reason {
    uint8 internal constant ERROR = 1;
    uint8 internal constant RECALL = 2;
    uint8 internal constant KEY_COMPROMISE = 3;
    uint8 internal constant WITHDRAWN = 4;
    uint8 internal constant BY_AUTHORITY = 5;
}

/// @title PassportLedger
/// @notice A transparency log (RFC 9162) of everything that happens to passports' issuers, batches and status, kept by a contract.
///
/// # Entries
/// Every change of state appends one entry. An entry is a byte string; integers are big-endian and unsigned, an address is 20 bytes,
/// a `string` is a 2-byte length followed by that many bytes of printable ASCII. Nothing is padded or aligned. An entry has at
/// most 8,192 bytes.
///
/// Header, 51 bytes, the same for every kind:
///
///     offset size  field
///     0      1     version, 1
///     1      1     kind (see the library `Kind`)
///     2      8     number of the block that made the entry
///     10     8     time of that block, seconds since 1970-01-01T00:00:00Z
///     18     1     actor's kind: 1 controller, 2 submitter, 3 key, 4 accreditor, 5 admin
///     19     32    actor: the account, left-padded with 12 zero bytes, or the key's thumbprint (kind 3)
///
/// Body, by kind:
///
///     01 OPENED                        chain id (32) | ledger's address (20). Always and only entry 0; the actor is the first admin
///     02 ROLE_GRANTED                  role (32) | account (20). The admin's role is taken: its new holder is the actor (entry 1, or
///                                      an accepted transfer, which makes 03 for the old admin and 02, and leaves no transfer pending)
///     03 ROLE_REVOKED                  role (32) | account (20). An accreditor that gives its role up is the actor
///     04 ADMIN_TRANSFER_BEGUN          account (20) | may be accepted after this time (8). Replaces one that is pending; so does 06
///     05 ADMIN_TRANSFER_CANCELLED
///     06 ADMIN_DELAY_CHANGE_BEGUN      new delay in seconds (8) | in force after this time (8)
///     07 ADMIN_DELAY_CHANGE_CANCELLED
///     08 PAUSED
///     09 UNPAUSED
///     0a CLOSED                        successor's chain id (32) | address (20) | code hash (32). The last entry there can be
///     10 ACCREDITED                    issuer (32) | number (4) | roles (2) | controller (20, zero for none) | DID (string)
///     11 SUSPENDED                     issuer (32)
///     12 REINSTATED                    issuer (32)
///     13 WITHDRAWN                     issuer (32) | since (8)
///     14 ROLES_ASSIGNED                issuer (32) | roles (2)
///     15 PREFIX_GRANTED                issuer (32) | grant's number (4) | prefix (string)
///     16 PREFIX_TAKEN_BACK             issuer (32) | grant's number (4) | prefix (string) | since (8)
///     17 CONTROLLER_PROPOSED           issuer (32) | account (20, zero takes a proposal back)
///     18 CONTROLLER_CHANGED            issuer (32) | account (20). The actor is the new controller
///     19 SUBMITTER_APPOINTED           issuer (32) | account (20)
///     1a SUBMITTER_DISMISSED           issuer (32) | account (20)
///     1b KEY_ADDED                     issuer (32) | thumbprint (32) | algorithm (1) | purposes (2) | x (32) | y (32, zero for Ed25519)
///     1c KEY_RETIRED                   issuer (32) | thumbprint (32) | at (8)
///     1d KEY_COMPROMISED               issuer (32) | thumbprint (32) | since (8)
///     20 ANCHORED                      issuer (32) | its roles (2) | root (32) | size (2) | SHA-256 of the manifest (32)
///                                      | number of allocations (1) | per allocation: lot (32) | milligrams per credential (8)
///     30 STATUS_SET                    issuer (32) | list (8) | status (1): 1 revoked, 2 superseded | reason (1)
///                                      | number of words (1) | per word: word's number (2) | bits that this entry set (32)
///     40 to 49                         what happened to lots: see IMaterials
///
/// Algorithms: 1 ES256 (P-256), 2 Ed25519. Purposes are bits: 1 assert, 2 operate, 4 revoke, 8 administer.
/// Reasons: 1 error, 2 recall, 3 key compromise, 4 withdrawn, 5 by authority.
/// Roles are bits, from bit 0: manufacturer, dataPublisher, extractor, grower, refiner, recycler, refurbisher, certifier,
/// facilityOperator, registrar; bits 10 to 15 are kept.
/// Place `i` of a status list is bit `i % 256`, counted from the least significant, of word `i / 256`; a list has 131,072 places.
///
/// # Journal
/// Entry `n` is leaf `n` of an RFC 9162 (2.1) Merkle tree: leaf `SHA-256(0x00 || entry)`, node `SHA-256(0x01 || left || right)`.
///
/// # Time
/// A right holds for start <= time < end. Times are block times in seconds, below 2^40; 0 stands for "never". An end may be put earlier
/// and never later: retirement is now or to come, the other ends (since) are past or now.
///
/// # Changes without an entry
/// A relayed call counts its key's nonce up. It makes at least one entry, by the actor that is this key, or reverts.
interface IPassportLedger {
    // ----------------------------------------------------------------------------------------------------------- events

    /// @notice Entry `index` of the journal.
    /// @param issuer Whom it concerns, or zero.
    /// @param about What it concerns besides: role (02, 03), grant as in `Question` (15, 16), key (1b to 1d), batch root (20), list number
    /// (30), lot (40 to 49, but 46: event), or zero.
    event Entry(uint64 indexed index, IssuerId indexed issuer, bytes32 indexed about, bytes entry);

    // ----------------------------------------------------------------------------------------------------------- errors

    error LedgerClosed();
    error EntryTooLong(uint256 length);
    /// @notice The ledger knows the default admin role and ACCREDITOR_ROLE.
    error RoleUnknown(bytes32 role);
    /// @notice There is no admin transfer or delay change to cancel, or the one asked for is already scheduled for that time.
    error NothingToChange();
    /// @notice A DID or prefix has 1 to 255 bytes.
    error TextLengthOutOfRange(uint256 length);
    /// @notice A DID or prefix is of printable ASCII without spaces, 0x21 to 0x7e.
    error TextNotPrintable(uint256 position, bytes1 character);
    error TimeOutOfRange(uint256 time, uint256 earliest, uint256 latest);
    error DeadlinePassed(uint64 deadline, uint256 time);

    error IssuerUnknown(IssuerId issuer);
    error IssuerAlreadyAccredited(IssuerId issuer);
    error IssuerSuspended(IssuerId issuer);
    error SuspensionUnchanged(IssuerId issuer, bool suspended);
    error IssuerWithdrawn(IssuerId issuer);
    error RolesUnchanged(IssuerId issuer, uint16 roles);
    error GrantUnknown(IssuerId issuer, bytes32 grant);
    error GrantAlreadyMade(IssuerId issuer, bytes32 grant);
    error ControllerUnchanged(IssuerId issuer, address account);
    error ControllerNotProposed(IssuerId issuer, address account);
    error SubmitterUnchanged(IssuerId issuer, address account);

    error KeyUnknown(IssuerId issuer, KeyId key);
    error KeyAlreadyAdded(IssuerId issuer, KeyId key);
    error KeyNotInForce(IssuerId issuer, KeyId key);
    error AlgorithmNotAllowed(uint8 algorithm);
    error PublicKeyMalformed(bytes32 x, bytes32 y);
    error PurposesNotAllowed(uint8 algorithm, uint16 purposes);
    error SignatureInvalid(KeyId key, bytes32 digest);
    error NonceUnexpected(KeyId key, uint64 nonce, uint64 expected);

    error NotAuthorized(IssuerId issuer, address account);
    error PurposeMissing(IssuerId issuer, KeyId key, uint16 purpose);
    error ControllerOnly(IssuerId issuer, address controller);
    error NoActs();
    error ActUnknown(uint8 kind);

    error BatchSizeOutOfRange(uint256 size, uint256 largest);
    error ManifestMissing(BatchRoot root);
    /// @notice A batch draws on at most 64 lots.
    error AllocationsNotAllowed(uint256 count);

    error StatusUnknown(uint8 status);
    error ReasonNotAllowed(uint8 reason);
    error WordCountOutOfRange(uint256 count, uint256 most);
    /// @notice Words are numbered 0 to 511 and given in ascending order, each once.
    error WordOutOfOrder(uint256 number);
    error NothingToSet(IssuerId issuer, uint64 list);

    // ---------------------------------------------------------------------------------------------------------- structs

    /// @notice One thing done in an issuer's name: `kind` is that of the entry it makes, `data` its arguments, ABI-encoded:
    ///
    ///     17 CONTROLLER_PROPOSED   (address account)
    ///     19 SUBMITTER_APPOINTED   (address account)
    ///     1a SUBMITTER_DISMISSED   (address account)
    ///     1b KEY_ADDED             (PublicKey key, uint16 purposes, uint64 deadline, bytes proof); see `accredit` for the proof
    ///     1c KEY_RETIRED           (KeyId key, uint64 at)
    ///     1d KEY_COMPROMISED       (KeyId key, uint64 since)
    ///     20 ANCHORED              (BatchRoot root, uint256 size, bytes32 manifest, Allocation[] allocations)
    ///     30 STATUS_SET            (uint64 list, uint8 status, uint8 reason, Word[] words)
    ///     40 to 48                 what is done to lots, packed: see IMaterials
    ///
    /// A key needs the purpose: operate for 20, 40 to 48 and for 30 with superseded; revoke for 30 with revoked; administer for the others.
    /// A controller may do all of them; 17 is the controller's alone where there is one. A key must be in force at each act: neither
    /// retired nor marked compromised, not even by an act before it in the list. A suspended issuer may still set revoked bits and end
    /// keys (1c, 1d) and withdraw offers (45); a withdrawn one does nothing.
    struct Act {
        uint8 kind;
        bytes data;
    }

    /// @notice A public key. `algorithm` 1: P-256, affine x and y. 2: Ed25519, `x` the 32 bytes of RFC 8032, `y` zero.
    struct PublicKey {
        uint8 algorithm;
        bytes32 x;
        bytes32 y;
    }

    /// @notice What each credential of a batch consumes of a lot, in milligrams of contained substance.
    struct Allocation {
        LotId lot;
        uint64 milligrams;
    }

    /// @notice 256 places of a status list. `number` < 512.
    struct Word {
        uint16 number;
        uint256 bits;
    }

    /// @notice What a verifier asks about, for one credential. Anything may be zero: its answer is then zero.
    /// @param grant SHA-256 of the grant's number (4 bytes, big-endian) and the prefix.
    struct Question {
        IssuerId issuer;
        KeyId key;
        bytes32 grant;
        uint64 list;
        uint16 word;
    }

    /// @notice What the ledger keeps of an issuer, in one slot.
    struct IssuerFacts {
        uint32 number; // from 1; 0: not accredited
        uint16 roles;
        bool suspended;
        uint40 withdrawnSince; // 0: never
        address controller; // 0: none
    }

    /// @notice What the ledger keeps of an issuer's key, in one slot.
    struct KeyFacts {
        uint16 purposes; // 0: not registered
        uint40 validFrom;
        uint40 retiredAt; // 0: never
        uint40 compromisedSince; // 0: never
        uint64 nonce; // of the next relayed call
    }

    /// @notice What the ledger keeps of a grant, in one slot.
    struct GrantFacts {
        uint40 from; // 0: not granted
        uint40 until; // 0: never taken back
    }

    /// @notice All that a verifier needs to know of the ledger, at one block.
    /// @param peaks Roots of the perfect subtrees that make up the journal, largest (leftmost) first.
    struct Facts {
        uint64 blockNumber;
        uint64 blockTime;
        bool paused;
        bool closed;
        uint64 size;
        bytes32[] peaks;
        IssuerFacts issuer;
        KeyFacts key;
        GrantFacts grant;
        uint256 revoked;
        uint256 superseded;
    }

    // ------------------------------------------------------------------------------------------------------------ reads

    /// @notice The answer to `question`, with the tree head of the same block.
    function facts(Question calldata question) external view returns (Facts memory);

    /// @notice The journal's size, its peaks (largest first) and its RFC 9162 root.
    function treeHead() external view returns (uint64 size, bytes32[] memory peaks, bytes32 root);

    /// @notice Whether `account` may anchor for `issuer`.
    function isSubmitter(IssuerId issuer, address account) external view returns (bool);

    /// @notice Where material went. The ledger made it, and it obeys nobody else.
    function materials() external view returns (IMaterials);

    /// @notice The account that may accept to be `issuer`'s controller, or zero.
    function proposedController(IssuerId issuer) external view returns (address);

    // ---------------------------------------------------------------------------------------------- the issuer's doings

    /// @notice Anchors a batch. By the issuer's controller or one of its submitters.
    /// @param size Number of credentials, 1 to 16,384.
    /// @param manifest SHA-256 of the batch's manifest; not zero.
    function anchor(IssuerId issuer, BatchRoot root, uint256 size, bytes32 manifest, Allocation[] calldata allocations)
        external;

    /// @notice Does `acts` in the name of `issuer`, all or nothing. By its controller.
    function act(IssuerId issuer, Act[] calldata acts) external;

    /// @notice Does `acts` in the name of `issuer`, all or nothing. By anyone who brings the signature of one of its P-256 keys.
    ///
    /// The signed message is EIP-712, `Relay(bytes32 issuer,bytes32 key,Act[] acts,uint64 nonce,uint64 deadline)Act(uint8 kind,bytes data)`
    /// with domain name "PassportLedger", version "1", this chain and this address; the ES256 signature (r, s; low s) is over
    /// SHA-256(0x1901 || domain separator || struct hash).
    function relay(
        IssuerId issuer,
        PublicKey calldata key,
        Act[] calldata acts,
        uint64 nonce,
        uint64 deadline,
        bytes calldata signature
    ) external;

    /// @notice Makes the caller, whom the issuer proposed, its controller.
    function acceptController(IssuerId issuer) external;

    // ------------------------------------------------------------------------------------------ the accreditor's doings

    /// @notice Admits an issuer with its first key (P-256). Makes two entries, ACCREDITED and KEY_ADDED.
    /// @param did 1 to 255 bytes of printable ASCII, without spaces.
    /// @param proof ES256 signature (r, s; low s) by `key` over SHA-256 of the EIP-712 bytes of
    /// `KeyPossession(bytes32 issuer,address controller,uint16 purposes,uint64 deadline)`, the issuer being SHA-256 of the DID.
    /// The same message, with the controller of that time, proves possession in KEY_ADDED acts. There, Ed25519 keys come with an empty
    /// proof and the purpose assert alone.
    function accredit(
        string calldata did,
        uint16 roles,
        address controller,
        PublicKey calldata key,
        uint16 purposes,
        uint64 deadline,
        bytes calldata proof
    ) external;

    /// @notice Nothing but an earlier withdrawal, prefixes taken back and revocations concerns a withdrawn issuer any more; the other
    /// functions refuse it.
    function suspend(IssuerId issuer) external;
    function reinstate(IssuerId issuer) external;

    /// @notice Ends an issuer: what it anchored at `since` or later does not count. Final; `since` may only move earlier.
    function withdraw(IssuerId issuer, uint64 since) external;

    function assignRoles(IssuerId issuer, uint16 roles) external;

    /// @notice Lets `issuer` speak of subjects under `prefix` (1 to 255 bytes of printable ASCII, without spaces). A number and prefix
    /// are used once.
    function grantPrefix(IssuerId issuer, uint32 number, string calldata prefix) external;

    /// @notice Ends a grant since a time that is not in the future and may only move earlier.
    function takeBackPrefix(IssuerId issuer, uint32 number, string calldata prefix, uint64 since) external;

    /// @notice Revokes in an issuer's list, with the reason "by authority", also where the issuer is suspended or withdrawn. As in
    /// STATUS_SET acts: 1 to 200 words in ascending order; bits set before are left out of the entry; without any new bit it reverts.
    function revokeByAuthority(IssuerId issuer, uint64 list, Word[] calldata words) external;

    /// @notice Takes a lot that should not be out of circulation, with what is in it. What flowed from it is judged by its sources.
    function voidLot(LotId lot) external;

    // ----------------------------------------------------------------------------------------------- the admin's doings

    /// @notice Stops new anchors. Reading, revoking and ending keys go on.
    function pause() external;
    function unpause() external;

    /// @notice Makes the last entry: what follows this ledger.
    function close(uint256 chainId, address successor, bytes32 codeHash) external;
}

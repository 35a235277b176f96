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
} from "../../../contracts/interfaces/IPassportLedger.sol";
import {PassportLedger} from "../../../contracts/PassportLedger.sol";
import {LedgerTest} from "./LedgerTest.sol";
import {Rfc9162} from "./Rfc9162.sol";
import {Tally} from "./Tally.sol";
import {vm, Vm} from "./Vm.sol";

/// @notice Calls the ledger at random, and keeps a model of its own: what each call may do, what the state is after it, and the leaf of
/// every entry. A call that the model allows and the ledger refuses, or the other way round, is a failure; so is one that succeeds
/// without an entry, or fails with one.
contract Handler is LedgerTest, Tally {
    struct Issuer {
        string did;
        bool known;
        bool suspended;
        uint64 withdrawnSince;
        uint16 roles;
        uint32 number;
        address controller;
        address proposed;
        uint256[] secrets;
    }

    struct Key {
        uint16 purposes;
        uint64 validFrom;
        uint64 retiredAt;
        uint64 compromisedSince;
        uint64 nonce;
    }

    struct Grant {
        uint64 from;
        uint64 until;
    }

    /// @dev An act, and what the model says of it: `valid` leaves out who acts.
    struct Plan {
        IPassportLedger.Act act;
        uint16 purpose;
        bool evenSuspended;
        bool valid;
        uint256 subject;
        uint256 value;
    }

    uint256 internal constant ISSUERS = 3;
    uint256 internal constant MOST_KEYS = 5;

    address[7] internal callers;
    bytes32[] public leaves;
    bool public closed;
    bool public paused;
    uint32 private _accredited;

    mapping(uint256 issuer => Issuer) internal model;
    mapping(uint256 issuer => mapping(uint256 secret => Key)) internal keys;
    mapping(uint256 issuer => mapping(uint256 number => Grant)) internal grants;
    mapping(uint256 issuer => mapping(address account => bool)) internal submitters;
    mapping(uint256 issuer => mapping(uint64 list => mapping(uint8 status => mapping(uint16 word => uint256)))) internal
        bits;

    // What happened, so that the invariants can tell that everything did.
    mapping(bytes32 what => uint256) public count;
    uint256 public calls;

    function setUp() public override {
        vm.warp(NOW);
        vm.recordLogs();
        ledger = new PassportLedger(ADMIN_DELAY, admin);
        accreditorRole = ledger.ACCREDITOR_ROLE();
        vm.prank(admin);
        ledger.grantRole(accreditorRole, accreditor);
        keep(3);
        callers = [controller, submitter, stranger, accreditor, admin, makeAddress("second"), makeAddress("third")];
        model[0].did = "did:web:first.example";
        model[1].did = "did:web:second.example";
        model[2].did = "did:web:third.example";
        for (uint256 i = 0; i < ISSUERS; ++i) {
            accreditIssuer(uint8(i), uint8(3), 15);
        }
        // The second issuer has no controller; see accreditIssuer.
        vm.assertEq(model[1].controller, address(0), "no controller");
    }

    // ------------------------------------------------------------------------------------------------- random calls

    function passTime(uint16 some) external {
        vm.warp(block.timestamp + some % 600 + 1);
        vm.roll(block.number + 1);
        ++calls;
    }

    /// @dev By account: the right ones and all others.
    function anchorByAccount(uint8 issuer, uint8 caller, uint16 size, bytes32 root) external {
        (uint256 i, address from) = (issuer % ISSUERS, callers[caller % callers.length]);
        uint256 batch = size % 8 == 0 ? uint256(size) : uint256(size) % 16_384 + 1;
        bool authorized = (from == model[i].controller) || submitters[i][from];
        bool allowed = authorized && mayAct(i, false) && !paused && batch >= 1 && batch <= 16_384;
        if (model[i].suspended) ++count["anchors of suspended issuers"];
        if (!authorized) ++count["anchors without authority"];
        bytes memory call = abi.encodeCall(ledger.anchor, (idOf(i), BatchRoot.wrap(root), batch, MANIFEST, none()));
        if (attempt(from, call, allowed, 1)) ++count["anchors"];
    }

    function actByAccount(uint8 issuer, uint8 caller, uint256 seed) external {
        (uint256 i, address from) = (issuer % ISSUERS, callers[caller % callers.length]);
        // Half of the calls by whoever is the controller, so that much succeeds.
        if (seed % 2 == 0 && model[i].controller != address(0)) from = model[i].controller;
        Plan memory p = plan(i, seed >> 1);
        bool authorized = from == model[i].controller;
        if (submitters[i][from] && !authorized) ++count["other acts of submitters"];
        bool allowed = authorized && p.valid && mayAct(i, p.evenSuspended);
        if (attempt(from, abi.encodeCall(ledger.act, (idOf(i), one(p.act.kind, p.act.data))), allowed, 1)) {
            if (model[i].suspended) ++count["acts of suspended issuers"];
            happen(i, p);
        }
    }

    function relayByKey(uint8 issuer, uint8 pick, uint8 caller, uint256 seed) external {
        uint256 i = issuer % ISSUERS;
        if (model[i].secrets.length == 0) return;
        uint256 secret = model[i].secrets[pick % model[i].secrets.length];
        Key storage key = keys[i][secret];
        Plan memory p = plan(i, seed >> 3);
        uint64 nonce = seed % 8 == 0 ? key.nonce + 1 : key.nonce;
        bool inForce = (key.retiredAt == 0 || block.timestamp < key.retiredAt) && key.compromisedSince == 0;
        if (!inForce) ++count["acts of keys that have ended"];
        if (key.purposes & p.purpose == 0) ++count["acts beyond a key's purposes"];
        bool allowed =
            nonce == key.nonce && inForce && key.purposes & p.purpose != 0 && p.valid && mayAct(i, p.evenSuspended);
        if (p.act.kind == Kind.CONTROLLER_PROPOSED) allowed = allowed && model[i].controller == address(0);

        Signed memory s = Signed(secret, one(p.act.kind, p.act.data), nonce, uint64(block.timestamp));
        bytes memory signature = signRelay(ledger, idOf(i), s);
        bytes memory call =
            abi.encodeCall(ledger.relay, (idOf(i), publicKey(secret), s.acts, nonce, s.deadline, signature));
        if (attempt(callers[caller % callers.length], call, allowed, 1)) {
            ++key.nonce;
            ++count["relayed acts"];
            if (model[i].suspended) ++count["acts of suspended issuers"];
            happen(i, p);
        }
    }

    function acceptByAccount(uint8 issuer, uint8 caller) external {
        (uint256 i, address from) = (issuer % ISSUERS, callers[caller % callers.length]);
        bool allowed = from == model[i].proposed && mayAct(i, false);
        if (attempt(from, abi.encodeCall(ledger.acceptController, (idOf(i))), allowed, 1)) {
            model[i].controller = from;
            model[i].proposed = address(0);
            ++count["controllers changed"];
        }
    }

    /// @dev Again and again: only the first time succeeds.
    function accreditIssuer(uint8 issuer, uint8 caller, uint16 purposes) public {
        uint256 i = issuer % ISSUERS;
        address from = callers[caller % callers.length];
        uint256 secret = secretOf(i, 0);
        purposes = purposes % 15 + 1;
        if (!model[i].known) purposes = Purpose.ALL;
        address of_ = i == 1 ? address(0) : callers[i == 0 ? 0 : 5];
        bytes memory proof = prove(secret, idOf(i), of_, purposes, uint64(block.timestamp));
        bytes memory call = abi.encodeCall(
            ledger.accredit, (model[i].did, 1, of_, publicKey(secret), purposes, uint64(block.timestamp), proof)
        );
        if (attempt(from, call, from == accreditor && !model[i].known, 2)) {
            (model[i].known, model[i].controller, model[i].roles) = (true, of_, 1);
            model[i].number = ++_accredited;
            remember(i, secret, purposes);
        }
    }

    function suspendOrReinstate(uint8 issuer, uint8 caller, bool suspend) external {
        (uint256 i, address from) = (issuer % ISSUERS, mostly(accreditor, caller));
        bool allowed = from == accreditor && model[i].withdrawnSince == 0 && model[i].suspended != suspend;
        bytes memory call =
            suspend ? abi.encodeCall(ledger.suspend, (idOf(i))) : abi.encodeCall(ledger.reinstate, (idOf(i)));
        if (attempt(from, call, allowed, 1)) {
            model[i].suspended = suspend;
            ++count[suspend ? bytes32("suspensions") : bytes32("reinstatements")];
        }
    }

    /// @dev Rarely, since it is final: the third issuer alone, late.
    function withdraw(uint8 caller, uint16 ago) external {
        if (calls < 25) return;
        address from = mostly(accreditor, caller);
        uint64 since = uint64(block.timestamp) - ago + (ago % 7 == 0 ? 10 : 0);
        uint64 present = model[2].withdrawnSince;
        bool allowed = from == accreditor && since <= block.timestamp && (present == 0 || since < present);
        if (attempt(from, abi.encodeCall(ledger.withdraw, (idOf(2), since)), allowed, 1)) {
            model[2].withdrawnSince = since;
        }
    }

    function assignRoles(uint8 issuer, uint8 caller, uint16 roles) external {
        (uint256 i, address from) = (issuer % ISSUERS, mostly(accreditor, caller));
        bool allowed = from == accreditor && model[i].withdrawnSince == 0 && model[i].roles != roles;
        if (attempt(from, abi.encodeCall(ledger.assignRoles, (idOf(i), roles)), allowed, 1)) model[i].roles = roles;
    }

    function grantOrTakeBack(uint8 issuer, uint8 caller, uint8 number, bool grant, uint16 ago) external {
        (uint256 i, address from) = (issuer % ISSUERS, mostly(accreditor, caller));
        uint32 n = number % 3;
        Grant storage g = grants[i][n];
        if (grant) {
            bool allowed = from == accreditor && model[i].withdrawnSince == 0 && g.from == 0;
            if (attempt(from, abi.encodeCall(ledger.grantPrefix, (idOf(i), n, PREFIX)), allowed, 1)) {
                g.from = uint64(block.timestamp);
            }
        } else {
            uint64 since = uint64(block.timestamp) - ago;
            bool allowed = from == accreditor && g.from != 0 && (g.until == 0 || since < g.until);
            if (attempt(from, abi.encodeCall(ledger.takeBackPrefix, (idOf(i), n, PREFIX, since)), allowed, 1)) {
                g.until = since;
            }
        }
    }

    function revokeByAuthority(uint8 issuer, uint8 caller, uint256 seed) external {
        (uint256 i, address from) = (issuer % ISSUERS, mostly(accreditor, caller));
        (uint64 list, uint16 word, uint256 some) = placeOf(seed);
        uint256 present = bits[i][list][Status.REVOKED][word];
        bytes memory call = abi.encodeCall(ledger.revokeByAuthority, (idOf(i), list, words(word, some)));
        if (attempt(from, call, from == accreditor && some & ~present != 0, 1)) {
            bits[i][list][Status.REVOKED][word] |= some;
            ++count["revocations by authority"];
        }
    }

    function pauseOrUnpause(uint8 caller, bool pause) external {
        address from = mostly(admin, caller);
        bytes memory call = pause ? abi.encodeCall(ledger.pause, ()) : abi.encodeCall(ledger.unpause, ());
        if (attempt(from, call, from == admin && paused != pause, 1)) paused = pause;
    }

    /// @dev Late, since nothing happens afterwards.
    function close(uint8 caller) external {
        if (calls < 55) return;
        address from = mostly(admin, caller);
        if (attempt(from, abi.encodeCall(ledger.close, (1, stranger, 0)), from == admin, 1)) closed = true;
    }

    // ---------------------------------------------------------------------------------------------------- the model

    /// @dev One act, right or wrong, of any kind.
    function plan(uint256 i, uint256 seed) private view returns (Plan memory p) {
        uint256 kind = seed % 8;
        seed >>= 3;
        if (kind == 0) {
            p.act = IPassportLedger.Act(Kind.ANCHORED, abi.encode(seed, seed % 20_000, MANIFEST, none()));
            (p.purpose, p.valid) = (Purpose.OPERATE, !paused && seed % 20_000 >= 1 && seed % 20_000 <= 16_384);
        } else if (kind <= 2) {
            (uint64 list, uint16 word, uint256 some) = placeOf(seed);
            uint8 status = kind == 1 ? Status.REVOKED : Status.SUPERSEDED;
            p.act = IPassportLedger.Act(Kind.STATUS_SET, statusSet(list, status, word, some));
            (p.purpose, p.evenSuspended) = kind == 1 ? (Purpose.REVOKE, true) : (Purpose.OPERATE, false);
            p.valid = some & ~bits[i][list][status][word] != 0;
            (p.subject, p.value) = (uint256(list) << 24 | uint256(status) << 16 | word, some);
        } else if (kind == 3) {
            uint256 secret = secretOf(i, seed % (MOST_KEYS + 1));
            uint16 purposes = uint16(seed >> 8) % 18;
            bytes memory proof = prove(secret, idOf(i), model[i].controller, purposes, uint64(block.timestamp));
            p.act = IPassportLedger.Act(
                Kind.KEY_ADDED, abi.encode(publicKey(secret), purposes, uint64(block.timestamp), proof)
            );
            (p.purpose, p.subject, p.value) = (Purpose.ADMINISTER, secret, purposes);
            p.valid = purposes >= 1 && purposes <= 15 && keys[i][secret].purposes == 0;
        } else if (kind <= 5) {
            planEnd(p, i, kind == 4 ? Kind.KEY_RETIRED : Kind.KEY_COMPROMISED, seed);
        } else {
            address account = callers[(seed >> 2) % callers.length];
            uint8[4] memory kinds = [
                Kind.SUBMITTER_APPOINTED, Kind.SUBMITTER_DISMISSED, Kind.SUBMITTER_APPOINTED, Kind.CONTROLLER_PROPOSED
            ];
            uint8 which = kinds[seed % 4];
            p.act = IPassportLedger.Act(which, abi.encode(account));
            (p.purpose, p.subject) = (Purpose.ADMINISTER, uint160(account));
            p.valid = which == Kind.CONTROLLER_PROPOSED
                ? account != model[i].proposed
                : submitters[i][account] != (which == Kind.SUBMITTER_APPOINTED);
        }
    }

    function planEnd(Plan memory p, uint256 i, uint8 kind, uint256 seed) private view {
        uint256 secret = secretOf(i, seed % (MOST_KEYS + 1));
        // The issuer's first key mostly lives on, else nothing more would happen by relay.
        if (seed % (MOST_KEYS + 1) == 0 && seed % 5 != 0) secret = secretOf(i, 1);
        Key storage key = keys[i][secret];
        uint256 time = block.timestamp + (seed >> 8) % 1200 - 600;
        p.act = IPassportLedger.Act(kind, abi.encode(thumbprint(secret), uint64(time)));
        (p.purpose, p.evenSuspended, p.subject, p.value) = (Purpose.ADMINISTER, true, secret, time);
        p.valid = key.purposes != 0
            && (kind == Kind.KEY_RETIRED
                    ? time >= block.timestamp && (key.retiredAt == 0 || time < key.retiredAt)
                    : time <= block.timestamp && (key.compromisedSince == 0 || time < key.compromisedSince));
    }

    function happen(uint256 i, Plan memory p) private {
        uint8 kind = p.act.kind;
        if (kind == Kind.STATUS_SET) {
            bits[i][uint64(p.subject >> 24)][uint8(p.subject >> 16)][uint16(p.subject)] |= p.value;
            ++count["bits set"];
        } else if (kind == Kind.KEY_ADDED) {
            remember(i, p.subject, uint16(p.value));
            ++count["keys added"];
        } else if (kind == Kind.KEY_RETIRED) {
            keys[i][p.subject].retiredAt = uint64(p.value);
        } else if (kind == Kind.KEY_COMPROMISED) {
            keys[i][p.subject].compromisedSince = uint64(p.value);
        } else if (kind == Kind.CONTROLLER_PROPOSED) {
            model[i].proposed = address(uint160(p.subject));
        } else if (kind != Kind.ANCHORED) {
            submitters[i][address(uint160(p.subject))] = kind == Kind.SUBMITTER_APPOINTED;
        }
    }

    function mayAct(uint256 i, bool evenSuspended) private view returns (bool) {
        return model[i].known && model[i].withdrawnSince == 0 && (evenSuspended || !model[i].suspended);
    }

    function remember(uint256 i, uint256 secret, uint16 purposes) private {
        keys[i][secret] = Key(purposes, uint64(block.timestamp), 0, 0, 0);
        model[i].secrets.push(secret);
    }

    // ------------------------------------------------------------------------------------------------------ calling

    /// @dev Makes the call and holds the ledger to the model's word, and to its own: entries if and only if it succeeds.
    function attempt(address from, bytes memory call, bool allowed, uint256 entries) private returns (bool done) {
        ++calls;
        if (closed) allowed = false;
        uint64 size = sizeNow();
        vm.prank(from);
        bytes memory answer;
        (done, answer) = address(ledger).call(call);
        tallyUp(done, answer);
        vm.assertEq(done, allowed, "as the model allows");
        vm.assertEq(sizeNow(), size + (done ? entries : 0), "entries if and only if something happened");
        keep(done ? entries : 0);
        ++count[done ? bytes32("calls that succeeded") : bytes32("calls refused")];
    }

    function keep(uint256 expected) private {
        bytes[] memory entries = emitted();
        vm.assertEq(entries.length, expected, "events");
        for (uint256 i = 0; i < entries.length; ++i) {
            leaves.push(Rfc9162.hashLeaf(entries[i]));
        }
    }

    function mostly(address one_, uint8 caller) private view returns (address) {
        return caller % 4 == 0 ? callers[caller % callers.length] : one_;
    }

    function placeOf(uint256 seed) private pure returns (uint64 list, uint16 word, uint256 some) {
        (list, word) = (uint64(seed % 2) * type(uint64).max, uint16(seed / 2 % 2) * 511);
        // Few bits, so that calls with nothing new happen too.
        some = 1 << (seed / 4 % 3) | 1 << (253 + seed / 16 % 3);
    }

    function secretOf(uint256 i, uint256 n) internal pure returns (uint256) {
        return 1000 * (i + 1) + n;
    }

    function idOf(uint256 i) internal view returns (IssuerId) {
        return IssuerId.wrap(sha256(bytes(model[i].did)));
    }

    // ----------------------------------------------------------------------------------------------------- comparing

    function checkTree() external view {
        (uint64 size, bytes32[] memory peaks, bytes32 root) = ledger.treeHead();
        bytes32[] memory all = leaves;
        vm.assertEq(size, all.length, "size");
        vm.assertEq(root, Rfc9162.root(all, 0, all.length), "root");
        uint256 start;
        for (uint256 i = 0; i < peaks.length; ++i) {
            uint256 width = Rfc9162.largestPowerBelow(all.length - start + 1);
            vm.assertEq(peaks[i], Rfc9162.root(all, start, start + width), "peak");
            start += width;
        }
        vm.assertEq(start, all.length, "peaks cover all entries");
    }

    /// @dev Everything that can be read is what the model says: so nothing else changed, and nothing written once did.
    function checkState() external view {
        for (uint256 i = 0; i < ISSUERS; ++i) {
            Issuer storage m = model[i];
            IPassportLedger.IssuerFacts memory f = issuerFacts(idOf(i));
            vm.assertEq(f.number, m.number, "number");
            vm.assertEq(f.roles, m.roles, "roles");
            vm.assertEq(f.suspended, m.suspended, "suspended");
            vm.assertEq(f.withdrawnSince, m.withdrawnSince, "withdrawn since");
            vm.assertEq(f.controller, m.controller, "controller");
            vm.assertEq(ledger.proposedController(idOf(i)), m.proposed, "proposed");
            for (uint256 n = 0; n <= MOST_KEYS; ++n) {
                checkKey(i, secretOf(i, n));
            }
            for (uint32 n = 0; n < 3; ++n) {
                IPassportLedger.GrantFacts memory g = factsOf(idOf(i), KeyId.wrap(0), grantId(n, PREFIX), 0, 0).grant;
                vm.assertEq(g.from, grants[i][n].from, "grant from");
                vm.assertEq(g.until, grants[i][n].until, "grant until");
            }
            for (uint256 c = 0; c < callers.length; ++c) {
                vm.assertEq(ledger.isSubmitter(idOf(i), callers[c]), submitters[i][callers[c]], "submitter");
            }
            for (uint256 p = 0; p < 4; ++p) {
                (uint64 list, uint16 word,) = placeOf(p);
                IPassportLedger.Facts memory all = factsOf(idOf(i), KeyId.wrap(0), 0, list, word);
                vm.assertEq(all.revoked, bits[i][list][Status.REVOKED][word], "revoked");
                vm.assertEq(all.superseded, bits[i][list][Status.SUPERSEDED][word], "superseded");
                vm.assertTrue(all.paused == paused && all.closed == closed, "paused, closed");
            }
        }
    }

    function checkKey(uint256 i, uint256 secret) private view {
        IPassportLedger.KeyFacts memory f = factsOf(idOf(i), thumbprint(secret), 0, 0, 0).key;
        Key storage k = keys[i][secret];
        vm.assertEq(f.purposes, k.purposes, "purposes");
        vm.assertEq(f.validFrom, k.validFrom, "valid from");
        vm.assertEq(f.retiredAt, k.retiredAt, "retired at");
        vm.assertEq(f.compromisedSince, k.compromisedSince, "compromised since");
        vm.assertEq(f.nonce, k.nonce, "nonce");
    }
}

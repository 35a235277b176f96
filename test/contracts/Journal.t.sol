// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ActorKind, IPassportLedger, IssuerId, Kind} from "../../contracts/interfaces/IPassportLedger.sol";
import {PassportLedger} from "../../contracts/PassportLedger.sol";
import {LedgerHarness} from "./support/LedgerHarness.sol";
import {LedgerTest} from "./support/LedgerTest.sol";
import {Rfc9162} from "./support/Rfc9162.sol";
import {vm, Vm} from "./support/Vm.sol";

contract JournalTest is LedgerTest {
    LedgerHarness private harness;

    function setUp() public override {
        super.setUp();
        harness = new LedgerHarness(admin);
    }

    function test_opensWithAnEntryThatNamesChainLedgerAndFirstAdmin() public {
        vm.recordLogs();
        PassportLedger opened = new PassportLedger(ADMIN_DELAY, admin);
        bytes[] memory entries = emitted();
        vm.assertEq(entries.length, 2, "opened, and the admin's role");
        bytes memory expected =
            bytes.concat(header(Kind.OPENED, ActorKind.ADMIN, admin), abi.encodePacked(block.chainid, address(opened)));
        vm.assertEq(entries[0], expected, "entry 0");
        expected = bytes.concat(header(Kind.ROLE_GRANTED, ActorKind.ADMIN, admin), abi.encodePacked(bytes32(0), admin));
        vm.assertEq(entries[1], expected, "entry 1");
        (uint64 size, bytes32[] memory peaks, bytes32 root) = opened.treeHead();
        vm.assertEq(size, 2, "size");
        vm.assertEq(peaks.length, 1, "one peak");
        vm.assertEq(root, Rfc9162.hashNode(Rfc9162.hashLeaf(entries[0]), Rfc9162.hashLeaf(entries[1])), "root");
    }

    function test_eventCarriesTheEntryUnderItsIndexIssuerAndSubject() public {
        uint64 index = sizeNow();
        vm.recordLogs();
        vm.prank(accreditor);
        ledger.grantPrefix(maker, 7, PREFIX);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], IPassportLedger.Entry.selector, "event");
        vm.assertEq(uint256(logs[0].topics[1]), index, "index");
        vm.assertEq(logs[0].topics[2], IssuerId.unwrap(maker), "issuer");
        vm.assertEq(logs[0].topics[3], grantId(7, PREFIX), "about");
    }

    /// @dev The eight leaves known from certificate transparency, on the contract's own tree.
    function test_rootsOfTheKnownTreesHoldOnChain() public {
        (bytes[] memory leaves, bytes32[] memory roots) = knownTrees();
        empty(harness);
        for (uint256 i = 0; i < leaves.length; ++i) {
            harness.grow(harness.hash(bytes.concat(hex"00", leaves[i])));
            (uint64 size,, bytes32 root) = harness.treeHead();
            vm.assertEq(size, i + 1, "size");
            vm.assertEq(root, roots[i + 1], "root");
        }
    }

    function test_knownTreesAndProofsHoldInTheTestsOwnTree() public view {
        (bytes[] memory entries, bytes32[] memory roots) = knownTrees();
        bytes32[] memory leaves = new bytes32[](entries.length);
        for (uint256 i = 0; i < entries.length; ++i) {
            leaves[i] = Rfc9162.hashLeaf(entries[i]);
        }
        for (uint256 n = 0; n < roots.length; ++n) {
            vm.assertEq(Rfc9162.root(leaves, 0, n), roots[n], "root");
        }

        string memory json = vectors();
        for (uint256 i = 0; vm.keyExistsJson(json, item("inclusion", i)); ++i) {
            uint256 index = vm.parseJsonUint(json, string.concat(item("inclusion", i), ".index"));
            uint256 size = vm.parseJsonUint(json, string.concat(item("inclusion", i), ".size"));
            bytes32[] memory proof = proofOf(json, item("inclusion", i));
            assertSame(proof, Rfc9162.inclusion(leaves, index, 0, size));
            vm.assertTrue(Rfc9162.isIncluded(leaves[index], index, size, proof, roots[size]), "inclusion");
        }
        for (uint256 i = 0; vm.keyExistsJson(json, item("consistency", i)); ++i) {
            uint256 first = vm.parseJsonUint(json, string.concat(item("consistency", i), ".first"));
            uint256 second = vm.parseJsonUint(json, string.concat(item("consistency", i), ".second"));
            bytes32[] memory proof = proofOf(json, item("consistency", i));
            assertSame(proof, Rfc9162.consistency(leaves, first, second));
            vm.assertTrue(Rfc9162.isConsistent(first, second, proof, roots[first], roots[second]), "consistency");
        }
    }

    function testFuzz_treeHeadIsThatOfTheDefinitionAndEveryOlderOneIsConsistentWithIt(uint8 count, bytes32 seed)
        public
    {
        uint256 size = uint256(count) % 40 + 1;
        bytes32[] memory leaves = new bytes32[](size);
        empty(harness);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
            harness.grow(leaves[i]);
        }
        (uint64 got, bytes32[] memory peaks, bytes32 root) = harness.treeHead();
        vm.assertEq(got, size, "size");
        vm.assertEq(root, Rfc9162.root(leaves, 0, size), "root");

        // Peaks: the perfect subtrees, largest first, one for each bit of the size.
        uint256 start;
        uint256 next;
        for (uint256 i = 1; i <= 8; ++i) {
            uint256 bit = 8 - i;
            if (size >> bit & 1 == 0) continue;
            vm.assertEq(peaks[next++], Rfc9162.root(leaves, start, start + (1 << bit)), "peak");
            start += 1 << bit;
        }
        vm.assertEq(next, peaks.length, "no more peaks");

        uint256 older = uint256(seed) % size + 1;
        bytes32[] memory proof = Rfc9162.consistency(leaves, older, size);
        vm.assertTrue(Rfc9162.isConsistent(older, size, proof, Rfc9162.root(leaves, 0, older), root), "consistent");
        proof = Rfc9162.inclusion(leaves, older - 1, 0, size);
        vm.assertTrue(Rfc9162.isIncluded(leaves[older - 1], older - 1, size, proof, root), "included");
    }

    function testFuzz_entryOfAnyLengthUpTo8192IsTheLeafsPreimage(uint16 length, bytes32 seed) public {
        bytes memory body = new bytes(uint256(length) % (8192 - 51 + 1));
        for (uint256 i = 0; i < body.length; i += 97) {
            body[i] = bytes1(keccak256(abi.encode(seed, i)));
        }
        (uint64 size,,) = harness.treeHead();
        vm.recordLogs();
        harness.append(body);
        bytes[] memory entries = emitted();
        vm.assertEq(entries[0], bytes.concat(header(Kind.OPENED, ActorKind.ADMIN, address(this)), body), "entry");
        // Size 2 made the journal one perfect tree: the new leaf stands alone beside it.
        vm.assertEq(size, 2, "size");
        (, bytes32[] memory peaks,) = harness.treeHead();
        vm.assertEq(peaks[1], Rfc9162.hashLeaf(entries[0]), "leaf");
    }

    function test_refusesAnEntryOfMoreThan8192Bytes() public {
        harness.append(new bytes(8192 - 51));
        refuses(abi.encodeWithSelector(IPassportLedger.EntryTooLong.selector, 8193));
        harness.append(new bytes(8192 - 51 + 1));
    }

    /// @dev With any gas, the precompile's answer is there or the call fails: what stood in memory never passes for a digest.
    function test_wantOfGasNeverMakesAWrongDigest() public {
        bytes memory data = new bytes(100_000);
        bytes memory call = abi.encodeCall(harness.hash, (data));
        (uint256 failed, uint256 done) = (0, 0);
        for (uint256 limit = 40_000; limit < 200_000; limit += 500) {
            (bool ok, bytes memory answer) = address(harness).call{gas: limit}(call);
            if (ok) vm.assertEq(abi.decode(answer, (bytes32)), sha256(data), "digest");
            if (ok) ++done;
            else ++failed;
        }
        vm.assertTrue(failed > 10 && done > 10, "both");
    }

    function test_mergedPeaksStayInStorageSoThatOnlyANewLevelTakesASlot() public {
        empty(harness);
        for (uint256 i = 0; i < 70; ++i) {
            uint256 before = peaksInStorage();
            harness.grow(keccak256(abi.encode(i)));
            // The harness had two entries before it was emptied, which left two peaks.
            bool newLevel = (i + 1) & i == 0 && i + 1 > 2;
            vm.assertEq(peaksInStorage() - before, newLevel ? 1 : 0, "slots");
        }
    }

    function test_sizeAndPauseAndClosingShareASlot() public {
        vm.prank(admin);
        ledger.pause();
        uint64 size = sizeNow();
        uint256 slot = uint256(vm.load(address(ledger), 0));
        vm.assertEq(slot, uint256(size) << 8 | 1, "slot 0");
        closeLedger();
        slot = uint256(vm.load(address(ledger), 0));
        vm.assertEq(slot, 1 << 72 | uint256(size + 1) << 8 | 1, "slot 0, closed");
    }

    function peaksInStorage() private view returns (uint256 count) {
        for (uint256 i = 0; i < 64; ++i) {
            if (vm.load(address(harness), bytes32(1 + i)) != 0) ++count;
        }
    }

    /// @dev Size 0, as no ledger is after its constructor; the peaks stay, and must not matter.
    function empty(LedgerHarness of_) private {
        vm.store(address(of_), 0, 0);
    }

    function vectors() private view returns (string memory) {
        return vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/rfc9162.json"));
    }

    function knownTrees() private view returns (bytes[] memory leaves, bytes32[] memory roots) {
        string memory json = vectors();
        leaves = vm.parseJsonBytesArray(json, ".leaves");
        roots = vm.parseJsonBytes32Array(json, ".roots");
        vm.assertEq(leaves.length, 8, "leaves");
        vm.assertEq(roots.length, 9, "roots");
    }

    function item(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function proofOf(string memory json, string memory path) private pure returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(json, string.concat(path, ".proof"));
    }

    function assertSame(bytes32[] memory left, bytes32[] memory right) private pure {
        vm.assertEq(keccak256(abi.encode(left)), keccak256(abi.encode(right)), "proof");
    }
}

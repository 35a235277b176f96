import { createRequire } from 'node:module';
import nodeTestRunner from '@nomicfoundation/hardhat-node-test-runner';
import { defineConfig } from 'hardhat/config';

// The compiler is the npm package, pinned in the lockfile: nothing is downloaded.
const solcPath = createRequire(import.meta.url).resolve('solc/soljson.js');

export default defineConfig({
  plugins: [nodeTestRunner],
  solidity: {
    version: '0.8.37',
    path: solcPath,
    settings: {
      optimizer: { enabled: true, runs: 200 },
      // For the slots that a verifier derives.
      outputSelection: { '*': { '*': ['storageLayout'] } },
    },
  },
  test: {
    solidity: {
      fsPermissions: { readDirectory: ['./test/vectors'] },
      // A fixed seed: the same commit gives the same answer.
      fuzz: { runs: 256, seed: '0x01' },
      // A handler's call that fails is a failure of the test.
      invariant: { runs: 24, depth: 60, failOnRevert: true },
    },
  },
  paths: { sources: './contracts', tests: { solidity: './test/contracts', nodejs: './test/contracts' } },
});

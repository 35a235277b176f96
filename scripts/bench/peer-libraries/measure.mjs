/**
 * Measures OpenAttestation and the Ethereum Attestation Service, with their own libraries, on the chain of peers.ts, and prints one line of
 * JSON. Its one argument is JSON: the chain's endpoint, a document, and how many of its kind make a batch.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AbiCoder, ContractFactory, JsonRpcProvider, toUtf8Bytes, Wallet } from 'ethers';

const require = createRequire(import.meta.url);
const { wrapDocuments } = require('@govtechsg/open-attestation');
const oaVerify = require('@govtechsg/oa-verify');
const { Offchain, OffchainAttestationVersion } = require('@ethereum-attestation-service/eas-sdk');
// The providers that oa-verify takes are of the release of ethers that it carries.
const { providers } = createRequire(require.resolve('@govtechsg/oa-verify'))('ethers');

const { rpcUrl, document, batch, rounds, verified } = JSON.parse(process.argv[2]);

const provider = new JsonRpcProvider(rpcUrl, undefined, { batchMaxCount: 1, pollingInterval: 50, cacheTimeout: -1 });
const wallet = Wallet.createRandom(provider);
await provider.send('anvil_setBalance', [wallet.address, '0x56bc75e2d63100000']);

const file = 'dist/contracts/factories/contracts/DocumentStore__factory.js';
const source = readFileSync(join(import.meta.dirname, 'node_modules/@govtechsg/document-store', file), 'utf8');
const bytecode = /_bytecode =\s*"(0x[0-9a-f]+)"/.exec(source)?.[1];
const abi = ['constructor(string name, address owner)', 'function issue(bytes32 document)'];
const store = await new ContractFactory(abi, bytecode, wallet).deploy('Bench Maker', wallet.address);
await store.waitForDeployment();
const address = await store.getAddress();

// ---------------------------------------------------------------------------------------------------- OpenAttestation

const identityProof = { type: 'DNS-TXT', location: 'maker.example' };
const documents = Array.from({ length: batch }, (_, i) => ({
  ...document,
  issuers: [{ name: 'Bench Maker', documentStore: address, identityProof }],
  serial: `S${i}`,
}));
wrapDocuments(documents.slice(0, Math.ceil(batch / 5)));
let wrapped = [];
const wrap = median(rounds, () => {
  wrapped = wrapDocuments(documents);
  return batch;
});
await (await store.issue(`0x${wrapped[0].signature.merkleRoot}`)).wait();

const settings = {
  // What `generateProvider` of oa-verify makes of an endpoint.
  JsonRpcProvider: () => oaVerify.utils.generateProvider({ providerType: 'jsonrpc', url: rpcUrl }),
  StaticJsonRpcProvider: () => new providers.StaticJsonRpcProvider(rpcUrl),
  JsonRpcBatchProvider: () => new providers.JsonRpcBatchProvider(rpcUrl),
};
const verify = [];
for (const [name, create] of Object.entries(settings)) {
  for (const inFlight of [1, 16, 128]) {
    const check = oaVerify.verificationBuilder(
      // Identity is not asked for: it is a look-up of a domain name.
      [oaVerify.openAttestationHash, oaVerify.openAttestationEthereumDocumentStoreStatus],
      { provider: create() },
    );
    await verifyAll(check, wrapped.slice(0, inFlight), inFlight);
    const began = performance.now();
    const some = wrapped.slice(0, verified);
    await verifyAll(check, some, inFlight);
    verify.push({ name, inFlight, perSecond: some.length / ((performance.now() - began) / 1_000) });
  }
}

async function verifyAll(check, some, inFlight) {
  let next = 0;
  const one = async () => {
    for (let i = next++; i < some.length; i = next++) {
      const fragments = await check(some[i]);
      if (!fragments.every(({ status }) => status === 'VALID')) throw new Error(JSON.stringify(fragments));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
}

// ------------------------------------------------------------------------------------------------------------------ EAS

const offchain = new Offchain(
  { address, version: '1.3.0', chainId: (await provider.getNetwork()).chainId },
  OffchainAttestationVersion.Version2,
);
const data = AbiCoder.defaultAbiCoder().encode(['bytes'], [toUtf8Bytes(JSON.stringify(document))]);
const attestation = {
  ...{ schema: `0x${'11'.repeat(32)}`, recipient: wallet.address, time: 1_767_225_600n, expirationTime: 0n },
  ...{ revocable: true, refUID: `0x${'00'.repeat(32)}`, data },
};
let signed;
const easSign = await medianOf(rounds, async () => {
  for (let i = 0; i < verified; i++)
    signed = await offchain.signOffchainAttestation(attestation, wallet, { verifyOnchain: false });
  return verified;
});
const easVerify = median(rounds, () => {
  for (let i = 0; i < verified; i++) {
    if (!offchain.verifyOffchainAttestationSignature(wallet.address, signed)) throw new Error('not verified');
  }
  return verified;
});

console.log(
  JSON.stringify({
    wrap,
    verify,
    easSign,
    easVerify,
    documentBytes: JSON.stringify(documents[0]).length,
    wrappedBytes: JSON.stringify(wrapped[0]).length,
    easBytes: JSON.stringify(signed, (_, value) => (typeof value === 'bigint' ? String(value) : value)).length,
  }),
);
process.exit(0);

/** Per second, of as many rounds; each says how many it did. */
function median(times, work) {
  return middle(
    Array.from({ length: times }, () => {
      const began = performance.now();
      return work() / ((performance.now() - began) / 1_000);
    }),
  );
}

async function medianOf(times, work) {
  const rates = [];
  for (let round = 0; round < times; round++) {
    const began = performance.now();
    rates.push((await work()) / ((performance.now() - began) / 1_000));
  }
  return middle(rates);
}

function middle(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

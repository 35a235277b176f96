/** A pack of what a running service issued, on the word of two witnesses that have their own look at its chain. */
import { setTimeout as delay } from 'node:timers/promises';
import { concatBytes } from '@dpp-ledger/core';
import {
  createCosignatureSigner,
  encodeAddCheckpoint,
  generateCosignatureKey,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
} from '@dpp-ledger/core/checkpoint';
import { type Evidence, parsePolicyFile } from '@dpp-ledger/core/evidence';
import { packEvidence } from '@dpp-ledger/sdk';
import { createStateReader, type LedgerReader } from '@dpp-ledger/sdk/ledger';
import { startWitness } from '../../packages/witness/test/support.ts';

export interface WitnessedPack {
  readonly bytes: Uint8Array;
  /** As `parsePolicyFile` takes it. */
  readonly policy: object;
  /** Of the block, in seconds since 1970. */
  readonly time: number;
}

export async function packWithWitnesses(options: {
  readonly reader: LedgerReader;
  readonly chainUrl: string;
  readonly serviceUrl: string;
  readonly evidence: readonly Evidence[];
}): Promise<WitnessedPack> {
  const { reader, chainUrl, serviceUrl, evidence } = options;
  const { key } = (await (await fetch(`${serviceUrl}/log`)).json()) as { key: string };
  const publishers = [await parseVerifierKey(key)];
  const checkpoint = await waitForCheckpoint(serviceUrl, Math.max(...evidence.map(({ entry }) => entry.index)));
  const witnesses = await Promise.all(
    ['ada', 'bob'].map(async (name) => {
      const signer = await createCosignatureSigner(await generateCosignatureKey(`witness.example/${name}`));
      return { name, ...(await startWitness({ reader, publishers }, { signer })) };
    }),
  );
  try {
    for (const { name, send } of witnesses) {
      const { status, body } = await send(encodeAddCheckpoint({ oldSize: 0, proof: [], checkpoint }));
      if (status !== 200) throw new Error(`the witness ${name} answered ${status}: ${body}`);
    }
    const lines = witnesses.map(({ name, signer, url }) => `witness ${name} ${signer.verifierKey} ${url}`);
    const witnessPolicy = [...lines, 'group both all ada bob', 'quorum both', ''].join('\n');
    const policy = { ledgers: [reader.id], witnessPolicy };
    const { witnesses: asked } = await parsePolicyFile(policy);
    if (asked === undefined) throw new TypeError('the policy has witnesses');
    const { chunks, statement } = await packEvidence({
      ...{ ledger: reader, witnesses: asked, evidence },
      state: createStateReader({ urls: [chainUrl], address: reader.id.address }),
      log: parseCheckpoint(parseNote(checkpoint).text),
    });
    return { bytes: concatBytes(...chunks), policy, time: statement.block.time };
  } finally {
    for (const { stop } of witnesses) await stop();
  }
}

/** What is published follows what is final: from outside it can only be asked for. */
async function waitForCheckpoint(serviceUrl: string, entry: number): Promise<string> {
  for (;;) {
    const response = await fetch(`${serviceUrl}/log/checkpoint`);
    const checkpoint = await response.text();
    if (response.ok && parseCheckpoint(parseNote(checkpoint).text).size > entry) return checkpoint;
    await delay(100);
  }
}

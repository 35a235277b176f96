/** Organisations of the demonstration: their keys, and all that makes them issuers on the ledger. Whatever is done already is left. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '@dpp-ledger/cli';
import { type Hex, hashGrant, hashIssuer, type IssuerId } from '@dpp-ledger/core';
import { createSigner, decodeKeyId, generateKey, type Role, type Signer } from '@dpp-ledger/core/credential';
import { type Client, relayActs } from '@dpp-ledger/sdk';
import {
  type Act,
  acts,
  calls,
  createAccount,
  createLedgerWriter,
  type Purpose,
  signPossession,
} from '@dpp-ledger/sdk/ledger';
import { readKeyFile, writeKeyFile } from '@dpp-ledger/sdk/node';

export interface Organisation {
  readonly id: IssuerId;
  readonly name: string;
  readonly roles: readonly Role[];
  /** What it may speak of; who only tells of lots needs none, and anchors by its own key alone. */
  readonly grant?: { readonly number: number; readonly prefix: string };
  /** What its files are called. */
  readonly slug: string;
}

export interface Issuer extends Organisation {
  /** Adds and ends keys: the first one, registered by the accreditor with the proof that the issuer holds it. */
  readonly administer: Signer;
  /** Signs credentials. */
  readonly assert: Signer;
  /** Anchors and supersedes. */
  readonly operate: Signer;
  /** Revokes; an issuer keeps it offline. */
  readonly revoke: Signer;
}

export interface Stage {
  readonly deployment: Deployment;
  readonly client: Client;
  /** Where the demonstration keeps its own files. */
  readonly folder: string;
}

const PURPOSES = ['administer', 'assert', 'operate', 'revoke'] as const satisfies readonly Purpose[];
const MINUTES = 60;
const NO_GRANT: Hex = `0x${'00'.repeat(32)}`;

/** Makes the organisation an issuer: accredited with its first key, granted its prefix, its other keys and its submitter registered. */
export async function accreditIssuer(stage: Stage, organisation: Organisation): Promise<Issuer> {
  const { ledger, embedded, writer } = stage.deployment;
  if (embedded === undefined)
    throw new TypeError('the demonstration runs on the embedded chain, whose accreditor it is');
  const { id, roles, grant } = organisation;
  const issuer: Issuer = { ...organisation, ...(await loadSigners(stage, organisation)) };
  const accreditor = await createLedgerWriter({
    ...{ reader: ledger, url: embedded.rpcUrl, pollMs: 50 },
    account: createAccount(embedded.accounts.accreditor.privateKey),
  });

  const standing = await ask(stage, issuer, issuer.administer);
  if (standing.issuer === undefined) {
    const purposes = ['administer'] as const;
    const deadline = soon();
    const proof = await signPossession({ ledger: ledger.id, signer: issuer.administer, purposes, deadline });
    await accreditor.send(calls.accredit({ issuer: id, roles, key: issuer.administer.key, purposes, deadline, proof }));
  }
  if (grant !== undefined && standing.grant === undefined) {
    await accreditor.send(calls.grantPrefix({ issuer: id, ...grant }));
  }

  // The service relays for issuers that it knows of.
  await stage.deployment.service.caughtUp();

  const missing: Act[] = [];
  for (const purpose of PURPOSES) {
    const { key } = await ask(stage, issuer, issuer[purpose]);
    if (key === undefined && purpose !== 'administer') missing.push(await addKey(stage, issuer[purpose], [purpose]));
  }
  const isServed = grant === undefined || (await ledger.isSubmitter(hashIssuer(id), writer.account));
  if (!isServed) missing.push(acts.appointSubmitter(writer.account));
  if (missing.length > 0) await relay(stage, issuer.administer, missing);
  return issuer;
}

/** An act that registers a key, with the proof that its holder wants it. */
export async function addKey(stage: Stage, signer: Signer, purposes: readonly Purpose[]): Promise<Act> {
  const deadline = soon();
  const ledger = stage.deployment.ledger.id;
  const proof = await signPossession({ ledger, signer, purposes, deadline });
  return acts.addKey({ key: signer.key, purposes, deadline, proof });
}

/** Signs acts with a key, has the service relay them, and waits until they are final. */
export async function relay(
  { deployment, client }: Stage,
  signer: Signer,
  list: readonly Act[],
  credentials?: readonly string[],
): Promise<void> {
  const options = { signer, ledger: deployment.ledger.id, client, reader: deployment.ledger };
  const { id } = await relayActs(list, options, credentials);
  await client.waitReceipt(id, 'final', { pollMs: 50 });
}

/** A key of the organisation by its name, made the first time. */
export async function loadSigner({ folder }: Stage, organisation: Organisation, name: string): Promise<Signer> {
  const keys = join(folder, organisation.slug);
  const path = join(keys, `${name}.jwk.json`);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const isKept = await access(path).then(
    () => true,
    () => false,
  );
  if (!isKept) await writeKeyFile(path, await generateKey({ algorithm: 'ES256' }));
  return await createSigner({ issuer: organisation.id, jwk: await readKeyFile(path) });
}

/** What the ledger says of the issuer, one of its keys and its grant. */
export async function ask({ deployment }: Stage, organisation: Organisation, { keyId }: Signer) {
  return await deployment.ledger.readFacts({
    issuer: hashIssuer(organisation.id),
    key: decodeKeyId(keyId),
    grant: organisation.grant === undefined ? NO_GRANT : hashGrant(organisation.grant),
    list: 0n,
    word: 0,
  });
}

async function loadSigners(
  stage: Stage,
  organisation: Organisation,
): Promise<Record<(typeof PURPOSES)[number], Signer>> {
  const [administer, assert, operate, revoke] = await Promise.all([
    loadSigner(stage, organisation, 'administer'),
    loadSigner(stage, organisation, 'assert'),
    loadSigner(stage, organisation, 'operate'),
    loadSigner(stage, organisation, 'revoke'),
  ]);
  return { administer, assert, operate, revoke };
}

function soon(): number {
  return Math.floor(Date.now() / 1000) + 10 * MINUTES;
}

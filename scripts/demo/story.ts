/**
 * The main job, told in steps: two issuers issue passports for real and for fictional devices, a label is scanned and verified, and
 * everything that should be refused is. What a step did is kept, so that a second start goes on from the same state.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decodeBase64Url, encodeBase64Url, encodeHex, hashIssuer } from '@dpp-ledger/core';
import {
  decodeKeyId,
  formatCid,
  hashCid,
  parseCid,
  parseDid,
  type Signer,
  signCredential,
} from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import {
  buildPassport,
  canonicalSubject,
  formatDigitalLink,
  type PassportInput,
  parseMapping,
  parseRow,
} from '@dpp-ledger/core/passport';
import { issue, replay, revoke, supersede, verify } from '@dpp-ledger/sdk';
import { acts, calls, createAccount, createLedgerWriter, signRelay } from '@dpp-ledger/sdk/ledger';
import { openRun, readSpreadsheet } from '@dpp-ledger/sdk/node';
import { decodeLabel, labelPng, labelSvg, labelTerminal } from '@dpp-ledger/web';
import { tellCertifier } from './certifier.ts';
import type { Chronicle } from './chronicle.ts';
import { tellCobalt } from './cobalt.ts';
import {
  accreditIssuer,
  addKey,
  ask,
  type Issuer,
  loadSigner,
  type Organisation,
  relay,
  type Stage,
} from './issuers.ts';
import type { Voice } from './voice.ts';

const PUBLISHER = {
  id: parseDid('did:web:devices.dpp.example'),
  name: 'Open Device Figures (data publisher)',
  roles: ['dataPublisher'],
  grant: { number: 1, prefix: 'https://devices.dpp.example/' },
  slug: 'publisher',
} as const satisfies Organisation;
const MAKER = {
  id: parseDid('did:web:fernhill.example'),
  name: 'Fernhill Computers (fictional)',
  roles: ['manufacturer'],
  grant: { number: 1, prefix: 'gs1:9521234' },
  slug: 'fernhill',
} as const satisfies Organisation;

const examples = join(import.meta.dirname, '../../examples');

export interface StoryOptions {
  readonly stage: Stage;
  readonly chronicle: Chronicle;
  readonly voice: Voice;
}

export interface StoryEnd {
  /** A label that verifies, and the devices that were told of. */
  readonly label: string;
  /** How many statements of the story turned out otherwise than told. */
  readonly surprises: number;
}

export async function tellStory({ stage, chronicle, voice }: StoryOptions): Promise<StoryEnd> {
  const { deployment, client, folder } = stage;
  const { ledger, store } = deployment;
  const source = client;

  // ------------------------------------------------------------------------------------------------------- who may issue
  voice.chapter('Two organisations are accredited on the ledger, each with keys of its own');
  const publisher = await accreditIssuer(stage, PUBLISHER);
  voice.say(`${publisher.name} may restate published figures, under ${PUBLISHER.grant.prefix}`);
  const maker = await accreditIssuer(stage, MAKER);
  voice.say(`${maker.name} may speak of its own devices, under GS1 company prefix ${MAKER.grant.prefix.slice(4)}`);

  // -------------------------------------------------------------------------------------------------------------- issuing
  voice.chapter('Passports are signed by their issuers, stored, and anchored in batches');
  const models = await readInputs('devices.csv');
  const makers = new Set(models.map(({ manufacturer }) => manufacturer.name)).size;
  const ofModels = await issueAll(stage, publisher, { inputs: models, run: 'models', voice: 'restated' });
  voice.say(`${ofModels.items} real device models of ${makers} makers, restated with sources: ${ofModels.words}`);
  const laptops = await readInputs('laptops.csv', 'laptops.json');
  const ofLaptops = await issueAll(stage, maker, { inputs: laptops, run: 'laptops', voice: 'declared' });
  voice.say(`${ofLaptops.items} laptops of ${maker.name}, one passport each: ${ofLaptops.words}`);
  const [scanned, altered, recalled, corrected] = laptops.slice(0, 4).map((input) => ({
    input,
    cid: ofLaptops.cidOf(input),
    link: linkOf(input, deployment.publicUrl),
  }));
  if (!scanned || !altered || !recalled || !corrected) throw new TypeError('the example has at least four laptops');

  // ------------------------------------------------------------------------------------------------------------- scanning
  voice.chapter('A label is printed, scanned and verified: no server has to be believed');
  const text = `${scanned.input.name} ${scanned.input.serial ?? ''}`;
  const png = labelPng(scanned.link, { text });
  await writeFile(join(folder, 'label.png'), png);
  await writeFile(join(folder, 'label.svg'), labelSvg(scanned.link, { text }));
  voice.print(labelTerminal(scanned.link));
  const uri = decodeLabel(png);
  voice.say(`The label as files: ${join(folder, 'label.png')} and .svg. Scanned, it says ${uri}`);
  const genuine = await verify({ uri }, { ledger, source });
  voice.report(genuine.report);
  voice.expect(genuine.report, { verdict: 'valid' }, 'The passport on the label is genuine and holds');
  const model = models[0];
  if (model !== undefined) {
    const restated = await verify({ cid: ofModels.cidOf(model) }, { ledger, source });
    voice.expect(restated.report, { verdict: 'valid' }, `So is that of ${model.name}, restated by ${publisher.name}`);
  }

  // --------------------------------------------------------------------------------------------------------- attestations
  voice.chapter('A certifier says which claims it found to hold');
  await tellCertifier(stage, voice, uri);

  // ------------------------------------------------------------------------------------------------------------- refusals
  voice.chapter('What is not genuine is refused');
  const evidence = await client.fetchEvidence(altered.cid);
  const forged = { ...evidence, credential: lowerFootprint(evidence.credential) };
  voice.expect(
    (await verify({ evidence: forged }, { ledger, source })).report,
    { verdict: 'invalid', code: 'signature.' },
    'A passport whose carbon figure was altered',
  );
  const other = await verify(
    { cid: scanned.cid },
    { ledger, source, expected: { subject: canonicalSubject(altered.link) } },
  );
  voice.expect(other.report, { verdict: 'invalid', code: 'subject.' }, "A genuine passport on another device's label");
  const stranger = await chronicle.once('stranger', () => anchorForStranger(stage, maker, scanned.input));
  voice.say(
    `The service's door refused a passport of ${maker.name} about another company's device: ${stranger.refusal}`,
  );
  const strange = await verify({ cid: stranger.cid }, { ledger, source });
  voice.expect(
    strange.report,
    { verdict: 'invalid', code: 'issuer.' },
    `${maker.name} anchored it all the same, going round the door; every verifier refuses it`,
  );

  // -------------------------------------------------------------------------------------------------------- revoking
  voice.chapter('What no longer holds is said to no longer hold');
  await chronicle.once('revoked', async () => {
    const jwt = await client.fetchCredential(recalled.cid);
    const { id } = await revoke([jwt], {
      signer: maker.revoke,
      ledger: ledger.id,
      client,
      reader: ledger,
      reason: 'recall',
    });
    await client.waitReceipt(id, 'final', { pollMs: 200 });
    return {};
  });
  voice.expect(
    (await verify({ uri: recalled.link }, { ledger, source })).report,
    { verdict: 'invalid', code: 'status.revoked' },
    'A passport that its issuer revoked, for a recall',
  );
  await chronicle.once('anchored again', async () => {
    const jwt = await client.fetchCredential(recalled.cid);
    await anchorDirectly(stage, maker, jwt);
    return {};
  });
  voice.expect(
    (await verify({ cid: recalled.cid }, { ledger, source })).report,
    { verdict: 'invalid', code: 'status.revoked' },
    'The same, anchored a second time: its status is in the signed bytes, so it stays revoked',
  );
  const successor = await chronicle.once('superseded', async () => {
    const previous = await client.fetchCredential(corrected.cid);
    const input = { ...corrected.input, massKg: 1.43, unspecifiedMassG: 293.2 };
    const { credentials, answer } = await supersede([{ input, previous }], {
      ...{ signer: maker.operate, credentialSigner: maker.assert, issuerName: maker.name, reason: 'error' },
      ...{ ledger: ledger.id, client, reader: ledger },
    });
    await client.waitReceipt(answer.id, 'final', { pollMs: 200 });
    return { cid: credentials[0]?.cid ?? '' };
  });
  voice.expect(
    (await verify({ cid: corrected.cid }, { ledger, source })).report,
    { verdict: 'valid', current: false },
    'A passport that was replaced, with its mass corrected: it was true when signed, and is no longer current',
  );
  voice.expect(
    (await verify({ uri: corrected.link }, { ledger, source })).report,
    { verdict: 'valid', current: true, cid: successor.cid },
    'Its label leads to the new version',
  );

  await tellCobalt({ stage, voice, maker, like: scanned.input });

  // ------------------------------------------------------------------------------------------------------------ keys
  voice.chapter('Keys are changed and stolen, and the past is not rewritten');
  const second = await loadSigner(stage, maker, 'assert-2');
  await chronicle.once('rotated', async () => {
    const at = await soonOnChain(stage);
    await relay(stage, maker.administer, [
      await addKey(stage, second, ['assert']),
      acts.retireKey({ key: maker.assert.keyId, at }),
    ]);
    return {};
  });
  const rotated = await issueAll(stage, maker, {
    ...{ inputs: [variant(scanned.input, 'ROTATED2')], run: 'rotated', voice: 'declared', signer: second },
  });
  voice.expect(
    (await verify({ uri: scanned.link }, { ledger, source })).report,
    { verdict: 'valid' },
    'The signing key was retired and a new one added: passports under the old key hold',
  );
  voice.expect(
    (await verify({ cid: rotated.cids[0] ?? '' }, { ledger, source })).report,
    { verdict: 'valid' },
    'And so do those under the new key',
  );
  const third = await loadSigner(stage, maker, 'assert-3');
  const [before, after] = [variant(scanned.input, 'BEFORE3'), variant(scanned.input, 'AFTER3')];
  const theft = await chronicle.once('theft', async () => {
    if ((await ask(stage, maker, third)).key === undefined) {
      await relay(stage, maker.administer, [await addKey(stage, third, ['assert'])]);
    }
    const early = await issueAll(stage, maker, { inputs: [before], run: 'before', voice: 'declared', signer: third });
    const { report } = await verify({ cid: early.cids[0] ?? '' }, { ledger, source });
    const since = (report.anchoredAt?.time ?? 0) + 1;
    // The ledger counts whole seconds, and a theft has to be later than what it does not touch.
    await setTimeout(since * 1000 - Date.now());
    const late = await issueAll(stage, maker, { inputs: [after], run: 'after', voice: 'declared', signer: third });
    await relay(stage, maker.administer, [acts.markCompromised({ key: third.keyId, since })]);
    return { early: early.cids[0] ?? '', late: late.cids[0] ?? '' };
  });
  voice.expect(
    (await verify({ cid: theft.early }, { ledger, source })).report,
    { verdict: 'valid' },
    'A third key was stolen: what it signed and anchored before the theft holds',
  );
  voice.expect(
    (await verify({ cid: theft.late }, { ledger, source })).report,
    { verdict: 'invalid', code: 'key.' },
    'What came after it does not',
  );

  // ----------------------------------------------------------------------------------------------------------- replay
  voice.chapter('An auditor replays everything that ever happened');
  const replayed = await replay({ ledger, source: store, depth: 'credentials' });
  const { entries, opened, broken, faults, head, report } = replayed;
  voice.check(
    // What was anchored going round the door is the one fault to be found.
    broken === undefined && faults === 1 && report?.findings.outsideGrants.total === 1,
    `${entries} entries folded, ${opened.batches} batches rebuilt, ${opened.credentials} credentials judged: the result meets the contract's tree head at block ${head.blockNumber}, ${head.root.slice(0, 18)}..., and names the one passport that its issuer had no right to`,
  );
  return { label: scanned.link, surprises: voice.surprises };
}

// --------------------------------------------------------------------------------------------------------------- issuing

interface IssueAll {
  readonly inputs: readonly PassportInput[];
  /** Name of the run's file. */
  readonly run: string;
  readonly voice: 'declared' | 'restated';
  /** The issuer's `assert` key by default. */
  readonly signer?: Signer;
}

/** Issues through the service and waits until all is final. The run's file makes a second call issue nothing twice. */
async function issueAll(stage: Stage, issuer: Issuer, { inputs, run: name, voice, signer = issuer.assert }: IssueAll) {
  const { deployment, client, folder } = stage;
  const began = performance.now();
  const run = await openRun(join(folder, `${name}.run`), { ledger: deployment.ledger.id, issuer: issuer.id });
  try {
    const receipts: string[] = [];
    let refusal: string | undefined;
    // A run that is complete is left as it is, also where a newer release has other examples: what was issued was issued.
    const before = await Array.fromAsync(run.items());
    const isComplete = before.filter(({ receipt }) => receipt !== undefined).length === inputs.length;
    if (!isComplete) {
      const { refused } = await issue({
        ...{ inputs, signer, issuerName: issuer.name, ledger: deployment.ledger.id, run, client, voice },
        onItem: ({ receipt, before }) => {
          if (receipt.state === 'refused') refusal = `${receipt.code}: ${receipt.detail}`;
          else if (!before && receipt.id !== undefined) receipts.push(receipt.id);
        },
      });
      if (refusal !== undefined)
        throw new Error(`${refused} passports of ${issuer.name} were refused, e.g. ${refusal}`);
    }
    for (const id of receipts) await client.waitReceipt(id, 'final', { pollMs: 100 });
    await deployment.service.caughtUp();
    // Signed in the order of the inputs.
    const cids = (await Array.fromAsync(run.items())).map(({ cid }) => cid);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    return {
      items: inputs.length,
      words: isComplete ? 'issued before, nothing to do' : `anchored and final after ${seconds} s`,
      cids,
      cidOf(input: PassportInput): string {
        const cid = cids[inputs.indexOf(input)];
        if (cid === undefined) throw new TypeError(`${name} holds a passport for each of its inputs`);
        return cid;
      },
    };
  } finally {
    await run.close();
  }
}

/** Anchors without the service: the issuer's key signs, and any account (here the admin's, which has no right to it) brings it. */
async function anchorDirectly({ deployment }: Stage, issuer: Issuer, jwt: string): Promise<void> {
  const { ledger, embedded, store, service } = deployment;
  if (embedded === undefined) throw new TypeError('the demonstration runs on the embedded chain');
  const bytes = new TextEncoder().encode(jwt);
  const digest = parseCid(hashCid(bytes));
  const { root, size, manifest } = buildBatch([digest]);
  await store.putBatch({ manifest, credentials: [{ cid: formatCid(digest), bytes }] });
  const request = await signRelay({
    ...{ ledger: ledger.id, signer: issuer.operate, deadline: now() + 600 },
    acts: [acts.anchor({ root, size, manifest: encodeHex(manifest.digest) })],
    nonce: (await ledger.readKeyNonce(hashIssuer(issuer.id), decodeKeyId(issuer.operate.keyId))) ?? 0n,
  });
  const account = createAccount(embedded.accounts.admin.privateKey);
  const writer = await createLedgerWriter({ reader: ledger, url: embedded.rpcUrl, account, pollMs: 200 });
  await writer.send(calls.relay(request));
  await service.caughtUp();
}

/** A passport about a device of another company: refused at the door, and anchored all the same. */
async function anchorForStranger(stage: Stage, issuer: Issuer, like: PassportInput) {
  const { client, deployment } = stage;
  const list = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
  const credential = buildPassport(
    { ...like, gtin: '09529999000019', serial: 'STRANGER1' },
    {
      ...{ issuer: { id: issuer.id, name: issuer.name }, ledger: deployment.ledger.id, voice: 'declared' },
      ...{ status: { list, index: 0 }, statusListCredential: client.statusListUrl(issuer.id, list) },
      validFrom: new Date().toISOString(),
    },
  );
  const { jwt, cid } = await signCredential(credential, issuer.assert);
  let refusal = 'it was not refused';
  for await (const answer of client.postCredentials([jwt])) {
    if (answer.state === 'refused') refusal = `${answer.detail} (${answer.code})`;
  }
  await anchorDirectly(stage, issuer, jwt);
  return { cid: String(cid), refusal };
}

/** Halves a figure in a signed credential, and leaves the signature as it was. */
function lowerFootprint(jwt: string): string {
  const [header, payload, signature] = jwt.split('.');
  const text = new TextDecoder().decode(decodeBase64Url(payload ?? ''));
  return [
    header,
    encodeBase64Url(new TextEncoder().encode(text.replace('"value":231', '"value":115'))),
    signature,
  ].join('.');
}

// ---------------------------------------------------------------------------------------------------------------- inputs

async function readInputs(file: string, mappingFile?: string): Promise<PassportInput[]> {
  const mapping =
    mappingFile === undefined
      ? undefined
      : parseMapping(JSON.parse(await readFile(join(examples, 'mappings', mappingFile), 'utf8')));
  const inputs: PassportInput[] = [];
  for await (const { cells, rowNumber } of readSpreadsheet(join(examples, file))) {
    const row = parseRow(cells, { rowNumber, ...(mapping === undefined ? {} : { mapping }) });
    if (row.state === 'read') inputs.push(row.input);
  }
  return inputs;
}

/** The same device under another serial. */
function variant(input: PassportInput, serial: string): PassportInput {
  return { ...input, serial };
}

function linkOf({ gtin = '', serial }: PassportInput, base: string): string {
  return formatDigitalLink({ gtin, ...(serial === undefined ? {} : { serial }) }, base);
}

/** A time at which a retirement may begin: not before the block that records it. */
async function soonOnChain({ deployment }: Stage): Promise<number> {
  const head = await deployment.ledger.readBlock('latest');
  return Math.max(now(), head?.time ?? 0) + 5;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Lots: what an issuer does with matter that the ledger counts, and what there is to see of it. */
import { type Hex, InvalidInputError, type IssuerId, type LedgerId, RejectedError } from '@dpp-ledger/core';
import { formatLedger, parseCredential, parseDid, parseJwt, type Signer } from '@dpp-ledger/core/credential';
import type { LotMass } from '@dpp-ledger/core/journal';
import {
  CUSTODY_MODELS,
  type CustodyModel,
  findSubstance,
  formatLot,
  formatMass,
  formatSubstance,
  isNoStricter,
  nameSubstance,
  ORIGINS,
  type Origin,
  parseLot,
  parseMass,
  parseSubstance,
} from '@dpp-ledger/core/materials';
import { readEvents } from '@dpp-ledger/core/passport';
import {
  actOnLots,
  type Client,
  type LotAct,
  type LotAnswer,
  type LotOptions,
  type LotPlace,
  lotActs,
  lotOf,
} from '@dpp-ledger/sdk';
import { defineCommand, type Flags, type Invocation, usageError } from '../command.ts';
import { openService, openSigner, readPin } from '../connection.ts';
import { oneLine } from '../output.ts';
import { formatInstant, nowInSeconds, parseTime } from '../times.ts';

const ACT_SETTINGS = ['api', 'issuer', 'issuerName', 'key', 'ledger', 'rpc', 'data'] as const;
const READ_SETTINGS = ['api', 'issuer', 'ledger', 'rpc', 'data'] as const;

const LOT = { name: 'LOT', summary: 'Its id (0x...), its URI, or the label of one that you named.' } as const;
const LABEL = {
  type: 'string',
  value: 'LABEL',
  summary: 'Of the new lot: yours to choose, printable ASCII, used once; required.',
} as const;
const MASS = {
  type: 'string',
  value: 'MASS',
  summary: 'Of the substance alone: "12 kg", 250g, 12000000mg; required.',
} as const;
const PLACE = { type: 'string', value: 'URI', summary: 'The facility where it is.' } as const;
const PLACE_NAME = { type: 'string', value: 'NAME', summary: 'The facility’s name; its URI by default.' } as const;
const GOODS = {
  type: 'string',
  value: 'NAME',
  summary: 'What holds the substance: "cobalt hydroxide"; the substance’s name by default.',
} as const;
const DATE = {
  type: 'string',
  value: 'TIME',
  summary: 'When it happened, with its zone: 2026-05-04T10:00:00+02:00; now by default.',
} as const;

const register = defineCommand({
  name: 'lot register',
  summary: 'Bring matter onto the ledger, as a lot.',
  description:
    'Extractors register primary matter, recyclers recycled, growers and refiners renewable. The event that describes it is signed and anchored in the same step. Masses, holders and places are public.',
  arguments: [{ name: 'LABEL', summary: 'Of the lot: yours to choose, printable ASCII, used once.' }],
  flags: {
    substance: { type: 'string', value: 'NAME', summary: 'By name or CAS number: cobalt, 7440-48-4, steel; required.' },
    mass: MASS,
    origin: { type: 'string', value: 'ORIGIN', summary: `${ORIGINS.join(', ')}; required.` },
    custody: {
      type: 'string',
      value: 'MODEL',
      summary: `Chain of custody (ISO 22095): ${CUSTODY_MODELS.join(', ')}; required.`,
    },
    country: { type: 'string', value: 'CODE', summary: 'Country, ISO 3166-1: CD; required.' },
    place: { ...PLACE, summary: `${PLACE.summary} Required.` },
    'place-name': PLACE_NAME,
    goods: GOODS,
    period: {
      type: 'string',
      value: 'FROM/UNTIL',
      summary: 'The balance period of mass balance, and needed there: 2026-01-01/2026-12-31.',
    },
    date: DATE,
  },
  settings: ACT_SETTINGS,
  examples: [
    'dpp lot register ORE-1 --substance cobalt --mass "40 kg" --origin primary --custody segregated --country CD --place https://mine.example/pit/1',
  ],
  async run(invocation) {
    const { words, values } = invocation;
    const [label = ''] = words;
    const need = (name: keyof typeof values) => needed(register, values, name);
    const substance = findSubstance(need('substance'));
    const milligrams = parseMass(need('mass'));
    const origin = choose(ORIGINS, need('origin'), '--origin');
    const custody = choose(CUSTODY_MODELS, need('custody'), '--custody');
    const country = need('country');
    const at = { ...placeOf(need('place'), values['place-name']), country };
    const session = await openSession(invocation);
    const act = lotActs.register({
      label,
      name: values.goods,
      substance,
      origin,
      custody,
      milligrams,
      at,
      period: parsePeriod(values.period),
    });
    return await perform(
      invocation,
      session,
      act,
      `Registered ${formatMass(milligrams)} of ${nameSubstance(substance)}.`,
    );
  },
});

const split = defineCommand({
  name: 'lot split',
  summary: 'Move part of a lot into a new one.',
  arguments: [LOT],
  flags: { mass: MASS, label: LABEL },
  settings: ACT_SETTINGS,
  examples: ['dpp lot split ORE-1 --mass "10 kg" --label ORE-1/A'],
  async run(invocation) {
    const { values } = invocation;
    const milligrams = parseMass(needed(split, values, 'mass'));
    const label = needed(split, values, 'label');
    const session = await openSession(invocation);
    const lot = findLot(session, invocation.words[0]);
    const act = lotActs.split({ lot, milligrams, label });
    return await perform(invocation, session, act, `Split ${formatMass(milligrams)} off.`);
  },
});

const offer = defineCommand({
  name: 'lot offer',
  summary: 'Offer part of a lot, or all of it, to another issuer.',
  description:
    'What is offered becomes a lot of its own at once, which nobody can use until the receiver accepts or refuses it, or you withdraw it.',
  arguments: [LOT],
  flags: {
    to: { type: 'string', value: 'DID', summary: 'Who may accept it; required.' },
    'to-name': { type: 'string', value: 'NAME', summary: 'The receiver’s name; its DID by default.' },
    mass: MASS,
    label: LABEL,
    place: { ...PLACE, summary: 'The facility where it is; the one that it was registered at by default.' },
    'place-name': PLACE_NAME,
    destination: {
      type: 'string',
      value: 'URI',
      summary: 'The facility where it goes; it stays where it is by default, and only its owner changes.',
    },
    'destination-name': PLACE_NAME,
    goods: GOODS,
    date: DATE,
  },
  settings: ACT_SETTINGS,
  examples: [
    'dpp lot offer ORE-1 --to did:web:refiner.example --mass "25 kg" --label ORE-1/B --destination https://refiner.example/plant/1',
  ],
  async run(invocation) {
    const { words, values, signal } = invocation;
    const receiver = parseDid(needed(offer, values, 'to'));
    const milligrams = parseMass(needed(offer, values, 'mass'));
    const label = needed(offer, values, 'label');
    const session = await openSession(invocation);
    const lot = findLot(session, words[0]);
    const known = await session.client.fetchLot(lot, { signal });
    const registeredAt = typeof known.facility === 'string' ? known.facility : undefined;
    const place = values.place ?? registeredAt;
    if (place === undefined) throw usageError(offer, '--place is missing: the lot was not registered at a facility.');
    const from = placeOf(place, values['place-name']);
    const to = values.destination === undefined ? from : placeOf(values.destination, values['destination-name']);
    const act = lotActs.offer({
      ...{ lot, milligrams, label, receiver, from, to },
      counterpartyName: values['to-name'] ?? receiver,
      name: values.goods ?? known.name,
    });
    return await perform(
      invocation,
      session,
      act,
      `Offered ${formatMass(milligrams)} of ${known.name} to ${receiver}, who has to accept it.`,
    );
  },
});

const accept = defineCommand({
  name: 'lot accept',
  summary: 'Accept a lot that is offered to you.',
  description: 'What it is and where it goes is taken from the sender’s event, which you confirm by one of your own.',
  arguments: [LOT],
  flags: { date: DATE },
  settings: ACT_SETTINGS,
  examples: ['dpp lot list --offered-to did:web:refiner.example', 'dpp lot accept 0x6b86b273...'],
  async run(invocation) {
    const { words, signal } = invocation;
    const session = await openSession(invocation);
    const { client } = session;
    const lot = findLot(session, words[0]);
    const { holder, milligrams, event: cid, name } = await client.fetchLot(lot, { signal });
    const [event] =
      cid === undefined
        ? []
        : readEvents(parseCredential(parseJwt(await client.fetchCredential(cid, { signal })).payload));
    const [from, to] = [event?.facility, event?.toFacility].map((place) => placeOf(place?.id ?? holder, place?.name));
    const sender = parseDid(holder);
    const act = lotActs.accept({
      ...{ lot, milligrams, sender, from: from as LotPlace, to: to as LotPlace },
      counterpartyName: event?.parties.find(({ id }) => id === holder)?.name ?? holder,
      name: event?.products[0]?.name ?? name,
    });
    return await perform(
      invocation,
      session,
      act,
      `Accepted ${formatMass(milligrams)} of ${name} from ${holder}: it is yours.`,
    );
  },
});

const refuse = defineCommand({
  name: 'lot refuse',
  summary: 'Refuse a lot that is offered to you: it stays the sender’s.',
  arguments: [LOT],
  flags: {},
  settings: ACT_SETTINGS,
  examples: ['dpp lot refuse 0x6b86b273...'],
  run: (invocation) => endOffer(invocation, lotActs.refuse, 'Refused: it stays the sender’s.'),
});

const withdraw = defineCommand({
  name: 'lot withdraw',
  summary: 'Withdraw an offer that nobody has accepted.',
  arguments: [LOT],
  flags: {},
  settings: ACT_SETTINGS,
  examples: ['dpp lot withdraw ORE-1/B'],
  run: (invocation) => endOffer(invocation, lotActs.withdraw, 'Withdrawn: it is yours alone again.'),
});

const transform = defineCommand({
  name: 'lot transform',
  summary: 'Make lots of lots of the same substance, by a named process.',
  description:
    'Of each origin no more comes out or is lost than went in; what is left of a recycled or renewable origin has fallen to primary, and has to come out or be lost as that. A custody model only weakens.',
  arguments: [],
  flags: {
    process: { type: 'string', value: 'NAME', summary: 'What was done: "hydrometallurgical refining"; required.' },
    input: {
      type: 'string',
      value: 'LOT=MASS',
      multiple: true,
      summary: 'What goes in, once for each lot: "ORE-1/B=25 kg"; required.',
    },
    output: {
      type: 'string',
      value: 'LABEL=MASS',
      multiple: true,
      summary:
        'What comes out, once for each new lot: "SULPHATE-1=24 kg", with an origin and a custody model behind it ("=24 kg primary massBalance") where they are not the inputs’ one origin and weakest model; required.',
    },
    lost: {
      type: 'string',
      value: 'MASS',
      multiple: true,
      summary: 'What was lost, with its origin behind it where there are several: "1 kg primary".',
    },
    goods: { ...GOODS, summary: 'What holds the substance now: "cobalt sulphate"; the substance’s name by default.' },
    place: { ...PLACE, summary: 'The facility where it was done; required.' },
    'place-name': PLACE_NAME,
    date: DATE,
  },
  settings: ACT_SETTINGS,
  examples: [
    'dpp lot transform --process refining --input "0x6b86b273...=25 kg" --output "SULPHATE-1=24.5 kg" --lost "500 g" --place https://refiner.example/plant/1 --goods "cobalt sulphate"',
  ],
  async run(invocation) {
    const { values, signal } = invocation;
    const process = needed(transform, values, 'process');
    const at = placeOf(needed(transform, values, 'place'), values['place-name']);
    if (values.input === undefined || values.output === undefined) {
      throw usageError(transform, 'Give --input and --output, once for each lot.');
    }
    const session = await openSession(invocation);
    const inputs = await Promise.all(
      values.input.map(async (text) => {
        const [name, mass] = splitPart(text, '--input');
        const lot = findLot(session, name);
        return { lot, milligrams: parseMass(mass), known: await session.client.fetchLot(lot, { signal }) };
      }),
    );
    const kinds = inputs.map(({ known }) => known);
    const defaults = inferKind(kinds);
    const outputs = values.output.map((text) => {
      const [label, rest] = splitPart(text, '--output');
      return { label, name: values.goods, ...readPortion(rest, defaults) };
    });
    const lost: Partial<Record<Origin, bigint>> = {};
    for (const text of values.lost ?? []) {
      const { origin, milligrams } = readPortion(text, defaults);
      lost[origin] = (lost[origin] ?? 0n) + milligrams;
    }
    const substance = parseSubstance(kinds[0]?.substance ?? '');
    const act = lotActs.transform({
      ...{ process, substance, outputs, lost, at },
      inputs: inputs.map(({ lot, milligrams, known }) => ({ lot, milligrams, name: known.name })),
    });
    const made = outputs.map(({ label, milligrams, origin }) => `${formatMass(milligrams)} ${origin} as ${label}`);
    return await perform(invocation, session, act, `Made ${made.join(', ')}.`);
  },
});

const retire = defineCommand({
  name: 'lot retire',
  summary: 'Take mass out of circulation that was used outside of any passport.',
  arguments: [LOT],
  flags: { mass: MASS },
  settings: ACT_SETTINGS,
  examples: ['dpp lot retire SULPHATE-1 --mass "2 kg"'],
  run: (invocation) => use('lot retire', invocation, lotActs.retire, 'Retired'),
});

const writeOff = defineCommand({
  name: 'lot write-off',
  summary: 'Write off mass of a lot that is lost.',
  arguments: [LOT],
  flags: { mass: MASS },
  settings: ACT_SETTINGS,
  examples: ['dpp lot write-off SULPHATE-1 --mass 300g'],
  run: (invocation) => use('lot write-off', invocation, lotActs.writeOff, 'Written off'),
});

// -------------------------------------------------------------------------------------------------------------- reading

const show = defineCommand({
  name: 'lot show',
  summary: 'Show a lot: what is left in it, what it was made of, and what was done to it.',
  arguments: [LOT],
  flags: {},
  settings: READ_SETTINGS,
  examples: ['dpp lot show ORE-1', 'dpp lot show 0x6b86b273... --json'],
  async run(invocation) {
    const { words, settings, output, signal } = invocation;
    const client = await openService(invocation);
    const ledger = await readPin(invocation);
    const issuer = settings.find('issuer');
    const lot = findLot({ ledger, issuer: issuer === undefined ? undefined : parseDid(issuer) }, words[0]);
    const found = await client.fetchLot(lot, { signal });
    const changes = await Array.fromAsync(client.listLotChanges(lot, { signal }));
    const sources = found.madeOf.map((part) => `  ${formatMass(part.milligrams)} of lot ${shortLot(part.lot)}`);
    output.answer(
      { ...found, changes },
      [
        describeKnown(found),
        `  ${found.lot}`,
        `  named ${oneLine(found.label)} by entry ${found.entry}${found.event === undefined ? '' : `, described by ${found.event}`}`,
        ...(sources.length === 0 ? [] : ['Made of', ...sources]),
        ...(changes.length === 0 ? [] : ['What was done to it']),
        ...changes.map(
          ({ entry, kind, time, by, milligrams, into, batch }) =>
            `  ${formatInstant(time)}  entry ${entry}: ${describeKind(kind)}${milligrams === 0n ? '' : `, ${formatMass(milligrams)}`}, by ${by}${[
              ...into.map((part) => `, into lot ${shortLot(part.lot)}`),
              ...(batch === undefined ? [] : [`, batch ${batch.slice(0, 14)}…`]),
            ].join('')}`,
        ),
      ].join('\n'),
    );
    return 0;
  },
});

const list = defineCommand({
  name: 'lot list',
  summary: 'List lots, newest first.',
  arguments: [],
  flags: {
    holder: { type: 'string', value: 'DID', summary: 'Only what this issuer holds.' },
    'offered-to': {
      type: 'string',
      value: 'DID',
      summary: 'Only what is offered to this issuer and not accepted yet.',
    },
    substance: { type: 'string', value: 'NAME', summary: 'Only of this substance, by name or CAS number.' },
    origin: { type: 'string', value: 'ORIGIN', summary: `Only of this origin: ${ORIGINS.join(', ')}.` },
  },
  settings: READ_SETTINGS,
  examples: [
    'dpp lot list --holder did:web:refiner.example --substance cobalt',
    'dpp lot list --offered-to did:web:refiner.example',
  ],
  async run(invocation) {
    const { values, output, signal } = invocation;
    const { holder, substance, origin } = values;
    const offeredTo = values['offered-to'];
    const filter = {
      ...(holder === undefined ? {} : { holder: parseDid(holder) }),
      ...(offeredTo === undefined ? {} : { offeredTo: parseDid(offeredTo) }),
      ...(substance === undefined ? {} : { substance: formatSubstance(findSubstance(substance)) }),
      ...(origin === undefined ? {} : { origin: choose(ORIGINS, origin, '--origin') }),
    };
    const client = await openService(invocation);
    let count = 0;
    for await (const lot of client.listLots({ ...filter, signal })) {
      count += 1;
      output.item(lot, describeKnown(lot));
    }
    if (count === 0) output.note('No lot is like that.');
    return 0;
  },
});

function describeKnown(lot: LotAnswer): string {
  const state = lot.void
    ? 'void'
    : lot.offeredTo === undefined
      ? `held by ${lot.holder}`
      : `offered by ${lot.holder} to ${lot.offeredTo}`;
  return `Lot ${lot.id}: ${formatMass(lot.milligrams)} of ${formatMass(lot.registered)} left, ${lot.name}, ${lot.origin}, ${lot.custody}, ${state}`;
}

/** `transferOffered` as "transfer offered". */
function describeKind(kind: string): string {
  return kind === 'anchored'
    ? 'allocated to a batch of passports'
    : kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shortLot(uri: string): string {
  return `0x${uri.slice(-64, -52)}…`;
}

export const LOT_COMMANDS = [register, split, offer, accept, refuse, withdraw, transform, retire, writeOff, show, list];

// --------------------------------------------------------------------------------------------------------------- acting

interface Session {
  readonly client: Client;
  readonly signer: Signer;
  readonly ledger: LedgerId;
  readonly issuer: IssuerId;
  readonly options: LotOptions;
}

async function openSession<F extends Flags>(invocation: Invocation<F>): Promise<Session> {
  const { values, settings, signal } = invocation;
  const signer = await openSigner(invocation);
  const [client, ledger] = [await openService(invocation), await readPin(invocation)];
  const { date } = values as { readonly date?: string };
  const options = {
    ...{ signer, ledger, client, signal, issuerName: settings.require('issuerName') },
    ...(date === undefined ? {} : { date }),
  };
  return { client, signer, ledger, issuer: signer.issuer, options };
}

/** Does it, waits until the ledger has it, and says so. */
async function perform<F extends Flags>(
  { output, signal }: Invocation<F>,
  { client, ledger, options }: Session,
  act: LotAct,
  sentence: string,
): Promise<0> {
  const { lots, events, answer } = await actOnLots([act], options);
  const { state, entry, transaction } = await client.waitReceipt(answer.id, 'anchored', { signal });
  const named = lots.map((id) => ({ id, lot: formatLot(formatLedger(ledger), id) }));
  const cids = events.map(({ cid }) => cid);
  output.answer(
    { lots: named, events: cids, state, entry, transaction },
    [sentence, ...named.map(({ lot }) => `Lot ${lot}`), ...cids.map((cid) => `Its event is ${cid}.`)].join('\n'),
  );
  return 0;
}

async function endOffer<F extends Flags>(
  invocation: Invocation<F>,
  act: (lot: Hex) => LotAct,
  sentence: string,
): Promise<0> {
  const session = await openSession(invocation);
  return await perform(invocation, session, act(findLot(session, invocation.words[0])), sentence);
}

async function use(
  name: string,
  invocation: Invocation<{ readonly mass: typeof MASS }>,
  act: (part: LotMass) => LotAct,
  word: string,
): Promise<0> {
  const milligrams = parseMass(needed({ name }, invocation.values, 'mass'));
  const session = await openSession(invocation);
  const lot = findLot(session, invocation.words[0]);
  return await perform(invocation, session, act({ lot, milligrams }), `${word}: ${formatMass(milligrams)}.`);
}

// ------------------------------------------------------------------------------------------------------------- arguments

/** An id, a URI of this ledger, or a label of the issuer's own. Errors: `materials.lot`, `usage.command`. */
export function findLot(
  { ledger, issuer }: { readonly ledger: LedgerId; readonly issuer?: IssuerId | undefined },
  text = '',
): Hex {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as Hex;
  if (text.startsWith('eip155:')) {
    const named = parseLot(text);
    if (named.ledger === formatLedger(ledger)) return named.lot;
    throw new RejectedError('ledger.mismatch', `${text} is a lot of ${named.ledger}, not of ${formatLedger(ledger)}.`);
  }
  if (issuer !== undefined && text !== '') return lotOf(issuer, text);
  throw new InvalidInputError(
    'usage.command',
    `"${text}" is neither the id nor the URI of a lot. Set "issuer" to use your own labels.`,
  );
}

function needed(
  command: Parameters<typeof usageError>[0],
  values: Readonly<Record<string, unknown>>,
  name: string,
): string {
  const value = values[name];
  if (typeof value === 'string') return value;
  throw usageError(command, `--${name} is missing.`);
}

function choose<T extends string>(choices: readonly T[], text: string, flag: string): T {
  const choice = choices.find((one) => one.toLowerCase() === text.toLowerCase());
  if (choice !== undefined) return choice;
  throw new InvalidInputError('usage.command', `${flag} is one of ${choices.join(', ')}, not "${text}".`);
}

function placeOf(id: string, name: string | undefined): LotPlace {
  return { id, name: name ?? id };
}

/** Errors: `usage.command`. */
function parsePeriod(text: string | undefined): { readonly from: number; readonly until: number } | undefined {
  if (text === undefined) return undefined;
  const [from, until, ...more] = text.split('/');
  if (from === undefined || until === undefined || more.length > 0) {
    throw new InvalidInputError(
      'usage.command',
      `--period is FROM/UNTIL, such as 2026-01-01/2026-12-31, not "${text}".`,
    );
  }
  const now = nowInSeconds();
  return { from: parseTime(from, now), until: parseTime(until, now) };
}

/** At the last "=": a label may have one. */
function splitPart(text: string, flag: string): [name: string, rest: string] {
  const at = text.lastIndexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new InvalidInputError('usage.command', `${flag} is a lot, "=" and a mass, not "${text}".`);
}

interface Kind {
  readonly origin: Origin | undefined;
  readonly custody: CustodyModel;
}

/** The one origin of all that goes in, if it is one, and the weakest of the models. */
function inferKind(inputs: readonly Pick<LotAnswer, 'origin' | 'custody'>[]): Kind {
  const origins = new Set(inputs.map(({ origin }) => origin));
  const models = inputs.map(({ custody }) => custody);
  const custody = models.reduce(
    (weakest, model) => (isNoStricter(model, weakest) ? model : weakest),
    CUSTODY_MODELS[0],
  );
  return { origin: origins.size === 1 ? [...origins][0] : undefined, custody };
}

/** "400 g postConsumerRecycled massBalance", in any order behind the mass. Errors: `usage.command`, `materials.mass`. */
function readPortion(text: string, defaults: Kind) {
  const words = text.trim().split(/\s+/);
  const take = <T extends string>(choices: readonly T[]) => {
    const at = words.findIndex((word) => choices.some((one) => one.toLowerCase() === word.toLowerCase()));
    return at < 0 ? undefined : choose(choices, words.splice(at, 1)[0] ?? '', 'it');
  };
  const origin = take(ORIGINS) ?? defaults.origin;
  const custody = take(CUSTODY_MODELS) ?? defaults.custody;
  if (origin === undefined) {
    throw new InvalidInputError(
      'usage.command',
      `"${text}": say of which origin behind the mass, because several go in: ${ORIGINS.join(', ')}.`,
    );
  }
  return { milligrams: parseMass(words.join(' ')), origin, custody };
}

/**
 * The books of material, as an auditor keeps them: for each holder, substance, origin and quarter what was there, what came, what went and
 * what is left; and what the contract allows but the model of custody does not (ISO 22095). Fed with entries in the journal's order. It
 * keeps the lots that have something in them, the runs of processes and a line for each quarter in which anything moved; no entries.
 */
import { z } from 'zod';
import type { Hex } from '../bytes.ts';
import type { Entry, EntryOf, LotMass } from '../journal/entry.ts';
import { CUSTODY_MODELS, type CustodyModel, hashLot, type LotState, ORIGINS, type Origin } from '../materials/lot.ts';
import { formatSubstance } from '../materials/substance.ts';
import { parseShape } from '../shape.ts';
import { type FindingItem, type FindingKind, LISTED } from './findings.ts';
import { createRuns, HEURISTICS, keptRuns, type Runs } from './runs.ts';

/** What changes an account. `lost` is the part of `consumed` that came out of no transformation. */
const MOVEMENTS = [
  ...(['registered', 'received', 'made'] as const),
  ...(['delivered', 'consumed', 'lost', 'allocated', 'retired', 'writtenOff', 'voided'] as const),
] as const;
type Movement = (typeof MOVEMENTS)[number];
const COMING: readonly Movement[] = ['registered', 'received', 'made'];
const GOING: readonly Movement[] = ['delivered', 'consumed', 'allocated', 'retired', 'writtenOff', 'voided'];

/** Book and claim is a certificate without the material: it is never added to what is physically there. */
export const FORMS = ['physical', 'bookAndClaim'] as const;
type Form = (typeof FORMS)[number];

const whole = z.int().nonnegative();
const milligrams = z.string().regex(/^(?:0|[1-9][0-9]{0,30})$/);
const movements = Object.fromEntries(MOVEMENTS.map((name) => [name, milligrams])) as Record<
  Movement,
  typeof milligrams
>;

const materialLine = z.strictObject({
  holder: z.string().describe('The DID.'),
  substance: z.string().describe('CAS number, or a code of our own list.'),
  origin: z.enum(ORIGINS),
  form: z.enum(FORMS).describe('Book and claim is kept apart from what is physically there.'),
  period: z
    .string()
    .regex(/^\d{4,}-Q[1-4]$/)
    .describe('Quarter, UTC. One in which nothing moved has no line.'),
  opening: milligrams,
  ...movements,
  closing: milligrams.describe(
    'opening + registered + received + made - delivered - consumed - allocated - retired - writtenOff - voided.',
  ),
});
export type MaterialLine = z.infer<typeof materialLine>;

const materialSum = z.strictObject({
  ...{ substance: z.string(), origin: z.enum(ORIGINS), registered: milligrams },
  held: milligrams.describe('Of all holders, what is on offer included.'),
  ...{ onOffer: milligrams, allocated: milligrams, retired: milligrams },
  lost: milligrams.describe('In transformations, and written off.'),
  voided: milligrams,
  fallen: z
    .string()
    .regex(/^(?:0|-?[1-9][0-9]{0,30})$/)
    .describe('To primary; of primary, what fell to it, with a minus.'),
});

/** In milligrams, as decimals. */
export const materialBooks = z.strictObject({
  lines: z.strictObject({ total: whole, items: z.array(materialLine).max(LISTED) }),
  sums: z.array(materialSum).describe('registered = held + allocated + retired + lost + voided + fallen.'),
});
export type MaterialBooks = z.infer<typeof materialBooks>;

export interface ReconciliationOptions {
  /** For people: the DID. */
  readonly nameIssuer: (issuer: Hex) => string;
  readonly onFinding: <K extends FindingKind>(kind: K, item: FindingItem<K>) => void;
}

export interface Reconciliation {
  /** The next entry; those that concern no lot change nothing. */
  add(index: number, entry: Entry): void;
  /** What is in a lot now. */
  massOf(lot: Hex): bigint;
  /** What there is to say at the end, its findings included; once. Errors: `TypeError` where the books are not what the ledger has. */
  close(lots: Iterable<readonly [Hex, LotState]>): MaterialBooks;
  /** Plain JSON, to go on from. */
  snapshot(): KeptReconciliation;
}

/** A lot that has something in it. */
interface Held {
  holder: Hex;
  milligrams: bigint;
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
  /** Where all of it was registered: whose and at which facility; `undefined`: in several places. */
  readonly source: string | undefined;
  /** Of mass balance: until when it may be drawn on. */
  readonly period: { readonly from: number; readonly until: number } | undefined;
  offer: { readonly entry: number; readonly to: Hex; readonly since: number } | undefined;
}

interface Account {
  readonly holder: Hex;
  readonly substance: number;
  readonly origin: Origin;
  readonly form: Form;
  period: string;
  opening: bigint;
  readonly moved: Record<Movement, bigint>;
  /** Quarters in a row in which as much came as went, now and at most; the entry that began the first. */
  even: number;
  mostEven: number;
  since: number;
}

const bigints = z.string().transform((text) => BigInt(text));
const hex = z.custom<Hex>((value) => typeof value === 'string');
const keptReconciliation = z.strictObject({
  lots: z.array(
    z.strictObject({
      ...{ id: hex, holder: hex, milligrams: bigints, substance: whole, origin: z.enum(ORIGINS) },
      ...{ custody: z.enum(CUSTODY_MODELS), source: z.string().optional() },
      period: z.strictObject({ from: whole, until: whole }).optional(),
      offer: z.strictObject({ entry: whole, to: hex, since: whole }).optional(),
    }),
  ),
  accounts: z.array(
    z.strictObject({
      ...{ holder: hex, substance: whole, origin: z.enum(ORIGINS), form: z.enum(FORMS), period: z.string() },
      ...{ opening: bigints, moved: z.array(bigints).length(MOVEMENTS.length) },
      ...{ even: whole, mostEven: whole, since: whole },
    }),
  ),
  lines: z.array(materialLine),
  runs: keptRuns,
});
export type KeptReconciliation = z.input<typeof keptReconciliation>;

/** `kept`: a snapshot to go on from. Errors: `input.shape`. */
export function createReconciliation(options: ReconciliationOptions, kept?: unknown): Reconciliation {
  const { nameIssuer, onFinding } = options;
  const begun = kept === undefined ? undefined : parseShape(keptReconciliation, kept, 'books of material');
  const runs: Runs = createRuns(options, begun?.runs);
  const lots = new Map(
    begun?.lots.map(({ id, source, period, offer, ...lot }): [Hex, Held] => [id, { ...lot, source, period, offer }]),
  );
  const accounts = new Map(
    begun?.accounts.map((account): [string, Account] => [
      nameAccount(account),
      { ...account, moved: zip(account.moved) },
    ]),
  );
  const lines = [...(begun?.lines ?? [])];

  // ------------------------------------------------------------------------------------------------------------- accounts

  function move(
    entry: { readonly index: number; readonly time: number },
    lot: Held,
    movement: Movement,
    mass: bigint,
  ): void {
    if (mass === 0n) return;
    const form: Form = lot.custody === 'bookAndClaim' ? 'bookAndClaim' : 'physical';
    const { holder, substance, origin } = lot;
    const period = quarterOf(entry.time);
    const name = nameAccount({ holder, substance, origin, form });
    let account = accounts.get(name);
    if (account === undefined) {
      const none = { opening: 0n, moved: zip([]), even: 0, mostEven: 0, since: entry.index };
      account = { holder, substance, origin, form, period, ...none };
      accounts.set(name, account);
    } else if (account.period !== period) {
      endPeriod(account);
      account.opening = closingOf(account);
      account.period = period;
      for (const one of MOVEMENTS) account.moved[one] = 0n;
    }
    account.moved[movement] += mass;
  }

  function endPeriod(account: Account): void {
    lines.push(describeAccount(account));
    const [came, went] = [sum(account, COMING), sum(account, GOING)];
    account.even = came > 0n && came === went ? account.even + 1 : 0;
    account.mostEven = Math.max(account.mostEven, account.even);
  }

  function describeAccount(account: Account): MaterialLine {
    const { holder, substance, origin, form, period, opening, moved } = account;
    const told = Object.fromEntries(MOVEMENTS.map((name) => [name, String(moved[name])])) as Record<Movement, string>;
    return {
      ...{ holder: nameIssuer(holder), substance: formatSubstance(substance), origin, form, period },
      ...{ opening: String(opening), ...told, closing: String(closingOf(account)) },
    };
  }

  // ----------------------------------------------------------------------------------------------------------------- lots

  function find(id: Hex): Held {
    const lot = lots.get(id);
    if (lot === undefined)
      throw new TypeError(`lot ${id} has nothing in it: the entries are not a journal's, in its order`);
    return lot;
  }

  function take({ lot: id, milligrams: mass }: LotMass): Held {
    const lot = find(id);
    lot.milligrams -= mass;
    if (lot.milligrams === 0n) lots.delete(id);
    return lot;
  }

  /** What is drawn on outside the period that its lot stated. */
  function expectInPeriod(at: At, act: Entry['kind'], id: Hex, { period, holder }: Held, mass: bigint): void {
    if (period === undefined || (at.time >= period.from && at.time < period.until)) return;
    const item = { entry: at.index, issuer: nameIssuer(holder), act, lot: id, milligrams: String(mass), time: at.time };
    onFinding('periodBreaches', { ...item, ...period });
  }

  function transform(at: At, entry: EntryOf<'transformed'>): void {
    const { issuer, inputs, outputs, lost, process } = entry;
    const taken = inputs.map((input) => ({ id: input.lot, mass: input.milligrams, lot: take(input) }));
    const [first] = taken;
    if (first === undefined) return;
    const { substance } = first.lot;
    for (const { id, mass, lot } of taken) {
      expectInPeriod(at, 'transformed', id, lot, mass);
      move(at, lot, 'consumed', mass);
    }
    // What was lost is lost of what entered: physically there, unless nothing was.
    for (const origin of ORIGINS) {
      const from =
        taken.find(({ lot }) => lot.origin === origin && lot.custody !== 'bookAndClaim') ??
        taken.find(({ lot }) => lot.origin === origin);
      move(at, from?.lot ?? { ...first.lot, origin }, 'lost', lost[origin]);
    }
    const sources = new Set(taken.map(({ lot }) => lot.source));
    const periods = taken.flatMap(({ lot: { period } }) => (period === undefined ? [] : [period]));
    const period =
      periods.length === 0
        ? undefined
        : { from: Math.min(...periods.map(({ from }) => from)), until: Math.max(...periods.map(({ until }) => until)) };
    for (const { label, origin, custody, milligrams: mass } of outputs) {
      const made: Held = {
        ...{ holder: issuer, milligrams: mass, substance, origin, custody, offer: undefined },
        source: sources.size === 1 ? first.lot.source : undefined,
        period: custody === 'massBalance' ? period : undefined,
      };
      lots.set(hashLot(issuer, label), made);
      move(at, made, 'made', mass);
    }
    expectCustody(at, entry, taken);
    const [entered, given] = [sumOf(inputs), sumOf(outputs)];
    runs.add({ index: at.index, issuer, substance, process, entered, given });
  }

  /** The finer rule of each model: the contract has seen to it that none became stricter. */
  function expectCustody(
    at: At,
    { issuer, inputs, outputs }: EntryOf<'transformed'>,
    taken: readonly { readonly lot: Held }[],
  ): void {
    const breach = (custody: CustodyModel, rule: FindingItem<'custodyBreaches'>['rule'], label: string) =>
      onFinding('custodyBreaches', {
        entry: at.index,
        issuer: nameIssuer(issuer),
        lot: hashLot(issuer, label),
        custody,
        rule,
      });
    const isOneSource = taken.every(({ lot }) => lot.source !== undefined && lot.source === taken[0]?.lot.source);
    const isOneOrigin = taken.every(({ lot }) => lot.origin === taken[0]?.lot.origin);
    for (const { custody, label } of outputs) {
      if (custody === 'identityPreserved' && !isOneSource) breach(custody, 'one-source', label);
      if ((custody === 'identityPreserved' || custody === 'segregated') && !isOneOrigin)
        breach(custody, 'one-origin', label);
    }
    // Every part of a blend has the ratio of all that was blended: of no origin but primary may it be given out as more.
    const blended = outputs.filter(({ custody }) => custody === 'controlledBlending');
    const [entered, given] = [sumOf(inputs), sumOf(blended)];
    for (const origin of ORIGINS) {
      if (origin === 'primary') continue;
      const parts = blended.filter((output) => output.origin === origin);
      const came = taken.reduce(
        (mass, { lot }, i) => mass + (lot.origin === origin ? (inputs[i]?.milligrams ?? 0n) : 0n),
        0n,
      );
      // A milligram of each lot is rounding.
      const most = came * given + BigInt(blended.length) * entered;
      if (sumOf(parts) * entered > most)
        for (const { label } of parts) breach('controlledBlending', 'known-ratio', label);
    }
  }

  return {
    add(index, entry) {
      const at: At = { index, time: entry.blockTime };
      switch (entry.kind) {
        case 'anchored':
          for (const { lot: id, milligrams: each } of entry.allocations) {
            const mass = each * BigInt(entry.size);
            const lot = take({ lot: id, milligrams: mass });
            expectInPeriod(at, 'anchored', id, lot, mass);
            move(at, lot, 'allocated', mass);
          }
          return;
        case 'lotRegistered': {
          const {
            issuer: holder,
            milligrams: mass,
            substance,
            origin,
            custody,
            facility,
            periodFrom,
            periodUntil,
          } = entry;
          const period = periodUntil === 0 ? undefined : { from: periodFrom, until: periodUntil };
          const source = `${holder} ${facility}`;
          const lot = { holder, milligrams: mass, substance, origin, custody, source, period, offer: undefined };
          lots.set(hashLot(holder, entry.label), lot);
          move(at, lot, 'registered', mass);
          runs.register({ index, issuer: holder, substance, milligrams: mass });
          return;
        }
        case 'lotSplit':
        case 'transferOffered': {
          const from = take(entry);
          const offer = entry.kind === 'lotSplit' ? undefined : { entry: index, to: entry.receiver, since: at.time };
          lots.set(hashLot(entry.issuer, entry.label), { ...from, milligrams: entry.milligrams, offer });
          return;
        }
        case 'transferAccepted': {
          const lot = find(entry.lot);
          // The sender let go of it when it was offered.
          const offered = { index, time: lot.offer?.since ?? at.time };
          expectInPeriod(offered, 'transferAccepted', entry.lot, lot, lot.milligrams);
          move(at, lot, 'delivered', lot.milligrams);
          lot.holder = entry.issuer;
          lot.offer = undefined;
          move(at, lot, 'received', lot.milligrams);
          return;
        }
        case 'transferRefused':
        case 'transferWithdrawn':
          // Of a lot that was voided meanwhile nothing is left.
          if (lots.has(entry.lot)) find(entry.lot).offer = undefined;
          return;
        case 'transformed':
          transform(at, entry);
          return;
        case 'lotRetired': {
          const lot = take(entry);
          expectInPeriod(at, 'lotRetired', entry.lot, lot, entry.milligrams);
          move(at, lot, 'retired', entry.milligrams);
          return;
        }
        case 'lotLost':
          move(at, take(entry), 'writtenOff', entry.milligrams);
          return;
        case 'lotVoided':
          if (lots.has(entry.lot)) move(at, take(entry), 'voided', entry.milligrams);
          return;
      }
    },

    massOf: (lot) => lots.get(lot)?.milligrams ?? 0n,

    close(state) {
      for (const account of accounts.values()) {
        endPeriod(account);
        if (account.mostEven < HEURISTICS.evenPeriods) continue;
        const { holder, substance, since, mostEven } = account;
        const item = { entry: since, issuer: nameIssuer(holder), substance: formatSubstance(substance) };
        onFinding('tooPerfect', { ...item, pattern: 'in-equals-out', count: mostEven });
      }
      for (const [id, { offer, holder, substance, milligrams: mass }] of lots) {
        if (offer === undefined) continue;
        const parties = { issuer: nameIssuer(holder), receiver: nameIssuer(offer.to) };
        const what = { lot: id, substance: formatSubstance(substance), milligrams: String(mass), since: offer.since };
        onFinding('unacceptedTransfers', { entry: offer.entry, ...parties, ...what });
      }
      runs.close();
      expectSame(lots, state);
      const sorted = lines.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
      return { lines: { total: sorted.length, items: sorted.slice(0, LISTED) }, sums: sumUp(sorted, lots.values()) };
    },

    snapshot: () => ({
      lots: Array.from(lots, ([id, lot]) => ({ id, ...lot, milligrams: String(lot.milligrams) })),
      accounts: Array.from(accounts.values(), ({ opening, moved, ...account }) => ({
        ...{ ...account, opening: String(opening) },
        moved: MOVEMENTS.map((name) => String(moved[name])),
      })),
      lines: [...lines],
      runs: runs.snapshot(),
    }),
  };
}

/** Where in the journal. */
interface At {
  readonly index: number;
  readonly time: number;
}

/** "2026-Q1". */
function quarterOf(time: number): string {
  const date = new Date(time * 1_000);
  return `${date.getUTCFullYear()}-Q${1 + Math.floor(date.getUTCMonth() / 3)}`;
}

function nameAccount({
  holder,
  substance,
  origin,
  form,
}: Pick<Account, 'holder' | 'substance' | 'origin' | 'form'>): string {
  return [holder, substance, origin, form].join(' ');
}

function zip(values: readonly bigint[]): Record<Movement, bigint> {
  return Object.fromEntries(MOVEMENTS.map((name, i) => [name, values[i] ?? 0n])) as Record<Movement, bigint>;
}

function sum({ moved }: Pick<Account, 'moved'>, names: readonly Movement[]): bigint {
  return names.reduce((total, name) => total + moved[name], 0n);
}

function closingOf(account: Pick<Account, 'opening' | 'moved'>): bigint {
  return account.opening + sum(account, COMING) - sum(account, GOING);
}

function sumOf(parts: readonly { readonly milligrams: bigint }[]): bigint {
  return parts.reduce((total, part) => total + part.milligrams, 0n);
}

function orderOf({ holder, substance, origin, form, period }: MaterialLine): string {
  return [holder, substance, FORMS.indexOf(form), ORIGINS.indexOf(origin), period].join('\n');
}

/** The books were kept by themselves: what the ledger's own state has must be the same. */
function expectSame(lots: ReadonlyMap<Hex, Held>, state: Iterable<readonly [Hex, LotState]>): void {
  let found = 0;
  for (const [id, { milligrams: mass, holder }] of state) {
    if (mass === 0n) continue;
    found += 1;
    const lot = lots.get(id);
    if (lot?.milligrams !== mass || lot.holder !== holder)
      throw new TypeError(`the books do not have lot ${id} as the ledger has it`);
  }
  if (found !== lots.size) throw new TypeError('the books have lots that the ledger does not have');
}

function sumUp(lines: readonly MaterialLine[], lots: Iterable<Held>): MaterialBooks['sums'] {
  const sums = new Map<
    string,
    Record<'registered' | 'held' | 'onOffer' | 'allocated' | 'retired' | 'lost' | 'voided' | 'fallen', bigint>
  >();
  const of = (substance: string, origin: Origin) => {
    const name = `${substance} ${origin}`;
    const none = {
      registered: 0n,
      held: 0n,
      onOffer: 0n,
      allocated: 0n,
      retired: 0n,
      lost: 0n,
      voided: 0n,
      fallen: 0n,
    };
    const known = sums.get(name) ?? none;
    sums.set(name, known);
    return known;
  };
  for (const line of lines) {
    const to = of(line.substance, line.origin);
    const [lost, consumed, made] = [BigInt(line.lost), BigInt(line.consumed), BigInt(line.made)];
    to.registered += BigInt(line.registered);
    to.allocated += BigInt(line.allocated);
    to.retired += BigInt(line.retired);
    to.lost += lost + BigInt(line.writtenOff);
    to.voided += BigInt(line.voided);
    to.fallen += consumed - made - lost;
  }
  for (const { substance, origin, milligrams: mass, offer } of lots) {
    const to = of(formatSubstance(substance), origin);
    to.held += mass;
    if (offer !== undefined) to.onOffer += mass;
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amounts]) => {
      const [substance = '', origin] = name.split(' ');
      const told = Object.fromEntries(Object.entries(amounts).map(([key, mass]) => [key, String(mass)]));
      return { substance, origin, ...told } as MaterialBooks['sums'][number];
    });
}

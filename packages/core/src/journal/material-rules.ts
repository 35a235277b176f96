/**
 * The rules of Materials (contracts/Materials.sol), kind by kind, as rules.ts has the ledger's own: what each act asks of the lots, and
 * what becomes of them. Errors everywhere: `journal.break`, and no lot is changed.
 */
import type { Hex } from '../bytes.ts';
import { CUSTODY_MODELS, hashLot, isNoStricter, type LotState, ORIGINS, type Origin } from '../materials/lot.ts';
import type { Allocation, EntryOf, LotMass, LotOutput, MassByOrigin, MaterialBody } from './entry.ts';
import { broken, expectAccreditor, expectIssuerActs, standing } from './expectations.ts';
import type { JournalState } from './state.ts';

type MaterialKind = MaterialBody['kind'];
type Act = { readonly issuer: Hex; readonly roles: number } & EntryOf<Exclude<MaterialKind, 'lotVoided'>>;

const MOST_ALLOCATIONS = 64;
const MOST_PARTS = 16;
const LONGEST_TEXT = 255;
const LATEST_TIME = 2 ** 40 - 1;
const LARGEST_CAS = 9_999_999_999;
const FIRST_OWN = 2 ** 39;
/** Bits of the roles that may register a lot of that origin. */
const ROLES_FOR: Readonly<Record<Origin, number>> = {
  primary: 1 << 2,
  preConsumerRecycled: 1 << 5,
  postConsumerRecycled: 1 << 5,
  renewable: (1 << 3) | (1 << 4),
};

/** Takes what each of `size` credentials consumes. */
export function applyAllocations(
  state: JournalState,
  issuer: Hex,
  allocations: readonly Allocation[],
  size: number,
): void {
  if (allocations.length === 0) return;
  if (allocations.length > MOST_ALLOCATIONS) {
    broken(state, `at most ${MOST_ALLOCATIONS} allocations`, `${allocations.length}`);
  }
  expectOrder(state, allocations);
  const left = allocations.map(({ lot, milligrams }) => take(state, issuer, lot, milligrams * BigInt(size)));
  setAll(state, left);
}

export const MATERIAL_RULES: { readonly [K in MaterialKind]: (state: JournalState, entry: EntryOf<K>) => void } = {
  lotRegistered(state, entry) {
    expectActs(state, entry);
    const { issuer, roles, substance, origin, custody, milligrams, label } = entry;
    if (substance < 1 || (substance > LARGEST_CAS && substance < FIRST_OWN)) {
      broken(state, 'a CAS number or one of our own list', `substance ${substance}`);
    }
    if ((roles & ROLES_FOR[origin]) === 0) broken(state, `a role that registers ${origin} lots`, `roles ${roles}`);
    expectEvent(state, entry.event);
    expectPeriod(state, entry);
    if (!/^[A-Z]{2}$/.test(entry.country)) broken(state, 'a country of two capital letters', entry.country);
    expectText(state, entry.facility);
    if (milligrams === 0n) broken(state, 'a lot with something in it', '0 mg');
    const id = nameLot(state, issuer, label);
    const lot = { milligrams, holder: issuer, offeredTo: undefined, substance, origin, custody, isVoid: false };
    state.lots.set(id, lot);
  },

  lotSplit(state, entry) {
    expectActs(state, entry);
    const { issuer, lot, milligrams, label } = entry;
    const id = nameLot(state, issuer, label);
    const left = take(state, issuer, lot, milligrams);
    setAll(state, [left, [id, { ...left[1], milligrams }]]);
  },

  transferOffered(state, entry) {
    expectActs(state, entry);
    const { issuer, receiver, lot, milligrams, event, label } = entry;
    expectInGoodStanding(state, receiver);
    expectEvent(state, event);
    const id = nameLot(state, issuer, label);
    const left = take(state, issuer, lot, milligrams);
    setAll(state, [left, [id, { ...left[1], milligrams, offeredTo: receiver }]]);
  },

  transferAccepted(state, entry) {
    expectActs(state, entry);
    const { issuer, sender, lot: id, event } = entry;
    expectInGoodStanding(state, sender);
    expectEvent(state, event);
    const lot = existing(state, id);
    if (lot.isVoid) broken(state, 'a lot that is not void', id);
    if (lot.offeredTo !== issuer) broken(state, `a lot offered to ${issuer}`, describeLot(id, lot));
    if (lot.holder !== sender) broken(state, `a lot of ${sender}`, describeLot(id, lot));
    state.lots.set(id, { ...lot, holder: issuer, offeredTo: undefined });
  },

  transferRefused(state, entry) {
    expectActs(state, entry);
    const { issuer, lot: id } = entry;
    const lot = existing(state, id);
    if (lot.offeredTo !== issuer) broken(state, `a lot offered to ${issuer}`, describeLot(id, lot));
    state.lots.set(id, { ...lot, offeredTo: undefined });
  },

  transferWithdrawn(state, entry) {
    expectActs(state, entry, 'even suspended');
    const { issuer, lot: id } = entry;
    const lot = existing(state, id);
    if (lot.holder !== issuer || lot.offeredTo === undefined) {
      broken(state, `a lot that ${issuer} has offered`, describeLot(id, lot));
    }
    state.lots.set(id, { ...lot, offeredTo: undefined });
  },

  transformed(state, entry) {
    expectActs(state, entry);
    expectEvent(state, entry.event);
    expectText(state, entry.process);
    const { issuer, inputs, outputs, lost } = entry;
    const { left, substance, custody, entering } = takeIn(state, issuer, inputs);
    const made = giveOut(state, issuer, outputs, { substance, custody });
    expectConserved(state, entering, outputs, lost);
    setAll(state, [...left, ...made]);
  },

  lotRetired: use,
  lotLost: use,

  lotVoided(state, { actor, lot: id, milligrams }) {
    expectAccreditor(state, actor);
    const lot = existing(state, id);
    if (lot.isVoid) broken(state, 'a lot that is not void', id);
    if (lot.milligrams !== milligrams) broken(state, `${lot.milligrams} mg in lot ${id}`, `${milligrams} mg`);
    state.lots.set(id, { ...lot, milligrams: 0n, isVoid: true });
  },
};

function use(state: JournalState, entry: EntryOf<'lotRetired' | 'lotLost'>): void {
  expectActs(state, entry);
  setAll(state, [take(state, entry.issuer, entry.lot, entry.milligrams)]);
}

// ---------------------------------------------------------------------------------------------------------------------- lots

type Named = readonly [id: Hex, lot: LotState];

function setAll(state: JournalState, lots: readonly Named[]): void {
  for (const [id, lot] of lots) state.lots.set(id, lot);
}

/** What is left of a lot that the issuer holds and has offered to nobody. */
function take(state: JournalState, issuer: Hex, id: Hex, milligrams: bigint): Named {
  const lot = existing(state, id);
  if (lot.isVoid) broken(state, 'a lot that is not void', id);
  if (lot.holder !== issuer) broken(state, `a lot of ${issuer}`, describeLot(id, lot));
  if (lot.offeredTo !== undefined) broken(state, 'a lot that is offered to nobody', describeLot(id, lot));
  if (milligrams < 1n || milligrams > lot.milligrams) {
    broken(state, `1 to ${lot.milligrams} mg of lot ${id}`, `${milligrams} mg`);
  }
  return [id, { ...lot, milligrams: lot.milligrams - milligrams }];
}

function existing(state: JournalState, id: Hex): LotState {
  return state.lots.get(id) ?? broken(state, 'a lot that was named', `lot ${id}`);
}

/** The id of a lot that is new. */
function nameLot(state: JournalState, issuer: Hex, label: string): Hex {
  expectText(state, label);
  const id = hashLot(issuer, label);
  if (state.lots.has(id)) broken(state, 'the name of a new lot', `"${label}", lot ${id}`);
  return id;
}

interface TakenIn {
  readonly left: readonly Named[];
  readonly substance: number;
  /** The weakest of them. */
  readonly custody: LotState['custody'];
  readonly entering: Readonly<Record<Origin, bigint>>;
}

function takeIn(state: JournalState, issuer: Hex, inputs: readonly LotMass[]): TakenIn {
  expectParts(state, inputs.length);
  expectOrder(state, inputs);
  const left = inputs.map(({ lot, milligrams }) => take(state, issuer, lot, milligrams));
  const entering = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
  let [{ substance, custody }] = left.map(([, lot]) => lot) as [LotState];
  for (const [i, [id, lot]] of left.entries()) {
    if (lot.substance !== substance) broken(state, `a lot of substance ${substance}`, describeLot(id, lot));
    if (isNoStricter(lot.custody, custody)) custody = lot.custody;
    entering[lot.origin] += inputs[i]?.milligrams ?? 0n;
  }
  return { left, substance, custody, entering };
}

function giveOut(
  state: JournalState,
  issuer: Hex,
  outputs: readonly LotOutput[],
  { substance, custody: weakest }: Pick<TakenIn, 'substance' | 'custody'>,
): Named[] {
  expectParts(state, outputs.length);
  const made = new Map<Hex, LotState>();
  for (const { origin, custody, milligrams, label } of outputs) {
    if (!isNoStricter(custody, weakest)) {
      broken(state, CUSTODY_MODELS.slice(CUSTODY_MODELS.indexOf(weakest)).join(' or '), custody);
    }
    const id = nameLot(state, issuer, label);
    if (made.has(id)) broken(state, 'the name of a new lot', `"${label}" a second time`);
    if (milligrams === 0n) broken(state, 'a lot with something in it', '0 mg');
    made.set(id, { milligrams, holder: issuer, offeredTo: undefined, substance, origin, custody, isVoid: false });
  }
  return [...made];
}

/** Of each origin but primary, no more leaves or is lost than enters; what is left of it has fallen to primary. */
function expectConserved(
  state: JournalState,
  entering: TakenIn['entering'],
  outputs: readonly LotOutput[],
  lost: MassByOrigin,
): void {
  const gone = { ...lost };
  for (const { origin, milligrams } of outputs) gone[origin] += milligrams;
  let primary = entering.primary;
  for (const origin of ORIGINS) {
    if (origin === 'primary') continue;
    if (gone[origin] > entering[origin]) {
      broken(state, `at most ${entering[origin]} mg ${origin}`, `${gone[origin]} mg`);
    }
    primary += entering[origin] - gone[origin];
  }
  if (gone.primary !== primary) broken(state, `${primary} mg primary`, `${gone.primary} mg`);
}

// -------------------------------------------------------------------------------------------------------------- small rules

function expectActs(state: JournalState, entry: Act, suspension?: 'even suspended'): void {
  const { actor, issuer: id, roles, blockTime } = entry;
  const issuer = expectIssuerActs(state, actor, id, 'operate', blockTime, suspension);
  if (roles !== issuer.roles) broken(state, `the roles ${issuer.roles} of issuer ${id}`, `${roles}`);
}

/** Nothing moves from or to an issuer that is suspended or withdrawn. */
function expectInGoodStanding(state: JournalState, id: Hex): void {
  if (standing(state, id).suspended) broken(state, 'an issuer that is not suspended', `issuer ${id}`);
}

function expectEvent(state: JournalState, event: Hex): void {
  if (/^0x0+$/.test(event)) broken(state, "an event's digest", 'zero');
}

function expectPeriod(state: JournalState, entry: EntryOf<'lotRegistered'>): void {
  const { custody, periodFrom: from, periodUntil: until } = entry;
  const isStated = custody === 'massBalance' ? from < until && until <= LATEST_TIME : from === 0 && until === 0;
  if (!isStated)
    broken(state, 'a balance period for mass balance, and for it alone', `${from} to ${until}, ${custody}`);
}

/** As the contract asks of every text about lots. */
function expectText(state: JournalState, text: string): void {
  if (text.length > LONGEST_TEXT || !/^[ -~]+$/.test(text)) {
    broken(state, `1 to ${LONGEST_TEXT} characters of printable ASCII`, `"${text.slice(0, 40)}"`);
  }
}

function expectParts(state: JournalState, count: number): void {
  if (count < 1 || count > MOST_PARTS) broken(state, `1 to ${MOST_PARTS} lots`, `${count}`);
}

/** In ascending order each once, so that nothing is taken from one lot in two ways. */
function expectOrder(state: JournalState, lots: readonly { readonly lot: Hex }[]): void {
  for (const [i, { lot }] of lots.entries()) {
    const before = lots[i - 1]?.lot ?? `0x${'00'.repeat(32)}`;
    if (lot <= before) broken(state, `a lot after ${before}`, `lot ${lot}`);
  }
}

function describeLot(id: Hex, { holder, offeredTo }: LotState): string {
  return `lot ${id} of ${holder}${offeredTo === undefined ? '' : `, offered to ${offeredTo}`}`;
}

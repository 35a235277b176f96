/** Reading an input: its schema, then the rules about what its fields say together. Every issue names its field as a column. */
import { InvalidInputError } from '../errors.ts';
import type { Origin } from '../materials/lot.ts';
import { OWN_SUBSTANCES } from '../materials/substance.ts';
import { parseGtin } from './gs1.ts';
import { type PassportInput, passportInput } from './input.ts';
import { countedSubstance, wholeMilligrams } from './lots.ts';

/** What an issue says of a field that is needed and not there. */
export const MISSING = 'is needed, but empty';

export interface InputIssue {
  /** Of the field, as a spreadsheet's header has it: `materials.1.name`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Reads and checks an input; a short GTIN is padded to 14 digits, a recycled share that is given in two parts gets their sum, and one
 * that follows from the material's origin is filled in.
 * Errors: `passport.input`; the message begins with `where` and names the fields as columns.
 */
export function parsePassportInput(value: unknown, where = 'passport input'): PassportInput {
  const result = checkPassportInput(value);
  if ('input' in result) return result.input;
  const shown = result.issues.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = result.issues.length - shown.length;
  throw new InvalidInputError('passport.input', `${where}: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}

/** The same, with the issues one by one: for spreadsheets, which know in which column each stands. */
export function checkPassportInput(
  value: unknown,
): { readonly input: PassportInput } | { readonly issues: readonly InputIssue[] } {
  const shape = passportInput.safeParse(value, { error: ({ input }) => (input === undefined ? MISSING : undefined) });
  if (!shape.success) {
    return { issues: shape.error.issues.map(({ path, message }) => ({ path: formatColumn(path), message })) };
  }
  const input = complete(shape.data);
  const issues = RULES.flatMap((rule) => [...rule(input)]);
  return issues.length === 0 ? { input } : { issues };
}

/** `['materials', 0, 'name']` as `materials.1.name`. */
export function formatColumn(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join('.');
}

function complete(input: PassportInput): PassportInput {
  const completed = { ...input };
  if (input.gtin !== undefined) completed.gtin = parseGtin(input.gtin);
  if (input.materials !== undefined) {
    completed.materials = input.materials.map((given) => {
      const one = given.origin === undefined ? given : { ...SHARES_OF_ORIGIN[given.origin], ...given };
      const { recycledPercent, preConsumerPercent, postConsumerPercent } = one;
      if (recycledPercent !== undefined || preConsumerPercent === undefined || postConsumerPercent === undefined)
        return one;
      return { ...one, recycledPercent: round(preConsumerPercent + postConsumerPercent) };
    });
  }
  return completed;
}

/** As many as one anchor allocates. */
const MOST_LOTS = 64;

/** What is said of a material with its origin: all of it came from there. */
const SHARES_OF_ORIGIN: Readonly<Record<Origin, Partial<Record<ShareField, number>>>> = {
  primary: { recycledPercent: 0 },
  preConsumerRecycled: { recycledPercent: 100, preConsumerPercent: 100 },
  postConsumerRecycled: { recycledPercent: 100, postConsumerPercent: 100 },
  renewable: { renewablePercent: 100 },
};

type Rule = (input: PassportInput) => Iterable<InputIssue>;

/** Two published figures that are each rounded to a whole percent may disagree by this much. */
const ROUNDING_PERCENT = 1;
/** Stages are published rounded, and the total apart from them. */
const STAGES_TOLERANCE = 0.02;

const RULES: readonly Rule[] = [
  function* identity(input) {
    const { granularity, gtin, id, serial, productionBatch, productionDate, chassisId, hardwareConfigId } = input;
    if ((gtin === undefined) === (id === undefined)) {
      yield issue('gtin', 'give either a GTIN or, where none is published, an id under your own host; not both');
    }
    if (granularity === 'item' && serial === undefined) yield issue('serial', 'an item needs a serial');
    if (granularity === 'batch' && productionBatch === undefined) {
      yield issue('productionBatch', 'a production batch needs its number');
    }
    if (granularity === 'model') {
      const model = { serial, productionBatch, productionDate };
      for (const [path, value] of Object.entries(model)) {
        if (value !== undefined)
          yield issue(path, 'a model has none: leave it empty, or set granularity to batch or item');
      }
    }
    if (granularity === 'batch' && serial !== undefined)
      yield issue('serial', 'a production batch has none: set granularity to item');
    if (granularity !== 'item') {
      for (const [path, value] of Object.entries({ chassisId, hardwareConfigId })) {
        if (value !== undefined) yield issue(path, 'only an item has one: leave it empty, or set granularity to item');
      }
    }
  },
  function* shares({ materials = [], massKg, unspecifiedMassG = 0 }) {
    for (const [i, one] of materials.entries()) {
      const {
        recycledPercent: recycled,
        preConsumerPercent: pre,
        postConsumerPercent: post,
        renewablePercent: renewable,
      } = one;
      const at = (field: string) => `materials.${i + 1}.${field}`;
      if (one.euCriticalListYear !== undefined && one.critical !== true) {
        yield issue(at('euCriticalListYear'), 'only a critical raw material is on that list: say yes to critical');
      }
      if (one.massG === undefined && one.massPercent === undefined) {
        yield issue(
          at('massG'),
          'give its mass or its share of the product; a statement without either belongs in recycledContent',
        );
      }
      if ((pre ?? 0) + (post ?? 0) > 100 + ROUNDING_PERCENT) {
        yield issue(at('preConsumerPercent'), 'with postConsumerPercent more than 100');
      }
      if (
        recycled !== undefined &&
        pre !== undefined &&
        post !== undefined &&
        Math.abs(pre + post - recycled) > ROUNDING_PERCENT
      ) {
        yield issue(
          at('recycledPercent'),
          `is ${recycled}, but preConsumerPercent and postConsumerPercent add up to ${round(pre + post)}`,
        );
      }
      if (recycled !== undefined && Math.max(pre ?? 0, post ?? 0) > recycled + ROUNDING_PERCENT) {
        yield issue(at('recycledPercent'), 'is less than one of its parts');
      }
      if ((recycled ?? 0) + (renewable ?? 0) > 100 + ROUNDING_PERCENT) {
        yield issue(at('renewablePercent'), 'with recycledPercent more than 100');
      }
    }
    const percents = round(materials.reduce((sum, { massPercent = 0 }) => sum + massPercent, 0));
    if (percents > 100.1)
      yield issue('materials.1.massPercent', `the shares of all materials add up to ${percents} percent`);
    const grams = round(materials.reduce((sum, { massG = 0 }) => sum + massG, unspecifiedMassG));
    if (massKg !== undefined && grams > massKg * 1000 * 1.005) {
      yield issue(
        'materials.1.massG',
        `materials and unspecified mass add up to ${grams} g, the product's mass is ${round(massKg * 1000)} g`,
      );
    }
  },
  function* origins({ materials = [] }) {
    for (const [i, one] of materials.entries()) {
      const shares = Object.entries(one.origin === undefined ? {} : SHARES_OF_ORIGIN[one.origin]);
      for (const [field, percent] of shares as [ShareField, number][]) {
        if (one[field] !== percent)
          yield issue(`materials.${i + 1}.${field}`, `is ${one[field]}, but all of it is said to be ${one.origin}`);
      }
    }
  },
  function* lots({ materials = [], granularity, units, massKg = 0 }) {
    if (units !== undefined && granularity !== 'batch') {
      yield issue(
        'units',
        'only a production batch has a number of pieces: leave it empty, or set granularity to batch',
      );
    }
    if (new Set(materials.flatMap(({ lot }) => lot ?? [])).size > MOST_LOTS) {
      yield issue('materials.1.lot', `a passport draws on at most ${MOST_LOTS} lots`);
    }
    for (const [i, one] of materials.entries()) {
      if (one.lot === undefined) continue;
      const at = (field: string) => `materials.${i + 1}.${field}`;
      if (granularity === 'model') {
        yield issue(at('lot'), 'a model draws on no lot, because it speaks of every device ever made: issue for items');
      }
      if (granularity === 'batch' && units === undefined) {
        yield issue('units', 'is needed where a production batch draws on a lot: its number of pieces');
      }
      for (const field of ['origin', 'custodyModel', 'country', 'massG'] as const) {
        if (one[field] === undefined) yield issue(at(field), `${MISSING}: the material draws on a lot`);
      }
      if (one.massG === undefined) continue;
      if (wholeMilligrams(one.massG) === undefined) {
        yield issue(at('massG'), `${one.massG} g: lots are counted in whole milligrams, at least one`);
      }
      if (countedSubstance(one) === undefined) {
        const own = OWN_SUBSTANCES.map(({ name }) => name).join(', ');
        yield issue(at('cas'), `${MISSING}: lots are counted of a substance by its CAS number, or of ${own}`);
      }
      if (one.massPercent === undefined && one.massG > massKg * 1000) {
        yield issue(at('massPercent'), 'give its share of the product, or the mass of the product, massKg');
      }
    }
  },
  function* stages({ carbon }) {
    if (carbon?.stages === undefined) return;
    const { manufacturing, distribution, use, endOfLife } = carbon.stages;
    const all = [manufacturing, distribution, use, endOfLife];
    const sum = round(all.reduce<number>((total, stage) => total + (stage ?? 0), 0));
    const slack = carbon.totalKgCO2e * STAGES_TOLERANCE;
    const isComplete = all.every((stage) => stage !== undefined);
    if (sum > carbon.totalKgCO2e + slack || (isComplete && sum < carbon.totalKgCO2e - slack)) {
      yield issue(
        'carbon.stages',
        `add up to ${sum} kg, the total is ${carbon.totalKgCO2e} kg: correct them, or keep the total and leave the stages empty`,
      );
    }
  },
  function* gate({ carbon }) {
    if (carbon?.pact === undefined) return;
    const { periodStart, periodEnd, ...pact } = carbon.pact;
    const most = pact.excludingBiogenicUptakeKgCO2e;
    for (const field of ['includingBiogenicUptakeKgCO2e', 'fossilKgCO2e'] as const) {
      if ((pact[field] ?? 0) > most) yield issue(`carbon.pact.${field}`, `is more than the ${most} kg without uptake`);
    }
    if (pact.declaredUnitAmount === 0) yield issue('carbon.pact.declaredUnitAmount', 'is 0: amounts are for 1 or more');
    if (periodStart !== undefined && periodEnd !== undefined && periodEnd < periodStart) {
      yield issue('carbon.pact.periodEnd', `is before ${periodStart}, when the period starts`);
    }
  },
  function* wholeDevice({ circularity, packaging }) {
    const { recycledContentPercent: recycled, postConsumerPercent: post, renewableContentPercent } = circularity ?? {};
    if (recycled !== undefined && post !== undefined && post > recycled + ROUNDING_PERCENT) {
      yield issue(
        'circularity.postConsumerPercent',
        `is more than the ${recycled} percent recycled that it is part of`,
      );
    }
    if ((recycled ?? 0) + (renewableContentPercent ?? 0) > 100 + ROUNDING_PERCENT) {
      yield issue('circularity.renewableContentPercent', 'with recycledContentPercent more than 100');
    }
    if (packaging?.plasticFree === true && (packaging.singleUsePlasticsG ?? 0) > 0) {
      yield issue('packaging.singleUsePlasticsG', 'is more than 0, but the packaging is said to be free of plastic');
    }
  },
  function* digests({ repair }) {
    for (const document of ['manual', 'disassembly', 'diagnosticTools'] as const) {
      if (repair?.[`${document}Sha256`] !== undefined && repair[`${document}Url`] === undefined) {
        yield issue(`repair.${document}Url`, `is needed with repair.${document}Sha256`);
      }
    }
  },
];

type ShareField = 'recycledPercent' | 'preConsumerPercent' | 'postConsumerPercent' | 'renewablePercent';

function issue(path: string, message: string): InputIssue {
  return { path, message };
}

/** Sums of decimal fractions, without the dust of binary ones. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** The first and last of everything that the rules of lots let through, and what each of them refuses beside it. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Hex } from '../../src/bytes.ts';
import { type Actor, type EntryBody, type MaterialAct, restoreJournalFold } from '../../src/journal/index.ts';
import { CUSTODY_MODELS, hashLot, isNoStricter, type LotState, ORIGINS } from '../../src/materials/index.ts';
import {
  ACCREDITOR,
  accountOf,
  accreditMaker,
  anchored,
  by,
  CONTROLLER,
  createKeyPair,
  createPaperLedger,
  issuerOf,
  type KeyPair,
  keyAdded,
  makerId,
  type PaperLedger,
} from './paper-ledger.ts';

const BUYER = 'did:web:buyer.example';
const buyerId = issuerOf(BUYER);
const BUYERS = by('controller', 'buyer');
const ROLES = 0x3f;
const EVENT: Hex = `0x${'e1'.repeat(32)}`;
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
const ofMaker = { issuer: makerId, roles: ROLES };

let keys: readonly [KeyPair, KeyPair];
beforeAll(async () => {
  keys = await Promise.all([createKeyPair(), createKeyPair()]);
});

let ledger: PaperLedger;
beforeEach(() => {
  ledger = createPaperLedger();
  accreditMaker(ledger, keys[0], { roles: ROLES });
  const controller = accountOf('buyer');
  ledger.append(ACCREDITOR, { kind: 'accredited', issuer: buyerId, number: 2, roles: ROLES, controller, did: BUYER });
  ledger.append(ACCREDITOR, keyAdded(buyerId, keys[1], 15));
});

type Fields<K extends MaterialAct['kind']> = Partial<Omit<Extract<MaterialAct, { kind: K }>, 'kind'>>;
const lot = (label: string) => hashLot(makerId, label);
const held = (label: string): LotState | undefined => ledger.fold.state.lots.get(lot(label));
const does = (body: EntryBody, actor: Actor = CONTROLLER) => ledger.append(actor, body);
/** Refused with these words of what was expected, and nothing is changed by it. */
function refuses(expected: string, body: EntryBody, actor: Actor = CONTROLLER): void {
  const before = ledger.fold.snapshot();
  const fold = restoreJournalFold(before);
  const broken = expect.objectContaining({ code: 'journal.break', expected: expect.stringContaining(expected) });
  expect(() => fold.add(ledger.encode(actor, body))).toThrow(broken);
  expect(fold.snapshot()).toEqual(before);
}

const registered = (label: string, fields: Fields<'lotRegistered'> = {}): EntryBody => ({
  ...{ kind: 'lotRegistered', ...ofMaker, substance: 7_440_484, origin: 'primary', custody: 'segregated' },
  ...{ milligrams: 100n, event: EVENT, periodFrom: 0, periodUntil: 0, country: 'CD', label, facility: 'a mine' },
  ...fields,
});
const offered = (from: string, label: string, milligrams = 10n): EntryBody => ({
  ...{ kind: 'transferOffered', ...ofMaker, receiver: buyerId, lot: lot(from), milligrams, event: EVENT, label },
});
const accepted = (label: string): EntryBody => ({
  ...{ kind: 'transferAccepted', issuer: buyerId, roles: ROLES, sender: makerId, lot: lot(label), event: EVENT },
});
const taken = (...labels: readonly string[]) =>
  labels.map((label) => ({ lot: lot(label), milligrams: 1n })).sort((a, b) => (a.lot < b.lot ? -1 : 1));
const transformed = (fields: Fields<'transformed'>): EntryBody => ({
  ...{ kind: 'transformed', ...ofMaker, event: EVENT, lost: NO_LOSS, process: 'refining', inputs: [], outputs: [] },
  ...fields,
});
const used = (label: string, kind: 'lotRetired' | 'lotLost' = 'lotRetired', milligrams = 1n): EntryBody => ({
  ...{ kind, ...ofMaker, lot: lot(label), milligrams },
});
const drawn = (allocations: readonly { readonly lot: Hex; readonly milligrams: bigint }[], size = 1) =>
  anchored({ root: `0x${'77'.repeat(32)}`, size, roles: ROLES, allocations });

describe('what may be registered', () => {
  test.each([1, 9_999_999_999, 2 ** 39, 2 ** 40 - 1])('substance %i', (substance) => {
    does(registered('A', { substance }));
    expect(held('A')).toEqual({
      ...{ milligrams: 100n, holder: makerId, offeredTo: undefined, substance },
      ...{ origin: 'primary', custody: 'segregated', isVoid: false },
    });
  });

  test.each([0, 10_000_000_000, 2 ** 39 - 1])('but not substance %i', (substance) => {
    refuses('a CAS number or one of our own list', registered('A', { substance }));
  });

  test('a period of mass balance up to the last time, and of no other model', () => {
    const custody = 'massBalance';
    does(registered('A', { custody, periodFrom: 0, periodUntil: 1 }));
    does(registered('B', { custody, periodFrom: 2 ** 40 - 2, periodUntil: 2 ** 40 - 1 }));
    const expected = 'a balance period for mass balance';
    refuses(expected, registered('C', { custody, periodFrom: 1, periodUntil: 2 ** 40 }));
    refuses(expected, registered('C', { custody, periodFrom: 2, periodUntil: 1 }));
    refuses(expected, registered('C', { custody, periodFrom: 1, periodUntil: 1 }));
    for (const model of CUSTODY_MODELS.filter((one) => one !== custody)) {
      does(registered(model, { custody: model }));
      refuses(expected, registered('C', { custody: model, periodFrom: 1, periodUntil: 2 }));
      refuses(expected, registered('C', { custody: model, periodFrom: 1, periodUntil: 0 }));
      refuses(expected, registered('C', { custody: model, periodFrom: 0, periodUntil: 1 }));
    }
  });

  test('text of 1 to 255 characters from space to tilde', () => {
    does(registered(' '.repeat(255)));
    does(registered('~'));
    does(registered('A', { facility: '~'.repeat(255) }));
    const expected = '1 to 255 characters of printable ASCII';
    for (const text of ['', ' '.repeat(256), '\u007f', '\u001f', 'A\n', '\nA', 'A\u007fA']) {
      refuses(expected, registered(text));
      refuses(expected, registered('B', { facility: text }));
      refuses(expected, transformed({ process: text, inputs: taken('A'), outputs: [] }));
    }
  });

  test('a country from AA to ZZ', () => {
    does(registered('A', { country: 'AA' }));
    does(registered('Z', { country: 'ZZ' }));
    for (const country of ['A1', '1A', 'aA', 'Aa', '[A', 'A@']) {
      refuses('a country of two capital letters', registered('B', { country }));
    }
  });

  test.each([`0x${'00'.repeat(31)}01`, `0x01${'00'.repeat(31)}`] as Hex[])('with the event %s', (event) => {
    does(registered('A', { event }));
  });

  test('nothing without an event, by an act of any kind that tells of one', () => {
    does(registered('A'));
    does(offered('A', 'B'));
    const event: Hex = `0x${'00'.repeat(32)}`;
    const outputs = [{ origin: 'primary', custody: 'segregated', milligrams: 1n, label: 'C' }] as const;
    const expected = "an event's digest";
    refuses(expected, registered('C', { event }));
    refuses(expected, { ...offered('A', 'C'), event } as EntryBody);
    refuses(expected, { ...accepted('B'), event } as EntryBody, BUYERS);
    refuses(expected, transformed({ event, inputs: taken('A'), outputs }));
  });

  test('renewable by growers and by refiners, each with the role alone', () => {
    for (const roles of [1 << 3, 1 << 4]) {
      does({ kind: 'rolesAssigned', issuer: makerId, roles }, ACCREDITOR);
      does(registered(`of ${roles}`, { roles, origin: 'renewable' } as Fields<'lotRegistered'>));
    }
  });
});

describe('what becomes of a lot', () => {
  beforeEach(() => {
    does(registered('A'));
    does(offered('A', 'B'));
  });

  test('a split leaves both in the same hands', () => {
    does({ kind: 'lotSplit', ...ofMaker, lot: lot('A'), milligrams: 90n, label: 'C' });
    expect(held('A')).toMatchObject({ milligrams: 0n, holder: makerId });
    expect(held('C')).toEqual({ ...held('A'), milligrams: 90n });
  });

  test('a refusal and a withdrawal leave it with its sender, offered to nobody', () => {
    does({ kind: 'transferRefused', issuer: buyerId, roles: ROLES, lot: lot('B') }, BUYERS);
    expect(held('B')).toMatchObject({ milligrams: 10n, holder: makerId, offeredTo: undefined });
    does(offered('B', 'C'));
    does({ kind: 'transferWithdrawn', ...ofMaker, lot: lot('C') });
    expect(held('C')).toMatchObject({ milligrams: 10n, holder: makerId, offeredTo: undefined });
    refuses('has offered', { kind: 'transferWithdrawn', ...ofMaker, lot: lot('C') });
    refuses('a lot offered to', { kind: 'transferRefused', issuer: buyerId, roles: ROLES, lot: lot('C') }, BUYERS);
  });

  test('an offer is withdrawn by its sender alone', () => {
    refuses('has offered', { kind: 'transferWithdrawn', issuer: buyerId, roles: ROLES, lot: lot('B') }, BUYERS);
  });

  test('retired and lost to the last milligram', () => {
    does(used('A', 'lotRetired', 89n));
    does(used('A', 'lotLost', 1n));
    expect(held('A')).toMatchObject({ milligrams: 0n, holder: makerId });
    refuses('1 to 0 mg', used('A', 'lotLost', 1n));
  });

  test('void, it moves no more, and is not void twice', () => {
    does({ kind: 'lotVoided', lot: lot('B'), milligrams: 10n }, ACCREDITOR);
    does({ kind: 'lotVoided', lot: lot('A'), milligrams: 90n }, ACCREDITOR);
    const expected = 'a lot that is not void';
    refuses(expected, accepted('B'), BUYERS);
    refuses(expected, used('A'));
    refuses(expected, used('A', 'lotLost'));
    refuses(expected, { kind: 'lotSplit', ...ofMaker, lot: lot('A'), milligrams: 1n, label: 'C' });
    refuses(expected, offered('A', 'C'));
    refuses(expected, drawn([{ lot: lot('A'), milligrams: 1n }]));
    refuses(expected, { kind: 'lotVoided', lot: lot('A'), milligrams: 0n }, ACCREDITOR);
    refuses('a lot that was named', { kind: 'lotVoided', lot: lot('C'), milligrams: 0n }, ACCREDITOR);
  });

  test('nothing moves from or to an issuer that is suspended or withdrawn', () => {
    const expected = 'an issuer that is not';
    does({ kind: 'suspended', issuer: buyerId }, ACCREDITOR);
    refuses(expected, offered('A', 'C'));
    does({ kind: 'reinstated', issuer: buyerId }, ACCREDITOR);
    does({ kind: 'suspended', issuer: makerId }, ACCREDITOR);
    refuses(expected, accepted('B'), BUYERS);
    does({ kind: 'reinstated', issuer: makerId }, ACCREDITOR);
    does({ kind: 'withdrawn', issuer: buyerId, since: ledger.time }, ACCREDITOR);
    refuses(expected, offered('A', 'C'));
  });

  test('acts on it carry the roles that the issuer has', () => {
    const other = ROLES ^ 1;
    const acts: readonly (readonly [EntryBody, Actor])[] = [
      [registered('C'), CONTROLLER],
      [{ kind: 'lotSplit', ...ofMaker, lot: lot('A'), milligrams: 1n, label: 'C' }, CONTROLLER],
      [offered('A', 'C'), CONTROLLER],
      [accepted('B'), BUYERS],
      [{ kind: 'transferRefused', issuer: buyerId, roles: ROLES, lot: lot('B') }, BUYERS],
      [{ kind: 'transferWithdrawn', ...ofMaker, lot: lot('B') }, CONTROLLER],
      [used('A'), CONTROLLER],
      [used('A', 'lotLost'), CONTROLLER],
      [transformed({ inputs: taken('A') }), CONTROLLER],
    ];
    for (const [act, actor] of acts) refuses(`the roles ${ROLES}`, { ...act, roles: other } as EntryBody, actor);
  });
});

test('a break says exactly what was expected of a lot, and what was found', () => {
  const says = (expected: string, found: string, body: EntryBody, actor: Actor = CONTROLLER) =>
    expect(() => restoreJournalFold(ledger.fold.snapshot()).add(ledger.encode(actor, body))).toThrow(
      expect.objectContaining({ expected, found }),
    );
  does(registered('A', { custody: 'massBalance', periodUntil: 1 }));
  does(offered('A', 'B'));
  const byBuyer = { ...used('A'), issuer: buyerId } as EntryBody;
  says(`a lot of ${buyerId}`, `lot ${lot('A')} of ${makerId}`, byBuyer, BUYERS);
  says('a lot that is offered to nobody', `lot ${lot('B')} of ${makerId}, offered to ${buyerId}`, used('B'));
  const outputs = [{ origin: 'primary', custody: 'segregated', milligrams: 1n, label: 'C' }] as const;
  says('massBalance or bookAndClaim', 'segregated', transformed({ inputs: taken('A'), outputs }));
  says('1 to 255 characters of printable ASCII', `"${'x'.repeat(40)}"`, registered('x'.repeat(256)));
});

describe('a transformation', () => {
  const primary = { origin: 'primary', custody: 'segregated', milligrams: 1n } as const;

  test('has 1 to 16 inputs and outputs', () => {
    const labels = Array.from({ length: 17 }, (_, i) => `L${i}`);
    for (const label of labels) does(registered(label));
    const outputs = labels.map((label) => ({ ...primary, label: `${label}/1` }));
    const sixteen = labels.slice(0, 16);
    does(transformed({ inputs: taken(...sixteen), outputs: outputs.slice(0, 16) }));
    expect(held('L15')?.milligrams).toBe(99n);
    expect(held('L15/1')?.milligrams).toBe(1n);
    const expected = '1 to 16 lots';
    refuses(
      expected,
      transformed({ inputs: taken(...labels), outputs: [{ ...primary, milligrams: 17n, label: 'X' }] }),
    );
    refuses(expected, transformed({ inputs: [{ lot: lot('L0'), milligrams: 17n }], outputs }));
    refuses(expected, transformed({ inputs: [], outputs: [{ ...primary, label: 'X' }] }));
    refuses(expected, transformed({ inputs: taken('L0'), outputs: [] }));
  });

  test.each(ORIGINS)('gives out %s of %s, and loses it at its own place', (origin) => {
    does(registered('A', { origin }));
    const inputs = [{ lot: lot('A'), milligrams: 10n }];
    const outputs = [{ origin, custody: 'segregated', milligrams: 7n, label: 'B' }] as const;
    for (const other of ORIGINS.filter((one) => one !== origin)) {
      refuses(other === 'primary' ? 'mg primary' : `at most 0 mg ${other}`, {
        ...transformed({ inputs, outputs, lost: { ...NO_LOSS, [other]: other === 'primary' ? 4n : 3n } }),
      });
    }
    does(transformed({ inputs, outputs, lost: { ...NO_LOSS, [origin]: 3n } }));
    expect(held('A')?.milligrams).toBe(90n);
    expect(held('B')).toEqual({
      ...{ milligrams: 7n, holder: makerId, offeredTo: undefined, substance: 7_440_484, origin },
      ...{ custody: 'segregated', isVoid: false },
    });
  });

  test('counts what falls to primary there, to the milligram', () => {
    does(registered('A', { origin: 'renewable' }));
    const inputs = [{ lot: lot('A'), milligrams: 10n }];
    const outputs = (milligrams: bigint) => [
      { origin: 'renewable', custody: 'segregated', milligrams: 4n, label: 'B' } as const,
      { ...primary, milligrams, label: 'C' },
    ];
    refuses('6 mg primary', transformed({ inputs, outputs: outputs(5n) }));
    refuses('6 mg primary', transformed({ inputs, outputs: outputs(7n) }));
    does(transformed({ inputs, outputs: outputs(6n) }));
  });

  test('makes no lot of nothing', () => {
    does(registered('A'));
    refuses(
      'a lot with something in it',
      transformed({
        inputs: taken('A'),
        outputs: [
          { ...primary, label: 'B' },
          { ...primary, milligrams: 0n, label: 'C' },
        ],
      }),
    );
  });

  test('is bound by the weakest custody of all inputs, whichever comes first', () => {
    for (let i = 0; i < 8; i++) {
      does(registered(`S${i}`, { custody: 'identityPreserved' }));
      does(registered(`W${i}`, { custody: 'bookAndClaim' }));
      const outputs = [{ origin: 'primary', custody: 'massBalance', milligrams: 2n, label: 'X' }] as const;
      refuses('bookAndClaim', transformed({ inputs: taken(`S${i}`, `W${i}`), outputs }));
    }
  });

  test('takes lots of one substance, whichever comes first', () => {
    for (let i = 0; i < 4; i++) {
      does(registered(`C${i}`));
      does(registered(`N${i}`, { substance: 7_440_020 }));
      refuses(
        'a lot of substance',
        transformed({ inputs: taken(`C${i}`, `N${i}`), outputs: [{ ...primary, milligrams: 2n, label: 'X' }] }),
      );
    }
  });
});

describe('a batch', () => {
  test('draws on 64 lots, and takes what each of its credentials consumes', () => {
    const labels = Array.from({ length: 65 }, (_, i) => `L${i}`);
    for (const label of labels) does(registered(label));
    does(drawn(taken(...labels.slice(0, 64)), 100));
    expect(held('L63')?.milligrams).toBe(0n);
    expect(held('L64')?.milligrams).toBe(100n);
    refuses('at most 64 allocations', drawn(taken(...labels)));
    refuses('mg of lot', drawn(taken('L64'), 101));
  });

  test('draws on lots in ascending order', () => {
    does(registered('A'));
    does(registered('B'));
    refuses('a lot after', drawn(taken('A', 'B').reverse()));
    refuses('a lot after', drawn([{ lot: `0x${'00'.repeat(32)}`, milligrams: 1n }]));
    does(drawn(taken('A', 'B')));
  });
});

test('a custody model is no stricter than itself and those before it', () => {
  for (const [i, model] of CUSTODY_MODELS.entries()) {
    for (const [k, than] of CUSTODY_MODELS.entries()) expect(isNoStricter(model, than)).toBe(i >= k);
  }
});

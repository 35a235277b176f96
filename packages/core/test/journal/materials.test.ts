import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Hex } from '../../src/bytes.ts';
import {
  type Actor,
  createJournalFold,
  decodeEntry,
  decodeMaterialAct,
  type EntryBody,
  encodeMaterialAct,
  entryCode,
  type MaterialAct,
  restoreJournalFold,
} from '../../src/journal/index.ts';
import { hashLot, type LotState } from '../../src/materials/index.ts';
import { anyEntry } from './arbitraries.ts';
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
const NOTHING: Hex = `0x${'00'.repeat(32)}`;
const COBALT = 7_440_484;
const root: Hex = `0x${'77'.repeat(32)}`;
const broken = expect.objectContaining({ code: 'journal.break' });

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
const ofMaker = { issuer: makerId, roles: ROLES };
const registered = (label: string, fields: Fields<'lotRegistered'> = {}): EntryBody => ({
  ...{ kind: 'lotRegistered', ...ofMaker, substance: COBALT, origin: 'primary', custody: 'segregated' },
  ...{ milligrams: 1_000n, event: EVENT, periodFrom: 0, periodUntil: 0, country: 'CD', label, facility: 'a mine' },
  ...fields,
});
const lot = (label: string) => hashLot(makerId, label);
const offered = (fields: Fields<'transferOffered'> = {}): EntryBody => ({
  ...{ kind: 'transferOffered', ...ofMaker, receiver: buyerId, lot: lot('A'), milligrams: 300n, event: EVENT },
  ...{ label: 'A/1' },
  ...fields,
});
const accepted = (fields: Fields<'transferAccepted'> = {}): EntryBody => ({
  ...{ kind: 'transferAccepted', issuer: buyerId, roles: ROLES, sender: makerId, lot: lot('A/1'), event: EVENT },
  ...fields,
});
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
const transformed = (fields: Fields<'transformed'> = {}): EntryBody => ({
  ...{ kind: 'transformed', ...ofMaker, event: EVENT, lost: NO_LOSS, process: 'refining' },
  inputs: [{ lot: lot('A'), milligrams: 1_000n }],
  outputs: [{ origin: 'primary', custody: 'segregated', milligrams: 1_000n, label: 'X' }],
  ...fields,
});
const held = (label: string): LotState | undefined => ledger.fold.state.lots.get(lot(label));

describe('lots in the journal', () => {
  test('are split, offered, accepted, transformed, allocated and used, and mass goes nowhere else', () => {
    ledger.append(CONTROLLER, registered('A'));
    ledger.append(CONTROLLER, registered('R', { origin: 'postConsumerRecycled', milligrams: 500n }));
    ledger.append(CONTROLLER, { kind: 'lotSplit', ...ofMaker, lot: lot('A'), milligrams: 100n, label: 'A/0' });
    ledger.append(CONTROLLER, offered());
    expect(held('A/1')).toMatchObject({ milligrams: 300n, holder: makerId, offeredTo: buyerId });
    ledger.append(BUYERS, accepted());
    expect(held('A/1')).toMatchObject({ holder: buyerId, offeredTo: undefined });
    const inputs = [
      { lot: lot('A'), milligrams: 600n },
      { lot: lot('R'), milligrams: 500n },
    ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
    ledger.append(
      CONTROLLER,
      transformed({
        inputs,
        lost: { ...NO_LOSS, primary: 10n, postConsumerRecycled: 5n },
        outputs: [
          // 95 mg of what was recycled have fallen to primary.
          { origin: 'primary', custody: 'segregated', milligrams: 685n, label: 'P2' },
          { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 400n, label: 'R2' },
        ],
      }),
    );
    ledger.append(
      CONTROLLER,
      anchored({ root, size: 100, roles: ROLES, allocations: [{ lot: lot('R2'), milligrams: 3n }] }),
    );
    ledger.append(CONTROLLER, { kind: 'lotRetired', ...ofMaker, lot: lot('R2'), milligrams: 40n });
    ledger.append(CONTROLLER, { kind: 'lotLost', ...ofMaker, lot: lot('P2'), milligrams: 85n });
    ledger.append(ACCREDITOR, { kind: 'lotVoided', lot: lot('P2'), milligrams: 600n });
    expect(held('A')?.milligrams).toBe(0n);
    expect(held('R2')?.milligrams).toBe(60n);
    expect(held('P2')).toMatchObject({ milligrams: 0n, isVoid: true });
  });

  test('are in a snapshot, and go on from it', () => {
    ledger.append(CONTROLLER, registered('A'));
    ledger.append(CONTROLLER, offered());
    const fold = restoreJournalFold(JSON.parse(JSON.stringify(ledger.fold.snapshot())), { ledger: ledger.id });
    expect(fold.state.lots).toEqual(ledger.fold.state.lots);
    fold.add(ledger.encode(BUYERS, accepted()));
    expect(fold.state.lots.get(lot('A/1'))?.holder).toBe(buyerId);
  });

  test('what an issuer signs is the body of its entry, and is read back', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        if (!('roles' in entry) || entry.kind === 'accredited' || entry.kind === 'rolesAssigned') return;
        if (entry.kind === 'anchored') return;
        const { blockNumber, blockTime, actor, issuer, roles, ...act } = entry;
        const data = encodeMaterialAct(act as MaterialAct);
        expect(decodeMaterialAct(entryCode(entry.kind), data)).toEqual(act);
      }),
      { numRuns: 500 },
    );
    expect(() => decodeMaterialAct(entryCode('lotVoided'), new Uint8Array(40))).toThrow(
      expect.objectContaining({ code: 'journal.entry' }),
    );
    expect(() => decodeMaterialAct(entryCode('lotRetired'), new Uint8Array(41))).toThrow(
      expect.objectContaining({ code: 'journal.entry' }),
    );
  });

  test('an entry that the contract could not have made breaks the journal, and changes no lot', () => {
    ledger.append(CONTROLLER, registered('A'));
    ledger.append(CONTROLLER, registered('B', { custody: 'controlledBlending', origin: 'postConsumerRecycled' }));
    ledger.append(CONTROLLER, registered('N', { substance: 7_440_020 }));
    ledger.append(CONTROLLER, offered());
    const before = ledger.fold.snapshot();
    const inOrder = (...labels: string[]) =>
      labels.map((label) => ({ lot: lot(label), milligrams: 1n })).sort((a, b) => (a.lot < b.lot ? -1 : 1));
    const output = { origin: 'primary', custody: 'bookAndClaim', milligrams: 2n, label: 'X' } as const;
    const use = (fields: object): EntryBody => ({
      kind: 'lotRetired',
      ...ofMaker,
      lot: lot('A'),
      milligrams: 1n,
      ...fields,
    });
    const draws = (...allocations: { lot: Hex; milligrams: bigint }[]) =>
      anchored({ root, size: 2, roles: ROLES, allocations });
    const cases: readonly (readonly [string, Actor, EntryBody])[] = [
      ['a name a second time', CONTROLLER, registered('A')],
      ['no substance', CONTROLLER, registered('C', { substance: 0 })],
      ['a substance between the lists', CONTROLLER, registered('C', { substance: 10_000_000_000 })],
      ['no mass', CONTROLLER, registered('C', { milligrams: 0n })],
      ['no event', CONTROLLER, registered('C', { event: NOTHING })],
      ['mass balance without a period', CONTROLLER, registered('C', { custody: 'massBalance' })],
      [
        'a period that ends as it begins',
        CONTROLLER,
        registered('C', { custody: 'massBalance', periodFrom: 1, periodUntil: 1 }),
      ],
      ['a period of another model', CONTROLLER, registered('C', { periodUntil: 9 })],
      ['a country in small letters', CONTROLLER, registered('C', { country: 'cd' })],
      ['an empty label', CONTROLLER, registered('')],
      ['a label beyond ASCII', CONTROLLER, registered('Öre')],
      ['a facility without a name', CONTROLLER, registered('C', { facility: '' })],
      ['other roles than the issuer has', CONTROLLER, { ...registered('C'), roles: 1 } as EntryBody],
      ['a stranger', by('controller', 'stranger'), registered('C')],
      ["another's lot used", BUYERS, use({ issuer: buyerId })],
      ['more than there is', CONTROLLER, use({ milligrams: 701n })],
      ['nothing used', CONTROLLER, use({ milligrams: 0n })],
      ['a lot that nobody named', CONTROLLER, use({ lot: lot('unknown') })],
      ['a lot on offer used', CONTROLLER, use({ lot: lot('A/1') })],
      ['an offer to nobody', CONTROLLER, offered({ label: 'A/2', receiver: root })],
      ['an acceptance by another', CONTROLLER, { ...accepted(), issuer: makerId } as EntryBody],
      ['an acceptance from another', BUYERS, accepted({ sender: buyerId })],
      ['an acceptance of what is not offered', BUYERS, accepted({ lot: lot('A') })],
      ['an acceptance without an event', BUYERS, accepted({ event: NOTHING })],
      ['a refusal by the sender', CONTROLLER, { kind: 'transferRefused', ...ofMaker, lot: lot('A/1') }],
      ['a withdrawal of no offer', CONTROLLER, { kind: 'transferWithdrawn', ...ofMaker, lot: lot('A') }],
      ['two substances melted', CONTROLLER, transformed({ inputs: inOrder('A', 'N'), outputs: [output] })],
      [
        'a stricter custody',
        CONTROLLER,
        transformed({ inputs: inOrder('A', 'B'), outputs: [{ ...output, custody: 'segregated' }] }),
      ],
      ['inputs out of order', CONTROLLER, transformed({ inputs: inOrder('A', 'B').reverse(), outputs: [output] })],
      ['an input twice', CONTROLLER, transformed({ inputs: [...inOrder('A'), ...inOrder('A')], outputs: [output] })],
      ['no input', CONTROLLER, transformed({ inputs: [] })],
      ['no output', CONTROLLER, transformed({ inputs: inOrder('A'), outputs: [] })],
      [
        'an output twice',
        CONTROLLER,
        transformed({
          inputs: inOrder('A', 'B'),
          outputs: [
            { ...output, milligrams: 1n },
            { ...output, milligrams: 1n },
          ],
        }),
      ],
      [
        'mass out of nothing',
        CONTROLLER,
        transformed({ inputs: inOrder('A', 'B'), outputs: [{ ...output, milligrams: 3n }] }),
      ],
      [
        'mass into nothing',
        CONTROLLER,
        transformed({ inputs: inOrder('A', 'B'), outputs: [{ ...output, milligrams: 1n }] }),
      ],
      [
        'an origin that grows',
        CONTROLLER,
        transformed({ inputs: inOrder('A', 'B'), outputs: [{ ...output, origin: 'postConsumerRecycled' }] }),
      ],
      ['a transformation without a process', CONTROLLER, transformed({ process: '' })],
      ['an allocation of more than there is', CONTROLLER, draws({ lot: lot('A'), milligrams: 351n })],
      ['an allocation of nothing', CONTROLLER, draws({ lot: lot('A'), milligrams: 0n })],
      [
        'a lot allocated twice',
        CONTROLLER,
        draws({ lot: lot('A'), milligrams: 1n }, { lot: lot('A'), milligrams: 1n }),
      ],
      ['a lot on offer allocated', CONTROLLER, draws({ lot: lot('A/1'), milligrams: 1n })],
      [
        '65 allocations',
        CONTROLLER,
        draws(
          ...Array.from({ length: 65 }, (_, i) => ({
            lot: `0x${String(i + 1).padStart(64, '0')}` as Hex,
            milligrams: 1n,
          })),
        ),
      ],
      ['a lot voided by its holder', CONTROLLER, { kind: 'lotVoided', lot: lot('A'), milligrams: 700n }],
      ['another mass voided than there was', ACCREDITOR, { kind: 'lotVoided', lot: lot('A'), milligrams: 699n }],
    ];
    for (const [name, actor, body] of cases) {
      const fold = restoreJournalFold(before);
      expect(() => fold.add(ledger.encode(actor, body)), name).toThrow(broken);
      expect(fold.snapshot(), name).toEqual(before);
    }
  });

  test('nothing moves from or to a suspended issuer, which may only withdraw its offers', () => {
    ledger.append(CONTROLLER, registered('A'));
    ledger.append(CONTROLLER, offered());
    ledger.append(ACCREDITOR, { kind: 'suspended', issuer: makerId });
    const refuses = (actor: Actor, body: EntryBody) =>
      expect(() => restoreJournalFold(ledger.fold.snapshot()).add(ledger.encode(actor, body))).toThrow(broken);
    refuses(CONTROLLER, registered('C'));
    refuses(BUYERS, accepted());
    ledger.append(CONTROLLER, { kind: 'transferWithdrawn', ...ofMaker, lot: lot('A/1') });
    expect(held('A/1')).toMatchObject({ holder: makerId, offeredTo: undefined });
  });

  test('an origin needs its role', () => {
    const roles = { primary: 4, preConsumerRecycled: 32, postConsumerRecycled: 32, renewable: 8 } as const;
    for (const [origin, role] of Object.entries(roles)) {
      ledger.append(ACCREDITOR, { kind: 'rolesAssigned', issuer: makerId, roles: role });
      ledger.append(CONTROLLER, {
        ...registered(origin, { origin: origin as keyof typeof roles }),
        roles: role,
      } as EntryBody);
      const without = 0x3f & ~role & (origin === 'renewable' ? ~16 : ~0);
      ledger.append(ACCREDITOR, { kind: 'rolesAssigned', issuer: makerId, roles: without });
      const again = { ...registered(`${origin} again`, { origin: origin as keyof typeof roles }), roles: without };
      const fold = restoreJournalFold(ledger.fold.snapshot());
      expect(() => fold.add(ledger.encode(CONTROLLER, again as EntryBody)), origin).toThrow(broken);
    }
  });

  test('a journal of lots folds from its bytes alone', () => {
    ledger.append(CONTROLLER, registered('A'));
    ledger.append(CONTROLLER, offered());
    ledger.append(BUYERS, accepted());
    const fold = createJournalFold({ ledger: ledger.id });
    for (const bytes of ledger.entries) {
      fold.add(bytes);
      decodeEntry(bytes);
    }
    expect(fold.state.lots).toEqual(ledger.fold.state.lots);
  });
});

/**
 * Lots: what an issuer does with matter that the ledger counts. Whatever is done together is one list of acts, signed here and relayed, all
 * or nothing: where an event describes an act (registering, offering, accepting, transforming), the event's credential is anchored in the
 * same list in which the act names its digest, so that no lot stands on the ledger whose event nobody can find. Labels name new lots and
 * are used once, so that what was done is not done again; retiring and writing off have none: look at the lot first where an answer was
 * missed.
 */
import { encodeHex, type Hex, hashIssuer, type IssuerId } from '@dpp-ledger/core';
import { type SignedCredential, signCredential } from '@dpp-ledger/core/credential';
import { buildEvent, type EventInput } from '@dpp-ledger/core/event';
import { buildBatch } from '@dpp-ledger/core/evidence';
import type { LotMass, LotOutput, MassByOrigin, MaterialAct } from '@dpp-ledger/core/journal';
import { type CustodyModel, formatSubstance, hashLot, nameSubstance, type Origin } from '@dpp-ledger/core/materials';
import { type AmendOptions, relayActs } from './amend.ts';
import type { Receipt } from './answers.ts';
import { type Act, acts } from './ledger/acts.ts';

/** The signer has the purpose `operate`. */
export interface LotOptions extends AmendOptions {
  /** Signs the events, with the purpose `assert`; `signer` by default. */
  readonly credentialSigner?: AmendOptions['signer'];
  readonly issuerName: string;
  /** When it happened, RFC 3339 with zone; now by default. */
  readonly date?: string;
}

/** What was done. */
export interface LotOutcome {
  /** That came to be or were acted on, in the order of the acts. */
  readonly lots: readonly Hex[];
  /** The credentials that describe it, in the order of the acts that have one. */
  readonly events: readonly SignedCredential[];
  readonly answer: Receipt;
}

/** A facility's id is a URI of at most 255 characters. */
export interface LotPlace {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

export interface NewLot {
  /** Chosen by its issuer, printable ASCII, used once. */
  readonly label: string;
  /** Of the goods: "cobalt hydroxide"; that of the substance by default. */
  readonly name?: string | undefined;
  /** See `parseSubstance`. */
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
  /** Of the substance alone. */
  readonly milligrams: bigint;
}

/** The id that a lot has, or will have. */
export function lotOf(issuer: IssuerId, label: string): Hex {
  return hashLot(hashIssuer(issuer), label);
}

interface Journey {
  /** The other side's name. */
  readonly counterpartyName: string;
  /** Of the goods. */
  readonly name: string;
  readonly from: LotPlace;
  /** The same as `from` where only the title changes hands. */
  readonly to: LotPlace;
}

/** One thing done to lots; what it names depends on who does it. */
export type LotAct = (issuer: IssuerId) => {
  readonly lots: readonly Hex[];
  /** What describes it, where an event does. */
  readonly event?: Described;
  /** The digest of that event's credential is given. */
  readonly act: (event: Hex) => MaterialAct;
};

/** An event's input without its date. */
type Described<E = EventInput> = E extends EventInput ? Omit<E, 'date'> : never;

const NOTHING_LOST: MassByOrigin = {
  primary: 0n,
  preConsumerRecycled: 0n,
  postConsumerRecycled: 0n,
  renewable: 0n,
};

export const lotActs = {
  /** Brings matter onto the ledger. `period` is that of mass balance, and needed there; seconds since 1970. */
  register:
    (
      lot: NewLot & {
        readonly at: LotPlace & { readonly country: string };
        readonly period?: { readonly from: number; readonly until: number } | undefined;
      },
    ): LotAct =>
    (issuer) => {
      const { label, substance, origin, custody, milligrams, at, period } = lot;
      const made = describe(lot, issuer);
      return {
        lots: [made.lot],
        event: { kind: 'register', name: `Register ${made.name}`, at, outputs: [made] },
        act: (event) => ({
          ...{ kind: 'lotRegistered', substance, origin, custody, milligrams, event, label },
          ...{ periodFrom: period?.from ?? 0, periodUntil: period?.until ?? 0, country: at.country, facility: at.id },
        }),
      };
    },

  /** Moves part of a lot into a new one. */
  split:
    ({ lot, milligrams, label }: LotMass & { readonly label: string }): LotAct =>
    (issuer) => ({ lots: [lotOf(issuer, label)], act: () => ({ kind: 'lotSplit', lot, milligrams, label }) }),

  /** Offers part of a lot, or all of it, under a new label. */
  offer:
    (offer: LotMass & Journey & { readonly label: string; readonly receiver: IssuerId }): LotAct =>
    (issuer) => {
      const { lot, milligrams, label, receiver } = offer;
      const offered = lotOf(issuer, label);
      return {
        lots: [offered],
        event: describeTransfer('offered', { ...offer, lot: offered, label, counterparty: receiver }),
        act: (event) => ({ kind: 'transferOffered', receiver: hashIssuer(receiver), lot, milligrams, event, label }),
      };
    },

  /** Takes what is offered: the lot becomes the issuer's. */
  accept: (offered: LotMass & Journey & { readonly sender: IssuerId }): LotAct => {
    const { lot, sender } = offered;
    return () => ({
      lots: [lot],
      event: describeTransfer('accepted', { ...offered, counterparty: sender }),
      act: (event) => ({ kind: 'transferAccepted', sender: hashIssuer(sender), lot, event }),
    });
  },

  /** Does not take what is offered: it stays the sender's. */
  refuse: (lot: Hex): LotAct => plainly({ kind: 'transferRefused', lot }),

  /** Ends an offer that nobody has accepted. */
  withdraw: (lot: Hex): LotAct => plainly({ kind: 'transferWithdrawn', lot }),

  /** Makes lots of lots of the same substance, by a named process; what is neither given out nor lost of an origin falls to primary. */
  transform:
    (transformation: {
      /** "hydrometallurgical refining". */
      readonly process: string;
      readonly substance: number;
      /** Each lot once, in any order. */
      readonly inputs: readonly (LotMass & { readonly name?: string | undefined })[];
      readonly outputs: readonly Omit<NewLot, 'substance'>[];
      readonly lost?: Partial<MassByOrigin>;
      readonly at: LotPlace;
    }): LotAct =>
    (issuer) => {
      const { process, substance, at, lost } = transformation;
      const made = transformation.outputs.map((output) => describe({ ...output, substance }, issuer));
      const inputs = transformation.inputs.toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
      const outputs: LotOutput[] = transformation.outputs.map(({ origin, custody, milligrams, label }) => {
        return { origin, custody, milligrams, label };
      });
      return {
        lots: made.map(({ lot }) => lot),
        event: {
          kind: 'transform',
          name: `Transform ${nameSubstance(substance)}: ${process}`,
          ...{ at, process },
          inputs: inputs.map(({ lot, milligrams, name = nameSubstance(substance) }) => ({ lot, milligrams, name })),
          outputs: made,
        },
        act: (event) => ({
          ...{ kind: 'transformed', event, process, outputs },
          inputs: inputs.map(({ lot, milligrams }) => ({ lot, milligrams })),
          lost: { ...NOTHING_LOST, ...lost },
        }),
      };
    },

  /** Takes mass out of circulation, used outside of any passport. */
  retire: ({ lot, milligrams }: LotMass): LotAct => plainly({ kind: 'lotRetired', lot, milligrams }),

  /** Writes off mass that is gone. */
  writeOff: ({ lot, milligrams }: LotMass): LotAct => plainly({ kind: 'lotLost', lot, milligrams }),
} as const;

/**
 * Does what is given, in its order, all or nothing: one batch of the events that describe it, and each act with the digest of its event.
 * Errors: `event.input`, `journal.entry` for what cannot be said; `service.refused` with the contract's reason.
 */
export async function actOnLots(list: readonly LotAct[], options: LotOptions): Promise<LotOutcome> {
  const done = list.map((one) => one((options.credentialSigner ?? options.signer).issuer));
  const events = await signEvents(
    done.flatMap(({ event }) => event ?? []),
    options,
  );
  const digests = events.map(({ digest }) => digest)[Symbol.iterator]();
  const onLots = done.map(({ event, act }) =>
    acts.material(act(event === undefined ? NO_EVENT : encodeHex(digests.next().value as Uint8Array))),
  );
  const answer = await relayActs(
    [...(events.length === 0 ? [] : [anchorOf(events)]), ...onLots],
    options,
    events.map(({ jwt }) => jwt),
  );
  return { lots: done.flatMap(({ lots }) => lots), events, answer };
}

/** Of acts that name none. */
const NO_EVENT: Hex = `0x${'00'.repeat(32)}`;

function plainly(act: MaterialAct & { readonly lot: Hex }): LotAct {
  return () => ({ lots: [act.lot], act: () => act });
}

function anchorOf(events: readonly SignedCredential[]): Act {
  const { root, size, manifest } = buildBatch(events.map(({ digest }) => digest));
  return acts.anchor({ root, size, manifest: encodeHex(manifest.digest) });
}

async function signEvents(described: readonly Described[], options: LotOptions): Promise<SignedCredential[]> {
  const { credentialSigner: signer = options.signer, issuerName, ledger, client } = options;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  // A list of its own each time: 64 random bits meet no other.
  const list = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
  return await Promise.all(
    described.map(async (input, index) => {
      const credential = buildEvent({ ...input, date: options.date ?? now } as EventInput, {
        issuer: { id: signer.issuer, name: issuerName },
        ledger,
        status: { list, index },
        statusListCredential: client.statusListUrl(signer.issuer, list),
        validFrom: now,
      });
      return await signCredential(credential, signer);
    }),
  );
}

/** A lot that comes to be, as its event says it. */
function describe({ label, name, substance, origin, custody, milligrams }: NewLot, issuer: IssuerId) {
  return {
    ...{ lot: lotOf(issuer, label), milligrams, label, origin, custody, substance: formatSubstance(substance) },
    name: name ?? nameSubstance(substance),
  };
}

function describeTransfer(
  step: 'offered' | 'accepted',
  transfer: LotMass & Journey & { readonly label?: string; readonly counterparty: IssuerId },
): Described {
  const { lot, milligrams, label, name, from, to, counterparty, counterpartyName } = transfer;
  return {
    kind: 'transfer',
    name: `${step === 'offered' ? 'Offer' : 'Accept'} ${name}`,
    ...{ step, from, to },
    counterparty: { id: counterparty, name: counterpartyName },
    moved: [{ lot, milligrams, name, ...(label === undefined ? {} : { label }) }],
  };
}

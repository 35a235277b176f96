/**
 * Lots: what an issuer does with matter that the ledger counts. Each is one list of acts, signed here and relayed, all or nothing: where an
 * event describes it (registering, offering, accepting, transforming), the event's credential is anchored in the same list in which the
 * act names its digest, so that no lot stands on the ledger whose event nobody can find. Labels name new lots and are used once, so that
 * what was done is not done again; retiring and writing off have none: look at the lot first where an answer was missed.
 */
import { encodeHex, type Hex, hashIssuer, type IssuerId } from '@dpp-ledger/core';
import { type SignedCredential, signCredential } from '@dpp-ledger/core/credential';
import { buildEvent, type EventInput } from '@dpp-ledger/core/event';
import { buildBatch } from '@dpp-ledger/core/evidence';
import type { LotMass, LotOutput, MassByOrigin, MaterialAct } from '@dpp-ledger/core/journal';
import { type CustodyModel, formatSubstance, hashLot, nameSubstance, type Origin } from '@dpp-ledger/core/materials';
import { type AmendOptions, relayActs } from './amend.ts';
import type { Receipt } from './answers.ts';
import { acts } from './ledger/acts.ts';

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
  /** That came to be, in the order of their labels, or that was acted on. */
  readonly lots: readonly Hex[];
  /** The credential that describes it. */
  readonly event: SignedCredential | undefined;
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

/** Brings matter onto the ledger. Errors: `event.input`, `journal.entry` for what cannot be said; `service.refused` with the contract's reason. */
export async function registerLot(
  lot: NewLot & {
    readonly at: LotPlace & { readonly country: string };
    /** Of mass balance, and needed there; seconds since 1970. */
    readonly period?: { readonly from: number; readonly until: number } | undefined;
  },
  options: LotOptions,
): Promise<LotOutcome> {
  const { label, substance, origin, custody, milligrams, at, period } = lot;
  const made = describe(lot, options);
  return await perform(
    [made.lot],
    { kind: 'register', name: `Register ${made.name}`, at, outputs: [made] },
    (event) => ({
      ...{ kind: 'lotRegistered', substance, origin, custody, milligrams, event, label },
      ...{ periodFrom: period?.from ?? 0, periodUntil: period?.until ?? 0, country: at.country, facility: at.id },
    }),
    options,
  );
}

/** Moves part of a lot into a new one. Errors: as `registerLot`. */
export async function splitLot(part: LotMass & { readonly label: string }, options: LotOptions): Promise<LotOutcome> {
  const { lot, milligrams, label } = part;
  return await performPlainly(
    [lotOf(options.signer.issuer, label)],
    { kind: 'lotSplit', lot, milligrams, label },
    options,
  );
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

/** Offers part of a lot, or all of it, under a new label. Errors: as `registerLot`. */
export async function offerLot(
  offer: LotMass & Journey & { readonly label: string; readonly receiver: IssuerId },
  options: LotOptions,
): Promise<LotOutcome> {
  const { lot, milligrams, label, receiver } = offer;
  const offered = lotOf(options.signer.issuer, label);
  return await perform(
    [offered],
    describeTransfer('offered', { ...offer, lot: offered, label, counterparty: receiver }),
    (event) => ({ kind: 'transferOffered', receiver: hashIssuer(receiver), lot, milligrams, event, label }),
    options,
  );
}

/** Takes what is offered: the lot becomes the signer's. Errors: as `registerLot`. */
export async function acceptLot(
  offered: LotMass & Journey & { readonly sender: IssuerId },
  options: LotOptions,
): Promise<LotOutcome> {
  const { lot, sender } = offered;
  return await perform(
    [lot],
    describeTransfer('accepted', { ...offered, counterparty: sender }),
    (event) => ({ kind: 'transferAccepted', sender: hashIssuer(sender), lot, event }),
    options,
  );
}

/** Does not take what is offered: it stays the sender's. Errors: `service.refused`. */
export async function refuseLot(lot: Hex, options: LotOptions): Promise<LotOutcome> {
  return await performPlainly([lot], { kind: 'transferRefused', lot }, options);
}

/** Ends an offer that nobody has accepted. Errors: `service.refused`. */
export async function withdrawLot(lot: Hex, options: LotOptions): Promise<LotOutcome> {
  return await performPlainly([lot], { kind: 'transferWithdrawn', lot }, options);
}

const NOTHING_LOST: MassByOrigin = {
  primary: 0n,
  preConsumerRecycled: 0n,
  postConsumerRecycled: 0n,
  renewable: 0n,
};

/** Makes lots of lots of the same substance, by a named process. Errors: as `registerLot`. */
export async function transformLots(
  transformation: {
    /** "hydrometallurgical refining". */
    readonly process: string;
    readonly substance: number;
    /** Each lot once, in any order. */
    readonly inputs: readonly (LotMass & { readonly name?: string | undefined })[];
    readonly outputs: readonly Omit<NewLot, 'substance'>[];
    /** Of each origin; what is neither given out nor lost has fallen to primary. */
    readonly lost?: Partial<MassByOrigin>;
    readonly at: LotPlace;
  },
  options: LotOptions,
): Promise<LotOutcome> {
  const { process, substance, at, lost } = transformation;
  const made = transformation.outputs.map((output) => describe({ ...output, substance }, options));
  const inputs = transformation.inputs.toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
  const outputs: LotOutput[] = transformation.outputs.map(({ origin, custody, milligrams, label }) => {
    return { origin, custody, milligrams, label };
  });
  return await perform(
    made.map(({ lot }) => lot),
    {
      kind: 'transform',
      name: `Transform ${nameSubstance(substance)}: ${process}`,
      ...{ at, process },
      inputs: inputs.map(({ lot, milligrams, name = nameSubstance(substance) }) => ({ lot, milligrams, name })),
      outputs: made,
    },
    (event) => ({
      ...{ kind: 'transformed', event, process, outputs },
      inputs: inputs.map(({ lot, milligrams }) => ({ lot, milligrams })),
      lost: { ...NOTHING_LOST, ...lost },
    }),
    options,
  );
}

/** Takes mass out of circulation, used outside of any passport. Errors: `service.refused`. */
export async function retireLot({ lot, milligrams }: LotMass, options: LotOptions): Promise<LotOutcome> {
  return await performPlainly([lot], { kind: 'lotRetired', lot, milligrams }, options);
}

/** Writes off mass that is gone. Errors: `service.refused`. */
export async function writeOffLot({ lot, milligrams }: LotMass, options: LotOptions): Promise<LotOutcome> {
  return await performPlainly([lot], { kind: 'lotLost', lot, milligrams }, options);
}

// ------------------------------------------------------------------------------------------------------------ performing

/** An event's input without its date. */
type Described<E = EventInput> = E extends EventInput ? Omit<E, 'date'> : never;

async function perform(
  lots: readonly Hex[],
  input: Described,
  makeAct: (event: Hex) => MaterialAct,
  options: LotOptions,
): Promise<LotOutcome> {
  const event = await signEvent(input, options);
  const { root, size, manifest } = buildBatch([event.digest]);
  const list = [
    acts.anchor({ root, size, manifest: encodeHex(manifest.digest) }),
    acts.material(makeAct(encodeHex(event.digest))),
  ];
  return { lots, event, answer: await relayActs(list, options, [event.jwt]) };
}

async function performPlainly(lots: readonly Hex[], act: MaterialAct, options: LotOptions): Promise<LotOutcome> {
  return { lots, event: undefined, answer: await relayActs([acts.material(act)], options) };
}

async function signEvent(input: Described, options: LotOptions): Promise<SignedCredential> {
  const { credentialSigner: signer = options.signer, issuerName, ledger, client } = options;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  // A list of its own for each event: 64 random bits meet no other.
  const list = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
  const credential = buildEvent({ ...input, date: options.date ?? now } as EventInput, {
    issuer: { id: signer.issuer, name: issuerName },
    ledger,
    status: { list, index: 0 },
    statusListCredential: client.statusListUrl(signer.issuer, list),
    validFrom: now,
  });
  return await signCredential(credential, signer);
}

/** A lot that comes to be, as its event says it. */
function describe({ label, name, substance, origin, custody, milligrams }: NewLot, { signer }: LotOptions) {
  const lot = lotOf(signer.issuer, label);
  return {
    ...{ lot, milligrams, label, origin, custody, substance: formatSubstance(substance) },
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

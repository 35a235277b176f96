/**
 * Issuing passports that draw on lots. What they take stands in the anchor of their batch, which the issuer's key signs: so the batch is
 * formed here, of passports that take the same, and relayed as one act. A mass that is taken twice is gone, so nothing is signed a second
 * time before it is known what became of the first: a relay is written down before it is posted, the service answers the same relay with
 * what has become of it, and one that was refused either has its nonce taken from it by the next one, or can never be done.
 */
import { encodeHex, type Hex, type IssuerId, RejectedError } from '@dpp-ledger/core';
import { hashCredential, parseCredential, parseJwt } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { LARGEST_BATCH, type LotMass } from '@dpp-ledger/core/journal';
import { lotClaims, sumClaims } from '@dpp-ledger/core/passport';
import { type AmendOptions, signActs } from './amend.ts';
import type { ReceiptLine } from './answers.ts';
import type { Client } from './client.ts';
import type { IssueRun, OpenRelay } from './issue.ts';
import { acts } from './ledger/acts.ts';

/** A passport that draws on lots, recorded in the run. */
export interface Drawing {
  readonly digest: string;
  readonly cid: string;
  readonly jwt: string;
}

export interface Allocating {
  /** Finds out what became of the relay that the run has open, if it has one: posts it where nobody knows of it. */
  finish(): Promise<void>;
  /** Anchors passports with what they take. One receipt for each, in whatever order; what is refused is not settled in the run. */
  anchor(drawings: readonly Drawing[]): AsyncIterable<{ readonly drawing: Drawing; readonly receipt: ReceiptLine }>;
}

/** The service takes 16 MiB in one request. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Errors: `service.unreachable` and the like, with which a relay stays open: go on later with the same run. */
export function createAllocating(run: IssueRun, options: AmendOptions): Allocating {
  const { client, signer, signal } = options;

  async function post(open: OpenRelay, drawings: readonly Drawing[], isAgain: boolean): Promise<ReceiptLine> {
    const done = isAgain ? await findAllocated(client, signer.issuer, open.root, signal) : undefined;
    const receipt = done ?? (await relay(open, drawings));
    if (receipt.state !== 'refused') {
      await run.settle(drawings.map(({ digest, cid }) => ({ input: digest, receipt: { ...receipt, cid } })));
    }
    await run.openRelay(undefined);
    return receipt;
  }

  async function relay({ request }: OpenRelay, drawings: readonly Drawing[]): Promise<ReceiptLine> {
    try {
      const credentials = drawings.map(({ jwt }) => jwt);
      const { id } = await client.postRelay({ ...request, credentials }, { signal });
      await client.waitReceipt(id, 'anchored', { signal });
      return { state: 'accepted', id };
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      return { state: 'refused', code: error.code, detail: error.message };
    }
  }

  return {
    async finish() {
      const open = run.findOpenRelay();
      if (open === undefined) return;
      const drawings = await Promise.all(
        open.inputs.map(async (digest) => {
          const [item, jwt] = await Promise.all([run.find(digest), run.readJwt(digest)]);
          return { digest, cid: item?.cid ?? '', jwt };
        }),
      );
      await post(open, drawings, true);
    },

    async *anchor(drawings) {
      for (const { allocations, members } of groupByTakes(drawings)) {
        signal?.throwIfAborted();
        const batch = buildBatch(members.map(({ jwt }) => hashCredential(ascii.encode(jwt))));
        const { root, size, manifest } = batch;
        const act = acts.anchor({ root, size, manifest: encodeHex(manifest.digest), allocations });
        const open = { root, inputs: members.map(({ digest }) => digest), request: await signActs([act], options) };
        await run.openRelay(open);
        const receipt = await post(open, members, false);
        for (const drawing of members) yield { drawing, receipt: { ...receipt, cid: drawing.cid } };
      }
    },
  };
}

const ascii = new TextEncoder();

interface Group {
  readonly allocations: readonly LotMass[];
  readonly members: Drawing[];
}

/** A batch's allocations are those of each of its credentials. */
function groupByTakes(drawings: readonly Drawing[]): Group[] {
  const groups = new Map<string, Group & { bytes: number }>();
  const full: Group[] = [];
  for (const drawing of drawings) {
    const allocations = sumClaims(lotClaims(parseCredential(parseJwt(drawing.jwt).payload)));
    const key = allocations.map(({ lot, milligrams }) => `${lot} ${milligrams}`).join('\n');
    let group = groups.get(key);
    if (group !== undefined && (group.bytes > MOST_BYTES || group.members.length === LARGEST_BATCH)) {
      full.push(group);
      group = undefined;
    }
    group ??= { allocations, members: [], bytes: 0 };
    group.members.push(drawing);
    group.bytes += drawing.jwt.length;
    groups.set(key, group);
  }
  return [...full, ...groups.values()];
}

/** Whether the issuer has anchored this batch with allocations, whoever else may have anchored it without. */
async function findAllocated(
  client: Client,
  issuer: IssuerId,
  root: Hex,
  signal: AbortSignal | undefined,
): Promise<ReceiptLine | undefined> {
  for (const { entry, issuer: by } of await client.findAnchors(root, { signal })) {
    if (by !== issuer) continue;
    const anchored = (await client.fetchEntry(entry, { signal })).entry;
    if (Array.isArray(anchored.allocations) && anchored.allocations.length > 0) return { state: 'duplicate' };
  }
  return undefined;
}

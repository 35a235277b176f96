/**
 * The Trustless Gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/): raw blocks and CARs of credentials and manifests
 * that belong to this ledger, for clients that check what they get against the CID. It fetches nothing for strangers.
 */
import { type Digest, InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { decodeManifest } from '@dpp-ledger/core/evidence';
import { type BlockSource, encodeCar, fetchBlocks, parseBlockCid } from '@dpp-ledger/sdk/store';
import type { Catalogue } from '../ledger/catalogue.ts';
import { streamOf } from './lines.ts';
import { isMatch } from './protocol.ts';

const RAW = 'application/vnd.ipld.raw';
const CAR = 'application/vnd.ipld.car';
export const IMMUTABLE = 'public, max-age=29030400, immutable';

export interface GatewayRequest {
  readonly cid: string;
  readonly accept: string | undefined;
  /** The query parameters `format` and `dag-scope`, which win over the header. */
  readonly format: string | undefined;
  readonly scope: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export interface Gateway {
  /** Errors: `input.encoding` for a CID of another kind, `input.shape` for a format, `service.not-found`; the store's. */
  answer(request: GatewayRequest): Promise<Response>;
}

const ascii = new TextEncoder();

export function createGateway({
  catalogue,
  store,
}: {
  readonly catalogue: Catalogue;
  readonly store: BlockSource;
}): Gateway {
  async function readBlock(cid: string, codec: string, digest: Uint8Array): Promise<Uint8Array> {
    const accepted = codec === 'raw' ? await catalogue.findAccepted(digest) : undefined;
    if (accepted !== undefined) return ascii.encode(accepted);
    if (await catalogue.knowsBlock(digest)) return await store.get(cid);
    throw new UnavailableError('service.not-found', `${cid} is no credential and no manifest of this ledger.`);
  }

  async function* readDag(root: string, bytes: Uint8Array, isWhole: boolean) {
    yield { cid: root, bytes };
    if (isWhole)
      yield* fetchBlocks(
        store,
        decodeManifest(bytes).map((digest: Digest) => formatCid(digest)),
      );
  }

  return {
    async answer({ cid, accept = '', format, scope = 'all', ifNoneMatch }) {
      const { codec, digest } = parseBlockCid(cid);
      const type = chooseType(accept, format, codec);
      if (!['all', 'entity', 'block'].includes(scope)) {
        throw new InvalidInputError('input.shape', '"dag-scope" is all, entity or block.');
      }
      const isWhole = codec === 'dag-cbor' && scope === 'all';
      const etag = type === RAW ? `"${cid}.raw"` : `W/"${cid}.car.${isWhole ? 'all' : 'block'}"`;
      const kept = {
        'cache-control': IMMUTABLE,
        etag,
        vary: 'accept',
      };
      const headers = {
        ...kept,
        'content-type': type === RAW ? RAW : `${CAR}; version=1; order=dfs; dups=y`,
        'content-disposition': `attachment; filename="${cid}.${type === RAW ? 'bin' : 'car'}"`,
        'x-ipfs-path': `/ipfs/${cid}`,
        'x-ipfs-roots': cid,
        'x-content-type-options': 'nosniff',
      };
      const bytes = await readBlock(cid, codec, digest);
      if (isMatch(ifNoneMatch, etag)) return new Response(null, { status: 304, headers: kept });
      if (type === RAW) return new Response(new Uint8Array(bytes), { headers });
      return new Response(streamOf(encodeCar({ root: cid, blocks: readDag(cid, bytes, isWhole) })), { headers });
    },
  };
}

/** A bare request for a credential gets its bytes: the raw block, which any client can check. */
function chooseType(accept: string, format: string | undefined, codec: string): typeof RAW | typeof CAR {
  if (format === 'raw' || (format === undefined && accept.includes(RAW))) return RAW;
  if (format === 'car' || (format === undefined && accept.includes(CAR))) return CAR;
  if (format === undefined && codec === 'raw') return RAW;
  if (format === undefined) return CAR;
  throw new InvalidInputError('input.shape', `The format is raw or car, not "${format.slice(0, 40)}".`);
}

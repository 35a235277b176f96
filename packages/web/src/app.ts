/** The pages as a Hono app, given a reader. */

import type { BatchRoot } from '@dpp-ledger/core';
import {
  DppError,
  decodeHex,
  type Hex,
  IntegrityError,
  InvalidInputError,
  isHex,
  RejectedError,
  UnavailableError,
} from '@dpp-ledger/core';
import { formatCid, isDid, parseCid, parseDid } from '@dpp-ledger/core/credential';
import { parseGtin } from '@dpp-ledger/core/passport';
import { Hono } from 'hono';
import type { Html, Site } from './layout.ts';
import { batchesPage, batchPage } from './pages/batch.ts';
import { errorPage, noPassportPage } from './pages/errors.ts';
import { belowPage, homePage, howPage, searchPage } from './pages/home.ts';
import { issuerPage, issuersPage } from './pages/issuers.ts';
import { journalPage } from './pages/journal.ts';
import { lotPage } from './pages/lot.ts';
import { passportPage } from './pages/passport.ts';
import { tracePage } from './pages/trace.ts';
import { paths } from './paths.ts';
import type { PassportSummary, Reader } from './reader.ts';
import { type Asset, buildIcon, buildStylesheet } from './stylesheet.ts';

export interface PagesOptions {
  readonly reader: Reader;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** In the header of every page; "DPP Ledger" where it is left out. */
  readonly name?: string;
  /** Path of the API's documentation page, for the footer. */
  readonly documentation?: string;
  /** Told of what went wrong and is not the visitor's doing. */
  readonly onError?: (error: unknown) => void;
}

export interface Pages {
  /** To be mounted at `/`. */
  readonly app: Hono;
  /** A page for a path that nobody serves. */
  readonly notFound: () => Promise<Response>;
  /** A page for what went wrong elsewhere: a label's link that leads nowhere, say. `status` where it is settled already. */
  readonly fail: (error: unknown, status?: number) => Promise<Response>;
}

const PER_PAGE = 50;
const ON_HOME = 8;
/** Of each level on the home page: thousands of the same laptop must not hide everything else. */
const PER_LEVEL = 4;
const LEVELS: readonly PassportSummary['granularity'][] = ['model', 'batch', 'item'];

export function createPages({ reader, now, name, documentation, onError }: PagesOptions): Pages {
  const stylesheet = buildStylesheet();
  const icon = buildIcon();
  const assets = new Map<string, Asset>([stylesheet, icon].map((asset) => [asset.file, asset]));
  const site: Site = { name: name ?? 'DPP Ledger', stylesheet: stylesheet.file, icon: icon.file, documentation };
  const app = new Hono();

  app.get('/', async () => {
    const [server, batches, ...levels] = await Promise.all([
      reader.readServer(),
      reader.readBatches({ limit: ON_HOME }),
      ...LEVELS.map((granularity) => reader.findPassports({ granularity, limit: PER_LEVEL })),
    ]);
    const passports = levels.flatMap((level) => level.passports);
    return respond(homePage(site, { server, passports, batches, now: now() }));
  });

  app.get('/view/passport', async (c) => {
    const uri = c.req.query('uri') ?? '';
    const found = await reader.scan(uri);
    if (found !== undefined) return respond(passportPage(site, found, now()));
    const below = await reader.findBelow(uri, { limit: PER_PAGE });
    return below.passports.length > 0
      ? respond(belowPage(site, { asked: uri, below }))
      : respond(noPassportPage(site, uri), 404);
  });

  app.get('/view/passport/:cid', async (c) => {
    const cid = formatCid(parseCid(c.req.param('cid')));
    const found = await reader.readPassport(cid);
    return found === undefined ? respond(noPassportPage(site, cid), 404) : respond(passportPage(site, found, now()));
  });

  app.get('/view/search', async (c) => {
    const text = (c.req.query('q') ?? '').trim();
    const place = text === '' ? undefined : await findPlace(reader, text);
    if (place !== undefined) return c.redirect(place, 303);
    const found = text === '' ? undefined : await reader.findPassports({ text, limit: PER_PAGE });
    return respond(searchPage(site, { text, found }));
  });

  app.get('/view/issuers', async () => respond(issuersPage(site, await reader.readIssuers())));

  app.get('/view/issuers/:did', async (c) => {
    const did = parseDid(c.req.param('did'));
    const issuer = await reader.readIssuer(did);
    if (issuer === undefined) return notFound();
    return respond(issuerPage(site, issuer, await reader.readBatches({ limit: ON_HOME, issuer: did })));
  });

  app.get('/view/batches', async () => respond(batchesPage(site, await reader.readBatches({ limit: PER_PAGE }))));

  app.get('/view/batches/:root', async (c) => {
    const root = parseRoot(c.req.param('root'));
    const batch = await reader.readBatch(root, { from: parseIndex(c.req.query('from')) ?? 0, limit: PER_PAGE });
    return batch === undefined ? notFound() : respond(batchPage(site, batch, PER_PAGE));
  });

  app.get('/view/journal', async (c) => {
    // The newest entries unless a place is asked for.
    const from = parseIndex(c.req.query('from')) ?? Math.max(0, (await reader.readServer()).treeHead.size - PER_PAGE);
    return respond(journalPage(site, await reader.readJournal({ from, limit: PER_PAGE }), PER_PAGE));
  });

  app.get('/view/lots/:lot', async (c) => {
    const from = parseIndex(c.req.query('from')) ?? 0;
    const lot = await reader.readLot(c.req.param('lot'), { from, limit: PER_PAGE });
    return lot === undefined ? notFound() : respond(lotPage(site, lot));
  });

  app.get('/view/trace/:of', async (c) => {
    const of = c.req.param('of');
    const asked = { direction: parseDirection(c.req.query('direction')), depth: parseDepth(c.req.query('depth')) };
    const traced = await reader.trace(of, asked);
    return traced === undefined ? notFound() : respond(tracePage(site, of, traced, now()));
  });

  app.get('/view/how-verification-works', () => respond(howPage(site)));

  app.get('/view/assets/:file', (c) => {
    const asset = assets.get(c.req.param('file'));
    if (asset === undefined) return notFound();
    const zipped = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
    return new Response(zipped ? asset.gzip : asset.body, {
      headers: {
        ...SECURITY,
        'content-type': asset.type,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      },
    });
  });

  app.get('/view/*', () => notFound());

  app.onError((error) => {
    if (describeError(error).status >= 500) onError?.(error);
    return fail(error);
  });

  function fail(error: unknown, status?: number): Promise<Response> {
    const { title, message, code, ...own } = describeError(error);
    return respond(errorPage(site, { title, message, code }), status ?? own.status);
  }

  function notFound(): Promise<Response> {
    return respond(
      errorPage(site, {
        title: 'Page not found',
        message:
          'There is nothing at this address. If you typed it, check that it is complete; if you followed a link, what it led to is not on this ledger.',
      }),
      404,
    );
  }

  return { app, notFound, fail };
}

/**
 * On every answer itself, since a page also stands in for another path's error. No HSTS: a label is scanned over plain HTTP on a local
 * network too, and whoever terminates TLS sets it.
 */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Where a search leads at once: a link, a GTIN, a CID, a DID or a batch's root name one thing each. */
async function findPlace(reader: Reader, text: string): Promise<string | undefined> {
  if (isDid(text)) return (await reader.readIssuer(text)) === undefined ? undefined : paths.issuer(text);
  if (isHex(text) && text.length === 66) {
    const found = await reader.readBatch(parseRoot(text), { from: 0, limit: 1 });
    return found === undefined ? undefined : paths.batch(text);
  }
  if (/^eip155:.*#lot-/.test(text)) return paths.lot(text);
  if (/^bafkrei[a-z2-7]{52}$/.test(text)) return paths.passport(formatCid(parseCid(text)));
  if (/^https?:\/\//i.test(text)) return paths.scanned(text);
  // Digits that are no GTIN may be a serial.
  if (/^\d{8,14}$/.test(text) && isGtin(text)) return paths.scanned(text);
  return undefined;
}

function isGtin(digits: string): boolean {
  try {
    parseGtin(digits);
    return true;
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

async function respond(body: Html, status = 200): Promise<Response> {
  // A verdict is as old as its facts: a kept page would hide a revocation.
  const headers = { ...SECURITY, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(String(await body), { status, headers });
}

function describeError(error: unknown): { status: number; title: string; message: string; code?: string } {
  if (error instanceof DppError && error.code.endsWith('.not-found')) {
    return { status: 404, title: 'Nothing is known of this', message: error.message, code: error.code };
  }
  if (error instanceof InvalidInputError) {
    return { status: 400, title: 'This cannot be read', message: error.message, code: error.code };
  }
  if (error instanceof RejectedError) {
    return { status: 422, title: 'This was refused', message: error.message, code: error.code };
  }
  if (error instanceof UnavailableError) {
    return {
      status: 503,
      title: 'Something does not answer',
      message: `${error.message} Try again in a minute.`,
      code: error.code,
    };
  }
  if (error instanceof IntegrityError) {
    return { status: 502, title: 'The sources disagree', message: error.message, code: error.code };
  }
  return {
    status: 500,
    title: 'Something went wrong here',
    message: 'That is this server’s fault, not yours. Try again; if it stays so, tell whoever runs this server.',
    ...(error instanceof DppError ? { code: error.code } : {}),
  };
}

function parseRoot(text: string): BatchRoot {
  decodeHex(text, 32);
  return text as Hex as BatchRoot;
}

const DIRECTIONS = ['both', 'upstream', 'downstream'] as const;
/** Generations of lots that a trace goes, unless it is asked for others. */
const DEPTH = 16;
const DEEPEST = 64;

function parseDirection(text: string | undefined): (typeof DIRECTIONS)[number] {
  const found = DIRECTIONS.find((direction) => direction === (text ?? 'both'));
  if (found !== undefined) return found;
  throw new InvalidInputError('input.shape', `"direction" is one of ${DIRECTIONS.join(', ')}.`);
}

function parseDepth(text: string | undefined): number {
  const depth = text === undefined ? DEPTH : Number(text);
  if (Number.isInteger(depth) && depth >= 1 && depth <= DEEPEST) return depth;
  throw new InvalidInputError('input.shape', `"depth" is a whole number from 1 to ${DEEPEST}.`);
}

/** Errors: `input.shape` for what is no index. */
function parseIndex(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new InvalidInputError('input.shape', `"from" is a whole number from 0, not "${text.slice(0, 40)}".`);
  }
  return Number(text);
}

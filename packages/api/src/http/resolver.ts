/**
 * The resolver: what a label's link leads to. GS1-Conformant Resolver 1.2 without compression, and the same for subjects that are no
 * GS1 keys. The link itself redirects (307) to a page or a credential; only a linkset is answered with 200. An item without a passport of
 * its own is answered for by its production batch, then its model. What has none, nor anything above it, but items below it that have, is
 * answered for by a page and a linkset that list them.
 */
import { InvalidInputError, type SubjectId, UnavailableError } from '@dpp-ledger/core';
import {
  buildLinkset,
  canonicalSubject,
  isDigitalLink,
  LINK_TYPES,
  LINKSET_MEDIA_TYPE,
  type Link,
  type LinkContext,
  walkUp,
} from '@dpp-ledger/core/passport';
import { paths } from '@dpp-ledger/web';
import { type Catalogue, chooseVersion, type Version } from '../ledger/catalogue.ts';

const VOC = 'https://ref.gs1.org/voc/';
const JWT = 'application/vc+jwt';
/** So many items are named in the linkset of what has no passport itself. */
const MOST_BELOW = 50;

export interface ResolverRequest {
  /** The link as it was asked for, absolute. */
  readonly uri: string;
  readonly linkType: string | undefined;
  readonly accept: string;
  /** Parameters to pass on when redirecting: all of the request's but `linkType`. */
  readonly query: URLSearchParams;
}

export interface Resolver {
  /** Errors: `gs1.uri`, `gs1.key` for a bad link; `input.shape` for a link type that does not exist; `service.not-found`. */
  answer(request: ResolverRequest): Promise<Response>;
  /** The file at `/.well-known/gs1resolver`. */
  describe(): object;
}

export function createResolver({
  catalogue,
  publicUrl,
  name,
}: {
  readonly catalogue: Catalogue;
  readonly publicUrl: string;
  readonly name: string;
}): Resolver {
  /** The links that a version offers, by link type; the first of each is the one that a redirect takes. */
  function linksOf(version: Version, asked: SubjectId): Record<string, readonly Link[]> {
    const page: Link = {
      href: `${publicUrl}${paths.scanned(asked)}`,
      title: `Product passport of ${version.name}`,
      type: 'text/html',
      hreflang: ['en'],
    };
    const credential: Link = {
      href: `${publicUrl}/passports/${version.cid}`,
      title: `Signed product passport of ${version.name}`,
      type: JWT,
    };
    const verdict: Link = {
      href: `${publicUrl}/verify?uri=${encodeURIComponent(asked)}`,
      title: `Verification of the product passport of ${version.name}`,
      type: 'application/json',
    };
    return {
      [LINK_TYPES.default]: [page],
      [LINK_TYPES.passport]: [page, credential],
      [LINK_TYPES.verification]: [verdict],
    };
  }

  /** What is known of each level, up to the key itself (6.4 of the resolver standard). */
  async function readContexts(asked: SubjectId): Promise<LinkContext[]> {
    const contexts: LinkContext[] = [];
    for (const level of walkUp(asked)) {
      const { versions } = await catalogue.listVersions({ subject: level, kind: 'passport', limit: 100 });
      const version = chooseVersion(versions);
      if (version === undefined) continue;
      contexts.push({ subject: level, description: version.name, links: linksOf(version, level) });
    }
    return contexts;
  }

  /** For what is known by its items alone: the page that lists them, and the newest of them as a collection's items (RFC 6573). */
  async function readBelow(asked: SubjectId): Promise<LinkContext | undefined> {
    const { versions } = await catalogue.findBelow(asked, { limit: MOST_BELOW });
    // Newest first: the first of each subject is its newest.
    const newest = versions.filter(({ subject }, i) => versions.findIndex((one) => one.subject === subject) === i);
    if (newest.length === 0) return undefined;
    const page: Link = {
      href: `${publicUrl}${paths.scanned(asked)}`,
      title: 'Product passports of single devices',
      type: 'text/html',
      hreflang: ['en'],
    };
    const items = newest.map(({ subject, name: device }) => ({
      href: `${publicUrl}${new URL(subject).pathname}`,
      title: `Product passport of ${device}`,
    }));
    return {
      subject: asked,
      description: page.title,
      links: { [LINK_TYPES.default]: [page], item: items },
    };
  }

  return {
    async answer({ uri, linkType, accept, query }) {
      const asked = canonicalSubject(uri.replace(/\/+(?=$|\?)/, ''));
      const self = isDigitalLink(asked)
        ? `${publicUrl}${new URL(asked).pathname}`
        : `${publicUrl}/resolve?uri=${encodeURIComponent(asked)}`;
      const headers = {
        link: `<${self}${self.includes('?') ? '&' : '?'}linkType=all>; rel="linkset"; type="${LINKSET_MEDIA_TYPE}"; title="All links"`,
        vary: 'accept',
        // What answers may change with the next passport.
        'cache-control': 'no-cache',
      };
      if (
        linkType === 'all' ||
        linkType === 'linkset' ||
        (linkType === undefined && wants(accept, LINKSET_MEDIA_TYPE))
      ) {
        const known = await readContexts(asked);
        const contexts = known.length > 0 ? known : [(await readBelow(asked)) ?? []].flat();
        if (contexts.length === 0) throw notFound(asked);
        return new Response(JSON.stringify(buildLinkset(contexts)), {
          headers: { ...headers, 'content-type': LINKSET_MEDIA_TYPE },
        });
      }
      const version = await catalogue.resolve(asked);
      const links = version === undefined ? (await readBelow(asked))?.links : linksOf(version, asked);
      if (links === undefined) throw notFound(asked);
      const chosen = chooseLink(links, linkType, accept);
      return new Response(null, { status: 307, headers: { ...headers, location: passOn(chosen.href, query) } });
    },

    describe: () => ({
      name,
      resolverRoot: publicUrl,
      supportedPrimaryKeys: ['01', '414', '417', '8003', '8004'],
      supportedLinkType: [{ namespace: VOC, prefix: 'gs1:' }],
      linkTypeDefaultCanBeLinkset: false,
      supportsSplashpage: false,
      validatesAI: true,
      contact: { fn: name, hasURL: publicUrl },
    }),
  };
}

function chooseLink(links: LinkContext['links'], linkType: string | undefined, accept: string): Link {
  const type = linkType === undefined ? LINK_TYPES.passport : linkType.replace(/^gs1:/, VOC);
  const offered = links[type];
  if (linkType !== undefined && !/^(?:gs1:|https:\/\/)[A-Za-z0-9./]+$/.test(linkType)) {
    throw new InvalidInputError(
      'input.shape',
      'linkType is "all", "gs1:" and a name of the GS1 vocabulary, or its URI.',
    );
  }
  // Of what there is, the one in the media type that is asked for; without a preference, or of another link type, the default.
  const matching = offered?.find(({ type: mediaType }) => mediaType !== undefined && wants(accept, mediaType));
  const chosen = matching ?? offered?.[0] ?? links[LINK_TYPES.default]?.[0];
  if (chosen === undefined) throw new TypeError('every version has a default link');
  return chosen;
}

/** Whether a header names just this media type; wildcards are no preference. */
function wants(accept: string, mediaType: string): boolean {
  return accept
    .split(',')
    .some((part) => part.split(';')[0]?.trim().toLowerCase() === mediaType && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/.test(part));
}

function passOn(href: string, query: URLSearchParams): string {
  const url = new URL(href);
  for (const [key, value] of query) if (!url.searchParams.has(key)) url.searchParams.append(key, value);
  return url.href;
}

function notFound(subject: SubjectId): UnavailableError {
  return new UnavailableError(
    'service.not-found',
    `No passport is known of ${subject}, nor of its production batch or model.`,
  );
}

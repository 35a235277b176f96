/**
 * Linksets (RFC 9264) in the shape that GS1 resolvers give them: what is known of a subject, by link type. UNTP's own linkset schema takes
 * the same shape; the "basic" one of GS1 excludes it and is not claimed.
 */
import { InvalidInputError } from '../errors.ts';
import type { SubjectId } from '../ids.ts';

export const LINKSET_MEDIA_TYPE = 'application/linkset+json';

/** Link types of the GS1 Web Vocabulary that a passport's resolver uses. */
export const LINK_TYPES = {
  default: 'https://ref.gs1.org/voc/defaultLink',
  passport: 'https://ref.gs1.org/voc/dpp',
  verification: 'https://ref.gs1.org/voc/verificationService',
} as const;

/** One link (RFC 9264, 4.2.3). */
export interface Link {
  readonly href: string;
  readonly title: string;
  readonly type?: string;
  /** ISO 639-1, with or without a region. */
  readonly hreflang?: readonly string[];
}

/** Everything that is known of one subject. */
export interface LinkContext {
  readonly subject: SubjectId;
  /** For a person: the product's name. */
  readonly description: string;
  /** By link type: an https URI of letters, digits, dots and slashes, or a registered name of small letters and hyphens. */
  readonly links: Readonly<Record<string, readonly Link[]>>;
}

export type Linkset = {
  readonly linkset: readonly ({ readonly anchor: string; readonly itemDescription: string } & {
    readonly [linkType: string]: string | readonly Link[];
  })[];
};

const LINK_TYPE = /^(?:[a-z-]+|https?:\/\/[a-zA-Z0-9./]+)$/;
const HREF = /^https?:\/\/[a-zA-Z0-9./]/;
const MEDIA_TYPE = /^\w+\/[-+.\w]+$/;
const LANGUAGE = /^\w{2}(?:-\w{2})?$/;

/**
 * The linkset of a subject and of the levels above it, nearest first: one context each, those without links left out. Errors:
 * `gs1.linkset` for what GS1's schema would refuse: a link type, an address, a media type or a language in another form.
 */
export function buildLinkset(contexts: readonly LinkContext[]): Linkset {
  return {
    linkset: contexts
      .filter(({ links }) => Object.values(links).some((list) => list.length > 0))
      .map(({ subject, description, links }) => {
        if (!HREF.test(subject)) throw refusal('anchor', subject);
        return {
          ...Object.fromEntries(Object.entries(links).map(checkLinks)),
          anchor: subject,
          itemDescription: description,
        };
      }),
  };
}

function checkLinks([linkType, links]: [string, readonly Link[]]): [string, readonly Link[]] {
  if (!LINK_TYPE.test(linkType) || linkType === 'anchor') throw refusal('link type', linkType);
  for (const { href, title, type, hreflang } of links) {
    if (!HREF.test(href)) throw refusal('address', href);
    if (title === '') throw refusal('title', title);
    if (type !== undefined && !MEDIA_TYPE.test(type)) throw refusal('media type', type);
    for (const language of hreflang ?? []) if (!LANGUAGE.test(language)) throw refusal('language', language);
  }
  return [linkType, links];
}

function refusal(what: string, found: string): InvalidInputError {
  return new InvalidInputError('gs1.linkset', `No linkset can hold the ${what} "${found.slice(0, 200)}".`);
}

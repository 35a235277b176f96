import { describe, expect, test } from 'vitest';
import { buildLinkset, canonicalSubject, LINK_TYPES, type LinkContext } from '../../src/passport/index.ts';

const model: LinkContext = {
  subject: canonicalSubject('https://id.gs1.org/01/09521234000013'),
  description: 'Laptop 14',
  links: {
    [LINK_TYPES.passport]: [
      { href: 'https://dpp.example/p/1', title: 'Product passport', type: 'text/html', hreflang: ['en', 'en-GB'] },
    ],
  },
};

describe('a linkset', () => {
  test('has one context a subject, in their order, without those that nothing is known of', () => {
    const item = { ...model, subject: canonicalSubject('https://id.gs1.org/01/09521234000013/21/S1') };
    const nothing = { ...model, links: { [LINK_TYPES.passport]: [] } };
    expect(buildLinkset([item, nothing, model])).toEqual({
      linkset: [item, model].map(({ subject, description, links }) => ({
        ...links,
        anchor: subject,
        itemDescription: description,
      })),
    });
  });

  test.each([
    ['a link type with a hyphen in its address', { 'https://ref.gs1.org/voc/some-type': [] }],
    ['the anchor as a link type', { anchor: [] }],
    ['an address that is not of the web', { item: [{ href: 'urn:uuid:1', title: 'T' }] }],
    ['no title', { item: [{ href: 'https://dpp.example/', title: '' }] }],
    [
      'a media type with parameters',
      { item: [{ href: 'https://dpp.example/', title: 'T', type: 'text/html; charset=utf-8' }] },
    ],
    ['a language of three letters', { item: [{ href: 'https://dpp.example/', title: 'T', hreflang: ['eng'] }] }],
  ])('is refused with %s', (_, links) => {
    expect(() => buildLinkset([{ ...model, links: { ...model.links, ...links } }])).toThrow(
      expect.objectContaining({ code: 'gs1.linkset' }),
    );
  });
});

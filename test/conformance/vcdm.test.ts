/** W3C Verifiable Credentials Data Model 2.0: the cases of its test suite that structure decides. */
import { assertVerifiableCredential, isUri, VCDM_CONTEXT } from '@dpp-ledger/core/credential';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeConformance, listMaterial, printCount, readMaterialJson } from './material.ts';

/** Left out, by name. */
const EXCLUDED: Readonly<Record<string, string>> = {
  'presentation-self-asserted-vc-issuer-mismatch.json':
    'whether holder and issuer must match is a matter of the presentation, not of its structure',
};

/** Cases that say "no issuer here" on purpose; in all others the suite fills its own in. */
const ISSUER_STAYS_AWAY = new Set(['credential-no-issuer-fail.json']);

/** The product takes no presentations. Their envelope is checked here, so that the credentials inside meet the product's own check. */
const presentation = z.looseObject({
  '@context': z.array(z.unknown()).refine(([first]) => first === VCDM_CONTEXT),
  type: z.array(z.string()).refine((names) => names.includes('VerifiablePresentation')),
  holder: z
    .string()
    .refine(isUri)
    .or(z.looseObject({ id: z.string().refine(isUri) }))
    .optional(),
  verifiableCredential: z.array(z.unknown()).optional(),
});

function assertStructure(document: unknown, isPresentation: boolean): void {
  const credentials = isPresentation ? presentation.parse(document).verifiableCredential : [document];
  for (const credential of credentials ?? []) assertVerifiableCredential(credential);
}

/** As the suite's own runner prepares its files: an issuer where there is none, dates for placeholders. */
function prepare(document: unknown, name: string): unknown {
  const { validFrom, validUntil, ...rest } = z.record(z.string(), z.unknown()).parse(document);
  const dates = {
    ...(validFrom === undefined ? {} : { validFrom: validFrom === 'PAST DATE' ? '2020-01-01T00:00:00Z' : validFrom }),
    ...(validUntil === undefined
      ? {}
      : { validUntil: validUntil === 'FUTURE DATE' ? '2100-01-01T00:00:00Z' : validUntil }),
  };
  if (name.startsWith('presentation-')) return { ...rest, ...dates };
  const { issuer, ...others } = rest;
  if (ISSUER_STAYS_AWAY.has(name)) return { ...others, ...dates };
  const id = 'did:example:issuer';
  const filled = typeof issuer === 'object' && issuer !== null ? { id, ...issuer } : (issuer ?? id);
  return { ...others, ...dates, issuer: filled };
}

describeConformance('W3C VC Data Model 2.0', () => {
  const names = listMaterial('vcdm-2.0/input').filter((name) => !(name in EXCLUDED));

  test.each(names)('%s', (name) => {
    const check = () =>
      assertStructure(prepare(readMaterialJson(`vcdm-2.0/input/${name}`), name), name.startsWith('presentation-'));
    if (name.endsWith('-fail.json')) expect(check).toThrow();
    else expect(check).not.toThrow();
  });

  test('all cases but one are there', () => {
    expect(names.length).toBe(59);
    printCount(`W3C VC Data Model 2.0: ${names.length} cases; left out: ${Object.keys(EXCLUDED).join(', ')}`);
  });
});

/** A certifier attests two claims of a passport and contradicts a third: whose word each claim is, without a change to the verdict. */
import { join } from 'node:path';
import { parseDid } from '@dpp-ledger/core/credential';
import { type AttestationInput, parseAttestationInput, type Standing } from '@dpp-ledger/core/passport';
import { issue, verify, verifyClaims, waitIssued } from '@dpp-ledger/sdk';
import { openRun } from '@dpp-ledger/sdk/node';
import { accreditIssuer, type Organisation, type Stage } from './issuers.ts';
import type { Voice } from './voice.ts';

const CERTIFIER = {
  id: parseDid('did:web:tarnwater.example'),
  name: 'Tarnwater Assurance (fictional)',
  roles: ['certifier'],
  grant: { number: 1, prefix: 'https://tarnwater.example/' },
  slug: 'tarnwater',
} as const satisfies Organisation;

const MODEL = { id: 'https://id.gs1.org/01/09521234000013', name: 'Fernhill Meadow 14 (fictional)' };
const found = (name: string, group: string, metric: string, value: number, of?: string) => ({
  ...{ name, criteria: [group], date: '2026-11-02', products: [MODEL], conforms: true },
  figures: [{ metric: `${group}.${metric}`, value }],
  ...(of === undefined ? {} : { of }),
});

/** Of the model, so that it answers for every laptop. */
const CERTIFICATE: AttestationInput = parseAttestationInput({
  id: 'https://tarnwater.example/certificates/2026-118',
  name: 'Certificate 2026-118',
  ...{ assessorLevel: '3rdParty', assessmentLevel: 'scheme-cab', attestationType: 'certification' },
  issuedTo: { id: 'did:web:fernhill.example', name: 'Fernhill Computers (fictional)' },
  scheme: { id: 'https://tarnwater.example/schemes/1', name: 'Tarnwater product scheme (fictional)' },
  validUntil: '2036-11-02',
  assessments: [
    found('Carbon footprint', 'carbon', 'totalKgCO2e', 231),
    found('Recycled plastic', 'recycledContent', 'percent', 52, 'plastic'),
    found('Recyclable share', 'circularity', 'recyclablePercent', 61),
  ],
});

export async function tellCertifier(stage: Stage, voice: Voice, uri: string): Promise<void> {
  const { deployment, client, folder } = stage;
  const { ledger } = deployment;
  const certifier = await accreditIssuer(stage, CERTIFIER);
  const run = await openRun(join(folder, 'certificates.run'), { ledger: ledger.id, issuer: certifier.id });
  try {
    const terms = { signer: certifier.assert, issuerName: certifier.name, ledger: ledger.id, run, client };
    const { refused } = await issue({ ...terms, inputs: [CERTIFICATE] });
    if (refused > 0) throw new Error(`The certificate of ${certifier.name} was refused.`);
    await waitIssued({ items: run.items(), client });
    await deployment.service.caughtUp();
  } finally {
    await run.close();
  }
  voice.say(`${certifier.name} is accredited as a certifier, and attests what it found of the model`);

  const options = { ledger, source: client };
  const verified = await verify({ uri }, options);
  const judged = await verifyClaims(verified, options);
  const check = (name: string, standing: Standing, line: string) =>
    voice.check(judged?.claims.find((claim) => claim.name === name)?.standing === standing, line);
  check('Carbon footprint', 'attested', 'The carbon footprint of the laptop that was scanned is attested');
  check('Recycled content: plastic', 'attested', 'So is its recycled plastic: 52 %');
  check('Circularity', 'contradicted', 'That 87 % of it can be recycled is contradicted: the certifier found 61 %');
  check('Repair', 'selfDeclared', 'Its repair figures are the word of its maker alone');
  voice.expect(verified.report, { verdict: 'valid' }, 'The verdict does not depend on it: the passport is genuine');
  const share = judged?.recycledContent.device?.recycled.atLeast ?? 0;
  voice.check(
    Math.abs(share - 36.364789) < 1e-6,
    'By the masses that it lists, 36.4 % of the device is recycled material (EN 45557)',
  );
}

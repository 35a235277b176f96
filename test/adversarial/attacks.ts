/** Every attack there is, by what it attacks. */
import type { Attack } from './attack.ts';
import { CLAIMS } from './claims.ts';
import { MATERIALS } from './materials.ts';
import { PROOFS } from './proofs.ts';
import { SPELLING } from './spelling.ts';
import { STANDING } from './standing.ts';

export const GROUPS: readonly { readonly title: string; readonly attacks: readonly Attack[] }[] = [
  { title: 'what is presented', attacks: SPELLING.PRESENTED },
  { title: 'evidence as JSON', attacks: SPELLING.JSON_TEXT },
  { title: 'members of evidence', attacks: SPELLING.MEMBERS },
  { title: 'spellings of a JWT', attacks: SPELLING.JWT_TEXT },
  { title: 'headers', attacks: SPELLING.HEADERS },
  { title: 'payloads', attacks: SPELLING.PAYLOADS },
  { title: 'fields of a credential', attacks: CLAIMS.FIELDS },
  { title: 'the period', attacks: CLAIMS.PERIOD },
  { title: 'whose subject it is', attacks: CLAIMS.GRANTED },
  { title: 'labels', attacks: CLAIMS.LABELS },
  { title: 'namesakes', attacks: CLAIMS.NAMESAKES },
  { title: 'lots', attacks: CLAIMS.LOTS },
  { title: 'keys', attacks: STANDING.KEYS },
  { title: 'names of keys', attacks: STANDING.NAMES },
  { title: 'issuers', attacks: STANDING.ISSUERS },
  { title: 'grants', attacks: STANDING.SUBJECT_GRANT },
  { title: 'status', attacks: STANDING.STATUS },
  { title: 'what was scanned', attacks: STANDING.SCANNED },
  { title: 'the place in the batch', attacks: PROOFS.BATCH },
  { title: "the entry's bytes", attacks: PROOFS.ENTRY_BYTES },
  { title: 'fields of the anchor', attacks: PROOFS.ENTRY_FIELDS },
  { title: 'the place in the journal', attacks: PROOFS.JOURNAL },
  { title: 'facts and time', attacks: PROOFS.FACTS },
  { title: 'facts of something else', attacks: PROOFS.OTHER_FACTS },
  { title: 'other ledgers', attacks: PROOFS.LEDGERS },
  { title: 'evidence of lots', attacks: MATERIALS.EVIDENCE },
  { title: 'facts of lots', attacks: MATERIALS.ANSWERS },
  { title: 'claims on lots', attacks: MATERIALS.CLAIMED },
  { title: 'versions that draw on lots', attacks: MATERIALS.VERSIONS },
  { title: 'what no longer holds upstream', attacks: MATERIALS.UPSTREAM },
];

export const ATTACKS: readonly Attack[] = GROUPS.flatMap(({ attacks }) => attacks);

/** JSON Schema of evidence, made from the shape that `parseEvidence` reads by. Apart, because a verifier has no use for it. */
import { z } from 'zod';
import { evidenceShape } from './evidence.ts';

/** JSON Schema 2020-12; committed as docs/evidence.schema.json. */
export const EVIDENCE_SCHEMA = z.toJSONSchema(evidenceShape);

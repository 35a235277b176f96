/** The mutants that no test notices, each with why: `survivors.json`. What survives and does not stand there fails the analysis. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const survivor = z.object({
  file: z.string(),
  /** The text of the line in which the change begins, without what it is indented by: its number changes too often. */
  line: z.string(),
  from: z.string(),
  to: z.string(),
  why: z.string(),
});
export type Survivor = Omit<z.infer<typeof survivor>, 'why'>;

/** Prints those of a judgement that are not explained; how many they are. */
export function reportUnexplained(survivors: readonly (Survivor & { readonly number: number })[]): number {
  const known = z.array(survivor).parse(JSON.parse(readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8')));
  const unexplained = survivors.filter(
    ({ file, line, from, to }) =>
      !known.some((one) => one.file === file && one.line === line && one.from === from && one.to === to),
  );
  for (const { file, number, from, to } of unexplained) {
    console.error(`${file}:${number}: ${JSON.stringify(from)} -> ${JSON.stringify(to)} survives, unexplained`);
  }
  return unexplained.length;
}

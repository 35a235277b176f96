/** What the demonstration did already, so that a second start does not do it again: one JSON file, a member for each step. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const kept = z.record(z.string(), z.record(z.string(), z.string()));

export interface Chronicle {
  /** Whether anything was done before this start. */
  readonly isContinued: boolean;
  /** Does a step unless it was done before, and gives back what it gave. */
  once<T extends Record<string, string>>(step: string, work: () => Promise<T>): Promise<T>;
}

export async function openChronicle(path: string): Promise<Chronicle> {
  const steps = kept.parse(JSON.parse(await readFile(path, 'utf8').catch(() => '{}')));
  return {
    isContinued: Object.keys(steps).length > 0,
    async once<T extends Record<string, string>>(step: string, work: () => Promise<T>): Promise<T> {
      const before = steps[step];
      // The file is this program's own: a step gives the same members each time.
      if (before !== undefined) return before as T;
      const done = await work();
      steps[step] = done;
      await writeFile(`${path}.new`, JSON.stringify(steps, undefined, 2));
      await rename(`${path}.new`, path);
      return done;
    },
  };
}

/**
 * Runs of processes, and what makes an auditor look twice: yields outside the range that the process declares, or far from those of the
 * holder's other runs; and what is too perfect to be measured. A declared range stands at the end of a process's text on the ledger,
 * "refining (yield 95-99 %)": what comes out of what goes in, by mass of the substance.
 */
import { z } from 'zod';
import type { Hex } from '../bytes.ts';
import { formatSubstance } from '../materials/substance.ts';
import type { ReconciliationOptions } from './reconciliation.ts';

/** What only makes an auditor look twice, with its plain thresholds: none of it proves anything. */
export const HEURISTICS = {
  /** Runs of one process by one holder, before they are compared. */
  runs: 5,
  /** Parts of a million that a run's yield may be from the median of all. */
  yieldFromMedian: 50_000,
  /** Quarters in a row in which exactly as much came as went. */
  evenPeriods: 3,
  /** Registered masses, before their roundness says anything. */
  masses: 10,
} as const;

export interface Run {
  readonly index: number;
  readonly issuer: Hex;
  readonly substance: number;
  readonly process: string;
  readonly entered: bigint;
  readonly given: bigint;
}

export interface Runs {
  add(run: Run): void;
  register(lot: Pick<Run, 'index' | 'issuer' | 'substance'> & { readonly milligrams: bigint }): void;
  close(): void;
  snapshot(): KeptRuns;
}

const whole = z.int().nonnegative();
const hex = z.custom<Hex>((value) => typeof value === 'string');
export const keptRuns = z.strictObject({
  processes: z.array(
    z.strictObject({
      ...{ issuer: hex, substance: whole, name: z.string(), lossless: whole },
      /** Each run's entry, and its yield in parts of a million. */
      yields: z.array(z.tuple([whole, whole])),
      /** Whether what entered was ever another mass than before. */
      isVaried: z.boolean(),
      entered: z.string(),
    }),
  ),
  masses: z.array(z.strictObject({ issuer: hex, substance: whole, first: whole, count: whole, round: whole })),
});
export type KeptRuns = z.infer<typeof keptRuns>;
type Process = KeptRuns['processes'][number];

const MILLION = 1_000_000n;

export function createRuns({ nameIssuer, onFinding }: ReconciliationOptions, kept: KeptRuns | undefined): Runs {
  const processes = new Map(kept?.processes.map((one) => [nameProcess(one), one]));
  const masses = new Map(kept?.masses.map((one) => [`${one.issuer} ${one.substance}`, one]));

  return {
    add({ index, issuer, substance, process, entered, given }) {
      const { name, declared } = readProcess(process);
      const ppm = Number((given * MILLION) / entered);
      if (
        declared !== undefined &&
        (given * MILLION < declared.low * entered || given * MILLION > declared.high * entered)
      ) {
        const range = { low: Number(declared.low), high: Number(declared.high) };
        onFinding('yields', {
          entry: index,
          issuer: nameIssuer(issuer),
          process: name,
          yield: ppm,
          ...range,
          basis: 'declared',
        });
      }
      const named = { issuer, substance, name };
      const known: Process = processes.get(nameProcess(named)) ?? {
        ...{ ...named, lossless: 0, yields: [], isVaried: false, entered: String(entered) },
      };
      processes.set(nameProcess(named), known);
      known.yields.push([index, ppm]);
      if (given === entered) known.lossless += 1;
      if (String(entered) !== known.entered) known.isVaried = true;
    },

    register({ index, issuer, substance, milligrams }) {
      const name = `${issuer} ${substance}`;
      const known = masses.get(name) ?? { issuer, substance, first: index, count: 0, round: 0 };
      masses.set(name, known);
      known.count += 1;
      if (/^[1-9]\d?0*$/.test(String(milligrams))) known.round += 1;
    },

    close() {
      for (const { issuer, substance, name, lossless, yields, isVaried } of processes.values()) {
        const [[first = 0, same = 0] = []] = yields;
        if (yields.length < HEURISTICS.runs) continue;
        const run = { issuer: nameIssuer(issuer), substance: formatSubstance(substance), process: name };
        const perfect = { entry: first, ...run, count: yields.length };
        if (lossless === yields.length) onFinding('tooPerfect', { ...perfect, pattern: 'never-a-loss' });
        else if (isVaried && yields.every(([, ppm]) => ppm === same)) {
          onFinding('tooPerfect', { ...perfect, pattern: 'same-yield' });
        }
        const sorted = yields.map(([, ppm]) => ppm).sort((a, b) => a - b);
        const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
        const [low, high] = [median - HEURISTICS.yieldFromMedian, median + HEURISTICS.yieldFromMedian];
        for (const [entry, ppm] of yields) {
          if (ppm >= low && ppm <= high) continue;
          const range = { low: Math.max(0, low), high: Math.min(1_000_000, high) };
          onFinding('yields', { entry, issuer: run.issuer, process: name, yield: ppm, ...range, basis: 'other-runs' });
        }
      }
      for (const { issuer, substance, first, count, round } of masses.values()) {
        if (count < HEURISTICS.masses || round < count) continue;
        const what = { issuer: nameIssuer(issuer), substance: formatSubstance(substance) };
        onFinding('tooPerfect', { entry: first, ...what, pattern: 'round-masses', count });
      }
    },

    snapshot: () => ({
      processes: Array.from(processes.values(), (one) => ({ ...one, yields: [...one.yields] })),
      masses: Array.from(masses.values(), (one) => ({ ...one })),
    }),
  };
}

function nameProcess({ issuer, substance, name }: Pick<Process, 'issuer' | 'substance' | 'name'>): string {
  return [issuer, substance, name].join(' ');
}

const DECLARED = /^(.*?) ?\(yield (\d{1,3}(?:\.\d{1,4})?)(?:-(\d{1,3}(?:\.\d{1,4})?))? ?%\)$/;

/** A process's name and the yield that it declares, in parts of a million; one number is the least. What is no range declares none. */
export function readProcess(text: string): {
  readonly name: string;
  readonly declared: { readonly low: bigint; readonly high: bigint } | undefined;
} {
  const [, name, from, to = '100'] = DECLARED.exec(text) ?? [];
  if (name === undefined || from === undefined) return { name: text, declared: undefined };
  const [low, high] = [from, to].map((percent) => BigInt(Math.round(Number(percent) * 10_000)));
  if (low === undefined || high === undefined || low > high || high > MILLION)
    return { name: text, declared: undefined };
  return { name, declared: { low, high } };
}

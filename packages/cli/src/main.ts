#!/usr/bin/env node
/** `dpp`, the command line. */
import { run } from './program.ts';

const stopping = new AbortController();
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const stop = () => {
  // Once only: a second one, whichever it is, ends the process at once.
  for (const name of SIGNALS) process.off(name, stop);
  stopping.abort();
};
for (const name of SIGNALS) process.on(name, stop);
// A reader that has seen enough (`dpp replay --entries | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  signal: stopping.signal,
});

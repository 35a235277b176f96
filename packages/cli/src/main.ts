#!/usr/bin/env node
/** `dpp`, the command line. */
import { run } from './program.ts';

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Once only: a second one ends the process at once.
  process.once(name, () => stopping.abort());
}
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

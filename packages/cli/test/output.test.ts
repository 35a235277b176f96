import { Writable } from 'node:stream';
import { IntegrityError, InvalidInputError, RejectedError, UnavailableError } from '@dpp-ledger/core';
import { describe, expect, it } from 'vitest';
import { wrap } from '../src/command.ts';
import { showProgress } from '../src/commands/replay.ts';
import { exitStatusOfError, exitStatusOfVerdict } from '../src/exit.ts';
import { createOutput, encodeJson, formatProgress, oneLine, usesColour } from '../src/output.ts';
import { formatInstant, parseTime } from '../src/times.ts';

function createScreen(isTTY: boolean) {
  let text = '';
  const stream = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    }),
    { isTTY, columns: 80 },
  );
  return { stream, read: () => text };
}

describe('exit statuses', () => {
  it('say who must act', () => {
    expect(exitStatusOfError(new InvalidInputError('input.shape', ''))).toBe(2);
    expect(exitStatusOfError(new RejectedError('ledger.refused', ''))).toBe(1);
    expect(exitStatusOfError(new IntegrityError('journal.break', ''))).toBe(1);
    expect(exitStatusOfError(new UnavailableError('ledger.unreachable', ''))).toBe(4);
    expect(exitStatusOfError(new TypeError('a bug'))).toBeUndefined();
    expect((['valid', 'invalid', 'indeterminate'] as const).map(exitStatusOfVerdict)).toEqual([0, 1, 3]);
  });
});

describe('output', () => {
  it('with JSON has JSON on standard output and nothing else', () => {
    const [out, err] = [createScreen(true), createScreen(true)];
    const output = createOutput({ stdout: out.stream, stderr: err.stream, env: {} }, true);
    output.item({ row: 1 }, 'for people');
    output.note('a note');
    output.answer({ big: 2n ** 64n }, 'for people');
    expect(out.read()).toBe('{"row":1}\n{"big":"18446744073709551616"}\n');
    expect(err.read()).toBe('a note\n');
    expect(output.style('red', 'plain')).toBe('plain');
  });

  it('without JSON has text, and leaves out what is for programs only', () => {
    const [out, err] = [createScreen(false), createScreen(false)];
    const output = createOutput({ stdout: out.stream, stderr: err.stream, env: {} }, false);
    output.item({ row: 1 });
    output.answer({}, 'done');
    const bar = output.progress('Issuing');
    bar.update(1, 2);
    bar.end();
    expect(out.read()).toBe('done\n');
    expect(err.read()).toBe('');
  });

  it('prints what others say as text, whatever a terminal would make of it', () => {
    const [out, err] = [createScreen(true), createScreen(true)];
    const hostile = 'Maker\u001b[2J\u001b]0;title\u0007\u009b1A\r\u202eDILAV\u202c\u001b[8m';
    const output = createOutput({ stdout: out.stream, stderr: err.stream, env: {} }, false);
    output.answer({}, `${output.style('red', 'NOT VALID')} ${hostile}`);
    output.note(hostile);
    const masked = 'Maker\ufffd[2J\ufffd]0;title\ufffd\ufffd1A\ufffd\ufffdDILAV\ufffd\ufffd[8m';
    expect(out.read()).toBe(`\u001b[31mNOT VALID\u001b[39m ${masked}\n`);
    expect(err.read()).toBe(`${masked}\n`);
    const [json, none] = [createScreen(true), createScreen(true)];
    createOutput({ stdout: json.stream, stderr: none.stream, env: {} }, true).answer({ name: hostile }, '');
    expect(json.read()).toMatch(/^[\u0020-\u007e]+\n$/);
    expect(JSON.parse(json.read())).toEqual({ name: hostile });
  });

  it('keeps a name in its line', () => {
    expect(oneLine('Maker\n  VALID\u2028  signature passed')).toBe('Maker VALID signature passed');
  });

  it('draws progress on a terminal, on one line', () => {
    const [out, err] = [createScreen(true), createScreen(true)];
    const bar = createOutput({ stdout: out.stream, stderr: err.stream, env: {} }, false).progress('Issuing');
    bar.update(600, 1200);
    bar.update(1200, 1200);
    bar.end();
    expect(out.read()).toBe('');
    expect(err.read()).toContain('Issuing [##########          ] 600/1,200 50 %');
    expect(err.read().endsWith('1,200/1,200 100 %\n')).toBe(true);
    expect(formatProgress('Reading', 5, undefined, 0)).toBe('Reading 5');
    expect(formatProgress('Reading', 50, 100, 10)).toBe('Reading [##########          ] 50/100 50 %, 5/s');
  });

  it('says of a replay what is being done and how much of it, each below the other', () => {
    const [out, err] = [createScreen(true), createScreen(true)];
    const bar = showProgress(createOutput({ stdout: out.stream, stderr: err.stream, env: {} }, false));
    bar.update({ step: 'entries', done: 40, of: 40 });
    bar.update({ step: 'credentials', done: 0, of: 1_000 });
    bar.update({ step: 'credentials', done: 250, of: 1_000 });
    bar.end();
    const lines = err.read().split('\n');
    expect(lines[0]).toContain('Reading entries [####################] 40/40 100 %');
    expect(lines[1]).toContain('Judging credentials [#####               ] 250/1,000 25 %');
    expect(lines).toHaveLength(3);
  });

  it('uses colour on a terminal only, and obeys NO_COLOR', () => {
    expect(usesColour(true, {})).toBe(true);
    expect(usesColour(false, {})).toBe(false);
    expect(usesColour(true, { NO_COLOR: '1' })).toBe(false);
    expect(usesColour(true, { TERM: 'dumb' })).toBe(false);
    expect(usesColour(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(usesColour(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
    expect(usesColour(true, { FORCE_COLOR: '0' })).toBe(false);
  });

  it('spells big integers and wraps at words', () => {
    expect(encodeJson({ list: 1n })).toBe('{"list":"1"}');
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('unbreakable', 3)).toEqual(['unbreakable']);
  });
});

describe('times', () => {
  it('are read in the spellings that people use', () => {
    expect(parseTime('now', 5)).toBe(5);
    expect(parseTime('1795510800', 5)).toBe(1_795_510_800);
    expect(parseTime('2026-11-24T09:00:00Z', 5)).toBe(1_795_510_800);
    expect(parseTime('2026-11-24T10:00+01:00', 5)).toBe(1_795_510_800);
    expect(parseTime('2026-11-24', 5)).toBe(Date.UTC(2026, 10, 24) / 1000);
    expect(formatInstant(1_795_510_800)).toBe('2026-11-24T09:00:00Z');
  });

  it.each(['yesterday', '2026-13-01', '24.11.2026', '2026-11-24T09:00:00', '-5'])('refuses %s', (text) => {
    expect(() => parseTime(text, 5)).toThrow(InvalidInputError);
  });
});

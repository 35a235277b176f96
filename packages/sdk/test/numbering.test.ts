import { expect, it } from 'vitest';
import { createNumbering } from '../src/numbering.ts';

it('numbers texts in the order in which they first come, however many', () => {
  const numbering = createNumbering();
  expect(numbering.find('text 0')).toBeUndefined();
  for (let i = 0; i < 50_000; i++) expect(numbering.add(`text ${i}`)).toBe(i);
  expect(numbering.size).toBe(50_000);
  for (let i = 0; i < 50_000; i += 7) expect(numbering.find(`text ${i}`)).toBe(i);
  expect(numbering.find('text 50000')).toBeUndefined();
  expect(numbering.find('')).toBeUndefined();
});

it('gives no text a second number', () => {
  const numbering = createNumbering();
  numbering.add('once');
  expect(() => numbering.add('once')).toThrow(TypeError);
  expect(numbering.size).toBe(1);
});

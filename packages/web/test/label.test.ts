import { InvalidInputError } from '@dpp-ledger/core';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decodeLabel, labelPng, labelSvg, labelTerminal, labelText } from '../src/label.ts';

const ITEM = 'https://id.gs1.org/01/09521234000013/21/A7K2';

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

describe('labels', () => {
  it('decode to the link they were made of, whatever its length and characters', () => {
    const links = fc.string({ unit: fc.constantFrom(...printable()), minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(links, fc.integer({ min: 3, max: 8 }), (link, scale) => {
        expect(decodeLabel(labelPng(link, { scale }))).toBe(link);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same, byte for byte, for the same link', () => {
    expect(labelPng(ITEM)).toEqual(labelPng(ITEM));
    expect(labelSvg(ITEM)).toBe(labelSvg(ITEM));
  });

  it('keep four light modules on every side', () => {
    const scale = 4;
    const image = PNG.sync.read(Buffer.from(labelPng(ITEM, { scale, text: '' })));
    const isLight = (x: number, y: number) => image.data[4 * (y * image.width + x)] === 255;
    for (let along = 0; along < image.width; along++) {
      for (let depth = 0; depth < 4 * scale; depth++) {
        expect(isLight(along, depth) && isLight(depth, along)).toBe(true);
        expect(isLight(along, image.height - 1 - depth) && isLight(image.width - 1 - depth, along)).toBe(true);
      }
    }
    expect(isLight(4 * scale, 4 * scale)).toBe(false);
  });

  it('carry their text for people, in SVG escaped', () => {
    expect(labelSvg(ITEM).replaceAll(/<\/text><text[^>]*>/g, '')).toContain('(01) 09521234000013 (21) A7K2');
    expect(labelText('https://maker.example/m/l14')).toBe('maker.example/m/l14');
    const hostile = labelSvg('https://maker.example/m/<script>&"', { text: '<b>"&' });
    expect(hostile).not.toContain('<script>');
    expect(hostile).toContain('&lt;b&gt;&quot;&amp;');
    const [withText, without] = [labelPng(ITEM), labelPng(ITEM, { text: '' })].map((png) =>
      PNG.sync.read(Buffer.from(png)),
    );
    expect(withText?.height).toBeGreaterThan(without?.height ?? 0);
  });

  it('refuse what no label can hold', () => {
    expect(code(() => labelPng(''))).toBe('input.too-large');
    expect(code(() => labelPng('x'.repeat(513)))).toBe('input.too-large');
    expect(code(() => labelSvg('https://maker.example/ü'))).toBe('input.shape');
    expect(code(() => labelSvg(ITEM, { scale: 0 }))).toBe('input.shape');
  });

  it('print in a terminal in full height, with and without colour', () => {
    const plain = labelTerminal(ITEM);
    expect(plain).not.toContain('\u001b');
    expect(plain.trimEnd().endsWith(ITEM)).toBe(true);
    const coloured = labelTerminal(ITEM, { colour: true });
    expect(coloured.split('\n')).toHaveLength(plain.split('\n').length);
    expect(decodeLabel(rasterize(plain))).toBe(ITEM);
  });
});

describe('images', () => {
  it('refuses an image without a code, bytes that are no image, and images too large', () => {
    const blank = new PNG({ width: 64, height: 64 });
    blank.data.fill(0xff);
    expect(code(() => decodeLabel(PNG.sync.write(blank)))).toBe('label.unreadable');
    expect(code(() => decodeLabel(new Uint8Array([1, 2, 3])))).toBe('input.encoding');
    expect(code(() => decodeLabel(new Uint8Array(5 * 1024 * 1024)))).toBe('input.too-large');
    const png = labelPng(ITEM);
    expect(code(() => decodeLabel(png.slice(0, png.length / 2)))).toBe('input.encoding');
    const huge = labelPng(ITEM);
    new DataView(huge.buffer).setUint32(16, 1_000_000);
    expect(code(() => decodeLabel(huge))).toBe('input.too-large');
  });
});

function printable(): string[] {
  return Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
}

/** What a camera would see of the terminal without colour: a lit block is light. */
function rasterize(text: string): Uint8Array {
  const lines = text.split('\n').slice(0, -2);
  const side = 6;
  const width = (lines[0]?.length ?? 0) * side;
  const image = new PNG({ width, height: lines.length * 2 * side });
  lines.forEach((line, row) => {
    [...line].forEach((block, column) => {
      for (let y = 0; y < 2 * side; y++) {
        const lit = block === '█' || block === (y < side ? '▀' : '▄');
        for (let x = 0; x < side; x++) {
          const at = 4 * ((row * 2 * side + y) * width + column * side + x);
          image.data.fill(lit ? 255 : 0, at, at + 3);
          image.data[at + 3] = 255;
        }
      }
    });
  });
  return new Uint8Array(PNG.sync.write(image));
}

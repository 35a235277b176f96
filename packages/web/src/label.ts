/**
 * The label on a device: a QR code that holds a link, the link's text under it for people, and the way back from an image to the link.
 * The decoder is another project's than the encoder, so that a label that decodes was not merely read by its own mistakes. The same link
 * gives the same label, byte for byte.
 */
import { InvalidInputError } from '@dpp-ledger/core';
import { isDigitalLink, parseElements } from '@dpp-ledger/core/passport';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { encodeQR } from 'qr';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphPixel } from './glyphs.ts';

/** ISO/IEC 18004 asks for four light modules on every side. */
const QUIET_ZONE = 4;
/** At error correction M this stays below version 20: readable from a label 30 mm wide. */
const LONGEST_LINK = 512;
const LARGEST_IMAGE_BYTES = 4 * 1024 * 1024;
const LARGEST_IMAGE_PIXELS = 16 * 1024 * 1024;

export interface LabelOptions {
  /** Printed under the code; `labelText` of the link where it is left out. */
  readonly text?: string | undefined;
  /** Pixels of a module, 1 to 32; 8 where it is left out. */
  readonly scale?: number | undefined;
}

/** What people read under the code: a Digital Link's numbers with their GS1 identifiers, or the link without its scheme. */
export function labelText(link: string): string {
  if (!isDigitalLink(link)) return link.replace(/^https?:\/\//, '');
  return parseElements(link)
    .map(({ ai, value }) => `(${ai}) ${value}`)
    .join(' ');
}

/** Errors: `input.shape` for a text that is no printable ASCII (a link is percent-encoded), `input.too-large` beyond 512 characters. */
export function labelSvg(link: string, options: LabelOptions = {}): string {
  const { modules, scale, lines } = layOut(link, options);
  const size = modules.length;
  const width = size * scale;
  const lineHeight = Math.round(scale * 2);
  const height = width + lines.length * lineHeight + (lines.length > 0 ? scale * 2 : 0);
  const dark = modules.map((row, y) => runs(row).map(([from, to]) => `M${from} ${y}h${to - from}v1h-${to - from}z`));
  const text = lines.map(
    (line, i) =>
      `<text x="${width / 2}" y="${width + (i + 0.75) * lineHeight}" text-anchor="middle" font-family="ui-monospace,monospace" font-size="${Math.round(lineHeight * 0.8)}" fill="#000">${escapeXml(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(`QR code: ${link}`)}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<path transform="scale(${scale})" fill="#000" shape-rendering="crispEdges" d="${dark.flat().join('')}"/>`,
    ...text,
    '</svg>\n',
  ].join('');
}

/** Greyscale PNG. Errors: as `labelSvg`. */
export function labelPng(link: string, options: LabelOptions = {}): Uint8Array {
  const { modules, scale, lines } = layOut(link, options);
  const width = modules.length * scale;
  const dot = glyphDot(scale);
  const lineHeight = (GLYPH_HEIGHT + 2) * dot;
  const height = width + lines.length * lineHeight + (lines.length > 0 ? scale * 2 : 0);
  const image = new PNG({ width, height, colorType: 0 });
  image.data.fill(0xff);
  const paint = (left: number, top: number, side: number) => {
    for (let y = top; y < top + side; y++) {
      for (let x = left; x < left + side; x++) image.data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  };
  modules.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) paint(x * scale, y * scale, scale);
    });
  });
  lines.forEach((line, i) => {
    const left = Math.floor((width - line.length * (GLYPH_WIDTH + 1) * dot) / 2);
    for (let at = 0; at < line.length; at++) {
      for (let y = 0; y < GLYPH_HEIGHT; y++) {
        for (let x = 0; x < GLYPH_WIDTH; x++) {
          if (glyphPixel(line.charCodeAt(at), x, y)) {
            paint(left + (at * (GLYPH_WIDTH + 1) + x) * dot, width + i * lineHeight + y * dot, dot);
          }
        }
      }
    }
  });
  return new Uint8Array(PNG.sync.write(image, { colorType: 0 }));
}

/**
 * The label for a terminal, two rows of modules to a line of text. With colour it is dark on light whatever the terminal's own colours;
 * without, light modules are printed, which is right on a dark terminal, and phones read the inverse too. Errors: as `labelSvg`.
 */
export function labelTerminal(
  link: string,
  options: { readonly colour?: boolean; readonly text?: string } = {},
): string {
  const modules = encode(link);
  const lines: string[] = [];
  for (let y = 0; y < modules.length; y += 2) {
    const blocks = modules[y]?.map((top, x) => {
      const bottom = modules[y + 1]?.[x] ?? false;
      return options.colour === true ? (BLOCKS[+top * 2 + +bottom] ?? ' ') : (BLOCKS[+!top * 2 + +!bottom] ?? ' ');
    });
    lines.push(options.colour === true ? `\u001b[30;107m${blocks?.join('')}\u001b[0m` : (blocks?.join('') ?? ''));
  }
  return `${lines.join('\n')}\n${options.text ?? link}\n`;
}

/**
 * The link in a label's image. Errors: `label.unreadable` where the image holds no QR code that can be read, `input.too-large` beyond
 * 4 MiB or 16 million pixels, `input.encoding` for bytes that are no PNG.
 */
export function decodeLabel(png: Uint8Array): string {
  if (png.length > LARGEST_IMAGE_BYTES) {
    throw new InvalidInputError('input.too-large', `An image may have 4 MiB; this one has ${png.length} bytes.`);
  }
  const { data, width, height } = readPng(png);
  const found = jsqr.default(new Uint8ClampedArray(data), width, height, { inversionAttempts: 'attemptBoth' });
  if (found === null || found.data === '') {
    throw new InvalidInputError(
      'label.unreadable',
      'No QR code can be read in this image: take it again, straight on and with the white border in view.',
    );
  }
  return found.data;
}

/** Light over light, dark below, dark above, dark over dark. */
const BLOCKS = [' ', '▄', '▀', '█'] as const;

function layOut(link: string, options: LabelOptions) {
  const modules = encode(link);
  const scale = options.scale ?? 8;
  if (!Number.isInteger(scale) || scale < 1 || scale > 32) {
    throw new InvalidInputError('input.shape', `A module has 1 to 32 pixels, not ${scale}.`);
  }
  const room = modules.length - 2;
  const perLine = Math.floor((room * scale) / ((GLYPH_WIDTH + 1) * glyphDot(scale)));
  return { modules, scale, lines: wrap(assertPrintable(options.text ?? labelText(link)), perLine) };
}

function encode(link: string): boolean[][] {
  assertPrintable(link);
  if (link.length === 0 || link.length > LONGEST_LINK) {
    throw new InvalidInputError(
      'input.too-large',
      `A label's link has 1 to ${LONGEST_LINK} characters, not ${link.length}.`,
    );
  }
  return encodeQR(link, 'raw', { ecc: 'medium', border: QUIET_ZONE });
}

function readPng(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Width and height stand in the first chunk: a small file must not unfold into a huge picture.
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452) {
    throw new InvalidInputError('input.encoding', 'These bytes are no PNG image.');
  }
  if (view.getUint32(16) * view.getUint32(20) > LARGEST_IMAGE_PIXELS) {
    throw new InvalidInputError('input.too-large', 'An image may have 16 million pixels: make it smaller.');
  }
  try {
    return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new InvalidInputError('input.encoding', 'The PNG image is damaged.', { cause });
  }
}

/** Side of a glyph's dot in pixels. */
function glyphDot(scale: number): number {
  return Math.max(1, Math.floor(scale / 4));
}

function wrap(text: string, perLine: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += perLine) lines.push(text.slice(at, at + perLine));
  return lines;
}

/** Runs of dark modules as [from, to). */
function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  row.forEach((isDark, x) => {
    const last = found.at(-1);
    if (!isDark) return;
    if (last?.[1] === x) last[1] = x + 1;
    else found.push([x, x + 1]);
  });
  return found;
}

function assertPrintable(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) {
    throw new InvalidInputError('input.shape', 'A label holds printable ASCII: percent-encode the rest of the link.');
  }
  return text;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

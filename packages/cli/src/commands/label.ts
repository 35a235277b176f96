/** Labels: drawn, and read back. */
import { writeFile } from 'node:fs/promises';
import { InvalidInputError } from '@dpp-ledger/core';
import { canonicalSubject, formatDigitalLink, isDigitalLink, parseDigitalLink } from '@dpp-ledger/core/passport';
import { decodeLabel, labelPng, labelSvg, labelTerminal } from '@dpp-ledger/web';
import { defineCommand, usageError } from '../command.ts';
import { readBytesFile } from '../files.ts';

const label = defineCommand({
  name: 'label',
  summary: 'Draw the label of a device: a QR code of its link.',
  description:
    'A GS1 Digital Link is put on the host of --public-url, where the resolver answers; any other link is the label as it is. The same link gives the same file.',
  arguments: [{ name: 'LINK', summary: 'A subject’s link: https://id.gs1.org/01/09521234000013/21/A7K2.' }],
  flags: {
    out: { type: 'string', value: 'FILE', summary: 'A .svg or .png file to write; drawn on the terminal by default.' },
    text: { type: 'string', value: 'TEXT', summary: 'What is printed under the code; the link’s own text by default.' },
    scale: { type: 'string', value: 'N', summary: 'Pixels of a module, 1 to 32; 8 by default.' },
  },
  settings: ['publicUrl'],
  examples: ['dpp label https://id.gs1.org/01/09521234000013/21/A7K2 --public-url https://dpp.example --out label.svg'],
  async run({ words: [link = ''], values, settings, output }) {
    const uri = toLabelLink(link, settings.find('publicUrl'));
    const { text, out } = values;
    const scale = values.scale === undefined ? undefined : Number(values.scale);
    if (out === undefined) {
      if (output.json) output.answer({ uri, svg: labelSvg(uri, { text, scale }) }, '');
      else output.raw(labelTerminal(uri, { colour: output.colour, ...(text === undefined ? {} : { text }) }));
      return 0;
    }
    const image = out.endsWith('.svg')
      ? labelSvg(uri, { text, scale })
      : out.endsWith('.png')
        ? labelPng(uri, { text, scale })
        : undefined;
    if (image === undefined) throw usageError(label, `--out ends in .svg or .png, and "${out}" does not.`);
    // A label may be drawn again: the same link gives the same file.
    await writeFile(out, image);
    output.answer({ file: out, uri }, `Wrote ${out}: ${uri}`);
    return 0;
  },
});

const labelRead = defineCommand({
  name: 'label read',
  summary: 'Read the link in a picture of a label.',
  arguments: [{ name: 'FILE', summary: 'A PNG image, - for standard input.' }],
  flags: {},
  settings: [],
  examples: ['dpp label read label.png'],
  async run({ words: [file = ''], output }) {
    const uri = decodeLabel(await readBytesFile(file));
    const subject = findSubject(uri);
    output.answer({ uri, subject }, uri);
    return 0;
  },
});

export const LABEL_COMMANDS = [label, labelRead];

function toLabelLink(link: string, publicUrl: string | undefined): string {
  const subject = canonicalSubject(link);
  if (publicUrl === undefined || !isDigitalLink(subject)) return link;
  const { gtin, variant, batch, serial } = parseDigitalLink(subject);
  if (gtin === undefined) return link;
  return formatDigitalLink(
    {
      gtin,
      ...(variant === undefined ? {} : { variant }),
      ...(batch === undefined ? {} : { batch }),
      ...(serial === undefined ? {} : { serial }),
    },
    publicUrl,
  );
}

/** A label may hold any link: `undefined` where it stands for no subject. */
function findSubject(uri: string): string | undefined {
  try {
    return canonicalSubject(uri);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

/**
 * GS1 application identifiers, as far as a Digital Link URI needs them. The table is an extract of the GS1 Barcode Syntax Dictionary,
 * copyright GS1 AISBL, BWIPP and Zint projects, Apache-2.0: https://ref.gs1.org/tools/gs1-barcode-syntax-resource/syntax-dictionary/
 */

export interface ApplicationIdentifier {
  readonly ai: string;
  /** What the whole value must match. */
  readonly pattern: RegExp;
  /** Lengths of the leading digits that a check digit closes (GS1 General Specifications 7.9): [skipped, counted]. */
  readonly checkDigit: readonly [number, number] | undefined;
  /** May stand in a URI's query. */
  readonly inQuery: boolean;
  /** Needs no separator after it in a barcode; the standard writes such attributes first. */
  readonly fixedLength: boolean;
  /** May stand first in a URI's path; then each alternative is the order in which qualifiers may follow. */
  readonly qualifiers: readonly (readonly string[])[] | undefined;
}

/**
 * Identifiers, format, "data" where a query may hold it and "path" where not ("fixed-" for a predefined length), and "key" with
 * alternatives of qualifiers. Formats: N digits, X character set 82, Y character set 39, Z base64url; "..": up to; "[ ]": may be left
 * out; "#": ends in a check digit.
 */
export const IDENTIFIER_TABLE = `
00 N18# fixed-data key
01 N14# fixed-data key=22,10,21|235
02 N14# fixed-data
03 N14# fixed-path
10 X..20 data
11,12,13,15,16,17 N6 fixed-data
20 N2 fixed-data
21,22 X..20 path
235 X..28 path
240,241 X..30 data
242 N..6 data
243 X..20 data
250,251 X..30 data
253 N13#+[X..17] data key
254 X..20 path
255 N13#+[N..12] data key
30 N..8 data
3100-3105,3110-3115,3120-3125,3130-3135,3140-3145,3150-3155,3160-3165 N6 fixed-data
3200-3205,3210-3215,3220-3225,3230-3235,3240-3245,3250-3255,3260-3265 N6 fixed-data
3270-3275,3280-3285,3290-3295,3300-3305,3310-3315,3320-3325,3330-3335 N6 fixed-data
3340-3345,3350-3355,3360-3365,3370-3375,3400-3405,3410-3415,3420-3425 N6 fixed-data
3430-3435,3440-3445,3450-3455,3460-3465,3470-3475,3480-3485,3490-3495 N6 fixed-data
3500-3505,3510-3515,3520-3525,3530-3535,3540-3545,3550-3555,3560-3565 N6 fixed-data
3570-3575,3600-3605,3610-3615,3620-3625,3630-3635,3640-3645,3650-3655 N6 fixed-data
3660-3665,3670-3675,3680-3685,3690-3695 N6 fixed-data
37 N..8 data
3900-3909 N..15 data
3910-3919 N3+N..15 data
3920-3929 N..15 data
3930-3939 N3+N..15 data
3940-3943 N4 data
3950-3955 N6 data
400 X..30 data
401 X..30 data key
402 N17# data key
403 X..30 data
410,411,412,413 N13# fixed-data
414 N13# fixed-data key=254|7040
415 N13# fixed-data key=8020
416 N13# fixed-data
417 N13# fixed-data key=7040
420 X..20 data
421 N3+X..9 data
422 N3 data
423 N3+[N3]+[N3]+[N3]+[N3] data
424 N3 data
425 N3+[N3]+[N3]+[N3]+[N3] data
426 N3 data
427 X..3 data
4300,4301 X..35 data
4302,4303,4304,4305,4306 X..70 data
4307 X2 data
4308 X..30 data
4309 N10+N10 data
4310,4311 X..35 data
4312,4313,4314,4315,4316 X..70 data
4317 X2 data
4318 X..20 data
4319 X..30 data
4320 X..35 data
4321,4322,4323 N1 data
4324,4325 N6+N4 data
4326 N6 data
4330,4331,4332,4333 N6+[X1] data
7001 N13 data
7002 X..30 data
7003 N6+N4 data
7004 N..4 data
7005 X..12 data
7006 N6 data
7007 N6+[N6] data
7008 X..3 data
7009 X..10 data
7010 X..2 data
7011 N6+[N4] data
7020,7021,7022 X..20 data
7023 X..30 data
7030,7031,7032,7033,7034,7035,7036,7037,7038,7039 N3+X..27 data
7040 N1+X1+X1+X1 path
7041 X..4 path
710,711,712,713,714,715,716,717 X..20 data
7230,7231,7232,7233,7234,7235,7236,7237,7238,7239 X2+X..28 data
7240 X..20 data
7241 N2 data
7242 X..25 data
7250 N8 data
7251 N8+N4 data
7252 N1 data
7253,7254 X..40 data
7255 X..10 data
7256 X..90 data
7257 X..70 data
7258 X3 data
7259 X..40 data
8001 N4+N5+N3+N1+N1 data
8002 X..20 data
8003 N1+N13#+[X..16] data key
8004 X..30 data key=7040
8005 N6 data
8006 N14#+N4 data key=22,10,21
8007 X..34 data
8008 N6+N2+[N2]+[N2] data
8009 X..50 data
8010 Y..30 data key=8011
8011 N..12 path
8012 X..20 data
8013 X..25 data key
8014 X..25 path
8017,8018 N18# data key=8019
8019 N..10 path
8020 X..25 path
8026 N14#+N4 data
8030 Z..90 data
8040,8041 N15 path
8042 N32 path
8043 N18+[N..2] path
8110 X..70 data
8111 N4 data
8112 X..70 data
8200 X..70 path
90 X..30 data
91-99 X..90 data
`;

const ALPHABETS: Readonly<Record<string, string>> = {
  N: '[0-9]',
  X: '[!"%&\'()*+,\\-./0-9:;<=>?A-Z_a-z]',
  Y: '[#\\-/0-9A-Z]',
  Z: '[A-Za-z0-9_=\\-]',
};

const IDENTIFIERS = new Map(IDENTIFIER_TABLE.trim().split('\n').flatMap(parseLine));

export function findIdentifier(ai: string): ApplicationIdentifier | undefined {
  return IDENTIFIERS.get(ai);
}

function parseLine(line: string): [string, ApplicationIdentifier][] {
  const [names = '', format = '', place = '', key] = line.split(' ');
  const rule = {
    pattern: compileFormat(format),
    checkDigit: findCheckDigit(format),
    inQuery: place.endsWith('data'),
    fixedLength: place.startsWith('fixed-'),
    qualifiers: key === undefined ? undefined : parseQualifiers(key),
  };
  return names
    .split(',')
    .flatMap(expandRange)
    .map((ai) => [ai, { ai, ...rule }]);
}

function expandRange(names: string): string[] {
  const [first = '', last = first] = names.split('-');
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => String(Number(first) + i).padStart(first.length, '0'));
}

function compileFormat(format: string): RegExp {
  const parts = format.split('+').map((part) => {
    const [, kind = '', upTo, length] = /([NXYZ])(\.\.)?(\d+)/.exec(part) ?? [];
    const expression = `${ALPHABETS[kind]}{${upTo === undefined ? length : `1,${length}`}}`;
    return part.startsWith('[') ? `(?:${expression})?` : expression;
  });
  return new RegExp(`^${parts.join('')}$`);
}

function findCheckDigit(format: string): readonly [number, number] | undefined {
  let skipped = 0;
  for (const part of format.split('+')) {
    const length = Number(/\d+/.exec(part)?.[0]);
    if (part.endsWith('#')) return [skipped, length];
    skipped += length;
  }
  return undefined;
}

function parseQualifiers(key: string): readonly (readonly string[])[] {
  const [, alternatives] = key.split('=');
  return (alternatives ?? '').split('|').map((list) => list.split(',').filter((ai) => ai !== ''));
}

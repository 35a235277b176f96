/** Where matter came from and where it went: a picture, and beside it tables that say the same. Whose word it is stands first. */
import {
  type LotNode,
  nameSubstance,
  ORIGINS,
  type TraceCut,
  type TraceDirection,
  type TraceNode,
} from '@dpp-ledger/core/materials';
import { html, raw } from 'hono/html';
import { swatch } from '../chart.ts';
import {
  bulletList,
  type Content,
  HOME,
  type Html,
  heading,
  insetText,
  link,
  page,
  paragraph,
  type Site,
  table,
  tag,
  time,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { TracePage } from '../reader.ts';
import { nameNode, originIndex, titleOf, traceSvg } from '../sankey.ts';
import { CUSTODY_WORDS, formatAge, formatCountry, formatMass, ORIGIN_WORDS, plural, VERDICT_WORDS } from '../words.ts';

export function tracePage(site: Site, of: string, traced: TracePage, now: number): Html {
  const { graph, passport, trustBase, blockNumber, blockTime } = traced;
  const title = titleOf(graph);
  const api = `/trace/${encodeURIComponent(of)}?direction=${graph.direction}&depth=${graph.depth}`;
  return page(site, { title, trail: [HOME, ...trailOf(traced)] }, [
    html`<span class="govuk-caption-xl">Trace</span>`,
    html`<h1 class="govuk-heading-xl dpp-uri">${title}</h1>`,
    passport === undefined
      ? ''
      : html`<p class="govuk-body-l">Of ${link(paths.passport(passport.cid), passport.name)}: this server’s verdict on the passport is “${VERDICT_WORDS[passport.report.verdict].word}”.</p>`,
    insetText([
      `This is this server’s word, on that of ${trustBase}, at block ${blockNumber}, `,
      time(blockTime),
      ` (${formatAge(now - blockTime)}). It stands on ${plural(graph.entries.length, 'entry')} of the journal. `,
      'Masses are those that the ledger moved: which part of a mixture came from where, nobody can say.',
    ]),
    graph.gaps.length === 0
      ? paragraph('Nothing is missing on the way, and every credential that says what happened holds.')
      : gapList(traced),
    graph.cuts.length === 0 ? '' : cutList(traced, of),
    heading(2, 'The flows as a picture'),
    html`<div class="dpp-scroll dpp-trace" role="group" aria-label="Picture of the flows; the tables below say the same" tabindex="0">${raw(traceSvg(graph))}</div>`,
    legend(traced),
    heading(2, 'The flows'),
    graph.edges.length === 0 ? paragraph('Nothing flowed into it or out of it.') : flowTable(traced),
    heading(2, 'What they passed through'),
    nodeTable(traced),
    heading(2, 'Take it with you'),
    bulletList([
      link(`${api}&format=json`, 'JSON'),
      link(`${api}&format=graphml`, 'GraphML'),
      link(`${api}&format=svg`, 'The picture (SVG)'),
    ]),
    heading(2, 'Another way'),
    bulletList(
      (['both', 'upstream', 'downstream'] as const)
        .filter((direction) => direction !== graph.direction)
        .map((direction) => link(paths.trace(of, `?direction=${direction}`), DIRECTION_WORDS[direction])),
    ),
  ]);
}

const DIRECTION_WORDS: Readonly<Record<TraceDirection, string>> = {
  both: 'Both ways',
  upstream: 'Only where it came from',
  downstream: 'Only where it went',
};

function trailOf({ passport, graph }: TracePage): { text: string; href: string }[] {
  if (passport !== undefined) return [{ text: passport.name, href: paths.passport(passport.cid) }];
  const start = graph.nodes.find((node) => node.id === graph.start);
  return start?.kind === 'lot' ? [{ text: nameNode(start), href: paths.lot(start.lot) }] : [];
}

function gapList(traced: TracePage): Html {
  return html`${heading(2, 'What is missing or does not hold')}${bulletList(
    traced.graph.gaps.map(({ node, message }) => [linkNode(traced, node), `: ${message}`]),
  )}`;
}

function cutList(traced: TracePage, of: string): Html {
  const { graph } = traced;
  const isDeep = graph.cuts.some(({ by }) => by === 'depth');
  const deeper = Math.min(64, graph.depth * 2);
  return html`${heading(2, 'Where it goes on')}${paragraph([
    'It was not followed further here. ',
    isDeep && deeper > graph.depth
      ? link(paths.trace(of, `?direction=${graph.direction}&depth=${deeper}`), `Follow it through ${deeper} lots`)
      : '',
  ])}${bulletList(graph.cuts.map((cut) => [linkNode(traced, cut.node), `: ${describeCut(cut)}`]))}`;
}

function describeCut({ side, by }: TraceCut): string {
  const way = side === 'upstream' ? 'what it was made of' : 'what was made of it';
  return by === 'depth' ? `${way} is further away than was asked for.` : `${way} is more than fits here.`;
}

/** What the patterns stand for, of the origins that are in the picture. */
function legend({ graph }: TracePage): Html {
  const origins = [...ORIGINS, undefined].filter((origin) => graph.edges.some((edge) => edge.origin === origin));
  const words = origins.map((origin) => (origin === undefined ? 'origin not known' : ORIGIN_WORDS[origin]));
  return html`<ul class="govuk-list">${origins.map(
    (origin, i) => html`<li>${swatch(originIndex(origin))}${words[i]}</li>`,
  )}</ul>`;
}

function flowTable(traced: TracePage): Html {
  return table({
    caption: 'Each flow with its mass',
    columns: [
      { text: 'From' },
      { text: 'To' },
      { text: 'Mass', numeric: true },
      { text: 'Origin' },
      { text: 'Journal entry', numeric: true },
    ],
    rows: traced.graph.edges.map(({ from, to, milligrams, origin, entry }) => ({
      cells: [
        linkNode(traced, from),
        linkNode(traced, to),
        formatMass(milligrams),
        origin === undefined ? notKnown() : ORIGIN_WORDS[origin],
        link(paths.entry(entry), entry),
      ],
    })),
  });
}

function nodeTable(traced: TracePage): Html {
  return table({
    caption: 'Lots, and what they went into, in the order of the journal',
    columns: [
      { text: 'What' },
      { text: 'Verdict' },
      { text: 'By' },
      { text: 'Substance and origin' },
      { text: 'Where' },
      { text: 'Custody' },
      { text: 'Weakest to the start' },
      { text: 'Credentials' },
    ],
    rows: traced.graph.nodes.map((node) => ({
      cells: [
        [
          linkNode(traced, node.id),
          node.side === 'start' ? ' (start)' : node.side === 'beside' ? ' (beside the way)' : '',
        ],
        verdictOf(node),
        partyOf(traced, node.by),
        node.kind === 'lot' ? matterOf(node) : '',
        node.kind === 'lot' && node.country !== undefined ? formatCountry(node.country) : '',
        node.kind === 'lot' && node.custody !== undefined ? CUSTODY_WORDS[node.custody] : '',
        node.weakest === undefined ? '' : CUSTODY_WORDS[node.weakest],
        node.events.length === 0
          ? ''
          : node.events.map(({ credential, verdict }, i) => [
              i === 0 ? '' : ', ',
              link(
                `/view/passport/${encodeURIComponent(credential)}`,
                verdict === undefined ? 'event' : EVENT_WORDS[verdict],
              ),
            ]),
      ],
    })),
  });
}

const EVENT_WORDS = {
  valid: 'valid event',
  invalid: 'event that does not hold',
  indeterminate: 'event that cannot be decided',
  missing: 'event that is missing',
} as const;

const VERDICT_COLOURS = { valid: 'green', invalid: 'red', indeterminate: 'yellow' } as const;

function verdictOf({ verdict }: TraceNode): Content {
  if (verdict === undefined) return notKnown();
  const { word, sign } = VERDICT_WORDS[verdict];
  return tag(VERDICT_COLOURS[verdict], `${sign} ${word}`);
}

function matterOf({ substance, origin, milligrams }: LotNode): Content {
  const what = substance === undefined ? 'substance not known' : nameSubstance(substance);
  const mass = milligrams === undefined ? '' : `${formatMass(milligrams)} `;
  return `${mass}${what}, ${origin === undefined ? 'origin not known' : ORIGIN_WORDS[origin]}`;
}

function partyOf({ names }: TracePage, party: string | undefined): Content {
  if (party === undefined) return notKnown();
  return party.startsWith('did:')
    ? link(`/view/issuers/${encodeURIComponent(party)}`, names.get(party) ?? party)
    : party;
}

function linkNode({ graph }: TracePage, id: string): Content {
  const node = graph.nodes.find((one) => one.id === id);
  if (node === undefined) return id;
  const name = nameNode(node);
  if (node.kind === 'lot') return link(paths.lot(node.lot), name);
  if (node.kind === 'batch' && node.root !== undefined) return link(paths.batch(node.root), name);
  return node.entry === undefined ? name : link(paths.entry(node.entry), name);
}

function notKnown(): Html {
  return html`<span class="dpp-missing">not known</span>`;
}

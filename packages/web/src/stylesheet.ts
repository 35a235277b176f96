/**
 * The stylesheet: GOV.UK Frontend's components without its brand, and a little of ours. The font GDS Transport and the crest may be used on
 * GOV.UK only, so they are taken out of the CSS before it is served; nothing is loaded from another host.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

export const FONT_STACK = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif';

export interface Asset {
  readonly file: string;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** The file's name carries the digest of its content, so that a browser may keep it for ever. */
export function buildStylesheet(): Asset {
  const govuk = readFileSync(new URL(import.meta.resolve('govuk-frontend/dist/govuk/govuk-frontend.min.css')), 'utf8');
  const ours = readFileSync(new URL('./style.css', import.meta.url), 'utf8');
  return asset('style', 'css', 'text/css; charset=utf-8', `${unbrand(govuk)}\n${ours}`);
}

export function buildIcon(): Asset {
  return asset('icon', 'svg', 'image/svg+xml', ICON);
}

function asset(name: string, extension: string, type: string, text: string): Asset {
  const body = new Uint8Array(Buffer.from(text));
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { file: `${name}-${digest}.${extension}`, type, body, gzip: new Uint8Array(gzipSync(body, { level: 9 })) };
}

function unbrand(css: string): string {
  return css
    .replaceAll(/\/\*![\s\S]*?\*\//g, '')
    .replaceAll(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial,sans-serif', FONT_STACK)
    .replaceAll('font-family:GDS Transport', `font-family:${FONT_STACK}`)
    .replaceAll(/url\(\/assets\/[^)]*\)/g, 'none')
    .replaceAll(/\/\*# sourceMappingURL=[^*]*\*\//g, '');
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12436d"/><path d="M8 8h7v7H8zM17 17h7v7h-7zM17 8h7v3h-4v4h-3zM8 17h3v4h4v3H8z" fill="#fff"/></svg>\n';

/** Where pages are. Everything but the home page lies under /view, so that the service's own paths stay free. */
import type { CredentialCid, Hex, IssuerId } from '@dpp-ledger/core';

export const paths = {
  home: '/',
  /** The page that a label's link leads to. */
  scanned: (link: string) => `/view/passport?uri=${encodeURIComponent(link)}`,
  passport: (cid: CredentialCid) => `/view/passport/${encodeURIComponent(cid)}`,
  search: (text?: string) => `/view/search${text === undefined ? '' : `?q=${encodeURIComponent(text)}`}`,
  issuers: '/view/issuers',
  issuer: (issuer: IssuerId) => `/view/issuers/${encodeURIComponent(issuer)}`,
  batches: '/view/batches',
  batch: (root: Hex, from = 0) => `/view/batches/${root}${from === 0 ? '' : `?from=${from}`}`,
  journal: '/view/journal',
  journalFrom: (from: number) => `/view/journal?from=${from}`,
  entry: (index: number) => `/view/journal?from=${index}#entry-${index}`,
  lot: (lot: string, from = 0) => `/view/lots/${encodeURIComponent(lot)}${from === 0 ? '' : `?from=${from}`}`,
  trace: (of: string, query = '') => `/view/trace/${encodeURIComponent(of)}${query}`,
  how: '/view/how-verification-works',
  asset: (file: string) => `/view/assets/${file}`,
} as const;

/** What the routes share: the parts that a service is made of. */

import type { Signer } from '@dpp-ledger/core/credential';
import type { Policy } from '@dpp-ledger/core/evidence';
import type { LedgerReader, LedgerWriter } from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import type { Reader } from '@dpp-ledger/web';
import type { Database } from '../database/database.ts';
import type { EpcisRepository } from '../epcis/repository.ts';
import type { Catalogue } from '../ledger/catalogue.ts';
import type { Lots } from '../ledger/lots.ts';
import type { Mirror } from '../ledger/mirror.ts';
import type { Prover } from '../ledger/prover.ts';
import type { Tracer } from '../ledger/tracer.ts';
import type { Verifier } from '../ledger/verifier.ts';
import type { Tiles } from '../log/tiles.ts';
import type { Health } from '../operation/health.ts';
import type { Acceptor } from '../outbox/accept.ts';
import type { Relayer } from '../outbox/relay.ts';
import type { Watch } from '../outbox/watch.ts';
import type { Gateway } from './gateway.ts';
import type { Limits } from './limits.ts';
import type { Resolver } from './resolver.ts';
import type { StatusLists } from './status.ts';

export interface Parts {
  readonly database: Database;
  readonly reader: LedgerReader;
  readonly writer: LedgerWriter;
  readonly store: Store;
  readonly signer: Signer;
  readonly mirror: Mirror;
  readonly catalogue: Catalogue;
  readonly lots: Lots;
  readonly tracer: Tracer;
  readonly prover: Prover;
  readonly verifier: Verifier;
  readonly acceptor: Acceptor;
  readonly relayer: Relayer;
  readonly statusLists: StatusLists;
  readonly gateway: Gateway;
  /** The journal as it is published. */
  readonly tiles: Tiles;
  readonly epcis: EpcisRepository;
  readonly resolver: Resolver;
  readonly watch: Watch;
  readonly health: Health;
  readonly pages: Reader;
  readonly policy: Policy;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly bodies: BodyLimits;
  /** The address of a client, where it can be told. */
  readonly clientOf: Limits['clientOf'];
  /** Streams of credentials that are read at once, at most. */
  readonly streams: { readonly most: number; open: number };
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
  readonly onFault: (error: unknown) => void;
  /** Hides what no answer may show. */
  readonly redact: (text: string) => string;
}

export interface BodyLimits {
  readonly relayBytes: number;
  readonly captureBytes: number;
  readonly silenceMs: number;
  /** Credentials of a stream that are written down at once, at most. */
  readonly chunk: number;
}

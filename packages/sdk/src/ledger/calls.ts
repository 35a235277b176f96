/**
 * Calls to the contract, encoded, each with the purpose that messages and outboxes show; and the contract's refusals, read back as its
 * errors' names and arguments. Knows the generated ABI; sends nothing.
 */
import { decodeBase64Url, encodeHex, type Hex, hashIssuer, type IssuerId } from '@dpp-ledger/core';
import { encodeRoles, type PublicJwk, type Role } from '@dpp-ledger/core/credential';
import type { StatusWord } from '@dpp-ledger/core/journal';
import { Interface } from 'ethers';
import { type Act, type BatchToAnchor, encodeKey, encodePurposes, type Purpose, type RelayRequest } from './acts.ts';
import { ACCREDITOR_ROLE } from './codec.ts';
import { abi } from './generated/PassportLedger.ts';
import type { LedgerCall } from './ledger.ts';
import type { RpcError } from './rpc.ts';

export const contract = new Interface(abi);

const NO_ACCOUNT: Hex = `0x${'0'.repeat(40)}`;

/** Who may make each is in the interface: controller or submitter, accreditor, admin, anyone. Times are seconds since 1970. */
export const calls = {
  /** Anchors a batch. By the issuer's controller or one of its submitters. */
  anchor: ({
    issuer,
    root,
    size,
    manifest,
    allocations = [],
  }: BatchToAnchor & { readonly issuer: IssuerId }): LedgerCall =>
    call('anchor', [hashIssuer(issuer), root, size, manifest, allocations], `anchor batch ${root} of ${issuer}`),

  /** By the issuer's controller. */
  act: ({ issuer, acts }: { readonly issuer: IssuerId; readonly acts: readonly Act[] }): LedgerCall =>
    call('act', [hashIssuer(issuer), acts], `do ${acts.length} act(s) of ${issuer}`),

  /** By anyone. */
  relay: (request: RelayRequest): LedgerCall => {
    const { issuer, key, acts, nonce, deadline } = request;
    const signature = encodeHex(decodeBase64Url(request.signature, 64));
    const values = [hashIssuer(issuer), encodeKey(key), acts, nonce, deadline, signature];
    return call('relay', values, `relay ${request.acts.length} act(s) of ${request.issuer}`);
  },

  /** By the account that the issuer proposed. */
  acceptController: ({ issuer }: { readonly issuer: IssuerId }): LedgerCall =>
    call('acceptController', [hashIssuer(issuer)], `become controller of ${issuer}`),

  // ------------------------------------------------------------------------------------------------ by an accreditor

  /** Admits an issuer with its first key; `proof` from `signPossession` with the same controller, purposes and deadline. */
  accredit: (options: {
    readonly issuer: IssuerId;
    readonly roles: readonly Role[];
    readonly controller?: Hex | undefined;
    readonly key: PublicJwk;
    readonly purposes: readonly Purpose[];
    readonly deadline: number;
    readonly proof: Hex;
  }): LedgerCall => {
    const { issuer, roles, controller = NO_ACCOUNT, key, purposes, deadline, proof } = options;
    const values = [issuer, encodeRoles(roles), controller, encodeKey(key), encodePurposes(purposes), deadline, proof];
    return call('accredit', values, `accredit ${issuer}`);
  },
  suspend: ({ issuer }: { readonly issuer: IssuerId }): LedgerCall =>
    call('suspend', [hashIssuer(issuer)], `suspend ${issuer}`),
  reinstate: ({ issuer }: { readonly issuer: IssuerId }): LedgerCall =>
    call('reinstate', [hashIssuer(issuer)], `reinstate ${issuer}`),
  withdraw: ({ issuer, since }: { readonly issuer: IssuerId; readonly since: number }): LedgerCall =>
    call('withdraw', [hashIssuer(issuer), since], `withdraw ${issuer}`),
  assignRoles: ({ issuer, roles }: { readonly issuer: IssuerId; readonly roles: readonly Role[] }): LedgerCall =>
    call('assignRoles', [hashIssuer(issuer), encodeRoles(roles)], `assign roles to ${issuer}`),
  grantPrefix: (grant: { readonly issuer: IssuerId; readonly number: number; readonly prefix: string }): LedgerCall =>
    call(
      'grantPrefix',
      [hashIssuer(grant.issuer), grant.number, grant.prefix],
      `grant ${grant.prefix} to ${grant.issuer}`,
    ),
  takeBackPrefix: (grant: {
    readonly issuer: IssuerId;
    readonly number: number;
    readonly prefix: string;
    readonly since: number;
  }): LedgerCall => {
    const { issuer, number, prefix, since } = grant;
    return call('takeBackPrefix', [hashIssuer(issuer), number, prefix, since], `take ${prefix} back from ${issuer}`);
  },
  revokeByAuthority: (change: {
    readonly issuer: IssuerId;
    readonly list: bigint;
    readonly words: readonly StatusWord[];
  }): LedgerCall =>
    call(
      'revokeByAuthority',
      [hashIssuer(change.issuer), change.list, change.words],
      `revoke credentials of ${change.issuer}`,
    ),
  /** Takes a lot out of circulation, with all that is in it. */
  voidLot: ({ lot }: { readonly lot: Hex }): LedgerCall => call('voidLot', [lot], `void lot ${lot}`),

  // ---------------------------------------------------------------------------------------------------- by the admin

  pause: (): LedgerCall => call('pause', [], 'pause new anchors'),
  unpause: (): LedgerCall => call('unpause', [], 'allow new anchors again'),
  close: (successor: { readonly chainId: bigint; readonly address: Hex; readonly codeHash: Hex }): LedgerCall =>
    call('close', [successor.chainId, successor.address, successor.codeHash], 'close the ledger'),
  appointAccreditor: (account: Hex): LedgerCall =>
    call('grantRole', [ACCREDITOR_ROLE, account], `appoint ${account} accreditor`),
  dismissAccreditor: (account: Hex): LedgerCall =>
    call('revokeRole', [ACCREDITOR_ROLE, account], `dismiss accreditor ${account}`),
} as const;

function call(name: string, values: readonly unknown[], purpose: string): LedgerCall {
  return { data: contract.encodeFunctionData(name, values) as Hex, purpose };
}

/** The contract's reason in a node's refusal: its error's name and arguments; `undefined` where the node says nothing of the contract. */
export function describeRefusal(error: RpcError): string | undefined {
  const data = findData(error.data);
  if (data === undefined) return /revert/i.test(error.message) ? 'it gave no reason' : undefined;
  const known = contract.parseError(data);
  if (known === null) return data === '0x' ? 'it gave no reason' : `an unknown error, ${data.slice(0, 74)}`;
  const values = known.fragment.inputs.map((input, i) => `${input.name}: ${known.args[i]}`);
  return values.length === 0 ? known.name : `${known.name}(${values.join(', ')})`;
}

/** Nodes put the bytes in `data` (geth, anvil), or one level deeper. */
function findData(data: unknown): string | undefined {
  if (typeof data === 'string') return /0x[0-9a-f]*/i.exec(data)?.[0];
  if (typeof data === 'object' && data !== null && 'data' in data) return findData(data.data);
  return undefined;
}

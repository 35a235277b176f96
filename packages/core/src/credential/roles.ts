/** Roles: what an issuer is accredited as, and which kinds of credential that lets it issue. */
import { InvalidInputError } from '../errors.ts';
import type { CredentialKind } from './credential.ts';

/** In the order of the ledger's bits, from bit 0; bits 10 to 15 are kept. */
export const ROLES = [
  'manufacturer',
  'dataPublisher',
  'extractor',
  'grower',
  'refiner',
  'recycler',
  'refurbisher',
  'certifier',
  'facilityOperator',
  'registrar',
] as const;
export type Role = (typeof ROLES)[number];

export interface RoleRule {
  readonly kinds: readonly CredentialKind[];
  /** For the documentation. */
  readonly sentence: string;
}

/** Which role may issue what. An issuer with several roles may issue what any of them may. */
export const ROLE_RULES: Readonly<Record<Role, RoleRule>> = {
  manufacturer: {
    kinds: ['passport', 'event', 'facility'],
    sentence: 'Makes products: speaks of them, of what happened in making them, and of its own plants.',
  },
  dataPublisher: {
    kinds: ['passport'],
    sentence: "Restates figures that others published, each with its source; never speaks in the maker's name.",
  },
  extractor: { kinds: ['event', 'facility'], sentence: 'Takes primary raw material from the ground, and says where.' },
  grower: { kinds: ['event', 'facility'], sentence: 'Grows renewable raw material, and says where.' },
  refiner: { kinds: ['event', 'facility'], sentence: 'Turns material into other material in its plants.' },
  recycler: { kinds: ['event', 'facility'], sentence: 'Takes products apart and recovers secondary material.' },
  refurbisher: {
    kinds: ['passport', 'event', 'facility'],
    sentence:
      'Repairs, refurbishes or remanufactures: says what was done, and gives the device a new passport of its own.',
  },
  certifier: { kinds: ['conformity'], sentence: 'Attests that a product, facility or organisation meets a criterion.' },
  facilityOperator: {
    kinds: ['facility', 'event'],
    sentence: 'Runs a facility: describes it, and what happens there.',
  },
  registrar: { kinds: ['identityAnchor'], sentence: 'Keeps a register, and says who a DID is in it.' },
};

const ROLE_NAMES: readonly string[] = ROLES;

/** Errors: `input.shape` for a name that is no role. */
export function encodeRoles(names: readonly string[]): number {
  return names.reduce((bits, name) => {
    const bit = ROLE_NAMES.indexOf(name);
    if (bit < 0) throw new InvalidInputError('input.shape', `No role "${name}": roles are ${ROLES.join(', ')}.`);
    return bits | (1 << bit);
  }, 0);
}

/** Kept bits name no role and are left out. */
export function decodeRoles(bits: number): Role[] {
  return ROLES.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

export function mayIssue(roles: number, kind: CredentialKind): boolean {
  return decodeRoles(roles).some((role) => ROLE_RULES[role].kinds.includes(kind));
}

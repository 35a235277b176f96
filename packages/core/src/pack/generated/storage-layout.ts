// Written by scripts/generate-abi.ts from the contracts: where solc 0.8.37+commit.f401782d keeps it.

/** Of PassportLedger. */
export const variables = {
  _paused: { slot: 0, offset: 0, bytes: 1, type: "bool" },
  _size: { slot: 0, offset: 1, bytes: 8, type: "uint64" },
  _closed: { slot: 0, offset: 9, bytes: 1, type: "bool" },
  _peaks: { slot: 1, offset: 0, bytes: 2048, type: "bytes32[64]" },
  _roles: { slot: 65, offset: 0, bytes: 32, type: "mapping(bytes32 => struct AccessControl.RoleData)" },
  _pendingDefaultAdmin: { slot: 66, offset: 0, bytes: 20, type: "address" },
  _pendingDefaultAdminSchedule: { slot: 66, offset: 20, bytes: 6, type: "uint48" },
  _currentDelay: { slot: 66, offset: 26, bytes: 6, type: "uint48" },
  _currentDefaultAdmin: { slot: 67, offset: 0, bytes: 20, type: "address" },
  _pendingDelay: { slot: 67, offset: 20, bytes: 6, type: "uint48" },
  _pendingDelaySchedule: { slot: 67, offset: 26, bytes: 6, type: "uint48" },
  _nameFallback: { slot: 68, offset: 0, bytes: 32, type: "string" },
  _versionFallback: { slot: 69, offset: 0, bytes: 32, type: "string" },
  _issuerCount: { slot: 70, offset: 0, bytes: 4, type: "uint32" },
  _issuers: { slot: 71, offset: 0, bytes: 32, type: "mapping(IssuerId => struct IPassportLedger.IssuerFacts)" },
  _keys: { slot: 72, offset: 0, bytes: 32, type: "mapping(IssuerId => mapping(KeyId => struct IPassportLedger.KeyFacts))" },
  _grants: { slot: 73, offset: 0, bytes: 32, type: "mapping(IssuerId => mapping(bytes32 => struct IPassportLedger.GrantFacts))" },
  _words: { slot: 74, offset: 0, bytes: 32, type: "mapping(IssuerId => mapping(uint256 => uint256))" },
  _submitters: { slot: 75, offset: 0, bytes: 32, type: "mapping(IssuerId => mapping(address => bool))" },
  _proposedControllers: { slot: 76, offset: 0, bytes: 32, type: "mapping(IssuerId => address)" },
} as const;

/** Of Materials. */
export const materials = {
  _lots: { slot: 0, offset: 0, bytes: 32, type: "mapping(LotId => uint256)" },
} as const;

/** Of PassportLedger. */
export const structs = {
  GrantFacts: {
    from: { slot: 0, offset: 0, bytes: 5, type: "uint40" },
    until: { slot: 0, offset: 5, bytes: 5, type: "uint40" },
  },
  IssuerFacts: {
    number: { slot: 0, offset: 0, bytes: 4, type: "uint32" },
    roles: { slot: 0, offset: 4, bytes: 2, type: "uint16" },
    suspended: { slot: 0, offset: 6, bytes: 1, type: "bool" },
    withdrawnSince: { slot: 0, offset: 7, bytes: 5, type: "uint40" },
    controller: { slot: 0, offset: 12, bytes: 20, type: "address" },
  },
  KeyFacts: {
    purposes: { slot: 0, offset: 0, bytes: 2, type: "uint16" },
    validFrom: { slot: 0, offset: 2, bytes: 5, type: "uint40" },
    retiredAt: { slot: 0, offset: 7, bytes: 5, type: "uint40" },
    compromisedSince: { slot: 0, offset: 12, bytes: 5, type: "uint40" },
    nonce: { slot: 0, offset: 17, bytes: 8, type: "uint64" },
  },
  RoleData: {
    hasRole: { slot: 0, offset: 0, bytes: 32, type: "mapping(address => bool)" },
    adminRole: { slot: 1, offset: 0, bytes: 32, type: "bytes32" },
  },
} as const;

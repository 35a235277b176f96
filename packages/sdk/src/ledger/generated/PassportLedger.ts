// Written by scripts/generate-abi.ts from contracts/PassportLedger.sol.

export const compiler = {
  "version": "0.8.37+commit.f401782d",
  "optimizer": {
    "enabled": true,
    "runs": 200
  }
} as const;

export const abi = [
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "adminDelay",
        "type": "uint48"
      },
      {
        "internalType": "address",
        "name": "admin",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "AccessControlBadConfirmation",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "schedule",
        "type": "uint48"
      }
    ],
    "name": "AccessControlEnforcedDefaultAdminDelay",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AccessControlEnforcedDefaultAdminRules",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "defaultAdmin",
        "type": "address"
      }
    ],
    "name": "AccessControlInvalidDefaultAdmin",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "neededRole",
        "type": "bytes32"
      }
    ],
    "name": "AccessControlUnauthorizedAccount",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "kind",
        "type": "uint8"
      }
    ],
    "name": "ActUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "algorithm",
        "type": "uint8"
      }
    ],
    "name": "AlgorithmNotAllowed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      }
    ],
    "name": "AllocationsNotAllowed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "largest",
        "type": "uint256"
      }
    ],
    "name": "BatchSizeOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "ControllerNotProposed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      }
    ],
    "name": "ControllerOnly",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "ControllerUnchanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "deadline",
        "type": "uint64"
      },
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      }
    ],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "EnforcedPause",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "length",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "longest",
        "type": "uint256"
      }
    ],
    "name": "EntryTooLong",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ExpectedPause",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "grant",
        "type": "bytes32"
      }
    ],
    "name": "GrantAlreadyMade",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "grant",
        "type": "bytes32"
      }
    ],
    "name": "GrantUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "number",
        "type": "uint32"
      }
    ],
    "name": "IssuerAlreadyAccredited",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "IssuerSuspended",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "IssuerUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "since",
        "type": "uint64"
      }
    ],
    "name": "IssuerWithdrawn",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "KeyId",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "KeyAlreadyAdded",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "KeyId",
        "name": "key",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "retiredAt",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "compromisedSince",
        "type": "uint64"
      }
    ],
    "name": "KeyNotInForce",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "KeyId",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "KeyUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LedgerClosed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "BatchRoot",
        "name": "root",
        "type": "bytes32"
      }
    ],
    "name": "ManifestMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "NoActs",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "KeyId",
        "name": "key",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "nonce",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "expected",
        "type": "uint64"
      }
    ],
    "name": "NonceUnexpected",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "NotAuthorized",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "NothingToChange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "list",
        "type": "uint64"
      }
    ],
    "name": "NothingToSet",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "x",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "y",
        "type": "bytes32"
      }
    ],
    "name": "PublicKeyMalformed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "KeyId",
        "name": "key",
        "type": "bytes32"
      },
      {
        "internalType": "uint16",
        "name": "held",
        "type": "uint16"
      },
      {
        "internalType": "uint16",
        "name": "needed",
        "type": "uint16"
      }
    ],
    "name": "PurposeMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "algorithm",
        "type": "uint8"
      },
      {
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      }
    ],
    "name": "PurposesNotAllowed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "reason",
        "type": "uint8"
      }
    ],
    "name": "ReasonNotAllowed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      }
    ],
    "name": "RoleUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint16",
        "name": "roles",
        "type": "uint16"
      }
    ],
    "name": "RolesUnchanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "bits",
        "type": "uint8"
      },
      {
        "internalType": "uint256",
        "name": "value",
        "type": "uint256"
      }
    ],
    "name": "SafeCastOverflowedUintDowncast",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "KeyId",
        "name": "key",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "digest",
        "type": "bytes32"
      }
    ],
    "name": "SignatureInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "status",
        "type": "uint8"
      }
    ],
    "name": "StatusUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "SubmitterUnchanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "bool",
        "name": "suspended",
        "type": "bool"
      }
    ],
    "name": "SuspensionUnchanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "length",
        "type": "uint256"
      }
    ],
    "name": "TextLengthOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "earliest",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "latest",
        "type": "uint256"
      }
    ],
    "name": "TimeOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "most",
        "type": "uint256"
      }
    ],
    "name": "WordCountOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "WordOutOfOrder",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "DefaultAdminDelayChangeCanceled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "newDelay",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "effectSchedule",
        "type": "uint48"
      }
    ],
    "name": "DefaultAdminDelayChangeScheduled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "DefaultAdminTransferCanceled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "newAdmin",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "acceptSchedule",
        "type": "uint48"
      }
    ],
    "name": "DefaultAdminTransferScheduled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "index",
        "type": "uint64"
      },
      {
        "indexed": true,
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "about",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes",
        "name": "entry",
        "type": "bytes"
      }
    ],
    "name": "Entry",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "Paused",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "previousAdminRole",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "newAdminRole",
        "type": "bytes32"
      }
    ],
    "name": "RoleAdminChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "sender",
        "type": "address"
      }
    ],
    "name": "RoleGranted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "sender",
        "type": "address"
      }
    ],
    "name": "RoleRevoked",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "Unpaused",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "ACCREDITOR_ROLE",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "DEFAULT_ADMIN_ROLE",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "acceptController",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "acceptDefaultAdminTransfer",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "did",
        "type": "string"
      },
      {
        "internalType": "uint16",
        "name": "roles",
        "type": "uint16"
      },
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "algorithm",
            "type": "uint8"
          },
          {
            "internalType": "bytes32",
            "name": "x",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "y",
            "type": "bytes32"
          }
        ],
        "internalType": "struct IPassportLedger.PublicKey",
        "name": "key",
        "type": "tuple"
      },
      {
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      },
      {
        "internalType": "uint64",
        "name": "deadline",
        "type": "uint64"
      },
      {
        "internalType": "bytes",
        "name": "proof",
        "type": "bytes"
      }
    ],
    "name": "accredit",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "kind",
            "type": "uint8"
          },
          {
            "internalType": "bytes",
            "name": "data",
            "type": "bytes"
          }
        ],
        "internalType": "struct IPassportLedger.Act[]",
        "name": "acts",
        "type": "tuple[]"
      }
    ],
    "name": "act",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "BatchRoot",
        "name": "root",
        "type": "bytes32"
      },
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "bytes32",
        "name": "manifest",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "lot",
            "type": "bytes32"
          },
          {
            "internalType": "uint64",
            "name": "milligrams",
            "type": "uint64"
          }
        ],
        "internalType": "struct IPassportLedger.Allocation[]",
        "name": "allocations",
        "type": "tuple[]"
      }
    ],
    "name": "anchor",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint16",
        "name": "roles",
        "type": "uint16"
      }
    ],
    "name": "assignRoles",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "newAdmin",
        "type": "address"
      }
    ],
    "name": "beginDefaultAdminTransfer",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "cancelDefaultAdminTransfer",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "newDelay",
        "type": "uint48"
      }
    ],
    "name": "changeDefaultAdminDelay",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "successor",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "codeHash",
        "type": "bytes32"
      }
    ],
    "name": "close",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "defaultAdmin",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "defaultAdminDelay",
    "outputs": [
      {
        "internalType": "uint48",
        "name": "",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "defaultAdminDelayIncreaseWait",
    "outputs": [
      {
        "internalType": "uint48",
        "name": "",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "IssuerId",
            "name": "issuer",
            "type": "bytes32"
          },
          {
            "internalType": "KeyId",
            "name": "key",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "grant",
            "type": "bytes32"
          },
          {
            "internalType": "uint64",
            "name": "list",
            "type": "uint64"
          },
          {
            "internalType": "uint16",
            "name": "word",
            "type": "uint16"
          }
        ],
        "internalType": "struct IPassportLedger.Question",
        "name": "question",
        "type": "tuple"
      }
    ],
    "name": "facts",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint64",
            "name": "blockNumber",
            "type": "uint64"
          },
          {
            "internalType": "uint64",
            "name": "blockTime",
            "type": "uint64"
          },
          {
            "internalType": "bool",
            "name": "paused",
            "type": "bool"
          },
          {
            "internalType": "bool",
            "name": "closed",
            "type": "bool"
          },
          {
            "internalType": "uint64",
            "name": "size",
            "type": "uint64"
          },
          {
            "internalType": "bytes32[]",
            "name": "peaks",
            "type": "bytes32[]"
          },
          {
            "components": [
              {
                "internalType": "uint32",
                "name": "number",
                "type": "uint32"
              },
              {
                "internalType": "uint16",
                "name": "roles",
                "type": "uint16"
              },
              {
                "internalType": "bool",
                "name": "suspended",
                "type": "bool"
              },
              {
                "internalType": "uint40",
                "name": "withdrawnSince",
                "type": "uint40"
              },
              {
                "internalType": "address",
                "name": "controller",
                "type": "address"
              }
            ],
            "internalType": "struct IPassportLedger.IssuerFacts",
            "name": "issuer",
            "type": "tuple"
          },
          {
            "components": [
              {
                "internalType": "uint16",
                "name": "purposes",
                "type": "uint16"
              },
              {
                "internalType": "uint40",
                "name": "validFrom",
                "type": "uint40"
              },
              {
                "internalType": "uint40",
                "name": "retiredAt",
                "type": "uint40"
              },
              {
                "internalType": "uint40",
                "name": "compromisedSince",
                "type": "uint40"
              },
              {
                "internalType": "uint64",
                "name": "nonce",
                "type": "uint64"
              }
            ],
            "internalType": "struct IPassportLedger.KeyFacts",
            "name": "key",
            "type": "tuple"
          },
          {
            "components": [
              {
                "internalType": "uint40",
                "name": "from",
                "type": "uint40"
              },
              {
                "internalType": "uint40",
                "name": "until",
                "type": "uint40"
              }
            ],
            "internalType": "struct IPassportLedger.GrantFacts",
            "name": "grant",
            "type": "tuple"
          },
          {
            "internalType": "uint256",
            "name": "revoked",
            "type": "uint256"
          },
          {
            "internalType": "uint256",
            "name": "superseded",
            "type": "uint256"
          }
        ],
        "internalType": "struct IPassportLedger.Facts",
        "name": "answer",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      }
    ],
    "name": "getRoleAdmin",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "number",
        "type": "uint32"
      },
      {
        "internalType": "string",
        "name": "prefix",
        "type": "string"
      }
    ],
    "name": "grantPrefix",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "grantRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "hasRole",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "isSubmitter",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "owner",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "pause",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "paused",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "pendingDefaultAdmin",
    "outputs": [
      {
        "internalType": "address",
        "name": "newAdmin",
        "type": "address"
      },
      {
        "internalType": "uint48",
        "name": "schedule",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "pendingDefaultAdminDelay",
    "outputs": [
      {
        "internalType": "uint48",
        "name": "newDelay",
        "type": "uint48"
      },
      {
        "internalType": "uint48",
        "name": "schedule",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "proposedController",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "reinstate",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "algorithm",
            "type": "uint8"
          },
          {
            "internalType": "bytes32",
            "name": "x",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "y",
            "type": "bytes32"
          }
        ],
        "internalType": "struct IPassportLedger.PublicKey",
        "name": "key",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "kind",
            "type": "uint8"
          },
          {
            "internalType": "bytes",
            "name": "data",
            "type": "bytes"
          }
        ],
        "internalType": "struct IPassportLedger.Act[]",
        "name": "acts",
        "type": "tuple[]"
      },
      {
        "internalType": "uint64",
        "name": "nonce",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "deadline",
        "type": "uint64"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "relay",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "renounceRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "list",
        "type": "uint64"
      },
      {
        "components": [
          {
            "internalType": "uint16",
            "name": "number",
            "type": "uint16"
          },
          {
            "internalType": "uint256",
            "name": "bits",
            "type": "uint256"
          }
        ],
        "internalType": "struct IPassportLedger.Word[]",
        "name": "words",
        "type": "tuple[]"
      }
    ],
    "name": "revokeByAuthority",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "role",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "revokeRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "rollbackDefaultAdminDelay",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes4",
        "name": "interfaceId",
        "type": "bytes4"
      }
    ],
    "name": "supportsInterface",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "suspend",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "number",
        "type": "uint32"
      },
      {
        "internalType": "string",
        "name": "prefix",
        "type": "string"
      },
      {
        "internalType": "uint64",
        "name": "since",
        "type": "uint64"
      }
    ],
    "name": "takeBackPrefix",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "treeHead",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "size",
        "type": "uint64"
      },
      {
        "internalType": "bytes32[]",
        "name": "peaks",
        "type": "bytes32[]"
      },
      {
        "internalType": "bytes32",
        "name": "root",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "unpause",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "since",
        "type": "uint64"
      }
    ],
    "name": "withdraw",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const;

export const bytecode = '0x610160604052348015610010575f5ffd5b50604051615c06380380615c0683398101604081905261002f91610653565b6040518060400160405280600e81526020016d2830b9b9b837b93a2632b233b2b960911b815250604051806040016040528060018152602001603160f81b8152508383846100c560016100896005846101d960201b60201c565b604080514660208201526001600160601b03193060601b16918101919091525f9081906054015b60408051601f1981840301815291905261020f565b506001600160a01b0381166100f457604051636116401160e11b81525f60048201526024015b60405180910390fd5b604280546001600160d01b0316600160d01b65ffffffffffff85160217905561011d5f826103c5565b50505061012f8261044460201b60201c565b6101205261013c81610444565b61014052815160208084019190912060e052815190820120610100524660a0526101c860e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c0525061082a9050565b6040805180820182525f808252602091820152815180830190925260ff841682526001600160a01b038316908201525b92915050565b5f54610100900460ff1615610237576040516326744f5d60e11b815260040160405180910390fd5b5f6001864342885f015189602001518760405160200161025d97969594939291906106b7565b6040516020818303038152906040529050612000815111156102a05780516040516315bf8a0760e21b8152600481019190915261200060248201526044016100eb565b5f5f60029054906101000a90046001600160401b031690505f6102e45f846040516020016102cf92919061071c565b60408051601f19818403018152919052610481565b90505f6001600160401b0383165b806001166001036103305761031b6001836040811061031357610313610743565b0154846104d0565b92506103268261076b565b915060011c6102f2565b50816001826040811061034557610345610743565b0155610352836001610783565b5f60026101000a8154816001600160401b0302191690836001600160401b031602179055508587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1876040516103b291906107d0565b60405180910390a4505050505050505050565b5f82158015906103f557507fb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f1448314155b1561041657604051631eb29f1560e11b8152600481018490526024016100eb565b6104208383610500565b905080156102095761020960026005851561043b573361043d565b845b8686610566565b5f5f829050601f8151111561046e578260405163305a27a960e01b81526004016100eb91906107d0565b8051610479826107e2565b179392505050565b5f6002826040516104929190610808565b602060405180830381855afa1580156104ad573d5f5f3e3d5ffd5b5050506040513d601f19601f820116820180604052508101906102099190610813565b604051600160f81b602082015260218101839052604181018290525f906104f9906061016102cf565b9392505050565b5f8261055c575f6105196043546001600160a01b031690565b6001600160a01b03161461054057604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b6104f983836105a8565b6105a18561057486866101d9565b5f5f1b8586866040516020016100b092919091825260601b6001600160601b031916602082015260340190565b5050505050565b5f8281526041602090815260408083206001600160a01b038516845290915281205460ff1661064c575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff191660011790556106043390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a4506001610209565b505f610209565b5f5f60408385031215610664575f5ffd5b825165ffffffffffff81168114610679575f5ffd5b60208401519092506001600160a01b0381168114610695575f5ffd5b809150509250929050565b5f81518060208401855e5f93019283525090919050565b6001600160f81b031960f889811b8216835288811b821660018401526001600160c01b031960c089811b8216600286015288901b16600a84015285901b166012820152601381018390525f61070f60338301846106a0565b9998505050505050505050565b60f883901b6001600160f81b03191681525f61073b60018301846106a0565b949350505050565b634e487b7160e01b5f52603260045260245ffd5b634e487b7160e01b5f52601160045260245ffd5b5f6001820161077c5761077c610757565b5060010190565b6001600160401b03818116838216019081111561020957610209610757565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b602081525f6104f960208301846107a2565b80516020808301519190811015610802575f198160200360031b1b821691505b50919050565b5f6104f982846106a0565b5f60208284031215610823575f5ffd5b5051919050565b60805160a05160c05160e05161010051610120516101405161538b61087b5f395f611ac101525f611a9601525f612dad01525f612d8501525f612ce001525f612d0a01525f612d34015261538b5ff3fe608060405234801561000f575f5ffd5b506004361061023f575f3560e01c80638da5cb5b11610135578063c98d580c116100b4578063d602b9fd11610079578063d602b9fd14610557578063e03fab551461055f578063f2d107a314610572578063f3b26ecc14610585578063fc7c6eee14610598575f5ffd5b8063c98d580c146104f3578063cc8463c814610506578063cefc14291461050e578063cf6eefb714610516578063d547741f14610544575f5ffd5b8063a1eda53c116100fa578063a1eda53c1461047f578063a217fddf146104a6578063ab35e394146104ad578063b1c4235d146104cd578063c4a5aa8d146104e0575f5ffd5b80638da5cb5b146103f15780638f8f851c146103f957806391d14854146104315780639990f083146104445780639f1afddf1461046c575f5ffd5b806336568abe116101c15780637f7745ef116101865780637f7745ef146103835780638456cb591461039657806384b0196e1461039e57806384ef8ffc146103b957806389099a63146103de575f5ffd5b806336568abe146103385780633f4ba83a1461034b5780635c975abb14610353578063634e93da1461035d578063649a5ec714610370575f5ffd5b8063203e71e211610207578063203e71e2146102b7578063248a9ca3146102ce57806327b381cf146102fe5780632b063386146103125780632f2ff15d14610325575f5ffd5b806301ffc9a714610243578063022d63fb1461026b5780630379bf10146102875780630aa6220b1461029c5780631a5e4dfc146102a4575b5f5ffd5b610256610251366004614273565b6105ab565b60405190151581526020015b60405180910390f35b620697805b60405165ffffffffffff9091168152602001610262565b61029a61029536600461429a565b6105d5565b005b61029a6106ba565b61029a6102b23660046142c2565b6106cf565b6102bf610780565b604051610262939291906142ec565b6102f06102dc36600461429a565b5f9081526041602052604090206001015490565b604051908152602001610262565b6102f05f5160206153365f395f51905f5281565b61029a6103203660046144bf565b610801565b61029a610333366004614577565b610863565b61029a610346366004614577565b61088b565b61029a610931565b5f5460ff16610256565b61029a61036b3660046145a5565b61095d565b61029a61037e3660046145c0565b610970565b61029a6103913660046145e5565b610983565b61029a610a04565b6103a6610a2e565b6040516102629796959493929190614634565b6043546001600160a01b03165b6040516001600160a01b039091168152602001610262565b61029a6103ec36600461429a565b610a70565b6103c6610a7c565b610256610407366004614577565b5f918252604b602090815260408084206001600160a01b0393909316845291905290205460ff1690565b61025661043f366004614577565b610a94565b6103c661045236600461429a565b5f908152604c60205260409020546001600160a01b031690565b61029a61047a366004614711565b610abe565b610487610b37565b6040805165ffffffffffff938416815292909116602083015201610262565b6102f05f81565b6104c06104bb366004614758565b610b89565b60405161026291906147ab565b61029a6104db36600461429a565b610d60565b61029a6104ee36600461491d565b610d6d565b61029a6105013660046149b9565b610df0565b610270610ea6565b61029a610f04565b61051e610f43565b604080516001600160a01b03909316835265ffffffffffff909116602083015201610262565b61029a610552366004614577565b610f64565b61029a610f8c565b61029a61056d366004614a1c565b610f9e565b61029a610580366004614a6e565b611026565b61029a610593366004614aa3565b611093565b61029a6105a6366004614bef565b61111a565b5f6001600160e01b031982166318a4c3c360e11b14806105cf57506105cf8261113f565b92915050565b6105de81611173565b505f818152604c60205260409020546001600160a01b031633146106235760405163bc2b8c8d60e01b8152600481018290523360248201526044015b60405180910390fd5b5f818152604c6020526040902080546001600160a01b031916905533610648826111d3565b80546001600160a01b0392909216600160601b026bffffffffffffffffffffffff9092169190911790556040513360601b6001600160601b03191660208201525f9060340160405160208183030381529060405290506106b660186106ae60013361120d565b845f85611244565b5050565b5f6106c481611279565b6106cc611283565b50565b5f6106d86112d8565b90505f6106e48461130c565b805490915061ffff80851664010000000090920416036107245760405163576f4a3560e11b81526004810185905261ffff8416602482015260440161061a565b805465ffff00000000191664010000000061ffff8516021781556040516001600160f01b031960f085901b16602082015261077a90601490849087905f906022015b604051602081830303815290604052611244565b50505050565b5f60605f61078c611360565b805191945092505f906107a190600190614c4b565b90508281815181106107b5576107b5614c5e565b602002602001015191505b80156107fb576107cf81614c72565b90506107f48382815181106107e6576107e6614c5e565b602002602001015183611452565b91506107c0565b50909192565b5f61080a6112d8565b90505f610819828a8a8a611492565b865190915060ff16600114610849578551604051637a4f073b60e11b815260ff909116600482015260240161061a565b610858828289898989896115aa565b505050505050505050565b8161088157604051631fe1e13d60e11b815260040160405180910390fd5b6106b682826117c1565b811580156108a657506043546001600160a01b038281169116145b15610927575f5f6108b5610f43565b90925090506001600160a01b0382161515806108d7575065ffffffffffff8116155b806108ea57504265ffffffffffff821610155b15610912576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161061a565b50506042805465ffffffffffff60a01b191690555b6106b682826117e5565b61093a5f611279565b610942611818565b61095b600960405180602001604052805f815250611869565b565b5f61096781611279565b6106b682611880565b5f61097a81611279565b6106b68261192c565b5f61098c6112d8565b90505f610998846111d3565b80549091506109b6908490600160381b900464ffffffffff166119cc565b815464ffffffffff91909116600160381b0264ffffffffff60381b1990911617815560405160c084901b6001600160c01b031916602082015261077a90601390849087905f90602801610766565b610a0d5f611279565b610a15611a53565b61095b600860405180602001604052805f815250611869565b5f6060805f5f5f6060610a3f611a8f565b610a47611aba565b604080515f80825260208201909252600f60f81b9b939a50919850469750309650945092509050565b6106cc6012825f611ae5565b5f610a8f6043546001600160a01b031690565b905090565b5f9182526041602090815260408084206001600160a01b0393909316845291905290205460ff1690565b5f610ac884611b6f565b905080608001516001600160a01b0316336001600160a01b031614610b095760405163a78e4aa560e01b81526004810185905233602482015260440161061a565b61077a6040518060600160405280868152602001838152602001610b2e60013361120d565b90528484611c0e565b6043545f90600160d01b900465ffffffffffff168015158015610b6257504265ffffffffffff821610155b610b6d575f5f610b81565b604354600160a01b900465ffffffffffff16815b915091509091565b610c3560408051610160810182525f80825260208083018290528284018290526060808401839052608080850184905260a08086018390528651808201885285815280850186905280880186905280840186905280830186905260c087015286519081018752848152808401859052808701859052918201849052810183905260e084015283518085019094528184528301529061010082019081526020015f81526020015f81525090565b6001600160401b034381168252421660208201528135610c565f5460ff1690565b151560408301525f54610100900460ff1615156060830152610c76611360565b60a08401526001600160401b03166080830152610c9281611c6e565b60c0830152610ca5816020850135611d0e565b60e08301526040805180820182525f808252602091820181905283815260498252828120868401358252825282902082518084019093525464ffffffffff8082168452650100000000009091041690820152610100830152610d2881610d116080860160608701614c87565b6001610d2360a0880160808901614ca0565b611db1565b610120830152610d5481610d426080860160608701614c87565b6002610d2360a0880160808901614ca0565b61014083015250919050565b6106cc6011826001611ae5565b610d7682611dfb565b5f610d8087611e36565b9050610d8d888286611f2b565b610da68188610da08b858b8b8b8b611fc9565b85612194565b610de660405180606001604052808a8152602001610dc38b611b6f565b815260408051808201909152600381526020818101869052909101528787611c0e565b5050505050505050565b5f610df96112d8565b90505f5f5f610e09888888612237565b8154929550909350915064ffffffffff165f03610e4357604051630d242df960e41b8152600481018990526024810184905260440161061a565b8154610e6090869065010000000000900464ffffffffff166119cc565b825464ffffffffff91909116650100000000000269ffffffffff000000000019909116178255604051610de69060169086908b9087906107669087908c90602001614cd0565b6043545f90600160d01b900465ffffffffffff168015158015610ed057504265ffffffffffff8216105b610eeb57604254600160d01b900465ffffffffffff16610efe565b604354600160a01b900465ffffffffffff165b91505090565b5f610f0d610f43565b509050336001600160a01b03821614610f3b57604051636116401160e11b815233600482015260240161061a565b6106cc6122a5565b6042546001600160a01b03811691600160a01b90910465ffffffffffff1690565b81610f8257604051631fe1e13d60e11b815260040160405180910390fd5b6106b6828261233b565b5f610f9681611279565b6106cc61235f565b5f610fa76112d8565b9050610fb28461130c565b505f5f5f610fc1878787612237565b8154929550909350915064ffffffffff1615610ffa57604051634197e27b60e11b8152600481018890526024810184905260440161061a565b815464ffffffffff19164264ffffffffff1617825561101d601585898685611244565b50505050505050565b61102f5f611279565b61107b600a8484846040516020016110679392919092835260609190911b6001600160601b0319166020830152603482015260540190565b604051602081830303815290604052611869565b61108e5f805461ff001916610100179055565b505050565b5f61109d87611173565b60808101519091506001906001600160a01b031633146110fd575f888152604b6020908152604080832033845290915290205460ff166110f95760405163a78e4aa560e01b81526004810189905233602482015260440161061a565b5060025b610de661110a823361120d565b60208401518a908a8a8a896123b4565b5f6111236112d8565b905061112e846111d3565b5061077a8185856001600587612493565b5f6001600160e01b03198216637965db0b60e01b14806105cf57506301ffc9a760e01b6001600160e01b03198316146105cf565b6040805160a0810182525f808252602082018190529181018290526060810182905260808101919091526111a682611b6f565b90508060400151156111ce57604051631a6fd3b960e21b81526004810183905260240161061a565b919050565b5f8181526047602052604081208054909163ffffffff90911690036111ce5760405162c976b360e81b81526004810183905260240161061a565b604080518082019091525f8082526020820152506040805180820190915260ff9290921682526001600160a01b0316602082015290565b61127285858585878660405160200161125e929190614cf7565b60405160208183030381529060405261255b565b5050505050565b6106cc81336126fc565b5f61128c610b37565b9150508065ffffffffffff165f036112b7576040516328e9001b60e01b815260040160405180910390fd5b6112bf612735565b6106cc600760405180602001604052805f815250611869565b604080518082019091525f80825260208201526113015f5160206153365f395f51905f52611279565b610a8f60043361120d565b5f611316826111d3565b8054909150600160381b900464ffffffffff16156111ce578054604051633b317f1b60e11b815260048101849052600160381b90910464ffffffffff16602482015260440161061a565b5f80546201000090046001600160401b031690606090825b801561139a5761138782614d08565b9150611394600182614c4b565b16611378565b50806001600160401b038111156113b3576113b361434a565b6040519080825280602002602001820160405280156113dc578160200160208202803683370190505b5091505f5b811561144c5760016001600160401b038516821c8116900361143c576001816040811061141057611410614c5e565b01548361141c84614c72565b9350838151811061142f5761142f614c5e565b6020026020010181815250505b61144581614d08565b90506113e1565b50509091565b604051600160f81b602082015260218101839052604181018290525f9061148b906061015b60405160208183030381529060405261273f565b9392505050565b5f5f61149d8561278e565b90506114a88561273f565b5f81815260476020526040902080549193509063ffffffff1680156114ef5760405163ed8f8c8160e01b81526004810185905263ffffffff8216602482015260440161061a565b604680545f906115049063ffffffff16614d20565b82546101009290920a63ffffffff8181021990931692821690810292909217909255835465ffffffffffff19161764010000000061ffff891602176bffffffffffffffffffffffff16600160601b6001600160a01b038816021783556040519091505f9061157e9083908990899088908d90602001614d44565b60408051601f19818403018152919052905061159e60108a875f85611244565b50505050949350505050565b6115b382611dfb565b83515f9060ff166001146115c85760016115cb565b600f5b905061ffff841615806115e4575061ffff811985161615155b156116145784516040516392163fcd60e01b815260ff909116600482015261ffff8516602482015260440161061a565b5f61161e86611e36565b5f898152604860209081526040808320848452909152902080549192509061ffff16156116685760405163370a07b160e01b8152600481018a90526024810183905260440161061a565b865160ff165f19016116f857604080517fd68d3ad4b96af8e133bcecc9579fa0e42f2fe10839c06965f0ec07741266a1b960208201529081018a90526001600160a01b038916606082015261ffff871660808201526001600160401b03861660a08201526116f3908390899060c0016040516020818303038152906040528051906020012087612194565b611721565b8351156117215760405163e7ed444760e01b8152600481018390525f602482015260440161061a565b805466ffffffffffffff191661ffff8716176201000064ffffffffff42160217815586516020808901516040808b015181519384018790526001600160f81b031960f89590951b94909416838201526001600160f01b031960f08b901b166041840152604383019190915260638083019390935280518083039093018352608390910190526117b4601b8c8c8685611244565b5050505050505050505050565b5f828152604160205260409020600101546117db81611279565b61077a83836127c0565b6001600160a01b038116331461180e5760405163334bd91960e11b815260040160405180910390fd5b61108e828261282c565b611820612889565b5f805460ff191690557f5db9ee0a495bf2e6ff9c91a7834c1ba4fdd244a5e8aa4e537bd38aeae4b073aa335b6040516001600160a01b03909116815260200160405180910390a1565b6106b68261187860053361120d565b5f808561255b565b5f5f61188a610f43565b91509150611897836128ab565b5f6118a0610f43565b915050826001600160a01b0316846001600160a01b03161480156118d357508165ffffffffffff168165ffffffffffff16145b156118f1576040516328e9001b60e01b815260040160405180910390fd5b6040516001600160601b0319606086901b16602082015265ffffffffffff60c01b60c083901b16603482015261077a90600490603c01611067565b5f5f611936610b37565b915091506119438361291d565b5f61194c610b37565b9150508265ffffffffffff168465ffffffffffff1614801561197d57508165ffffffffffff168165ffffffffffff16145b1561199b576040516328e9001b60e01b815260040160405180910390fd5b60405165ffffffffffff60c01b60c086811b8216602084015283901b16602882015261077a90600690603001611067565b5f8064ffffffffff8316156119f2576119e6600184614da0565b64ffffffffff166119f4565b425b90506001600160401b0384161580611a14575080846001600160401b0316115b15611a4b5760405163091bdcc360e41b81526001600160401b0385166004820152600160248201526044810182905260640161061a565b509192915050565b611a5b61298c565b5f805460ff191660011790557f62e78cea01bee320cd4e420270b5ea74000d11b0c9f74754ebdbfc544b05a25861184c3390565b6060610a8f7f00000000000000000000000000000000000000000000000000000000000000006129af565b6060610a8f7f00000000000000000000000000000000000000000000000000000000000000006129af565b5f611aee6112d8565b90505f611afa8461130c565b8054909150831515600160301b90910460ff16151503611b385760405163e4eadf4360e01b815260048101859052831515602482015260440161061a565b805466ff0000000000001916600160301b8415150217815560408051602081019091525f8082526112729187918591889190611244565b6040805160a0810182525f80825260208201819052918101829052606081018290526080810191909152611ba282611c6e565b805190915063ffffffff165f03611bce5760405162c976b360e81b81526004810183905260240161061a565b606081015164ffffffffff16156111ce576060810151604051633b317f1b60e11b81526004810184905264ffffffffff909116602482015260440161061a565b5f819003611c2f57604051639a55189560e01b815260040160405180910390fd5b5f5b8181101561077a57611c6684848484818110611c4f57611c4f614c5e565b9050602002810190611c619190614dbd565b6129ec565b600101611c31565b6040805160a0810182525f80825260208201819052918101829052606081018290526080810191909152505f90815260476020908152604091829020825160a081018452905463ffffffff81168252640100000000810461ffff1692820192909252600160301b820460ff16151592810192909252600160381b810464ffffffffff166060830152600160601b90046001600160a01b0316608082015290565b6040805160a0810182525f80825260208201819052918101829052606081018290526080810191909152505f91825260486020908152604080842092845291815291819020815160a081018352905461ffff8116825262010000810464ffffffffff90811694830194909452600160381b8104841692820192909252600160601b82049092166060830152600160881b90046001600160401b0316608082015290565b5f6102008261ffff1610611dc5575f611df2565b5f858152604a602052604081209061ffff8416611de28787612c52565b1781526020019081526020015f20545b95945050505050565b806001600160401b03164211156106cc57604051631ef7407960e11b81526001600160401b038216600482015242602482015260440161061a565b5f5f611e668360200151604051602001611e5291815260200190565b604051602081830303815290604052612c7c565b9050600160ff16835f015160ff1603611eb4575f611e948460400151604051602001611e5291815260200190565b9050611eac8282604051602001611477929190614ddb565b949350505050565b825160ff16600214611ee1578251604051637a4f073b60e11b815260ff909116600482015260240161061a565b604083015115611f1757602083015160408085015190516303429c9760e31b81526004810192909252602482015260440161061a565b61148b816040516020016114779190614e3a565b5f611f368484612c89565b80549091506001600160401b03838116600160881b9092041614611f9257805460405163374e43db60e01b8152600481018590526001600160401b038085166024830152600160881b909204909116604482015260640161061a565b611f9d826001614e88565b81546001600160401b0391909116600160881b0267ffffffffffffffff60881b19909116179055505050565b5f80846001600160401b03811115611fe357611fe361434a565b60405190808252806020026020018201604052801561200c578160200160208202803683370190505b5090505f5b858110156120f0573687878381811061202c5761202c614c5e565b905060200281019061203e9190614dbd565b90507f80ef2a1a7635e18768b758cf269c71f09b87e8b4d1a4539a841a266b6260380561206e6020830183614ea7565b61207b6020840184614ec0565b604051612089929190614f02565b6040519081900381206120b493929160200192835260ff919091166020830152604082015260600190565b604051602081830303815290604052805190602001208383815181106120dc576120dc614c5e565b602090810291909101015250600101612011565b507f71f13a4fae068041d35c317e0abca0ab6ac1bc5c34f15fe4ffa920c9e6a0cee58888836040516020016121259190614f11565b60408051601f19818403018152828252805160209182012090830195909552810192909252606082015260808101919091526001600160401b0380861660a0830152841660c082015260e001604051602081830303815290604052805190602001209150509695505050505050565b5f6121c56121a0612cd4565b60405161190160f01b6020820152602281019190915260428101859052606201611477565b82519091506040148015612207575f5f848060200190518101906121e99190614f46565b915091506122028483838a602001518b60400151612dfd565b925050505b8061222f5760405163e7ed444760e01b8152600481018790526024810183905260440161061a565b505050505050565b5f5f60606122518585604051602001611477929190614f68565b5f87815260496020908152604080832084845290915290209093509150846122788561278e565b8560405160200161228b93929190614f87565b604051602081830303815290604052905093509350939050565b5f5f6122af610f43565b915091506122c48165ffffffffffff16151590565b15806122d857504265ffffffffffff821610155b15612300576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161061a565b61231b5f6123166043546001600160a01b031690565b61282c565b506123265f836127c0565b5050604280546001600160d01b031916905550565b5f8281526041602052604090206001015461235581611279565b61077a838361282c565b5f612368610f43565b9150508065ffffffffffff165f03612393576040516328e9001b60e01b815260040160405180910390fd5b61239b612e36565b6106cc600560405180602001604052805f815250611869565b6123bc61298c565b8215806123ca575061400083115b156123f357604051635532007b60e01b815260048101849052614000602482015260440161061a565b5f8290036124175760405163b5e613d960e01b81526004810185905260240161061a565b80156124395760405163c57a6d9160e01b81526004810182905260240161061a565b6040516001600160f01b031960f087811b821660208401526022830187905285901b166042820152604481018390525f60648201819052906065016040516020818303038152906040529050610de6602089898885611244565b805115806124a2575060c88151115b156124cc57805160405162fc911760e01b8152600481019190915260c8602482015260440161061a565b5f5f6124e2876124dc8888612c52565b85612e40565b91509150815f0361251857604051636647f16360e01b8152600481018890526001600160401b038716602482015260440161061a565b5f8686868585604051602001612532959493929190614fba565b60408051601f19818403018152919052905061085860308a8a6001600160401b038b1685611244565b5f54610100900460ff1615612583576040516326744f5d60e11b815260040160405180910390fd5b5f6001864342885f01518960200151876040516020016125a99796959493929190615001565b6040516020818303038152906040529050612000815111156125ec5780516040516315bf8a0760e21b81526004810191909152612000602482015260440161061a565b5f5f60029054906101000a90046001600160401b031690505f61261b5f84604051602001611477929190615066565b90505f6001600160401b0383165b80600116600103612667576126526001836040811061264a5761264a614c5e565b015484611452565b925061265d82614d08565b915060011c612629565b50816001826040811061267c5761267c614c5e565b0155612689836001614e88565b5f60026101000a8154816001600160401b0302191690836001600160401b031602179055508587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1876040516126e99190615085565b60405180910390a4505050505050505050565b6127068282610a94565b6106b65760405163e2517d3f60e01b81526001600160a01b03821660048201526024810183905260440161061a565b61095b5f5f612fad565b5f6002826040516127509190615097565b602060405180830381855afa15801561276b573d5f5f3e3d5ffd5b5050506040513d601f19601f820116820180604052508101906105cf91906150a2565b80515f9080158061279f575060ff81115b156105cf5760405163e5096e2d60e01b81526004810182905260240161061a565b5f82158015906127dd57505f5160206153365f395f51905f528314155b156127fe57604051631eb29f1560e11b81526004810184905260240161061a565b612808838361306c565b905080156105cf576105cf6002600585156128235733612825565b845b86866130d2565b5f612837838361310d565b905080156105cf575f5f5160206153365f395f51905f528414801561286457506001600160a01b03831633145b61286f576005612872565b60045b90506128826003823387876130d2565b5092915050565b5f5460ff1661095b57604051638dfc202b60e01b815260040160405180910390fd5b5f6128b4610ea6565b6128bd42613149565b6128c791906150b9565b90506128d3828261317f565b60405165ffffffffffff821681526001600160a01b038316907f3377dc44241e779dd06afab5b788a35ca5f3b778836e2990bdb26a2a4b2e5ed69060200160405180910390a25050565b5f612927826131fc565b61293042613149565b61293a91906150b9565b90506129468282612fad565b6040805165ffffffffffff8085168252831660208201527ff1038c18cf84a56e432fdbfaf746924b7ea511dfe03a6506a0ceba4888788d9b910160405180910390a15050565b5f5460ff161561095b5760405163d93c066560e01b815260040160405180910390fd5b60605f6129bb83613243565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b81515f6129fc6020840184614ea7565b9050365f612a0d6020860186614ec0565b9092509050601f1960ff841601612a6757612a2a8660025f61326a565b5f808080612a3a858701876150d7565b9350935093509350612a5e8a60400151898c602001516020015187878787516123b4565b5050505061222f565b602f1960ff841601612b2a575f808080612a83858701876151b1565b9350935093509350600160ff168360ff1603612aab57612aa68a6004600161326a565b612ae1565b60011960ff841601612ac357612aa68a60025f61326a565b60405163126c7b3960e21b815260ff8416600482015260240161061a565b60ff82161580612af55750600560ff831610155b15612b1857604051630605397960e11b815260ff8316600482015260240161061a565b612a5e8a604001518986868686612493565b601a1960ff841601612b7557612b428660085f61326a565b5f808080612b528587018761521b565b9350935093509350612a5e8a60400151898c6020015160800151878787876115aa565b60ff8316601c1480612b8a575060ff8316601d145b15612bc657612b9c866008600161326a565b5f80612baa838501856145e5565b91509150612bbf858960400151888585613310565b505061222f565b60161960ff841601612bf857612bde8660085f61326a565b612bf386612bee838501856145a5565b613448565b61222f565b60ff831660191480612c0d575060ff8316601a145b15612c3457612c1e8660085f61326a565b612bf38684612c2f848601866145a5565b613563565b604051632121f85560e01b815260ff8416600482015260240161061a565b5f6009612c6060018461527a565b60ff16901b600a846001600160401b0316901b17905092915050565b60606105cf82600161361f565b5f82815260486020908152604080832084845290915281208054909161ffff90911690036105cf57604051633397932560e01b8152600481018490526024810183905260440161061a565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612d2c57507f000000000000000000000000000000000000000000000000000000000000000046145b15612d5657507f000000000000000000000000000000000000000000000000000000000000000090565b610a8f604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f5f612e0d888888888861379e565b9150915080612e2857612e238888888888613879565b612e2a565b815b98975050505050505050565b61095b5f5f61317f565b5f606060228351612e519190615293565b6001600160401b03811115612e6857612e6861434a565b6040519080825280601f01601f191660200182016040528015612e92576020820181803683370190505b505f868152604a60205260408120919250805b8551811015612f9c575f868281518110612ec157612ec1614c5e565b60200260200101515f015161ffff16905082811080612ee257506102008110155b15612f0357604051638bfcfd0760e01b81526004810182905260240161061a565b612f0e8160016152aa565b8882175f908152602086905260408120548951929550918219908a9086908110612f3a57612f3a614c5e565b602002602001015160200151169050805f03612f5857505050612f94565b8983175f90815260208781526040909120838317905560f084901b60228a81028a019283019190915201819052612f8e88614d08565b97505050505b600101612ea5565b506022840283525050935093915050565b604354600160d01b900465ffffffffffff16801561302f574265ffffffffffff8216101561300657604354604280546001600160d01b0316600160a01b90920465ffffffffffff16600160d01b0291909117905561302f565b6040517f2b1fa2edafe6f7b9e97c1a9e0c3660e645beb2dcaa2d45bdbf9beaf5472e1ec5905f90a15b50604380546001600160a01b0316600160a01b65ffffffffffff948516026001600160d01b031617600160d01b9290931691909102919091179055565b5f826130c8575f6130856043546001600160a01b031690565b6001600160a01b0316146130ac57604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b61148b8383613929565b611272856130e0868661120d565b5f5f1b85868660405160200161125e92919091825260601b6001600160601b031916602082015260340190565b5f8215801561312957506043546001600160a01b038381169116145b1561313f57604380546001600160a01b03191690555b61148b83836139ba565b5f65ffffffffffff82111561317b576040516306dfcc6560e41b8152603060048201526024810183905260440161061a565b5090565b5f613188610f43565b6042805465ffffffffffff8616600160a01b026001600160d01b03199091166001600160a01b0388161717905591506131ca90508165ffffffffffff16151590565b1561108e576040517f8886ebfc4259abdbc16601dd8fb5678e54878f47b3c34836cfc51154a9605109905f90a1505050565b5f5f613206610ea6565b90508065ffffffffffff168365ffffffffffff161161322e5761322983826152bd565b61148b565b61148b65ffffffffffff841662069780613a25565b5f60ff8216601f8111156105cf57604051632cd44ac360e21b815260040160405180910390fd5b826020015160400151801561327d575080155b156132a1578251604051631a6fd3b960e21b8152600481019190915260240161061a565b60408301515160ff166002190161108e5760408301516020015183515f906132c99083613a34565b905083811661ffff165f03611272578451604051630eb5e2e160e31b815260048101919091526024810183905261ffff80831660448301528516606482015260840161061a565b5f61331b8484612c89565b9050601b1960ff8716016133da578054600160381b900464ffffffffff165f81156133505761334b600183614da0565b613357565b64ffffffffff5b64ffffffffff16905042846001600160401b0316108061337f575080846001600160401b0316115b156133b55760405163091bdcc360e41b81526001600160401b03851660048201524260248201526044810182905260640161061a565b5050805464ffffffffff60381b1916600160381b64ffffffffff841602178155613418565b80546133f5908390600160601b900464ffffffffff166119cc565b815464ffffffffff91909116600160601b0264ffffffffff60601b199091161781555b61222f86868686878760405160200161076692919091825260c01b6001600160c01b031916602082015260280190565b81516020830151608001516001600160a01b03811615801590613474575060408401515160ff16600114155b156134a45760405163bed8d01360e01b8152600481018390526001600160a01b038216602482015260440161061a565b5f828152604c60205260409020546001600160a01b03848116911614806134dc5750806001600160a01b0316836001600160a01b0316145b1561350c576040516357d1d5bd60e01b8152600481018390526001600160a01b038416602482015260440161061a565b5f828152604c6020908152604080832080546001600160a01b0319166001600160a01b0388161790558681015190516001600160601b0319606088901b169281019290925261077a92601792869190603401610766565b82515f818152604b602090815260408083206001600160a01b038616845290915290205460ff848116601914911615158190036135c55760405163fac43c4160e01b8152600481018390526001600160a01b038416602482015260440161061a565b5f828152604b602090815260408083206001600160a01b03871684528252808320805460ff19168515151790558781015190516001600160601b0319606088901b1692810192909252611272928792869190603401610766565b606082515f0361363d575060408051602081019091525f81526105cf565b5f8261366d5760038451600261365391906152aa565b61365d91906152ef565b613668906004615293565b613692565b60038451600461367d9190615293565b6136889060026152aa565b61369291906152ef565b905060405191507f4142434445464748494a4b4c4d4e4f505152535455565758595a616263646566601f5261067083027f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392b2f18603f526020820181810185865187016020810180515f82525b82841015613750576003840193508351603f8160121c16518753600187019650603f81600c1c16518753600187019650603f8160061c16518753600187019650603f8116518753506001860195506136fd565b9052508590506137915760038651066001811461377457600281146137875761378f565b603d6001840353603d600284035361378f565b603d60018403535b505b9183525060405292915050565b5f5f6137aa8686613ad1565b15806137bd57506137bb8484613b28565b155b156137cd57505f9050600161386f565b6137da8787878787613b8c565b156137ea5750600190508061386f565b6138597fbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023600560017fa71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac9577f5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b613b8c565b1561386957505f9050600161386f565b505f9050805b9550959350505050565b5f6138848585613ad1565b158061389757506138958383613b28565b155b156138a357505f611df2565b5f6138ae8484613bcc565b90505f6138c8865f5160206153165f395f51905f52613dbf565b90505f5f5160206153165f395f51905f52828a0990505f5f5160206153165f395f51905f52838a0990505f6138fe858484613dce565b509050896139195f5160206153165f395f51905f5283615302565b149b9a5050505050505050505050565b5f6139348383610a94565b6139b3575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff1916600117905561396b3390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a45060016105cf565b505f6105cf565b5f6139c58383610a94565b156139b3575f8381526041602090815260408083206001600160a01b0386168085529252808320805460ff1916905551339286917ff6391f5c32d9c69d2a47ea670b442974b53935d1edc7fd64eb21e047a839171b9190a45060016105cf565b5f82821882841002821861148b565b5f5f613a408484611d0e565b90505f816040015164ffffffffff165f14158015613a69575042826040015164ffffffffff1611155b90508080613a815750606082015164ffffffffff1615155b15613ac85760408083015160608401519151634fb84e8960e01b8152600481018890526024810187905264ffffffffff91821660448201529116606482015260840161061a565b50519392505050565b5f8215801590613aed57505f5160206153165f395f51905f5283105b8015613af857508115155b801561148b5750507f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a81015919050565b5f600160601b63ffffffff60c01b031980838409817f5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b8387856003600160601b0363ffffffff60c01b0319878b8c0908090894821191909310169190921416919050565b5f6040518681528560208201528460408201528360608201528260808201525f5f5260205f60a0836101005afa613bbf57fe5b50505f5195945050505050565b613bd461422c565b60405180606001604052805f81526020015f81526020015f815250815f60108110613c0157613c01614c5e565b60200201819052506040518060600160405280848152602001838152602001600181525081600160108110613c3857613c38614c5e565b602002018190525060405180606001604052807f6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c29681526020017f4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f58152602001600181525081600460108110613caf57613caf614c5e565b6020020152613cc58160015b6020020151613ef2565b6040820152613cd5816004613cbb565b6101008201526020810151613cf2908260025b6020020151613f4e565b6060820152613d0b8160015b6020020151826004613ce8565b60a0820152613d1b816002613cfe565b60c0820152613d2b816003613cfe565b60e0820152613d448160015b6020020151826008613ce8565b610120820152613d55816002613d37565b610140820152613d66816003613d37565b610160820152613d77816004613d37565b610180820152613d918160015b602002015182600c613ce8565b6101a0820152613da2816002613d84565b6101c0820152613db3816003613d84565b6101e082015292915050565b5f61148b836002840384613fac565b5f80808080805b6080811015613ed6578115613e0957613def848484613fcd565b91955093509150613e01848484613fcd565b919550935091505b600c60fc89901c1660fe88901c17898160108110613e2957613e29614c5e565b60200201516040015115613ec257825f03613e9857898160108110613e5057613e50614c5e565b6020020151518a8260108110613e6857613e68614c5e565b6020020151602001518b8360108110613e8357613e83614c5e565b60200201516040015191965094509250613ec2565b613eba8a8260108110613ead57613ead614c5e565b6020020151868686614050565b919650945092505b50600297881b979690961b95600101613dd5565b50613ee283838361417c565b945094505050505b935093915050565b613f1360405180606001604052805f81526020015f81526020015f81525090565b5f5f5f613f2c855f015186602001518760400151613fcd565b6040805160608101825293845260208401929092529082015295945050505050565b613f6f60405180606001604052805f81526020015f81526020015f81525090565b5f5f5f613f8986865f015187602001518860400151614050565b604080516060810182529384526020840192909252908201529695505050505050565b5f5f5f613fba8686866141c9565b9150915081611df257611df2601261421b565b5f5f5f600160601b63ffffffff60c01b031980868709818687098283848384096003600160601b0363ffffffff60c01b03190984858c8d096003090890508283838b09600409838482600209850385848509089650838485858609600809850385868a880385088509089550505050808186880960020991505093509350939050565b5f5f5f600160601b63ffffffff60c01b0319604088015181818209828388858a8b090960208c0151098381850385868686098c090884858a8b098d51098581870387868f09089350811584151680156140b057600181146140f65761416b565b868586098788898386096002098903898a848a098b038b88890908089a5087888983890987098903898a8e8c038c8689090887090899505086878c88098609975061416b565b8c8c8c898283098a8283098b8c8d8384096003600160601b0363ffffffff60c01b0319098d8e8889096003090890508b8c83870960040994508b8c866002098d038d838409089e508b8c8384096008098c0391508b8f8d03860894508b828d878409089d505050898a8284096002099a505050505b505050505050509450945094915050565b5f5f825f0361418f57505f905080613eea565b600160601b63ffffffff60c01b03195f6141a98583613dbf565b905081818209828189099450828383830988099350505050935093915050565b5f5f825f036141dc57505f905080613eea565b60405160208152602080820152602060408201528560608201528460808201528360a082015260205f60c08360055afa9250505f519050935093915050565b634e487b715f52806020526024601cfd5b6040518061020001604052806010905b61425d60405180606001604052805f81526020015f81526020015f81525090565b81526020019060019003908161423c5790505090565b5f60208284031215614283575f5ffd5b81356001600160e01b03198116811461148b575f5ffd5b5f602082840312156142aa575f5ffd5b5035919050565b803561ffff811681146111ce575f5ffd5b5f5f604083850312156142d3575f5ffd5b823591506142e3602084016142b1565b90509250929050565b5f606082016001600160401b0386168352606060208401528085518083526080850191506020870192505f5b81811015614336578351835260209384019390920191600101614318565b505060409390930193909352509392505050565b634e487b7160e01b5f52604160045260245ffd5b604080519081016001600160401b03811182821017156143805761438061434a565b60405290565b604051601f8201601f191681016001600160401b03811182821017156143ae576143ae61434a565b604052919050565b5f82601f8301126143c5575f5ffd5b8135602083015f5f6001600160401b038411156143e4576143e461434a565b50601f8301601f19166020016143f981614386565b91505082815285838301111561440d575f5ffd5b828260208301375f92810160200192909252509392505050565b6001600160a01b03811681146106cc575f5ffd5b803560ff811681146111ce575f5ffd5b5f6060828403121561445b575f5ffd5b604051606081016001600160401b038111828210171561447d5761447d61434a565b60405290508061448c8361443b565b815260208381013590820152604092830135920191909152919050565b80356001600160401b03811681146111ce575f5ffd5b5f5f5f5f5f5f5f610120888a0312156144d6575f5ffd5b87356001600160401b038111156144eb575f5ffd5b6144f78a828b016143b6565b975050614506602089016142b1565b9550604088013561451681614427565b94506145258960608a0161444b565b935061453360c089016142b1565b925061454160e089016144a9565b91506101008801356001600160401b0381111561455c575f5ffd5b6145688a828b016143b6565b91505092959891949750929550565b5f5f60408385031215614588575f5ffd5b82359150602083013561459a81614427565b809150509250929050565b5f602082840312156145b5575f5ffd5b813561148b81614427565b5f602082840312156145d0575f5ffd5b813565ffffffffffff8116811461148b575f5ffd5b5f5f604083850312156145f6575f5ffd5b823591506142e3602084016144a9565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b60ff60f81b8816815260e060208201525f61465260e0830189614606565b82810360408401526146648189614606565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b818110156146b957835183526020938401939092019160010161469b565b50909b9a5050505050505050505050565b5f5f83601f8401126146da575f5ffd5b5081356001600160401b038111156146f0575f5ffd5b6020830191508360208260051b850101111561470a575f5ffd5b9250929050565b5f5f5f60408486031215614723575f5ffd5b8335925060208401356001600160401b0381111561473f575f5ffd5b61474b868287016146ca565b9497909650939450505050565b5f60a0828403128015614769575f5ffd5b509092915050565b5f8151808452602084019350602083015f5b828110156147a1578151865260209586019590910190600101614783565b5093949350505050565b602081526147c56020820183516001600160401b03169052565b5f60208301516147e060408401826001600160401b03169052565b506040830151801515606084015250606083015180151560808401525060808301516001600160401b03811660a08401525060a083015161028060c084015261482d6102a0840182614771565b60c0850151805163ffffffff1660e0860152602081015161ffff1661010086015260408101511515610120860152606081015164ffffffffff1661014086015260808101516001600160a01b03166101608601529091505060e0840151805161ffff16610180850152602081015164ffffffffff9081166101a0860152604082015181166101c08601526060820151166101e085015260808101516001600160401b031661020085015250610100840151805164ffffffffff9081166102208601526020820151166102408501525061012084015161026084015261014090930151610280909201919091525090565b5f5f5f5f5f5f5f610100888a031215614934575f5ffd5b873596506149458960208a0161444b565b955060808801356001600160401b0381111561495f575f5ffd5b61496b8a828b016146ca565b909650945061497e905060a089016144a9565b925061498c60c089016144a9565b915060e08801356001600160401b0381111561455c575f5ffd5b803563ffffffff811681146111ce575f5ffd5b5f5f5f5f608085870312156149cc575f5ffd5b843593506149dc602086016149a6565b925060408501356001600160401b038111156149f6575f5ffd5b614a02878288016143b6565b925050614a11606086016144a9565b905092959194509250565b5f5f5f60608486031215614a2e575f5ffd5b83359250614a3e602085016149a6565b915060408401356001600160401b03811115614a58575f5ffd5b614a64868287016143b6565b9150509250925092565b5f5f5f60608486031215614a80575f5ffd5b833592506020840135614a9281614427565b929592945050506040919091013590565b5f5f5f5f5f5f60a08789031215614ab8575f5ffd5b8635955060208701359450604087013593506060870135925060808701356001600160401b03811115614ae9575f5ffd5b8701601f81018913614af9575f5ffd5b80356001600160401b03811115614b0e575f5ffd5b8960208260061b8401011115614b22575f5ffd5b60208201935080925050509295509295509295565b5f6001600160401b03821115614b4f57614b4f61434a565b5060051b60200190565b5f82601f830112614b68575f5ffd5b8135614b7b614b7682614b37565b614386565b8082825260208201915060208360061b860101925085831115614b9c575f5ffd5b602085015b83811015614be55760408188031215614bb8575f5ffd5b614bc061435e565b614bc9826142b1565b8152602082810135818301529084529290920191604001614ba1565b5095945050505050565b5f5f5f60608486031215614c01575f5ffd5b83359250614c11602085016144a9565b915060408401356001600160401b03811115614c2b575f5ffd5b614a6486828701614b59565b634e487b7160e01b5f52601160045260245ffd5b818103818111156105cf576105cf614c37565b634e487b7160e01b5f52603260045260245ffd5b5f81614c8057614c80614c37565b505f190190565b5f60208284031215614c97575f5ffd5b61148b826144a9565b5f60208284031215614cb0575f5ffd5b61148b826142b1565b5f81518060208401855e5f93019283525090919050565b5f614cdb8285614cb9565b60c09390931b6001600160c01b03191683525050600801919050565b8281525f611eac6020830184614cb9565b5f60018201614d1957614d19614c37565b5060010190565b5f63ffffffff821663ffffffff8103614d3b57614d3b614c37565b60010192915050565b6001600160e01b031960e087901b1681526001600160f01b031960f086811b821660048401526001600160601b0319606087901b16600684015284901b16601a8201525f614d95601c830184614cb9565b979650505050505050565b64ffffffffff82811682821603908111156105cf576105cf614c37565b5f8235603e19833603018112614dd1575f5ffd5b9190910192915050565b7f7b22637276223a22502d323536222c226b7479223a224543222c2278223a220081525f614e0c601f830185614cb9565b661116113c911d1160c91b8152614e266007820185614cb9565b61227d60f01b815260020195945050505050565b7f7b22637276223a2245643235353139222c226b7479223a224f4b50222c2278228152611d1160f11b60208201525f614e766022830184614cb9565b61227d60f01b81526002019392505050565b6001600160401b0381811683821601908111156105cf576105cf614c37565b5f60208284031215614eb7575f5ffd5b61148b8261443b565b5f5f8335601e19843603018112614ed5575f5ffd5b8301803591506001600160401b03821115614eee575f5ffd5b60200191503681900382131561470a575f5ffd5b818382375f9101908152919050565b81515f90829060208501835b82811015614f3b578151845260209384019390910190600101614f1d565b509195945050505050565b5f5f60408385031215614f57575f5ffd5b505080516020909101519092909150565b60e083901b6001600160e01b03191681525f611eac6004830184614cb9565b60e084901b6001600160e01b031916815260f083901b6001600160f01b03191660048201525f611df26006830184614cb9565b6001600160c01b031960c087901b1681526001600160f81b031960f886811b8216600884015285811b8216600984015284901b16600a8201525f614d95600b830184614cb9565b6001600160f81b031960f889811b8216835288811b821660018401526001600160c01b031960c089811b8216600286015288901b16600a84015285901b166012820152601381018390525f6150596033830184614cb9565b9998505050505050505050565b60f883901b6001600160f81b03191681525f611eac6001830184614cb9565b602081525f61148b6020830184614606565b5f61148b8284614cb9565b5f602082840312156150b2575f5ffd5b5051919050565b65ffffffffffff81811683821601908111156105cf576105cf614c37565b5f5f5f5f608085870312156150ea575f5ffd5b84359350602085013592506040850135915060608501356001600160401b03811115615114575f5ffd5b8501601f81018713615124575f5ffd5b8035615132614b7682614b37565b8082825260208201915060208360061b850101925089831115615153575f5ffd5b6020840193505b828410156151a3576040848b031215615171575f5ffd5b61517961435e565b84358152615189602086016144a9565b60208201528083525060208201915060408401935061515a565b969995985093965050505050565b5f5f5f5f608085870312156151c4575f5ffd5b6151cd856144a9565b93506151db6020860161443b565b92506151e96040860161443b565b915060608501356001600160401b03811115615203575f5ffd5b61520f87828801614b59565b91505092959194509250565b5f5f5f5f60c0858703121561522e575f5ffd5b615238868661444b565b9350615246606086016142b1565b9250615254608086016144a9565b915060a08501356001600160401b0381111561526e575f5ffd5b61520f878288016143b6565b60ff82811682821603908111156105cf576105cf614c37565b80820281158282048414176105cf576105cf614c37565b808201808211156105cf576105cf614c37565b65ffffffffffff82811682821603908111156105cf576105cf614c37565b634e487b7160e01b5f52601260045260245ffd5b5f826152fd576152fd6152db565b500490565b5f82615310576153106152db565b50069056feffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551b7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144a2646970667358221220d8d6ac6c5e94a9621718845961ac6ad8460139d74d94433f430bda3e3228b4db64736f6c63430008250033';

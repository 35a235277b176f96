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
        "name": "purpose",
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

export const bytecode = '0x610160604052348015610010575f5ffd5b506040516157fe3803806157fe83398101604081905261002f9161064f565b6040518060400160405280600e81526020016d2830b9b9b837b93a2632b233b2b960911b815250604051806040016040528060018152602001603160f81b8152508383846100c560016100896005846101d960201b60201c565b604080514660208201526001600160601b03193060601b16918101919091525f9081906054015b60408051601f1981840301815291905261020f565b506001600160a01b0381166100f457604051636116401160e11b81525f60048201526024015b60405180910390fd5b604280546001600160d01b0316600160d01b65ffffffffffff85160217905561011d5f826103c1565b50505061012f8261044060201b60201c565b6101205261013c81610440565b61014052815160208084019190912060e052815190820120610100524660a0526101c860e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c052506107ff9050565b6040805180820182525f808252602091820152815180830190925260ff841682526001600160a01b038316908201525b92915050565b5f54610100900460ff1615610237576040516326744f5d60e11b815260040160405180910390fd5b5f6001864342885f015189602001518760405160200161025d97969594939291906106b3565b6040516020818303038152906040529050612000815111156102a05780516040516315bf8a0760e21b8152600481019190915261200060248201526044016100eb565b5f5f60029054906101000a90046001600160401b031690505f6102e45f846040516020016102cf929190610718565b60408051601f1981840301815291905261047d565b90505f6001600160401b0383165b806001166001036103305761032660018361030c8161073f565b94506040811061031e5761031e610763565b0154846104cc565b925060011c6102f2565b50816001826040811061034557610345610763565b0181905550826001015f60026101000a8154816001600160401b0302191690836001600160401b031602179055508587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1876040516103ae91906107a5565b60405180910390a4505050505050505050565b5f82158015906103f157507fb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f1448314155b1561041257604051631eb29f1560e11b8152600481018490526024016100eb565b61041c83836104fc565b90508015610209576102096002600585156104375733610439565b845b8686610562565b5f5f829050601f8151111561046a578260405163305a27a960e01b81526004016100eb91906107a5565b8051610475826107b7565b179392505050565b5f60028260405161048e91906107dd565b602060405180830381855afa1580156104a9573d5f5f3e3d5ffd5b5050506040513d601f19601f8201168201806040525081019061020991906107e8565b604051600160f81b602082015260218101839052604181018290525f906104f5906061016102cf565b9392505050565b5f82610558575f6105156043546001600160a01b031690565b6001600160a01b03161461053c57604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b6104f583836105a4565b61059d8561057086866101d9565b5f5f1b8586866040516020016100b092919091825260601b6001600160601b031916602082015260340190565b5050505050565b5f8281526041602090815260408083206001600160a01b038516845290915281205460ff16610648575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff191660011790556106003390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a4506001610209565b505f610209565b5f5f60408385031215610660575f5ffd5b825165ffffffffffff81168114610675575f5ffd5b60208401519092506001600160a01b0381168114610691575f5ffd5b809150509250929050565b5f81518060208401855e5f93019283525090919050565b6001600160f81b031960f889811b8216835288811b821660018401526001600160c01b031960c089811b8216600286015288901b16600a84015285901b166012820152601381018390525f61070b603383018461069c565b9998505050505050505050565b60f883901b6001600160f81b03191681525f610737600183018461069c565b949350505050565b5f6001820161075c57634e487b7160e01b5f52601160045260245ffd5b5060010190565b634e487b7160e01b5f52603260045260245ffd5b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b602081525f6104f56020830184610777565b805160208083015191908110156107d7575f198160200360031b1b821691505b50919050565b5f6104f5828461069c565b5f602082840312156107f8575f5ffd5b5051919050565b60805160a05160c05160e051610100516101205161014051614fae6108505f395f611af401525f611ac901525f612b3e01525f612b1601525f612a7101525f612a9b01525f612ac50152614fae5ff3fe608060405234801561000f575f5ffd5b506004361061023f575f3560e01c80638da5cb5b11610135578063c98d580c116100b4578063d602b9fd11610079578063d602b9fd14610557578063e03fab551461055f578063f2d107a314610572578063f3b26ecc14610585578063fc7c6eee14610598575f5ffd5b8063c98d580c146104f3578063cc8463c814610506578063cefc14291461050e578063cf6eefb714610516578063d547741f14610544575f5ffd5b8063a1eda53c116100fa578063a1eda53c1461047f578063a217fddf146104a6578063ab35e394146104ad578063b1c4235d146104cd578063c4a5aa8d146104e0575f5ffd5b80638da5cb5b146103f15780638f8f851c146103f957806391d14854146104315780639990f083146104445780639f1afddf1461046c575f5ffd5b806336568abe116101c15780637f7745ef116101865780637f7745ef146103835780638456cb591461039657806384b0196e1461039e57806384ef8ffc146103b957806389099a63146103de575f5ffd5b806336568abe146103385780633f4ba83a1461034b5780635c975abb14610353578063634e93da1461035d578063649a5ec714610370575f5ffd5b8063203e71e211610207578063203e71e2146102b7578063248a9ca3146102ce57806327b381cf146102fe5780632b063386146103125780632f2ff15d14610325575f5ffd5b806301ffc9a714610243578063022d63fb1461026b5780630379bf10146102875780630aa6220b1461029c5780631a5e4dfc146102a4575b5f5ffd5b610256610251366004613f08565b6105ab565b60405190151581526020015b60405180910390f35b620697805b60405165ffffffffffff9091168152602001610262565b61029a610295366004613f2f565b6105d5565b005b61029a6106b2565b61029a6102b2366004613f57565b6106c7565b6102bf610778565b60405161026293929190613f81565b6102f06102dc366004613f2f565b5f9081526041602052604090206001015490565b604051908152602001610262565b6102f05f516020614f595f395f51905f5281565b61029a610320366004614154565b61088a565b61029a61033336600461420c565b6108ec565b61029a61034636600461420c565b610918565b61029a6109be565b5f5460ff16610256565b61029a61036b36600461423a565b6109ea565b61029a61037e366004614255565b6109fd565b61029a61039136600461427a565b610a10565b61029a610a9d565b6103a6610ac7565b60405161026297969594939291906142c9565b6043546001600160a01b03165b6040516001600160a01b039091168152602001610262565b61029a6103ec366004613f2f565b610b09565b6103c6610b15565b61025661040736600461420c565b5f918252604b602090815260408084206001600160a01b0393909316845291905290205460ff1690565b61025661043f36600461420c565b610b2d565b6103c6610452366004613f2f565b5f908152604c60205260409020546001600160a01b031690565b61029a61047a3660046143a6565b610b57565b610487610baf565b6040805165ffffffffffff938416815292909116602083015201610262565b6102f05f81565b6104c06104bb3660046143ed565b610c01565b6040516102629190614440565b61029a6104db366004613f2f565b610e7e565b61029a6104ee3660046145b2565b610e8b565b61029a61050136600461464e565b610f6a565b610270611036565b61029a611094565b61051e6110d3565b604080516001600160a01b03909316835265ffffffffffff909116602083015201610262565b61029a61055236600461420c565b6110f4565b61029a61111c565b61029a61056d3660046146b1565b61112e565b61029a610580366004614703565b6111b6565b61029a610593366004614738565b61121e565b61029a6105a6366004614884565b6112b2565b5f6001600160e01b031982166318a4c3c360e11b14806105cf57506105cf826112d7565b92915050565b5f6105df8261130b565b5f838152604c60205260409020549091506001600160a01b031633146106265760405163bc2b8c8d60e01b8152600481018390523360248201526044015b60405180910390fd5b5f828152604c6020908152604080832080546001600160a01b03191690558354600160601b339081026bffffffffffffffffffffffff9092169190911785559051610684920160609190911b6001600160601b031916815260140190565b60405160208183030381529060405290506106ad60186106a560013361134a565b855f85611381565b505050565b5f6106bc816113b6565b6106c46113c0565b50565b5f6106d0611415565b90505f6106dc84611449565b805490915061ffff808516640100000000909204160361071c5760405163576f4a3560e11b81526004810185905261ffff8416602482015260440161061d565b805465ffff00000000191664010000000061ffff8516021781556040516001600160f01b031960f085901b16602082015261077290601490849087905f906022015b604051602081830303815290604052611381565b50505050565b5f80546201000090046001600160401b03169060609080835b80156107b3576107a0826148e0565b91506107ad6001826148f8565b16610791565b50806001600160401b038111156107cc576107cc613fdf565b6040519080825280602002602001820160405280156107f5578160200160208202803683370190505b5092505f5b81156108835760016001600160401b038616821c1615610873575f600182604081106108285761082861490b565b01549050845183146108435761083e8185611487565b610845565b805b935080856108528561491f565b945084815181106108655761086561490b565b602002602001018181525050505b61087c816148e0565b90506107fa565b5050909192565b5f610893611415565b90505f6108a2828a8a8a6114c7565b865190915060ff166001146108d2578551604051637a4f073b60e11b815260ff909116600482015260240161061d565b6108e1828289898989896115d5565b505050505050505050565b8161090a57604051631fe1e13d60e11b815260040160405180910390fd5b61091482826117ec565b5050565b8115801561093357506043546001600160a01b038281169116145b156109b4575f5f6109426110d3565b90925090506001600160a01b038216151580610964575065ffffffffffff8116155b8061097757504265ffffffffffff821610155b1561099f576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161061d565b50506042805465ffffffffffff60a01b191690555b6109148282611810565b6109c75f6113b6565b6109cf611843565b6109e8600960405180602001604052805f815250611894565b565b5f6109f4816113b6565b610914826118ab565b5f610a07816113b6565b61091482611957565b5f610a19611415565b90505f610a25846119f7565b8054909150610a4f906001600160401b03851690600160381b900464ffffffffff16600142611a31565b815464ffffffffff91909116600160381b0264ffffffffff60381b1990911617815560405160c084901b6001600160c01b031916602082015261077290601390849087905f9060280161075e565b610aa65f6113b6565b610aae611a86565b6109e8600860405180602001604052805f815250611894565b5f6060805f5f5f6060610ad8611ac2565b610ae0611aed565b604080515f80825260208201909252600f60f81b9b939a50919850469750309650945092509050565b6106c46012825f611b18565b5f610b286043546001600160a01b031690565b905090565b5f9182526041602090815260408084206001600160a01b0393909316845291905290205460ff1690565b610b6083611449565b54600160601b90046001600160a01b03163314610b995760405163a78e4aa560e01b81526004810184905233602482015260440161061d565b6106ad610ba760013361134a565b848484611ba2565b6043545f90600160d01b900465ffffffffffff168015158015610bda57504265ffffffffffff821610155b610be5575f5f610bf9565b604354600160a01b900465ffffffffffff16815b915091509091565b610cad60408051610160810182525f80825260208083018290528284018290526060808401839052608080850184905260a08086018390528651808201885285815280850186905280880186905280840186905280830186905260c087015286519081018752848152808401859052808701859052918201849052810183905260e084015283518085019094528184528301529061010082019081526020015f81526020015f81525090565b6001600160401b034381168252421660208201528135610cce5f5460ff1690565b151560408301525f54610100900460ff1615156060830152610cee610778565b5060a0808501919091526001600160401b039182166080808601919091525f84815260476020908152604080832081518087018352905463ffffffff8116825261ffff640100000000820481168386015260ff600160301b83041615158385015264ffffffffff600160381b80840482166060808701919091526001600160a01b03600160601b9586900416868b015260c08e01959095528b8852604887528588208e8801358952875285882086519a8b018752549283168a5262010000830482168a8801528204811689860152918104821688840152600160881b90049097168686015260e089019590955286835260498252808320898201358452825291829020825180840190935254808616835265010000000000900490941693810193909352610100850192909252610e46918391610e2f918701908701614934565b6001610e4160a088016080890161494d565b611c03565b610120830152610e7281610e606080860160608701614934565b6002610e4160a088016080890161494d565b61014083015250919050565b6106c46011826001611b18565b610e9482611c4d565b5f610e9e87611c88565b90505f610eab8983611d75565b80549091506001600160401b03868116600160881b9092041614610f0757805460405163374e43db60e01b8152600481018490526001600160401b038088166024830152600160881b909204909116604482015260640161061d565b805467ffffffffffffffff60881b1916600160881b600187016001600160401b031602178155610f468289610f408c838c8c8c8c611dc0565b86611f31565b6108e16040518060400160405280600360ff168152602001848152508a8989611ba2565b5f610f73611415565b90505f5f5f610f83888888611fd4565b8154929550909350915064ffffffffff165f03610fbd57604051630d242df960e41b8152600481018990526024810184905260440161061d565b8154610fe6906001600160401b0387169065010000000000900464ffffffffff16600142611a31565b825464ffffffffff91909116650100000000000269ffffffffff00000000001990911617825560405161102c9060169086908b90879061075e9087908c9060200161497d565b5050505050505050565b6043545f90600160d01b900465ffffffffffff16801515801561106057504265ffffffffffff8216105b61107b57604254600160d01b900465ffffffffffff1661108e565b604354600160a01b900465ffffffffffff165b91505090565b5f61109d6110d3565b509050336001600160a01b038216146110cb57604051636116401160e11b815233600482015260240161061d565b6106c4612042565b6042546001600160a01b03811691600160a01b90910465ffffffffffff1690565b8161111257604051631fe1e13d60e11b815260040160405180910390fd5b61091482826120d8565b5f611126816113b6565b6106c46120fc565b5f611137611415565b905061114284611449565b505f5f5f611151878787611fd4565b8154929550909350915064ffffffffff161561118a57604051634197e27b60e11b8152600481018890526024810184905260440161061d565b815464ffffffffff19164264ffffffffff161782556111ad601585898685611381565b50505050505050565b6111bf5f6113b6565b61120b600a8484846040516020016111f79392919092835260609190911b6001600160601b0319166020830152603482015260540190565b604051602081830303815290604052611894565b6106ad5f805461ff001916610100179055565b5f6112288761130b565b8054909150600190600160601b90046001600160a01b0316331461128c575f888152604b6020908152604080832033845290915290205460ff166112885760405163a78e4aa560e01b81526004810189905233602482015260440161061d565b5060025b61102c611299823361134a565b83548a90640100000000900461ffff168a8a8a89612151565b5f6112bb611415565b90506112c6846119f7565b506107728185856001600587612230565b5f6001600160e01b03198216637965db0b60e01b14806105cf57506301ffc9a760e01b6001600160e01b03198316146105cf565b5f61131582611449565b8054909150600160301b900460ff161561134557604051631a6fd3b960e21b81526004810183905260240161061d565b919050565b604080518082019091525f8082526020820152506040805180820190915260ff9290921682526001600160a01b0316602082015290565b6113af85858585878660405160200161139b9291906149a4565b6040516020818303038152906040526122f8565b5050505050565b6106c48133612495565b5f6113c9610baf565b9150508065ffffffffffff165f036113f4576040516328e9001b60e01b815260040160405180910390fd5b6113fc6124ce565b6106c4600760405180602001604052805f815250611894565b604080518082019091525f808252602082015261143e5f516020614f595f395f51905f526113b6565b610b2860043361134a565b5f611453826119f7565b8054909150600160381b900464ffffffffff161561134557604051633887e71160e21b81526004810183905260240161061d565b604051600160f81b602082015260218101839052604181018290525f906114c0906061015b6040516020818303038152906040526124d8565b9392505050565b5f5f6114d285612527565b90506114dd856124d8565b5f81815260476020526040902080549193509063ffffffff161561151757604051639f838fd960e01b81526004810184905260240161061d565b604680545f9190829061152f9063ffffffff166149b5565b82546101009290920a63ffffffff8181021990931692821690810292909217909255835465ffffffffffff19161764010000000061ffff891602176bffffffffffffffffffffffff16600160601b6001600160a01b038816021783556040519091505f906115a99083908990899088908d906020016149d9565b60408051601f1981840301815291905290506115c960108a875f85611381565b50505050949350505050565b6115de82611c4d565b83515f9060ff166001146115f35760016115f6565b600f5b905061ffff8416158061160f575061ffff811985161615155b1561163f5784516040516392163fcd60e01b815260ff909116600482015261ffff8516602482015260440161061d565b5f61164986611c88565b5f898152604860209081526040808320848452909152902080549192509061ffff16156116935760405163370a07b160e01b8152600481018a90526024810183905260440161061d565b865160ff165f190161172357604080517fd68d3ad4b96af8e133bcecc9579fa0e42f2fe10839c06965f0ec07741266a1b960208201529081018a90526001600160a01b038916606082015261ffff871660808201526001600160401b03861660a082015261171e908390899060c0016040516020818303038152906040528051906020012087611f31565b61174c565b83511561174c5760405163e7ed444760e01b8152600481018390525f602482015260440161061d565b805466ffffffffffffff191661ffff8716176201000064ffffffffff42160217815586516020808901516040808b015181519384018790526001600160f81b031960f89590951b94909416838201526001600160f01b031960f08b901b166041840152604383019190915260638083019390935280518083039093018352608390910190526117df601b8c8c8685611381565b5050505050505050505050565b5f82815260416020526040902060010154611806816113b6565b6107728383612559565b6001600160a01b03811633146118395760405163334bd91960e11b815260040160405180910390fd5b6106ad82826125c5565b61184b612622565b5f805460ff191690557f5db9ee0a495bf2e6ff9c91a7834c1ba4fdd244a5e8aa4e537bd38aeae4b073aa335b6040516001600160a01b03909116815260200160405180910390a1565b610914826118a360053361134a565b5f80856122f8565b5f5f6118b56110d3565b915091506118c283612644565b5f6118cb6110d3565b915050826001600160a01b0316846001600160a01b03161480156118fe57508165ffffffffffff168165ffffffffffff16145b1561191c576040516328e9001b60e01b815260040160405180910390fd5b6040516001600160601b0319606086901b16602082015265ffffffffffff60c01b60c083901b16603482015261077290600490603c016111f7565b5f5f611961610baf565b9150915061196e836126b6565b5f611977610baf565b9150508265ffffffffffff168465ffffffffffff161480156119a857508165ffffffffffff168165ffffffffffff16145b156119c6576040516328e9001b60e01b815260040160405180910390fd5b60405165ffffffffffff60c01b60c086811b8216602084015283901b166028820152610772906006906030016111f7565b5f8181526047602052604081208054909163ffffffff90911690036113455760405162c976b360e81b81526004810183905260240161061d565b5f8315611a3f576001840391505b82851080611a4c57508185115b15611a7b5760405163091bdcc360e41b815260048101869052602481018490526044810183905260640161061d565b50835b949350505050565b611a8e612725565b5f805460ff191660011790557f62e78cea01bee320cd4e420270b5ea74000d11b0c9f74754ebdbfc544b05a2586118773390565b6060610b287f0000000000000000000000000000000000000000000000000000000000000000612748565b6060610b287f0000000000000000000000000000000000000000000000000000000000000000612748565b5f611b21611415565b90505f611b2d84611449565b8054909150831515600160301b90910460ff16151503611b6b5760405163e4eadf4360e01b815260048101859052831515602482015260440161061d565b805466ff0000000000001916600160301b8415150217815560408051602081019091525f8082526113af9187918591889190611381565b5f819003611bc357604051639a55189560e01b815260040160405180910390fd5b5f5b818110156113af57611bfb8585858585818110611be457611be461490b565b9050602002810190611bf69190614a35565b612785565b600101611bc5565b5f6102008261ffff1610611c17575f611c44565b5f858152604a602052604081209061ffff8416611c348787612a2b565b1781526020019081526020015f20545b95945050505050565b806001600160401b03164211156106c457604051631ef7407960e11b81526001600160401b038216600482015242602482015260440161061d565b5f5f611cb88360200151604051602001611ca491815260200190565b604051602081830303815290604052612a58565b9050600160ff16835f015160ff1603611cfe575f611ce68460400151604051602001611ca491815260200190565b9050611a7e82826040516020016114ac929190614a53565b825160ff16600214611d2b578251604051637a4f073b60e11b815260ff909116600482015260240161061d565b604083015115611d6157602083015160408085015190516303429c9760e31b81526004810192909252602482015260440161061d565b6114c0816040516020016114ac9190614ab2565b5f82815260486020908152604080832084845290915281208054909161ffff90911690036105cf57604051633397932560e01b8152600481018490526024810183905260440161061d565b5f6060815b85811015611eab5736878783818110611de057611de061490b565b9050602002810190611df29190614a35565b9050827f80ef2a1a7635e18768b758cf269c71f09b87e8b4d1a4539a841a266b62603805611e236020840184614b00565b611e306020850185614b19565b604051611e3e929190614b5b565b604051908190038120611e6993929160200192835260ff919091166020830152604082015260600190565b60405160208183030381529060405280519060200120604051602001611e90929190614b6a565b60408051601f19818403018152919052925050600101611dc5565b508051602080830191909120604080517f71f13a4fae068041d35c317e0abca0ab6ac1bc5c34f15fe4ffa920c9e6a0cee59381019390935282018a90526060820189905260808201526001600160401b0380861660a0830152841660c082015260e001604051602081830303815290604052805190602001209150509695505050505050565b5f611f62611f3d612a65565b60405161190160f01b60208201526022810191909152604281018590526062016114ac565b82519091506040148015611fa4575f5f84806020019051810190611f869190614b82565b91509150611f9f8483838a602001518b60400151612b8e565b925050505b80611fcc5760405163e7ed444760e01b8152600481018790526024810183905260440161061d565b505050505050565b5f5f6060611fee85856040516020016114ac929190614ba4565b5f878152604960209081526040808320848452909152902090935091508461201585612527565b8560405160200161202893929190614bc3565b604051602081830303815290604052905093509350939050565b5f5f61204c6110d3565b915091506120618165ffffffffffff16151590565b158061207557504265ffffffffffff821610155b1561209d576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161061d565b6120b85f6120b36043546001600160a01b031690565b6125c5565b506120c35f83612559565b5050604280546001600160d01b031916905550565b5f828152604160205260409020600101546120f2816113b6565b61077283836125c5565b5f6121056110d3565b9150508065ffffffffffff165f03612130576040516328e9001b60e01b815260040160405180910390fd5b612138612bc7565b6106c4600560405180602001604052805f815250611894565b612159612725565b821580612167575061400083115b1561219057604051635532007b60e01b815260048101849052614000602482015260440161061d565b5f8290036121b45760405163b5e613d960e01b81526004810185905260240161061d565b80156121d65760405163c57a6d9160e01b81526004810182905260240161061d565b6040516001600160f01b031960f087811b821660208401526022830187905285901b166042820152604481018390525f6064820181905290606501604051602081830303815290604052905061102c602089898885611381565b8051158061223f575060c88151115b1561226957805160405162fc911760e01b8152600481019190915260c8602482015260440161061d565b5f5f61227f876122798888612a2b565b85612bd1565b91509150815f036122b557604051636647f16360e01b8152600481018890526001600160401b038716602482015260440161061d565b5f86868685856040516020016122cf959493929190614bf6565b60408051601f1981840301815291905290506108e160308a8a6001600160401b038b1685611381565b5f54610100900460ff1615612320576040516326744f5d60e11b815260040160405180910390fd5b5f6001864342885f01518960200151876040516020016123469796959493929190614c3d565b6040516020818303038152906040529050612000815111156123895780516040516315bf8a0760e21b81526004810191909152612000602482015260440161061d565b5f5f60029054906101000a90046001600160401b031690505f6123b85f846040516020016114ac929190614ca2565b90505f6001600160401b0383165b80600116600103612404576123fa6001836123e0816148e0565b9450604081106123f2576123f261490b565b015484611487565b925060011c6123c6565b5081600182604081106124195761241961490b565b0181905550826001015f60026101000a8154816001600160401b0302191690836001600160401b031602179055508587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1876040516124829190614cc1565b60405180910390a4505050505050505050565b61249f8282610b2d565b6109145760405163e2517d3f60e01b81526001600160a01b03821660048201526024810183905260440161061d565b6109e85f5f612d26565b5f6002826040516124e99190614cd3565b602060405180830381855afa158015612504573d5f5f3e3d5ffd5b5050506040513d601f19601f820116820180604052508101906105cf9190614cde565b80515f90801580612538575060ff81115b156105cf5760405163e5096e2d60e01b81526004810182905260240161061d565b5f821580159061257657505f516020614f595f395f51905f528314155b1561259757604051631eb29f1560e11b81526004810184905260240161061d565b6125a18383612de5565b905080156105cf576105cf6002600585156125bc57336125be565b845b8686612e4b565b5f6125d08383612e86565b905080156105cf575f5f516020614f595f395f51905f52841480156125fd57506001600160a01b03831633145b61260857600561260b565b60045b905061261b600382338787612e4b565b5092915050565b5f5460ff166109e857604051638dfc202b60e01b815260040160405180910390fd5b5f61264d611036565b61265642612ec2565b6126609190614cf5565b905061266c8282612ef8565b60405165ffffffffffff821681526001600160a01b038316907f3377dc44241e779dd06afab5b788a35ca5f3b778836e2990bdb26a2a4b2e5ed69060200160405180910390a25050565b5f6126c082612f75565b6126c942612ec2565b6126d39190614cf5565b90506126df8282612d26565b6040805165ffffffffffff8085168252831660208201527ff1038c18cf84a56e432fdbfaf746924b7ea511dfe03a6506a0ceba4888788d9b910160405180910390a15050565b5f5460ff16156109e85760405163d93c066560e01b815260040160405180910390fd5b60605f61275483612fbc565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f6127936020830183614b00565b9050365f6127a46020850185614b19565b9092509050601f1960ff841601612808575f6127c3878760025f612fe3565b90505f8080806127d586880188614d13565b93509350935093506127fe8b8b875f0160049054906101000a900461ffff168787878751612151565b5050505050611fcc565b602f1960ff8416016128d3575f80808061282485870187614ded565b9350935093509350600160ff168360ff160361284e576128488a8a60046001612fe3565b50612885565b60011960ff841601612867576128488a8a60025f612fe3565b60405163126c7b3960e21b815260ff8416600482015260240161061d565b60ff821615806128995750600560ff831610155b156128bc57604051630605397960e11b815260ff8316600482015260240161061d565b6128ca8a8a86868686612230565b50505050611fcc565b601a1960ff84160161292c575f6128ed878760085f612fe3565b90505f8080806128ff86880188614e57565b93509350935093506127fe8b8b875f01600c9054906101000a90046001600160a01b0316878787876115d5565b60ff8316601c1480612941575060ff8316601d145b1561297b57612954868660086001612fe3565b505f806129638385018561427a565b9150915061297485898985856130cc565b5050611fcc565b60161960ff8416016129c9575f612995878760085f612fe3565b80549091506129c39088908890600160601b90046001600160a01b03166129be8787018861423a565b6131af565b50611fcc565b60ff8316601914806129de575060ff8316601a145b15612a0d576129f0868660085f612fe3565b50612a08838787612a038587018761423a565b61329b565b611fcc565b604051632121f85560e01b815260ff8416600482015260240161061d565b5f60ff8216600214612a3d575f612a41565b6102005b600a846001600160401b0316901b17905092915050565b60606105cf826001613351565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612abd57507f000000000000000000000000000000000000000000000000000000000000000046145b15612ae757507f000000000000000000000000000000000000000000000000000000000000000090565b610b28604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f5f612b9e88888888886134d0565b9150915080612bb957612bb488888888886135ab565b612bbb565b815b98975050505050505050565b6109e85f5f612ef8565b5f606060228351612be29190614eb6565b6001600160401b03811115612bf957612bf9613fdf565b6040519080825280601f01601f191660200182016040528015612c23576020820181803683370190505b505f868152604a60205260408120919250805b8551811015612d15575f868281518110612c5257612c5261490b565b602002602001015190505f815f015161ffff16905083811080612c7757506102008110155b15612c9857604051638bfcfd0760e01b81526004810182905260240161061d565b612ca3816001614ecd565b8982175f90815260208781526040822054908501519296509182191690819003612cd05750505050612d0d565b8a83175f90815260208881526040909120838317905560f084901b60228b81028b019283019190915201819052612d06896148e0565b9850505050505b600101612c36565b506022840283525050935093915050565b604354600160d01b900465ffffffffffff168015612da8574265ffffffffffff82161015612d7f57604354604280546001600160d01b0316600160a01b90920465ffffffffffff16600160d01b02919091179055612da8565b6040517f2b1fa2edafe6f7b9e97c1a9e0c3660e645beb2dcaa2d45bdbf9beaf5472e1ec5905f90a15b50604380546001600160a01b0316600160a01b65ffffffffffff948516026001600160d01b031617600160d01b9290931691909102919091179055565b5f82612e41575f612dfe6043546001600160a01b031690565b6001600160a01b031614612e2557604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b6114c0838361365b565b6113af85612e59868661134a565b5f5f1b85868660405160200161139b92919091825260601b6001600160601b031916602082015260340190565b5f82158015612ea257506043546001600160a01b038381169116145b15612eb857604380546001600160a01b03191690555b6114c083836136ec565b5f65ffffffffffff821115612ef4576040516306dfcc6560e41b8152603060048201526024810183905260440161061d565b5090565b5f612f016110d3565b6042805465ffffffffffff8616600160a01b026001600160d01b03199091166001600160a01b038816171790559150612f4390508165ffffffffffff16151590565b156106ad576040517f8886ebfc4259abdbc16601dd8fb5678e54878f47b3c34836cfc51154a9605109905f90a1505050565b5f5f612f7f611036565b90508065ffffffffffff168365ffffffffffff1611612fa757612fa28382614ee0565b6114c0565b6114c065ffffffffffff841662069780613757565b5f60ff8216601f8111156105cf57604051632cd44ac360e21b815260040160405180910390fd5b5f81612ff757612ff28461130b565b613000565b61300084611449565b9050600360ff16855f015160ff1603611a7e5760208501515f6130238683611d75565b8054909150600160381b900464ffffffffff1680158015906130455750428111155b8061305e57508154600160601b900464ffffffffff1615155b156130865760405163ad89654f60e01b8152600481018890526024810184905260440161061d565b8154861661ffff165f036130c15760405163f3247e0160e01b8152600481018890526024810184905261ffff8716604482015260640161061d565b505050949350505050565b5f6130d78484611d75565b9050601b1960ff87160161313557805461310e906001600160401b0384169064ffffffffff600160381b9091048116904290611a31565b815464ffffffffff91909116600160381b0264ffffffffff60381b1990911617815561317f565b805461315c906001600160401b03841690600160601b900464ffffffffff16600142611a31565b815464ffffffffff91909116600160601b0264ffffffffff60601b199091161781555b611fcc86868686878760405160200161075e92919091825260c01b6001600160c01b031916602082015260280190565b6001600160a01b038216158015906131cc5750835160ff16600114155b156131fc5760405163bed8d01360e01b8152600481018490526001600160a01b038316602482015260440161061d565b5f838152604c60205260409020546001600160a01b0390811690821603613248576040516357d1d5bd60e01b8152600481018490526001600160a01b038216602482015260440161061d565b5f838152604c6020908152604080832080546001600160a01b0319166001600160a01b038616179055516001600160601b0319606085901b1691810191909152610772916017918791879160340161075e565b5f828152604b602090815260408083206001600160a01b038516845290915290205460ff858116601914911615158190036132fb5760405163fac43c4160e01b8152600481018490526001600160a01b038316602482015260440161061d565b5f838152604b602090815260408083206001600160a01b03861684528252808320805460ff1916851515179055516001600160601b0319606086901b16918101919091526113af9187918791879160340161075e565b606082515f0361336f575060408051602081019091525f81526105cf565b5f8261339f576003845160026133859190614ecd565b61338f9190614f12565b61339a906004614eb6565b6133c4565b6003845160046133af9190614eb6565b6133ba906002614ecd565b6133c49190614f12565b905060405191507f4142434445464748494a4b4c4d4e4f505152535455565758595a616263646566601f5261067083027f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392b2f18603f526020820181810185865187016020810180515f82525b82841015613482576003840193508351603f8160121c16518753600187019650603f81600c1c16518753600187019650603f8160061c16518753600187019650603f81165187535060018601955061342f565b9052508590506134c3576003865106600181146134a657600281146134b9576134c1565b603d6001840353603d60028403536134c1565b603d60018403535b505b9183525060405292915050565b5f5f6134dc8686613766565b15806134ef57506134ed84846137bd565b155b156134ff57505f905060016135a1565b61350c8787878787613821565b1561351c575060019050806135a1565b61358b7fbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023600560017fa71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac9577f5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b613821565b1561359b57505f905060016135a1565b505f9050805b9550959350505050565b5f6135b68585613766565b15806135c957506135c783836137bd565b155b156135d557505f611c44565b5f6135e08484613861565b90505f6135fa865f516020614f395f395f51905f52613a54565b90505f5f516020614f395f395f51905f52828a0990505f5f516020614f395f395f51905f52838a0990505f613630858484613a63565b5090508961364b5f516020614f395f395f51905f5283614f25565b149b9a5050505050505050505050565b5f6136668383610b2d565b6136e5575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff1916600117905561369d3390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a45060016105cf565b505f6105cf565b5f6136f78383610b2d565b156136e5575f8381526041602090815260408083206001600160a01b0386168085529252808320805460ff1916905551339286917ff6391f5c32d9c69d2a47ea670b442974b53935d1edc7fd64eb21e047a839171b9190a45060016105cf565b5f8282188284100282186114c0565b5f821580159061378257505f516020614f395f395f51905f5283105b801561378d57508115155b80156114c05750507f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a81015919050565b5f600160601b63ffffffff60c01b031980838409817f5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b8387856003600160601b0363ffffffff60c01b0319878b8c0908090894821191909310169190921416919050565b5f6040518681528560208201528460408201528360608201528260808201525f5f5260205f60a0836101005afa61385457fe5b50505f5195945050505050565b613869613ec1565b60405180606001604052805f81526020015f81526020015f815250815f601081106138965761389661490b565b602002018190525060405180606001604052808481526020018381526020016001815250816001601081106138cd576138cd61490b565b602002018190525060405180606001604052807f6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c29681526020017f4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f581526020016001815250816004601081106139445761394461490b565b602002015261395a8160015b6020020151613b87565b604082015261396a816004613950565b6101008201526020810151613987908260025b6020020151613be3565b60608201526139a08160015b602002015182600461397d565b60a08201526139b0816002613993565b60c08201526139c0816003613993565b60e08201526139d98160015b602002015182600861397d565b6101208201526139ea8160026139cc565b6101408201526139fb8160036139cc565b610160820152613a0c8160046139cc565b610180820152613a268160015b602002015182600c61397d565b6101a0820152613a37816002613a19565b6101c0820152613a48816003613a19565b6101e082015292915050565b5f6114c0836002840384613c41565b5f80808080805b6080811015613b6b578115613a9e57613a84848484613c62565b91955093509150613a96848484613c62565b919550935091505b600c60fc89901c1660fe88901c17898160108110613abe57613abe61490b565b60200201516040015115613b5757825f03613b2d57898160108110613ae557613ae561490b565b6020020151518a8260108110613afd57613afd61490b565b6020020151602001518b8360108110613b1857613b1861490b565b60200201516040015191965094509250613b57565b613b4f8a8260108110613b4257613b4261490b565b6020020151868686613ce5565b919650945092505b50600297881b979690961b95600101613a6a565b50613b77838383613e11565b945094505050505b935093915050565b613ba860405180606001604052805f81526020015f81526020015f81525090565b5f5f5f613bc1855f015186602001518760400151613c62565b6040805160608101825293845260208401929092529082015295945050505050565b613c0460405180606001604052805f81526020015f81526020015f81525090565b5f5f5f613c1e86865f015187602001518860400151613ce5565b604080516060810182529384526020840192909252908201529695505050505050565b5f5f5f613c4f868686613e5e565b9150915081611c4457611c446012613eb0565b5f5f5f600160601b63ffffffff60c01b031980868709818687098283848384096003600160601b0363ffffffff60c01b03190984858c8d096003090890508283838b09600409838482600209850385848509089650838485858609600809850385868a880385088509089550505050808186880960020991505093509350939050565b5f5f5f600160601b63ffffffff60c01b0319604088015181818209828388858a8b090960208c0151098381850385868686098c090884858a8b098d51098581870387868f0908935081158415168015613d455760018114613d8b57613e00565b868586098788898386096002098903898a848a098b038b88890908089a5087888983890987098903898a8e8c038c8689090887090899505086878c880986099750613e00565b8c8c8c898283098a8283098b8c8d8384096003600160601b0363ffffffff60c01b0319098d8e8889096003090890508b8c83870960040994508b8c866002098d038d838409089e508b8c8384096008098c0391508b8f8d03860894508b828d878409089d505050898a8284096002099a505050505b505050505050509450945094915050565b5f5f825f03613e2457505f905080613b7f565b600160601b63ffffffff60c01b03195f613e3e8583613a54565b905081818209828189099450828383830988099350505050935093915050565b5f5f825f03613e7157505f905080613b7f565b60405160208152602080820152602060408201528560608201528460808201528360a082015260205f60c08360055afa9250505f519050935093915050565b634e487b715f52806020526024601cfd5b6040518061020001604052806010905b613ef260405180606001604052805f81526020015f81526020015f81525090565b815260200190600190039081613ed15790505090565b5f60208284031215613f18575f5ffd5b81356001600160e01b0319811681146114c0575f5ffd5b5f60208284031215613f3f575f5ffd5b5035919050565b803561ffff81168114611345575f5ffd5b5f5f60408385031215613f68575f5ffd5b82359150613f7860208401613f46565b90509250929050565b5f606082016001600160401b0386168352606060208401528085518083526080850191506020870192505f5b81811015613fcb578351835260209384019390920191600101613fad565b505060409390930193909352509392505050565b634e487b7160e01b5f52604160045260245ffd5b604080519081016001600160401b038111828210171561401557614015613fdf565b60405290565b604051601f8201601f191681016001600160401b038111828210171561404357614043613fdf565b604052919050565b5f82601f83011261405a575f5ffd5b8135602083015f5f6001600160401b0384111561407957614079613fdf565b50601f8301601f191660200161408e8161401b565b9150508281528583830111156140a2575f5ffd5b828260208301375f92810160200192909252509392505050565b6001600160a01b03811681146106c4575f5ffd5b803560ff81168114611345575f5ffd5b5f606082840312156140f0575f5ffd5b604051606081016001600160401b038111828210171561411257614112613fdf565b604052905080614121836140d0565b815260208381013590820152604092830135920191909152919050565b80356001600160401b0381168114611345575f5ffd5b5f5f5f5f5f5f5f610120888a03121561416b575f5ffd5b87356001600160401b03811115614180575f5ffd5b61418c8a828b0161404b565b97505061419b60208901613f46565b955060408801356141ab816140bc565b94506141ba8960608a016140e0565b93506141c860c08901613f46565b92506141d660e0890161413e565b91506101008801356001600160401b038111156141f1575f5ffd5b6141fd8a828b0161404b565b91505092959891949750929550565b5f5f6040838503121561421d575f5ffd5b82359150602083013561422f816140bc565b809150509250929050565b5f6020828403121561424a575f5ffd5b81356114c0816140bc565b5f60208284031215614265575f5ffd5b813565ffffffffffff811681146114c0575f5ffd5b5f5f6040838503121561428b575f5ffd5b82359150613f786020840161413e565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b60ff60f81b8816815260e060208201525f6142e760e083018961429b565b82810360408401526142f9818961429b565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b8181101561434e578351835260209384019390920191600101614330565b50909b9a5050505050505050505050565b5f5f83601f84011261436f575f5ffd5b5081356001600160401b03811115614385575f5ffd5b6020830191508360208260051b850101111561439f575f5ffd5b9250929050565b5f5f5f604084860312156143b8575f5ffd5b8335925060208401356001600160401b038111156143d4575f5ffd5b6143e08682870161435f565b9497909650939450505050565b5f60a08284031280156143fe575f5ffd5b509092915050565b5f8151808452602084019350602083015f5b82811015614436578151865260209586019590910190600101614418565b5093949350505050565b6020815261445a6020820183516001600160401b03169052565b5f602083015161447560408401826001600160401b03169052565b506040830151801515606084015250606083015180151560808401525060808301516001600160401b03811660a08401525060a083015161028060c08401526144c26102a0840182614406565b60c0850151805163ffffffff1660e0860152602081015161ffff1661010086015260408101511515610120860152606081015164ffffffffff1661014086015260808101516001600160a01b03166101608601529091505060e0840151805161ffff16610180850152602081015164ffffffffff9081166101a0860152604082015181166101c08601526060820151166101e085015260808101516001600160401b031661020085015250610100840151805164ffffffffff9081166102208601526020820151166102408501525061012084015161026084015261014090930151610280909201919091525090565b5f5f5f5f5f5f5f610100888a0312156145c9575f5ffd5b873596506145da8960208a016140e0565b955060808801356001600160401b038111156145f4575f5ffd5b6146008a828b0161435f565b9096509450614613905060a0890161413e565b925061462160c0890161413e565b915060e08801356001600160401b038111156141f1575f5ffd5b803563ffffffff81168114611345575f5ffd5b5f5f5f5f60808587031215614661575f5ffd5b843593506146716020860161463b565b925060408501356001600160401b0381111561468b575f5ffd5b6146978782880161404b565b9250506146a66060860161413e565b905092959194509250565b5f5f5f606084860312156146c3575f5ffd5b833592506146d36020850161463b565b915060408401356001600160401b038111156146ed575f5ffd5b6146f98682870161404b565b9150509250925092565b5f5f5f60608486031215614715575f5ffd5b833592506020840135614727816140bc565b929592945050506040919091013590565b5f5f5f5f5f5f60a0878903121561474d575f5ffd5b8635955060208701359450604087013593506060870135925060808701356001600160401b0381111561477e575f5ffd5b8701601f8101891361478e575f5ffd5b80356001600160401b038111156147a3575f5ffd5b8960208260061b84010111156147b7575f5ffd5b60208201935080925050509295509295509295565b5f6001600160401b038211156147e4576147e4613fdf565b5060051b60200190565b5f82601f8301126147fd575f5ffd5b813561481061480b826147cc565b61401b565b8082825260208201915060208360061b860101925085831115614831575f5ffd5b602085015b8381101561487a576040818803121561484d575f5ffd5b614855613ff3565b61485e82613f46565b8152602082810135818301529084529290920191604001614836565b5095945050505050565b5f5f5f60608486031215614896575f5ffd5b833592506148a66020850161413e565b915060408401356001600160401b038111156148c0575f5ffd5b6146f9868287016147ee565b634e487b7160e01b5f52601160045260245ffd5b5f600182016148f1576148f16148cc565b5060010190565b818103818111156105cf576105cf6148cc565b634e487b7160e01b5f52603260045260245ffd5b5f8161492d5761492d6148cc565b505f190190565b5f60208284031215614944575f5ffd5b6114c08261413e565b5f6020828403121561495d575f5ffd5b6114c082613f46565b5f81518060208401855e5f93019283525090919050565b5f6149888285614966565b60c09390931b6001600160c01b03191683525050600801919050565b8281525f611a7e6020830184614966565b5f63ffffffff821663ffffffff81036149d0576149d06148cc565b60010192915050565b6001600160e01b031960e087901b1681526001600160f01b031960f086811b821660048401526001600160601b0319606087901b16600684015284901b16601a8201525f614a2a601c830184614966565b979650505050505050565b5f8235603e19833603018112614a49575f5ffd5b9190910192915050565b7f7b22637276223a22502d323536222c226b7479223a224543222c2278223a220081525f614a84601f830185614966565b661116113c911d1160c91b8152614a9e6007820185614966565b61227d60f01b815260020195945050505050565b7f7b22637276223a2245643235353139222c226b7479223a224f4b50222c2278228152611d1160f11b60208201525f614aee6022830184614966565b61227d60f01b81526002019392505050565b5f60208284031215614b10575f5ffd5b6114c0826140d0565b5f5f8335601e19843603018112614b2e575f5ffd5b8301803591506001600160401b03821115614b47575f5ffd5b60200191503681900382131561439f575f5ffd5b818382375f9101908152919050565b5f614b758285614966565b9283525050602001919050565b5f5f60408385031215614b93575f5ffd5b505080516020909101519092909150565b60e083901b6001600160e01b03191681525f611a7e6004830184614966565b60e084901b6001600160e01b031916815260f083901b6001600160f01b03191660048201525f611c446006830184614966565b6001600160c01b031960c087901b1681526001600160f81b031960f886811b8216600884015285811b8216600984015284901b16600a8201525f614a2a600b830184614966565b6001600160f81b031960f889811b8216835288811b821660018401526001600160c01b031960c089811b8216600286015288901b16600a84015285901b166012820152601381018390525f614c956033830184614966565b9998505050505050505050565b60f883901b6001600160f81b03191681525f611a7e6001830184614966565b602081525f6114c0602083018461429b565b5f6114c08284614966565b5f60208284031215614cee575f5ffd5b5051919050565b65ffffffffffff81811683821601908111156105cf576105cf6148cc565b5f5f5f5f60808587031215614d26575f5ffd5b84359350602085013592506040850135915060608501356001600160401b03811115614d50575f5ffd5b8501601f81018713614d60575f5ffd5b8035614d6e61480b826147cc565b8082825260208201915060208360061b850101925089831115614d8f575f5ffd5b6020840193505b82841015614ddf576040848b031215614dad575f5ffd5b614db5613ff3565b84358152614dc56020860161413e565b602082015280835250602082019150604084019350614d96565b969995985093965050505050565b5f5f5f5f60808587031215614e00575f5ffd5b614e098561413e565b9350614e17602086016140d0565b9250614e25604086016140d0565b915060608501356001600160401b03811115614e3f575f5ffd5b614e4b878288016147ee565b91505092959194509250565b5f5f5f5f60c08587031215614e6a575f5ffd5b614e7486866140e0565b9350614e8260608601613f46565b9250614e906080860161413e565b915060a08501356001600160401b03811115614eaa575f5ffd5b614e4b8782880161404b565b80820281158282048414176105cf576105cf6148cc565b808201808211156105cf576105cf6148cc565b65ffffffffffff82811682821603908111156105cf576105cf6148cc565b634e487b7160e01b5f52601260045260245ffd5b5f82614f2057614f20614efe565b500490565b5f82614f3357614f33614efe565b50069056feffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551b7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144a2646970667358221220852b1a27ccb44519a72366f24d8ded78adbf0b3b3eb3f8910b7e6aa6d7d7a12b64736f6c63430008250033';

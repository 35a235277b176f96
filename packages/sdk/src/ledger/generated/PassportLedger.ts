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
        "name": "position",
        "type": "uint256"
      },
      {
        "internalType": "bytes1",
        "name": "character",
        "type": "bytes1"
      }
    ],
    "name": "TextNotPrintable",
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

export const bytecode = '0x610160604052348015610010575f5ffd5b5060405161571438038061571483398101604081905261002f9161061a565b6040518060400160405280600e81526020016d2830b9b9b837b93a2632b233b2b960911b815250604051806040016040528060018152602001603160f81b8152508383846100c560016100896005846101d960201b60201c565b604080514660208201526001600160601b03193060601b16918101919091525f9081906054015b60408051601f198184030181529190526101fc565b506001600160a01b0381166100f457604051636116401160e11b81525f60048201526024015b60405180910390fd5b604280546001600160d01b0316600160d01b65ffffffffffff85160217905561011d5f82610310565b50505061012f8261039560201b60201c565b6101205261013c81610395565b61014052815160208084019190912060e052815190820120610100524660a0526101c860e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c052506107809050565b6040805180820190915260ff9290921682526001600160a01b0316602082015290565b5f546901000000000000000000810460ff169061010090046001600160401b0316811561023c576040516326744f5d60e11b815260040160405180910390fd5b85516020808801516040515f936102629385936001938e934393429391928d910161067e565b60408051601f1981840301815291905290505f61027e826103d2565b9050600182510360018301925080835250612000825111156102b857815160405163125211db60e11b81526004016100eb91815260200190565b6102c283826103ef565b8587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1856040516102fd9190610734565b60405180910390a4505050505050505050565b5f821580159061034057507fb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f1448314155b1561036157604051631eb29f1560e11b8152600481018490526024016100eb565b61036b8383610479565b9050801561038f5761038f6002600585156103865733610388565b845b86866104e6565b92915050565b5f5f829050601f815111156103bf578260405163305a27a960e01b81526004016100eb9190610734565b80516103ca82610746565b179392505050565b5f60205f83516020850160025afa6103e8575f5ffd5b50505f5190565b5f6001600160401b0383165b806001166001036104345761042a600183806001019450604081106104225761042261076c565b01548461053f565b925060011c6103fb565b50826001015f60016101000a8154816001600160401b0302191690836001600160401b0316021790555081600182604081106104725761047261076c565b0155505050565b5f826104d5575f6104926043546001600160a01b031690565b6001600160a01b0316146104b957604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b6104df838361056f565b9392505050565b6040805180820190915260ff851681526001600160a01b03841660208201526105389086905f5f1b8586866040516020016100b092919091825260601b6001600160601b031916602082015260340190565b5050505050565b5f6040516001815383600182015282602182015260205f60418360025afa610565575f5ffd5b50505f5192915050565b5f8281526041602090815260408083206001600160a01b038516845290915281205460ff16610613575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff191660011790556105cb3390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a450600161038f565b505f61038f565b5f5f6040838503121561062b575f5ffd5b825165ffffffffffff81168114610640575f5ffd5b60208401519092506001600160a01b038116811461065c575f5ffd5b809150509250929050565b5f81518060208401855e5f93019283525090919050565b7fff0000000000000000000000000000000000000000000000000000000000000060f88a811b8216835289811b8216600184015288811b821660028401526001600160c01b031960c089811b8216600386015288901b16600b84015285901b166013820152601481018390525f6106f86034830184610667565b9a9950505050505050505050565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b602081525f6104df6020830184610706565b80516020808301519190811015610766575f198160200360031b1b821691505b50919050565b634e487b7160e01b5f52603260045260245ffd5b60805160a05160c05160e051610100516101205161014051614f436107d15f395f611c0801525f611bdd01525f612c1a01525f612bf201525f612b4d01525f612b7701525f612ba10152614f435ff3fe608060405234801561000f575f5ffd5b506004361061023f575f3560e01c80638da5cb5b11610135578063c98d580c116100b4578063d602b9fd11610079578063d602b9fd14610557578063e03fab551461055f578063f2d107a314610572578063f3b26ecc14610585578063fc7c6eee14610598575f5ffd5b8063c98d580c146104f3578063cc8463c814610506578063cefc14291461050e578063cf6eefb714610516578063d547741f14610544575f5ffd5b8063a1eda53c116100fa578063a1eda53c1461047f578063a217fddf146104a6578063ab35e394146104ad578063b1c4235d146104cd578063c4a5aa8d146104e0575f5ffd5b80638da5cb5b146103f15780638f8f851c146103f957806391d14854146104315780639990f083146104445780639f1afddf1461046c575f5ffd5b806336568abe116101c15780637f7745ef116101865780637f7745ef146103835780638456cb591461039657806384b0196e1461039e57806384ef8ffc146103b957806389099a63146103de575f5ffd5b806336568abe146103385780633f4ba83a1461034b5780635c975abb14610353578063634e93da1461035d578063649a5ec714610370575f5ffd5b8063203e71e211610207578063203e71e2146102b7578063248a9ca3146102ce57806327b381cf146102fe5780632b063386146103125780632f2ff15d14610325575f5ffd5b806301ffc9a714610243578063022d63fb1461026b5780630379bf10146102875780630aa6220b1461029c5780631a5e4dfc146102a4575b5f5ffd5b610256610251366004613fc4565b6105ab565b60405190151581526020015b60405180910390f35b620697805b60405165ffffffffffff9091168152602001610262565b61029a610295366004613feb565b6105d5565b005b61029a6106a5565b61029a6102b2366004614013565b6106ba565b6102bf610775565b6040516102629392919061403d565b6102f06102dc366004613feb565b5f9081526041602052604090206001015490565b604051908152602001610262565b6102f05f516020614eee5f395f51905f5281565b61029a610320366004614210565b610886565b61029a6103333660046142c8565b6108e8565b61029a6103463660046142c8565b610910565b61029a6109b6565b5f5460ff16610256565b61029a61036b3660046142f6565b6109e2565b61029a61037e366004614311565b6109f5565b61029a610391366004614336565b610a08565b61029a610a9f565b6103a6610ac9565b6040516102629796959493929190614385565b6043546001600160a01b03165b6040516001600160a01b039091168152602001610262565b61029a6103ec366004613feb565b610b0b565b6103c6610b17565b6102566104073660046142c8565b5f918252604b602090815260408084206001600160a01b0393909316845291905290205460ff1690565b61025661043f3660046142c8565b610b2f565b6103c6610452366004613feb565b5f908152604c60205260409020546001600160a01b031690565b61029a61047a366004614462565b610b59565b610487610b74565b6040805165ffffffffffff938416815292909116602083015201610262565b6102f05f81565b6104c06104bb3660046144a9565b610bc6565b60405161026291906144fc565b61029a6104db366004613feb565b610e45565b61029a6104ee36600461466e565b610e52565b61029a61050136600461470a565b610f31565b610270610ffd565b61029a61105b565b61051e61109a565b604080516001600160a01b03909316835265ffffffffffff909116602083015201610262565b61029a6105523660046142c8565b6110bb565b61029a6110e3565b61029a61056d36600461476d565b6110f5565b61029a6105803660046147bf565b61117d565b61029a6105933660046147f4565b6111ef565b61029a6105a6366004614940565b611270565b5f6001600160e01b031982166318a4c3c360e11b14806105cf57506105cf82611295565b92915050565b6105df815f6112c9565b50505f818152604c60205260409020546001600160a01b031633146106255760405163bc2b8c8d60e01b8152600481018290523360248201526044015b60405180910390fd5b5f818152604c6020908152604080832080546001600160a01b03191690556047825280832080546bffffffffffffffffffffffff1633600160601b81029190911790915590516106789285929101614988565b60405160208183030381529060405290506106a1601861069960013361139b565b845f856113be565b5050565b5f6106af816114cb565b6106b76114d5565b50565b5f6106c361152a565b90505f6106cf8461155e565b805490915061ffff808516640100000000909204160361070f5760405163576f4a3560e11b81526004810185905261ffff8416602482015260440161061c565b805465ffff00000000191664010000000061ffff85160217815560408051602081018690526001600160f01b031960f086901b169181019190915261076f90601490849087905f906042015b6040516020818303038152906040526113be565b50505050565b5f805461010090046001600160401b03169060609080835b80156107af5761079c826149b7565b91506107a96001826149cf565b1661078d565b50806001600160401b038111156107c8576107c861409b565b6040519080825280602002602001820160405280156107f1578160200160208202803683370190505b5092505f5b811561087f5760016001600160401b038616821c161561086f575f60018260408110610824576108246149e2565b015490508451831461083f5761083a81856115a1565b610841565b805b9350808561084e856149f6565b94508481518110610861576108616149e2565b602002602001018181525050505b610878816149b7565b90506107f6565b5050909192565b5f61088f61152a565b90505f61089e828a8a8a6115d1565b865190915060ff166001146108ce578551604051637a4f073b60e11b815260ff909116600482015260240161061c565b6108dd828289898989896116e1565b505050505050505050565b8161090657604051631fe1e13d60e11b815260040160405180910390fd5b6106a18282611902565b8115801561092b57506043546001600160a01b038281169116145b156109ac575f5f61093a61109a565b90925090506001600160a01b03821615158061095c575065ffffffffffff8116155b8061096f57504265ffffffffffff821610155b15610997576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161061c565b50506042805465ffffffffffff60a01b191690555b6106a18282611926565b6109bf5f6114cb565b6109c7611959565b6109e0600960405180602001604052805f8152506119aa565b565b5f6109ec816114cb565b6106a1826119c1565b5f6109ff816114cb565b6106a182611a6d565b5f610a1161152a565b90505f610a1d84611b0d565b8054909150610a47906001600160401b03851690600160381b900464ffffffffff16600142611b47565b815464ffffffffff91909116600160381b0264ffffffffff60381b1990911617815560405161076f90601390849087905f9061075b9083908a9060200191825260c01b6001600160c01b031916602082015260280190565b610aa85f6114cb565b610ab0611b9a565b6109e0600860405180602001604052805f8152506119aa565b5f6060805f5f5f6060610ada611bd6565b610ae2611c01565b604080515f80825260208201909252600f60f81b9b939a50919850469750309650945092509050565b6106b76012825f611c2c565b5f610b2a6043546001600160a01b031690565b905090565b5f9182526041602090815260408084206001600160a01b0393909316845291905290205460ff1690565b610b6f610b6760013361139b565b848484611cbb565b505050565b6043545f90600160d01b900465ffffffffffff168015158015610b9f57504265ffffffffffff821610155b610baa575f5f610bbe565b604354600160a01b900465ffffffffffff16815b915091509091565b610c7260408051610160810182525f80825260208083018290528284018290526060808401839052608080850184905260a08086018390528651808201885285815280850186905280880186905280840186905280830186905260c087015286519081018752848152808401859052808701859052918201849052810183905260e084015283518085019094528184528301529061010082019081526020015f81526020015f81525090565b6001600160401b034381168252421660208201528135610c935f5460ff1690565b151560408301525f54600160481b900460ff1615156060830152610cb5610775565b5060a0808501919091526001600160401b039182166080808601919091525f84815260476020908152604080832081518087018352905463ffffffff8116825261ffff640100000000820481168386015260ff600160301b83041615158385015264ffffffffff600160381b80840482166060808701919091526001600160a01b03600160601b9586900416868b015260c08e01959095528b8852604887528588208e8801358952875285882086519a8b018752549283168a5262010000830482168a8801528204811689860152918104821688840152600160881b90049097168686015260e089019590955286835260498252808320898201358452825291829020825180840190935254808616835265010000000000900490941693810193909352610100850192909252610e0d918391610df6918701908701614a0b565b6001610e0860a0880160808901614a24565b611d1c565b610120830152610e3981610e276080860160608701614a0b565b6002610e0860a0880160808901614a24565b61014083015250919050565b6106b76011826001611c2c565b610e5b82611d66565b5f610e6587611da1565b90505f610e728983611db3565b80549091506001600160401b03868116600160881b9092041614610ece57805460405163374e43db60e01b8152600481018490526001600160401b038088166024830152600160881b909204909116604482015260640161061c565b805467ffffffffffffffff60881b1916600160881b600187016001600160401b031602178155610f0d8289610f078c838c8c8c8c611dfe565b86611f6f565b6108dd6040518060400160405280600360ff168152602001848152508a8989611cbb565b5f610f3a61152a565b90505f5f5f610f4a888888612018565b8154929550909350915064ffffffffff165f03610f8457604051630d242df960e41b8152600481018990526024810184905260440161061c565b8154610fad906001600160401b0387169065010000000000900464ffffffffff16600142611b47565b825464ffffffffff91909116650100000000000269ffffffffff000000000019909116178255604051610ff39060169086908b90879061075b9087908c90602001614a54565b5050505050505050565b6043545f90600160d01b900465ffffffffffff16801515801561102757504265ffffffffffff8216105b61104257604254600160d01b900465ffffffffffff16611055565b604354600160a01b900465ffffffffffff165b91505090565b5f61106461109a565b509050336001600160a01b0382161461109257604051636116401160e11b815233600482015260240161061c565b6106b7612088565b6042546001600160a01b03811691600160a01b90910465ffffffffffff1690565b816110d957604051631fe1e13d60e11b815260040160405180910390fd5b6106a1828261211e565b5f6110ed816114cb565b6106b7612142565b5f6110fe61152a565b90506111098461155e565b505f5f5f611118878787612018565b8154929550909350915064ffffffffff161561115157604051634197e27b60e11b8152600481018890526024810184905260440161061c565b815464ffffffffff19164264ffffffffff161782556111746015858986856113be565b50505050505050565b6111865f6114cb565b6111d2600a8484846040516020016111be9392919092835260609190911b6001600160601b0319166020830152603482015260540190565b6040516020818303038152906040526119aa565b610b6f5f805469ff0000000000000000001916600160481b179055565b5f5f6111fb885f6112c9565b90925090506001336001600160a01b03841614611258575f898152604b6020908152604080832033845290915290205460ff166112545760405163a78e4aa560e01b8152600481018a905233602482015260440161061c565b5060025b6108dd611265823361139b565b8a848b8b8b8a612197565b5f61127961152a565b905061128484611b0d565b5061076f8185856001600587612279565b5f6001600160e01b03198216637965db0b60e01b14806105cf57506301ffc9a760e01b6001600160e01b03198316146105cf565b5f8281526047602052604081208054600160601b81046001600160a01b031692640100000000820461ffff16929163ffffffff811691600160301b820460ff1691600160381b900464ffffffffff169083900361133b5760405162c976b360e81b81526004810189905260240161061c565b64ffffffffff81161561136457604051633887e71160e21b81526004810189905260240161061c565b81801561136f575086155b1561139057604051631a6fd3b960e21b81526004810189905260240161061c565b505050509250929050565b6040805180820190915260ff9290921682526001600160a01b0316602082015290565b5f54600160481b810460ff169061010090046001600160401b031681156113f8576040516326744f5d60e11b815260040160405180910390fd5b85516020808801516040515f9361141e9385936001938e934393429391928d9101614a7b565b60405160208183030381529060405290505f61143982612343565b90506001825103600183019250808352506120008251111561147357815160405163125211db60e11b815260040161061c91815260200190565b61147d8382612360565b8587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1856040516114b89190614aeb565b60405180910390a4505050505050505050565b6106b781336123ea565b5f6114de610b74565b9150508065ffffffffffff165f03611509576040516328e9001b60e01b815260040160405180910390fd5b611511612423565b6106b7600760405180602001604052805f8152506119aa565b604080518082019091525f80825260208201526115535f516020614eee5f395f51905f526114cb565b610b2a60043361139b565b5f61156882611b0d565b8054909150600160381b900464ffffffffff161561159c57604051633887e71160e21b81526004810183905260240161061c565b919050565b5f6040516001815383600182015282602182015260205f60418360025afa6115c7575f5ffd5b50505f5192915050565b5f5f6115dc8561242d565b90506115e785612343565b5f81815260476020526040902080549193509063ffffffff161561162157604051639f838fd960e01b81526004810184905260240161061c565b604680545f919082906116399063ffffffff16614afd565b82546101009290920a63ffffffff8181021990931692821690810292909217909255835465ffffffffffff19161764010000000061ffff891602176bffffffffffffffffffffffff16600160601b6001600160a01b038816021783556040519091505f906116b590869084908a908a9089908e90602001614b21565b60408051601f1981840301815291905290506116d560108a875f856113be565b50505050949350505050565b6116ea82611d66565b83515f9060ff166001146116ff576001611702565b600f5b905061ffff8416158061171b575061ffff811985161615155b1561174b5784516040516392163fcd60e01b815260ff909116600482015261ffff8516602482015260440161061c565b5f61175586611da1565b5f898152604860209081526040808320848452909152902080549192509061ffff161561179f5760405163370a07b160e01b8152600481018a90526024810183905260440161061c565b865160ff165f190161183257604080517fd68d3ad4b96af8e133bcecc9579fa0e42f2fe10839c06965f0ec07741266a1b960208201529081018a90526001600160a01b038916606082015261ffff871660808201526001600160401b03861660a08201525f9060c00160405160208183030381529060405280519060200120905061182c83898388611f6f565b5061185b565b83511561185b5760405163e7ed444760e01b8152600481018390525f602482015260440161061c565b805466ffffffffffffff191661ffff8716176201000064ffffffffff42160217815586516020808901516040808b015181519384018e90528382018790526001600160f81b031960f89590951b9490941660608401526001600160f01b031960f08b901b16606184015260638301919091526083808301939093528051808303909301835260a390910190526118f5601b8c8c86856113be565b5050505050505050505050565b5f8281526041602052604090206001015461191c816114cb565b61076f83836124ed565b6001600160a01b038116331461194f5760405163334bd91960e11b815260040160405180910390fd5b610b6f8282612559565b6119616125af565b5f805460ff191690557f5db9ee0a495bf2e6ff9c91a7834c1ba4fdd244a5e8aa4e537bd38aeae4b073aa335b6040516001600160a01b03909116815260200160405180910390a1565b6106a1826119b960053361139b565b5f80856113be565b5f5f6119cb61109a565b915091506119d8836125d1565b5f6119e161109a565b915050826001600160a01b0316846001600160a01b0316148015611a1457508165ffffffffffff168165ffffffffffff16145b15611a32576040516328e9001b60e01b815260040160405180910390fd5b6040516001600160601b0319606086901b16602082015265ffffffffffff60c01b60c083901b16603482015261076f90600490603c016111be565b5f5f611a77610b74565b91509150611a8483612643565b5f611a8d610b74565b9150508265ffffffffffff168465ffffffffffff16148015611abe57508165ffffffffffff168165ffffffffffff16145b15611adc576040516328e9001b60e01b815260040160405180910390fd5b60405165ffffffffffff60c01b60c086811b8216602084015283901b16602882015261076f906006906030016111be565b5f8181526047602052604081208054909163ffffffff909116900361159c5760405162c976b360e81b81526004810183905260240161061c565b5f8315611b55576001840391505b82851080611b6257508185115b15611b915760405163091bdcc360e41b815260048101869052602481018490526044810183905260640161061c565b50929392505050565b611ba26126b2565b5f805460ff191660011790557f62e78cea01bee320cd4e420270b5ea74000d11b0c9f74754ebdbfc544b05a25861198d3390565b6060610b2a7f00000000000000000000000000000000000000000000000000000000000000006126d5565b6060610b2a7f00000000000000000000000000000000000000000000000000000000000000006126d5565b5f611c3561152a565b90505f611c418461155e565b8054909150831515600160301b90910460ff16151503611c7f5760405163e4eadf4360e01b815260048101859052831515602482015260440161061c565b805466ff0000000000001916600160301b841515021781556040805160208101869052611cb4918791859188915f910161075b565b5050505050565b5f819003611cdc57604051639a55189560e01b815260040160405180910390fd5b5f5b81811015611cb457611d148585858585818110611cfd57611cfd6149e2565b9050602002810190611d0f9190614b78565b612712565b600101611cde565b5f6102008261ffff1610611d30575f611d5d565b5f858152604a602052604081209061ffff8416611d4d8787612985565b1781526020019081526020015f20545b95945050505050565b806001600160401b03164211156106b757604051631ef7407960e11b81526001600160401b038216600482015242602482015260440161061c565b5f6105cf611dae836129b2565b612343565b5f82815260486020908152604080832084845290915281208054909161ffff90911690036105cf57604051633397932560e01b8152600481018490526024810183905260440161061c565b5f6060815b85811015611ee95736878783818110611e1e57611e1e6149e2565b9050602002810190611e309190614b78565b9050827f80ef2a1a7635e18768b758cf269c71f09b87e8b4d1a4539a841a266b62603805611e616020840184614b96565b611e6e6020850185614baf565b604051611e7c929190614bf1565b604051908190038120611ea793929160200192835260ff919091166020830152604082015260600190565b60405160208183030381529060405280519060200120604051602001611ece929190614c00565b60408051601f19818403018152919052925050600101611e03565b508051602080830191909120604080517f71f13a4fae068041d35c317e0abca0ab6ac1bc5c34f15fe4ffa920c9e6a0cee59381019390935282018a90526060820189905260808201526001600160401b0380861660a0830152841660c082015260e001604051602081830303815290604052805190602001209150509695505050505050565b5f611fb0611f7b612b41565b60405161190160f01b60208201526022810191909152604281018590526062015b604051602081830303815290604052612343565b82519091506040148015611fe8575f5f6020850151915060408501519050611fe38483838a602001518b60400151612c6a565b925050505b806120105760405163e7ed444760e01b8152600481018790526024810183905260440161061c565b505050505050565b5f5f60606120328585604051602001611f9c929190614c18565b5f87815260496020908152604080832084845290915290209093509150858561205a8661242d565b8660405160200161206e9493929190614c3f565b604051602081830303815290604052905093509350939050565b5f5f61209261109a565b915091506120a78165ffffffffffff16151590565b15806120bb57504265ffffffffffff821610155b156120e3576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161061c565b6120fe5f6120f96043546001600160a01b031690565b612559565b506121095f836124ed565b5050604280546001600160d01b031916905550565b5f82815260416020526040902060010154612138816114cb565b61076f8383612559565b5f61214b61109a565b9150508065ffffffffffff165f03612176576040516328e9001b60e01b815260040160405180910390fd5b61217e612ca3565b6106b7600560405180602001604052805f8152506119aa565b61219f6126b2565b8215806121ad575061400083115b156121d657604051635532007b60e01b815260048101849052614000602482015260440161061c565b5f8290036121fa5760405163b5e613d960e01b81526004810185905260240161061c565b801561221c5760405163c57a6d9160e01b81526004810182905260240161061c565b6040805160208082018990526001600160f01b031960f089811b8216848601526042840189905287901b166062830152606482018590525f608483015282518083036065018152608590920190925290610ff390898988856113be565b80511580612288575060c88151115b156122b257805160405162fc911760e01b8152600481019190915260c8602482015260440161061c565b5f5f6122c8876122c28888612985565b85612cad565b91509150815f036122fe57604051636647f16360e01b8152600481018890526001600160401b038716602482015260440161061c565b5f87878787868660405160200161231a96959493929190614c82565b60408051601f1981840301815291905290506108dd60308a8a6001600160401b038b16856113be565b5f60205f83516020850160025afa612359575f5ffd5b50505f5190565b5f6001600160401b0383165b806001166001036123a55761239b60018380600101945060408110612393576123936149e2565b0154846115a1565b925060011c61236c565b50826001015f60016101000a8154816001600160401b0302191690836001600160401b0316021790555081600182604081106123e3576123e36149e2565b0155505050565b6123f48282610b2f565b6106a15760405163e2517d3f60e01b81526001600160a01b03821660048201526024810183905260440161061c565b6109e05f5f612db3565b80515f9080158061243e575060ff81115b1561245f5760405163e5096e2d60e01b81526004810182905260240161061c565b5f5b818110156124e6575f84828151811061247c5761247c6149e2565b01602001516001600160f81b0319169050602160f81b8110806124ac5750603f60f91b6001600160f81b03198216115b156124dd576040516301e63b0960e31b8152600481018390526001600160f81b03198216602482015260440161061c565b50600101612461565b5092915050565b5f821580159061250a57505f516020614eee5f395f51905f528314155b1561252b57604051631eb29f1560e11b81526004810184905260240161061c565b6125358383612e72565b905080156105cf576105cf6002600585156125505733612552565b845b8686612edf565b5f6125648383612f04565b905080156105cf575f5f516020614eee5f395f51905f528414801561259157506001600160a01b03831633145b61259c57600561259f565b60045b90506124e6600382338787612edf565b5f5460ff166109e057604051638dfc202b60e01b815260040160405180910390fd5b5f6125da610ffd565b6125e342612f40565b6125ed9190614ccf565b90506125f98282612f76565b60405165ffffffffffff821681526001600160a01b038316907f3377dc44241e779dd06afab5b788a35ca5f3b778836e2990bdb26a2a4b2e5ed69060200160405180910390a25050565b5f61264d82612ff3565b61265642612f40565b6126609190614ccf565b905061266c8282612db3565b6040805165ffffffffffff8085168252831660208201527ff1038c18cf84a56e432fdbfaf746924b7ea511dfe03a6506a0ceba4888788d9b910160405180910390a15050565b5f5460ff16156109e05760405163d93c066560e01b815260040160405180910390fd5b60605f6126e18361303a565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f6127206020830183614b96565b9050365f6127316020850185614baf565b9092509050601f1960ff841601612786575f612750878760025f613061565b91505f905080808061276486880188614ced565b935093509350935061277c8b8b878787878751612197565b5050505050612010565b602f1960ff841601612852575f8080806127a285870187614dc7565b9350935093509350600160ff168360ff16036127cd576127c68a8a60046001613061565b5050612804565b60011960ff8416016127e6576127c68a8a60025f613061565b60405163126c7b3960e21b815260ff8416600482015260240161061c565b60ff821615806128185750600560ff831610155b1561283b57604051630605397960e11b815260ff8316600482015260240161061c565b6128498a8a86868686612279565b50505050612010565b601a1960ff841601612896575f61286c878760085f613061565b5090505f80808061287f86880188614e31565b935093509350935061277c8b8b87878787876116e1565b60ff8316601c14806128ab575060ff8316601d145b156128e7576128be868660086001613061565b505f9050806128cf83850185614336565b915091506128e0858989858561319c565b5050612010565b60161960ff841601612921575f612901878760085f613061565b50905061291b878783612916868801886142f6565b613289565b50612010565b60ff831660191480612936575060ff8316601a145b1561296757612948868660085f613061565b50612962905083878761295d858701876142f6565b613366565b612010565b604051632121f85560e01b815260ff8416600482015260240161061c565b5f60ff8216600214612997575f61299b565b6102005b600a846001600160401b0316901b17905092915050565b60605f5f6129c3846020015161340d565b91509150600160ff16845f015160ff1603612a6e575f5f6129e7866040015161340d565b604080517f7b22637276223a22502d323536222c226b7479223a224543222c2278223a22006020820152603f8101979097526001600160a81b0319958616605f880152661116113c911d1160c91b606a88015260718701929092529093166091850152505061227d60f01b609c8301528051607e818403018152609e909201905292915050565b835160ff16600214612a9b578351604051637a4f073b60e11b815260ff909116600482015260240161061c565b604084015115612ad157602084015160408086015190516303429c9760e31b81526004810192909252602482015260440161061c565b604080517f7b22637276223a2245643235353139222c226b7479223a224f4b50222c2278226020820152611d1160f11b8183015260428101939093526001600160a81b031991909116606283015261227d60f01b606d8301528051604f818403018152606f909201905292915050565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612b9957507f000000000000000000000000000000000000000000000000000000000000000046145b15612bc357507f000000000000000000000000000000000000000000000000000000000000000090565b610b2a604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f5f612c7a8888888888613440565b9150915080612c9557612c90888888888861351b565b612c97565b815b98975050505050505050565b6109e05f5f612f76565b604080518251602202603f01601f1916810182525f858152604a60205291822082805b8551811015612da2575f868281518110612cec57612cec6149e2565b602002602001015190505f815f015161ffff16905083811080612d1157506102008110155b15612d3257604051638bfcfd0760e01b81526004810182905260240161061c565b8089175f90815260208681526040822054908401516001840196509091821990911690819003612d655750505050612d9a565b8a83175f9081526020888152604090912092821790925560f09290921b60228981028901928301919091520152506001909401935b600101612cd0565b506022840283525050935093915050565b604354600160d01b900465ffffffffffff168015612e35574265ffffffffffff82161015612e0c57604354604280546001600160d01b0316600160a01b90920465ffffffffffff16600160d01b02919091179055612e35565b6040517f2b1fa2edafe6f7b9e97c1a9e0c3660e645beb2dcaa2d45bdbf9beaf5472e1ec5905f90a15b50604380546001600160a01b0316600160a01b65ffffffffffff948516026001600160d01b031617600160d01b9290931691909102919091179055565b5f82612ece575f612e8b6043546001600160a01b031690565b6001600160a01b031614612eb257604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b612ed883836135cb565b9392505050565b611cb485612eed868661139b565b5f5f1b85868660405160200161075b929190614988565b5f82158015612f2057506043546001600160a01b038381169116145b15612f3657604380546001600160a01b03191690555b612ed8838361365c565b5f65ffffffffffff821115612f72576040516306dfcc6560e41b8152603060048201526024810183905260440161061c565b5090565b5f612f7f61109a565b6042805465ffffffffffff8616600160a01b026001600160d01b03199091166001600160a01b038816171790559150612fc190508165ffffffffffff16151590565b15610b6f576040517f8886ebfc4259abdbc16601dd8fb5678e54878f47b3c34836cfc51154a9605109905f90a1505050565b5f5f612ffd610ffd565b90508065ffffffffffff168365ffffffffffff1611613025576130208382614e90565b612ed8565b612ed865ffffffffffff8416620697806136c7565b5f60ff8216601f8111156105cf57604051632cd44ac360e21b815260040160405180910390fd5b5f5f61306d85846112c9565b8751919350915060ff165f19016130c75760208601516001600160a01b03808216908416146130c15760405163a78e4aa560e01b8152600481018790526001600160a01b038216602482015260440161061c565b50613193565b6020808701515f87815260488352604080822083835290935291909120805461ffff81169064ffffffffff600160381b8204811691600160601b900416811580159061311a5750428264ffffffffff1611155b8061312b575064ffffffffff811615155b156131535760405163ad89654f60e01b8152600481018b90526024810186905260440161061c565b88831661ffff165f0361318d5760405163f3247e0160e01b8152600481018b90526024810186905261ffff8a16604482015260640161061c565b50505050505b94509492505050565b5f6131a78484611db3565b9050601b1960ff8716016132055780546131de906001600160401b0384169064ffffffffff600160381b9091048116904290611b47565b815464ffffffffff91909116600160381b0264ffffffffff60381b1990911617815561324f565b805461322c906001600160401b03841690600160601b900464ffffffffff16600142611b47565b815464ffffffffff91909116600160601b0264ffffffffff60601b199091161781555b6120108686868688888860405160200161075b93929190928352602083019190915260c01b6001600160c01b031916604082015260480190565b6001600160a01b038216158015906132a65750835160ff16600114155b156132d65760405163bed8d01360e01b8152600481018490526001600160a01b038316602482015260440161061c565b5f838152604c60205260409020546001600160a01b0390811690821603613322576040516357d1d5bd60e01b8152600481018490526001600160a01b038216602482015260440161061c565b5f838152604c6020908152604080832080546001600160a01b0319166001600160a01b0386161790555161076f92601792889288929161075b918491899101614988565b5f828152604b602090815260408083206001600160a01b038516845290915290205460ff858116601914911615158190036133c65760405163fac43c4160e01b8152600481018490526001600160a01b038316602482015260440161061c565b5f838152604b602090815260408083206001600160a01b03861684528252808320805460ff191685151517905551611cb4928892889288929161075b9184918a9101614988565b5f8061341c604084901c6136d6565b915061343867ffffffffffffffff60801b608085901b166136d6565b919391925050565b5f5f61344c86866137f0565b158061345f575061345d8484613847565b155b1561346f57505f90506001613511565b61347c87878787876138ab565b1561348c57506001905080613511565b6134fb7fbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023600560017fa71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac9577f5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b6138ab565b1561350b57505f90506001613511565b505f9050805b9550959350505050565b5f61352685856137f0565b158061353957506135378383613847565b155b1561354557505f611d5d565b5f61355084846138eb565b90505f61356a865f516020614ece5f395f51905f52613ade565b90505f5f516020614ece5f395f51905f52828a0990505f5f516020614ece5f395f51905f52838a0990505f6135a0858484613aed565b509050896135bb5f516020614ece5f395f51905f5283614eae565b149b9a5050505050505050505050565b5f6135d68383610b2f565b613655575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff1916600117905561360d3390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a45060016105cf565b505f6105cf565b5f6136678383610b2f565b15613655575f8381526041602090815260408083206001600160a01b0386168085529252808320805460ff1916905551339286917ff6391f5c32d9c69d2a47ea670b442974b53935d1edc7fd64eb21e047a839171b9190a45060016105cf565b5f828218828410028218612ed8565b5f6bffffffffffffffffffffffff60601b821663ffffffff0282017bffffffffffff00000000000000000000ffffffffffff000000000000811661ffff02017dffffff0000000000ffffff0000000000ffffff0000000000ffffff000000811660ff02017efff00000fff00000fff00000fff00000fff00000fff00000fff00000fff0008116600f02017f0fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc081166003020161379281603f613c11565b6031026137a082601a613c11565b6006028201017f41414141414141414141414141414141414141414141414141414141414141410191506137d581603e613c11565b600d026137e3826034613c11565b604b020190910392915050565b5f821580159061380c57505f516020614ece5f395f51905f5283105b801561381757508115155b8015612ed85750507f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a81015919050565b5f600160601b63ffffffff60c01b031980838409817f5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b8387856003600160601b0363ffffffff60c01b0319878b8c0908090894821191909310169190921416919050565b5f6040518681528560208201528460408201528360608201528260808201525f5f5260205f60a0836101005afa6138de57fe5b50505f5195945050505050565b6138f3613f7d565b60405180606001604052805f81526020015f81526020015f815250815f60108110613920576139206149e2565b60200201819052506040518060600160405280848152602001838152602001600181525081600160108110613957576139576149e2565b602002018190525060405180606001604052807f6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c29681526020017f4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f581526020016001815250816004601081106139ce576139ce6149e2565b60200201526139e48160015b6020020151613c43565b60408201526139f48160046139da565b6101008201526020810151613a11908260025b6020020151613c9f565b6060820152613a2a8160015b6020020151826004613a07565b60a0820152613a3a816002613a1d565b60c0820152613a4a816003613a1d565b60e0820152613a638160015b6020020151826008613a07565b610120820152613a74816002613a56565b610140820152613a85816003613a56565b610160820152613a96816004613a56565b610180820152613ab08160015b602002015182600c613a07565b6101a0820152613ac1816002613aa3565b6101c0820152613ad2816003613aa3565b6101e082015292915050565b5f612ed8836002840384613cfd565b5f80808080805b6080811015613bf5578115613b2857613b0e848484613d1e565b91955093509150613b20848484613d1e565b919550935091505b600c60fc89901c1660fe88901c17898160108110613b4857613b486149e2565b60200201516040015115613be157825f03613bb757898160108110613b6f57613b6f6149e2565b6020020151518a8260108110613b8757613b876149e2565b6020020151602001518b8360108110613ba257613ba26149e2565b60200201516040015191965094509250613be1565b613bd98a8260108110613bcc57613bcc6149e2565b6020020151868686613da1565b919650945092505b50600297881b979690961b95600101613af4565b50613c01838383613ecd565b945094505050505b935093915050565b6080037f01010101010101010101010101010101010101010101010101010101010101019081029190910160071c1690565b613c6460405180606001604052805f81526020015f81526020015f81525090565b5f5f5f613c7d855f015186602001518760400151613d1e565b6040805160608101825293845260208401929092529082015295945050505050565b613cc060405180606001604052805f81526020015f81526020015f81525090565b5f5f5f613cda86865f015187602001518860400151613da1565b604080516060810182529384526020840192909252908201529695505050505050565b5f5f5f613d0b868686613f1a565b9150915081611d5d57611d5d6012613f6c565b5f5f5f600160601b63ffffffff60c01b031980868709818687098283848384096003600160601b0363ffffffff60c01b03190984858c8d096003090890508283838b09600409838482600209850385848509089650838485858609600809850385868a880385088509089550505050808186880960020991505093509350939050565b5f5f5f600160601b63ffffffff60c01b0319604088015181818209828388858a8b090960208c0151098381850385868686098c090884858a8b098d51098581870387868f0908935081158415168015613e015760018114613e4757613ebc565b868586098788898386096002098903898a848a098b038b88890908089a5087888983890987098903898a8e8c038c8689090887090899505086878c880986099750613ebc565b8c8c8c898283098a8283098b8c8d8384096003600160601b0363ffffffff60c01b0319098d8e8889096003090890508b8c83870960040994508b8c866002098d038d838409089e508b8c8384096008098c0391508b8f8d03860894508b828d878409089d505050898a8284096002099a505050505b505050505050509450945094915050565b5f5f825f03613ee057505f905080613c09565b600160601b63ffffffff60c01b03195f613efa8583613ade565b905081818209828189099450828383830988099350505050935093915050565b5f5f825f03613f2d57505f905080613c09565b60405160208152602080820152602060408201528560608201528460808201528360a082015260205f60c08360055afa9250505f519050935093915050565b634e487b715f52806020526024601cfd5b6040518061020001604052806010905b613fae60405180606001604052805f81526020015f81526020015f81525090565b815260200190600190039081613f8d5790505090565b5f60208284031215613fd4575f5ffd5b81356001600160e01b031981168114612ed8575f5ffd5b5f60208284031215613ffb575f5ffd5b5035919050565b803561ffff8116811461159c575f5ffd5b5f5f60408385031215614024575f5ffd5b8235915061403460208401614002565b90509250929050565b5f606082016001600160401b0386168352606060208401528085518083526080850191506020870192505f5b81811015614087578351835260209384019390920191600101614069565b505060409390930193909352509392505050565b634e487b7160e01b5f52604160045260245ffd5b604080519081016001600160401b03811182821017156140d1576140d161409b565b60405290565b604051601f8201601f191681016001600160401b03811182821017156140ff576140ff61409b565b604052919050565b5f82601f830112614116575f5ffd5b8135602083015f5f6001600160401b038411156141355761413561409b565b50601f8301601f191660200161414a816140d7565b91505082815285838301111561415e575f5ffd5b828260208301375f92810160200192909252509392505050565b6001600160a01b03811681146106b7575f5ffd5b803560ff8116811461159c575f5ffd5b5f606082840312156141ac575f5ffd5b604051606081016001600160401b03811182821017156141ce576141ce61409b565b6040529050806141dd8361418c565b815260208381013590820152604092830135920191909152919050565b80356001600160401b038116811461159c575f5ffd5b5f5f5f5f5f5f5f610120888a031215614227575f5ffd5b87356001600160401b0381111561423c575f5ffd5b6142488a828b01614107565b97505061425760208901614002565b9550604088013561426781614178565b94506142768960608a0161419c565b935061428460c08901614002565b925061429260e089016141fa565b91506101008801356001600160401b038111156142ad575f5ffd5b6142b98a828b01614107565b91505092959891949750929550565b5f5f604083850312156142d9575f5ffd5b8235915060208301356142eb81614178565b809150509250929050565b5f60208284031215614306575f5ffd5b8135612ed881614178565b5f60208284031215614321575f5ffd5b813565ffffffffffff81168114612ed8575f5ffd5b5f5f60408385031215614347575f5ffd5b82359150614034602084016141fa565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b60ff60f81b8816815260e060208201525f6143a360e0830189614357565b82810360408401526143b58189614357565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b8181101561440a5783518352602093840193909201916001016143ec565b50909b9a5050505050505050505050565b5f5f83601f84011261442b575f5ffd5b5081356001600160401b03811115614441575f5ffd5b6020830191508360208260051b850101111561445b575f5ffd5b9250929050565b5f5f5f60408486031215614474575f5ffd5b8335925060208401356001600160401b03811115614490575f5ffd5b61449c8682870161441b565b9497909650939450505050565b5f60a08284031280156144ba575f5ffd5b509092915050565b5f8151808452602084019350602083015f5b828110156144f25781518652602095860195909101906001016144d4565b5093949350505050565b602081526145166020820183516001600160401b03169052565b5f602083015161453160408401826001600160401b03169052565b506040830151801515606084015250606083015180151560808401525060808301516001600160401b03811660a08401525060a083015161028060c084015261457e6102a08401826144c2565b60c0850151805163ffffffff1660e0860152602081015161ffff1661010086015260408101511515610120860152606081015164ffffffffff1661014086015260808101516001600160a01b03166101608601529091505060e0840151805161ffff16610180850152602081015164ffffffffff9081166101a0860152604082015181166101c08601526060820151166101e085015260808101516001600160401b031661020085015250610100840151805164ffffffffff9081166102208601526020820151166102408501525061012084015161026084015261014090930151610280909201919091525090565b5f5f5f5f5f5f5f610100888a031215614685575f5ffd5b873596506146968960208a0161419c565b955060808801356001600160401b038111156146b0575f5ffd5b6146bc8a828b0161441b565b90965094506146cf905060a089016141fa565b92506146dd60c089016141fa565b915060e08801356001600160401b038111156142ad575f5ffd5b803563ffffffff8116811461159c575f5ffd5b5f5f5f5f6080858703121561471d575f5ffd5b8435935061472d602086016146f7565b925060408501356001600160401b03811115614747575f5ffd5b61475387828801614107565b925050614762606086016141fa565b905092959194509250565b5f5f5f6060848603121561477f575f5ffd5b8335925061478f602085016146f7565b915060408401356001600160401b038111156147a9575f5ffd5b6147b586828701614107565b9150509250925092565b5f5f5f606084860312156147d1575f5ffd5b8335925060208401356147e381614178565b929592945050506040919091013590565b5f5f5f5f5f5f60a08789031215614809575f5ffd5b8635955060208701359450604087013593506060870135925060808701356001600160401b0381111561483a575f5ffd5b8701601f8101891361484a575f5ffd5b80356001600160401b0381111561485f575f5ffd5b8960208260061b8401011115614873575f5ffd5b60208201935080925050509295509295509295565b5f6001600160401b038211156148a0576148a061409b565b5060051b60200190565b5f82601f8301126148b9575f5ffd5b81356148cc6148c782614888565b6140d7565b8082825260208201915060208360061b8601019250858311156148ed575f5ffd5b602085015b838110156149365760408188031215614909575f5ffd5b6149116140af565b61491a82614002565b81526020828101358183015290845292909201916040016148f2565b5095945050505050565b5f5f5f60608486031215614952575f5ffd5b83359250614962602085016141fa565b915060408401356001600160401b0381111561497c575f5ffd5b6147b5868287016148aa565b91825260601b6001600160601b031916602082015260340190565b634e487b7160e01b5f52601160045260245ffd5b5f600182016149c8576149c86149a3565b5060010190565b818103818111156105cf576105cf6149a3565b634e487b7160e01b5f52603260045260245ffd5b5f81614a0457614a046149a3565b505f190190565b5f60208284031215614a1b575f5ffd5b612ed8826141fa565b5f60208284031215614a34575f5ffd5b612ed882614002565b5f81518060208401855e5f93019283525090919050565b5f614a5f8285614a3d565b60c09390931b6001600160c01b03191683525050600801919050565b6001600160f81b031960f88a811b8216835289811b8216600184015288811b821660028401526001600160c01b031960c089811b8216600386015288901b16600b84015285901b166013820152601481018390525f614add6034830184614a3d565b9a9950505050505050505050565b602081525f612ed86020830184614357565b5f63ffffffff821663ffffffff8103614b1857614b186149a3565b60010192915050565b8681526001600160e01b031960e087901b1660208201526001600160f01b031960f086811b821660248401526001600160601b0319606087901b16602684015284901b16603a8201525f612c97603c830184614a3d565b5f8235603e19833603018112614b8c575f5ffd5b9190910192915050565b5f60208284031215614ba6575f5ffd5b612ed88261418c565b5f5f8335601e19843603018112614bc4575f5ffd5b8301803591506001600160401b03821115614bdd575f5ffd5b60200191503681900382131561445b575f5ffd5b818382375f9101908152919050565b5f614c0b8285614a3d565b9283525050602001919050565b60e083901b6001600160e01b03191681525f614c376004830184614a3d565b949350505050565b84815260e084901b6001600160e01b031916602082015260f083901b6001600160f01b03191660248201525f614c786026830184614a3d565b9695505050505050565b8681526001600160c01b031960c087901b1660208201526001600160f81b031960f886811b8216602884015285811b8216602984015284901b16602a8201525f612c97602b830184614a3d565b65ffffffffffff81811683821601908111156105cf576105cf6149a3565b5f5f5f5f60808587031215614d00575f5ffd5b84359350602085013592506040850135915060608501356001600160401b03811115614d2a575f5ffd5b8501601f81018713614d3a575f5ffd5b8035614d486148c782614888565b8082825260208201915060208360061b850101925089831115614d69575f5ffd5b6020840193505b82841015614db9576040848b031215614d87575f5ffd5b614d8f6140af565b84358152614d9f602086016141fa565b602082015280835250602082019150604084019350614d70565b969995985093965050505050565b5f5f5f5f60808587031215614dda575f5ffd5b614de3856141fa565b9350614df16020860161418c565b9250614dff6040860161418c565b915060608501356001600160401b03811115614e19575f5ffd5b614e25878288016148aa565b91505092959194509250565b5f5f5f5f60c08587031215614e44575f5ffd5b614e4e868661419c565b9350614e5c60608601614002565b9250614e6a608086016141fa565b915060a08501356001600160401b03811115614e84575f5ffd5b614e2587828801614107565b65ffffffffffff82811682821603908111156105cf576105cf6149a3565b5f82614ec857634e487b7160e01b5f52601260045260245ffd5b50069056feffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551b7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144a26469706673582212203f2f2ea8c2b8d5c427182b5fb995d262cf830451fdcd09ee885ec7526506db6d64736f6c63430008250033';

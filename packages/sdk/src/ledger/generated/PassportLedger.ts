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
            "internalType": "LotId",
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
    "name": "materials",
    "outputs": [
      {
        "internalType": "contract IMaterials",
        "name": "",
        "type": "address"
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
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      }
    ],
    "name": "voidLot",
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
    "name": "CountOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes2",
        "name": "country",
        "type": "bytes2"
      }
    ],
    "name": "CountryMalformed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "custody",
        "type": "uint8"
      },
      {
        "internalType": "uint8",
        "name": "weakest",
        "type": "uint8"
      }
    ],
    "name": "CustodyNotAllowed",
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
    "name": "DataMalformed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "EventMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "LedgerOnly",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      }
    ],
    "name": "LotAlreadyNamed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      },
      {
        "internalType": "IssuerId",
        "name": "issuer",
        "type": "bytes32"
      }
    ],
    "name": "LotNotHeld",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      },
      {
        "internalType": "bool",
        "name": "offered",
        "type": "bool"
      }
    ],
    "name": "LotOffered",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      }
    ],
    "name": "LotOutOfOrder",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      }
    ],
    "name": "LotUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      }
    ],
    "name": "LotVoid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "origin",
        "type": "uint8"
      },
      {
        "internalType": "uint256",
        "name": "entering",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "leaving",
        "type": "uint256"
      }
    ],
    "name": "MassNotConserved",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "LotId",
        "name": "lot",
        "type": "bytes32"
      },
      {
        "internalType": "uint256",
        "name": "milligrams",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "held",
        "type": "uint256"
      }
    ],
    "name": "MassOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "origin",
        "type": "uint8"
      }
    ],
    "name": "OriginNotAllowed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "from",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "until",
        "type": "uint256"
      }
    ],
    "name": "PeriodNotAllowed",
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
        "internalType": "uint8",
        "name": "origin",
        "type": "uint8"
      }
    ],
    "name": "RoleMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Substance",
        "name": "substance",
        "type": "uint40"
      }
    ],
    "name": "SubstanceNotAllowed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "position",
        "type": "uint256"
      }
    ],
    "name": "TextNotAllowed",
    "type": "error"
  }
] as const;

export const bytecode = '0x6101806040526040516100119061064d565b604051809103905ff08015801561002a573d5f5f3e3d5ffd5b506001600160a01b031661016052348015610043575f5ffd5b506040516174b03803806174b08339810160408190526100629161065a565b6040518060400160405280600e81526020016d2830b9b9b837b93a2632b233b2b960911b815250604051806040016040528060018152602001603160f81b8152508383846100f860016100bc60058461020c60201b60201c565b604080514660208201526001600160601b03193060601b16918101919091525f9081906054015b60408051601f1981840301815291905261022f565b506001600160a01b03811661012757604051636116401160e11b81525f60048201526024015b60405180910390fd5b604280546001600160d01b0316600160d01b65ffffffffffff8516021790556101505f82610343565b505050610162826103c860201b60201c565b6101205261016f816103c8565b61014052815160208084019190912060e052815190820120610100524660a0526101fb60e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c052506107c09050565b6040805180820190915260ff9290921682526001600160a01b0316602082015290565b5f546901000000000000000000810460ff169061010090046001600160401b0316811561026f576040516326744f5d60e11b815260040160405180910390fd5b85516020808801516040515f936102959385936001938e934393429391928d91016106be565b60408051601f1981840301815291905290505f6102b182610405565b9050600182510360018301925080835250612000825111156102eb57815160405163125211db60e11b815260040161011e91815260200190565b6102f58382610422565b8587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b1856040516103309190610774565b60405180910390a4505050505050505050565b5f821580159061037357507fb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f1448314155b1561039457604051631eb29f1560e11b81526004810184905260240161011e565b61039e83836104ac565b905080156103c2576103c26002600585156103b957336103bb565b845b8686610519565b92915050565b5f5f829050601f815111156103f2578260405163305a27a960e01b815260040161011e9190610774565b80516103fd82610786565b179392505050565b5f60205f83516020850160025afa61041b575f5ffd5b50505f5190565b5f6001600160401b0383165b806001166001036104675761045d60018380600101945060408110610455576104556107ac565b015484610572565b925060011c61042e565b50826001015f60016101000a8154816001600160401b0302191690836001600160401b0316021790555081600182604081106104a5576104a56107ac565b0155505050565b5f82610508575f6104c56043546001600160a01b031690565b6001600160a01b0316146104ec57604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b61051283836105a2565b9392505050565b6040805180820190915260ff851681526001600160a01b038416602082015261056b9086905f5f1b8586866040516020016100e392919091825260601b6001600160601b031916602082015260340190565b5050505050565b5f6040516001815383600182015282602182015260205f60418360025afa610598575f5ffd5b50505f5192915050565b5f8281526041602090815260408083206001600160a01b038516845290915281205460ff16610646575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff191660011790556105fe3390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a45060016103c2565b505f6103c2565b61177280615d3e83390190565b5f5f6040838503121561066b575f5ffd5b825165ffffffffffff81168114610680575f5ffd5b60208401519092506001600160a01b038116811461069c575f5ffd5b809150509250929050565b5f81518060208401855e5f93019283525090919050565b7fff0000000000000000000000000000000000000000000000000000000000000060f88a811b8216835289811b8216600184015288811b821660028401526001600160c01b031960c089811b8216600386015288901b16600b84015285901b166013820152601481018390525f61073860348301846106a7565b9a9950505050505050505050565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b602081525f6105126020830184610746565b805160208083015191908110156107a6575f198160200360031b1b821691505b50919050565b634e487b7160e01b5f52603260045260245ffd5b60805160a05160c05160e0516101005161012051610140516101605161550e6108305f395f818161050e01528181610a41015281816124ad01526137ad01525f611d8b01525f611d6001525f612f6001525f612f3801525f612e9301525f612ebd01525f612ee7015261550e5ff3fe608060405234801561000f575f5ffd5b5060043610610255575f3560e01c80638da5cb5b11610140578063c4a5aa8d116100bf578063d547741f11610084578063d547741f14610594578063d602b9fd146105a7578063e03fab55146105af578063f2d107a3146105c2578063f3b26ecc146105d5578063fc7c6eee146105e8575f5ffd5b8063c4a5aa8d14610530578063c98d580c14610543578063cc8463c814610556578063cefc14291461055e578063cf6eefb714610566575f5ffd5b8063a1eda53c11610105578063a1eda53c146104a8578063a217fddf146104cf578063ab35e394146104d6578063b1c4235d146104f6578063b6b7ae5914610509575f5ffd5b80638da5cb5b1461041a5780638f8f851c1461042257806391d148541461045a5780639990f0831461046d5780639f1afddf14610495575f5ffd5b806336568abe116101d7578063649a5ec71161019c578063649a5ec7146103995780637f7745ef146103ac5780638456cb59146103bf57806384b0196e146103c757806384ef8ffc146103e257806389099a6314610407575f5ffd5b806336568abe1461034e5780633f4ba83a1461036157806352a040a5146103695780635c975abb1461037c578063634e93da14610386575f5ffd5b8063203e71e21161021d578063203e71e2146102cd578063248a9ca3146102e457806327b381cf146103145780632b063386146103285780632f2ff15d1461033b575f5ffd5b806301ffc9a714610259578063022d63fb146102815780630379bf101461029d5780630aa6220b146102b25780631a5e4dfc146102ba575b5f5ffd5b61026c61026736600461440a565b6105fb565b60405190151581526020015b60405180910390f35b620697805b60405165ffffffffffff9091168152602001610278565b6102b06102ab366004614431565b610625565b005b6102b06106f5565b6102b06102c8366004614459565b61070a565b6102d56107c5565b60405161027893929190614483565b6103066102f2366004614431565b5f9081526041602052604090206001015490565b604051908152602001610278565b6103065f5160206154b95f395f51905f5281565b6102b0610336366004614654565b6108d6565b6102b061034936600461470e565b610938565b6102b061035c36600461470e565b610960565b6102b0610a06565b6102b0610377366004614431565b610a32565b5f5460ff1661026c565b6102b061039436600461473c565b610b19565b6102b06103a7366004614757565b610b2c565b6102b06103ba36600461477c565b610b3f565b6102b0610bd6565b6103cf610c00565b60405161027897969594939291906147cd565b6043546001600160a01b03165b6040516001600160a01b039091168152602001610278565b6102b0610415366004614431565b610c42565b6103ef610c4e565b61026c61043036600461470e565b5f918252604b602090815260408084206001600160a01b0393909316845291905290205460ff1690565b61026c61046836600461470e565b610c66565b6103ef61047b366004614431565b5f908152604c60205260409020546001600160a01b031690565b6102b06104a33660046148aa565b610c90565b6104b0610ca6565b6040805165ffffffffffff938416815292909116602083015201610278565b6103065f81565b6104e96104e43660046148f1565b610cf8565b6040516102789190614944565b6102b0610504366004614431565b610f77565b6103ef7f000000000000000000000000000000000000000000000000000000000000000081565b6102b061053e366004614ab6565b610f84565b6102b0610551366004614b55565b611063565b61028661112f565b6102b061118d565b61056e6111cc565b604080516001600160a01b03909316835265ffffffffffff909116602083015201610278565b6102b06105a236600461470e565b6111ed565b6102b0611215565b6102b06105bd366004614bba565b611227565b6102b06105d0366004614c0c565b6112af565b6102b06105e3366004614c41565b611321565b6102b06105f6366004614d8d565b6113f3565b5f6001600160e01b031982166318a4c3c360e11b148061061f575061061f82611418565b92915050565b61062f815f61144c565b50505f818152604c60205260409020546001600160a01b031633146106755760405163bc2b8c8d60e01b8152600481018290523360248201526044015b60405180910390fd5b5f818152604c6020908152604080832080546001600160a01b03191690556047825280832080546bffffffffffffffffffffffff1633600160601b81029190911790915590516106c89285929101614dd7565b60405160208183030381529060405290506106f160186106e960013361151e565b845f85611541565b5050565b5f6106ff8161164e565b610707611658565b50565b5f6107136116ad565b90505f61071f846116e1565b805490915061ffff808516640100000000909204160361075f5760405163576f4a3560e11b81526004810185905261ffff8416602482015260440161066c565b805465ffff00000000191664010000000061ffff85160217815560408051602081018690526001600160f01b031960f086901b16918101919091526107bf90601490849087905f906042015b604051602081830303815290604052611541565b50505050565b5f805461010090046001600160401b03169060609080835b80156107ff576107ec82614e06565b91506107f9600182614e1e565b166107dd565b50806001600160401b03811115610818576108186144e1565b604051908082528060200260200182016040528015610841578160200160208202803683370190505b5092505f5b81156108cf5760016001600160401b038616821c16156108bf575f6001826040811061087457610874614e31565b015490508451831461088f5761088a8185611724565b610891565b805b9350808561089e85614e45565b945084815181106108b1576108b1614e31565b602002602001018181525050505b6108c881614e06565b9050610846565b5050909192565b5f6108df6116ad565b90505f6108ee828a8a8a611754565b865190915060ff1660011461091e578551604051637a4f073b60e11b815260ff909116600482015260240161066c565b61092d82828989898989611864565b505050505050505050565b8161095657604051631fe1e13d60e11b815260040160405180910390fd5b6106f18282611a85565b8115801561097b57506043546001600160a01b038281169116145b156109fc575f5f61098a6111cc565b90925090506001600160a01b0382161515806109ac575065ffffffffffff8116155b806109bf57504265ffffffffffff821610155b156109e7576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161066c565b50506042805465ffffffffffff60a01b191690555b6106f18282611aa9565b610a0f5f61164e565b610a17611adc565b610a30600960405180602001604052805f815250611b2d565b565b5f610a3b6116ad565b90505f827f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03166352a040a5856040518263ffffffff1660e01b8152600401610a8d91815260200190565b6020604051808303815f875af1158015610aa9573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610acd9190614e5a565b604051602001610af492919091825260c01b6001600160c01b031916602082015260280190565b60408051601f198184030181529190529050610b146049835f8685611541565b505050565b5f610b238161164e565b6106f182611b44565b5f610b368161164e565b6106f182611bf0565b5f610b486116ad565b90505f610b5484611c90565b8054909150610b7e906001600160401b03851690600160381b900464ffffffffff16600142611cca565b815464ffffffffff91909116600160381b0264ffffffffff60381b199091161781556040516107bf90601390849087905f906107ab9083908a9060200191825260c01b6001600160c01b031916602082015260280190565b610bdf5f61164e565b610be7611d1d565b610a30600860405180602001604052805f815250611b2d565b5f6060805f5f5f6060610c11611d59565b610c19611d84565b604080515f80825260208201909252600f60f81b9b939a50919850469750309650945092509050565b6107076012825f611daf565b5f610c616043546001600160a01b031690565b905090565b5f9182526041602090815260408084206001600160a01b0393909316845291905290205460ff1690565b610b14610c9e60013361151e565b848484611e3e565b6043545f90600160d01b900465ffffffffffff168015158015610cd157504265ffffffffffff821610155b610cdc575f5f610cf0565b604354600160a01b900465ffffffffffff16815b915091509091565b610da460408051610160810182525f80825260208083018290528284018290526060808401839052608080850184905260a08086018390528651808201885285815280850186905280880186905280840186905280830186905260c087015286519081018752848152808401859052808701859052918201849052810183905260e084015283518085019094528184528301529061010082019081526020015f81526020015f81525090565b6001600160401b034381168252421660208201528135610dc55f5460ff1690565b151560408301525f54600160481b900460ff1615156060830152610de76107c5565b5060a0808501919091526001600160401b039182166080808601919091525f84815260476020908152604080832081518087018352905463ffffffff8116825261ffff640100000000820481168386015260ff600160301b83041615158385015264ffffffffff600160381b80840482166060808701919091526001600160a01b03600160601b9586900416868b015260c08e01959095528b8852604887528588208e8801358952875285882086519a8b018752549283168a5262010000830482168a8801528204811689860152918104821688840152600160881b90049097168686015260e089019590955286835260498252808320898201358452825291829020825180840190935254808616835265010000000000900490941693810193909352610100850192909252610f3f918391610f28918701908701614e75565b6001610f3a60a0880160808901614e90565b611e9f565b610120830152610f6b81610f596080860160608701614e75565b6002610f3a60a0880160808901614e90565b61014083015250919050565b6107076011826001611daf565b610f8d82611ee9565b5f610f9787611f24565b90505f610fa48983611f36565b80549091506001600160401b03868116600160881b909204161461100057805460405163374e43db60e01b8152600481018490526001600160401b038088166024830152600160881b909204909116604482015260640161066c565b805467ffffffffffffffff60881b1916600160881b600187016001600160401b03160217815561103f82896110398c838c8c8c8c611f81565b866120f2565b61092d6040518060400160405280600360ff168152602001848152508a8989611e3e565b5f61106c6116ad565b90505f5f5f61107c88888861219b565b8154929550909350915064ffffffffff165f036110b657604051630d242df960e41b8152600481018990526024810184905260440161066c565b81546110df906001600160401b0387169065010000000000900464ffffffffff16600142611cca565b825464ffffffffff91909116650100000000000269ffffffffff0000000000199091161782556040516111259060169086908b9087906107ab9087908c90602001614ec0565b5050505050505050565b6043545f90600160d01b900465ffffffffffff16801515801561115957504265ffffffffffff8216105b61117457604254600160d01b900465ffffffffffff16611187565b604354600160a01b900465ffffffffffff165b91505090565b5f6111966111cc565b509050336001600160a01b038216146111c457604051636116401160e11b815233600482015260240161066c565b61070761220b565b6042546001600160a01b03811691600160a01b90910465ffffffffffff1690565b8161120b57604051631fe1e13d60e11b815260040160405180910390fd5b6106f182826122a1565b5f61121f8161164e565b6107076122c5565b5f6112306116ad565b905061123b846116e1565b505f5f5f61124a87878761219b565b8154929550909350915064ffffffffff161561128357604051634197e27b60e11b8152600481018890526024810184905260440161066c565b815464ffffffffff19164264ffffffffff161782556112a6601585898685611541565b50505050505050565b6112b85f61164e565b611304600a8484846040516020016112f09392919092835260609190911b6001600160601b0319166020830152603482015260540190565b604051602081830303815290604052611b2d565b610b145f805469ff0000000000000000001916600160481b179055565b5f5f61132d885f61144c565b90925090506001336001600160a01b0384161461138a575f898152604b6020908152604080832033845290915290205460ff166113865760405163a78e4aa560e01b8152600481018a905233602482015260440161066c565b5060025b61092d611397823361151e565b8a848b8b8b8b8b808060200260200160405190810160405280939291908181526020015f905b828210156113e9576113da60408302860136819003810190614f1e565b815260200190600101906113bd565b505050505061231a565b5f6113fc6116ad565b905061140784611c90565b506107bf8185856001600587612550565b5f6001600160e01b03198216637965db0b60e01b148061061f57506301ffc9a760e01b6001600160e01b031983161461061f565b5f8281526047602052604081208054600160601b81046001600160a01b031692640100000000820461ffff16929163ffffffff811691600160301b820460ff1691600160381b900464ffffffffff16908390036114be5760405162c976b360e81b81526004810189905260240161066c565b64ffffffffff8116156114e757604051633887e71160e21b81526004810189905260240161066c565b8180156114f2575086155b1561151357604051631a6fd3b960e21b81526004810189905260240161066c565b505050509250929050565b6040805180820190915260ff9290921682526001600160a01b0316602082015290565b5f54600160481b810460ff169061010090046001600160401b0316811561157b576040516326744f5d60e11b815260040160405180910390fd5b85516020808801516040515f936115a19385936001938e934393429391928d9101614f38565b60405160208183030381529060405290505f6115bc8261261a565b9050600182510360018301925080835250612000825111156115f657815160405163125211db60e11b815260040161066c91815260200190565b6116008382612637565b8587846001600160401b03167f50fe8f387954693b31fad53aeb509d6601a3706ad9cd2a6d6f96cd4d4143e3b18560405161163b9190614fa8565b60405180910390a4505050505050505050565b61070781336126c1565b5f611661610ca6565b9150508065ffffffffffff165f0361168c576040516328e9001b60e01b815260040160405180910390fd5b6116946126fa565b610707600760405180602001604052805f815250611b2d565b604080518082019091525f80825260208201526116d65f5160206154b95f395f51905f5261164e565b610c6160043361151e565b5f6116eb82611c90565b8054909150600160381b900464ffffffffff161561171f57604051633887e71160e21b81526004810183905260240161066c565b919050565b5f6040516001815383600182015282602182015260205f60418360025afa61174a575f5ffd5b50505f5192915050565b5f5f61175f85612704565b905061176a8561261a565b5f81815260476020526040902080549193509063ffffffff16156117a457604051639f838fd960e01b81526004810184905260240161066c565b604680545f919082906117bc9063ffffffff16614fba565b82546101009290920a63ffffffff8181021990931692821690810292909217909255835465ffffffffffff19161764010000000061ffff891602176bffffffffffffffffffffffff16600160601b6001600160a01b038816021783556040519091505f9061183890869084908a908a9089908e90602001614fde565b60408051601f19818403018152919052905061185860108a875f85611541565b50505050949350505050565b61186d82611ee9565b83515f9060ff16600114611882576001611885565b600f5b905061ffff8416158061189e575061ffff811985161615155b156118ce5784516040516392163fcd60e01b815260ff909116600482015261ffff8516602482015260440161066c565b5f6118d886611f24565b5f898152604860209081526040808320848452909152902080549192509061ffff16156119225760405163370a07b160e01b8152600481018a90526024810183905260440161066c565b865160ff165f19016119b557604080517fd68d3ad4b96af8e133bcecc9579fa0e42f2fe10839c06965f0ec07741266a1b960208201529081018a90526001600160a01b038916606082015261ffff871660808201526001600160401b03861660a08201525f9060c0016040516020818303038152906040528051906020012090506119af838983886120f2565b506119de565b8351156119de5760405163e7ed444760e01b8152600481018390525f602482015260440161066c565b805466ffffffffffffff191661ffff8716176201000064ffffffffff42160217815586516020808901516040808b015181519384018e90528382018790526001600160f81b031960f89590951b9490941660608401526001600160f01b031960f08b901b16606184015260638301919091526083808301939093528051808303909301835260a39091019052611a78601b8c8c8685611541565b5050505050505050505050565b5f82815260416020526040902060010154611a9f8161164e565b6107bf83836127c4565b6001600160a01b0381163314611ad25760405163334bd91960e11b815260040160405180910390fd5b610b148282612830565b611ae4612886565b5f805460ff191690557f5db9ee0a495bf2e6ff9c91a7834c1ba4fdd244a5e8aa4e537bd38aeae4b073aa335b6040516001600160a01b03909116815260200160405180910390a1565b6106f182611b3c60053361151e565b5f8085611541565b5f5f611b4e6111cc565b91509150611b5b836128a8565b5f611b646111cc565b915050826001600160a01b0316846001600160a01b0316148015611b9757508165ffffffffffff168165ffffffffffff16145b15611bb5576040516328e9001b60e01b815260040160405180910390fd5b6040516001600160601b0319606086901b16602082015265ffffffffffff60c01b60c083901b1660348201526107bf90600490603c016112f0565b5f5f611bfa610ca6565b91509150611c078361291a565b5f611c10610ca6565b9150508265ffffffffffff168465ffffffffffff16148015611c4157508165ffffffffffff168165ffffffffffff16145b15611c5f576040516328e9001b60e01b815260040160405180910390fd5b60405165ffffffffffff60c01b60c086811b8216602084015283901b1660288201526107bf906006906030016112f0565b5f8181526047602052604081208054909163ffffffff909116900361171f5760405162c976b360e81b81526004810183905260240161066c565b5f8315611cd8576001840391505b82851080611ce557508185115b15611d145760405163091bdcc360e41b815260048101869052602481018490526044810183905260640161066c565b50929392505050565b611d25612989565b5f805460ff191660011790557f62e78cea01bee320cd4e420270b5ea74000d11b0c9f74754ebdbfc544b05a258611b103390565b6060610c617f00000000000000000000000000000000000000000000000000000000000000006129ac565b6060610c617f00000000000000000000000000000000000000000000000000000000000000006129ac565b5f611db86116ad565b90505f611dc4846116e1565b8054909150831515600160301b90910460ff16151503611e025760405163e4eadf4360e01b815260048101859052831515602482015260440161066c565b805466ff0000000000001916600160301b841515021781556040805160208101869052611e37918791859188915f91016107ab565b5050505050565b5f819003611e5f57604051639a55189560e01b815260040160405180910390fd5b5f5b81811015611e3757611e978585858585818110611e8057611e80614e31565b9050602002810190611e929190615035565b6129e9565b600101611e61565b5f6102008261ffff1610611eb3575f611ee0565b5f858152604a602052604081209061ffff8416611ed08787612ccb565b1781526020019081526020015f20545b95945050505050565b806001600160401b031642111561070757604051631ef7407960e11b81526001600160401b038216600482015242602482015260440161066c565b5f61061f611f3183612cf8565b61261a565b5f82815260486020908152604080832084845290915281208054909161ffff909116900361061f57604051633397932560e01b8152600481018490526024810183905260440161066c565b5f6060815b8581101561206c5736878783818110611fa157611fa1614e31565b9050602002810190611fb39190615035565b9050827f80ef2a1a7635e18768b758cf269c71f09b87e8b4d1a4539a841a266b62603805611fe46020840184615053565b611ff1602085018561506c565b604051611fff9291906150ae565b60405190819003812061202a93929160200192835260ff919091166020830152604082015260600190565b604051602081830303815290604052805190602001206040516020016120519291906150bd565b60408051601f19818403018152919052925050600101611f86565b508051602080830191909120604080517f71f13a4fae068041d35c317e0abca0ab6ac1bc5c34f15fe4ffa920c9e6a0cee59381019390935282018a90526060820189905260808201526001600160401b0380861660a0830152841660c082015260e001604051602081830303815290604052805190602001209150509695505050505050565b5f6121336120fe612e87565b60405161190160f01b60208201526022810191909152604281018590526062015b60405160208183030381529060405261261a565b8251909150604014801561216b575f5f60208501519150604085015190506121668483838a602001518b60400151612fb0565b925050505b806121935760405163e7ed444760e01b8152600481018790526024810183905260440161066c565b505050505050565b5f5f60606121b5858560405160200161211f9291906150d5565b5f8781526049602090815260408083208484529091529020909350915085856121dd86612704565b866040516020016121f194939291906150fc565b604051602081830303815290604052905093509350939050565b5f5f6122156111cc565b9150915061222a8165ffffffffffff16151590565b158061223e57504265ffffffffffff821610155b15612266576040516319ca5ebb60e01b815265ffffffffffff8216600482015260240161066c565b6122815f61227c6043546001600160a01b031690565b612830565b5061228c5f836127c4565b5050604280546001600160d01b031916905550565b5f828152604160205260409020600101546122bb8161164e565b6107bf8383612830565b5f6122ce6111cc565b9150508065ffffffffffff165f036122f9576040516328e9001b60e01b815260040160405180910390fd5b612301612fe9565b610707600560405180602001604052805f815250611b2d565b612322612989565b821580612330575061400083115b1561235957604051635532007b60e01b815260048101849052614000602482015260440161066c565b5f82900361237d5760405163b5e613d960e01b81526004810185905260240161066c565b805160408111156123a45760405163c57a6d9160e01b81526004810182905260240161066c565b60408051602081018990526001600160f01b031960f089811b8216838501526042830189905287901b166062820152606481018590526001600160f81b031960f884901b16608482015281518082036065018152608590910190915281156125425760408051602081019091525f8082525b83811015612486578185828151811061243157612431614e31565b60200260200101515f015186838151811061244e5761244e614e31565b60200260200101516020015160405160200161246c9392919061513f565b60408051601f198184030181529190529150600101612416565b505f8981526047602052604090819020549051631c0516a160e11b81526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169163380a2d42916124ef918d9163ffffffff909116908b908790600401615169565b5f604051808303815f87803b158015612506575f5ffd5b505af1158015612518573d5f5f3e3d5ffd5b50505050818160405160200161252f929190615193565b6040516020818303038152906040529150505b61092d60208a8a8985611541565b8051158061255f575060c88151115b1561258957805160405162fc911760e01b8152600481019190915260c8602482015260440161066c565b5f5f61259f876125998888612ccb565b85612ff3565b91509150815f036125d557604051636647f16360e01b8152600481018890526001600160401b038716602482015260440161066c565b5f8787878786866040516020016125f1969594939291906151a7565b60408051601f19818403018152919052905061092d60308a8a6001600160401b038b1685611541565b5f60205f83516020850160025afa612630575f5ffd5b50505f5190565b5f6001600160401b0383165b8060011660010361267c576126726001838060010194506040811061266a5761266a614e31565b015484611724565b925060011c612643565b50826001015f60016101000a8154816001600160401b0302191690836001600160401b0316021790555081600182604081106126ba576126ba614e31565b0155505050565b6126cb8282610c66565b6106f15760405163e2517d3f60e01b81526001600160a01b03821660048201526024810183905260440161066c565b610a305f5f6130f9565b80515f90801580612715575060ff81115b156127365760405163e5096e2d60e01b81526004810182905260240161066c565b5f5b818110156127bd575f84828151811061275357612753614e31565b01602001516001600160f81b0319169050602160f81b8110806127835750603f60f91b6001600160f81b03198216115b156127b4576040516301e63b0960e31b8152600481018390526001600160f81b03198216602482015260440161066c565b50600101612738565b5092915050565b5f82158015906127e157505f5160206154b95f395f51905f528314155b1561280257604051631eb29f1560e11b81526004810184905260240161066c565b61280c83836131b8565b9050801561061f5761061f6002600585156128275733612829565b845b8686613225565b5f61283b838361324a565b9050801561061f575f5f5160206154b95f395f51905f528414801561286857506001600160a01b03831633145b612873576005612876565b60045b90506127bd600382338787613225565b5f5460ff16610a3057604051638dfc202b60e01b815260040160405180910390fd5b5f6128b161112f565b6128ba42613286565b6128c491906151f4565b90506128d082826132bc565b60405165ffffffffffff821681526001600160a01b038316907f3377dc44241e779dd06afab5b788a35ca5f3b778836e2990bdb26a2a4b2e5ed69060200160405180910390a25050565b5f61292482613339565b61292d42613286565b61293791906151f4565b905061294382826130f9565b6040805165ffffffffffff8085168252831660208201527ff1038c18cf84a56e432fdbfaf746924b7ea511dfe03a6506a0ceba4888788d9b910160405180910390a15050565b5f5460ff1615610a305760405163d93c066560e01b815260040160405180910390fd5b60605f6129b883613380565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f6129f76020830183615053565b9050365f612a08602085018561506c565b9092509050601f1960ff841601612a5c575f612a27878760025f6133a7565b91505f9050808080612a3b86880188615212565b9350935093509350612a528b8b878787878761231a565b5050505050612193565b602f1960ff841601612b28575f808080612a78858701876152c8565b9350935093509350600160ff168360ff1603612aa357612a9c8a8a600460016133a7565b5050612ada565b60011960ff841601612abc57612a9c8a8a60025f6133a7565b60405163126c7b3960e21b815260ff8416600482015260240161066c565b60ff82161580612aee5750600560ff831610155b15612b1157604051630605397960e11b815260ff8316600482015260240161066c565b612b1f8a8a86868686612550565b50505050612193565b601a1960ff841601612b6c575f612b42878760085f6133a7565b5090505f808080612b5586880188615334565b9350935093509350612a528b8b8787878787611864565b60ff8316601c1480612b81575060ff8316601d145b15612bbd57612b948686600860016133a7565b505f905080612ba58385018561477c565b91509150612bb685898985856134e2565b5050612193565b60161960ff841601612bf7575f612bd7878760085f6133a7565b509050612bf1878783612bec8688018861473c565b6135cf565b50612193565b60ff831660191480612c0c575060ff8316601a145b15612c3d57612c1e868660085f6133a7565b50612c389050838787612c338587018761473c565b6136ac565b612193565b604060ff841610801590612c555750604860ff841611155b15612cad575f612c6e8787600260ff88166045146133a7565b91505f905060ff851660421480612c88575060ff85166043145b9050612bb68589898585612c9c575f612ca6565b612ca68989613753565b8989613788565b604051632121f85560e01b815260ff8416600482015260240161066c565b5f60ff8216600214612cdd575f612ce1565b6102005b600a846001600160401b0316901b17905092915050565b60605f5f612d098460200151613853565b91509150600160ff16845f015160ff1603612db4575f5f612d2d8660400151613853565b604080517f7b22637276223a22502d323536222c226b7479223a224543222c2278223a22006020820152603f8101979097526001600160a81b0319958616605f880152661116113c911d1160c91b606a88015260718701929092529093166091850152505061227d60f01b609c8301528051607e818403018152609e909201905292915050565b835160ff16600214612de1578351604051637a4f073b60e11b815260ff909116600482015260240161066c565b604084015115612e1757602084015160408086015190516303429c9760e31b81526004810192909252602482015260440161066c565b604080517f7b22637276223a2245643235353139222c226b7479223a224f4b50222c2278226020820152611d1160f11b8183015260428101939093526001600160a81b031991909116606283015261227d60f01b606d8301528051604f818403018152606f909201905292915050565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612edf57507f000000000000000000000000000000000000000000000000000000000000000046145b15612f0957507f000000000000000000000000000000000000000000000000000000000000000090565b610c61604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f5f612fc08888888888613886565b9150915080612fdb57612fd68888888888613961565b612fdd565b815b98975050505050505050565b610a305f5f6132bc565b604080518251602202603f01601f1916810182525f858152604a60205291822082805b85518110156130e8575f86828151811061303257613032614e31565b602002602001015190505f815f015161ffff1690508381108061305757506102008110155b1561307857604051638bfcfd0760e01b81526004810182905260240161066c565b8089175f908152602086815260408220549084015160018401965090918219909116908190036130ab57505050506130e0565b8a83175f9081526020888152604090912092821790925560f09290921b60228981028901928301919091520152506001909401935b600101613016565b506022840283525050935093915050565b604354600160d01b900465ffffffffffff16801561317b574265ffffffffffff8216101561315257604354604280546001600160d01b0316600160a01b90920465ffffffffffff16600160d01b0291909117905561317b565b6040517f2b1fa2edafe6f7b9e97c1a9e0c3660e645beb2dcaa2d45bdbf9beaf5472e1ec5905f90a15b50604380546001600160a01b0316600160a01b65ffffffffffff948516026001600160d01b031617600160d01b9290931691909102919091179055565b5f82613214575f6131d16043546001600160a01b031690565b6001600160a01b0316146131f857604051631fe1e13d60e11b815260040160405180910390fd5b604380546001600160a01b0319166001600160a01b0384161790555b61321e8383613a11565b9392505050565b611e3785613233868661151e565b5f5f1b8586866040516020016107ab929190614dd7565b5f8215801561326657506043546001600160a01b038381169116145b1561327c57604380546001600160a01b03191690555b61321e8383613aa2565b5f65ffffffffffff8211156132b8576040516306dfcc6560e41b8152603060048201526024810183905260440161066c565b5090565b5f6132c56111cc565b6042805465ffffffffffff8616600160a01b026001600160d01b03199091166001600160a01b03881617179055915061330790508165ffffffffffff16151590565b15610b14576040517f8886ebfc4259abdbc16601dd8fb5678e54878f47b3c34836cfc51154a9605109905f90a1505050565b5f5f61334361112f565b90508065ffffffffffff168365ffffffffffff161161336b576133668382615395565b61321e565b61321e65ffffffffffff841662069780613b0d565b5f60ff8216601f81111561061f57604051632cd44ac360e21b815260040160405180910390fd5b5f5f6133b3858461144c565b8751919350915060ff165f190161340d5760208601516001600160a01b03808216908416146134075760405163a78e4aa560e01b8152600481018790526001600160a01b038216602482015260440161066c565b506134d9565b6020808701515f87815260488352604080822083835290935291909120805461ffff81169064ffffffffff600160381b8204811691600160601b90041681158015906134605750428264ffffffffff1611155b80613471575064ffffffffff811615155b156134995760405163ad89654f60e01b8152600481018b90526024810186905260440161066c565b88831661ffff165f036134d35760405163f3247e0160e01b8152600481018b90526024810186905261ffff8a16604482015260640161066c565b50505050505b94509492505050565b5f6134ed8484611f36565b9050601b1960ff87160161354b578054613524906001600160401b0384169064ffffffffff600160381b9091048116904290611cca565b815464ffffffffff91909116600160381b0264ffffffffff60381b19909116178155613595565b8054613572906001600160401b03841690600160601b900464ffffffffff16600142611cca565b815464ffffffffff91909116600160601b0264ffffffffff60601b199091161781555b612193868686868888886040516020016107ab93929190928352602083019190915260c01b6001600160c01b031916604082015260480190565b6001600160a01b038216158015906135ec5750835160ff16600114155b1561361c5760405163bed8d01360e01b8152600481018490526001600160a01b038316602482015260440161066c565b5f838152604c60205260409020546001600160a01b0390811690821603613668576040516357d1d5bd60e01b8152600481018490526001600160a01b038216602482015260440161066c565b5f838152604c6020908152604080832080546001600160a01b0319166001600160a01b038616179055516107bf9260179288928892916107ab918491899101614dd7565b5f828152604b602090815260408083206001600160a01b038516845290915290205460ff8581166019149116151581900361370c5760405163fac43c4160e01b8152600481018490526001600160a01b038316602482015260440161066c565b5f838152604b602090815260408083206001600160a01b03861684528252808320805460ff191685151517905551611e3792889288928892916107ab9184918a9101614dd7565b5f8061375f83856153b3565b905061376b815f61144c565b50505f9081526047602052604090205463ffffffff169392505050565b5f85815260476020526040808220549051639fe097ed60e01b81526001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001691639fe097ed916137f3918c918b9163ffffffff16908b908b908b908b906004016153d0565b6020604051808303815f875af115801561380f573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906138339190615434565b9050611125888888848a8a89896040516020016107ab949392919061544b565b5f80613862604084901c613b1c565b915061387e67ffffffffffffffff60801b608085901b16613b1c565b919391925050565b5f5f6138928686613c36565b15806138a557506138a38484613c8d565b155b156138b557505f90506001613957565b6138c28787878787613cf1565b156138d257506001905080613957565b6139417fbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023600560017fa71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac9577f5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b613cf1565b1561395157505f90506001613957565b505f9050805b9550959350505050565b5f61396c8585613c36565b158061397f575061397d8383613c8d565b155b1561398b57505f611ee0565b5f6139968484613d31565b90505f6139b0865f5160206154995f395f51905f52613f24565b90505f5f5160206154995f395f51905f52828a0990505f5f5160206154995f395f51905f52838a0990505f6139e6858484613f33565b50905089613a015f5160206154995f395f51905f5283615479565b149b9a5050505050505050505050565b5f613a1c8383610c66565b613a9b575f8381526041602090815260408083206001600160a01b03861684529091529020805460ff19166001179055613a533390565b6001600160a01b0316826001600160a01b0316847f2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d60405160405180910390a450600161061f565b505f61061f565b5f613aad8383610c66565b15613a9b575f8381526041602090815260408083206001600160a01b0386168085529252808320805460ff1916905551339286917ff6391f5c32d9c69d2a47ea670b442974b53935d1edc7fd64eb21e047a839171b9190a450600161061f565b5f82821882841002821861321e565b5f6bffffffffffffffffffffffff60601b821663ffffffff0282017bffffffffffff00000000000000000000ffffffffffff000000000000811661ffff02017dffffff0000000000ffffff0000000000ffffff0000000000ffffff000000811660ff02017efff00000fff00000fff00000fff00000fff00000fff00000fff00000fff0008116600f02017f0fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc00fc0811660030201613bd881603f614057565b603102613be682601a614057565b6006028201017f4141414141414141414141414141414141414141414141414141414141414141019150613c1b81603e614057565b600d02613c29826034614057565b604b020190910392915050565b5f8215801590613c5257505f5160206154995f395f51905f5283105b8015613c5d57508115155b801561321e5750507f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a81015919050565b5f600160601b63ffffffff60c01b031980838409817f5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b8387856003600160601b0363ffffffff60c01b0319878b8c0908090894821191909310169190921416919050565b5f6040518681528560208201528460408201528360608201528260808201525f5f5260205f60a0836101005afa613d2457fe5b50505f5195945050505050565b613d396143c3565b60405180606001604052805f81526020015f81526020015f815250815f60108110613d6657613d66614e31565b60200201819052506040518060600160405280848152602001838152602001600181525081600160108110613d9d57613d9d614e31565b602002018190525060405180606001604052807f6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c29681526020017f4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f58152602001600181525081600460108110613e1457613e14614e31565b6020020152613e2a8160015b6020020151614089565b6040820152613e3a816004613e20565b6101008201526020810151613e57908260025b60200201516140e5565b6060820152613e708160015b6020020151826004613e4d565b60a0820152613e80816002613e63565b60c0820152613e90816003613e63565b60e0820152613ea98160015b6020020151826008613e4d565b610120820152613eba816002613e9c565b610140820152613ecb816003613e9c565b610160820152613edc816004613e9c565b610180820152613ef68160015b602002015182600c613e4d565b6101a0820152613f07816002613ee9565b6101c0820152613f18816003613ee9565b6101e082015292915050565b5f61321e836002840384614143565b5f80808080805b608081101561403b578115613f6e57613f54848484614164565b91955093509150613f66848484614164565b919550935091505b600c60fc89901c1660fe88901c17898160108110613f8e57613f8e614e31565b6020020151604001511561402757825f03613ffd57898160108110613fb557613fb5614e31565b6020020151518a8260108110613fcd57613fcd614e31565b6020020151602001518b8360108110613fe857613fe8614e31565b60200201516040015191965094509250614027565b61401f8a826010811061401257614012614e31565b60200201518686866141e7565b919650945092505b50600297881b979690961b95600101613f3a565b50614047838383614313565b945094505050505b935093915050565b6080037f01010101010101010101010101010101010101010101010101010101010101019081029190910160071c1690565b6140aa60405180606001604052805f81526020015f81526020015f81525090565b5f5f5f6140c3855f015186602001518760400151614164565b6040805160608101825293845260208401929092529082015295945050505050565b61410660405180606001604052805f81526020015f81526020015f81525090565b5f5f5f61412086865f0151876020015188604001516141e7565b604080516060810182529384526020840192909252908201529695505050505050565b5f5f5f614151868686614360565b9150915081611ee057611ee060126143b2565b5f5f5f600160601b63ffffffff60c01b031980868709818687098283848384096003600160601b0363ffffffff60c01b03190984858c8d096003090890508283838b09600409838482600209850385848509089650838485858609600809850385868a880385088509089550505050808186880960020991505093509350939050565b5f5f5f600160601b63ffffffff60c01b0319604088015181818209828388858a8b090960208c0151098381850385868686098c090884858a8b098d51098581870387868f0908935081158415168015614247576001811461428d57614302565b868586098788898386096002098903898a848a098b038b88890908089a5087888983890987098903898a8e8c038c8689090887090899505086878c880986099750614302565b8c8c8c898283098a8283098b8c8d8384096003600160601b0363ffffffff60c01b0319098d8e8889096003090890508b8c83870960040994508b8c866002098d038d838409089e508b8c8384096008098c0391508b8f8d03860894508b828d878409089d505050898a8284096002099a505050505b505050505050509450945094915050565b5f5f825f0361432657505f90508061404f565b600160601b63ffffffff60c01b03195f6143408583613f24565b905081818209828189099450828383830988099350505050935093915050565b5f5f825f0361437357505f90508061404f565b60405160208152602080820152602060408201528560608201528460808201528360a082015260205f60c08360055afa9250505f519050935093915050565b634e487b715f52806020526024601cfd5b6040518061020001604052806010905b6143f460405180606001604052805f81526020015f81526020015f81525090565b8152602001906001900390816143d35790505090565b5f6020828403121561441a575f5ffd5b81356001600160e01b03198116811461321e575f5ffd5b5f60208284031215614441575f5ffd5b5035919050565b803561ffff8116811461171f575f5ffd5b5f5f6040838503121561446a575f5ffd5b8235915061447a60208401614448565b90509250929050565b5f606082016001600160401b0386168352606060208401528085518083526080850191506020870192505f5b818110156144cd5783518352602093840193909201916001016144af565b505060409390930193909352509392505050565b634e487b7160e01b5f52604160045260245ffd5b604080519081016001600160401b0381118282101715614517576145176144e1565b60405290565b604051601f8201601f191681016001600160401b0381118282101715614545576145456144e1565b604052919050565b5f82601f83011261455c575f5ffd5b8135602083015f5f6001600160401b0384111561457b5761457b6144e1565b50601f8301601f19166020016145908161451d565b9150508281528583830111156145a4575f5ffd5b828260208301375f92810160200192909252509392505050565b6001600160a01b0381168114610707575f5ffd5b803560ff8116811461171f575f5ffd5b5f606082840312156145f2575f5ffd5b604051606081016001600160401b0381118282101715614614576146146144e1565b604052905080614623836145d2565b815260208381013590820152604092830135920191909152919050565b6001600160401b0381168114610707575f5ffd5b5f5f5f5f5f5f5f610120888a03121561466b575f5ffd5b87356001600160401b03811115614680575f5ffd5b61468c8a828b0161454d565b97505061469b60208901614448565b955060408801356146ab816145be565b94506146ba8960608a016145e2565b93506146c860c08901614448565b925060e08801356146d881614640565b91506101008801356001600160401b038111156146f3575f5ffd5b6146ff8a828b0161454d565b91505092959891949750929550565b5f5f6040838503121561471f575f5ffd5b823591506020830135614731816145be565b809150509250929050565b5f6020828403121561474c575f5ffd5b813561321e816145be565b5f60208284031215614767575f5ffd5b813565ffffffffffff8116811461321e575f5ffd5b5f5f6040838503121561478d575f5ffd5b82359150602083013561473181614640565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b60ff60f81b8816815260e060208201525f6147eb60e083018961479f565b82810360408401526147fd818961479f565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015614852578351835260209384019390920191600101614834565b50909b9a5050505050505050505050565b5f5f83601f840112614873575f5ffd5b5081356001600160401b03811115614889575f5ffd5b6020830191508360208260051b85010111156148a3575f5ffd5b9250929050565b5f5f5f604084860312156148bc575f5ffd5b8335925060208401356001600160401b038111156148d8575f5ffd5b6148e486828701614863565b9497909650939450505050565b5f60a0828403128015614902575f5ffd5b509092915050565b5f8151808452602084019350602083015f5b8281101561493a57815186526020958601959091019060010161491c565b5093949350505050565b6020815261495e6020820183516001600160401b03169052565b5f602083015161497960408401826001600160401b03169052565b506040830151801515606084015250606083015180151560808401525060808301516001600160401b03811660a08401525060a083015161028060c08401526149c66102a084018261490a565b60c0850151805163ffffffff1660e0860152602081015161ffff1661010086015260408101511515610120860152606081015164ffffffffff1661014086015260808101516001600160a01b03166101608601529091505060e0840151805161ffff16610180850152602081015164ffffffffff9081166101a0860152604082015181166101c08601526060820151166101e085015260808101516001600160401b031661020085015250610100840151805164ffffffffff9081166102208601526020820151166102408501525061012084015161026084015261014090930151610280909201919091525090565b5f5f5f5f5f5f5f610100888a031215614acd575f5ffd5b87359650614ade8960208a016145e2565b955060808801356001600160401b03811115614af8575f5ffd5b614b048a828b01614863565b90965094505060a0880135614b1881614640565b925060c0880135614b2881614640565b915060e08801356001600160401b038111156146f3575f5ffd5b803563ffffffff8116811461171f575f5ffd5b5f5f5f5f60808587031215614b68575f5ffd5b84359350614b7860208601614b42565b925060408501356001600160401b03811115614b92575f5ffd5b614b9e8782880161454d565b9250506060850135614baf81614640565b939692955090935050565b5f5f5f60608486031215614bcc575f5ffd5b83359250614bdc60208501614b42565b915060408401356001600160401b03811115614bf6575f5ffd5b614c028682870161454d565b9150509250925092565b5f5f5f60608486031215614c1e575f5ffd5b833592506020840135614c30816145be565b929592945050506040919091013590565b5f5f5f5f5f5f60a08789031215614c56575f5ffd5b8635955060208701359450604087013593506060870135925060808701356001600160401b03811115614c87575f5ffd5b8701601f81018913614c97575f5ffd5b80356001600160401b03811115614cac575f5ffd5b8960208260061b8401011115614cc0575f5ffd5b60208201935080925050509295509295509295565b5f6001600160401b03821115614ced57614ced6144e1565b5060051b60200190565b5f82601f830112614d06575f5ffd5b8135614d19614d1482614cd5565b61451d565b8082825260208201915060208360061b860101925085831115614d3a575f5ffd5b602085015b83811015614d835760408188031215614d56575f5ffd5b614d5e6144f5565b614d6782614448565b8152602082810135818301529084529290920191604001614d3f565b5095945050505050565b5f5f5f60608486031215614d9f575f5ffd5b833592506020840135614db181614640565b915060408401356001600160401b03811115614dcb575f5ffd5b614c0286828701614cf7565b91825260601b6001600160601b031916602082015260340190565b634e487b7160e01b5f52601160045260245ffd5b5f60018201614e1757614e17614df2565b5060010190565b8181038181111561061f5761061f614df2565b634e487b7160e01b5f52603260045260245ffd5b5f81614e5357614e53614df2565b505f190190565b5f60208284031215614e6a575f5ffd5b815161321e81614640565b5f60208284031215614e85575f5ffd5b813561321e81614640565b5f60208284031215614ea0575f5ffd5b61321e82614448565b5f81518060208401855e5f93019283525090919050565b5f614ecb8285614ea9565b60c09390931b6001600160c01b03191683525050600801919050565b5f60408284031215614ef7575f5ffd5b614eff6144f5565b8235815290506020820135614f1381614640565b602082015292915050565b5f60408284031215614f2e575f5ffd5b61321e8383614ee7565b6001600160f81b031960f88a811b8216835289811b8216600184015288811b821660028401526001600160c01b031960c089811b8216600386015288901b16600b84015285901b166013820152601481018390525f614f9a6034830184614ea9565b9a9950505050505050505050565b602081525f61321e602083018461479f565b5f63ffffffff821663ffffffff8103614fd557614fd5614df2565b60010192915050565b8681526001600160e01b031960e087901b1660208201526001600160f01b031960f086811b821660248401526001600160601b0319606087901b16602684015284901b16603a8201525f612fdd603c830184614ea9565b5f8235603e19833603018112615049575f5ffd5b9190910192915050565b5f60208284031215615063575f5ffd5b61321e826145d2565b5f5f8335601e19843603018112615081575f5ffd5b8301803591506001600160401b0382111561509a575f5ffd5b6020019150368190038213156148a3575f5ffd5b818382375f9101908152919050565b5f6150c88285614ea9565b9283525050602001919050565b60e083901b6001600160e01b03191681525f6150f46004830184614ea9565b949350505050565b84815260e084901b6001600160e01b031916602082015260f083901b6001600160f01b03191660248201525f6151356026830184614ea9565b9695505050505050565b5f61514a8286614ea9565b938452505060c01b6001600160c01b0319166020820152602801919050565b84815263ffffffff84166020820152826040820152608060608201525f615135608083018461479f565b5f6150f46151a18386614ea9565b84614ea9565b8681526001600160c01b031960c087901b1660208201526001600160f81b031960f886811b8216602884015285811b8216602984015284901b16602a8201525f612fdd602b830184614ea9565b65ffffffffffff818116838216019081111561061f5761061f614df2565b5f5f5f5f60808587031215615225575f5ffd5b84359350602085013592506040850135915060608501356001600160401b0381111561524f575f5ffd5b8501601f8101871361525f575f5ffd5b803561526d614d1482614cd5565b8082825260208201915060208360061b85010192508983111561528e575f5ffd5b6020840193505b828410156152ba576152a78a85614ee7565b8252602082019150604084019350615295565b969995985093965050505050565b5f5f5f5f608085870312156152db575f5ffd5b84356152e681614640565b93506152f4602086016145d2565b9250615302604086016145d2565b915060608501356001600160401b0381111561531c575f5ffd5b61532887828801614cf7565b91505092959194509250565b5f5f5f5f60c08587031215615347575f5ffd5b61535186866145e2565b935061535f60608601614448565b9250608085013561536f81614640565b915060a08501356001600160401b03811115615389575f5ffd5b6153288782880161454d565b65ffffffffffff828116828216039081111561061f5761061f614df2565b8035602083101561061f575f19602084900360031b1b1692915050565b60ff8816815286602082015263ffffffff8616604082015261ffff8516606082015263ffffffff8416608082015260c060a08201528160c0820152818360e08301375f81830160e090810191909152601f909201601f191601019695505050505050565b5f60208284031215615444575f5ffd5b5051919050565b84815260f084901b6001600160f01b0319166020820152818360228301375f91016022019081529392505050565b5f8261549357634e487b7160e01b5f52601260045260245ffd5b50069056feffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551b7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144a2646970667358221220a22a79600c8467c57b640253875000303ca3aea0d36b76e70737c4278a628b9764736f6c6343000825003360a0604052348015600e575f5ffd5b503360805260805161174761002b5f395f61039601526117475ff3fe608060405234801561000f575f5ffd5b506004361061004a575f3560e01c8063380a2d421461004e57806352a040a5146100635780639fe097ed14610094578063d9226fd3146100b5575b5f5ffd5b61006161005c3660046114a9565b61019b565b005b61007661007136600461150c565b610215565b60405167ffffffffffffffff90911681526020015b60405180910390f35b6100a76100a2366004611523565b610287565b60405190815260200161008b565b61018e6100c336600461150c565b6040805160e080820183525f8083526020808401829052838501829052606084018290526080840182905260a0840182905260c084018290528582528190528390205483519182019093529091908067ffffffffffffffff831667ffffffffffffffff168152602001604083901c63ffffffff168152602001606083901c63ffffffff168152602001608083901c64ffffffffff16815260200160a883901c60ff16815260200160b083901c60ff168152602001600160b81b83165f14151515815250915050919050565b60405161008b91906115bc565b6101a361038b565b5f805b8281101561020c575f6101bc85858460206103d8565b90506101c88184610415565b92506101f7818989896101e88a8a6101e18a6020611652565b60086103d8565b6101f29190611665565b61043f565b506102059050602882611652565b90506101a6565b50505050505050565b5f61021e61038b565b5f61022883610541565b9050600160b81b81161561025757604051630d54ba5960e01b8152600481018490526024015b60405180910390fd5b5f92835260208390526040909220600160b81b67ffffffffffffffff1984161790555067ffffffffffffffff1690565b5f61029061038b565b5f60421960ff8a16016102b4576102aa8888878787610578565b909250905061035c565b60411960ff8a16016102cd576102aa88888787876106b0565b60451960ff8a16016102e5576102aa88888686610746565b603f1960ff8a16016102fe576102aa88888887876107ba565b60401960ff8a1601610316576102aa88888686610871565b60431960ff8a1601610330576102aa8888868660606108dc565b60441960ff8a160161034a576102aa8888868660406108dc565b61035688888686610991565b90925090505b80831461037f5760405163a251c8a760e01b81526004810184905260240161024e565b50979650505050505050565b336001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016146103d657604051637ca88a1b60e11b815233600482015260240161024e565b565b5f8282018410156103ff5760405163a251c8a760e01b81526004810185905260240161024e565b509201356008909202610100039190911c919050565b818181116104395760405163d0e18cc960e01b81526004810184905260240161024e565b92915050565b5f61044985610541565b9050600160b81b81161561047357604051630d54ba5960e01b81526004810186905260240161024e565b8263ffffffff16604082901c63ffffffff16146104ad5760405163087d3fed60e41b8152600481018690526024810185905260440161024e565b63ffffffff606082901c16156104e05760405163021a103f60e11b8152600481018690526001602482015260440161024e565b67ffffffffffffffff81168215806104f757508083115b156105265760405163cc760e3f60e01b815260048101879052602481018490526044810182905260640161024e565b505f9485526020859052604090942090840390555090919050565b5f818152602081905260408120549081900361057357604051630b9ddb6b60e31b81526004810183905260240161024e565b919050565b5f80606083101561059f5760405163a251c8a760e01b81526004810184905260240161024e565b5f80806105ae8688018861167c565b9250925092506105bd816109c4565b8194505f6105ca83610541565b9050600160b81b8116156105f457604051630d54ba5960e01b81526004810184905260240161024e565b8963ffffffff16606082901c63ffffffff161461062e5760405163087d3fed60e41b815260048101849052602481018c905260440161024e565b8863ffffffff16604082901c63ffffffff16146106685760405163087d3fed60e41b8152600481018490526024810185905260440161024e565b5f92835260208390526040928390209990921b63ffffffff60401b166fffffffffffffffff000000000000000019929092169190911790975550909660609650945050505050565b5f5f5f6106c18585604060086103d8565b90506106d96106d48686604860206103d8565b6109c4565b5f6106e789878760686109e8565b935090505f6107046106fc88886020806103d8565b8b8b8661043f565b5f83815260208190526040902067ffffffffffffffff1990911690931763ffffffff60601b60609990991b989098169790971790915597909650945050505050565b5f5f61075584845f60206103d8565b9150610760826109c4565b61076c84846040610a5e565b925061077a91506114039050565b610788878787878686610c66565b9150610798878787878686610d9b565b91506107b06107aa86866020806103d8565b82610f5d565b5094509492505050565b5f5f5f6107c9888787876110cf565b90506107dc6106d48686600f60206103d8565b60b081901c600414610809816107f68888602f60086103d8565b6108048989603760086103d8565b611279565b61082261081a8787603f60026103d8565b60f01b6112ca565b5f6108308a888860416109e8565b9450905061083f878786610a5e565b5f84815260208190526040908190209c901b63ffffffff60401b1695909517909a555099919850909650505050505050565b5f5f5f6108828585602060086103d8565b90505f61089288878760286109e8565b935090505f6108af6108a788888460206103d8565b8a8a8661043f565b5f83815260208190526040902067ffffffffffffffff199091169093179092559791965090945050505050565b5f5f6108eb85855f60206103d8565b9150815f6108f882610541565b90508763ffffffff168582901c63ffffffff16146109335760405163087d3fed60e41b815260048101839052602481018a905260440161024e565b606081901c63ffffffff165f036109665760405163021a103f60e11b8152600481018390525f602482015260440161024e565b5f9182526020828152604090922063ffffffff60601b19919091169055919791965090945050505050565b5f5f6109a084845f60206103d8565b91506109b68287876101f28888602060086103d8565b506028905094509492505050565b5f8190036109e55760405163255aba8360e11b815260040160405180910390fd5b50565b5f5f365f6109f7878787610a5e565b6040518b815290955091935091508183602083013760205f836020018360025afa610a20575f5ffd5b505f8051602082905260409091205490945015610a5357604051636e5d97f760e11b81526004810185905260240161024e565b505094509492505050565b365f5f5f610a6f87878760026103d8565b905080610a7d866002611652565b610a879190611652565b9150801580610a96575060ff81115b15610ab75760405163f650506d60e01b81526004810186905260240161024e565b85821115610adb5760405163a251c8a760e01b81526004810187905260240161024e565b8686610ae8876002611652565b610af4928592906116a5565b90945092505f5b81811015610c5b57848101356020610b1383856116cc565b1015610b61575f610b2483856116cc565b610b2f906008611665565b5f19901c9050807f20202020202020202020202020202020202020202020202020202020202020201681198316179150505b5f7f80808080808080808080808080808080808080808080808080808080808080808216158015610bd557507f8080808080808080808080808080808080808080808080808080808080808080807f6060606060606060606060606060606060606060606060606060606060606060840116145b8015610c2357507f010101010101010101010101010101010101010101010101010101010101010182017f808080808080808080808080808080808080808080808080808080808080808016155b905080610c465760405163f650506d60e01b81526004810189905260240161024e565b50610c549050602082611652565b9050610afb565b505093509350939050565b5f5f610c73868686611363565b9050610c80846001611652565b91505f805b82811015610d8e575f610c9b89898760206103d8565b90505f610cae8a8a6101e1896020611652565b9050610cbb602887611652565b9550610cc78285610415565b93505f610cd6838e8e8561043f565b9050608081901c8415801590610cf75750885164ffffffffff828116911614155b15610d1e5760405163416b92e960e11b815264ffffffffff8216600482015260240161024e565b64ffffffffff81168952602089015160b083901c9060ff9081169082161115610d4b5760ff811660208b01525b838a6040015160a885901c60ff1660058110610d6957610d696116df565b60200201818151610d7a9190611652565b9052505060019094019350610c8592505050565b5050509695505050505050565b5f5f610da8868686611363565b9050610db5846001611652565b91505f5b81811015610f51575f5f610dd089898760016103d8565b610de78a8a610de0896001611652565b60016103d8565b90925090505f610dfd8a8a6101e1896002611652565b905060ff83161580610e125750600460ff8416115b15610e3557604051630181b8a960e21b815260ff8416600482015260240161024e565b866020015160ff168260ff161080610e505750600560ff8316115b15610e8157602087015160405163feaf171d60e01b815260ff8085166004830152909116602482015260440161024e565b5f610e988d8c8c610e938b600a611652565b6109e8565b975090505f829003610ecd5760405163cc760e3f60e01b8152600481018290525f60248201819052604482015260640161024e565b8188606001518560ff1660058110610ee757610ee76116df565b60200201818151610ef89190611652565b9150818152505060b08360ff16901b60a88560ff16901b60808a5f015164ffffffffff16901b60408f63ffffffff16901b85171717175f5f8381526020019081526020015f208190555050505050806001019050610db9565b50509695505050505050565b60408101516020015160025b600460ff82161161106c575f610f82858360ff166113af565b67ffffffffffffffff1684606001518360ff1660058110610fa557610fa56116df565b6020020151610fb49190611652565b905083604001518260ff1660058110610fcf57610fcf6116df565b6020020151811115611025578184604001518360ff1660058110610ff557610ff56116df565b6020020151604051633d64e9db60e11b815260ff909216600483015260248201526044810182905260640161024e565b8084604001518360ff166005811061103f5761103f6116df565b602002015161104e91906116cc565b6110589084611652565b92505080611065906116f3565b9050610f69565b505f6110798460016113af565b6060840151602001516110969167ffffffffffffffff1690611652565b90508181146110c957604051633d64e9db60e11b815260016004820152602481018390526044810182905260640161024e565b50505050565b5f5f6110de84845f60056103d8565b90505f5f6110f08686600560016103d8565b6110fe8787600660016103d8565b915091505f6111118787600760086103d8565b905064ffffffffff8416158061114857506402540be3ff64ffffffffff8516118015611148575064800000000064ffffffffff8516105b1561116f5760405163416b92e960e11b815264ffffffffff8516600482015260240161024e565b60ff831615806111825750600460ff8416115b156111a557604051630181b8a960e21b815260ff8416600482015260240161024e565b6111ae836113d1565b881661ffff165f036111df57604051630854647d60e11b8152600481018a905260ff8416602482015260440161024e565b60ff821615806111f25750600560ff8316115b1561121b5760405163feaf171d60e01b815260ff831660048201525f602482015260440161024e565b805f0361124b5760405163cc760e3f60e01b81525f6004820181905260248201819052604482015260640161024e565b60b08260ff16901b60a88460ff16901b60808664ffffffffff16901b83171717945050505050949350505050565b5f818310801561128e575064ffffffffff8211155b90508361129f5782821715156112a2565b80155b156110c957604051635b27751560e01b8152600481018490526024810183905260440161024e565b5f81901a60f890811b90600183901a901b604160f81b6001600160f81b0319831610806113045750602d60f91b6001600160f81b03198316115b8061131c5750604160f81b6001600160f81b03198216105b806113345750602d60f91b6001600160f81b03198216115b1561135e5760405163067c06d560e11b81526001600160f01b03198416600482015260240161024e565b505050565b5f61137184848460016103d8565b90508015806113805750601081115b156113a857604051632762388360e21b8152600481018290526010602482015260440161024e565b9392505050565b5f6113bb826040611665565b6113c7906101006116cc565b9290921c92915050565b5f5f1960ff8316016113e557506004919050565b60ff82166004146113f75760206113fa565b60185b60ff1692915050565b604080516080810182525f8082526020820152908101611421611433565b815260200161142e611433565b905290565b6040518060a001604052806005906020820280368337509192915050565b803563ffffffff81168114610573575f5ffd5b5f5f83601f840112611474575f5ffd5b50813567ffffffffffffffff81111561148b575f5ffd5b6020830191508360208285010111156114a2575f5ffd5b9250929050565b5f5f5f5f5f608086880312156114bd575f5ffd5b853594506114cd60208701611451565b935060408601359250606086013567ffffffffffffffff8111156114ef575f5ffd5b6114fb88828901611464565b969995985093965092949392505050565b5f6020828403121561151c575f5ffd5b5035919050565b5f5f5f5f5f5f5f60c0888a031215611539575f5ffd5b873560ff81168114611549575f5ffd5b96506020880135955061155e60408901611451565b9450606088013561ffff81168114611574575f5ffd5b935061158260808901611451565b925060a088013567ffffffffffffffff81111561159d575f5ffd5b6115a98a828b01611464565b989b979a50959850939692959293505050565b5f60e08201905067ffffffffffffffff835116825263ffffffff602084015116602083015263ffffffff604084015116604083015264ffffffffff606084015116606083015260ff608084015116608083015260a083015161162360a084018260ff169052565b5060c083015161163760c084018215159052565b5092915050565b634e487b7160e01b5f52601160045260245ffd5b808201808211156104395761043961163e565b80820281158282048414176104395761043961163e565b5f5f5f6060848603121561168e575f5ffd5b505081359360208301359350604090920135919050565b5f5f858511156116b3575f5ffd5b838611156116bf575f5ffd5b5050820193919092039150565b818103818111156104395761043961163e565b634e487b7160e01b5f52603260045260245ffd5b5f60ff821660ff81036117085761170861163e565b6001019291505056fea26469706673582212208edb9508865746009f68bd09c850c640bb73874c3f9deadd06cdb81d63a3ab8464736f6c63430008250033';

/**
 * Errors by who must act. Every error carries a stable `code`; tests, HTTP problems and exit codes speak of codes, people read messages.
 * A message says what was found and how to mend it.
 */

/** Every code with the sentence that docs/errors.md prints. */
export const ERROR_CODES = {
  'audit.jwt': 'Text is not an audit report under a signature.',
  'audit.mismatch': 'The folder of a replay belongs to another ledger or depth, or is damaged. The message says which.',
  'audit.signature': 'An audit report is not signed with the key that is expected, or was altered since.',
  'checkpoint.fork': 'What was signed before is not the beginning of what the chain has now.',
  'checkpoint.key': 'Text is not the key of a signed note, or of another log than the one that is published.',
  'checkpoint.note': 'Bytes are not a signed note.',
  'checkpoint.not-included':
    "An entry does not stand where its proof says: the proof does not lead to the checkpoint's root.",
  'checkpoint.origin': 'A checkpoint is of another log than the one that is asked for.',
  'checkpoint.policy': 'Text is not a policy for logs: which logs and witnesses are believed, and how many of them.',
  'checkpoint.quorum': 'Fewer witnesses cosigned the checkpoint than the policy asks for.',
  'checkpoint.request': 'Bytes are not what a log asks a witness: a size, a consistency proof and a checkpoint.',
  'checkpoint.shape': 'The text of a note is not a checkpoint: name, size and root of a log.',
  'checkpoint.signature':
    'No key that is believed signed the checkpoint or state statement, or its signature is false.',
  'checkpoint.statement': "Text is not a witness's statement about the state of a ledger's chain.",
  'checkpoint.tlog-proof': 'Bytes are not a C2SP tlog-proof: index, inclusion path and checkpoint of an entry.',
  'credential.did': 'Text is not a decentralised identifier, or a did:web in another than its one spelling.',
  'credential.grant': 'Text is not a grant: neither a GS1 company prefix nor an https URI that ends in a slash.',
  'credential.issuer': 'The credential names another issuer than the one that signs it.',
  'credential.jwt': 'Text is not a credential as a JWT in the one spelling that is accepted.',
  'credential.kid': 'A key is not named by its issuer and its thumbprint: did#thumbprint.',
  'credential.shape': 'A document is not a W3C credential of one of the five UNTP kinds. The message names the field.',
  'credential.signature':
    "The signature is not of the credential's key: the credential was altered, or another key signed it.",
  'credential.status': 'A credential does not say where on the ledger its status stands, or contradicts itself.',
  'embedded.chain': 'The local chain does not start, or ended. The message carries what it said.',
  'epcis.capture-off': 'The service keeps no EPCIS events of others.',
  'epcis.document': 'A document is not one of EPCIS 2.0 events in JSON. The message names the event and the field.',
  'epcis.event-id': 'Another event has this id already. An event is told from others by its id.',
  'epcis.full': 'The service keeps no more EPCIS events of others: as many as its operator allows are kept.',
  'event.input': 'What an event is to be made of is incomplete or contradicts itself. The message names the fields.',
  'event.shape':
    'A credential is not a traceability event whose lots and masses can be read. The message names the field.',
  'evidence.batch-size': 'A batch has 1 to 16,384 credentials.',
  'evidence.manifest':
    'Bytes are not the manifest of a batch: canonical DAG-CBOR, a list of links to raw blocks by their SHA-256.',
  'evidence.pack':
    'Bytes are not a pack of passports in the one accepted spelling: cut, damaged, or with parts that prove nothing.',
  'folder.locked': 'Another process uses the folder.',
  'gs1.key': 'A GS1 key has another length than its kind, or a wrong check digit.',
  'gs1.linkset': 'A link has a type, address, media type or language that no GS1 linkset can hold.',
  'gs1.uri': 'A URI is neither a GS1 Digital Link nor a plain https identifier.',
  'input.encoding': 'Text is not in the one accepted spelling of hex or base64url.',
  'input.json': 'Text is not the JSON that is expected here: malformed, a duplicate key, or nested too deep.',
  'input.shape': 'A field is missing, has another type, or lies outside its range. The message names the field.',
  'input.too-large': 'More bytes than this door accepts.',
  'input.row': 'A spreadsheet cell cannot be read. The message names row and column.',
  'issuer.grant': 'No grant of the issuer covers the subject.',
  'issuer.not-submitter':
    "The issuer has not appointed the service's account as a submitter. The message names the account.",
  'issuer.role': 'The issuer is accredited in no role that issues this kind of credential.',
  'issuer.suspended': 'The issuer is suspended.',
  'issuer.unknown': 'The issuer is not accredited on this ledger.',
  'issuer.withdrawn': "The issuer's accreditation was withdrawn.",
  'journal.entry': 'Bytes are not an entry of the journal.',
  'journal.tile': 'Bytes are not the tile, or the bundle of entries, that stands at this place of the journal.',
  'journal.break':
    'The journal does not fold to what was expected: the message names the entry, what was expected and what was found.',
  'key.file': 'A file holds no key, or no backup of one, that can be read.',
  'key.not-in-force': 'The key was retired or compromised, or registered later.',
  'key.passphrase': 'The passphrase does not open this backup.',
  'key.purpose': 'The key may not do this.',
  'key.readable-by-others': 'A file with a private key may be read by other users of the machine.',
  'key.unknown': 'The issuer has not registered the key on this ledger.',
  'ledger.behind': 'One of several chain endpoints does not have the block that the others agree on.',
  'ledger.closed': 'The ledger is closed: another one follows it.',
  'ledger.differs': 'One of several chain endpoints says otherwise than those that agree, about the same block.',
  'ledger.no-funds': 'The account that pays for transactions has not enough money. The message names it.',
  'ledger.no-quorum':
    'Fewer of the chain endpoints agree than the settings want. The message names those that differ, lag or do not answer.',
  'ledger.paused': 'New anchors are stopped by the admin.',
  'ledger.pending': 'A transaction was sent and is in no block yet.',
  'ledger.unreachable': 'The chain endpoint does not answer.',
  'ledger.mismatch': 'The endpoint serves another chain, another contract or other code than the one that is pinned.',
  'ledger.refused': 'The contract refused the call. The message carries its reason.',
  'mirror.not-found': 'A mirror of the journal does not have what its checkpoint says that it has.',
  'mirror.unreachable': 'A mirror of the journal does not answer.',
  'run.mismatch': 'A run file belongs to another issuer, ledger or key, or is damaged.',
  'service.busy': 'The service has more to do than it can take in. Send again later.',
  'service.internal': "The service failed, and not through the caller's doing.",
  'service.media-type': 'The body has a media type that is not accepted here.',
  'service.method': 'The path does not have this method. The header Allow names those it has.',
  'service.not-acceptable': 'What was asked for is given in no media type that the header Accept takes.',
  'service.not-found': 'Nothing is known under this name.',
  'service.not-leading': 'Another replica of the service leads: this one does not write.',
  'service.not-ready': 'The service has not read the ledger yet, or its database does not answer.',
  'service.overdue': 'A credential is not anchored by the time that its receipt promised.',
  'service.rate-limited': 'Requests come faster than they may.',
  'service.refused': 'The service refused the request. The message carries its problem.',
  'service.timeout': 'Nothing was sent for too long.',
  'service.unreachable': 'The service does not answer, or answers what its interface does not have.',
  'status.ledger': "The credential's status stands on another ledger.",
  'status.place-used': 'The place in the status list belongs to another credential of the issuer.',
  'witness.behind': 'Witnesses vouch for the ledger as it was before this was anchored. Ask again later.',
  'witness.not-final': "The witness's own node does not have the block as a final one yet, or not so many entries.",
  'witness.clock': "The witness's clock went back: what it would sign would come before what it signed.",
  'witness.consistency':
    'The proof does not lead from the tree that the witness cosigned last to that of the checkpoint.',
  'witness.size': 'The log names another size than that of the last checkpoint that the witness cosigned.',
  'witness.state': 'What a witness wrote down about a log cannot be read, so that it cannot know what it signed.',
  'witness.too-old': 'The witness signed about later blocks, and remembers none as old as this one.',
  'witness.tree-head':
    "The tree head is not the contract's on the witness's own node, or none that it cosigned lately.",
  'witness.unknown-log': 'The witness was not told of this log.',
  'witness.too-few':
    'Fewer witnesses than the policy asks for vouch for one state of the ledger. The message says what each answered.',
  'materials.claim':
    'A material names a lot, but not what of it can be counted: whole milligrams, substance, origin, custody model and units.',
  'materials.lot': 'Text is not the URI of a lot.',
  'materials.mass': 'Text is not a mass of whole milligrams with its unit: t, kg, g or mg.',
  'materials.trace': 'Entries about lots are not of one ledger: it can never have made them together.',
  'materials.substance': 'Text is neither a CAS number with a valid check digit nor a substance of our own list.',
  'materials.unallocated':
    'A passport draws on lots, and was sent where nothing is taken of them: such a batch is formed and signed by its issuer.',
  'passport.input':
    'What a passport is to be made of is incomplete or contradicts itself. The message names the fields.',
  'store.unreachable': 'The credential store does not answer.',
  'store.not-found': 'No store that was asked has these bytes.',
  'store.mismatch': 'Bytes do not hash to the CID that was asked for.',
  'label.unreadable': 'The image holds no QR code that can be read.',
  'usage.command': 'The command line is not one that `dpp` knows. The message says what is missing or too much.',
  'usage.configuration': 'A setting is missing, or its value cannot be used. The message names the setting.',
  'witness.refused': 'A witness does not cosign the checkpoint. The message carries what it answered.',
  'witness.unreachable': 'A witness does not answer, or not now, or answers what C2SP tlog-witness does not have.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export abstract class DppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The caller gave something that cannot be read. */
export class InvalidInputError extends DppError {}
/** A rule refused something that can be read. */
export class RejectedError extends DppError {}
/** Evidence, bytes or history disagree with each other. */
export class IntegrityError extends DppError {}
/** Something did not answer: try again, or elsewhere. */
export class UnavailableError extends DppError {}

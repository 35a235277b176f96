/**
 * Checkpoints: tree heads of the journal as signed notes, for mirrors and witnesses, and what witnesses say of them: cosignatures, and
 * statements about the chain's state. It owns notes, their keys requests to witnesses and policies about them, and refuses every text that the C2SP
 * specifications do not allow.
 */
export * from './add-checkpoint.ts';
export * from './checkpoint.ts';
export * from './cosignature.ts';
export * from './note.ts';
export { formatKeyId, hashNoteKey } from './note-key.ts';
export * from './statement.ts';
export * from './tlog-proof.ts';
export * from './witness-policy.ts';

/**
 * Checkpoints: tree heads of the journal as signed notes, for mirrors and witnesses. It owns notes, their keys and what a checkpoint's
 * text says, and refuses every text that the C2SP specifications do not allow.
 */
export * from './checkpoint.ts';
export * from './note.ts';

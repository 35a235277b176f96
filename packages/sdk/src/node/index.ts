/** What needs files: the embedded store, keys, mirrors of the journal, runs of issuing, spreadsheets. For Node only. */
export { createFileStore } from './file-store.ts';
export { lockFolder, readIfPresent, writeDurably } from './folder.ts';
export {
  backupKey,
  isReadableByOthers,
  loadLogSigner,
  loadWitnessSigner,
  readKeyFile,
  restoreKey,
  writeKeyFile,
} from './keys.ts';
export { createFolderTiles, type Mirrored, type MirrorOptions, mirrorChain, mirrorLog } from './mirror-folder.ts';
export { commandOf, isAlive } from './process.ts';
export { createPublicFetch, isPublicAddress, type PublicFetchOptions } from './public-fetch.ts';
export { openReplayFolder, type ReplayFolder } from './replay-folder.ts';
export { openRun, type RunFile, readRunCids } from './run-file.ts';
export { readSpreadsheet, type SpreadsheetRow } from './spreadsheet.ts';
export { createThreadJudge } from './thread-judge.ts';

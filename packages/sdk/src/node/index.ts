/** What needs files: the embedded store, keys, runs of issuing, spreadsheets. For Node only. */
export { createFileStore } from './file-store.ts';

/**
 * Stores of credentials behind one port, `Store`, and sources behind its half, `BlockSource`: Kubo, Trustless Gateways, and a file store
 * in `@dpp-ledger/sdk/node`. Only this folder knows IPFS. No bytes leave it that do not hash to the CID they were asked by.
 */
export { type Codec, formatBlockCid, parseBlockCid } from './block.ts';
export { encodeCar } from './car.ts';
export { fetchBlocks, readThrough } from './compose.ts';
export { createGatewayStore, type GatewayOptions } from './gateway.ts';
export { createKuboStore, type KuboClient, type KuboOptions } from './kubo.ts';
export * from './store.ts';
export { createFolderTree, type FolderTree } from './unixfs.ts';

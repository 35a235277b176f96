/**
 * Folders of files as IPFS has them (UnixFS in DAG-PB, https://specs.ipfs.tech/unixfs/): what any gateway serves by path. Written, not
 * read, and for what changes at its end only: a folder's CID is made anew where something below it has changed.
 */
import { concatBytes, sha256 } from '@dpp-ledger/core';
import { formatBlockCid, parseBlockCid } from './block.ts';
import { encodeVarint } from './car.ts';
import { type Block, MAX_BLOCK_BYTES } from './store.ts';

export interface FolderTree {
  /** Puts a file at a path, made of names between slashes, and gives the blocks that it is made of. */
  putFile(path: string, bytes: Uint8Array): Block[];
  /** Takes away a file, or a folder with all that is in it. */
  remove(path: string): void;
  /** The whole folder as it is now, and the blocks of those folders that have changed since the last time: the root is the last. */
  build(): { readonly root: Block; readonly blocks: readonly Block[] };
}

interface Link {
  readonly name: string;
  readonly cid: string;
  /** Bytes of the block and all below it. */
  readonly total: number;
}

type Node = Omit<Link, 'name'> | Folder;

interface Folder {
  readonly children: Map<string, Node>;
  /** Until something below changes. */
  built: Omit<Link, 'name'> | undefined;
}

/** UnixFS's kinds of node. */
const DIRECTORY = 1;
const FILE = 2;
const ascii = new TextEncoder();

export function createFolderTree(): FolderTree {
  const root = createFolder();

  /** The folder that holds the last name; every folder on the way is to be built anew. */
  function descend(path: string): { readonly folder: Folder; readonly name: string } {
    const names = path.split('/');
    const name = names.pop() ?? '';
    let folder = root;
    folder.built = undefined;
    for (const step of names) {
      const child = folder.children.get(step);
      const next: Folder = child !== undefined && 'children' in child ? child : createFolder();
      folder.children.set(step, next);
      next.built = undefined;
      folder = next;
    }
    return { folder, name };
  }

  function build(folder: Folder, blocks: Block[]): Omit<Link, 'name'> {
    if (folder.built !== undefined) return folder.built;
    const links = Array.from(folder.children, ([name, node]): Link => {
      const { cid, total } = 'children' in node ? build(node, blocks) : node;
      return { name, cid, total };
    });
    // DAG-PB sorts links by the bytes of their names; ours are ASCII.
    links.sort((a, b) => (a.name < b.name ? -1 : 1));
    const block = encodeNode(links, encodeField(1, DIRECTORY));
    blocks.push(block);
    folder.built = { cid: block.cid, total: block.bytes.length + totalOf(links) };
    return folder.built;
  }

  return {
    putFile(path, bytes) {
      const { folder, name } = descend(path);
      const { blocks, cid, total } = encodeFile(bytes);
      folder.children.set(name, { cid, total });
      return blocks;
    },
    remove(path) {
      const { folder, name } = descend(path);
      folder.children.delete(name);
    },
    build() {
      const blocks: Block[] = [];
      // The root is given even where nothing has changed.
      root.built = undefined;
      build(root, blocks);
      return { root: blocks.at(-1) as Block, blocks };
    },
  };
}

function createFolder(): Folder {
  return { children: new Map(), built: undefined };
}

/** One raw block; a node over several where it is longer than a block may be. */
function encodeFile(bytes: Uint8Array): { readonly blocks: Block[]; readonly cid: string; readonly total: number } {
  const parts: Block[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += MAX_BLOCK_BYTES) {
    const part = bytes.subarray(at, at + MAX_BLOCK_BYTES);
    parts.push({ cid: formatBlockCid('raw', sha256(part)), bytes: part });
  }
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { blocks: parts, cid: only.cid, total: bytes.length };
  const links = parts.map((part): Link => ({ name: '', cid: part.cid, total: part.bytes.length }));
  const sizes = parts.map((part) => encodeField(4, part.bytes.length));
  const block = encodeNode(links, concatBytes(encodeField(1, FILE), encodeField(3, bytes.length), ...sizes));
  return { blocks: [...parts, block], cid: block.cid, total: block.bytes.length + totalOf(links) };
}

/** A node of DAG-PB: its links (field 2), then its data (field 1): the one order that is canonical. */
function encodeNode(links: readonly Link[], data: Uint8Array): Block {
  const encoded = links.map(({ name, cid, total }) =>
    encodeBytes(
      2,
      concatBytes(encodeBytes(1, parseBlockCid(cid).bytes), encodeBytes(2, ascii.encode(name)), encodeField(3, total)),
    ),
  );
  const bytes = concatBytes(...encoded, encodeBytes(1, data));
  return { cid: formatBlockCid('dag-pb', sha256(bytes)), bytes };
}

function totalOf(links: readonly Link[]): number {
  return links.reduce((sum, { total }) => sum + total, 0);
}

/** Protocol Buffers: a number. */
function encodeField(field: number, value: number): Uint8Array {
  return concatBytes(Uint8Array.of(field << 3), encodeVarint(value));
}

/** Protocol Buffers: bytes after their length. */
function encodeBytes(field: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of((field << 3) | 2), encodeVarint(bytes.length), bytes);
}

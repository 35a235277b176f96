import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** Every module that an entry point loads at run time, and every package, following relative imports; imports of types are not loaded. */
async function loadedBy(entry: URL): Promise<Set<string>> {
  const loaded = new Set<string>();
  const visit = async (url: URL): Promise<void> => {
    if (loaded.has(url.pathname)) return;
    loaded.add(url.pathname);
    const text = await readFile(url, 'utf8');
    for (const [statement, , from = ''] of text.matchAll(/^(?:import|export)\s+([^;]*?\s+from\s+)?'([^']+)';/gms)) {
      const names = /\{([^}]*)\}/s
        .exec(statement)?.[1]
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean);
      const onlyTypes =
        /^(?:import|export)\s+type\s/.test(statement) || names?.every((name) => name.startsWith('type '));
      if (onlyTypes === true) continue;
      if (from.startsWith('.')) await visit(new URL(from, url));
      else loaded.add(from);
    }
  };
  await visit(entry);
  return loaded;
}

describe('the entry point for verifiers', () => {
  it('loads no ethers, no Node, and nothing of ours that signs, sends or issues', async () => {
    const loaded = [...(await loadedBy(new URL('../src/verify.ts', import.meta.url)))];
    expect(loaded.filter((name) => name === 'ethers' || name.startsWith('node:'))).toEqual([]);
    const files = loaded
      .filter((name) => name.includes('/sdk/src/'))
      .map((name) => name.replace(/^.*\/sdk\/src\//, ''));
    expect(files.toSorted()).toEqual([
      'answers.ts',
      'claims.ts',
      'client.ts',
      'gather.ts',
      'generated/interface.ts',
      'http.ts',
      'ledger/codec.ts',
      'ledger/identify.ts',
      'ledger/pages.ts',
      'ledger/panel.ts',
      'ledger/questions.ts',
      'ledger/quorum.ts',
      'ledger/reader.ts',
      'ledger/rpc.ts',
      'lot-evidence.ts',
      'store/block.ts',
      'store/gateway.ts',
      'store/store.ts',
      'verify.ts',
    ]);
  });

  it('sees what the other entry points load', async () => {
    const loaded = await loadedBy(new URL('../src/index.ts', import.meta.url));
    expect([...loaded]).toContain('ethers');
    expect([...(await loadedBy(new URL('../src/node/index.ts', import.meta.url)))]).toContain('node:fs/promises');
  });

  it('everything but the files is free of Node', async () => {
    const loaded = await loadedBy(new URL('../src/index.ts', import.meta.url));
    expect([...loaded].filter((name) => name.startsWith('node:'))).toEqual([]);
  });
});

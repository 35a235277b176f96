/** What somebody who only verifies has to take along. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundlePackVerifier, bundleVerifier } from '../support/bundle.ts';

describe('the verifier, bundled for browsers', () => {
  it('has no ethers, no code that signs and nothing of Node in it', async () => {
    const { text, packages, files } = await bundleVerifier();
    console.log(`verifier: ${gzipSync(text).length} bytes gzipped, packages ${packages.join(', ')}`);
    expect(packages).not.toContain('ethers');
    expect(packages).not.toContain('kubo-rpc-client');
    expect(files.filter((file) => /\/(?:writer|account|acts|calls|issue|amend)\.ts$/.test(file))).toEqual([]);
    expect(text).not.toMatch(/subtle\.sign\b|generateKey/);
    expect(text).not.toMatch(/["']node:/);
  });

  it('has nothing of packs in it; who judges packs takes their tries along, and no node to ask', async () => {
    const verifier = await bundleVerifier();
    expect(verifier.packages).not.toContain('@ethereumjs/mpt');
    const { text, packages, files } = await bundlePackVerifier();
    console.log(`verifier of packs: ${gzipSync(text).length} bytes gzipped, packages ${packages.join(', ')}`);
    expect(packages).not.toContain('ethers');
    expect(files.filter((file) => file.startsWith('packages/sdk/'))).toEqual([]);
    expect(/subtle\.sign\b|generateKey|globalThis\.fetch|["']node:/.test(text)).toBe(false);
    expect(gzipSync(text).length).toBeLessThan(200 * 1024);
  });
});

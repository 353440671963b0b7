import { describe, expect, test } from '@jest/globals';
import { BAG_SCHEMA } from '../../../src/bag/manifest.ts';
import { formatManifest, parseManifest } from '../../../src/bag/manifest-file.ts';
import { tinyManifest, tinyPackage } from '../../support/tiny-bag.ts';

describe('data/manifest.json', () => {
  test('comes back as it was', () => {
    const manifest = tinyManifest({ rebuild: { dockerfile: 'Dockerfile', context: '.', buildArgs: { A: '1' } } });
    expect(parseManifest(formatManifest(manifest))).toEqual(manifest);
  });

  test('leaves out what is usual of a package', () => {
    const { system } = tinyManifest();
    system.packages = [tinyPackage('adduser', '3.118')];
    expect(formatManifest(tinyManifest({ system }))).toContain('"packages":[{"name":"adduser","version":"3.118"}]');
  });

  test('does not depend on the order of keys', () => {
    const manifest = tinyManifest();
    const turned = Object.fromEntries(Object.entries(manifest).reverse()) as typeof manifest;
    expect(formatManifest(turned)).toBe(formatManifest(manifest));
  });

  const changed = (changes: Record<string, unknown>) => JSON.stringify({ ...tinyManifest(), ...changes });
  test('passes over keys that it does not know', () => {
    expect(parseManifest(changed({ later: 1 }))).toEqual(tinyManifest());
  });

  test.each([
    ['a newer schema', changed({ schema: BAG_SCHEMA + 1, service: 'anything' }), 'bag-newer', /schema 2/],
    ['no schema', changed({ schema: undefined }), 'bag-invalid', /no schema/],
    ['another shape', changed({ counts: { paths: -1 } }), 'bag-invalid', /counts\./],
    ['a list', '[]', 'bag-invalid', /no schema/],
    ['no JSON', '{"schema":1', 'bag-invalid', /not JSON/],
  ])('%s is a clear error', (_, text, code, message) => {
    const read = () => parseManifest(text, 'b/data/manifest.json');
    expect(read).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
    expect(read).toThrow(message);
    expect(read).toThrow(/b\/data\/manifest.json/);
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const assets = join(import.meta.dirname, '../../dashboards/console/dist/assets');

describe('the console that is built before tests', () => {
  it("is the one that nurses get: React's development build draws a ward of 32 beds at 7 frames a second", async () => {
    expect(process.env['NODE_ENV']).toBe('test');
    const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(0);
    for (const name of scripts) expect(await readFile(join(assets, name), 'utf8')).not.toContain('jsxDEV');
  });

  it('loads nothing of the page that looks back: a ward is not made to wait for it', async () => {
    const dist = join(assets, '..');
    const loaded = async (page: string): Promise<string> => {
      const html = await readFile(join(dist, page), 'utf8');
      const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file!);
      expect(files.length).toBeGreaterThan(0);
      return (await Promise.all(files.map((file) => readFile(join(dist, file), 'utf8')))).join('\n');
    };
    expect(await loaded('index.html')).not.toContain('v1/review');
    expect(await loaded('review.html')).toContain('v1/review');
    expect(await loaded('review.html')).not.toContain('v1/live');
  });
});

/** The software bill of materials that `npm run sbom` writes: what ships is in it, with version and licence, and may be shipped. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from '../containers/compose-file.ts';

const bomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().regex(/^1\.\d$/),
  metadata: z.object({ component: z.object({ purl: z.string(), version: z.string() }) }),
  components: z.array(
    z.object({
      name: z.string().min(1),
      version: z.string().min(1),
      purl: z.string().startsWith('pkg:npm/'),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
      licenses: z
        .array(
          z.union([
            z.object({ license: z.object({ id: z.string().optional(), name: z.string().optional() }) }),
            z.object({ expression: z.string() }),
          ]),
        )
        .default([]),
    }),
  ),
});
type Component = z.infer<typeof bomSchema>['components'][number];

/** Of the lockfile, by place below node_modules. */
const locked = (
  JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<
      Record<string, { readonly version: string; readonly dev?: true; readonly name?: string }>
    >;
  }
).packages;
const MODULES = 'node_modules/';
const nameOf = (place: string): string =>
  locked[place]!.name ?? place.slice(place.lastIndexOf(MODULES) + MODULES.length);

/** Built into the console's page, and so shipped although nothing of Vigil's own needs them when it runs. */
const IN_THE_PAGE = ['react', 'react-dom', 'scheduler'];
/** Licences under which Vigil (Apache-2.0) can be passed on as a whole, without asking anything of who uses it but to name them. */
const ALLOWED = [
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'Zlib',
  'CC0-1.0',
  'BlueOak-1.0.0',
];

const licenceOf = ({ licenses }: Component): string =>
  licenses
    .map((each) => ('expression' in each ? each.expression : (each.license.id ?? each.license.name ?? '')))
    .join(' AND ');
const wordsOf = (licence: string): readonly string[] =>
  licence.split(/[()\s]+|\bAND\b|\bOR\b/).filter((word) => word !== '');

describe('the bill of materials', () => {
  let bom: z.infer<typeof bomSchema>;
  let shipped: readonly Component[];
  beforeAll(() => {
    // From the lockfile alone: it needs no network, and is the same on every machine.
    const env = { ...process.env, npm_config_offline: 'true', npm_config_loglevel: 'error' };
    const text = execFileSync('npm', ['run', '-s', 'sbom'], {
      cwd: root,
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    bom = bomSchema.parse(JSON.parse(text));
    const isForWork = ({ properties }: Component): boolean =>
      properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
    shipped = bom.components.filter((each) => !isForWork(each) || IN_THE_PAGE.includes(each.name));
  });

  it('is CycloneDX, of this release, and has every package of the lockfile', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    expect(bom.metadata.component.purl).toBe(`pkg:npm/vigil@${version}`);
    const there = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
    const wanted = Object.keys(locked).filter((place) => place !== '');
    expect(wanted.length).toBeGreaterThan(100);
    expect(wanted.filter((place) => !there.has(`${nameOf(place)}@${locked[place]!.version}`))).toEqual([]);
    for (const name of IN_THE_PAGE) expect(shipped.map((each) => each.name)).toContain(name);
  });

  it('says under which licence each part is that ships, and none forbids to pass Vigil on', () => {
    expect(shipped.length).toBeGreaterThan(50);
    const forbidden = shipped.filter((each) => {
      const words = wordsOf(licenceOf(each));
      return words.length === 0 || words.some((word) => !ALLOWED.includes(word));
    });
    expect(forbidden.map((each) => `${each.name}@${each.version}: ${licenceOf(each) || 'no licence'}`)).toEqual([]);
  });
});

/** The design as a test: who may import whom, which library lives where, and what a pure file may not know. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folders = ['schemas', 'stream-models', 'services', 'dashboards', 'test'] as const;
type Folder = (typeof folders)[number];

/** "Tests may import anything" is the absence of a row. */
const mayImport: Readonly<Record<Exclude<Folder, 'test'>, readonly Folder[]>> = {
  schemas: ['schemas'],
  'stream-models': ['stream-models', 'schemas'],
  services: ['services', 'stream-models', 'schemas'],
  dashboards: ['dashboards', 'schemas'],
};

/** One library, one folder: the day one is replaced, one folder changes. */
const livesIn: Readonly<Record<string, string>> = {
  kafkajs: 'services/adapters/kafka/',
  'onnxruntime-node': 'services/adapters/onnx/',
  ws: 'services/adapters/websocket/',
  '@influxdata/influxdb-client': 'services/adapters/influx/',
  '@influxdata/influxdb-client-apis': 'services/adapters/influx/',
  'node:sqlite': 'services/adapters/embedded/',
  'ml-cart': 'services/adapters/mljs/',
  'ml-logistic-regression': 'services/adapters/mljs/',
  'ml-matrix': 'services/adapters/mljs/',
  'libsvm-js': 'services/adapters/mljs/',
  '@grafana/grafana-foundation-sdk': 'dashboards/grafana/',
  'grafana-dash-gen': 'dashboards/grafana/',
};

/** The package of a specifier: "@scope/name/part" is of "@scope/name". */
const libraryOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const LINES_MAX = 300;
/** Files that are longer than a sitting, each with its reason. The list may only shrink. */
const longFiles: Readonly<Record<string, string>> = {};

const skipped = new Set(['node_modules', 'dist', 'generated']);
const filesUnder = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return skipped.has(name) ? [] : filesUnder(path);
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
  });

interface Source {
  readonly file: string;
  readonly folder: Folder;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly string[];
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

const sources: readonly Source[] = folders.flatMap((folder) =>
  filesUnder(join(root, folder)).map((path) => {
    const text = readFileSync(path, 'utf8');
    const code = withoutComments(text);
    return {
      file: relative(root, path),
      folder,
      text,
      code,
      imports: [...code.matchAll(IMPORT)].map((match) => match[1]!),
    };
  }),
);
const product = sources.filter(({ folder }) => folder !== 'test');

/** The file of ours that a specifier names; undefined: it is a library's. */
const fileOf = ({ file }: Source, specifier: string): string | undefined =>
  specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : undefined;

const folderOf = (source: Source, specifier: string): Folder | undefined =>
  folders.find((folder) => fileOf(source, specifier)?.startsWith(`${folder}/`));

const violations = (of: readonly Source[], wrong: (source: Source) => readonly string[]): readonly string[] =>
  of.flatMap((source) => wrong(source).map((what) => `${source.file}: ${what}`));

/** Every circle that is met on the way from some place, each as `a → b → a`. */
const circlesIn = (next: ReadonlyMap<string, Iterable<string>>): readonly string[] => {
  const isClear = new Set<string>();
  const circleFrom = (place: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(place)) return [...path.slice(path.indexOf(place)), place];
    if (isClear.has(place)) return undefined;
    for (const after of next.get(place) ?? []) {
      const circle = circleFrom(after, [...path, place]);
      if (circle !== undefined) return circle;
    }
    isClear.add(place);
    return undefined;
  };
  return [...new Set([...next.keys()].flatMap((place) => circleFrom(place, [])?.join(' → ') ?? []))];
};

/** The two folders beside each other in which two files lie, and the folder around both; undefined: one's folder is around the other's. */
const whereTheyPart = (file: string, other: string) => {
  const [one, two] = [dirname(file).split('/'), dirname(other).split('/')];
  const depth = one.findIndex((name, i) => name !== two[i]);
  const [from, to] = [one[depth], two[depth]];
  return from === undefined || to === undefined ? undefined : { parent: one.slice(0, depth).join('/'), from, to };
};

describe('the architecture', () => {
  it('is looked at as a whole: every folder has sources', () => {
    for (const folder of folders)
      expect(sources.filter((source) => source.folder === folder).length, folder).toBeGreaterThan(0);
  });

  it('imports only along the arrow', () => {
    const wrong = violations(product, (source) =>
      source.imports.filter((specifier) => {
        const target = folderOf(source, specifier);
        return target !== undefined && !mayImport[source.folder as keyof typeof mayImport].includes(target);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('has no files that import each other in a circle', () => {
    const imports = new Map(
      sources.map((source) => [source.file, source.imports.flatMap((it) => fileOf(source, it) ?? [])]),
    );
    expect(circlesIn(imports)).toEqual([]);
  });

  it('has no folders beside each other that import each other in a circle', () => {
    const beside = new Map<string, Map<string, Set<string>>>();
    for (const source of product)
      for (const specifier of source.imports) {
        const file = fileOf(source, specifier);
        const split = file === undefined ? undefined : whereTheyPart(source.file, file);
        if (split === undefined) continue;
        const rooms = beside.get(split.parent) ?? new Map<string, Set<string>>();
        beside.set(split.parent, rooms.set(split.from, (rooms.get(split.from) ?? new Set()).add(split.to)));
      }
    expect(beside.get('services')!.size).toBeGreaterThan(15);
    expect(beside.get('stream-models')!.size).toBeGreaterThan(10);
    expect([...beside].flatMap(([parent, rooms]) => circlesIn(rooms).map((it) => `${parent}: ${it}`))).toEqual([]);
  });

  it('keeps each library in its own folder', () => {
    const wrong = violations(product, (source) =>
      source.imports.filter((specifier) => {
        const home = livesIn[libraryOf(specifier)];
        return home !== undefined && !source.file.startsWith(home);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('takes kafkajs from the one file that mends it', () => {
    const mended = 'services/adapters/kafka/kafkajs.ts';
    const values = /^import (?!type\b).*from 'kafkajs'|import\('kafkajs'\)|require\('kafkajs'\)/m;
    expect(sources.filter(({ code }) => values.test(code)).map(({ file }) => file)).toEqual([mended]);
  });

  it('has pure models: no clock, no dice, no console, no I/O, no waiting', () => {
    const impure =
      /Date\.now|new Date\(|performance\.|Math\.random|console\.|process\.|\bawait\b|\basync\b|setTimeout|setInterval/;
    const wrong = violations(
      product.filter(({ folder }) => folder === 'stream-models'),
      ({ code, imports }) => [
        ...(impure.exec(code) ?? []),
        ...imports.filter((specifier) => specifier.startsWith('node:')),
      ],
    );
    expect(wrong).toEqual([]);
  });

  it('reads the environment in one file', () => {
    const reads = /process\.env(?!\['\w+'\] = )/; // to say something to one's threads is no reading
    const readers = product.filter(({ code, folder }) => folder !== 'dashboards' && reads.test(code));
    expect(readers.map(({ file }) => file)).toEqual(['services/config.ts']);
  });

  it('has no drawer for odds and ends', () => {
    const drawers = /(^|\/)(utils?|common|helpers?|manager|misc)(\/|\.tsx?$)/;
    expect(sources.map(({ file }) => file).filter((file) => drawers.test(file))).toEqual([]);
  });

  it(`has no file over ${LINES_MAX} lines but those that say why`, () => {
    const long = product.filter(({ text }) => text.split('\n').length > LINES_MAX + 1).map(({ file }) => file);
    expect(long.filter((file) => longFiles[file] === undefined)).toEqual([]);
    expect(Object.keys(longFiles).filter((file) => !long.includes(file))).toEqual([]);
  });

  it('explains every folder of the product in a README', () => {
    const isFolder = (path: string): boolean => statSync(path).isDirectory();
    const wanted = folders
      .filter((folder) => folder !== 'dashboards')
      .flatMap((folder) => [
        folder,
        ...readdirSync(join(root, folder))
          .filter((name) => !skipped.has(name) && isFolder(join(root, folder, name)))
          .map((name) => `${folder}/${name}`),
      ]);
    const missing = wanted.filter((folder) => !readdirSync(join(root, folder)).includes('README.md'));
    expect(missing.filter((folder) => !/^(test|schemas)\//.test(folder))).toEqual([]);
  });
});

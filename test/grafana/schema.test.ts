/**
 * Goal: Grafana reads every property of the committed dashboards.
 * Method: a JSON schema is made of the SDK's types (strict-dashboard.ts closes the holes where the SDK says `any`) and knows
 * no further property; and tsc reads the files as values of the same types. Both are shown a wrong one as well.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Ajv, type SchemaObject, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const FILES = ['ward.json', 'patient.json', 'alarm-burden.json', 'engine.json'] as const;
const committed = (file: string): Promise<string> => readFile(join(root, 'dashboards/grafana/generated', file), 'utf8');

/** A value of JSON that a test may spoil. */
type Json = { [key: string]: Json } & Json[];

/** Places of the patient's dashboard, one in each thing that has a type of its own. */
const PLACES: Readonly<Record<string, (dashboard: Json) => Json>> = {
  'the dashboard': (dashboard) => dashboard,
  'a variable': (dashboard) => dashboard['templating']!['list']![1]!,
  'the query of a variable': (dashboard) => dashboard['templating']!['list']![1]!['query']!,
  'an annotation': (dashboard) => dashboard['annotations']!['list']![0]!,
  'the query of an annotation': (dashboard) => dashboard['annotations']!['list']![0]!['target']!,
  'a link': (dashboard) => dashboard['links']![0]!,
  'a row': (dashboard) => panel(dashboard, 'row'),
  'a panel': (dashboard) => panel(dashboard, 'timeseries'),
  'its place': (dashboard) => panel(dashboard, 'timeseries')['gridPos']!,
  'its query': (dashboard) => panel(dashboard, 'timeseries')['targets']![0]!,
  'options of curves': (dashboard) => panel(dashboard, 'timeseries')['options']!,
  'a field of curves': (dashboard) => panel(dashboard, 'timeseries')['fieldConfig']!['defaults']!['custom']!,
  'an override': (dashboard) => panel(dashboard, 'timeseries')['fieldConfig']!['overrides']![0]!,
  'a property of an override': (dashboard) =>
    panel(dashboard, 'timeseries')['fieldConfig']!['overrides']![0]!['properties']![0]!,
  'options of a ribbon': (dashboard) => panel(dashboard, 'state-timeline')['options']!,
  'a field of a ribbon': (dashboard) => panel(dashboard, 'state-timeline')['fieldConfig']!['defaults']!['custom']!,
  'options of a table': (dashboard) => panel(dashboard, 'table')['options']!,
  'a transformation': (dashboard) => panel(dashboard, 'table')['transformations']![0]!,
  'options of a text': (dashboard) => panel(dashboard, 'text')['options']!,
};
const panel = (dashboard: Json, type: string): Json =>
  dashboard['panels']!.find((each) => (each['type'] as unknown) === type)!;

let validate: ValidateFunction;

beforeAll(() => {
  const schema = createGenerator({
    ...{ path: join(root, 'dashboards/grafana/strict-dashboard.ts'), tsconfig: join(root, 'tsconfig.json') },
    // tsc has checked the types already. Nothing is named: the SDK calls the options of every kind of panel "Options".
    ...{ type: 'VigilDashboard', skipTypeCheck: true, expose: 'none', additionalProperties: false, functions: 'fail' },
  }).createSchema('VigilDashboard');
  validate = new Ajv({ strict: false }).compile(schema as SchemaObject);
}, 60_000);

describe('a committed dashboard', () => {
  it.each(FILES)('%s is a dashboard by the schema of the SDK', async (file) => {
    validate(JSON.parse(await committed(file)));
    expect(validate.errors).toBeNull();
  });

  it.each(Object.keys(PLACES))('may have no unknown property in %s', async (place) => {
    const dashboard = JSON.parse(await committed('patient.json')) as Json;
    const spoilt = PLACES[place]!(dashboard) as unknown as Record<string, unknown>;
    spoilt['unheardOf'] = 1;
    expect(validate(dashboard)).toBe(false);
    delete spoilt['unheardOf'];
    expect(validate(dashboard)).toBe(true);
  });

  it('may have no word that the SDK does not know', async () => {
    const dashboard = JSON.parse(await committed('patient.json')) as Json;
    (panel(dashboard, 'timeseries')['fieldConfig']!['defaults']!['custom']! as unknown as Record<string, unknown>)[
      'drawStyle'
    ] = 'lines';
    expect(validate(dashboard)).toBe(false);
  });
});

/** The type of the JSON of a value: the SDK's enums as their words. */
const PLAIN = `type Plain<T> = T extends string ? \`\${T}\` : T extends readonly (infer Each)[] ? Plain<Each>[]
  : T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T;`;

/** What tsc says of these JSON texts as dashboards; '' when it is content. */
const tscSays = async (texts: readonly string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-dashboards-'));
  try {
    const types = join(root, 'dashboards/grafana/strict-dashboard.ts');
    const values = texts.map((text, i) => `export const dashboard${i}: Plain<VigilDashboard> = ${text};`);
    await writeFile(
      join(folder, 'read.mts'),
      [`import type { VigilDashboard } from ${JSON.stringify(types)};`, PLAIN, ...values].join('\n'),
    );
    const settings = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: [] },
      include: ['read.mts'],
      exclude: [],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    return await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).then(
      () => '',
      (failed: { readonly stdout: string }) => failed.stdout,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe('tsc', () => {
  it('reads every committed dashboard as one', async () => {
    expect(await tscSays(await Promise.all(FILES.map(committed)))).toBe('');
  });

  it('finds an unknown property and a wrong word', async () => {
    const text = await committed('engine.json');
    expect(await tscSays([text.replace('"showHeader":', '"showHead":')])).toContain('showHead');
    expect(await tscSays([text.replace('"drawStyle": "line"', '"drawStyle": "lines"')])).toContain('lines');
  });
});

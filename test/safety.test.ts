/** The safety file (docs/safety) says what is so: what it cites is there, no row is without what a row must have, its sentence is everybody's. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INTENDED_USE } from '../schemas/live.ts';

const root = resolve(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = (name: string): string => textOf(`docs/safety/${name}.md`);

type Row = readonly string[];
const rowsOf = (text: string): readonly Row[] =>
  text
    .split('\n')
    .filter((line) => /^\| [A-Z]\d+ \|/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

interface Cited {
  readonly row: string;
  readonly file: string;
  readonly title: string;
}
/** A test stands as its file, a colon and its title in italics. */
const citedIn = (row: Row): readonly Cited[] =>
  [...row.join(' ').matchAll(/`(test\/[^`]+\.ts)`: \*([^*]+)\*/g)].map(([, file, title]) => ({
    ...{ row: row[0]!, file: file!, title: title! },
  }));

/** The titles of a file's tests, as they are written between quotes. */
const has = ({ file, title }: Cited): boolean => {
  if (!existsSync(join(root, file))) return false;
  const text = textOf(file);
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
};

const hazards = rowsOf(page('hazards'));
const requirements = rowsOf(page('requirements'));
const anomalies = rowsOf(page('anomalies'));
const idsOf = (rows: readonly Row[]): readonly string[] => rows.map(([id]) => id!);

describe('the safety file', () => {
  it('says for what Vigil is meant in the one sentence that is everywhere', () => {
    expect(page('README')).toContain(`> **Intended use.** ${INTENDED_USE}`);
    expect(textOf('README.md')).toContain(`> **Intended use.** ${INTENDED_USE}`);
  });

  it('cites only tests that are there, by file and title', () => {
    const cited = [...hazards, ...requirements].flatMap(citedIn);
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter((each) => !has(each))).toEqual([]);
    // What looks like a citation and is not read as one would be held against nothing.
    const files = [...hazards, ...requirements].flatMap((row) => [
      ...row.join(' ').matchAll(/`test\/[^`]+\.test\.ts`/g),
    ]);
    const contracts = [...hazards, ...requirements].flatMap((row) => [
      ...row.join(' ').matchAll(/`test\/[^`]+\.contract\.ts`/g),
    ]);
    expect(files.length + contracts.length).toBe(cited.length);
  });

  it('has for every hazard a cause, a control, a place in the code that is there, and a test', () => {
    expect(hazards.length).toBeGreaterThan(20);
    expect(new Set(idsOf(hazards)).size).toBe(hazards.length);
    for (const row of hazards) {
      const [id, hazard, severity, cause, control, code, test] = row;
      expect([id, row.length]).toEqual([id, 7]);
      for (const cell of [hazard, cause, control]) expect(cell!.length, id).toBeGreaterThan(5);
      expect(severity, id).toMatch(/^[ABC]$/);
      const places = [...code!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
      expect(places.length, id).toBeGreaterThan(0);
      expect(
        places.filter((path) => !existsSync(join(root, path))),
        id,
      ).toEqual([]);
      expect(citedIn([id!, test!]).length, id).toBeGreaterThan(0);
    }
  });

  it('says of everything that users must be able to expect whether it is met, and never without a test that it is', () => {
    expect(requirements).toHaveLength(63);
    expect(new Set(idsOf(requirements)).size).toBe(63);
    for (const row of requirements) {
      const [id, , state, shown] = row;
      expect([id, row.length]).toEqual([id, 4]);
      expect(state, id).toMatch(/^(met|in part|not met)$/);
      if (state !== 'not met') expect(citedIn(row).length, id).toBeGreaterThan(0);
      if (state === 'in part') expect(shown, id).toContain('Missing: ');
      if (state === 'not met') expect(shown!.length, id).toBeGreaterThan(10);
    }
  });

  it('leads from every known anomaly to a hazard, and to what to do', () => {
    expect(anomalies.length).toBeGreaterThan(5);
    for (const [id, what, hazard, todo] of anomalies) {
      expect(idsOf(hazards), id).toContain(hazard);
      for (const cell of [what, todo]) expect(cell!.length, id).toBeGreaterThan(10);
    }
  });
});

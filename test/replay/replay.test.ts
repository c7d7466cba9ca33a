/**
 * Goal: a recording says the same, whoever replays it and however.
 * Method: synthetic recordings with known beats and rhythms are written as WFDB files and go through the command line: the
 * real gateway, the real log in a file, the real stages, the network that ships. The files that come out are compared byte
 * for byte, and with the truth.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BEDS_MAX_USUAL } from '../../services/gateway/room.ts';
import { readAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { vigil } from '../cli/terminal.ts';
import { format16, put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';
import { beatsOf, bedWith, played } from '../simulate/bed.ts';

const LENGTH_S = 75;
const kinds: readonly EpisodeKind[] = ['vt', 'vf', 'asystole'];
const nameOf = (kind: EpisodeKind): string => `made-${kind}`;
const bedOf = (kind: EpisodeKind) => bedWith([{ kind, fromS: 30, toS: 50 }], { seed: kinds.indexOf(kind) + 100 });

const recordFiles = (kind: EpisodeKind) => madeRhythm(nameOf(kind), kind, LENGTH_S, kinds.indexOf(kind) + 100);

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let outs: Awaited<ReturnType<typeof temporaryFolder>>;

const replay = async (out: string, ...words: readonly string[]) => {
  const told = await vigil('replay', '--wfdb', data.path, '--out', join(outs.path, out), ...words);
  return { ...told, folder: join(outs.path, out) };
};

const filesIn = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  return Object.fromEntries(names.map((name, i) => [name, texts[i]!]));
};

interface Line {
  readonly kind: string;
  readonly at: number;
  readonly said: number;
  readonly [field: string]: unknown;
}
const linesOf = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

let usual: Record<string, string>;

beforeAll(async () => {
  [data, outs] = [await temporaryFolder(), await temporaryFolder()];
  for (const kind of kinds) await put(data.path, recordFiles(kind));
  const told = await replay('usual');
  expect(told.side).toMatch(/^3 of 3 records in/m);
  expect(told.code).toBe(0);
  usual = await filesIn(told.folder);
});
afterAll(async () => {
  await data[Symbol.asyncDispose]();
  await outs[Symbol.asyncDispose]();
});

describe('a replay', () => {
  it('writes two files per record and nothing else', () => {
    expect(Object.keys(usual)).toEqual(
      [...kinds].sort().flatMap((kind) => [`${nameOf(kind)}.ndjson`, `${nameOf(kind)}.vgl`]),
    );
  });

  it('gives the same bytes again', async () => {
    expect(await filesIn((await replay('again')).folder)).toEqual(usual);
  });

  it.each(['137', '250', '60000'])('gives the same bytes in frames of %s ms', async (chunkMs) => {
    expect(await filesIn((await replay(`chunk-${chunkMs}`, '--chunk', chunkMs)).folder)).toEqual(usual);
  });

  it('gives the same bytes with and without neighbours', async () => {
    expect(await filesIn((await replay('alone', '--side-by-side', '1')).folder)).toEqual(usual);
  });

  it.each(kinds)('finds every beat of a heart with %s, within 100 ms of its R peak', (kind) => {
    const annotations = E.toUnion(readAnnotations(Buffer.from(usual[`${nameOf(kind)}.vgl`]!, 'latin1')));
    if ('tag' in annotations) throw new Error(annotations.sentence);
    const found = annotations.filter(({ symbol }) => symbol !== '+').map(({ sample }) => sample / 250);
    const quiet = (atS: number): boolean => (atS > 3 && atS < 29.5) || (atS > 55 && atS < LENGTH_S - 1);
    const truth = beatsOf(played(bedOf(kind), LENGTH_S)).map(({ atS }) => atS);
    expect(truth.filter(quiet).length).toBeGreaterThan(50);
    expect(truth.filter((atS) => quiet(atS) && !found.some((at) => Math.abs(at - atS) < 0.1))).toEqual([]);
    expect(found.filter((at) => quiet(at) && !truth.some((atS) => Math.abs(at - atS) < 0.1))).toEqual([]);
  });

  it.each([
    ['vt', 'vt', 10],
    ['vf', 'vf', 10],
    ['asystole', 'asystole', 6],
  ] as const)('raises the red alarm of a heart in %s', (kind, condition, withinS) => {
    const on = linesOf(usual[`${nameOf(kind)}.ndjson`]!).filter(
      (line) => line.kind === 'alarm' && line['condition'] === condition && line['signal'] === 'on',
    );
    expect(on.length).toBeGreaterThan(0);
    expect(on[0]).toMatchObject({ priority: 'high', from: 'off', by: 'vigil' });
    expect(on[0]!.said).toBeGreaterThan(30);
    expect(on[0]!.said).toBeLessThan(30 + withinS);
    const verdict = linesOf(usual[`${nameOf(kind)}.ndjson`]!).find(
      (line) => line.kind === 'verdict' && line['condition'] === condition,
    );
    expect(verdict).toMatchObject({ condition, of: 'vigil', at: on[0]!.said });
    expect(verdict!.said - on[0]!.said).toBeLessThan(1);
  });

  it('says nothing of what comes after the end, and everything in the order in which it was said', () => {
    for (const kind of kinds) {
      const lines = linesOf(usual[`${nameOf(kind)}.ndjson`]!);
      expect(lines.map(({ said }) => said)).toEqual(lines.map(({ said }) => said).sort((a, b) => a - b));
      expect(lines.at(-1)!.said).toBeLessThanOrEqual(LENGTH_S);
      for (const { at, said } of lines) expect(at).toBeLessThanOrEqual(said);
    }
  });

  it('goes on after broken records, names them, and ends with 1', async () => {
    await using broken = await temporaryFolder();
    await put(broken.path, {
      ...recordFiles('vt'),
      'no-header.hea': 'no-header',
      'too-short.hea': 'too-short 1 250 9999\ntoo-short.dat 16 200 16 0 0 0 0 II\n',
      'too-short.dat': format16([new Int16Array(50)]),
      'gone.hea': 'gone 1 250 10\ngone.dat 16 200 16 0 0 0 0 II\n',
    });
    const out = join(outs.path, 'broken');
    const { code, side } = await vigil('replay', '--wfdb', broken.path, '--out', out);
    expect(code).toBe(1);
    expect(side).toMatch(/3 records could not be played:/);
    expect(side).toMatch(/ - no-header: line 1/);
    expect(side).toMatch(/ - too-short: .*announces 9999 samples, the file holds 50/);
    expect(side).toMatch(/ - gone: gone\.dat cannot be read/);
    expect(Object.keys(await filesIn(out))).toEqual([`${nameOf('vt')}.ndjson`, `${nameOf('vt')}.vgl`]);
    expect((await filesIn(out))[`${nameOf('vt')}.vgl`]).toBe(usual[`${nameOf('vt')}.vgl`]);
  });

  it('says which record has no ECG, and what it has instead', async () => {
    await using folder = await temporaryFolder();
    const lines = ['ECG', 'PLETH'].map((name) => `x.dat 16 100/adu 16 0 0 0 0 ${name}`);
    await put(folder.path, {
      'x.hea': ['x 2 250 500', ...lines, ''].join('\n'),
      'x.dat': format16([new Int16Array(500), new Int16Array(500)]),
    });
    const told = await vigil('replay', '--wfdb', folder.path, '--out', join(outs.path, 'no-ecg'));
    expect(told.code).toBe(0);
    expect(told.side).toContain('x: no signal is an ECG in mV, uV or V: ECG in adu, PLETH in adu. Nothing is said');
  });

  it('leaves nothing of an earlier replay where a record can no longer be played', async () => {
    await using broken = await temporaryFolder();
    await using out = await temporaryFolder();
    await put(broken.path, { 'gone.hea': 'gone 1 250 10\ngone.dat 16 200 16 0 0 0 0 II\n' });
    await put(out.path, { 'gone.vgl': 'old', 'gone.ndjson': 'old', 'other.ndjson': 'of another folder' });
    expect((await vigil('replay', '--wfdb', broken.path, '--out', out.path)).code).toBe(1);
    expect(Object.keys(await filesIn(out.path))).toEqual(['other.ndjson']);
  });

  it('that is interrupted says so, ends with 1, and leaves no log in the temporary folder', async () => {
    await using temporary = await temporaryFolder();
    await using out = await temporaryFolder();
    vi.stubEnv('TMPDIR', temporary.path);
    try {
      const hearing = process.listenerCount('SIGINT');
      const telling = vigil('replay', '--wfdb', data.path, '--out', out.path);
      while (process.listenerCount('SIGINT') === hearing) await new Promise(setImmediate);
      process.emit('SIGINT');
      const { code, side } = await telling;
      expect([code, side]).toEqual([1, expect.stringContaining('Interrupted. What was written of a record is whole')]);
      expect(await filesIn(out.path)).toEqual({});
      expect(await readdir(temporary.path)).toEqual([]);
      expect(process.listenerCount('SIGINT')).toBe(hearing);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('plays more records than a gateway has beds', async () => {
    await using many = await temporaryFolder();
    await using out = await temporaryFolder();
    const header = (name: string): string => `${name} 1 250 10\nall.dat 16 200 16 0 0 0 0 II\n`;
    const names = Array.from({ length: BEDS_MAX_USUAL + 1 }, (_, i) => `r${i}`);
    await put(many.path, { 'all.dat': format16([new Int16Array(10)]) });
    await put(many.path, Object.fromEntries(names.map((name) => [`${name}.hea`, header(name)])));
    const told = await vigil('replay', '--wfdb', many.path, '--out', out.path, '--side-by-side', '256');
    expect(told.side).toMatch(/^2001 of 2001 records in/m);
    expect(told.code).toBe(0);
  });

  it.each([
    [['--out', 'x', '--speed', '2'], /--speed goes with --live/],
    [[], /needs --out FOLDER/],
    [['--out', 'x', '--log', 'kafka'], /needs KAFKA_BROKERS/],
    [['--out', 'x', '--external'], /goes with --log kafka/],
  ] as const)('refuses %j with a sentence', async (words, sentence) => {
    const { code, side } = await vigil('replay', '--wfdb', data.path, ...words);
    expect(side).toMatch(sentence);
    expect(code).toBe(2);
  });

  it('says where records are if not in the folder itself', async () => {
    await using above = await temporaryFolder();
    await mkdir(join(above.path, 'A01'));
    await put(join(above.path, 'A01'), recordFiles('vt'));
    const told = await vigil('replay', '--wfdb', above.path, '--out', 'x');
    expect([told.code, told.side]).toEqual([
      2,
      expect.stringMatching(/no file ends in \.hea\)\. \S+A01 in it do: name one/),
    ]);
    await put(above.path, { 'X.HEA': '' });
    expect((await vigil('replay', '--wfdb', above.path, '--out', 'x')).side).toContain('in lower case, as x.hea.');
  });

  it('says when there is no record to play', async () => {
    await using empty = await temporaryFolder();
    expect(await vigil('replay', '--wfdb', empty.path, '--out', 'x')).toMatchObject({ code: 2 });
    expect(await vigil('replay', '--wfdb', join(empty.path, 'nowhere'), '--out', 'x')).toMatchObject({ code: 2 });
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { runFold } from '../../stream-models/fold.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import { inRecord, open, type RhythmSpan, reference, sightingsOf } from '../accuracy/listen.ts';

const recordings = process.env['VIGIL_RECORDINGS'];
const folder = recordings === undefined ? undefined : join(recordings, 'vfdb-dev');
const absent = folder === undefined || !existsSync(folder);
/** In CI a missing recording is a failure, elsewhere a skip with its reason. */
const skipped = absent && process.env['CI'] === undefined;
const why = skipped ? ' (skipped: VIGIL_RECORDINGS does not hold vfdb-dev)' : '';

interface Heard {
  readonly facts: readonly Fact[];
  readonly episodes: readonly RhythmSpan[];
}

const hear = async (name: string): Promise<Heard> => {
  if (folder === undefined) throw new Error('VIGIL_RECORDINGS is not set');
  const record = await open(folder, name);
  const known = await reference(folder, record);
  const [, facts] = runFold(conclude(presets.vigil), sightingsOf(record, known));
  return { facts, episodes: known.spans.filter(({ rhythm }) => rhythm === 'VFIB' || rhythm === 'VFL') };
};

const changes = (facts: readonly Fact[], condition: string) =>
  facts.flatMap((fact) =>
    fact.tag === 'Condition' && fact.condition === condition
      ? [{ present: fact.present, said: inRecord(fact.said) }]
      : [],
  );

describe.skipIf(skipped)(`recorded fibrillation${why}`, () => {
  it.each([
    ['422', 6],
    ['424', 6],
  ])('of record %s is said within %d s of each onset, and never called asystole', async (name, seconds) => {
    const { facts, episodes } = await hear(name);
    expect(episodes.length).toBeGreaterThan(0);
    const alarms = changes(facts, 'vf');
    for (const { from, to } of episodes.filter((episode) => episode.to - episode.from > 20)) {
      const before = alarms.findLast(({ said }) => said <= from + seconds);
      expect(before?.present, `${name} at ${from} s`).toBe(true);
      const standstills = changes(facts, 'asystole').filter(
        ({ present, said }) => present && said > from + 1 && said < to,
      );
      expect(standstills).toEqual([]);
    }
  });

  it('that turns into asystole in record 424 is told apart', async () => {
    const { facts } = await hear('424');
    const onsets = changes(facts, 'asystole').filter(({ present, said }) => present && said > 1370 && said < 1384);
    expect(onsets.length).toBeGreaterThan(0);
  });
});

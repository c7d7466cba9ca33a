/**
 * Goal: who looks back at a bed sees every sample that the log has, where it lay, and is told what is not there.
 * Method: frames, findings and alarms of the last half minute go on a real log, the recorder plays over them, and the review reads log and
 * store through handles of its own, as beside a Vigil that runs.
 */
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { BeatClass, FindingSchema, RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { ReviewStretch } from '../../schemas/review.ts';
import { moment } from '../../schemas/units.ts';
import { BEGUN_ANEW } from '../../schemas/words.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { readBack } from '../../services/recorder/read-back.ts';
import { makeReview, type Review } from '../../services/review/review.ts';
import {
  alarm,
  at,
  findings,
  frame,
  frames,
  LEADS,
  openPlace,
  type Place,
  RATE,
  rhythm,
  samplesAt,
  startRecorder,
} from '../recorder/ward.ts';
import { right } from '../right.ts';

const BED = 'icu-1';
/** Seconds on the clock of `at`: the log takes all of it now. */
const NOW = Math.floor(Date.now() / 1e3) - at(0) / 1e6;

let place: Place;
let review: Review;
beforeEach(async () => {
  place = await openPlace();
  review = makeReview({
    openLog: () => openSqliteEventLog({ path: place.logPath }),
    openSeries: () => openSqliteSeriesStore({ path: place.seriesPath }),
  });
});
afterEach(async () => {
  await review.close();
  await place.close();
});

const recorded = async (...records: readonly NewRecord[]): Promise<void> => {
  const recorder = await startRecorder(place.log, place.store);
  await place.say(...records);
  await recorder.caughtUp();
  await recorder.stop();
};
const range = (from: number, to: number) => ({ bed: BED, from: at(from), to: at(to) });

/** The samples of a lead by their second, as the answer carries them. */
const secondsIn = ({ waves }: ReviewStretch, code: number): readonly (readonly [number, readonly number[]])[] =>
  waves
    .filter((wave) => wave.code === code)
    .map(({ startUs, samples }) => {
      const bytes = Buffer.from(samples, 'base64');
      const values = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
      return [(startUs - at(NOW)) / 1e6, values];
    });

const beat = (s: number, of: BeatClass) =>
  create(FindingSchema, { atUs: at(s), saidUs: at(s + 1), kind: { case: 'beat', value: { class: of } } });
const anew = (s: number, why: string) =>
  create(FindingSchema, { atUs: at(s), saidUs: at(s), kind: { case: 'reset', value: { what: BEGUN_ANEW, why } } });

describe('a stretch of a bed', () => {
  it('has every sample of every lead as it was said, at bed time, and nothing where nothing was said', async () => {
    const ahead = { deviceAheadUs: 3_600e6 };
    await recorded(...frames(BED, NOW - 20, NOW - 12, ahead), ...frames(BED, NOW - 9, NOW, ahead), frame('icu-2', NOW));
    const stretch = await review.stretch(range(NOW - 15, NOW - 5));
    for (const code of LEADS)
      expect(secondsIn(stretch, code)).toEqual(
        [-15, -14, -13, -9, -8, -7, -6].map((s) => [s, [...samplesAt(NOW + s, code)]]),
      );
    expect(stretch.waves[0]).toMatchObject({ label: 'I', unit: 'mV', gain: 0.005, rateNumerator: RATE });
    expect(stretch.missing).toEqual([]);
  });

  it('has beats and rhythm with their moments, and where another patient came', async () => {
    await recorded(
      ...frames(BED, NOW - 20, NOW),
      findings(BED, rhythm(NOW - 18, RhythmKind.SINUS_LIKE), beat(NOW - 14, BeatClass.N), beat(NOW - 13, BeatClass.V)),
      findings(
        BED,
        rhythm(NOW - 12, RhythmKind.VT),
        anew(NOW - 8, 'another patient'),
        rhythm(NOW - 6, RhythmKind.SINUS_LIKE),
      ),
    );
    const { beats, rhythms, resets } = await review.stretch(range(NOW - 15, NOW - 5));
    const seconds = (us: number): number => (us - at(NOW)) / 1e6;
    expect(beats.map(({ atUs, symbol }) => [seconds(atUs), symbol])).toEqual([
      [-14, 'N'],
      [-13, 'V'],
    ]);
    expect(rhythms.map(({ fromUs, word }) => [seconds(fromUs), word])).toEqual([
      [-15, 'sinus-like'],
      [-12, 'VT'],
      [-6, 'sinus-like'],
    ]);
    expect(resets.map(({ atUs, why }) => [seconds(atUs), why])).toEqual([[-8, 'another patient']]);
  });

  it('has a strip that the log no longer has', async () => {
    const block = {
      ...{ bed: BED, device: 1, source: 'm', code: LEADS[0]!, unit: 'uV', start: at(-86_400) },
      ...{ rateNumerator: 125, rateDenominator: 1, gain: 5, offset: 0, samples: samplesAt(1, 3) },
    };
    right(await place.store.write({ numerics: [], findings: [], alarms: [], strips: [block], engine: [] })());
    const { waves } = await review.stretch(range(-86_402, -86_390));
    expect(waves).toMatchObject([{ startUs: at(-86_400), unit: 'mV', gain: 0.005 }]);
  });

  it('says what it cannot tell: a clock that nobody remembers, a store that is not there', async () => {
    await place.say(...frames(BED, NOW - 20, NOW));
    const alone = makeReview({ openLog: () => openSqliteEventLog({ path: place.logPath }), openSeries: undefined });
    const { waves, missing } = await alone.stretch(range(NOW - 15, NOW - 5));
    await alone.close();
    expect(waves).toEqual([]);
    expect(missing.join('\n')).toMatch(/beats and rhythm: this process knows no series store/);
    expect(missing.join('\n')).toMatch(/waves of \d+ frames: nobody remembers/);
  });

  it('is not looked for beyond what the log took by then: of a bed that left the log would be read to its end', async () => {
    await place.say(...frames(BED, NOW - 20, NOW - 15), ...frames('icu-2', NOW - 15, NOW));
    const wanted = [{ ...range(NOW - 20, NOW), appendedAt: at(NOW - 20) }];
    const partition = place.log.partitionOf('vigil.telemetry', BED);
    const memory = { shifts: { 'monitor-1/0': 0 }, devices: [undefined, { source: 'monitor-1', heardAt: at(NOW) }] };
    const readUntil = (us: number) => readBack(place.log, partition, wanted, () => memory, moment(us));
    expect((await readUntil(at(NOW + 3_600))).records).toBe(5);
    expect((await readUntil(at(NOW - 3_600))).records).toBe(0);
  });
});

describe('the events of a bed', () => {
  it('are alarms with their ends, rhythms but the usual one, and beginnings, in the order of their moments', async () => {
    const { ON, LATCHED, ACKNOWLEDGED, OFF } = SignalState;
    await recorded(
      ...frames(BED, NOW - 30, NOW),
      findings(BED, rhythm(NOW - 28, RhythmKind.SINUS_LIKE), rhythm(NOW - 20, RhythmKind.VT)),
      findings(BED, rhythm(NOW - 16, RhythmKind.SINUS_LIKE), anew(NOW - 6, 'another patient')),
      alarm(BED, NOW - 20),
      alarm(BED, NOW - 20, { from: ON, to: ACKNOWLEDGED }),
      alarm(BED, NOW - 20, { from: ACKNOWLEDGED, to: OFF }),
      alarm(BED, NOW - 10, { condition: 'hr-low' }),
      alarm(BED, NOW - 10, { condition: 'hr-low', from: ON, to: LATCHED }),
    );
    const { events, cut, missing } = await review.events(range(NOW - 3_600, NOW + 60));
    const told = events.map(({ kind, name, atUs, endUs }) => [
      kind,
      name,
      (atUs - at(NOW)) / 1e6,
      endUs === null ? null : (endUs - at(NOW)) / 1e6,
    ]);
    expect(told).toEqual([
      ['alarm', 'vt', -20, -17],
      ['rhythm', 'VT', -20, -16],
      ['alarm', 'hr-low', -10, -7],
      ['reset', 'reset', -6, null],
    ]);
    expect([cut, missing]).toEqual([0, []]);
  });
});

describe('the overview of a bed', () => {
  it('has the least and the most of ECG and heart rate in each column, and nothing where nothing was heard', async () => {
    await recorded(...frames(BED, NOW - 120, NOW - 60), ...frames(BED, NOW - 30, NOW));
    const from = Math.floor((NOW - 130) / 10) * 10;
    const { columnUs, ecgMost, heartRateLeast, missing } = await review.overview(range(from, from + 120), 12);
    expect([columnUs, ecgMost.length, missing]).toEqual([10e6, 12, []]);
    const heard = (s: number): boolean => (s >= NOW - 120 && s < NOW - 60) || (s >= NOW - 30 && s < NOW);
    const secondsOf = (column: number): number[] =>
      Array.from({ length: 10 }, (_, i) => from + column * 10 + i).filter(heard);
    heartRateLeast.forEach((least, column) => {
      const rates = secondsOf(column).map((s) => 60 + (s % 40));
      expect(least, `column ${column}`).toBe(rates.length === 0 ? null : Math.min(...rates));
    });
    const peak = (s: number): number => Math.max(...samplesAt(s, LEADS[0]!)) * 0.005;
    for (const column of [2, 3, 4, 5]) expect(ecgMost[column]).toBe(Math.max(...secondsOf(column).map(peak)));
    ecgMost.forEach((most, column) => {
      if (secondsOf(column).length === 0) expect(most, `column ${column}`).toBeNull();
    });
    // A day is made of minutes, and its newest of what is not rolled up yet.
    const day = await review.overview(range(NOW - 86_000, NOW + 400), 1_200);
    expect(day.columnUs).toBe(72e6);
    for (const most of [day.ecgMost, day.heartRateMost]) expect(most.slice(-10).some((one) => one !== null)).toBe(true);
    expect(day.heartRateMost.at(-1)).toBeNull();
  });
});

import { create } from '@bufbuild/protobuf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { Priority, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { FindingSchema, MemoryResetSchema, RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { moment } from '../../schemas/units.ts';
import type { EventLog, GroupReader, NewRecord } from '../../services/ports/event-log.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import type { BedMemory } from '../../services/recorder/bed-memory.ts';
import type { RecorderNotice } from '../../services/recorder/notice.ts';
import { readBack } from '../../services/recorder/read-back.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { right } from '../right.ts';
import {
  alarm,
  alarmEvent,
  at,
  contentOf,
  derived,
  findings,
  frame,
  frames,
  LEADS,
  openPlace,
  type Place,
  recordAll,
  rejectedOn,
  rhythm,
  runAndKill,
  secondsOf,
  span,
  startRecorder,
} from './ward.ts';

const BED = 'icu-04';
let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const everything = { bed: BED, from: moment(0), to: moment(9e15) };
const heartRates = async () => right(await place.store.numerics({ ...everything, code: MDC.ecgHeartRate })());

describe('the recorder', () => {
  it('goes on marking a rhythm after a start, also one that was said of a time before the bed was heard', async () => {
    const reset = create(MemoryResetSchema, { what: 'ecg', why: 'a gap' });
    const hole = create(FindingSchema, {
      ...{ atUs: at(0), saidUs: at(5), preset: 'adult' },
      kind: { case: 'reset', value: reset },
    });
    for (const story of [[hole], [rhythm(3, RhythmKind.SINUS_LIKE, 6)], [derived(7, 70), derived(31, 70)]]) {
      await place.say(findings(BED, ...story));
      await recordAll(place);
    }
    const marks = right(await place.store.numerics({ ...everything, code: PRIVATE.rhythm })());
    expect(marks.map(({ at: moment_ }) => (moment_ - at(0)) / 1e6)).toEqual([3, 10, 20, 30]);
  });

  it('keeps the numbers of monitors and those that Vigil measured, as two series', async () => {
    await place.say(...frames(BED, 0, 3), findings(BED, derived(1, 71.5)));
    await recordAll(place);
    expect((await heartRates()).map(({ source, at: moment_, value }) => [source, moment_, value])).toEqual([
      ['monitor-1', at(0), 60],
      ['vigil', at(1), 71.5],
      ['monitor-1', at(1), 61],
      ['monitor-1', at(2), 62],
    ]);
  });

  it('keeps every finding and every alarm event', async () => {
    const event = alarmEvent(BED, 10);
    await place.say(findings(BED, derived(1, 70), derived(2, 71)), alarm(BED, 10));
    await recordAll(place);
    expect(right(await place.store.findings(everything)()).map(({ finding }) => finding)).toEqual([
      derived(1, 70),
      derived(2, 71),
    ]);
    expect(right(await place.store.alarms(everything)())).toEqual([event]);
  });

  it('keeps numbers in the unit in which Vigil works, so that one code has one unit', async () => {
    await place.say(frame(BED, 0, { heartRate: { value: 1.5, unit: 'Hz' } }), frame(BED, 1));
    await recordAll(place);
    expect((await heartRates()).map(({ value, unit }) => [value, unit])).toEqual([
      [90, '/min'],
      [61, '/min'],
    ]);
  });

  it('lays the numbers of a wrong clock on bed time, the same before and after a restart', async () => {
    const ahead = -12 * 3_600e6;
    for (const s of [0, 1, 2, 3]) {
      await place.say(frame(BED, s, { deviceAheadUs: ahead, travelUs: s * 30_000 }));
      await recordAll(place);
    }
    expect((await heartRates()).map((point) => point.at)).toEqual([at(0), at(1), at(2), at(3)]);
  });

  it('keeps frames that came too late to ring, at the time when they were measured', async () => {
    await place.say(frame(BED, 100), frame(BED, 5, { retrospective: true, travelUs: 95e6 }), frame(BED, 101));
    await recordAll(place);
    expect((await heartRates()).map((point) => point.at)).toEqual([at(5), at(100), at(101)]);
  });

  it('puts what it cannot read on vigil.rejected with its bytes, and goes on', async () => {
    const torn = frame(BED, 1).value.slice(0, 40);
    const rubbish = { key: BED, value: Uint8Array.of(255, 255) };
    await place.say(
      frame(BED, 0),
      { topic: 'vigil.telemetry', key: BED, value: torn },
      { topic: 'vigil.findings', ...rubbish },
      { topic: 'vigil.alarms', ...rubbish },
      { topic: 'vigil.telemetry', key: BED, value: new Uint8Array(999_900).fill(7) },
      { ...frame('icu-05', 1), key: BED },
      frame(BED, 2),
    );
    const notices: RecorderNotice[] = [];
    await recordAll(place, (notice) => notices.push(notice));
    expect((await heartRates()).map((point) => point.at)).toEqual([at(0), at(2)]);
    const rejected = await rejectedOn(place.log);
    expect(rejected.map(({ stage, source }) => `${stage} ${source}`)).toEqual(Array(5).fill(`recorder ${BED}`));
    const whole = frame('icu-05', 1).value.length;
    expect(rejected.map(({ original }) => original.length).sort((a, b) => a - b)).toEqual([2, 2, 40, whole, 900_000]);
    expect(notices.filter(({ tag }) => tag === 'Rejected')).toHaveLength(5);
  });

  it('puts a frame on vigil.rejected whose probes are more than can be told apart, and keeps the others of it', async () => {
    await place.say(frame(BED, 0, { moreProbes: 16 }));
    await recordAll(place);
    expect((await heartRates()).map(({ value }) => value).sort()).toEqual(span(60, 75));
    expect(await rejectedOn(place.log)).toMatchObject([
      {
        ...{ stage: 'recorder', code: 'too-many-devices', where: 'source' },
        sentence: `bed "${BED}" has heard 15 other devices within the last hour; what "monitor-1 (16)" and 1 more say is not recorded. Give each device one name`,
      },
    ]);
  });

  it('puts one record that the store refuses for good on vigil.rejected, and keeps its neighbours', async () => {
    const impossible = create(FindingSchema, { atUs: Number.NaN });
    const good = span(0, 9).map((s) => findings(BED, derived(s, 70)));
    await place.say(...good.slice(0, 4), findings(BED, impossible), ...good.slice(4));
    await recordAll(place);
    expect(right(await place.store.findings(everything)())).toHaveLength(9);
    expect(await rejectedOn(place.log)).toMatchObject([{ stage: 'recorder', code: 'store-refused' }]);
  });
});

describe('the strip around an alarm', () => {
  const id = `${BED}/vt/40`;

  it('is every lead at full rate from ten seconds before the onset to ten after it', async () => {
    await place.say(...frames(BED, 0, 70), alarm(BED, 40));
    await recordAll(place);
    for (const code of LEADS) expect(await secondsOf(place.store, id, code)).toEqual(span(30, 50));
  });

  it('is filled while its seconds come', async () => {
    await place.say(...frames(BED, 0, 43));
    const recorder = await startRecorder(place.log, place.store);
    await recorder.caughtUp();
    await place.say(alarm(BED, 40));
    await recorder.caughtUp();
    expect(await secondsOf(place.store, id, LEADS[0]!)).toEqual(span(30, 43));
    expect(recorder.state().stripsOpen).toBe(1);
    await place.say(...frames(BED, 43, 60));
    await recorder.caughtUp();
    expect(await secondsOf(place.store, id, LEADS[0]!)).toEqual(span(30, 50));
    expect(recorder.state().stripsOpen).toBe(0);
    await recorder.stop();
  });

  it('is filled by the next recorder when this one stops in the middle', async () => {
    await place.say(...frames(BED, 0, 43));
    await recordAll(place);
    await place.say(alarm(BED, 40));
    await recordAll(place);
    await place.say(...frames(BED, 43, 46));
    await recordAll(place);
    await place.say(...frames(BED, 46, 60));
    await recordAll(place);
    for (const code of LEADS) expect(await secondsOf(place.store, id, code)).toEqual(span(30, 50));
  });

  it('has what came before the bed fell silent', async () => {
    await place.say(...frames(BED, 0, 44), alarm(BED, 40), ...frames(BED, 44, 70, { silent: true }));
    await recordAll(place);
    expect(await secondsOf(place.store, id, LEADS[0]!)).toEqual(span(30, 44));
  });

  it('is read back from the log when the alarm comes long after its waves', async () => {
    await place.say(...frames(BED, 0, 200), ...frames('icu-05', 0, 200));
    await recordAll(place);
    const notices: RecorderNotice[] = [];
    const recorder = await startRecorder(place.log, place.store, (notice) => notices.push(notice));
    await place.say(frame(BED, 200));
    await recorder.caughtUp();
    await place.say(alarm(BED, 40));
    await recorder.caughtUp();
    await recorder.stop();
    for (const code of LEADS) expect(await secondsOf(place.store, id, code)).toEqual(span(30, 50));
    expect(notices.filter(({ tag }) => tag === 'ReadBack')).toMatchObject([{ alarms: 1 }]);
  });

  it('is read back from the log only of clocks that were heard: a frame that came late would lie where it came', async () => {
    await place.say(...frames(BED, 0, 20), ...frames(BED, 20, 30, { travelUs: 6e6 }));
    const wavePartition = place.log.partitionOf('vigil.telemetry', BED);
    const window = { bed: BED, from: at(15), to: at(35), appendedAt: at(30) };
    const starts = async (memory: BedMemory | undefined) => {
      const { blocks } = await readBack(place.log, wavePartition, [window], () => memory);
      return blocks.filter(({ code }) => code === LEADS[0]).map(({ start }) => (start - at(0)) / 1e6);
    };
    const devices = [undefined, { source: 'monitor-1', heardAt: at(0) }];
    expect(await starts(undefined)).toEqual([]);
    expect(await starts({ shifts: {}, devices })).toEqual([]);
    expect(await starts({ shifts: { 'monitor-1/0': 0 }, devices })).toEqual(span(15, 30));
  });

  it('belongs to medium alarms and to hidden ones, not to low ones, delays or endings', async () => {
    const [{ MEDIUM, LOW }, { OFF, ON, HIDDEN, WAITING, LATCHED }] = [Priority, SignalState];
    await place.say(
      ...frames(BED, 0, 320),
      alarm(BED, 40, { condition: 'af', priority: MEDIUM }),
      alarm(BED, 80, { condition: 'couplet', priority: MEDIUM, to: HIDDEN }),
      alarm(BED, 120, { condition: 'hr-high', priority: MEDIUM, from: WAITING, to: ON }),
      alarm(BED, 160, { condition: 'ecg-noise', priority: LOW }),
      alarm(BED, 200, { condition: 'spo2-low', priority: MEDIUM, to: WAITING }),
      alarm(BED, 240, { condition: 'vf', from: ON, to: LATCHED }),
      alarm(BED, 280, { condition: 'asystole', from: LATCHED, to: OFF }),
    );
    await recordAll(place);
    const kept = [];
    for (const [i, condition] of ['af', 'couplet', 'hr-high', 'ecg-noise', 'spo2-low', 'vf', 'asystole'].entries())
      if ((await secondsOf(place.store, `${BED}/${condition}/${40 * (i + 1)}`, LEADS[0]!)).length > 0)
        kept.push(condition);
    expect(kept).toEqual(['af', 'couplet', 'hr-high']);
  });

  it('is never mixed with another bed, device or alarm', async () => {
    await place.say(
      ...frames(BED, 30, 60),
      ...frames(BED, 30, 60, { source: 'monitor-2' }),
      ...frames('icu-05', 30, 60),
      alarm(BED, 40),
      alarm(BED, 44, { condition: 'vf' }),
    );
    await recordAll(place);
    const blocks = right(await place.store.waves({ bed: BED, from: at(30), to: at(50) })());
    expect(new Set(blocks.map(({ bed }) => bed))).toEqual(new Set([BED]));
    for (const source of ['monitor-1', 'monitor-2'])
      expect(blocks.filter((block) => block.source === source)).toHaveLength(2 * 20);
    expect(await secondsOf(place.store, `${BED}/vf/44`, LEADS[0]!)).toHaveLength(2 * 20);
    expect(right(await place.store.waves({ ...everything, bed: 'icu-05' })())).toEqual([]);
  });
});

/** A store that now and then is away, before or after it took the write. */
const stormy = (store: SeriesStore, random: () => number): SeriesStore => ({
  ...store,
  write: (what) => async () => {
    const luck = random();
    const away = { tag: 'StoreUnavailable', retriable: true, sentence: 'the store is away' } as const;
    if (luck < 0.25) return TE.left(away)();
    const written = await store.write(what)();
    return luck < 0.4 ? TE.left(away)() : written;
  },
});

/** A log whose power fails now and then after the store has a batch and before its position is stored. */
const powerCuts = (log: EventLog, random: () => number): EventLog => ({
  ...log,
  join: (reader) => {
    const react: GroupReader['react'] = (batch) => async () => {
      const reaction = await reader.react(batch)();
      return random() < 0.3 ? TE.left('power cut')() : reaction;
    };
    return log.join({ ...reader, recordsPerBatchMax: 1 + Math.floor(random() * 20), react });
  },
});

const beds = ['icu-01', 'icu-02', 'icu-03'];
const shift = (random: () => number) => {
  const alarms = span(0, 12).map((i) => ({
    bed: beds[i % 3]!,
    s: 5 + Math.floor(random() * 70),
    condition: `c${i}`,
  }));
  const seconds = span(0, 90).map((s) => [
    ...beds.map((bed) => frame(bed, s)),
    ...beds.map((bed, i) =>
      findings(bed, derived(s, s), ...(s % 17 === i ? [rhythm(s, (1 + (s % 7)) as RhythmKind)] : [])),
    ),
    ...alarms
      .filter((each) => each.s + 3 === s)
      .map(({ bed, s: onset, condition }) => alarm(bed, onset, { condition })),
  ]);
  return { seconds, alarms: alarms.map(({ bed, s, condition }) => `${bed}/${condition}/${s}`) };
};

/** What another, undisturbed recorder makes of the same shift, beside what this one made. */
const expectNothingLostOrDoubled = async (seconds: readonly (readonly NewRecord[])[], alarms: readonly string[]) => {
  const calm = await openPlace();
  await calm.say(...seconds.flat());
  await recordAll(calm);
  // First where the strips differ, because that is short to read.
  for (const id of alarms)
    expect(`${id}: ${await secondsOf(place.store, id, LEADS[0]!)}`).toBe(
      `${id}: ${await secondsOf(calm.store, id, LEADS[0]!)}`,
    );
  const [disturbed, undisturbed] = await Promise.all([place, calm].map(({ store }) => contentOf(store, beds)));
  await calm.close();
  expect(undisturbed!.every((part) => part.length > 0)).toBe(true);
  expect(disturbed!.map((part) => part.length)).toEqual(undisturbed!.map((part) => part.length));
  expect(disturbed).toEqual(undisturbed);
};

describe('whatever happens to the recorder', () => {
  it.each([1, 2, 3])(
    'nothing is lost or doubled: stops, power cuts and a store that goes away (seed %i)',
    async (seed) => {
      const random = diceFrom(seed).unit;
      const { seconds, alarms } = shift(random);
      let [done, recorders] = [0, 0];
      while (done < seconds.length) {
        const more = seconds.slice(done, done + 1 + Math.floor(random() * 25));
        done += more.length;
        await place.say(...more.flat());
        const recorder = await startRecorder(powerCuts(place.log, random), stormy(place.store, random));
        await recorder.settlements(Math.floor(random() * 6));
        await recorder.stop();
        recorders++;
      }
      await recordAll(place);
      expect(recorders).toBeGreaterThan(3);
      await expectNothingLostOrDoubled(seconds, alarms);
    },
  );

  it('nothing is lost or doubled when its process is killed (seed 4)', async () => {
    const random = diceFrom(4).unit;
    const { seconds, alarms } = shift(random);
    const quarter = Math.ceil(seconds.length / 4);
    for (let done = 0; done < seconds.length; done += quarter) {
      await place.say(...seconds.slice(done, done + quarter).flat());
      await runAndKill(place, 3 + Math.floor(random() * 12));
    }
    await recordAll(place);
    await expectNothingLostOrDoubled(seconds, alarms);
  });

  it('a store that fails twenty times in a row loses nothing, and every failure is told', async () => {
    await place.say(...frames(BED, 0, 60), findings(BED, derived(1, 70)), alarm(BED, 40));
    let failures = 0;
    const away = { tag: 'StoreUnavailable', retriable: true, sentence: 'the store is away' } as const;
    const weak: SeriesStore = {
      ...place.store,
      write: (what) =>
        failures < 20 ? async () => TE.left({ ...away, cause: ++failures })() : place.store.write(what),
    };
    const notices: RecorderNotice[] = [];
    await recordAll({ log: place.log, store: weak }, (notice) => notices.push(notice));
    expect(notices.filter(({ tag }) => tag === 'WriteFailed').length).toBeGreaterThanOrEqual(20);
    expect(notices.some(({ tag }) => tag === 'WriteRecovered')).toBe(true);
    expect(await heartRates()).toHaveLength(61);
    expect(await secondsOf(place.store, `${BED}/vt/40`, LEADS[0]!)).toEqual(span(30, 50));
  });

  it('a recorder whose store stays away can still be stopped, and its positions have not moved', async () => {
    await place.say(...frames(BED, 0, 5));
    const failed = Promise.withResolvers<void>();
    const away = { tag: 'StoreUnavailable', retriable: true, sentence: 'the store is away' } as const;
    const gone: SeriesStore = { ...place.store, write: () => TE.left(away) };
    const recorder = await startRecorder(place.log, gone, ({ tag }) => tag === 'WriteFailed' && failed.resolve());
    await failed.promise;
    await recorder.stop();
    expect([...(await place.log.positions('vigil-recorder-telemetry', 'vigil.telemetry')).values()]).toEqual([]);
    await recordAll(place);
    expect(await heartRates()).toHaveLength(5);
  });
});

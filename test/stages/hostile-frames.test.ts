/** Whatever frames the border takes: analysis and the alarms after it go on, forget nothing that rings, and stay small. */

import { serialize } from 'node:v8';
import { create } from '@bufbuild/protobuf';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type ConditionName, conditions, isCondition } from '../../schemas/conditions.ts';
import { SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { AssignmentSchema, type Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmEvent, decodeAlarmInput, decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { microseconds, moment } from '../../schemas/units.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { START } from '../ecg/synthetic-ecg.ts';
import { right } from '../right.ts';
import { badFrames, moved } from './hostile-bed.ts';

const BED = 'icu-01';
type Change = (frame: Telemetry) => void;
const wave = fc.nat(1);
const us = fc.oneof(fc.integer({ min: -12_000_000, max: 9_000_000 }), fc.constantFrom(-599e6, -3_600e6, 0, 1));
/** Makes a change of what a frame's wave shall be, from a wave and a value. */
const ofWave =
  <Value>(change: (wave: Telemetry['waveforms'][number], value: Value) => Partial<Telemetry['waveforms'][number]>) =>
  ([w, value]: readonly [number, Value]): Change =>
  (frame) => {
    Object.assign(frame.waveforms[w]!, change(frame.waveforms[w]!, value));
  };
const ofFrame =
  (change: (frame: Telemetry) => Partial<Telemetry>): Change =>
  (frame) => {
    Object.assign(frame, change(frame));
  };
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(wave, us).map(ofWave(({ startUs }, by: number) => ({ startUs: startUs + by }))),
  fc
    .tuple(wave, fc.constantFrom(1e-300, -1, 1e3, 1e34, 1e300))
    .map(ofWave(({ gain }, times: number) => ({ gain: gain * times }))),
  fc
    .tuple(wave, fc.constantFrom(1, 25, 125, 500, 2_000))
    .map(ofWave((_, rateNumerator: number) => ({ rateNumerator }))),
  fc
    .tuple(wave, fc.constantFrom(0, 2, 100, 5_000))
    .map(ofWave((_, bytes: number) => ({ samples: new Uint8Array(bytes) }))),
  fc.tuple(wave, fc.constantFrom(131_328, 131_388)).map(ofWave((_, code: number) => ({ code }))),
  fc.constant(ofFrame(() => ({ waveforms: [] }))),
  us.map(
    (by): Change =>
      (frame) =>
        moved(frame, by),
  ),
  fc
    .tuple(us, fc.nat(3))
    .map(([by, clockEpoch]) => ofFrame((frame) => ({ gatewayTimeUs: frame.gatewayTimeUs + by, clockEpoch }))),
  fc.constantFrom('monitor', 'other').map((source) => ofFrame(() => ({ source }))),
  fc
    .tuple(fc.constantFrom('', 'p1', 'p2'), fc.constantFrom('', 'adult', 'neonate'))
    .map(([patient, population]) => ofFrame(() => ({ assignment: create(AssignmentSchema, { patient, population }) }))),
  fc.boolean().map((off) =>
    ofFrame(({ waveforms }) => ({
      leads: waveforms.map(({ code }) => ({ $typeName: 'vigil.v1.LeadStatus', code, off })),
    })),
  ),
  fc.constantFrom(0, 40, 100, 1e300).map(
    (value): Change =>
      (frame) => {
        for (const numeric of frame.numerics) numeric.reading = { case: 'value', value };
      },
  ),
);
/** A bad bed's 40 frames, of which some are changed, lost or come twice. */
const anyShift = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(39), anyChange), { maxLength: 25 }),
    fc.array(fc.nat(39), { maxLength: 6 }),
    fc.array(fc.nat(39), { maxLength: 3 }),
  )
  .map(([changes, lost, twice]) => {
    const frames = badFrames();
    for (const [i, change] of changes) if (frames[i]!.waveforms.length === 2) change(frames[i]!);
    return frames.flatMap((frame, i) => (lost.includes(i) ? [] : twice.includes(i) ? [frame, frame] : [frame]));
  });

const recordOf = (value: Uint8Array, offset: number, topic: LogRecord['topic']): LogRecord => ({
  ...{ topic, partition: 0, offset: BigInt(offset), key: BED, value },
  appendedAt: moment(START),
});

const analysis = analysisStage({ preset: presets.vigil, network: undefined });
const alarms = alarmsStage({
  delayOf: () => microseconds(0),
  audioPauseMax: microseconds(120e6),
  newLesserDuringPause: 'sounds',
});

const play = async (frames: readonly Telemetry[]) => {
  let [analysed, rung] = [analysis.start(BED), alarms.start(BED)];
  const said: NewRecord[] = [];
  const events: NewRecord[] = [];
  for (const [i, frame] of frames.entries()) {
    const [result] = await analysis.step([
      { bed: BED, memory: analysed, records: [recordOf(encodeTelemetry(frame), i, 'vigil.telemetry')] },
    ]);
    analysed = structuredClone(result!.memory);
    said.push(...result!.outputs);
    const inputs = result!.outputs.filter(({ topic }) => topic === 'vigil.alarm-inputs');
    const [after] = await alarms.step([
      { bed: BED, memory: rung, records: inputs.map(({ value }, k) => recordOf(value, k, 'vigil.alarm-inputs')) },
    ]);
    rung = structuredClone(after!.memory);
    events.push(...after!.outputs);
  }
  return { analysed, said, events };
};

/** Every number in what was said. */
const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(numbersIn);
};

describe('whatever frames come', () => {
  it('analysis goes on, says numbers only, keeps each red alarm that is present, and stays small', async () => {
    await fc.assert(
      fc.asyncProperty(anyShift, async (frames) => {
        const { analysed, said, events } = await play(frames);
        const present = new Set<ConditionName>();
        for (const { topic, value } of said) {
          if (topic === 'vigil.findings')
            expect(numbersIn(right(decodeFindings(value))).every(Number.isFinite)).toBe(true);
          if (topic !== 'vigil.alarm-inputs') continue;
          const { input, ...times } = right(decodeAlarmInput(value));
          expect(numbersIn(times).every(Number.isFinite)).toBe(true);
          if (input.case === 'condition' && isCondition(input.value.condition))
            present[input.value.present ? 'add' : 'delete'](input.value.condition);
        }
        expect(events.filter(({ topic }) => topic === 'vigil.rejected')).toEqual([]);
        const picture = events.length === 0 ? [] : right(decodeAlarmEvent(events.at(-1)!.value)).signals;
        for (const name of present) {
          if (conditions[name].priority !== 'high') continue;
          const signal = picture.find(({ condition }) => condition === name);
          expect(signal?.present, name).toBe(true);
          expect([SignalState.ON, SignalState.HIDDEN]).toContain(signal?.state);
        }
        expect(serialize(analysed).length).toBeLessThan(1_000_000);
      }),
      { numRuns: 30, seed: 20_261_127 },
    );
  });
});

describe('a bed that fared badly', () => {
  it('rings within 15 s for what is so from then on, whatever its frames had been', async () => {
    await fc.assert(
      fc.asyncProperty(anyShift, fc.integer({ min: 1, max: 3_600 }), async (frames, gapS) => {
        const from = (gapS + 40) * 1e6;
        // Good frames of one more bad bed, later on the same clock and by the same device.
        const good = badFrames((frame) => {
          moved(frame, from);
          frame.gatewayTimeUs += from;
          frame.sequence += 100;
          frame.clockEpoch = 9;
          frame.assignment = create(AssignmentSchema, { patient: 'p1', population: 'adult' });
          frame.leads = [MDC.ecgII, ...frame.waveforms.map(({ code }) => code), 131_328, 131_388].map((code) => ({
            $typeName: 'vigil.v1.LeadStatus',
            ...{ code, off: false },
          }));
        });
        const { events } = await play([...frames, ...good]);
        const signals = right(decodeAlarmEvent(events.at(-1)!.value)).signals;
        for (const name of ['asystole', 'spo2-desaturation'])
          expect(signals.find(({ condition }) => condition === name)?.present, name).toBe(true);
      }),
      { numRuns: 20, seed: 20_261_128 },
    );
  });
});

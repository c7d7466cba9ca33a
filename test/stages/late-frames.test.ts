/**
 * Goal: what would have rung while a device's line was down is listed for the bed, and rings nobody.
 * Method: a monitor tells a saturation; for ten minutes its frames are kept, and then come at once, marked as too late by the gateway.
 */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { AlarmEvent, MissedAlarms } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { AssignmentSchema, NumericSchema, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { alarmPolicy } from '../../services/composition/alarm-policy.ts';
import { limitsRecord } from '../../services/gateway/limit-acts.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { at } from '../gateway/frames.ts';

const BED = 'icu-01';

interface Told {
  readonly second: number;
  /** Seconds after it was measured, of what the gateway marks as too late to ring. */
  readonly late?: number;
  readonly spo2: number;
  readonly patient?: { readonly name: string; readonly from: number };
  readonly source?: string;
}

let offset = 0n;
const recordsOf = (told: readonly Told[]): LogRecord[] =>
  told.map(({ second, late, spo2, patient, source = 'monitor' }) => {
    const gatewayTimeUs = at(second + (late ?? 0));
    const frame = create(TelemetrySchema, {
      ...{
        bed: BED,
        source,
        sequence: second,
        deviceTimeUs: at(second),
        gatewayTimeUs,
        retrospective: late !== undefined,
      },
      ...(patient === undefined
        ? {}
        : {
            assignment: create(AssignmentSchema, {
              patient: patient.name,
              fromUs: at(patient.from),
              population: 'adult',
            }),
          }),
      numerics: [
        create(NumericSchema, { code: MDC.spo2, unit: '%', atUs: at(second), reading: { case: 'value', value: spo2 } }),
      ],
    });
    offset += 1n;
    const value = encodeTelemetry(frame);
    return { topic: 'vigil.telemetry', partition: 0, offset, key: BED, value, appendedAt: moment(gatewayTimeUs) };
  });

/** What a stage says of records in batches of a length, its memory stored and loaded between them. */
const played = async <Memory>(
  stage: Stage<Memory>,
  records: readonly LogRecord[],
  perBatch: number,
): Promise<readonly NewRecord[]> => {
  let memory = stage.start(BED);
  const said: NewRecord[] = [];
  for (let from = 0; from < records.length; from += perBatch) {
    const [result] = await stage.step([{ bed: BED, memory, records: records.slice(from, from + perBatch) }]);
    memory = structuredClone(result!.memory);
    said.push(...result!.outputs);
  }
  return said;
};

const right = <Value>(read: E.Either<{ readonly sentence: string }, Value>): Value => {
  if (E.isLeft(read)) throw new Error(read.left.sentence);
  return read.right;
};

const saidOf = (records: readonly LogRecord[], perBatch = 50): Promise<readonly NewRecord[]> =>
  played(analysisStage({ preset: presets.vigil, network: undefined }), records, perBatch);
const inputsOf = (told: readonly Told[], perBatch?: number): Promise<readonly NewRecord[]> =>
  saidOf(recordsOf(told), perBatch);

/** A nurse lowers the limit of the saturation, which was `seen`. */
const lowers = (second: number, low: number, seen = 90): LogRecord => {
  const limit = { measure: 'spo2', low, seenLow: seen };
  const act = { id: `limits-${second}`, bed: BED, by: 'Ada', durationUs: 3_600e6, limit };
  const { topic, key, value } = limitsRecord(act, at(second), undefined);
  offset += 1n;
  return { topic, key, value, partition: 0, offset, appendedAt: at(second) };
};

/** What the alarms make of it. */
const eventsOf = async (inputs: readonly NewRecord[]): Promise<readonly AlarmEvent[]> => {
  const records = inputs
    .filter(({ topic }) => topic === 'vigil.alarm-inputs')
    .map((input, i): LogRecord => ({ ...input, partition: 0, offset: BigInt(i), appendedAt: moment(0) }));
  return (await played(alarmsStage(alarmPolicy), records, 100)).map(({ value }) => right(decodeAlarmEvent(value)));
};

const s = (us: number): number => Math.round((us - at(0)) / 1e6);
const lines = ({ source, fromUs, toUs, frames, numbers, alarms }: MissedAlarms): readonly string[] => [
  `${source}: ${s(fromUs)}–${s(toUs)} s, ${frames} frames, ${numbers} numbers`,
  ...alarms.map(
    ({ condition, atUs, endedUs, text, ofBefore }) =>
      `${s(atUs)}–${endedUs === 0 ? '' : s(endedUs)} ${condition}: ${text}${ofBefore ? ' (before)' : ''}`,
  ),
];
const missedIn = (events: readonly AlarmEvent[]): readonly string[] => (events.at(-1)?.missed ?? []).flatMap(lines);
const rang = (events: readonly AlarmEvent[]): readonly string[] =>
  events.flatMap(({ transition: t }) => (t === undefined || t.from !== 1 ? [] : [t.condition]));

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);
const live = (from: number, to: number): readonly Told[] => range(from, to).map((second) => ({ second, spo2: 97 }));
/** Ten minutes, flushed within some seconds: a desaturation of a minute, and a dip of five seconds that no delay lets ring. */
const OUTAGE = range(100, 700).map((second): Told => {
  const spo2 = second >= 300 && second < 360 ? 75 : second >= 500 && second < 505 ? 88 : 97;
  return { second, late: 720 - second + (second - 100) / 100, spo2 };
});
/** The monitor's newest frames come first; what it kept follows, and life goes on between. */
const SHIFT = [...live(1, 100), ...live(701, 720), ...OUTAGE, ...live(727, 760)];

const BREACHES = [
  '300–360 spo2-desaturation: SpO₂ 75 < 80',
  '300–419 news2-single-3: 3 points for spo2',
  '500–564 news2-single-3: 3 points for spo2',
];

describe('frames that come too late to ring', () => {
  it('are listed with their span, their counts and what would have rung, and ring nobody', async () => {
    const events = await eventsOf(await inputsOf(SHIFT));
    expect(missedIn(events)).toEqual(['monitor: 100–699 s, 600 frames, 600 numbers', ...BREACHES]);
    expect(rang(events)).toEqual([]);
  });

  it('say the same wherever a stage begins anew', async () => {
    // A saturation rings just when it is told what was missed.
    const shift = [...SHIFT.slice(0, -34), ...range(727, 760).map((second) => ({ second, spo2: 75 }))];
    const told = recordsOf(shift);
    const toAlarms = async (perBatch: number) =>
      (await saidOf(told, perBatch)).filter(({ topic }) => topic === 'vigil.alarm-inputs').map(({ value }) => value);
    const once = await toAlarms(10_000);
    for (const perBatch of [1, 7, 333]) expect(await toAlarms(perBatch)).toEqual(once);
  });

  it('are of each device by itself', async () => {
    const both = OUTAGE.flatMap((one) => [one, { ...one, source: 'transport', spo2: 97 }]);
    const events = await eventsOf(await inputsOf([...live(1, 100), ...live(701, 720), ...both, ...live(727, 760)]));
    expect(missedIn(events)).toEqual([
      'monitor: 100–699 s, 600 frames, 600 numbers',
      ...BREACHES,
      'transport: 100–699 s, 600 frames, 600 numbers',
    ]);
  });

  it('are no outage where a single one was overtaken', async () => {
    const overtaken: Told = { second: 720, late: 61, spo2: 97 };
    expect(missedIn(await eventsOf(await inputsOf([...live(1, 100), overtaken, ...live(727, 800)])))).toEqual([]);
  });

  it('say of whom they are where another patient came meanwhile, and go with the patient', async () => {
    const p2 = { name: 'p2', from: 600 };
    const now = live(701, 720).map((one) => ({ ...one, patient: p2 }));
    const before = live(1, 100).map((one) => ({ ...one, patient: { name: 'p1', from: 1 } }));
    const told = [...before, ...now, ...OUTAGE, ...live(727, 760).map((one) => ({ ...one, patient: p2 }))];
    expect(missedIn(await eventsOf(await inputsOf(told)))[1]).toBe('300–360 spo2-desaturation: SpO₂ 75 < 80 (before)');
    const gone = live(761, 800).map((one) => ({ ...one, patient: { name: 'p3', from: 761 } }));
    expect(missedIn(await eventsOf(await inputsOf([...told, ...gone])))).toEqual([]);
  });

  it('are judged by the limits of the unit, whatever a nurse has set and in whichever batch it comes', async () => {
    const low = range(100, 700).map((second): Told => {
      const spo2 = second >= 300 && second < 360 ? 87 : 97;
      return { second, late: 720 - second + (second - 100) / 100, spo2 };
    });
    const [before, now, rest] = [live(1, 100), live(701, 720), [...low, ...live(727, 760)]].map(recordsOf);
    const told = [...before!, lowers(99.5, 86), ...now!, ...rest!];
    for (const perBatch of [1, 50, 10_000])
      expect(missedIn(await eventsOf(await saidOf(told, perBatch)))).toContainEqual(
        expect.stringContaining('spo2-low: SpO₂ 87 < 90'),
      );
  });

  it('are of devices: what a nurse sets is of now', async () => {
    const [before, after] = [live(1, 100), live(126, 200)].map(recordsOf);
    const told = [...before!, lowers(99.5, 88), lowers(107, 87, 88), lowers(114.5, 86, 87), ...after!];
    expect(missedIn(await eventsOf(await saidOf(told)))).toEqual([]);
  });
});

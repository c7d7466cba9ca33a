/**
 * One bed of a ward in which everything happens that does: devices that come and go, keep frames while their line is down or write to the log
 * themselves; two fronts; clocks of devices, fronts and the log that are set forward and back; nurses who act. Through the gateways,
 * analysis and alarms as they run, on a log in memory.
 */
import { create } from '@bufbuild/protobuf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { MDC, signalOf } from '../../schemas/codes.ts';
import { MissingReason, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry, telemetryOf } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { type Act, makeActs } from '../../services/gateway/acts.ts';
import { makeGateway } from '../../services/gateway/gateway.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog, LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import type { BedAlarms } from '../../stream-models/alarms/alarm.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { policy } from '../alarms/shift.ts';
import { START } from '../ecg/synthetic-ecg.ts';
import { right } from '../right.ts';

const BED = 'icu-01';
const CODES = [MDC.spo2, MDC.pulseRate, MDC.respRate];
const DEVICES = ['monitor', 'transport'] as const;
const FRONTS = ['front 0', 'front 1'] as const;
export type Word = number | 'missing' | 'left out';

/** What a device tells of each code; undefined: it is silent. While its line is down it keeps what it tells. */
export type Doing = { readonly told: readonly Word[]; readonly line: 'up' | 'down' } | undefined;
/** Which way a device's frames take to the log. */
export type Way = (typeof FRONTS)[number] | 'log';
/** Whose clock is set; Vigil: those of both fronts and of the log. */
export type Clock = (typeof DEVICES)[number] | Way | 'Vigil';

/** What a stretch of seconds is like; by device where there are several. */
export interface Stretch {
  readonly seconds: number;
  readonly devices: readonly Doing[];
  /** Undefined: as before. */
  readonly ways?: readonly (Way | undefined)[];
  /** Whom the register names, through the first front. */
  readonly patient?: string | undefined;
  readonly clock?: { readonly whose: Clock; readonly byS: number } | undefined;
  readonly act?: 'acknowledge' | 'pause-audio' | 'standby' | undefined;
}

const numericsOf = (told: readonly Word[], atUs: number): object[] =>
  CODES.flatMap((code, c): object[] => {
    const what = told[c]!;
    if (what === 'left out') return [];
    const one = { code, atUs, unit: signalOf(code)!.ucum };
    if (what === 'missing') return [{ ...one, reading: { case: 'missing', value: MissingReason.SENSOR_OFF } }];
    return [{ ...one, reading: { case: 'value', value: what } }];
  });

/** The log, its clocks and the two fronts before it. */
const openWard = () => {
  const telemetry: LogRecord[] = [];
  const acts: NewRecord[] = [];
  let nowUs: number = START;
  const aheadUs = { 'front 0': 0, 'front 1': 0, log: 0 };
  const clockOf = (way: Way) => () => moment(nowUs + aheadUs[way]);
  const put = (value: Uint8Array): void => {
    const place = { topic: 'vigil.telemetry', partition: 0, offset: BigInt(telemetry.length) } as const;
    telemetry.push({ ...place, key: BED, value, appendedAt: clockOf('log')() });
  };
  const append = (records: readonly NewRecord[]) => {
    for (const one of records) {
      if (one.topic === 'vigil.telemetry') put(one.value);
      else acts.push(one);
    }
    return TE.right(undefined);
  };
  // What gateways and acts need of a log.
  const log = { append, partitionOf: () => 0 } as unknown as EventLog;
  const front = (way: Way) =>
    makeGateway({
      ...{ log, now: clockOf(way), lingerMs: 0, turnMs: 0 },
      ...{ meters: makeMeters(), journal: makeJournal({ level: 'silent' }) },
    });
  const fronts = { 'front 0': front('front 0'), 'front 1': front('front 1') };
  let overheard = 0;
  const overhear = (): void => {
    for (; overheard < telemetry.length; overheard++)
      for (const name of FRONTS) fronts[name].overhear(right(telemetryOf(telemetry[overheard]!)), 0);
  };
  return {
    ...{ telemetry, acts, act: makeActs(log, clockOf('front 0')) },
    now: () => nowUs,
    setClock: (whose: Way, byS: number): void => {
      aheadUs[whose] += byS * 1e6;
    },
    send: async (way: Way, frames: readonly Telemetry[]): Promise<void> => {
      if (way === 'log') for (const one of frames) put(encodeTelemetry(one));
      else await Promise.all(frames.map((one) => fronts[way].accept(encodeTelemetry(one))));
    },
    beginSecond: (): void => {
      nowUs += 1e6;
    },
    endSecond: async (): Promise<void> => {
      overhear();
      for (const name of FRONTS) await fronts[name].secondPassed();
      overhear();
    },
  };
};

/** Analysis and alarms of the bed, as they follow the log. */
const openStages = ({ telemetry, acts }: ReturnType<typeof openWard>) => {
  const analysis = analysisStage({ preset: presets.vigil, network: undefined });
  const alarms = alarmsStage(policy);
  let [observed, rung] = [analysis.start(BED), alarms.start(BED)];
  let done = 0;
  return async (): Promise<BedAlarms> => {
    const [concluded] = await analysis.step([{ bed: BED, memory: observed, records: telemetry.slice(done) }]);
    done = telemetry.length;
    observed = concluded!.memory;
    const inputs = [...concluded!.outputs.filter(({ topic }) => topic === 'vigil.alarm-inputs'), ...acts.splice(0)];
    const place = { partition: 0, offset: 0n, key: BED, appendedAt: moment(START) };
    const records = inputs.map(({ topic, value }): LogRecord => ({ ...place, topic, value }));
    const [told] = await alarms.step([{ bed: BED, memory: rung, records }]);
    rung = told!.memory;
    return rung;
  };
};

/** A device, or the register. */
interface Sender {
  readonly source: string;
  aheadUs: number;
  way: Way;
  sequence: number;
  readonly kept: Telemetry[];
}

const senderOf = (source: string): Sender => ({ source, aheadUs: 0, way: 'front 0', sequence: 0, kept: [] });

const frameOf = (sender: Sender, nowUs: number, more: object): Telemetry => {
  sender.sequence += 1;
  const { source, sequence, aheadUs } = sender;
  return create(TelemetrySchema, { bed: BED, source, sequence, deviceTimeUs: nowUs + aheadUs, ...more });
};

const clocksOf = (whose: Way | 'Vigil'): readonly Way[] => (whose === 'Vigil' ? [...FRONTS, 'log'] : [whose]);

/** What the alarms of the bed remember after a shift. */
export const afterShift = async (stretches: readonly Stretch[]): Promise<BedAlarms> => {
  const ward = openWard();
  const follow = openStages(ward);
  const devices = DEVICES.map(senderOf);
  const register = senderOf('adt');
  for (const [s, { seconds, devices: doings, ways = [], patient, clock, act }] of stretches.entries()) {
    if (clock !== undefined) {
      const { whose, byS } = clock;
      const device = devices.find(({ source }) => source === whose);
      if (device !== undefined) device.aheadUs += byS * 1e6;
      else for (const one of clocksOf(whose as Way | 'Vigil')) ward.setClock(one, byS);
    }
    for (const [i, device] of devices.entries()) device.way = ways[i] ?? device.way;
    if (patient !== undefined) {
      const assignment = { patient, fromUs: 0, population: '', sex: 0 };
      await ward.send(register.way, [frameOf(register, ward.now(), { assignment })]);
    }
    if (act !== undefined) {
      await follow();
      await ward.act({ id: `act-${s}`, bed: BED, by: 'nurse Ada', kind: act, durationUs: 60e6 } satisfies Act);
      await follow();
    }
    for (let second = 0; second < seconds; second++) {
      ward.beginSecond();
      for (const [i, device] of devices.entries()) {
        const doing = doings[i];
        const numerics = doing && numericsOf(doing.told, ward.now() + device.aheadUs);
        if (numerics !== undefined) device.kept.push(frameOf(device, ward.now(), { numerics }));
        if (doing?.line !== 'down') await ward.send(device.way, device.kept.splice(0));
      }
      await ward.endSecond();
    }
  }
  return follow();
};

/** What stands at the bed, by its names. */
export const standing = ({ alarms }: BedAlarms): readonly string[] =>
  alarms
    .filter(({ present, condition }) => present && condition !== 'model-failed')
    .map(({ condition }) => condition)
    .sort();

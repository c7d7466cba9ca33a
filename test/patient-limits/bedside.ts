/** A bed whose monitor tells its numbers each second, and nurses who set limits: through the gateway's own record, analysis and alarms. */
import { deserialize, serialize } from 'node:v8';
import { create } from '@bufbuild/protobuf';
import { MDC, signalOf } from '../../schemas/codes.ts';
import type { BedLimits } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmEvent, decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { signalWord } from '../../schemas/words.ts';
import { type LimitAct, limitsRecord } from '../../services/gateway/limit-acts.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { type AnalysisOptions, analysisStage } from '../../services/stages/analysis.ts';
import { delayOf } from '../../stream-models/presets/preset.ts';
import { findPreset, presets } from '../../stream-models/presets/presets.ts';
import { policy } from '../alarms/shift.ts';
import { right } from '../right.ts';

export const BED = 'icu-01';
const BEGINS = 1_767_225_600_000_000;
export const at = (second: number): Moment => moment(BEGINS + Math.round(second * 1e6));
export const secondOf = (us: number): number => (us - BEGINS) / 1e6;

/** What the monitor tells in one second. */
export interface Second {
  readonly hr?: number;
  readonly spo2?: number;
  /** A register tells who lies there; '': nobody. */
  readonly patient?: string;
  readonly population?: string;
}

const numericsOf = ({ hr, spo2 }: Second, atUs: number) =>
  [
    [MDC.ecgHeartRate, hr],
    [MDC.spo2, spo2],
  ].flatMap(([code, value]) =>
    value === undefined
      ? []
      : [{ code: code!, atUs, unit: signalOf(code!)!.ucum, reading: { case: 'value' as const, value } }],
  );

const frameOf = (second: number, told: Second): Telemetry => {
  const { patient, population = '' } = told;
  const deviceTimeUs = at(second);
  return create(TelemetrySchema, {
    ...{ bed: BED, source: 'monitor', sequence: second, deviceTimeUs, gatewayTimeUs: deviceTimeUs },
    numerics: numericsOf(told, deviceTimeUs),
    ...(patient === undefined ? {} : { assignment: { patient, population, fromUs: deviceTimeUs } }),
  });
};

export type Ask = Omit<LimitAct, 'bed' | 'id' | 'by'> & { readonly id?: string; readonly by?: string };
export interface Story {
  readonly seconds: readonly Second[];
  /** By the second in the middle of which they were done. */
  readonly acts?: readonly (readonly [second: number, act: Ask])[];
}

/** So many seconds alike. */
export const lasting = (count: number, second: Second): readonly Second[] => new Array<Second>(count).fill(second);

/** What lies on the log, in its order. */
export const recordsOf = ({ seconds, acts = [] }: Story): readonly LogRecord[] => {
  const timed = [
    ...seconds.map((told, i) => ({ second: i + 1, value: encodeTelemetry(frameOf(i + 1, told)) })),
    ...acts.map(([second, act], i) => {
      const said = { bed: BED, id: `act-${i}`, by: 'Ada', durationUs: 3_600e6, ...act };
      return { second: second + 0.5, value: limitsRecord(said, at(second + 0.5), undefined).value };
    }),
  ].sort((a, b) => a.second - b.second);
  return timed.map(({ second, value }, i) => ({
    ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: BED, value },
    appendedAt: at(second),
  }));
};

/** A stage's outputs; after every so many records it is begun anew from what was written down. */
export const ran = async <Memory>(
  stage: Stage<Memory>,
  records: readonly LogRecord[],
  perLife = Number.POSITIVE_INFINITY,
  from: Memory = stage.start(BED),
): Promise<{ readonly memory: Memory; readonly outputs: readonly NewRecord[] }> => {
  let memory = from;
  const outputs: NewRecord[] = [];
  for (let i = 0; i < records.length; i += perLife) {
    const [result] = await stage.step([{ bed: BED, memory, records: records.slice(i, i + perLife) }]);
    memory = deserialize(serialize(result!.memory)) as Memory;
    outputs.push(...result!.outputs);
  }
  return { memory, outputs };
};

export const analysisOf = (more: Partial<AnalysisOptions> = {}) =>
  analysisStage({ preset: presets.vigil, network: undefined, ...more });
/** With the delays of presets, as Vigil has them. */
export const alarmsOf = () =>
  alarmsStage({ ...policy, delayOf: (condition, name) => delayOf(findPreset(name) ?? presets.vigil, condition) });

/** What the alarms make of what analysis said. */
export const rung = async (outputs: readonly NewRecord[]): Promise<readonly NewRecord[]> => {
  const inputs = outputs
    .filter(({ topic }) => topic === 'vigil.alarm-inputs')
    .map(({ topic, value }, i): LogRecord => {
      return { topic, value, partition: 0, offset: BigInt(i), key: BED, appendedAt: at(0) };
    });
  return (await ran(alarmsOf(), inputs)).outputs;
};

/** "12s hr-high off → on (HR 130 > 120)", with the rules that stand on it. */
export const linesOf = (events: readonly NewRecord[]): readonly string[] =>
  events.flatMap(({ topic, value }) => {
    if (topic !== 'vigil.alarms') return [];
    const { transition, signals, atUs } = right(decodeAlarmEvent(value));
    if (transition === undefined || /^(model-failed|news2)/.test(transition.condition)) return [];
    const { condition, from, to, why } = transition;
    const signal = signals.find(({ alarm }) => alarm === transition.alarm);
    const words = signal === undefined ? why : `${signal.text}; ${signal.preset}`;
    return [`${secondOf(atUs)}s ${condition} ${signalWord(from)} → ${signalWord(to)} (${words})`];
  });

export const limitsIn = (outputs: readonly NewRecord[]): readonly BedLimits[] =>
  outputs.flatMap(({ topic, value }) => (topic === 'vigil.findings' ? right(decodeFindings(value)).limits : []));

/** "hr 50–120: 40–off by Ada until 3610s", of what is the patient's own. */
export const ownIn = ({ limits }: BedLimits): readonly string[] =>
  limits.flatMap(({ measure, low, high, patient: own }) => {
    if (own === undefined) return [];
    const side = (off: boolean, value: number | undefined): string => (off ? 'off' : String(value ?? 'unit'));
    const set = `${side(own.lowOff, own.low)}–${side(own.highOff, own.high)}`;
    return [`${measure} ${low ?? 'none'}–${high ?? 'none'}: ${set} by ${own.by} until ${secondOf(own.untilUs)}s`];
  });

/** The whole way: what rang, and what was said of limits. */
export const played = async (story: Story, more: Partial<AnalysisOptions> = {}) => {
  const { outputs } = await ran(analysisOf(more), recordsOf(story));
  const limits = limitsIn(outputs);
  return {
    alarms: linesOf(await rung(outputs)),
    limits,
    own: limits.map(ownIn),
    refused: limits.map(({ refused }) => refused).filter((why) => why !== ''),
  };
};

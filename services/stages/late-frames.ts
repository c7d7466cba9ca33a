/**
 * What would have rung, had the frames come in time that came too late to ring: each device's late frames are held against the same limits and
 * scores, and the same delays, by a memory of their own, and what rang there is listed. It rings nobody. Waves are not judged again: they
 * would cost as much as life, in the thread on which life depends, and the strips of the record have them.
 */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import { type AlarmInput, AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import { type AlarmSaid, type BedAlarms, quietBed } from '../../stream-models/alarms/alarm.ts';
import { readAlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import { AUDIO_PAUSE_LIMIT, MISSED_ALARMS_MAX } from '../../stream-models/alarms/policy.ts';
import { clockOf } from '../../stream-models/analysis/clock-alignment.ts';
import type { ConcludeMemory } from '../../stream-models/analysis/conclude.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { type ObserveMemory, startObserving } from '../../stream-models/analysis/observe-memory.ts';
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { factAlarmInput, patientChange, tick } from '../../stream-models/analysis/say.ts';
import type { Fold } from '../../stream-models/fold.ts';
import type { BedRules } from '../../stream-models/presets/bed-rules.ts';
import { delayOf } from '../../stream-models/presets/preset.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';

interface MissedAlarm {
  readonly condition: ConditionName;
  readonly at: Moment;
  readonly ended: Moment | undefined;
  readonly evidence: string;
  readonly ofBefore: boolean;
}

/** The late frames of one device that follow each other, until none has come for a while. */
interface LateSpan {
  readonly source: string;
  readonly from: Moment;
  readonly to: Moment;
  /** When its newest frame came, by the gateway's clock. */
  readonly cameUs: number;
  readonly frames: number;
  readonly numbers: number;
  readonly observing: ObserveMemory;
  readonly concluding: ConcludeMemory;
  readonly alarms: BedAlarms;
  readonly missed: readonly MissedAlarm[];
  readonly more: number;
}

/** At most one span per device. Plain data; empty nearly always. */
export type Late = readonly LateSpan[];
export const nothingLate: Late = [];

/** By what the late frames of a bed are judged. */
export interface LateJudge {
  readonly bed: string;
  /**
   * The rules of the bed's unit, and nothing that a nurse has set for a patient: which of her acts were done is known only after a batch, and what
   * is told must not depend on batches.
   */
  readonly rules: BedRules;
  readonly fold: Fold<ConcludeMemory, Sighting, Fact>;
}

/** Nothing came late for so long: it was all. */
const OVER_AFTER = seconds(10);
/** What lies further apart is of two outages. */
const GAP_MOST = seconds(60);
/** A frame that was overtaken by the next is late, too, and no outage. */
const OUTAGE_LEAST = seconds(10);
const DEVICES_MAX = 8;

/** From when the patient who is taken to lie there has; 0: always. */
const assignedFromUs = ({ claims: { claims, patient } }: ObserveMemory, shiftUs: number): number => {
  const claim = claims.findLast(({ assignment }) => assignment.patient === patient);
  return claim === undefined || claim.assignment.fromUs <= 0 ? 0 : claim.assignment.fromUs + shiftUs;
};

/** The numbers of a late frame, as if it had come in time by the clock that its device has. */
const inTime = (frame: Telemetry, shiftUs: number): Telemetry => ({
  ...frame,
  ...{ waveforms: [], leads: [], deviceAlerts: [], retrospective: false },
  gatewayTimeUs: frame.deviceTimeUs + shiftUs,
});

/** What the alarms are told of a sighting, in the order in which analysis tells it. */
const heard = (
  { bed, rules, fold }: LateJudge,
  memory: ConcludeMemory,
  seen: Observed,
): readonly [ConcludeMemory, readonly AlarmInput[]] => {
  switch (seen.tag) {
    case 'WavesHeard':
    case 'BeatToClassify':
    case 'StateReset':
    case 'UnmappedSeen':
    case 'AlertSeen':
    case 'PatientContested':
    case 'LimitsAsked':
      return [memory, []];
    default: {
      const [after, facts] = fold.step(memory, seen);
      const first = seen.tag === 'AssignmentSeen' ? [patientChange(bed, seen.at, seen.said, seen.patient)] : [];
      const last = seen.tag === 'SecondPassed' ? [tick(bed, seen.at, seen.said)] : [];
      return [after, [...first, ...facts.flatMap((fact) => factAlarmInput(bed, fact, rules.label) ?? []), ...last]];
    }
  }
};

const withTransition = (span: LateSpan, said: AlarmSaid, fromUs: number): LateSpan => {
  const { transition, at, alarms } = said;
  if (transition === undefined || conditions[transition.condition].origin === 'technical') return span;
  const { condition, from, to, alarm } = transition;
  if (to === 'on' && from !== 'paused') {
    if (span.missed.length >= MISSED_ALARMS_MAX) return { ...span, more: span.more + 1 };
    const evidence = alarms.find(({ id }) => id === alarm)?.evidence ?? '';
    const one = { condition, at, ended: undefined, evidence, ofBefore: at < fromUs };
    return { ...span, missed: [...span.missed, one] };
  }
  if (to !== 'off' && to !== 'latched') return span;
  const i = span.missed.findLastIndex((one) => one.condition === condition && one.ended === undefined);
  return i < 0 ? span : { ...span, missed: span.missed.with(i, { ...span.missed[i]!, ended: at }) };
};

const startSpan = (
  { bed, fold }: LateJudge,
  { source }: Telemetry,
  end: Moment,
  live: ObserveMemory,
  fromUs: number,
): LateSpan => {
  const { patient, population = 'adult' } = live;
  // Of who lay there before nothing is known but what the late frames say.
  const concluding = end < fromUs ? fold.start : { ...fold.start, patient, population };
  const empty = { frames: 0, numbers: 0, missed: [], more: 0, cameUs: 0 };
  return { source, from: end, to: end, ...empty, observing: startObserving, concluding, alarms: quietBed(bed) };
};

const hearLate = (
  before: LateSpan,
  frame: Telemetry,
  end: Moment,
  shiftUs: number,
  fromUs: number,
  judge: LateJudge,
): LateSpan => {
  const [observing, seen] = observe(before.observing, inTime(frame, shiftUs));
  const machine = alarmMachine(
    {
      delayOf: (condition) => delayOf(judge.rules.preset, condition),
      audioPauseMax: AUDIO_PAUSE_LIMIT,
      newLesserDuringPause: 'sounds',
    },
    judge.bed,
  );
  let span: LateSpan = {
    ...before,
    observing,
    to: moment(Math.max(end, before.to)),
    from: moment(Math.min(end, before.from)),
    cameUs: frame.gatewayTimeUs,
    frames: before.frames + 1,
    numbers: before.numbers + frame.numerics.filter(({ reading }) => reading.case === 'value').length,
  };
  for (const each of seen) {
    const [concluding, inputs] = heard(judge, span.concluding, each);
    span = { ...span, concluding };
    for (const message of inputs) {
      const input = readAlarmInput(message);
      if (E.isLeft(input)) continue; // our own words; nothing that the alarms would not read either
      const [alarms, told] = machine.step(span.alarms, input.right);
      span = { ...span, alarms };
      for (const said of told) span = withTransition(span, said, fromUs);
    }
  }
  return span;
};

const isOutage = ({ from, to, missed }: LateSpan): boolean => missed.length > 0 || to - from >= OUTAGE_LEAST;

/** The list of what was missed, as the alarms of the bed are told it. `atUs`: when it was all. */
const listOf = (bed: string, span: LateSpan, atUs: number): readonly AlarmInput[] => {
  if (!isOutage(span)) return [];
  const { source, from, to, frames, numbers, missed, more } = span;
  const alarms = missed.map(({ condition, at, ended = 0, evidence, ofBefore }) => ({
    ...{ condition, atUs: at, endedUs: ended, text: evidence, ofBefore },
  }));
  const value = { source, fromUs: from, toUs: to, frames, numbers, alarms, more };
  return [create(AlarmInputSchema, { bed, atUs, saidUs: atUs, input: { case: 'missed', value } })];
};

/**
 * After one more frame of the bed, late or not. `live`: what is remembered of the bed before it. Says what was missed of a device once
 * nothing of it has come late for ten seconds, by the gateway's clock in the frames.
 */
export const lateAfter = (
  late: Late,
  frame: Telemetry,
  live: ObserveMemory,
  judge: LateJudge,
): readonly [Late, readonly AlarmInput[]] => {
  // What a nurse has set stands in such a frame, too, and is of now.
  const isLate = frame.retrospective && !isLaboratoryFrame(frame) && frame.silence === undefined;
  if (late.length === 0 && !isLate) return [late, []];
  const shiftUs = clockOf(live.clocks, frame.source)?.shiftUs ?? 0;
  const end = moment(Math.round(frame.deviceTimeUs + shiftUs));
  const isOver = (span: LateSpan): boolean =>
    frame.gatewayTimeUs - span.cameUs >= OVER_AFTER ||
    (isLate && span.source === frame.source && Math.abs(end - span.to) > GAP_MOST);
  const told = late.filter(isOver).flatMap((span) => listOf(judge.bed, span, frame.gatewayTimeUs));
  const open = told.length === 0 && !late.some(isOver) ? late : late.filter((span) => !isOver(span));
  if (!isLate) return [open, told];
  const fromUs = assignedFromUs(live, shiftUs);
  const mine = open.find(({ source }) => source === frame.source) ?? startSpan(judge, frame, end, live, fromUs);
  const others = open.filter(({ source }) => source !== frame.source).slice(1 - DEVICES_MAX);
  return [[...others, hearLate(mine, frame, end, shiftUs, fromUs, judge)], told];
};

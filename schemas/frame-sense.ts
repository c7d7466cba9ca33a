/**
 * Whether a frame can be meant as it stands. Its fields are well formed (telemetry.ts); here they are held against each other and
 * against the words that there are, because what follows from a slip falls on more than its sender: a wave that lies an hour
 * ahead stops the clock of its bed, and one that lasts for days costs every bed of the partition its analysis.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Dimension, inUsualUnit, MDC, signalOf } from './codes.ts';
import {
  type Assignment,
  type DeviceAlert,
  MissingReason,
  type Numeric,
  type Telemetry,
  type Waveform,
} from './generated/vigil/v1/telemetry_pb.ts';
import { laboratoryValueOf } from './laboratory.ts';
import { type Rejection, rejection } from './rejection.ts';
import { otherUnit } from './time-unit.ts';
import { days } from './units.ts';

/** What a frame may hold beside its own device time. */
export const FRAME_SPANS = {
  /** A wave or number that was measured after the end of the frame: clocks inside one device differ by less. */
  aheadUs: 10_000_000,
  /** A wave that began so long before the frame's end: buffers of monitors hold less. */
  waveBehindUs: 600_000_000,
  /** One wave of one frame: as much as the most samples that a frame may hold are at 250 Hz. */
  waveUs: 300_000_000,
} as const;

/** A time of the frame that lies so near its end in another unit was meant in that one. */
const UNIT_TOLD_WITHIN_US = {
  /** Of a number: specimens are told within days. */
  number: days(7),
  /** Of a patient, who may have lain there for long. */
  patient: days(366),
} as const;

/** The words for age that decide about limits; empty: not said, so an adult. */
const POPULATION_WORDS: readonly string[] = ['', 'adult', 'child', 'neonate'];

type Fault = Rejection | undefined;
const inSeconds = (us: number): string => `${Number((us / 1e6).toFixed(1))} s`;

const checkUnitOfTime = (us: number, where: string, deviceTimeUs: number, withinUs: number): Fault => {
  const looks = otherUnit(us, deviceTimeUs, withinUs);
  return looks === undefined
    ? undefined
    : rejection('out-of-range', where, `${where} is ${us}, which ${looks}. Every time of a frame is in microseconds`);
};

const checkWave = (wave: Waveform, where: string, deviceTimeUs: number): Fault => {
  const lasts = ((wave.samples.length / 2) * wave.rateDenominator * 1e6) / wave.rateNumerator;
  if (lasts > FRAME_SPANS.waveUs)
    return rejection(
      'out-of-range',
      `${where}.rateNumerator`,
      `${where} lasts ${inSeconds(lasts)} at ${wave.rateNumerator}/${wave.rateDenominator} Hz; at most ${inSeconds(FRAME_SPANS.waveUs)}: give samples per second, or send shorter frames`,
    );
  const ahead = wave.startUs + lasts - deviceTimeUs;
  const behind = deviceTimeUs - wave.startUs;
  if (ahead <= FRAME_SPANS.aheadUs && behind <= FRAME_SPANS.waveBehindUs) return undefined;
  const away = ahead > 0 ? `ends ${inSeconds(ahead)} after` : `begins ${inSeconds(behind)} before`;
  return rejection(
    'out-of-range',
    `${where}.startUs`,
    `${where} ${away} deviceTimeUs; give startUs and deviceTimeUs in microseconds of the device's clock`,
  );
};

/** A measurement may be old, as a cuff's or a specimen's is; it cannot be of the time to come. */
const checkNumber = ({ code, atUs }: Numeric, where: string, deviceTimeUs: number): Fault => {
  // What is neither a number of a monitor nor of a laboratory has no place on a clock.
  const kind = signalOf(code)?.kind;
  if (kind !== 'numeric' && kind !== 'laboratory') return undefined;
  if (atUs === 0)
    return rejection(
      'missing-field',
      `${where}.atUs`,
      `${where}.atUs is missing; give the device time of the measurement, or when the specimen was taken`,
    );
  const ahead = atUs - deviceTimeUs;
  // Of 1970, a number would be kept and never be shown.
  if (ahead < 0) return checkUnitOfTime(atUs, `${where}.atUs`, deviceTimeUs, UNIT_TOLD_WITHIN_US.number);
  return ahead > FRAME_SPANS.aheadUs
    ? rejection(
        'out-of-range',
        `${where}.atUs`,
        `${where}.atUs is ${inSeconds(ahead)} after deviceTimeUs; give both in microseconds of the device's clock`,
      )
    : undefined;
};

/** A monitor's alarm may have begun long ago, or say no time; of the time to come none can be. */
const checkAlert = ({ atUs }: DeviceAlert, where: string, deviceTimeUs: number): Fault => {
  if (atUs === 0) return undefined;
  const ahead = atUs - deviceTimeUs;
  if (ahead <= FRAME_SPANS.aheadUs)
    return checkUnitOfTime(atUs, `${where}.atUs`, deviceTimeUs, UNIT_TOLD_WITHIN_US.number);
  return rejection(
    'out-of-range',
    `${where}.atUs`,
    `${where}.atUs is ${inSeconds(ahead)} after deviceTimeUs; give both in microseconds of the device's clock`,
  );
};

/** Told in milliseconds, specimens of who lay there before would count, and hours in the hospital be half a million. */
const checkPatientTimes = ({ fromUs, hospitalFromUs }: Assignment, deviceTimeUs: number): Fault => {
  const within = UNIT_TOLD_WITHIN_US.patient;
  return (
    checkUnitOfTime(fromUs, 'assignment.fromUs', deviceTimeUs, within) ??
    checkUnitOfTime(hospitalFromUs ?? 0, 'assignment.hospitalFromUs', deviceTimeUs, within)
  );
};

/** Marks that turn the direction of writing: "icu-40" behind one is read as "icu-04". */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Marks that nobody sees and no script needs: with one at its end "icu-04" is another bed of the same look. */
const UNSEEN = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff]/u;
/** A text that a person typed, without such marks: keyboards put them there unasked. */
export const withoutMarks = (text: string): string =>
  text.replace(new RegExp(`${TURNS.source}|${UNSEEN.source}`, 'gu'), '');

/** Blanks, and marks that are seen only at the side of others. */
const NOTHING_TO_SEE = /^[\p{Z}\p{Cf}]+$/u;

/** Blanks that are read over: on a screen "icu-04 " and "icu  04" look like others' names, and HL7 fields are often filled up with them. */
const STRAY_BLANK = /^\p{Z}|\p{Z}$|\p{Z}{2}|[^\P{Z} ]/u;

const checkRead = (value: string, where: string): Fault => {
  if (NOTHING_TO_SEE.test(value))
    return rejection('missing-field', where, `${where} is blank; give a name that can be read`);
  if (TURNS.test(value))
    return rejection('out-of-range', where, `${where} has marks that turn the direction of writing; remove them`);
  if (STRAY_BLANK.test(value))
    return rejection(
      'out-of-range',
      where,
      `${where} is ${JSON.stringify(value)}, with blanks that nobody sees at an end, side by side or of another kind; leave single ones between words`,
    );
  if (value.normalize('NFC') !== value)
    return rejection(
      'out-of-range',
      where,
      `${where} is ${JSON.stringify(value)} with letters and marks apart, which looks like another name; compose them (Unicode NFC)`,
    );
  const unseen = UNSEEN.exec(value)?.[0].codePointAt(0)?.toString(16).padStart(4, '0');
  return unseen === undefined
    ? undefined
    : rejection('out-of-range', where, `${where} has a mark that nobody sees (U+${unseen.toUpperCase()}); remove it`);
};

const checkSense = (frame: Telemetry): Fault => {
  const { deviceTimeUs, waveforms, numerics, deviceAlerts, assignment } = frame;
  const unreadable =
    checkRead(frame.bed, 'bed') ??
    checkRead(frame.source, 'source') ??
    (assignment && checkRead(assignment.patient, 'assignment.patient'));
  if (unreadable) return unreadable;
  for (let i = 0; i < waveforms.length; i++) {
    const wrong = checkWave(waveforms[i]!, `waveforms[${i}]`, deviceTimeUs);
    if (wrong) return wrong;
  }
  for (let i = 0; i < numerics.length; i++) {
    const wrong = checkNumber(numerics[i]!, `numerics[${i}]`, deviceTimeUs);
    if (wrong) return wrong;
  }
  for (const [i, alert] of deviceAlerts.entries()) {
    const wrong = checkAlert(alert, `deviceAlerts[${i}]`, deviceTimeUs);
    if (wrong) return wrong;
  }
  const patientTimes = assignment && checkPatientTimes(assignment, deviceTimeUs);
  if (patientTimes) return patientTimes;
  if (assignment !== undefined && !POPULATION_WORDS.includes(assignment.population))
    return rejection(
      'out-of-range',
      'assignment.population',
      `assignment.population is ${JSON.stringify(assignment.population)}; it must be "adult", "child" or "neonate", because limits go by it`,
    );
  return undefined;
};

type Bounds = readonly [least: number, most: number];

/** What a number of no patient can be less or more than, in Vigil's unit: beyond it lie -1, -32768 and their like, which monitors send for "none". */
const POSSIBLE: Readonly<Partial<Record<Dimension, Bounds>>> = {
  frequency: [0, 1_000],
  fraction: [0, 100],
  // Of a line: one that has come off, or was zeroed badly, tells less than 0, and must ring. -99.9 and -100 are sentinels.
  pressure: [-90, 1_000],
  temperature: [0, 60],
};

/** Pressures that are never below 0: a cuff squeezes, and a gas has none. */
const NEVER_NEGATIVE: ReadonlySet<number> = new Set([
  ...[MDC.nibpSystolic, MDC.nibpDiastolic, MDC.nibpMean],
  ...[MDC.etco2, MDC.fico2],
]);

const boundsOf = (code: number): Bounds | undefined => {
  const ofLaboratory = laboratoryValueOf(code);
  if (ofLaboratory !== undefined) return [ofLaboratory.least, ofLaboratory.most];
  const known = signalOf(code);
  const bounds = known && POSSIBLE[known.dimension];
  return bounds && NEVER_NEGATIVE.has(code) ? [0, bounds[1]] : bounds;
};

const isPossible = ({ code, unit }: Numeric, value: number): boolean => {
  const bounds = boundsOf(code);
  const usual = inUsualUnit(code, value, unit);
  return bounds === undefined || usual === undefined || (usual >= bounds[0] && usual <= bounds[1]);
};

/** A sentinel is no number: it is missing, with the reason "out of range". Changed in place. */
const withoutSentinels = (frame: Telemetry): Telemetry => {
  for (const numeric of frame.numerics)
    if (numeric.reading.case === 'value' && !isPossible(numeric, numeric.reading.value))
      numeric.reading = { case: 'missing', value: MissingReason.OUT_OF_RANGE };
  return frame;
};

/** The frame, without sentinels that pass for numbers, or why it cannot be meant. */
export const sensible = (frame: Telemetry): E.Either<Rejection, Telemetry> => {
  const wrong = checkSense(frame);
  return wrong ? E.left(wrong) : E.right(withoutSentinels(frame));
};

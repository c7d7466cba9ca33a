import { inUsualUnit, signalOf } from '../../schemas/codes.ts';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { type Finding, type Findings, RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { MissingReason, type Numeric, type Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { LiveBed, LiveNumeric } from '../../schemas/live.ts';
import {
  alignClock,
  type ClockAlignment,
  clockOf,
  isSetBack,
  startClocks,
} from '../../stream-models/analysis/clock-alignment.ts';
import { staleAfter } from '../../stream-models/limits/stale-after.ts';
import { audioPausedUntil, liveAlarms } from './live-alarm.ts';
import { stillRinging, withVerdict } from './live-evidence.ts';
import { liveRisk } from './live-risk.ts';

/** What the screens know of one bed. */
export interface BedPicture {
  readonly bed: LiveBed;
  readonly clocks: ClockAlignment;
}

export type BedInput =
  | { readonly tag: 'Frame'; readonly frame: Telemetry }
  | { readonly tag: 'Findings'; readonly findings: Findings }
  | { readonly tag: 'Alarm'; readonly event: AlarmEvent }
  /** Analysis has heard the bed up to `saidUs`, and found nothing to tell. */
  | { readonly tag: 'Analysed'; readonly saidUs: number };

export const emptyPicture = (bed: string): BedPicture => ({
  clocks: startClocks,
  bed: {
    bed,
    lastFrameUs: null,
    analysedUs: null,
    patient: null,
    rhythm: null,
    numerics: [],
    score: null,
    risk: null,
    monitorAlarms: [],
    alarms: [],
    audioPausedUntilUs: null,
    leadsOff: [],
  },
});

const RHYTHMS: ReadonlyMap<RhythmKind, string> = new Map([
  [RhythmKind.SINUS_LIKE, 'sinus-like'],
  [RhythmKind.AF, 'af'],
  [RhythmKind.VT, 'vt'],
  [RhythmKind.VFL, 'vfl'],
  [RhythmKind.VF, 'vf'],
  [RhythmKind.ASYSTOLE, 'asystole'],
  [RhythmKind.NOISE, 'noise'],
]);

const MISSING_WORDS: ReadonlyMap<MissingReason, string> = new Map([
  [MissingReason.INVALID, 'invalid'],
  [MissingReason.SENSOR_OFF, 'sensor off'],
  [MissingReason.OUT_OF_RANGE, 'out of range'],
  [MissingReason.NOT_MEASURED, 'not measured'],
  [MissingReason.SENTINEL, 'no value'],
]);

/** Signals per bed on a screen; a device that makes up codes must not fill it. */
const NUMERICS_MAX = 64;

const labelled = (code: number): string => signalOf(code)?.label ?? `MDC ${code}`;

/** A ward that mixes °F and °C, or kPa and mmHg, reads one of them: Vigil's own unit of the signal. */
const inOneUnit = (code: number, value: number, unit: string): { readonly value: number; readonly unit: string } => {
  const usual = inUsualUnit(code, value, unit);
  return usual === undefined ? { value, unit } : { value: usual, unit: signalOf(code)?.ucum ?? unit };
};

const monitorNumeric = (numeric: Numeric, atUs: number): LiveNumeric => {
  const { reading } = numeric;
  const rest = {
    code: numeric.code,
    label: labelled(numeric.code),
    unit: numeric.unit,
    atUs,
    staleAfterUs: staleAfter(numeric.code),
    by: 'monitor' as const,
  };
  if (reading.case === 'value') return { ...rest, ...inOneUnit(numeric.code, reading.value, numeric.unit) };
  const missing = reading.case === 'missing' ? MISSING_WORDS.get(reading.value) : undefined;
  return { ...rest, value: null, missing: missing ?? 'missing' };
};

/** The newest of each code and measurer; an older one that comes later changes nothing. */
const withNumeric = (numerics: readonly LiveNumeric[], one: LiveNumeric): readonly LiveNumeric[] => {
  const at = numerics.findIndex(({ code, by }) => code === one.code && by === one.by);
  if (at === -1) return numerics.length < NUMERICS_MAX ? [...numerics, one] : numerics;
  return numerics[at]!.atUs > one.atUs ? numerics : numerics.with(at, one);
};

const leadsAfter = (before: readonly number[], frame: Telemetry): readonly number[] => {
  if (frame.leads.length === 0) return before;
  const off = new Set(before);
  for (const lead of frame.leads) {
    if (lead.off) off.add(lead.code);
    else off.delete(lead.code);
  }
  return [...off].sort((a, b) => a - b);
};

/** Another patient's numbers must not stand beside this one's name. */
const forPatient = (bed: LiveBed, patient: string): LiveBed =>
  patient === (bed.patient ?? '')
    ? bed
    : {
        ...bed,
        patient: patient === '' ? null : patient,
        numerics: [],
        score: null,
        risk: null,
        rhythm: null,
        monitorAlarms: [],
      };

/** A clock was set back: what is said to be of a time to come would stand, and look new, until that time has come. */
const setBack = (bed: LiveBed, end: number, gatewayTimeUs: number): LiveBed => ({
  ...bed,
  numerics: bed.numerics.filter(({ atUs }) => atUs <= end),
  lastFrameUs: bed.lastFrameUs === null ? null : Math.min(bed.lastFrameUs, gatewayTimeUs),
  analysedUs: bed.analysedUs === null ? null : Math.min(bed.analysedUs, end),
});

const afterFrame = (picture: BedPicture, frame: Telemetry): BedPicture => {
  // What came too late is for the record; a screen shows now.
  if (frame.retrospective) return picture;
  if (frame.silence !== undefined)
    return frame.silence.sinceUs > (picture.bed.lastFrameUs ?? 0)
      ? { ...picture, bed: { ...picture.bed, lastFrameUs: frame.silence.sinceUs } }
      : picture;
  const [clocks, bedTime] = alignClock(picture.clocks, frame);
  const end = bedTime(frame.deviceTimeUs);
  const isBack = isSetBack(clockOf(picture.clocks, frame.source), end);
  const timely = isBack ? setBack(picture.bed, end, frame.gatewayTimeUs) : picture.bed;
  const bed = frame.assignment === undefined ? timely : forPatient(timely, frame.assignment.patient);
  let numerics = bed.numerics;
  for (const numeric of frame.numerics)
    numerics = withNumeric(numerics, monitorNumeric(numeric, bedTime(numeric.atUs)));
  const lastFrameUs = Math.max(frame.gatewayTimeUs, bed.lastFrameUs ?? 0);
  const monitorAlarms = stillRinging(bed.monitorAlarms, frame);
  const leadsOff = leadsAfter(bed.leadsOff, frame);
  return { clocks, bed: { ...bed, lastFrameUs, numerics, monitorAlarms, leadsOff } };
};

const afterFinding = (bed: LiveBed, finding: Finding): LiveBed => {
  const { atUs, kind } = finding;
  switch (kind.case) {
    case 'rhythm':
      return { ...bed, rhythm: RHYTHMS.get(kind.value.rhythm) ?? null };
    case 'derived': {
      const { code, unit, value } = kind.value;
      const derived = { code, label: labelled(code), unit, value, atUs, staleAfterUs: staleAfter(code) };
      return { ...bed, numerics: withNumeric(bed.numerics, { ...derived, by: 'vigil' }) };
    }
    case 'score': {
      const { name, value, missing, points, response } = kind.value;
      return { ...bed, score: { name, value: value ?? null, missing: [...missing], points, response, atUs } };
    }
    case 'risk':
      return { ...bed, risk: liveRisk(kind.value, atUs) };
    case 'verdict':
      return { ...bed, monitorAlarms: withVerdict(bed.monitorAlarms, finding, kind.value) };
    default:
      return bed;
  }
};

const analysed = (bed: LiveBed, saidUs: number): LiveBed =>
  saidUs > (bed.analysedUs ?? 0) ? { ...bed, analysedUs: saidUs } : bed;

/** One more thing heard of the bed. Pure; the same picture (===) when nothing on the screen changes. */
export const stepPicture = (picture: BedPicture, input: BedInput): BedPicture => {
  switch (input.tag) {
    case 'Frame':
      return afterFrame(picture, input.frame);
    case 'Findings': {
      let { bed } = picture;
      for (const finding of input.findings.findings) bed = analysed(afterFinding(bed, finding), finding.saidUs);
      return bed === picture.bed ? picture : { ...picture, bed };
    }
    case 'Alarm':
      return {
        ...picture,
        bed: {
          ...picture.bed,
          alarms: liveAlarms(input.event),
          audioPausedUntilUs: audioPausedUntil(input.event),
        },
      };
    case 'Analysed': {
      const bed = analysed(picture.bed, input.saidUs);
      return bed === picture.bed ? picture : { ...picture, bed };
    }
  }
};

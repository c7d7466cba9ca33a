import { inUsualUnit, labelOf, signalOf } from '../../schemas/codes.ts';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Finding, Findings, Score } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Assignment, Numeric, Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory } from '../../schemas/laboratory.ts';
import type { LiveBed, LiveNumeric, LiveScore } from '../../schemas/live.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { tellersOf } from '../../schemas/tellers.ts';
import { BEGUN_ANEW, rhythmName } from '../../schemas/words.ts';
import { alignClock, startClocks } from '../../stream-models/analysis/clock-alignment.ts';
import { lateWord } from '../../stream-models/analysis/late-word.ts';
import { type LeadWords, leadsOffFor, leadWordsAfter } from '../../stream-models/analysis/leads-off.ts';
import { hearClaims, noClaims, type PatientClaims } from '../../stream-models/analysis/patient-claims.ts';
import { assignedFrom } from '../../stream-models/analysis/patient-told.ts';
import { type UsableEcg, usableAfter } from '../../stream-models/analysis/usable-ecg.ts';
import type { TimedFrame } from '../../stream-models/analysis/waiting.ts';
import { staleAfter } from '../../stream-models/vocabulary/stale-after.ts';
import {
  type BedLaboratory,
  laboratoryAfter,
  laboratoryRepeated,
  laboratorySince,
  newestOf,
  noLaboratory,
} from './bed-laboratory.ts';
import { audioPausedUntil, chosenBy, liveAlarms } from './live-alarm.ts';
import { stillRinging, withVerdict } from './live-evidence.ts';
import { limitsUpTo, liveLimits } from './live-limits.ts';
import { liveMissed } from './live-missed.ts';
import { withNumeric } from './live-numerics.ts';
import { liveRisk } from './live-risk.ts';
import { missingWord } from './missing-word.ts';
import { afterClocks, type TimedBed } from './set-back.ts';
import { withWaveSource } from './wave-sources.ts';

/** What the screens know of one bed. */
export interface BedPicture extends TimedBed {
  readonly laboratory: BedLaboratory;
  readonly claims: PatientClaims;
  /** What each device says of electrodes, and whose ECG a heart can be heard from. */
  readonly leadWords: readonly LeadWords[];
  readonly usable: UsableEcg | undefined;
}

export type BedInput =
  | { readonly tag: 'Frame'; readonly frame: Telemetry }
  | { readonly tag: 'Findings'; readonly findings: Findings }
  | { readonly tag: 'Alarm'; readonly event: AlarmEvent }
  /** Analysis has heard the bed up to `saidUs`, and found nothing to tell. */
  | { readonly tag: 'Analysed'; readonly saidUs: number }
  /** Which device's wave of a signal is drawn; undefined: no other tells it. */
  | { readonly tag: 'Drawn'; readonly code: number; readonly source: string | undefined };

/** A bed of which nothing was heard. */
export const emptyPicture = (bed: string): BedPicture => ({
  clocks: startClocks,
  laboratory: noLaboratory,
  claims: noClaims,
  leadWords: [],
  usable: undefined,
  sinceUs: 0,
  bed: {
    bed,
    lastFrameUs: null,
    analysedUs: null,
    patient: null,
    rhythm: null,
    numerics: [],
    laboratory: [],
    score: null,
    risk: null,
    monitorAlarms: [],
    alarms: [],
    audioPausedUntilUs: null,
    leadsOff: [],
  },
});

/** A ward that mixes °F and °C, or kPa and mmHg, reads one of them: Vigil's own unit of the signal. */
const inOneUnit = (code: number, value: number, unit: string): { readonly value: number; readonly unit: string } => {
  const usual = inUsualUnit(code, value, unit);
  return usual === undefined ? { value, unit } : { value: usual, unit: signalOf(code)?.ucum ?? unit };
};

const monitorNumeric = (numeric: Numeric, atUs: number, source: string): LiveNumeric => {
  const { reading } = numeric;
  const rest = {
    code: numeric.code,
    label: labelOf(numeric.code),
    unit: numeric.unit,
    atUs,
    staleAfterUs: staleAfter(numeric.code),
    by: 'monitor' as const,
    source,
  };
  if (reading.case === 'value') return { ...rest, ...inOneUnit(numeric.code, reading.value, numeric.unit) };
  return { ...rest, value: null, missing: missingWord(reading.case && reading.value) };
};

const NOT_CONCLUDED = { score: null, risk: null, rhythm: null, limits: undefined } as const;

/**
 * Another patient's numbers must not stand beside this one's name. The first name heard is of who lay there all the time, as analysis takes
 * it: what it concluded stays. NEWS2 and the risk are of adults alone.
 */
const forPatient = (bed: LiveBed, { patient, population }: Assignment, isFirst: boolean): LiveBed => {
  const isAdult = population !== 'child' && population !== 'neonate';
  const judged = isAdult || (bed.score === null && bed.risk === null) ? bed : { ...bed, score: null, risk: null };
  if (patient === (bed.patient ?? '')) return judged;
  const named = { ...judged, patient: patient === '' ? null : patient, numerics: [], laboratory: [] };
  return isFirst ? named : { ...named, ...NOT_CONCLUDED, monitorAlarms: [] };
};

interface Named extends Pick<BedPicture, 'bed' | 'laboratory' | 'sinceUs'> {}

/** After what a frame says of who lies there, and of laboratory values. `from`: when it counts from; `bed`: before it. */
const named = (picture: BedPicture, bed: LiveBed, { frame, end, toBedTime }: TimedFrame, from: number): Named => {
  const { assignment } = frame;
  const isFirst = picture.claims.patient === undefined;
  const after = assignment === undefined ? bed : forPatient(bed, assignment, isFirst);
  const isAnother = after.patient !== bed.patient;
  const sinceUs = isAnother && !isFirst ? from : picture.sinceUs;
  const since = assignment === undefined ? end : assignedFrom(assignment, end, toBedTime);
  const wasUnnamed = picture.bed.patient === null;
  const ofBed = !isAnother ? picture.laboratory : laboratorySince(picture.laboratory, since, wasUnnamed);
  const laboratory = laboratoryAfter(ofBed, frame, toBedTime);
  return {
    laboratory,
    sinceUs,
    bed: laboratory === picture.laboratory ? after : { ...after, laboratory: newestOf(laboratory) },
  };
};

/** What came too late is for the record; a screen shows now, and who lies there. */
const afterLateFrame = (picture: BedPicture, came: Telemetry): BedPicture => {
  const word = lateWord(came, picture.clocks, picture.claims);
  if (word === undefined) return picture;
  const [claims, frame] = hearClaims(picture.claims, word.frame, word.end);
  return { ...picture, claims, ...named(picture, picture.bed, { ...word, frame }, came.gatewayTimeUs) };
};

const afterFrame = (picture: BedPicture, came: Telemetry): BedPicture => {
  if (came.retrospective) return afterLateFrame(picture, came);
  if (came.silence !== undefined)
    return came.silence.sinceUs > (picture.bed.lastFrameUs ?? 0)
      ? { ...picture, bed: { ...picture.bed, lastFrameUs: came.silence.sinceUs } }
      : picture;
  const [aligned, bedTime] = alignClock(picture.clocks, came);
  const end = bedTime(came.deviceTimeUs);
  const [claims, frame] = hearClaims(picture.claims, came, end);
  const ofTime = afterClocks(picture, frame, aligned, end);
  const { clocks, behind } = ofTime;
  const timed = { frame, end, toBedTime: bedTime };
  const { laboratory, sinceUs, bed } = named(
    { ...picture, ...ofTime },
    ofTime.bed,
    timed,
    Math.min(end, frame.gatewayTimeUs),
  );
  // What a laboratory says is no sign that the bed's monitor lives.
  if (isLaboratoryFrame(frame)) return { ...picture, clocks, laboratory, claims, sinceUs, bed };
  let numerics = bed.numerics;
  const tellers = tellersOf(frame);
  for (const [i, numeric] of frame.numerics.entries())
    if (!isLaboratory(numeric.code))
      numerics = withNumeric(numerics, monitorNumeric(numeric, bedTime(numeric.atUs), tellers[i]!));
  const lastFrameUs = Math.max(frame.gatewayTimeUs, bed.lastFrameUs ?? 0);
  const monitorAlarms = stillRinging(bed.monitorAlarms, frame);
  const leadWords = leadWordsAfter(picture.leadWords, frame);
  const usable = usableAfter(picture.usable, frame, leadsOffFor(leadWords, frame.source), end);
  const leadsOff = leadsOffFor(leadWords, usable?.source);
  const heard = { lastFrameUs, numerics, monitorAlarms, leadsOff };
  return { clocks, behind, laboratory, claims, sinceUs, leadWords, usable, bed: { ...bed, ...heard } };
};

/** Beside the risk analysis says the newest laboratory values again. */
const afterLaboratory = (picture: BedPicture, { kind }: Finding): BedPicture => {
  if (kind.case !== 'risk') return picture;
  const laboratory = laboratoryRepeated(picture.laboratory, kind.value.laboratory);
  if (laboratory === picture.laboratory) return picture;
  return { ...picture, laboratory, bed: { ...picture.bed, laboratory: newestOf(laboratory) } };
};

const liveScore = ({ name, value, missing, points, response, spo2Scale }: Score, atUs: number): LiveScore => ({
  ...{ name, value: value ?? null, missing: [...missing], points, response, atUs },
  ...(spo2Scale === 1 || spo2Scale === 2 ? { spo2Scale } : {}),
});

const afterFinding = (bed: LiveBed, finding: Finding): LiveBed => {
  const { atUs, kind } = finding;
  switch (kind.case) {
    case 'rhythm':
      return { ...bed, rhythm: rhythmName(kind.value.rhythm) ?? null };
    case 'derived': {
      const { code, unit, value } = kind.value;
      const derived = { code, label: labelOf(code), unit, value, atUs, staleAfterUs: staleAfter(code) };
      return { ...bed, numerics: withNumeric(bed.numerics, { ...derived, by: 'vigil' }) };
    }
    case 'score': {
      return { ...bed, score: liveScore(kind.value, atUs) };
    }
    case 'risk':
      return { ...bed, risk: liveRisk(kind.value, atUs) };
    case 'reset':
      if (kind.value.what !== BEGUN_ANEW) return bed;
      return { ...bed, ...NOT_CONCLUDED, numerics: bed.numerics.filter(({ by }) => by !== 'vigil') };
    case 'verdict':
      return { ...bed, monitorAlarms: withVerdict(bed.monitorAlarms, finding, kind.value) };
    default:
      return bed;
  }
};

const analysed = (bed: LiveBed, saidUs: number): LiveBed =>
  saidUs > (bed.analysedUs ?? 0) ? limitsUpTo({ ...bed, analysedUs: saidUs }, saidUs) : bed;

/** One more thing heard of the bed. Pure; the same picture (===) when nothing on the screen changes. */
export const stepPicture = (picture: BedPicture, input: BedInput): BedPicture => {
  switch (input.tag) {
    case 'Frame':
      return afterFrame(picture, input.frame);
    case 'Findings': {
      let after = picture;
      for (const finding of input.findings.findings) {
        const isOfBefore = finding.saidUs < after.sinceUs;
        const { bed: before, ...rest } = isOfBefore ? after : afterLaboratory(after, finding);
        const bed = analysed(isOfBefore ? before : afterFinding(before, finding), finding.saidUs);
        if (bed !== after.bed) after = { ...rest, bed };
      }
      const limits = input.findings.limits.findLast(({ atUs }) => atUs >= after.sinceUs);
      return limits === undefined ? after : { ...after, bed: { ...after.bed, limits: liveLimits(limits) } };
    }
    case 'Alarm':
      return {
        ...picture,
        bed: {
          ...picture.bed,
          alarms: liveAlarms(input.event),
          audioPausedUntilUs: audioPausedUntil(input.event),
          chosenBy: chosenBy(input.event),
          missed: liveMissed(input.event),
        },
      };
    case 'Analysed': {
      const bed = analysed(picture.bed, input.saidUs);
      return bed === picture.bed ? picture : { ...picture, bed };
    }
    case 'Drawn': {
      const bed = withWaveSource(picture.bed, input.code, input.source);
      return bed === picture.bed ? picture : { ...picture, bed };
    }
  }
};

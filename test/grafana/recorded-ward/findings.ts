/** What Vigil found at the bed of the story: its rhythm, beats, scores and risks. */
import { create } from '@bufbuild/protobuf';
import { MDC } from '../../../schemas/codes.ts';
import {
  BeatClass,
  BeatSchema,
  DerivedSchema,
  type Finding,
  FindingSchema,
  MemoryResetSchema,
  RhythmKind,
  RhythmSchema,
  RiskSchema,
  RiskState,
  ScoreSchema,
} from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { BEGUN_ANEW } from '../../../schemas/words.ts';
import type { NumericPoint, StoredFinding } from '../../../services/ports/series-store.ts';
import { noRhythm, rhythmMarks } from '../../../services/recorder/rhythm-marks.ts';
import { AGO, at, BED, DAY, HOUR, MINUTE, SECOND } from './story.ts';

const finding = (agoMs: number, kind: Finding['kind'], saidAgoMs = agoMs): Finding =>
  create(FindingSchema, { atUs: at(agoMs), saidUs: at(saidAgoMs), preset: 'vigil', kind });

/** A rhythm is said a second after it began. */
const rhythm = (agoMs: number, kind: RhythmKind): Finding =>
  finding(agoMs, { case: 'rhythm', value: create(RhythmSchema, { rhythm: kind }) }, agoMs - SECOND);

const heartRate = (agoMs: number): Finding => {
  const value = create(DerivedSchema, { code: MDC.ecgHeartRate, unit: '/min', value: 71 });
  return finding(agoMs, { case: 'derived', value });
};

const reset = (agoMs: number, what: string, why: string): Finding =>
  finding(agoMs, { case: 'reset', value: create(MemoryResetSchema, { what, why }) });
const anotherPatient = reset(AGO.anotherPatient, BEGUN_ANEW, 'another patient');

/** In the order in which they were said: every tenth second that the bed was heard has one. */
const heard = (): readonly Finding[] => {
  const findings = [
    rhythm(DAY, RhythmKind.SINUS_LIKE),
    ...([rhythm(AGO.vt, RhythmKind.VT), rhythm(AGO.vt - SECOND, RhythmKind.SINUS_LIKE)] as const),
    anotherPatient,
    rhythm(AGO.silentTo, RhythmKind.SINUS_LIKE),
    ...([rhythm(AGO.afFrom, RhythmKind.AF), rhythm(AGO.afTo, RhythmKind.SINUS_LIKE)] as const),
  ];
  for (let ago = DAY; ago > 0; ago -= 10 * SECOND)
    if (ago >= AGO.silentFrom || ago <= AGO.silentTo) findings.push(heartRate(ago));
  return findings.sort((a, b) => a.saidUs - b.saidUs);
};

const beat = (agoMs: number, beatClass: BeatClass): Finding => {
  const value = create(BeatSchema, { class: beatClass, rrMs: 1_000, amplitudeMv: 1.1, probability: 0.98 });
  return finding(agoMs, { case: 'beat', value });
};

/** One beat a second in the last ten minutes, every tenth ventricular; one of each other class before. */
const beats = (): readonly Finding[] => [
  ...[BeatClass.S, BeatClass.F, BeatClass.Q, BeatClass.ARTEFACT].map((beatClass, i) =>
    beat(20 * MINUTE - i * SECOND, beatClass),
  ),
  ...Array.from({ length: 600 }, (_, i) => beat(10 * MINUTE - i * SECOND, i % 10 === 9 ? BeatClass.V : BeatClass.N)),
];

/** Without a value it is incomplete. */
export const scoreOf = (value: number | undefined, agoMs: number): Finding => {
  const missing = value === undefined ? ['respiration', 'temperature'] : [];
  const score = create(ScoreSchema, { name: 'NEWS2', missing, ...(value === undefined ? {} : { value }) });
  return finding(agoMs, { case: 'score', value: score });
};

/** In the last hour: 2, at one minute 7. */
const scores = (): readonly Finding[] =>
  Array.from({ length: 60 }, (_, i) => scoreOf(i === 30 ? 7 : 2, HOUR - i * MINUTE));

const aroundOf = (probability: number) => ({ low: probability / 2, high: 2 * probability });

/** Four hours of the day; in the third the vital signs were too old. */
const risks = (): readonly Finding[] =>
  [0.02, 0.125, undefined, 0.04].map((probability, i) => {
    const state = probability === undefined ? RiskState.INSUFFICIENT : RiskState.VALUE;
    const missing = probability === undefined ? ['SpO₂'] : [];
    const risk = create(RiskSchema, {
      ...{ name: 'sepsis', horizonHours: 6, state, missing, threshold: 0.03, model: 'network-1' },
      ...(probability === undefined
        ? {}
        : { probability, alarm: probability >= 0.03, interval: aroundOf(probability) }),
    });
    return finding((8 - i) * HOUR, { case: 'risk', value: risk });
  });

export const findingsOfTheDay = (): readonly StoredFinding[] =>
  [...heard(), reset(AGO.afFrom, 'ecg', 'a gap'), ...beats(), ...scores(), ...risks()].map((each) => ({
    bed: BED,
    finding: each,
  }));

/** The rhythm as the recorder marks it. */
export const marksOfTheDay = (): readonly NumericPoint[] => rhythmMarks(noRhythm, BED, heard())[1];

import { STANDBY_AFTER_US } from '../../schemas/live.ts';
import { earlier, elapsed, type Moment, microseconds } from '../../schemas/units.ts';
import { BEGUN_ANEW } from '../../schemas/words.ts';
import type { Fold } from '../fold.ts';
import { type LimitsMemory, limitsStart, watchLimits } from '../limits/limits.ts';
import { limitsChanged } from '../limits/limits-changed.ts';
import { limitsSetBack } from '../limits/limits-set-back.ts';
import { noPatientLimits, type PatientLimits, settingsWith } from '../patient-limits/patient-limits.ts';
import {
  type AtBed,
  patientLimitsKept,
  patientLimitsLeft,
  patientLimitsSetBack,
  patientLimitsUnfounded,
  watchPatientLimits,
} from '../patient-limits/watch-patient-limits.ts';
import { type Bounds, usualBounds } from '../presets/bed-rules.ts';
import { type Population, type PopulationSettings, type Preset, populations } from '../presets/preset.ts';
import { VOTE_USUAL, type VoteSettings } from '../rhythm/red-vote.ts';
import { type RhythmMemory, rhythmStart } from '../rhythm/rhythm-memory.ts';
import { isSilentFor, signalStateStart } from '../rhythm/signal-state.ts';
import { watchRhythm } from '../rhythm/watch-rhythm.ts';
import { type News2Memory, news2Start, watchNews2 } from '../scores/watch-news2.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { AssignmentSeen, ClockSetBack, Sighting } from '../vocabulary/sighting.ts';

/** What is remembered of a bed to draw conclusions: plain data, some 10 KB while there is ECG. */
export interface ConcludeMemory {
  readonly patient: string | undefined;
  readonly population: Population;
  readonly rhythm: RhythmMemory;
  readonly limits: LimitsMemory;
  readonly news2: News2Memory;
  /** Limits of the patient's own; absent: none was ever set, or remembered from before this was kept. */
  readonly patientLimits?: PatientLimits;
}

const start: ConcludeMemory = {
  patient: undefined,
  population: 'adult',
  rhythm: rhythmStart,
  limits: limitsStart,
  news2: news2Start,
};

type Condition = Extract<Fact, { readonly tag: 'Condition' }>;
const STANDBY_AFTER = microseconds(STANDBY_AFTER_US);
type Step = readonly [ConcludeMemory, readonly Fact[]];
const NO_FACTS: readonly Fact[] = [];

const ended = (memory: ConcludeMemory, at: Moment, said: Moment, evidence: string): readonly Condition[] =>
  [...memory.rhythm.present, ...memory.limits.present, ...memory.news2.present].map((condition) => ({
    tag: 'Condition',
    at,
    said,
    condition,
    present: false,
    evidence,
  }));

const ownOf = ({ patientLimits }: ConcludeMemory): PatientLimits => patientLimits ?? noPatientLimits;
const withOwn = (memory: ConcludeMemory, own: PatientLimits): ConcludeMemory =>
  own === ownOf(memory) ? memory : { ...memory, patientLimits: own };

/**
 * Another patient, or the bed is free: nothing of the one before may count for the next. What the electrodes and the
 * signal do is of the bed and goes on; a first assignment changes nothing that was heard.
 */
const reassigned = (memory: ConcludeMemory, sighting: AssignmentSeen): Step => {
  const { patient, population, said } = sighting;
  if (memory.patient === undefined || memory.patient === patient) {
    if (population === memory.population) return [{ ...memory, patient }, []];
    const judged = { ...memory, rhythm: { ...rhythmStart, present: [] } };
    const facts = ended(judged, sighting.at, said, `judged as ${population}`);
    const limits = { ...memory.limits, present: [] };
    const [own, told] = patientLimitsUnfounded(ownOf(memory), sighting, `judged as ${population}`);
    const news2 = { ...memory.news2, present: [] };
    return [withOwn({ ...memory, patient, population, limits, news2 }, own), [...facts, ...told]];
  }
  const evidence = patient === '' ? 'the bed is free' : 'another patient';
  const [own, told] = patientLimitsLeft(ownOf(memory), sighting, evidence);
  const facts: readonly Fact[] = [
    { tag: 'Reset', at: sighting.at, said, what: BEGUN_ANEW, why: evidence },
    ...ended(memory, sighting.at, said, evidence),
    ...told,
  ];
  const rhythm = { ...rhythmStart, signal: memory.rhythm.signal };
  return [withOwn({ ...start, patient, population, rhythm }, own), facts];
};

/**
 * Bed time went back: a clock was set. What was counted from moments that are still to come would hold alarms back until they
 * have come: a newer number would be taken for an older one, and a standstill for one of no length.
 */
const setBack = (before: ConcludeMemory, { at, said, from }: ClockSetBack): Step => {
  const by = elapsed(said, from);
  const [own, told] = patientLimitsSetBack(ownOf(before), by, { at, said });
  const memory = before.patientLimits === undefined ? before : withOwn(before, own);
  const why = 'the clock was set back';
  const { flagged, freeSince, isInUse, expectedFrom } = memory.rhythm.signal;
  // Since when a bed is free is later than now, too.
  const signal = { ...signalStateStart, flagged, freeSince: freeSince && said, isInUse, heardTo: said };
  const expected = expectedFrom === undefined ? signal : { ...signal, expectedFrom: said };
  const { readings, scaleTwo } = memory.news2;
  const facts: readonly Fact[] = [
    { tag: 'Reset', at: said, said, what: BEGUN_ANEW, why },
    ...ended(memory, said, said, why),
    ...told,
  ];
  return [
    {
      ...memory,
      rhythm: { ...rhythmStart, signal: expected },
      limits: limitsSetBack(memory.limits, by),
      news2: {
        ...news2Start,
        scaleTwo,
        readings: readings.map((reading) => ({ ...reading, at: earlier(reading.at, by) })),
      },
    },
    facts,
  ];
};

/**
 * A nurse says that the monitor was taken away: what stood ends by her name, and silence is expected until the bed speaks again.
 * Nothing ends while anything is heard of the bed, nor where somebody is named for it: then it is for the register to say who left.
 */
const takenAway = (memory: ConcludeMemory, { at, said }: Sighting, by: string): Step => {
  const { patient, rhythm } = memory;
  if ((patient ?? '') !== '' || !isSilentFor(rhythm.signal, STANDBY_AFTER, at)) return [memory, NO_FACTS];
  const why = 'the monitor was taken away';
  const [own, told] = patientLimitsLeft(ownOf(memory), { at, said }, why);
  const facts: readonly Fact[] = [
    { tag: 'Reset', at, said, what: BEGUN_ANEW, why: `${why}: ${by}` },
    ...ended(memory, at, said, why).map((fact) => ({ ...fact, by })),
    ...told,
  ];
  const signal = { ...signalStateStart, takenAway: true };
  const after = { ...start, patient, population: memory.population, rhythm: { ...rhythmStart, signal } };
  return [withOwn(after, own), facts];
};

const begunAnew = (memory: ConcludeMemory, sighting: Sighting): Step => {
  if (sighting.tag === 'SilenceSeen' && sighting.takenAwayBy !== undefined)
    return takenAway(memory, sighting, sighting.takenAwayBy);
  if (sighting.tag === 'AssignmentSeen') return reassigned(memory, sighting);
  return sighting.tag === 'ClockSetBack' ? setBack(memory, sighting) : [memory, NO_FACTS];
};

/**
 * What of a bed's memory of another version holds good: the limits that a nurse has set, and for whom; undefined: nothing. Everything else
 * begins anew and is heard again; an act of a nurse would not be.
 */
export const rescued = (memory: unknown): ConcludeMemory | undefined => {
  const kept = (memory as { readonly concluding?: Partial<ConcludeMemory> } | undefined)?.concluding;
  const patientLimits = patientLimitsKept(kept?.patientLimits);
  if (patientLimits === undefined) return undefined;
  const { patient, population } = kept!;
  const lies = typeof patient === 'string' ? patient : undefined;
  return {
    ...start,
    patient: lies,
    population: populations.find((each) => each === population) ?? 'adult',
    patientLimits,
  };
};

/** What the limits of the bed are set, and judged, by: the unit's settings with the patient's own in them. Made once for each state of them. */
const makeJudgedBy = (preset: Preset) => {
  const known = new WeakMap<
    PatientLimits,
    { readonly population: Population; readonly settings: PopulationSettings }
  >();
  return ({ patientLimits, population }: ConcludeMemory): PopulationSettings => {
    const unit = preset.populations[population];
    if (patientLimits === undefined || patientLimits.own.length === 0) return unit;
    const made = known.get(patientLimits);
    if (made?.population === population) return made.settings;
    const settings = settingsWith(unit, patientLimits.own);
    known.set(patientLimits, { population, settings });
    return settings;
  };
};

/**
 * Draws the conclusions of one bed, in the order in which its sightings were said: rhythm, then limits, then scores. Vigil's own heart
 * rate counts for the limits and NEWS2 of the same moment. `said` of every fact is the sighting's, so it never decreases. `bounds`: within
 * which limits may be set for a patient.
 */
export const conclude = (
  preset: Preset,
  vote: VoteSettings = VOTE_USUAL,
  bounds: Bounds = usualBounds(preset),
): Fold<ConcludeMemory, Sighting, Fact> => {
  const judgedBy = makeJudgedBy(preset);
  /** What a nurse has set applies from this sighting on, and what is over no more. */
  const hearOwn = (memory: ConcludeMemory, sighting: Sighting): Step => {
    const { patient, population, patientLimits } = memory;
    if (sighting.tag !== 'LimitsAsked' && patientLimits === undefined) return [memory, NO_FACTS];
    const atBed: AtBed = { settings: preset.populations[population], bounds: bounds[population], patient };
    const [own, told] = watchPatientLimits(ownOf(memory), sighting, atBed);
    const after = withOwn(memory, own);
    const [before, now] = [judgedBy(memory), judgedBy(after)];
    if (before === now) return [after, told];
    const [limits, facts] = limitsChanged(after.limits, before, now, sighting.said);
    return [{ ...after, limits }, [...facts, ...told]];
  };
  return {
    start,
    step: (before, sighting) => {
      // Neither limits nor NEWS2 know them; they are hours old, and no sign of life.
      if (sighting.tag === 'LaboratorySeen' || sighting.tag === 'PatientDescribed') return [before, NO_FACTS];
      // Nothing was heard of the bed by it.
      if (sighting.tag === 'LimitsAsked') return hearOwn(before, sighting);
      const [anew, resets] = begunAnew(before, sighting);
      const [memory, own] = hearOwn(anew, sighting);
      const settings = judgedBy(memory);
      const [rhythm, heart] = watchRhythm(memory.rhythm, sighting, settings.rhythm, vote);
      const [limits, beyond] = watchLimits(memory.limits, sighting, heart, settings, rhythm.signal);
      // NEWS2 is for adults; no score stands in for it at other ages.
      const [news2, scored] =
        memory.population === 'adult' ? watchNews2(memory.news2, sighting, heart) : [memory.news2, NO_FACTS];
      const same = rhythm === memory.rhythm && limits === memory.limits && news2 === memory.news2;
      const silent = resets.length + own.length + heart.length + beyond.length + scored.length === 0;
      return [
        same ? memory : { ...memory, rhythm, limits, news2 },
        silent ? NO_FACTS : [...resets, ...own, ...heart, ...beyond, ...scored],
      ];
    },
  };
};

import { isEcgLead, MDC } from '../../schemas/codes.ts';
import type { ConditionName } from '../../schemas/conditions.ts';
import { elapsed, inSeconds, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import type { EcgProgress, LeadProgress } from '../ecg/sighting.ts';
import type { Claim, PresentConditions } from '../vocabulary/present-conditions.ts';
import type { Sighting } from '../vocabulary/sighting.ts';
import { isMeasuredAllTheTime } from '../vocabulary/stale-after.ts';

/** What can be said of the ECG as a signal, before anything is said of the heart. */
export interface SignalState {
  /** Electrodes that the monitor calls off. */
  readonly flagged: readonly number[];
  /** Leads of the newest stretch whose electrode is off. */
  readonly off: readonly number[];
  /** Leads of the newest stretch of ECG that held samples. */
  readonly leads: readonly number[];
  /** 'none': there was never any ECG, or none for NO_SIGNAL_AFTER. 'off': every lead is off. */
  readonly use: 'none' | 'usable' | 'off';
  readonly ecgTo: Moment | undefined;
  /** When the first ECG line came, be it empty: from then on ECG is expected. */
  readonly expectedFrom: Moment | undefined;
  /** Newest sign of life of the bed of any kind. */
  readonly heardTo: Moment | undefined;
  /** Since when the usable leads have been bad or at the rail; undefined: they are not. */
  readonly badSince: Moment | undefined;
  readonly railSince: Moment | undefined;
  /** Since when nobody is assigned to the bed, where a register said so: its silence is expected. */
  readonly freeSince: Moment | undefined;
  /** Its monitor measures somebody all the same: whoever lies there without an assignment is missed. */
  readonly isInUse: boolean;
  /** Since when some leads have been off while others are on, or were when all came off; absent: none are. */
  readonly someOffSince?: Moment | undefined;
  /** Somebody has taken the monitor away: silence is expected until the bed speaks again. Absent: nobody has. */
  readonly takenAway?: boolean;
}

export const signalStateStart: SignalState = {
  flagged: [],
  off: [],
  leads: [],
  use: 'none',
  ecgTo: undefined,
  expectedFrom: undefined,
  heardTo: undefined,
  badSince: undefined,
  railSince: undefined,
  freeSince: undefined,
  isInUse: false,
};

/** A bed that had ECG, or any data, and brings none for this long has no signal. */
export const NO_SIGNAL_AFTER = seconds(5);
/** Quality below this for NOISE_AFTER is noise. */
const QUALITY_LOW = 0.25;
const NOISE_AFTER = seconds(10);
/** A patient may be discharged before the electrodes are taken off. */
const LEAVES_WITHIN = seconds(120);
/** A line at its rail for so long is said as saturated. */
const RAIL_AFTER = seconds(2);

/** More than half of the samples are there. Most often the first half of them shows it. */
const hasSamples = ({ samplesMv }: LeadProgress): boolean => {
  let there = 0;
  for (let i = 0; i < samplesMv.length && there * 2 <= samplesMv.length; i++) if (!Number.isNaN(samplesMv[i]!)) there++;
  return there * 2 > samplesMv.length;
};

const isOff = (state: SignalState, code: number): boolean =>
  state.flagged.includes(code) || state.flagged.includes(MDC.ecgUnspecified);

const isOn = (state: SignalState, lead: LeadProgress): boolean => !lead.off && !isOff(state, lead.code);

/** The leads of a stretch that hold samples and have their electrodes on: what rhythms may be read from. */
export const usableLeads = (state: SignalState, progress: EcgProgress): readonly LeadProgress[] =>
  progress.leads.filter((lead) => isOn(state, lead) && hasSamples(lead));

const hearProgress = (before: SignalState, progress: EcgProgress): SignalState => {
  const { at } = progress;
  const expectedFrom = before.expectedFrom ?? at;
  const present = progress.leads.filter(hasSamples);
  const usable = present.filter((lead) => isOn(before, lead));
  const heardTo = at;
  // Only empty samples: the monitor sends a line without a signal on it. Time decides, as if nothing had come.
  if (present.length === 0)
    return { ...before, expectedFrom, heardTo, use: progress.leads.some((lead) => lead.off) ? 'off' : before.use };
  const off = present.filter((lead) => !usable.includes(lead)).map(codeOf);
  const leads = present.map(codeOf);
  const bad = usable.length > 0 && usable.every((lead) => lead.quality < QUALITY_LOW && !lead.flat);
  const rail = usable.length > 0 && usable.every((lead) => lead.saturated);
  const badSince = bad ? (before.badSince ?? at) : undefined;
  const railSince = rail ? (before.railSince ?? at) : undefined;
  const use = usable.length === 0 ? 'off' : 'usable';
  return { ...before, expectedFrom, heardTo, ecgTo: at, leads, off, use, badSince, railSince };
};

const codeOf = ({ code }: LeadProgress): number => code;

const flag = (state: SignalState, code: number, off: boolean): SignalState => {
  if (!isEcgLead(code)) return state;
  const flagged = [...state.flagged.filter((other) => other !== code), ...(off ? [code] : [])];
  const next = { ...state, flagged };
  const known = next.leads.length > 0 ? next.leads : flagged;
  const allOff = known.length > 0 && known.every((lead) => isOff(next, lead));
  if (allOff) return { ...next, use: 'off', badSince: undefined, railSince: undefined };
  return next.use === 'off' && state.ecgTo !== undefined ? { ...next, use: 'usable' } : next;
};

const passTime = (state: SignalState, now: Moment): SignalState => {
  const lost = state.use === 'usable' && (state.ecgTo === undefined || elapsed(state.ecgTo, now) >= NO_SIGNAL_AFTER);
  return lost ? { ...state, use: 'none', badSince: undefined, railSince: undefined } : state;
};

/** Nothing at all has been heard of the bed for so long. */
export const isSilentFor = ({ heardTo }: SignalState, span: Microseconds, now: Moment): boolean =>
  heardTo !== undefined && elapsed(heardTo, now) >= span;

/** A bed that speaks has a monitor, and one to whom somebody is assigned should have one. */
const isBack = (sighting: Sighting): boolean =>
  sighting.tag === 'EcgProgress' ||
  sighting.tag === 'LeadSeen' ||
  sighting.tag === 'NumericSeen' ||
  (sighting.tag === 'AssignmentSeen' && sighting.patient !== '');

/** A free bed is in use again when its monitor goes on measuring somebody, until all its electrodes are off. */
const inUse = (state: SignalState, sighting: Sighting): SignalState => {
  if (state.freeSince === undefined) return state;
  const measures =
    (sighting.tag === 'EcgProgress' && state.use === 'usable') ||
    (sighting.tag === 'NumericSeen' && sighting.value !== undefined && isMeasuredAllTheTime(sighting.code));
  const isInUse =
    state.use !== 'off' && (state.isInUse || (measures && elapsed(state.freeSince, sighting.said) >= LEAVES_WITHIN));
  return isInUse === state.isInUse ? state : { ...state, isInUse };
};

const isSilenceExpected = ({ freeSince, isInUse, takenAway }: SignalState): boolean =>
  takenAway === true || (freeSince !== undefined && !isInUse);

/** Nobody speaks at the bed, or nobody is expected to: then no device of it is missed by itself. */
export const isNobodyMissed = (state: SignalState, now: Moment): boolean =>
  isSilenceExpected(state) || isSilentFor(state, NO_SIGNAL_AFTER, now);

/** There has been ECG, be it an empty line: its want is told by the signal itself. */
export const isEcgExpected = ({ expectedFrom }: SignalState): boolean => expectedFrom !== undefined;

/** An electrode is off, or all are: what is measured by them as well, the respiration, cannot be told. */
export const isSomeElectrodeOff = (state: SignalState): boolean => state.use === 'off' || isSomeOff(state);

const isSomeOff = ({ use, off, flagged }: SignalState): boolean => use !== 'off' && off.length + flagged.length > 0;

/** Hears what changes the state of the signal; beats and numerics only prove that the bed lives. */
export const hearSignal = (before: SignalState, sighting: Sighting): SignalState => {
  const state = inUse(heard(before, sighting), sighting);
  if (state.use === 'off' || isSomeOff(state) === (state.someOffSince !== undefined)) return state;
  return { ...state, someOffSince: isSomeOff(state) ? sighting.at : undefined };
};

const heard = (before: SignalState, sighting: Sighting): SignalState => {
  const state = before.takenAway && isBack(sighting) ? { ...before, takenAway: false } : before;
  switch (sighting.tag) {
    case 'EcgProgress':
      return hearProgress(state, sighting);
    case 'LeadSeen':
      return { ...flag(state, sighting.code, sighting.off), heardTo: sighting.said };
    case 'NumericSeen':
    case 'ClassifiedBeat':
      return state.heardTo === sighting.said ? state : { ...state, heardTo: sighting.said };
    case 'AssignmentSeen':
      // A gateway may say with every frame that nobody is assigned.
      if (sighting.patient === '') return { ...state, freeSince: state.freeSince ?? sighting.at };
      return { ...state, freeSince: undefined, isInUse: false };
    case 'SilenceSeen':
      return passTime({ ...state, heardTo: state.heardTo ?? sighting.at }, sighting.at);
    case 'SecondPassed':
      return passTime(state, sighting.at);
    case 'EcgBroken':
    case 'ClockSetBack':
    case 'RhythmJudged':
    // What a laboratory or a register tells proves nothing of the monitor.
    case 'LaboratorySeen':
    case 'PatientDescribed':
    case 'LimitsAsked':
      return state;
  }
};

/** A numeric proves that the bed lives, and nothing more: of the rhythm it says nothing while there is ECG. */
export const saysNothing = ({ tag }: Sighting, { use }: SignalState): boolean =>
  tag === 'NumericSeen' && use === 'usable';

/** Whether what was seen may change what is claimed of the signal. */
export const isTimeOfSignal = ({ tag }: Sighting): boolean =>
  tag === 'EcgProgress' ||
  tag === 'LeadSeen' ||
  tag === 'SecondPassed' ||
  tag === 'SilenceSeen' ||
  tag === 'AssignmentSeen';

const noSignalClaim = (state: SignalState, present: PresentConditions, now: Moment): Claim[] => {
  const condition = 'no-signal';
  const since = state.ecgTo ?? state.expectedFrom ?? state.heardTo;
  const lost = since !== undefined && state.use !== 'off' && elapsed(since, now) >= NO_SIGNAL_AFTER;
  const silent = state.heardTo !== undefined && elapsed(state.heardTo, now) >= NO_SIGNAL_AFTER;
  if ((lost || silent) && !isSilenceExpected(state)) {
    const what = silent ? 'nothing from the bed' : 'no ECG';
    const from = (silent ? state.heardTo : since) as Moment;
    return [
      { condition, present: true, at: from, evidence: `${what} for ${Math.floor(inSeconds(elapsed(from, now)))} s` },
    ];
  }
  return present.includes(condition)
    ? [{ condition, present: false, at: now, evidence: isSilenceExpected(state) ? 'the bed is free' : 'signal again' }]
    : [];
};

/** Electrodes of one monitor are told one after the other: only what has been so for a while has been seen. */
const SOME_OFF_SEEN_AFTER = seconds(5);

/** The last leads have come off a bed some of whose leads had been off for a while: there is no ECG any more, and whoever has silenced the few must hear. */
const isLastOff = ({ use, someOffSince }: SignalState, before: SignalState, now: Moment): boolean =>
  use === 'off' &&
  before.use !== 'off' &&
  someOffSince !== undefined &&
  elapsed(someOffSince, now) >= SOME_OFF_SEEN_AFTER;

/**
 * The technical conditions of the ECG. `before`: as the signal was before what was seen now. `deadly`: asystole or fibrillation stands; then nothing is called noise or
 * out of range, because a fibrillating line looks like both, and quality never silences red.
 */
export const signalClaims = (
  state: SignalState,
  before: SignalState,
  present: PresentConditions,
  deadly: boolean,
  now: Moment,
): readonly Claim[] => {
  const claims: Claim[] = noSignalClaim(state, present, now);
  /** What is known already is not claimed again, four times a second; so its evidence need not be written either. */
  const claim = (condition: ConditionName, there: boolean, evidence: () => string): void => {
    if (present.includes(condition) !== there)
      claims.push({ condition, present: there, at: now, evidence: evidence() });
  };
  const { use } = state;
  if (present.includes('lead-off') && isLastOff(state, before, now))
    for (const there of [false, true])
      claims.push({ condition: 'lead-off', present: there, at: now, evidence: 'all leads off' });
  // A lead that is off mostly sends nothing at all: what the monitor says of its electrode counts without samples.
  claim('lead-off', use === 'off' || state.off.length + state.flagged.length > 0, () => {
    if (use === 'off') return 'all leads off';
    const off = new Set([...state.off, ...state.flagged]);
    return off.size > 0 ? `${off.size} of ${new Set([...off, ...state.leads]).size} leads off` : 'leads on';
  });
  // What stands goes on until the signal is good again: a second that passes a little behind the ECG does not end it.
  const lasts = (condition: ConditionName, since: Moment | undefined, span: number): boolean =>
    since !== undefined && !deadly && (present.includes(condition) || elapsed(since, now) >= span);
  const noisy = lasts('ecg-noise', state.badSince, NOISE_AFTER);
  claim('ecg-noise', noisy, () =>
    noisy ? `quality below ${QUALITY_LOW} for ${inSeconds(NOISE_AFTER)} s` : 'quality is back, or not asked for',
  );
  const rail = lasts('ecg-saturated', state.railSince, RAIL_AFTER);
  claim('ecg-saturated', rail, () =>
    rail ? `at the rail for ${inSeconds(RAIL_AFTER)} s` : 'within range, or not asked for',
  );
  return claims;
};

/** The limits of who lies in the bed, as acts come and time passes: set, back at the unit's after a while, and said again each minute. */
import * as E from 'fp-ts/lib/Either.js';
import { earlier, elapsed, inSeconds, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import type { Bounds } from '../presets/bed-rules.ts';
import type { Population, PopulationSettings } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { LimitsAsked, Sighting } from '../vocabulary/sighting.ts';
import { limitAsked, limitRefused, measureNamed } from './asked.ts';
import { type OwnLimit, ownOf, type PatientLimits } from './patient-limits.ts';

/** What is so at the bed when something is heard of its limits. */
export interface AtBed {
  /** The unit's. */
  readonly settings: PopulationSettings;
  readonly bounds: Bounds[Population];
  /** Who lies there; undefined: nobody was named. */
  readonly patient: string | undefined;
}

type Step = readonly [PatientLimits, readonly Fact[]];

/** So often it is said again which limits are a patient's own: screens that begin anew hear it soon, and know when it is said no more. */
export const LIMITS_TOLD_EVERY = seconds(60);
/** LIMITS BACK is present for so long; then it stands by itself until somebody has seen it. */
const BACK_FOR = seconds(60);
const ACTS_REMEMBERED = 32;
const NO_FACTS: readonly Fact[] = [];

interface Time {
  readonly at: Moment;
  readonly said: Moment;
}

const told = ({ at, said }: Time, act = '', refused = ''): Fact => ({ tag: 'Limits', at, said, act, refused });

const back = ({ at, said }: Time, present: boolean, evidence: string): Fact => ({
  ...{ tag: 'Condition', at, said, condition: 'limits-back', present, evidence },
});

const sideText = (side: number | 'off' | undefined): string => (side === undefined ? '–' : String(side));
const limitText = ({
  low,
  high,
}: {
  readonly low?: number | 'off' | undefined;
  readonly high?: number | 'off' | undefined;
}) => `${sideText(low)} to ${sideText(high)}`;

const HOUR_S = 3600;
const MINUTE_S = 60;
/** "12 h", "50 min", "20 s" */
const spanText = (span: Microseconds): string => {
  const s = inSeconds(span);
  if (s < MINUTE_S) return `${Math.round(s)} s`;
  return s >= HOUR_S ? `${Math.round((10 * s) / HOUR_S) / 10} h` : `${Math.round(s / MINUTE_S)} min`;
};

const endedText = (one: OwnLimit, { settings }: AtBed, why: string): string => {
  const unit = settings.limits[one.name];
  const was = { low: one.low ?? unit.low, high: one.high ?? unit.high };
  return `${measureNamed(one.name)!.label} ${limitText(unit)} again (${one.by} had set ${limitText(was)}; ${why})`;
};

/** Some end although the patient is still there: somebody must be told. */
const endSome = (before: PatientLimits, gone: readonly OwnLimit[], time: Time, evidence: string): Step => [
  { ...before, own: before.own.filter((one) => !gone.includes(one)), backAt: time.at, toldAt: time.at },
  // What was told of others before is told anew: it must not stay behind what somebody has acknowledged.
  [
    ...(before.backAt === undefined ? [] : [back(time, false, 'more are back')]),
    back(time, true, evidence),
    told(time),
  ],
];

const secondPassed = (before: PatientLimits, time: Time, atBed: AtBed): Step => {
  const { own, backAt, toldAt } = before;
  if (own.length === 0 && backAt === undefined) return [before, NO_FACTS];
  const { settings, bounds } = atBed;
  const whyGone = (one: OwnLimit): string | undefined => {
    if (one.until <= time.at) return `over after ${spanText(elapsed(one.at, one.until))}`;
    const why = limitRefused(one, { unit: settings.limits[one.name], bounds: bounds[one.name] });
    return why === undefined ? undefined : `by the unit's rules now: ${why}`;
  };
  const gone = own.flatMap((one) => {
    const why = whyGone(one);
    return why === undefined ? [] : [{ one, text: endedText(one, atBed, why) }];
  });
  if (gone.length > 0)
    return endSome(
      before,
      gone.map(({ one }) => one),
      time,
      gone.map(({ text }) => text).join('; '),
    );
  if (backAt !== undefined && elapsed(backAt, time.at) >= BACK_FOR) {
    const { backAt: _, ...after } = before;
    return [after, [back(time, false, 'told')]];
  }
  if (own.length > 0 && (toldAt === undefined || elapsed(toldAt, time.at) >= LIMITS_TOLD_EVERY))
    return [{ ...before, toldAt: time.at }, [told(time)]];
  return [before, NO_FACTS];
};

const asked = (before: PatientLimits, act: LimitsAsked, { settings, bounds, patient }: AtBed): Step => {
  if (act.measure === '') return [before, [told(act, act.id)]];
  if (before.acts.includes(act.id)) return [before, NO_FACTS];
  const heard = { ...before, acts: [...before.acts, act.id].slice(-ACTS_REMEMBERED) };
  const measure = measureNamed(act.measure);
  if (measure === undefined) return [heard, [told(act, act.id, `there is no limit "${act.measure}"`)]];
  const { name, label } = measure;
  const against = { unit: settings.limits[name], own: ownOf(before, name), bounds: bounds[name], patient, at: act.at };
  const answer = limitAsked(act, name, against);
  if (E.isLeft(answer)) return [heard, [told(act, act.id, `${label}: ${answer.left}`)]];
  const others = before.own.filter((one) => one.name !== name);
  const own = answer.right === undefined ? others : [...others, answer.right];
  return [{ ...heard, own, toldAt: act.said }, [told(act, act.id)]];
};

/** One more sighting; the same memory (===) where nothing changes. */
export const watchPatientLimits = (before: PatientLimits, sighting: Sighting, atBed: AtBed): Step => {
  if (sighting.tag === 'LimitsAsked') return asked(before, sighting, atBed);
  return sighting.tag === 'SecondPassed' ? secondPassed(before, sighting, atBed) : [before, NO_FACTS];
};

/** Whoever had them has left: none may count for the next. Acts are remembered: one that is sent again is of who has left. */
export const patientLimitsLeft = ({ own, acts, backAt }: PatientLimits, time: Time, why: string): Step => [
  { own: [], acts },
  [...(backAt === undefined ? [] : [back(time, false, why)]), ...(own.length === 0 ? [] : [told(time)])],
];

/** The same patient is judged by other limits from now on (`why`): what was set over those of before ends, and is told. */
export const patientLimitsUnfounded = (before: PatientLimits, time: Time, why: string): Step => {
  if (before.own.length === 0) return [before, NO_FACTS];
  const labels = before.own.map((one) => `${measureNamed(one.name)!.label} ${limitText(one)} of ${one.by}`);
  return endSome(before, before.own, time, `${labels.join(', ')} no more: ${why}`);
};

/** The bed's clock was set back by so much: what was to last for a while lasts as long. */
export const patientLimitsSetBack = (before: PatientLimits, by: Microseconds, time: Time): Step => {
  const { toldAt: _, backAt, own, acts } = before;
  const moved = own.map((one) => ({ ...one, at: earlier(one.at, by), until: earlier(one.until, by) }));
  const after = { own: moved, acts, ...(backAt === undefined ? {} : { backAt: earlier(backAt, by) }) };
  return own.length === 0 ? [after, NO_FACTS] : [{ ...after, toldAt: time.at }, [told(time)]];
};

/** What holds good of the memory of another version, whose conditions were taken back; undefined: nothing. `memory`: whatever was kept. */
export const patientLimitsKept = (memory: unknown): PatientLimits | undefined => {
  const { own } = (memory ?? {}) as Partial<PatientLimits>;
  if (!Array.isArray(own)) return undefined;
  const acts = (memory as PatientLimits).acts;
  const known = own.filter((one: OwnLimit) => measureNamed(one.name) !== undefined && Number.isFinite(one.until));
  return known.length === 0 ? undefined : { own: known, acts: Array.isArray(acts) ? acts : [] };
};

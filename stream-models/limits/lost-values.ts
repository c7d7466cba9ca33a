/** What was beyond its limit when it was heard last, and is not known now: nobody may take its silence for a recovery. */
import { elapsed, type Moment } from '../../schemas/units.ts';
import type { Limit, LimitName, PopulationSettings } from '../presets/preset.ts';
import type { Claim, PresentConditions } from '../rhythm/present-conditions.ts';
import { DESATURATION_HYSTERESIS, nameOf, shown } from './judge-limit.ts';
import { type Measure, measures } from './measures.ts';
import type { Reading, Spread } from './readings.ts';
import { isMeasuredAllTheTime } from './stale-after.ts';

/** One value that was lost. */
export interface LostValue extends Pick<Reading, 'code' | 'value' | 'source'> {
  readonly name: LimitName;
  /** The fewest others that have told it since: one more than these is as good as this one back. */
  readonly others: number;
  /** What the others told when it was lost; empty: there are none. */
  readonly beside: string;
}

/**
 * What is measured all the time and has no alarm of its sensor, as the ECG has. A saturation of 70 % whose probe then finds no pulse has
 * not come back.
 */
const TOLD_WHEN_LOST: readonly LimitName[] = ['pulse', 'spo2', 'rr', 'abp-sys', 'abp-mean', 'cvp', 'etco2'];

/** Whether a value holds up one of the conditions of its limit that stand. */
const isNotBack = (
  { name }: Measure,
  { low, high, hysteresis }: Limit,
  desaturationBelow: number,
  present: PresentConditions,
  value: number,
): boolean =>
  (low !== undefined && value < low + hysteresis && present.includes(`${name}-low`)) ||
  (high !== undefined && value > high - hysteresis && present.includes(`${name}-high`)) ||
  (name === 'spo2' && value < desaturationBelow + DESATURATION_HYSTERESIS && present.includes('spo2-desaturation'));

const isSame = (one: Pick<Reading, 'code' | 'source'>, other: Pick<Reading, 'code' | 'source'>): boolean =>
  one.code === other.code && one.source === other.source;

const isFresh = (reading: Reading, { codes, ages }: Measure, now: Moment): boolean => {
  const c = codes.indexOf(reading.code);
  return c !== -1 && elapsed(reading.at, now) < ages[c]!;
};

const besideOf = ({ lowest, highest }: Spread): string => {
  const both = lowest === highest ? [lowest] : [lowest, highest];
  return both.map((reading) => `${nameOf(reading)}: ${shown(reading.value)}`).join('; ');
};

/**
 * What is lost of one measure after a step, `before` it and its readings now. `gone`: the readings that have become too old in this step.
 * Where several devices tell a value each is missed by itself: heart rate, too, which is else the affair of the ECG's electrodes.
 * The same list (===) where nothing changes.
 */
export const lostAfter = (
  before: readonly LostValue[],
  measure: Measure,
  { limits, desaturationBelow }: PopulationSettings,
  present: PresentConditions,
  {
    gone,
    values,
    spread,
  }: { readonly gone: readonly Reading[]; readonly values: readonly Reading[]; readonly spread: Spread | undefined },
  now: Moment,
): readonly LostValue[] => {
  const { name } = measure;
  const isMine = ({ code }: Pick<Reading, 'code'>): boolean => measure.codes.includes(code);
  if (!before.some(isMine) && !gone.some(isMine)) return before;
  const fresh = values.filter((reading) => isFresh(reading, measure, now));
  const others = fresh.length;
  const isBack = (lost: LostValue): boolean => others > lost.others || fresh.some((reading) => isSame(reading, lost));
  const kept = before
    .filter((lost) => !isMine(lost) || !isBack(lost))
    .map((lost) => (isMine(lost) && others < lost.others ? { ...lost, others } : lost));
  const isTold =
    others > 0 ? spread?.lowest.own !== true && isMeasuredAllTheTime(measure.codes[0]!) : TOLD_WHEN_LOST.includes(name);
  const beside = spread === undefined ? '' : besideOf(spread);
  const added = gone
    .filter((reading) => isTold && isMine(reading) && !reading.own)
    .filter(({ value }) => isNotBack(measure, limits[name], desaturationBelow, present, value))
    .filter((reading) => ![...fresh, ...kept].some((other) => isSame(other, reading)))
    .map(({ code, value, source }): LostValue => ({ name, code, value, source, others, beside }));
  const isUnchanged = added.length === 0 && kept.length === before.length && kept.every((one, i) => one === before[i]);
  return isUnchanged ? before : [...kept, ...added];
};

const wordsOf = ({ name, label }: Measure, lost: readonly LostValue[]): readonly string[] => {
  const mine = lost.filter((one) => one.name === name);
  if (mine.length === 0) return [];
  const alone = mine.filter(({ beside }) => beside === '').map(({ value }) => shown(value));
  return [
    ...(alone.length === 0 ? [] : [`${label} was ${alone.join(' and ')}, unknown now`]),
    ...mine
      .filter(({ beside }) => beside !== '')
      .map((one) => `${label} of ${nameOf(one)} was ${shown(one.value)}, unknown now (${one.beside})`),
  ];
};

/** What is claimed of VALUE LOST. One more that is lost rings anew: it must not stay behind one that somebody has acknowledged. */
export const lostClaims = (
  before: readonly LostValue[],
  lost: readonly LostValue[],
  present: PresentConditions,
  now: Moment,
): readonly Claim[] => {
  const condition = 'value-lost';
  const stands = present.includes(condition);
  if (lost.length === 0) return stands ? [{ condition, present: false, at: now, evidence: 'measured again' }] : [];
  const isMore = lost.some((one) => !before.some((other) => isSame(one, other)));
  if (stands && !isMore) return [];
  const evidence = measures.flatMap((measure) => wordsOf(measure, lost)).join('; ');
  const begins: Claim = { condition, present: true, at: now, evidence };
  if (!stands) return [begins];
  return [{ condition, present: false, at: now, evidence: 'another value was lost, too' }, begins];
};

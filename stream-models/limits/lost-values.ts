/**
 * What is not known any more and must be: what was beyond its limit when it was heard last, because nobody may take its silence for a
 * recovery, and what a device measured all the time that has fallen silent while others of the bed go on.
 */
import { elapsed, type Moment } from '../../schemas/units.ts';
import type { LimitName, PopulationSettings } from '../presets/preset.ts';
import type { Claim, PresentConditions } from '../vocabulary/present-conditions.ts';
import { isMeasuredAllTheTime } from '../vocabulary/stale-after.ts';
import { type Devices, deviceOf, spokeAt, wentWith } from './devices.ts';
import { heldUp, nameOf, shown } from './judge-limit.ts';
import { type Measure, measures } from './measures.ts';
import type { Reading, Spread } from './readings.ts';

/** One value that was lost. */
export interface LostValue extends Pick<Reading, 'code' | 'value' | 'source' | 'probeOf' | 'at'> {
  readonly name: LimitName;
  /** The last word of its device, where it is missed because that has fallen silent; absent: because of the value. */
  readonly lastWord?: Moment;
  /** Who else told it then: whoever tells it beside these has taken the place of the one that was lost. */
  readonly others: readonly string[];
  /** What the others told when it was lost; empty: there are none. */
  readonly beside: string;
}

/**
 * What is measured all the time and has no alarm of its sensor, as the ECG has (heart rate is told where there is none). A saturation of 70 % whose probe then finds no pulse has
 * not come back.
 */
const TOLD_WHEN_LOST: readonly LimitName[] = ['pulse', 'spo2', 'rr', 'abp-sys', 'abp-mean', 'cvp', 'etco2'];

const isToldWhenLost = (name: LimitName, isEcgExpected: boolean): boolean =>
  TOLD_WHEN_LOST.includes(name) || (name === 'hr' && !isEcgExpected);

const isSame = (one: Pick<Reading, 'code' | 'source'>, other: Pick<Reading, 'code' | 'source'>): boolean =>
  one.code === other.code && one.source === other.source;

const keyOf = ({ code, source }: Pick<Reading, 'code' | 'source'>): string => `${code} ${source}`;

const isFresh = (reading: Reading, { codes, ages }: Measure, now: Moment): boolean => {
  const c = codes.indexOf(reading.code);
  return c !== -1 && elapsed(reading.at, now) < ages[c]!;
};

const besideOf = ({ lowest, highest }: Spread): string => {
  const both = lowest === highest ? [lowest] : [lowest, highest];
  return both.map((reading) => `${nameOf(reading)}: ${shown(reading.value)}`).join('; ');
};

/** What has become of the readings in one step. */
export interface Readings {
  /** Those that have become too old in it. */
  readonly gone: readonly Reading[];
  /** Those of devices that are missed from now on. */
  readonly missed: readonly Reading[];
  readonly values: readonly Reading[];
  readonly devices: Devices;
}

/** How a measure is judged at a moment. `present`: as before it; `spread`: what is known of it. */
export interface Judging {
  readonly measure: Measure;
  readonly settings: PopulationSettings;
  readonly present: PresentConditions;
  readonly spread: Spread | undefined;
  /** There has been ECG: the want of a heart rate is told by its electrodes. */
  readonly isEcgExpected: boolean;
  readonly now: Moment;
}

/** Those that have gone and held a condition up. Where several devices tell a value each is missed by itself: heart rate, too. */
const goneBeyond = (gone: readonly Reading[], others: number, judging: Judging): readonly Reading[] => {
  const { measure, settings, present, spread, isEcgExpected } = judging;
  const { name, codes } = measure;
  const isTold =
    others > 0 ? spread?.lowest.own !== true && isMeasuredAllTheTime(codes[0]!) : isToldWhenLost(name, isEcgExpected);
  if (!isTold) return [];
  return gone.filter(
    ({ own, value }) => !own && heldUp(measure, settings, value).some((condition) => present.includes(condition)),
  );
};

/**
 * What is lost of one measure after a step. A loss lasts until its device tells the value again, or one that did not tell it before; that
 * others come and go ends nothing. The same list (===) where nothing changes.
 */
export const lostAfter = (before: readonly LostValue[], readings: Readings, judging: Judging): readonly LostValue[] => {
  const { measure, spread, now } = judging;
  const isMine = ({ code }: Pick<Reading, 'code'>): boolean => measure.codes.includes(code);
  const [gone, missed] = [readings.gone.filter(isMine), readings.missed.filter(isMine)];
  if (gone.length + missed.length === 0 && !before.some(isMine)) return before;
  const fresh = readings.values.filter((reading) => isFresh(reading, measure, now));
  const hasSpoken = (lost: LostValue): boolean =>
    lost.lastWord !== undefined && (spokeAt(readings.devices, deviceOf(lost)) ?? lost.lastWord) > lost.lastWord;
  const isBack = (lost: LostValue): boolean =>
    hasSpoken(lost) || fresh.some((reading) => isSame(reading, lost) || !lost.others.includes(keyOf(reading)));
  const kept = before.filter((lost) => !isMine(lost) || !isBack(lost));
  // Who was lost before, or is now, has not taken the place of another when it comes back.
  const tellers = [...fresh, ...kept.filter(isMine), ...gone].map(keyOf);
  const beside = spread === undefined ? '' : besideOf(spread);
  const lostOf = ({ own: _, ...reading }: Reading): LostValue => {
    const others = tellers.filter((key) => key !== keyOf(reading));
    return { ...reading, name: measure.name, others, beside };
  };
  const isNew = (reading: Reading): boolean => ![...fresh, ...kept].some((other) => isSame(other, reading));
  const beyond = goneBeyond(gone, fresh.length, judging).filter(isNew).map(lostOf);
  const silent = (fresh.length > 0 ? [] : missed)
    .filter((reading) => isNew(reading) && !beyond.some((other) => isSame(other, reading)))
    .map((reading): LostValue => {
      const lastWord = spokeAt(readings.devices, deviceOf(reading));
      // Whoever tells a value that was well is as good as the device that has fallen silent.
      return { ...lostOf(reading), others: [], ...(lastWord === undefined ? {} : { lastWord }) };
    });
  const added = [...beyond, ...silent];
  return added.length === 0 && kept.length === before.length ? before : [...kept, ...added];
};

const wordsOf = ({ name, label }: Measure, lost: readonly LostValue[]): readonly string[] => {
  const mine = lost.filter((one) => one.name === name && one.lastWord === undefined);
  if (mine.length === 0) return [];
  const alone = mine.filter(({ beside }) => beside === '').map(({ value }) => shown(value));
  return [
    ...(alone.length === 0 ? [] : [`${label} was ${alone.join(' and ')}, unknown now`]),
    ...mine
      .filter(({ beside }) => beside !== '')
      .map((one) => `${label} of ${nameOf(one)} was ${shown(one.value)}, unknown now (${one.beside})`),
  ];
};

/** "nothing from oximeter (SpO₂ was 97, pulse was 71)" */
const silenceWords = (lost: readonly LostValue[]): readonly string[] => {
  const silent = lost.filter(({ lastWord }) => lastWord !== undefined);
  return [...new Set(silent.map(deviceOf))].map((source) => {
    const mine = silent.filter((one) => deviceOf(one) === source);
    const values = measures.flatMap(({ name, label }) =>
      mine.filter((one) => one.name === name).map(({ value }) => `${label} was ${shown(value)}`),
    );
    return `nothing from ${nameOf({ source })} (${values.join(', ')})`;
  });
};

/** Whether what was lost before tells of this loss already: of the value, or of the silence of its device. */
const isToldBy = (before: readonly LostValue[], one: LostValue): boolean =>
  before.some((other) => isSame(one, other) || (deviceOf(one) === deviceOf(other) && wentWith(other, one.lastWord)));

/** What is claimed of VALUE LOST; `isKnown`: whether all that was lost is known again. One more that is lost rings anew: it must not stay behind one that somebody has acknowledged. */
export const lostClaims = (
  before: readonly LostValue[],
  lost: readonly LostValue[],
  present: PresentConditions,
  isKnown: () => boolean,
  now: Moment,
): readonly Claim[] => {
  const condition = 'value-lost';
  const stands = present.includes(condition);
  if (lost.length === 0) {
    if (!stands) return [];
    return [{ condition, present: false, at: now, evidence: isKnown() ? 'measured again' : 'its device speaks again' }];
  }
  const isMore = lost.some((one) => !isToldBy(before, one));
  if (stands && !isMore) return [];
  const values = measures.flatMap((measure) => wordsOf(measure, lost));
  const evidence = [...values, ...silenceWords(lost)].join('; ');
  // A value that was beyond its limit is missed until it is known, whoever has seen that.
  const mayBeTakenOff = lost.every(({ lastWord }) => lastWord !== undefined);
  const begins: Claim = { condition, present: true, at: now, evidence, ...(mayBeTakenOff ? { mayBeTakenOff } : {}) };
  if (!stands) return [begins];
  return [{ condition, present: false, at: now, evidence: 'another value was lost, too' }, begins];
};

/**
 * A value with a limit that a living device tells no more: its probe has come off, its line is closed, its module was pulled. The device
 * speaks, so that nobody misses it, and nothing would ring any more for what the limit was set for.
 */
import { elapsed, type Moment, seconds } from '../../schemas/units.ts';
import { redLine } from '../presets/bed-rules.ts';
import type { LimitName, PopulationSettings } from '../presets/preset.ts';
import { isNobodyMissed, isSomeElectrodeOff, type SignalState } from '../rhythm/signal-state.ts';
import type { Claim, PresentConditions } from '../vocabulary/present-conditions.ts';
import { isMeasuredAllTheTime } from '../vocabulary/stale-after.ts';
import { type Devices, deviceOf, SILENT_AFTER, spokeAt } from './devices.ts';
import { nameOf, shown } from './judge-limit.ts';
import type { LostValue } from './lost-values.ts';
import { type Measure, measures } from './measures.ts';
import type { Reading } from './readings.ts';

/** One value that is told no more; of a measure the one that went last. */
export interface LeftOut extends Pick<Reading, 'code' | 'value' | 'source' | 'probeOf'> {
  readonly name: LimitName;
  /** Since when it could have been told and was not. */
  readonly from: Moment;
  readonly isMissed: boolean;
}

/** For so long a probe may be moved, blood be drawn, or a cuff press off the finger of the same arm. Our bar. */
const LEFT_OUT_AFTER = seconds(60);
/** Who has told it without a pause for so long goes on measuring it; a spot check does not. */
const MEASURED_FOR = seconds(60);

/** What has become of the readings in one step, and what is said of the bed. */
export interface Hearing {
  readonly gone: readonly Reading[];
  readonly devices: Devices;
  readonly signal: SignalState;
  readonly settings: PopulationSettings;
  /** Whether a value of the measure is known now. */
  readonly isKnown: (measure: Measure) => boolean;
  /** What VALUE LOST tells already. */
  readonly lost: readonly LostValue[];
  readonly now: Moment;
}

const isDue = ({ code, own, at, since = at }: Reading): boolean =>
  !own && isMeasuredAllTheTime(code) && elapsed(since, at) >= MEASURED_FOR;

/** The device is silent, or the electrodes that the value comes by are off: others tell of that. */
const isExcused = (one: LeftOut, { devices, signal, lost, now }: Hearing): boolean => {
  const at = spokeAt(devices, deviceOf(one));
  const isSilent = at === undefined || elapsed(at, now) >= SILENT_AFTER;
  if (lost.some(({ name }) => name === one.name)) return true;
  return isSilent || isNobodyMissed(signal, now) || (one.name === 'rr' && isSomeElectrodeOff(signal));
};

/** A yellow limit, or a red one: where a nurse has turned the yellow one off, the red one still wants the value. */
const hasLimit = (name: LimitName, settings: PopulationSettings): boolean => {
  const { low, high } = settings.limits[name];
  if (low !== undefined || high !== undefined) return true;
  return redLine(name, 'low', settings) !== undefined || redLine(name, 'high', settings) !== undefined;
};

/** After a second; the same list (===) where nothing changes. Heart rate where there has been ECG is told by its electrodes. */
export const leftOutAfter = (
  before: readonly LeftOut[],
  hearing: Hearing,
  isEcgExpected: boolean,
): readonly LeftOut[] => {
  const { gone, settings, isKnown, now } = hearing;
  if (before.length + gone.length === 0) return before;
  const after: LeftOut[] = [];
  for (const measure of measures) {
    const { name, codes } = measure;
    if (!hasLimit(name, settings) || (name === 'hr' && isEcgExpected) || isKnown(measure)) continue;
    const known = before.find((one) => one.name === name);
    const went = gone.findLast((reading) => codes.includes(reading.code) && isDue(reading));
    const one = went === undefined ? known : begun(name, went);
    if (one === undefined) continue;
    if (one.isMissed) after.push(one);
    else if (isExcused(one, hearing)) after.push({ ...one, from: now });
    else after.push(elapsed(one.from, now) < LEFT_OUT_AFTER ? one : { ...one, isMissed: true });
  }
  return after.length === before.length && after.every((one, i) => one === before[i]) ? before : after;
};

const begun = (name: LimitName, { code, value, source, probeOf, at }: Reading): LeftOut => ({
  ...{ name, code, value, from: at, isMissed: false },
  ...(source === undefined ? {} : { source }),
  ...(probeOf === undefined ? {} : { probeOf }),
});

/** What is claimed of NOT MEASURED. One more that is missed begins it anew. */
export const leftOutClaims = (
  before: readonly LeftOut[],
  after: readonly LeftOut[],
  present: PresentConditions,
  isKnown: (measure: Measure) => boolean,
  now: Moment,
): readonly Claim[] => {
  const condition = 'not-measured';
  const stands = present.includes(condition);
  const missed = after.filter(({ isMissed }) => isMissed);
  if (missed.length === 0) {
    if (!stands) return [];
    const isBack = measures.every((measure) => !before.some(({ name }) => name === measure.name) || isKnown(measure));
    return [{ condition, present: false, at: now, evidence: isBack ? 'measured again' : 'missed no more' }];
  }
  const wasMissed = ({ name }: LeftOut): boolean => before.some((one) => one.name === name && one.isMissed);
  if (stands && missed.every(wasMissed)) return [];
  const wordOf = (one: LeftOut): string => {
    const { label } = measures.find(({ name }) => name === one.name)!;
    return `no ${label} from ${nameOf({ source: deviceOf(one) })} (was ${shown(one.value)})`;
  };
  const evidence = missed.map(wordOf).join('; ');
  const begins: Claim = { condition, present: true, at: now, evidence, mayBeTakenOff: true };
  return stands ? [{ condition, present: false, at: now, evidence: 'another value is missed, too' }, begins] : [begins];
};

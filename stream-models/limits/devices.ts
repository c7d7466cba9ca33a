/**
 * The devices that tell a bed's numbers. One of several that falls silent is missed by what it measured all the time and nobody tells now;
 * that the whole bed is silent is NO SIGNAL's to say.
 */
import { elapsed, type Moment, moment, seconds } from '../../schemas/units.ts';
import { isNobodyMissed, NO_SIGNAL_AFTER, type SignalState } from '../rhythm/signal-state.ts';
import type { Sighting } from '../vocabulary/sighting.ts';
import { isMeasuredAllTheTime, staleAfter } from '../vocabulary/stale-after.ts';
import type { Reading } from './readings.ts';

interface Device {
  readonly source: string;
  /** Since when it has spoken without a pause of SILENT_AFTER. */
  readonly since: Moment;
  /** When it told a number last, or that there is none. */
  readonly at: Moment;
}

/** What is remembered of them. Plain data, bounded. */
export interface Devices {
  /** The one heard last comes last. */
  readonly known: readonly Device[];
  /** What they told last, where it counts no more and they have not spoken since. */
  readonly unheard: readonly Reading[];
  /** Up to when nobody spoke, or nobody was expected to: that time is held against no device. */
  readonly quietTo?: Moment | undefined;
  /** The newest sign of life of the bed; absent: there was none yet. */
  readonly spokenTo?: Moment | undefined;
}

export const noDevices: Devices = { known: [], unheard: [] };

/** From this silence on a device is missed. Our bar. */
export const SILENT_AFTER = seconds(10);
/** Who has spoken without a pause for so long goes on measuring; a spot check does not. */
const MONITORS_AFTER = seconds(60);
/** A bed whose senders make up names must not fill the memory: who was heard longest ago goes first. */
const DEVICES_MAX = 16;

/** The device of a reading; of a probe its monitor. */
export const deviceOf = ({ probeOf, source }: Pick<Reading, 'probeOf' | 'source'>): string | undefined =>
  probeOf ?? source;

/** After a sighting; the same (===) where no device speaks, or it has spoken in this moment already. */
export const hearDevices = (before: Devices, sighting: Sighting): Devices => {
  if (sighting.tag !== 'NumericSeen') return before;
  const { said, probe } = sighting;
  const source = probe?.device ?? sighting.source;
  const known = before.known.find((device) => device.source === source);
  if (source === undefined || known?.at === said) return before;
  const since = known !== undefined && elapsed(known.at, said) < SILENT_AFTER ? known.since : said;
  const others = before.known.filter((device) => device !== known).slice(1 - DEVICES_MAX);
  const isWaitedFor = (reading: Reading): boolean => others.some((device) => device.source === deviceOf(reading));
  const unheard = before.unheard.length === 0 ? before.unheard : before.unheard.filter(isWaitedFor);
  return { ...before, known: [...others, { source, since, at: said }], unheard };
};

/** When a device spoke last; undefined: it is not known (any more). */
export const spokeAt = ({ known }: Devices, source: string | undefined): Moment | undefined =>
  known.find((device) => device.source === source)?.at;

/** It counted when its device spoke last: the silence of the device is what it has gone with. */
export const wentWith = ({ code, at }: Pick<Reading, 'code' | 'at'>, lastWord: Moment | undefined): boolean =>
  lastWord !== undefined && elapsed(at, lastWord) < staleAfter(code);

/** Of the readings that have just become too old those that were measured all the time, by a device that has not spoken since. */
const missable = ({ known }: Devices, gone: readonly Reading[]): readonly Reading[] =>
  gone.filter((reading) => {
    const device = known.find(({ source }) => source === deviceOf(reading));
    if (device === undefined || reading.own || !isMeasuredAllTheTime(reading.code)) return false;
    return wentWith(reading, device.at) && elapsed(device.since, device.at) >= MONITORS_AFTER;
  });

/** Up to when nobody spoke, as far as is known at a moment: now, or until the bed came back after a pause. */
const quietUntil = ({ quietTo, spokenTo }: Devices, signal: SignalState, now: Moment): Moment | undefined => {
  const { heardTo } = signal;
  const isBack = spokenTo !== undefined && heardTo !== undefined && elapsed(spokenTo, heardTo) >= NO_SIGNAL_AFTER;
  return isBack || isNobodyMissed(signal, now) ? now : quietTo;
};

/** What is to be missed at a moment: said once. `gone`: the readings that have just become too old; `signal`: whether anybody speaks. */
export const missedDevices = (
  before: Devices,
  gone: readonly Reading[],
  signal: SignalState,
  now: Moment,
): readonly [Devices, readonly Reading[]] => {
  if (before.known.length === 0) return [before, []];
  const added = gone.length === 0 ? gone : missable(before, gone);
  const unheard = added.length === 0 ? before.unheard : [...before.unheard, ...added];
  const quietTo = quietUntil(before, signal, now);
  const devices = { ...before, unheard, quietTo, spokenTo: signal.heardTo };
  const isSilent = (reading: Reading): boolean => {
    const at = spokeAt(devices, deviceOf(reading));
    return at !== undefined && elapsed(moment(Math.max(at, quietTo ?? at)), now) >= SILENT_AFTER;
  };
  const missed = unheard.filter(isSilent);
  if (missed.length === 0) return [devices, missed];
  return [{ ...devices, unheard: unheard.filter((reading) => !missed.includes(reading)) }, missed];
};

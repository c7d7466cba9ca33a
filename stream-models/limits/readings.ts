/** What is known of a vital sign that one or several devices of the bed measure. */
import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import { staleAfter } from '../vocabulary/stale-after.ts';

export interface Reading {
  readonly code: number;
  /** Vigil measured it itself. */
  readonly own: boolean;
  readonly value: number;
  readonly at: Moment;
  /** Since when it has been told without a pause in which it became too old; absent: since then. */
  readonly since?: Moment;
  /** The device that told it; absent: Vigil, or remembered from before this was kept. */
  readonly source?: string | undefined;
  /** The device with several probes of this signal that this is one of; absent: it has one. */
  readonly probeOf?: string;
}

/** The lowest and the highest of what counts now: the same (===) where one device speaks. */
export interface Spread {
  readonly lowest: Reading;
  readonly highest: Reading;
}

/**
 * Devices that tell one code within so long of each other measure it side by side, and each of them counts. Of devices that take
 * turns, as the cuffs of two monitors do, the newest value is the one that counts.
 */
export const SIDE_BY_SIDE: Microseconds = seconds(15);
/** So many values of one signal are judged at once: a bed whose sender makes up names must not fill the memory. */
export const SOURCES_MAX = 8;

/** What is known after one more reading, and the one for which there was no room any more. */
export type Taken = readonly [values: readonly Reading[], dropped: Reading | undefined];

/**
 * Takes one more reading; the same list (===) when it is no news. Where there are too many of a signal one that stands in alarm
 * (`isHeld`) is never forgotten: the oldest of the others gives way, or the new one if it is well itself.
 */
export const withReading = (
  values: readonly Reading[],
  reading: Reading,
  isHeld: (reading: Reading) => boolean,
): Taken => {
  const ofSignal: Reading[] = [];
  let { since = reading.at } = reading;
  for (let v = 0; v < values.length; v++) {
    const other = values[v]!;
    if (other.code !== reading.code || other.own !== reading.own) continue;
    const isMine = other.source === reading.source;
    // A value that comes late is no news.
    if (elapsed(reading.at, other.at) > (isMine ? 0 : SIDE_BY_SIDE)) return [values, undefined];
    if (isMine && elapsed(other.at, reading.at) < staleAfter(reading.code)) since = other.since ?? other.at;
    if (!isMine && elapsed(other.at, reading.at) <= SIDE_BY_SIDE) ofSignal.push(other);
  }
  const others = values.filter(({ code, own }) => code !== reading.code || own !== reading.own);
  if (ofSignal.length < SOURCES_MAX) return [[...others, ...ofSignal, { ...reading, since }], undefined];
  const dropped = isHeld(reading) ? ofSignal.find((other) => !isHeld(other)) : undefined;
  if (dropped === undefined) return [values, reading];
  return [[...others, ...ofSignal.filter((other) => other !== dropped), { ...reading, since }], dropped];
};

/**
 * What counts now of some codes, the preferred first; `ages`: from which age on a value of each counts no more. Vigil's own is
 * taken before the devices'. Asked of every measure at every numeric and every second: plain loops.
 */
export const spreadOf = (
  values: readonly Reading[],
  codes: readonly number[],
  ages: readonly Microseconds[],
  now: Moment,
): Spread | undefined => {
  for (let c = 0; c < codes.length; c++) {
    let lowest: Reading | undefined;
    let highest: Reading | undefined;
    for (let v = 0; v < values.length; v++) {
      const reading = values[v]!;
      if (reading.code !== codes[c] || elapsed(reading.at, now) >= ages[c]!) continue;
      if (reading.own) return { lowest: reading, highest: reading };
      if (lowest === undefined || reading.value < lowest.value) lowest = reading;
      if (highest === undefined || reading.value >= highest.value) highest = reading;
    }
    if (lowest !== undefined && highest !== undefined) return { lowest, highest };
  }
  return undefined;
};

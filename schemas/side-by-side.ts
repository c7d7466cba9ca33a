/** Which devices tell one signal of a bed at the same time: a second monitor, or that of another bed under this one's name. */
import type { LiveBed, LiveNumeric } from './live.ts';

/** What is measured now and then takes turns, and contradicts nothing. */
const MEASURED_ALL_THE_TIME_US = 60e6;

/** "monitor (2)" is a second probe of "monitor" (tellers.ts). */
const deviceOf = (source: string): string => source.replace(/ \(\d+\)$/, '');

/**
 * Names of the devices, in their order; empty: none tells what another tells. A single one: it is the one that is drawn, beside another
 * that tells the same wave.
 */
export const sideBySide = (
  { numerics, waveSources = [] }: Pick<LiveBed, 'numerics' | 'waveSources'>,
  nowUs: number,
): readonly string[] => {
  const isLive = ({ value, atUs, staleAfterUs }: LiveNumeric): boolean =>
    value !== null && staleAfterUs <= MEASURED_ALL_THE_TIME_US && nowUs - atUs < staleAfterUs;
  const names = new Set(waveSources.map(({ source }) => deviceOf(source)));
  for (const one of numerics) {
    if (one.source === undefined || !isLive(one)) continue;
    const device = deviceOf(one.source);
    const isTwice = numerics.some(
      (other) =>
        other.code === one.code &&
        other.by === one.by &&
        other.source !== undefined &&
        deviceOf(other.source) !== device &&
        isLive(other),
    );
    if (isTwice) names.add(device);
  }
  return [...names].sort();
};

import { tagValue } from '../../../schemas/tag-value.ts';
import type { NumericPoint, WaveBlock } from '../../ports/series-store.ts';
import { refused, seriesErrorOf } from './influx-errors.ts';
import { ofBed } from './influx-numbers.ts';
import type { InfluxPlace } from './influx-place.ts';
import { askInfluxQl } from './influx-query.ts';

/** Series of numbers and of waves that one bed may have; a ward's monitor has about forty. */
export const SIGNALS_PER_BED_MAX = 512;

/** A ward at once: a question of its own for each bed takes a hospital half a minute. */
const BEDS_PER_QUESTION = 500;

/**
 * Keeps the number of series bounded by beds × signals: a device that makes up codes fills its bed's share and no more.
 * What the server has already of a bed is asked once.
 */
export interface Signals {
  /** Learns of beds that are not known here. Rejects with a SeriesError while the server does not answer. */
  readonly know: (beds: ReadonlySet<string>) => Promise<void>;
  /** @throws a SeriesError for a signal that is one too many. */
  readonly admit: (signal: Pick<NumericPoint | WaveBlock, 'bed' | 'code' | 'device'>, kind: string) => void;
}

export const makeSignals = (place: InfluxPlace): Signals => {
  const known = new Map<string, Set<string>>();
  /** A question that is refused is no reason to refuse for good what is to be written. */
  const notKnownNow = (cause: unknown): never => {
    const error = seriesErrorOf(place, cause);
    throw error.tag === 'StoreRefused' ? { ...error, tag: 'StoreUnavailable', retriable: true } : error;
  };
  /** By their newest values, because 2.x shows series only of a default retention policy. */
  const ask = async (beds: readonly string[]): Promise<ReadonlyMap<string, Set<string>>> => {
    const found = new Map(beds.map((bed) => [tagValue(bed), new Set<string>()]));
    const [where, ofEach] = [`WHERE (${beds.map(ofBed).join(' OR ')})`, 'GROUP BY "bed", "code", "device"'];
    const numbers = `SELECT last("value") FROM "raw"."numeric" ${where} ${ofEach}, "ucum"`;
    for (const { tags } of await askInfluxQl(place, numbers))
      found.get(tags['bed']!)?.add(`${tags['code']} ${tags['device']} ${tags['ucum']}`);
    const waves = `SELECT last("count") FROM "alarms"."block" ${where} ${ofEach}`;
    for (const { tags } of await askInfluxQl(place, waves))
      found.get(tags['bed']!)?.add(`${tags['code']} ${tags['device']} wave`);
    return new Map(beds.map((bed) => [bed, found.get(tagValue(bed))!]));
  };
  return {
    know: async (beds) => {
      const unknown = [...beds].filter((bed) => !known.has(bed));
      for (let first = 0; first < unknown.length; first += BEDS_PER_QUESTION)
        for (const [bed, signals] of await ask(unknown.slice(first, first + BEDS_PER_QUESTION)).catch(notKnownNow))
          if (!known.has(bed)) known.set(bed, signals);
    },
    admit: ({ bed, code, device }, kind) => {
      const signals = known.get(bed)!;
      const signal = `${code} ${device} ${kind}`;
      if (signals.has(signal)) return;
      if (signals.size >= SIGNALS_PER_BED_MAX)
        throw refused(
          `bed "${bed}" has ${SIGNALS_PER_BED_MAX} signals already; code ${code} of its device ${device} is one too many. A device that makes up codes?`,
        );
      signals.add(signal);
    },
  };
};

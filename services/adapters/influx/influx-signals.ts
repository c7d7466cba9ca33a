import type { NumericPoint, WaveBlock } from '../../ports/series-store.ts';
import { refused } from './influx-errors.ts';
import { ofBed } from './influx-numbers.ts';
import type { InfluxPlace } from './influx-place.ts';
import { askInfluxQl } from './influx-query.ts';

/** Series of numbers and of waves that one bed may have; a ward's monitor has about forty. */
export const SIGNALS_PER_BED_MAX = 512;

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
  /** By their newest values, because 2.x shows series only of a default retention policy. */
  const ask = async (bed: string): Promise<Set<string>> => {
    const numbers = await askInfluxQl(
      place,
      `SELECT last("value") FROM "raw"."numeric" WHERE ${ofBed(bed)} GROUP BY "code", "device", "ucum"`,
    );
    const waves = await askInfluxQl(
      place,
      `SELECT last("count") FROM "alarms"."block" WHERE ${ofBed(bed)} GROUP BY "code", "device"`,
    );
    return new Set([
      ...numbers.map(({ tags }) => `${tags['code']} ${tags['device']} ${tags['ucum']}`),
      ...waves.map(({ tags }) => `${tags['code']} ${tags['device']} wave`),
    ]);
  };
  return {
    know: async (beds) => {
      for (const bed of beds) if (!known.has(bed)) known.set(bed, await ask(bed));
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

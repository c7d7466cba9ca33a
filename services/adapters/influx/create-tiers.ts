import { type Tier, tierNames } from '../../../schemas/series.ts';
import { stands } from '../../ports/holds.ts';
import { seriesErrorOf } from './influx-errors.ts';
import { readHolds, readKeeping, writeKeeping } from './influx-holds.ts';
import type { InfluxPlace } from './influx-place.ts';
import { FOR_EVER, openTierDoor, type TierDays, type TierDoor } from './tier-days.ts';

export interface TiersCreated {
  readonly created: readonly string[];
  /** Kept for another time from now on, in words. */
  readonly changed: readonly string[];
  readonly leftAlone: readonly string[];
  /** Holds stand: whatever was asked for, InfluxDB itself drops nothing until they are released. */
  readonly held: boolean;
}

const kept = (days: number): string => (days === 0 ? 'for ever' : `for ${days} days`);

/** Makes the server keep each tier for `days`; its shards are sized for `sizedFor`, which it is kept for without holds. */
export const setTiers = async (
  door: TierDoor,
  days: TierDays,
  sizedFor: TierDays = days,
): Promise<Omit<TiersCreated, 'held'>> => {
  const told = { created: [] as string[], changed: [] as string[], leftAlone: [] as string[] };
  const found = await door.found();
  const change = async (tier: Tier): Promise<void> => {
    const before = found[tier];
    if (before === days[tier]) return void told.leftAlone.push(door.called(tier));
    if (before === undefined) {
      await door.create(tier, days[tier], sizedFor[tier]);
      return void told.created.push(door.called(tier));
    }
    await door.change(tier, days[tier], sizedFor[tier]);
    told.changed.push(`${door.called(tier)}: ${kept(days[tier])}, was ${kept(before)}`);
  };
  for (const tier of tierNames) await change(tier);
  return told;
};

/**
 * Creates database and retention policies (1.x) or buckets (2.x), and sets how long each is kept. While holds stand, the
 * days are written down for the time after them, and the server goes on keeping everything. Rejects with a SeriesError.
 */
export const createTiers = async (place: InfluxPlace, days: TierDays): Promise<TiersCreated> => {
  try {
    const door = await openTierDoor(place);
    await door.prepare();
    const { alarms } = await door.found();
    const keeping = alarms === undefined ? undefined : await readKeeping(place);
    const held = alarms !== undefined && (await readHolds(place)).some(stands);
    const told = await setTiers(door, held ? FOR_EVER : days, days);
    if (held || keeping?.held === true) await writeKeeping(place, { days, held }, keeping);
    return { ...told, held };
  } catch (cause) {
    throw seriesErrorOf(place, cause);
  }
};

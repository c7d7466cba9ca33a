/**
 * What Vigil itself deletes at InfluxDB while holds stand. A retention policy drops whole shards and knows no bed, so then
 * the server keeps everything, and what is over its days and not held is deleted here, a day at a time.
 */
import { InfluxDB } from '@influxdata/influxdb-client';
import { DeleteAPI } from '@influxdata/influxdb-client-apis';
import { type MeasurementName, measurementNames, measurements, type Tier, tierNames } from '../../../schemas/series.ts';
import { tagValue } from '../../../schemas/tag-value.ts';
import { type Moment, moment } from '../../../schemas/units.ts';
import { BEGINNING, heldSpans, notHeld } from '../../ports/held-spans.ts';
import { type Hold, type Purged, type PurgeReport, stands } from '../../ports/holds.ts';
import type { TimeRange } from '../../ports/series-store.ts';
import { setTiers } from './create-tiers.ts';
import { readHolds, readKeeping, writeHold, writeKeeping } from './influx-holds.ts';
import { ofBed } from './influx-numbers.ts';
import { bucketOf, type InfluxPlace } from './influx-place.ts';
import { askClock, askInfluxQl, name, text } from './influx-query.ts';
import { FOR_EVER, openTierDoor, type TierDays } from './tier-days.ts';

/** Deleting a day of a hospital takes longer than an answer may. */
const DELETE_MS_MAX = 290_000;
const DAY_US = 86_400e6;

/** These say what is held, and are not purged. */
const KEPT_ALWAYS: readonly MeasurementName[] = ['hold', 'keeping'];
const purgedOf = (tier: Tier): readonly MeasurementName[] =>
  measurementNames.filter((each) => measurements[each].tier === tier && !KEPT_ALWAYS.includes(each));

/** What is of no bed can be held by no hold. */
const bedless = (tier: Tier): readonly MeasurementName[] =>
  purgedOf(tier).filter((each) => !('bed' in measurements[each].tags));

/** Which points go: those of a bed, of all beds but these, or of a measurement that is of no bed. */
type Whose =
  | { readonly bed: string }
  | { readonly butBeds: readonly string[] }
  | { readonly measurement: MeasurementName };

type Delete = (tier: Tier, range: TimeRange, whose: Whose) => Promise<unknown>;

const bedsOf1 = (whose: Whose): readonly string[] => {
  if ('measurement' in whose) return [];
  return 'bed' in whose ? [ofBed(whose.bed)] : whose.butBeds.map((bed) => `"bed" != ${text(tagValue(bed))}`);
};

/** DELETE names no policy: it is a measurement's in all of them, and each measurement lies in one. */
const deleteOf1 =
  (place: InfluxPlace): Delete =>
  (tier, { from, to }, whose) => {
    const when = [...(from === BEGINNING ? [] : [`time >= ${from}u`]), `time < ${to}u`];
    const ofBeds = purgedOf(tier).filter((each) => !bedless(tier).includes(each));
    const which = 'measurement' in whose ? name(whose.measurement) : `/^(${ofBeds.join('|')})$/`;
    return askInfluxQl(place, `DELETE FROM ${which} WHERE ${[...bedsOf1(whose), ...when].join(' AND ')}`);
  };

/** What has no tag "bed" at all is not meant by bed!=… */
const predicateOf2 = (tier: Tier, whose: Whose): string => {
  if ('measurement' in whose) return `_measurement=${name(whose.measurement)}`;
  const kept = KEPT_ALWAYS.filter((each) => measurements[each].tier === tier);
  const beds =
    'bed' in whose ? [`bed=${name(tagValue(whose.bed))}`] : whose.butBeds.map((bed) => `bed!=${name(tagValue(bed))}`);
  return [...beds, ...kept.map((each) => `_measurement!=${name(each)}`)].join(' AND ');
};

/** InfluxQL's DELETE reaches only the default bucket of 2.x; its own API takes = and !=, joined by AND. */
const deleteOf2 = (
  place: InfluxPlace,
  { org, bucket, token }: { readonly org: string; readonly bucket: string; readonly token: string },
): Delete => {
  const api = new DeleteAPI(new InfluxDB({ url: place.url, token, timeout: DELETE_MS_MAX }));
  const iso = (us: number): string => new Date(Math.floor(us / 1e3)).toISOString();
  return (tier, { from, to }, whose) => {
    const predicate = predicateOf2(tier, whose);
    // The last moment is counted in; these are whole milliseconds, and what lies in the last one goes a day later.
    const body = { start: iso(from), stop: iso(to - 1e3), ...(predicate === '' ? {} : { predicate }) };
    return api.postDelete({ org, bucket: bucketOf(bucket, tier), body });
  };
};

const deleteTier = async (remove: Delete, holds: readonly Hold[], tier: Tier, until: Moment): Promise<Purged> => {
  const began = performance.now();
  const spans = heldSpans(holds);
  await remove(tier, { from: BEGINNING, to: until }, { butBeds: [...spans.keys()] });
  for (const measurement of bedless(tier)) await remove(tier, { from: BEGINNING, to: until }, { measurement });
  for (const [bed, held] of spans) for (const range of notHeld(held, until)) await remove(tier, range, { bed });
  return { what: tier, until, tookMs: Math.round(performance.now() - began) };
};

/** What of the server's tiers is over its time at the last midnight (UTC). */
const horizonOf = (days: TierDays, tier: Tier, nowUs: number): Moment =>
  moment(Math.floor((nowUs - days[tier] * DAY_US) / DAY_US) * DAY_US);

export interface InfluxKeeping {
  readonly hold: (hold: Hold) => Promise<void>;
  readonly purge: () => Promise<PurgeReport>;
}

/** Holds and purges at InfluxDB. Everything rejects with a SeriesError, or with what becomes one (`seriesErrorOf`). */
export const makeKeeping = (place: InfluxPlace, ownClock: () => number = () => Date.now() * 1e3): InfluxKeeping => {
  const patient = { ...place, timeoutMs: DELETE_MS_MAX };
  const remove = place.dialect.version === 1 ? deleteOf1(patient) : deleteOf2(patient, place.dialect);
  /** What the last round did; the same again would only be work. */
  let done = '';

  /** A clock that runs ahead must not make the present old: the earlier one of two counts. */
  const now = async (): Promise<number> => Math.min(ownClock(), await askClock(place));

  const deleteAll = async (days: TierDays, holds: readonly Hold[], nowUs: number): Promise<readonly Purged[]> => {
    const purged: Purged[] = [];
    for (const tier of tierNames)
      if (days[tier] !== 0) purged.push(await deleteTier(remove, holds, tier, horizonOf(days, tier, nowUs)));
    return purged;
  };

  /** The server drops nothing; the days that it kept until now are written down. What was changed, in words. */
  const letServerKeepAll = async (): Promise<readonly string[]> => {
    const door = await openTierDoor(place);
    const before = await readKeeping(place);
    const days = before?.held === true ? before.days : { ...FOR_EVER, ...(await door.found()) };
    if (before?.held !== true) await writeKeeping(place, { days, held: true }, before);
    return (await setTiers(door, FOR_EVER, days)).changed;
  };

  /** All holds were released: once more by hand, then the server has its days back. */
  const giveBack = async (days: TierDays): Promise<Omit<PurgeReport, 'holds'>> => {
    const purged = await deleteAll(days, [], await now());
    const { changed } = await setTiers(await openTierDoor(place), days);
    await writeKeeping(place, { days, held: false }, await readKeeping(place));
    // One that was placed meanwhile believed that the server keeps all.
    const again = (await readHolds(place)).some(stands) ? await letServerKeepAll() : [];
    return { purged, changed: [...changed, ...again] };
  };

  return {
    // The hold first: a purge that runs at this moment sees it, and makes the server keep everything itself.
    hold: async (hold) => {
      await writeHold(place, hold);
      await letServerKeepAll();
    },
    purge: async () => {
      const holds = await readHolds(place);
      const standing = holds.filter(stands);
      const keeping = await readKeeping(place);
      if (standing.length === 0)
        return keeping?.held === true
          ? { ...(await giveBack(keeping.days)), holds }
          : { purged: [], changed: [], holds };
      const changed = await letServerKeepAll();
      const { days } = (await readKeeping(place))!;
      const nowUs = await now();
      const round = JSON.stringify([standing, days, tierNames.map((tier) => horizonOf(days, tier, nowUs))]);
      if (round === done) return { purged: [], changed, holds };
      const purged = await deleteAll(days, standing, nowUs);
      done = round;
      return { purged, changed, holds };
    },
  };
};

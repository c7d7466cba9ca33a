/** Writes the story through the product: its tiers, its writes, its minutes. */

import { tiers } from '../../../schemas/series.ts';
import { minutes, moment } from '../../../schemas/units.ts';
import { createTiers } from '../../../services/adapters/influx/create-tiers.ts';
import type { SeriesWrite } from '../../../services/ports/series-store.ts';
import { right } from '../../right.ts';

import type { AskedStore } from '../asked-store.ts';
import { alarmsOfTheDay } from './alarms.ts';
import { readingsOfTheHour } from './engine.ts';
import { findingsOfTheDay, marksOfTheDay } from './findings.ts';
import { numbersOfLongAgo, numbersOfTenDaysAgo, numbersOfTheDay } from './numbers.ts';
import { AGO, at, DAY, MINUTE, OLD_MS } from './story.ts';
import { stripsOfTheDay } from './strips.ts';

const nothing: SeriesWrite = { numerics: [], findings: [], alarms: [], strips: [], engine: [] };
const FOR_EVER = { raw: 0, minutes: 0, alarms: 0 } as const;
const USUAL = {
  raw: tiers.raw.daysUsual,
  minutes: tiers.minutes.daysUsual,
  alarms: tiers.alarms.daysUsual,
} as const;

/**
 * Of forty days ago the single numbers are over: they were written while they were kept for ever, rolled up, and deleted,
 * because InfluxDB itself takes its time to drop what is over.
 */
const recordLongAgo = async ({ store, place, ask }: AskedStore): Promise<void> => {
  await createTiers(place, FOR_EVER);
  right(await store.write({ ...nothing, numerics: numbersOfLongAgo() })());
  const from = moment(OLD_MS * 1e3);
  right(await store.rollUp({ from, to: moment(from + minutes(2)) })());
  await ask(`DELETE FROM "numeric" WHERE time < ${OLD_MS + DAY}ms`);
  await createTiers(place, USUAL);
};

const recordTenDaysAgo = async ({ store }: AskedStore): Promise<void> => {
  right(await store.write({ ...nothing, numerics: numbersOfTenDaysAgo() })());
  right(await store.rollUp({ from: at(AGO.rolledUp), to: at(AGO.rolledUp - MINUTE) })());
};

/** The newest two minutes are not rolled up yet. */
const recordTheDay = async ({ store }: AskedStore): Promise<void> => {
  const write: SeriesWrite = {
    numerics: [...numbersOfTheDay(), ...marksOfTheDay()],
    ...{ findings: findingsOfTheDay(), alarms: alarmsOfTheDay() },
    ...{ strips: stripsOfTheDay(), engine: readingsOfTheHour() },
  };
  right(await store.write(write)());
  right(await store.rollUp({ from: at(DAY), to: at(2 * MINUTE) })());
};

export const recordWard = async (asked: AskedStore): Promise<void> => {
  await recordLongAgo(asked);
  await recordTenDaysAgo(asked);
  await recordTheDay(asked);
};

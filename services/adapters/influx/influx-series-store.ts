import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Tier } from '../../../schemas/series.ts';
import { textOfTag } from '../../../schemas/tag-value.ts';
import { type Moment, moment } from '../../../schemas/units.ts';
import { stands } from '../../ports/holds.ts';
import type { EngineReading, Range, SeriesError, SeriesStore, SeriesWrite } from '../../ports/series-store.ts';
import { bedsInTurn } from './beds-in-turn.ts';
import { alarmLines, alarmsFrom } from './influx-alarms.ts';
import { CLOSED, refused, seriesErrorOf } from './influx-errors.ts';
import { findingLine, findingMeasurements, findingsFrom, measurementOf } from './influx-findings.ts';
import { readHolds, writeHold } from './influx-holds.ts';
import { fieldsOf, seriesKey, timestamp } from './influx-lines.ts';
import { bucketsFrom, minuteLines, minutesFrom } from './influx-minutes.ts';
import {
  makeNumericLines,
  minuteOf,
  ofBed,
  ofDevice,
  pointsFrom,
  sourcesFrom,
  unitTag,
  wholeMinutes,
  within,
} from './influx-numbers.ts';
import type { InfluxPlace } from './influx-place.ts';
import { makeKeeping } from './influx-purge.ts';
import { ANSWER_MAX, askInfluxQl, name, text } from './influx-query.ts';
import { makeSignals } from './influx-signals.ts';
import { waveLines, wavesFrom, wavesQuery } from './influx-waves.ts';
import { openWriter } from './influx-writer.ts';
import { makeMinutesAsWritten } from './minutes-as-written.ts';

const engineLine = ({ process, metric, label, at, value }: EngineReading): string => {
  if (!Number.isFinite(value)) throw refused(`${metric} of process "${process}" is no number`);
  return `${seriesKey('engine', { process, metric, label })} ${fieldsOf('engine', { value })} ${timestamp(at)}`;
};

const bedsOf = ({ numerics, strips }: SeriesWrite): ReadonlySet<string> => {
  const beds = new Set<string>();
  for (const { bed } of numerics) beds.add(bed);
  for (const { bed } of strips) beds.add(bed);
  return beds;
};

/**
 * The series of a hospital: an InfluxDB 1.x or 2.x. A write resolves when the server has said that it keeps every line of
 * it; sent again, it changes nothing (same series, same time, same fields). Opens without asking the server anything: it
 * may be away, and the first write will say so.
 */
export const openInfluxSeriesStore = (place: InfluxPlace): SeriesStore => {
  const writer = openWriter(place);
  const signals = makeSignals(place);
  const numericLines = makeNumericLines();
  const keeping = makeKeeping(place);
  const rollUpsInTurn = bedsInTurn();
  const minutesAsWritten = makeMinutesAsWritten();
  let closed = false;

  const asking = <A>(work: () => Promise<A>): TE.TaskEither<SeriesError, A> =>
    closed ? TE.left(CLOSED) : TE.tryCatch(work, (cause) => seriesErrorOf(place, cause));
  const select = (query: string) => askInfluxQl(place, `${query} LIMIT ${ANSWER_MAX + 1}`);

  const linesOf = (what: SeriesWrite): Readonly<Record<Exclude<Tier, 'minutes'>, string[]>> => {
    const raw: string[] = [];
    const alarms: string[] = [];
    for (const point of what.numerics) {
      signals.admit(point, unitTag(point.unit));
      raw.push(numericLines.lineOf(point));
    }
    for (const line of numericLines.devicesOf(what.numerics)) raw.push(line);
    for (const finding of what.findings) raw.push(findingLine(finding));
    for (const reading of what.engine) raw.push(engineLine(reading));
    for (const stored of what.alarms) for (const line of alarmLines(stored)) alarms.push(line);
    for (const block of what.strips) {
      signals.admit(block, 'wave');
      for (const line of waveLines(block)) alarms.push(line);
    }
    return { raw, alarms };
  };

  const ofRange = ({ bed, from, to }: Range): string => `WHERE ${ofBed(bed)} AND ${within({ from, to })}`;

  return {
    write: (what) =>
      asking(async () => {
        await signals.know(bedsOf(what));
        const { raw, alarms } = linesOf(what);
        await writer.write('raw', raw);
        minutesAsWritten.kept(what.numerics);
        await writer.write('alarms', alarms);
      }),
    rollUp: ({ from, to, beds }) =>
      asking(async () => {
        if (!wholeMinutes({ from, to })) throw refused('only whole minutes are rolled up');
        if (beds?.size === 0) return 0;
        // Two readers roll up the same bed's minute, each after its own numbers: who counted before the other's must not write
        // after them.
        return rollUpsInTurn(beds, async () => {
          let made = 0;
          for await (const lines of minuteLines(place, { from, to, beds }, minutesAsWritten)) {
            await writer.write('minutes', lines);
            made += lines.length;
          }
          if (beds !== undefined) minutesAsWritten.forget({ from, to }, beds);
          return made;
        });
      }),
    numerics: ({ bed, code, device, from, to }) =>
      asking(async () => {
        const points = await select(
          `SELECT "value", "ucum_sent" FROM "raw"."numeric" ${ofRange({ bed, from, to })} AND "code" = '${code}'${ofDevice(device)} GROUP BY "device", "ucum"`,
        );
        const devices = await select(
          `SELECT "source" FROM "raw"."device" ${ofRange({ bed, from: minuteOf(from), to })}${ofDevice(device)} GROUP BY "device"`,
        );
        return pointsFrom(points, bed, code, sourcesFrom(devices));
      }),
    buckets: ({ bed, code, device, from, to, width }) =>
      asking(async () => {
        if (!(width > 0)) throw refused(`a bucket of ${width} µs has no width`);
        const of = `${ofRange({ bed, from, to })} AND "code" = '${code}'${ofDevice(device)}`;
        const rows = await select(
          `SELECT min("value"), max("value"), mean("value"), count("value") FROM "raw"."numeric" ${of} GROUP BY time(${width}u, ${from % width}u) fill(none)`,
        );
        return bucketsFrom(rows);
      }),
    minutes: ({ bed, code, from, to }) =>
      asking(async () =>
        minutesFrom(
          await select(
            `SELECT "min", "max", "mean", "count", "complete" FROM "minutes"."numeric_1m" ${ofRange({ bed, from, to })} AND "code" = '${code}' GROUP BY "device", "ucum"`,
          ),
        ),
      ),
    findings: ({ bed, from, to, kind }) =>
      asking(async () => {
        const of = kind === undefined ? findingMeasurements : [measurementOf[kind]];
        const lie = of.map((measurement) => `"raw".${name(measurement)}`).join(', ');
        return findingsFrom(await select(`SELECT "message" FROM ${lie} ${ofRange({ bed, from, to })}`), bed, kind);
      }),
    alarms: (range) =>
      asking(async () =>
        alarmsFrom(
          await select(
            `SELECT "message", "place", "judged_place" FROM "alarms"."alarm", "alarms"."picture" ${ofRange(range)}`,
          ),
        ),
      ),
    waves: (range) => asking(async () => wavesFrom(await select(wavesQuery(ofBed(range.bed), range)), range)),
    engine: ({ metric, from, to }) =>
      asking(async () => {
        const rows = await select(
          `SELECT "value" FROM "raw"."engine" WHERE "metric" = ${text(metric)} AND ${within({ from, to })} GROUP BY "process", "label"`,
        );
        return rows
          .flatMap(({ tags, values }) =>
            values.map(([at, value]): EngineReading => {
              const { process = '', label = '' } = tags;
              return {
                process: textOfTag(process),
                metric,
                label: textOfTag(label),
                at: momentOf(at),
                value: Number(value),
              };
            }),
          )
          .sort((a, b) => a.at - b.at || a.process.localeCompare(b.process) || a.label.localeCompare(b.label));
      }),
    hold: (hold) => asking(() => keeping.hold(hold)),
    release: (id, released) =>
      asking(async () => {
        const hold = (await readHolds(place)).find((each) => each.id === id && stands(each));
        if (hold === undefined) return undefined;
        const after = { ...hold, released };
        await writeHold(place, after);
        return after;
      }),
    holds: () => asking(() => readHolds(place)),
    purge: () => asking(keeping.purge),
    close: async () => {
      closed = true;
      writer.close();
    },
  };
};

const momentOf = (cell: unknown): Moment => moment(Number(cell));

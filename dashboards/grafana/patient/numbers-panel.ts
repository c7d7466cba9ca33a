/** Numbers over time: least, mean and most of each bucket, so that a peak of one second is seen in a day. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { signalOf } from '../../../schemas/codes.ts';
import { VIGIL_DEVICE } from '../../../schemas/series.ts';
import { curves } from '../influx-query.ts';
import { chosen, GAPS, IN_RANGE, PER_BUCKET, ROLLED_UP, table } from '../influxql.ts';
import { curvesPanel } from '../kinds.ts';
import { toMoment } from '../links.ts';
import { grafanaUnit, unitText } from '../look.ts';

/** One number of a panel. */
export interface Line {
  readonly code: number;
  readonly name: string;
  readonly colour: string;
  /** Who measured it; absent: whoever did. */
  readonly by?: 'vigil' | 'monitor';
}

const raw = table('numeric');
const minutes = table('numeric_1m');

/** Names of what is drawn of the minutes end in it: where the page reaches back further than single numbers are kept. */
const OF_MINUTES = ' (minutes)';

/** Numbers come once a second: two seconds hold one although one is a little late. */
const POINTS_EVERY = '2s';

const byWhom = ({ by }: Line, device: string): string =>
  by === undefined ? '' : ` AND ${device} ${by === 'vigil' ? '=' : '!='} '${VIGIL_DEVICE}'`;

const rawQuery = (line: Line): string => {
  const { bed, code, device, value } = raw.columns;
  return `SELECT min(${value}) AS "min", mean(${value}) AS "mean", max(${value}) AS "max" FROM ${raw.from} WHERE ${chosen(bed, 'bed')} AND ${code} = '${line.code}'${byWhom(line, device)} AND ${IN_RANGE} ${PER_BUCKET} ${GAPS}`;
};

/** The mean of minutes counts each by how many numbers it is made of. */
const minutesQuery = (line: Line): string => {
  const { bed, code, count, device, max, mean, min } = minutes.columns;
  const each = `SELECT ${min}, ${max}, ${count}, ${mean} * ${count} AS "sum" FROM ${minutes.from} WHERE ${chosen(bed, 'bed')} AND ${code} = '${line.code}'${byWhom(line, device)} AND ${ROLLED_UP}`;
  return `SELECT min(${min}) AS "min", sum("sum") / sum(${count}) AS "mean", max(${max}) AS "max" FROM (${each}) WHERE ${ROLLED_UP} ${PER_BUCKET} ${GAPS}`;
};

const queriesOf = (lines: readonly Line[]): readonly Builder<Dataquery>[] =>
  lines.flatMap((line, i) => [
    curves(`R${i}`, rawQuery(line), `${line.name} $col`),
    curves(`M${i}`, minutesQuery(line), `${line.name} $col${OF_MINUTES}`),
  ]);

const coloured = (colour: string): DynamicConfigValue => ({
  id: 'color',
  value: { mode: 'fixed', fixedColor: colour },
});

/** The band from least to most is filled, the mean drawn on it. */
const draw = (panel: PanelBuilder, lines: readonly Line[]): PanelBuilder => {
  for (const { name, colour } of lines)
    for (const tier of ['', OF_MINUTES])
      panel
        .overrideByName(`${name} min${tier}`, [coloured(colour), { id: 'custom.lineWidth', value: 0 }])
        .overrideByName(`${name} max${tier}`, [
          coloured(colour),
          { id: 'custom.fillBelowTo', value: `${name} min${tier}` },
          { id: 'custom.fillOpacity', value: 25 },
        ])
        .overrideByName(`${name} mean${tier}`, [coloured(colour), { id: 'custom.lineWidth', value: 2 }]);
  return panel;
};

/** A panel of numbers; `decimals`: of what is drawn. */
export const numbersPanel = (title: string, what: string, lines: readonly Line[], decimals: number): PanelBuilder => {
  const unit = unitText(lines[0]!.code);
  const panel = curvesPanel({
    title,
    description: `${what} Least, mean and most of every bucket, of all devices that measured it (measurement numeric; before the last \${raw_days} days numeric_1m). A gap: no number came.`,
    queries: queriesOf(lines),
    axis: `${lines
      .map(({ code }) => signalOf(code)!.label)
      .filter((label, i, all) => all.indexOf(label) === i)
      .join(', ')} in ${unit}`,
    unit: grafanaUnit(unit),
  })
    .interval(POINTS_EVERY)
    .decimals(decimals)
    .dataLinks([toMoment()]);
  return draw(panel, lines);
};

/** A number under its own name, whoever measured it. */
export const line = (code: number, colour: string): Line => ({ code, name: signalOf(code)!.label, colour });

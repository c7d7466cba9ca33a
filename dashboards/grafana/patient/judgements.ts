/** What Vigil makes of the numbers: the score that the ward counts, and what a network says of the hours to come. */
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { curves } from '../influx-query.ts';
import { chosen, GAPS, IN_RANGE, PER_BUCKET, table } from '../influxql.ts';
import { curvesPanel } from '../kinds.ts';
import { toMoment } from '../links.ts';
import { byThreshold, colours, fixed, thresholds } from '../look.ts';

/** Not a mean: a score is whole. The worst of the bucket, and no number where it was incomplete. */
export const news2Panel = (): PanelBuilder => {
  const { columns, from } = table('score');
  return curvesPanel({
    title: 'NEWS2',
    description:
      'The highest score of every bucket (measurement score). Scores are said every minute; a gap: the score was incomplete, or analysis did not hear the bed. Older than the raw numbers: none are kept.',
    queries: [
      curves(
        'A',
        `SELECT max(${columns.value}) AS "score" FROM ${from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.name} = 'NEWS2' AND ${IN_RANGE} ${PER_BUCKET} ${GAPS}`,
        'NEWS2, highest',
      ),
    ],
    axis: 'NEWS2 in points',
    unit: 'suffix:points',
  })
    .interval('1m')
    .decimals(0)
    .min(0)
    .axisSoftMax(10)
    .lineWidth(2)
    .colorScheme(byThreshold())
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
    .thresholds(
      thresholds([
        { value: null, color: colours.plain },
        { value: 5, color: colours.worse },
        { value: 7, color: colours.bad },
      ]),
    )
    .dataLinks([toMoment()]);
};

const BAND = [
  { id: 'custom.lineWidth', value: 0 },
  { id: 'custom.showPoints', value: VisibilityMode.Never },
];

/** An hour without a number stays a gap: a risk is never carried on. */
export const sepsisRiskPanel = (): PanelBuilder => {
  const { columns, from } = table('risk');
  return curvesPanel({
    title: 'Risk of sepsis',
    description:
      'How probable sepsis within six hours is, by a network that hears vital signs, and laboratory values where they are sent (measurement risk); said at the end of every hour, the highest of every bucket. The band is what the number is worth: how often sepsis came where so much was said on wards that a network had never seen (fields low and high). For adults in an ICU; it rings nobody, and its threshold stands on the console. A gap: vital signs were too few or too old, or analysis did not hear the bed. Older than the raw numbers: none are kept.',
    queries: [
      curves(
        'A',
        `SELECT max(${columns.probability}) * 100 AS "risk" FROM ${from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.name} = 'sepsis' AND ${IN_RANGE} ${PER_BUCKET} ${GAPS}`,
        'Sepsis within 6 h, highest',
      ),
      curves(
        'B',
        `SELECT min(${columns.low}) * 100 AS "low", max(${columns.high}) * 100 AS "high" FROM ${from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.name} = 'sepsis' AND ${IN_RANGE} ${PER_BUCKET} ${GAPS}`,
        'What came elsewhere, $col',
      ),
    ],
    axis: 'Risk in percent',
    unit: 'percent',
  })
    .interval('1h')
    .decimals(1)
    .min(0)
    .axisSoftMax(20)
    .pointSize(6)
    .showPoints(VisibilityMode.Always)
    .colorScheme(fixed(colours.plain))
    .overrideByName('What came elsewhere, low', BAND)
    .overrideByName('What came elsewhere, high', [
      ...BAND,
      { id: 'custom.fillBelowTo', value: 'What came elsewhere, low' },
      { id: 'custom.fillOpacity', value: 20 },
    ])
    .dataLinks([toMoment()]);
};

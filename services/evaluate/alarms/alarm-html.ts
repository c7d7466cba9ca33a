import * as E from 'fp-ts/lib/Either.js';
import { physical } from '../../recordings/leads.ts';
import { readRecord } from '../../recordings/wfdb/record.ts';
import { lengthUs } from '../../replay/frames.ts';
import { escaped, htmlTable, page, paragraphs } from '../page.ts';
import { CHANCE, svgPlot } from '../plot.ts';
import { svgStrip } from '../strip.ts';
import { TOO_FEW_SENTENCE } from '../subgroups.ts';
import type { AlarmReport } from './alarm-report.ts';
import {
  alarmPreface,
  calibrationTable,
  figuresTable,
  subgroupTable,
  thresholdTable,
  worstLine,
} from './alarm-tables.ts';
import { upToAlarm } from './hear-records.ts';
import type { RecordVerdict } from './judge-alarms.ts';

/** Per kind that has both true and false alarms: every threshold's sensitivity, specificity and score. */
const curvePlots = ({ curves, kinds }: AlarmReport): string =>
  Object.entries(curves)
    .filter(([kind]) => Number.isFinite(kinds[kind]!.auroc.value))
    .map(([kind, curve]) => {
      const finite = curve.filter(({ from }) => Number.isFinite(from));
      return svgPlot({
        title: kind,
        across: 'kept from this probability on',
        up: 'share',
        lines: [
          { name: 'sensitivity', points: finite.map(({ from, sensitivity }) => [from, sensitivity] as const) },
          { name: 'specificity', points: finite.map(({ from, specificity }) => [from, specificity] as const) },
          { name: "the challenge's score", points: finite.map(({ from, score }) => [from, score] as const) },
        ],
      });
    })
    .join('');

const rankingPlots = ({ ranking, overall }: AlarmReport): string => {
  if (!Number.isFinite(overall.auroc.value)) return '<p>All alarms are of one truth: no ROC.</p>';
  const { truePositives, falseNegatives } = overall.counts;
  const trueShare = (truePositives + falseNegatives) / overall.alarms;
  return (
    svgPlot({
      title: 'ROC of the probability, all kinds',
      across: 'false positive rate',
      up: 'sensitivity',
      lines: [
        { name: 'verdicts', points: [[0, 0], ...ranking.map((at) => [at.falsePositiveRate, at.sensitivity] as const)] },
        CHANCE,
      ],
    }) +
    svgPlot({
      title: 'Precision and recall, all kinds',
      across: 'recall (sensitivity)',
      up: 'precision',
      lines: [
        { name: 'verdicts', points: ranking.map((at) => [at.sensitivity, at.precision] as const) },
        {
          name: `chance: ${(100 * trueShare).toFixed(1)} % are true`,
          isGuide: true,
          points: [
            [0, trueShare],
            [1, trueShare],
          ],
        },
      ],
    })
  );
};

const calibrationPlot = ({ calibration }: AlarmReport): string =>
  svgPlot({
    title: 'Calibration',
    across: 'probability said',
    up: 'share that were true',
    lines: [
      { name: 'alarms', hasDots: true, points: calibration.map(({ said, came }) => [said, came] as const) },
      { ...CHANCE, name: 'perfect' },
    ],
  });

const STRIPS = 10;
const STRIP_S = 12;

/** The last seconds before a wrong verdict's alarm, all signals. */
const worstStrip = async (directory: string, verdict: RecordVerdict): Promise<string> => {
  const read = await readRecord(directory, verdict.record);
  const said = `<p>${escaped(worstLine(verdict))}</p>`;
  if (E.isLeft(read)) return said;
  const record = upToAlarm(read.right);
  const endsAt = lengthUs(record) / 1e6;
  const strip = svgStrip({
    title: `${verdict.record}: the ${STRIP_S} s before the alarm`,
    fromSeconds: Math.max(0, endsAt - STRIP_S),
    lengthSeconds: STRIP_S,
    signals: record.header.signals.map(({ description, unit }, i) => ({
      name: description,
      unit,
      rateHz: record.header.rateHz,
      samples: physical(record, i),
    })),
  });
  return said + strip;
};

/** The report as one HTML file, nothing from outside: tables, plots, and strips of the records of `directory` that were judged worst. */
export const reportHtml = async (report: AlarmReport, directory: string): Promise<string> => {
  const strips: string[] = [];
  for (const verdict of report.worst.slice(0, STRIPS)) strips.push(await worstStrip(directory, verdict));
  return page(`Vigil: alarm truth, ${directory}`, "Are the monitors' alarms true?", [
    paragraphs([`${directory}.`, ...alarmPreface(report)]),
    htmlTable(figuresTable(report)),
    rankingPlots(report),
    calibrationPlot(report),
    htmlTable(calibrationTable(report)),
    '<h2>Subgroups</h2>',
    htmlTable(subgroupTable(report)),
    paragraphs([TOO_FEW_SENTENCE]),
    '<h2>Every threshold</h2>',
    curvePlots(report),
    htmlTable(thresholdTable(report)),
    '<h2>Worst records</h2>',
    paragraphs(['Lost true alarms first, then the kept false ones that were thought most probable.']),
    ...strips,
    paragraphs(report.worst.slice(STRIPS).map(worstLine)),
    ...(report.worst.length === 0 ? ['<p>None is wrong.</p>'] : []),
  ]);
};

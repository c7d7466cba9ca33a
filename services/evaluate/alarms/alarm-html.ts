import { escaped, svgPlot } from '../plot.ts';
import { type AlarmReport, reportText } from './alarm-report.ts';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}' +
  'svg text{font-size:11px;fill:#333}svg .title{font-size:13px;font-weight:600}svg .grid{stroke:#e5e5e5}' +
  'pre{background:#f6f6f6;padding:1rem;overflow:auto}';

/** Per kind that has both true and false alarms: every threshold's sensitivity, specificity and score. */
const curvePlots = ({ curves, kinds }: AlarmReport): string =>
  Object.entries(curves)
    .filter(([kind]) => Number.isFinite(kinds[kind]!.auroc))
    .map(([kind, curve]) => {
      const finite = curve.filter(({ from }) => Number.isFinite(from));
      return svgPlot({
        title: kind,
        across: 'kept from this probability on',
        up: 'share',
        lines: [
          { name: 'sensitivity', points: finite.map(({ from, sensitivity }) => [from, sensitivity] as const) },
          { name: 'specificity', points: finite.map(({ from, specificity }) => [from, specificity] as const) },
          { name: 'score', points: finite.map(({ from, score }) => [from, score] as const) },
        ],
      });
    })
    .join('');

const calibrationPlot = ({ calibration }: AlarmReport): string =>
  svgPlot({
    title: 'Calibration',
    across: 'probability said',
    up: 'share that were true',
    lines: [
      { name: 'alarms', hasDots: true, points: calibration.map(({ said, came }) => [said, came] as const) },
      {
        name: 'perfect',
        isGuide: true,
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  });

/** The report as one HTML file, nothing from outside. */
export const reportHtml = (report: AlarmReport, directory: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigil: alarm truth, ${escaped(directory)}</title><style>${STYLE}</style>` +
  `<h1>Are the monitors' alarms true?</h1><p>${escaped(directory)}. Secondary and supplementary; not a cleared medical device.</p>` +
  `${curvePlots(report)}${calibrationPlot(report)}<h2>All of it as text</h2><pre>${escaped(reportText(report))}</pre></html>\n`;

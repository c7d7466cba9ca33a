import { escaped, svgPlot } from '../plot.ts';
import type { ConditionReport } from './judge-episodes.ts';
import { type RhythmReport, rhythmText } from './rhythm-text.ts';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:90rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}' +
  'svg text{font-size:11px;fill:#333}svg .title{font-size:13px;font-weight:600}svg .grid{stroke:#e5e5e5}' +
  'pre{background:#f6f6f6;padding:1rem;overflow:auto}';

/** Share of the reference's episodes that had been said, by seconds after the onset. */
const delayPlot = ({ name, delaysSeconds, tally }: ConditionReport): string => {
  const points = delaysSeconds.map((delay, i) => [delay, (i + 1) / tally.reference] as const);
  return svgPlot({
    title: `${name}: said so soon`,
    across: 'seconds after the onset',
    up: 'share of the episodes',
    acrossMax: Math.max(1, delaysSeconds.at(-1) ?? 1),
    lines: [{ name, points, hasDots: true }],
  });
};

/** The report as one HTML file, nothing from outside. */
export const rhythmHtml = (report: RhythmReport): string => {
  const plotted = Object.values(report.wfdb?.conditions ?? {}).filter(({ delaysSeconds }) => delaysSeconds.length > 0);
  const where = escaped([report.wfdb?.directory, report.cinc2017?.directory].filter(Boolean).join(', '));
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigil: rhythm, ${where}</title><style>${STYLE}</style>` +
    `<h1>Is the rhythm right?</h1><p>${where}. Secondary and supplementary; not a cleared medical device.</p>` +
    `${plotted.map(delayPlot).join('')}<h2>All of it as text</h2><pre>${escaped(rhythmText(report))}</pre></html>\n`
  );
};

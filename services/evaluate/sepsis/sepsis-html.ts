import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { escaped, svgPlot } from '../plot.ts';
import type { SepsisEvaluation } from './evaluate-sepsis.ts';
import { sepsisText } from './sepsis-text.ts';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}' +
  'table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid #ddd}' +
  'svg text{font-size:11px;fill:#333}svg .title{font-size:13px;font-weight:600}svg .grid{stroke:#e5e5e5}' +
  '.warning{background:#fff3cd;padding:.6rem 1rem}pre{background:#f6f6f6;padding:1rem;overflow:auto}';

/** The evaluation as one HTML file: tables, ROC, precision–recall and calibration, nothing from outside. */
export const sepsisHtml = (evaluation: SepsisEvaluation): string => {
  const { csv, model, scores, isTrainingData } = evaluation;
  const warning = isTrainingData
    ? '<p class="warning">The network has learned from these stays: its figures here flatter. Its model card has the cross-validated ones.</p>'
    : '';
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigil: sepsis, ${escaped(csv)}</title><style>${STYLE}</style>` +
    `<h1>Sepsis within six hours</h1><p>${escaped(csv)}, network ${escaped(model.id)}, alarm from a risk of ${model.threshold}. ` +
    'Secondary and supplementary; not a cleared medical device.</p>' +
    `${warning}<table><tr><th></th><th>utility</th><th>AUROC</th><th>AUPRC</th></tr>` +
    scores
      .map(
        ({ name, figures }) =>
          `<tr><td>${escaped(name)}</td>${[figures.utility, figures.auroc, figures.auprc].map(cell).join('')}</tr>`,
      )
      .join('') +
    `</table>${plots(evaluation)}<h2>All of it as text</h2><pre>${escaped(sepsisText(evaluation))}</pre></html>\n`
  );
};

const cell = ({ value, low, high }: Interval): string =>
  `<td>${value.toFixed(3)}${Number.isFinite(low) ? ` [${low.toFixed(3)}, ${high.toFixed(3)}]` : ''}</td>`;

const plots = ({ curves, scores }: SepsisEvaluation): string => {
  const roc = svgPlot({
    title: 'ROC, network, all inputs',
    across: 'false positive rate',
    up: 'sensitivity',
    lines: [
      { name: 'network', points: [[0, 0], ...curves.map((at) => [at.falsePositiveRate, at.sensitivity] as const)] },
      {
        name: 'chance',
        isGuide: true,
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  });
  const precision = svgPlot({
    title: 'Precision and recall',
    across: 'sensitivity',
    up: 'precision',
    lines: [{ name: 'network', points: curves.map((at) => [at.sensitivity, at.precision] as const) }],
  });
  const table = scores[0]?.figures.calibration?.table ?? [];
  const most = Math.max(0.01, ...table.flatMap(({ said, came }) => [said, came]));
  const calibration = svgPlot({
    title: 'Calibration, tenths of the hours',
    across: 'risk said',
    up: 'sepsis came',
    acrossMax: most,
    upMax: most,
    lines: [
      { name: 'network', hasDots: true, points: table.map(({ said, came }) => [said, came] as const) },
      {
        name: 'perfect',
        isGuide: true,
        points: [
          [0, 0],
          [most, most],
        ],
      },
    ],
  });
  return `<p>${roc}${precision}${calibration}</p>`;
};

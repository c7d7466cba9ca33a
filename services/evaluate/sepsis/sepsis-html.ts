import { escaped, htmlTable, page, paragraphs } from '../page.ts';
import { CHANCE, roundAbove, svgPlot } from '../plot.ts';
import { TOO_FEW_SENTENCE } from '../subgroups.ts';
import type { SepsisEvaluation } from './evaluate-sepsis.ts';
import { alarmSentences, calibrationTable, scoresTable, sepsisPreface, subgroupTable } from './sepsis-text.ts';

/** The evaluation as one HTML file: tables, ROC, precision–recall and calibration, nothing from outside. */
export const sepsisHtml = (evaluation: SepsisEvaluation): string => {
  const { figures } = evaluation.scores[0]!;
  const warning =
    'The network has learned from these stays: its figures here flatter. Its model card has the cross-validated ones.';
  return page(`Vigil: sepsis, ${evaluation.csv}`, 'Sepsis within six hours', [
    evaluation.isTrainingData ? `<p class="warning">${escaped(warning)}</p>` : '',
    paragraphs(sepsisPreface(evaluation)),
    htmlTable(scoresTable(evaluation)),
    plots(evaluation),
    ...(figures.calibration === undefined ? [] : [htmlTable(calibrationTable(figures.calibration))]),
    '<h2>Subgroups</h2>',
    htmlTable(subgroupTable(evaluation.subgroups)),
    paragraphs([TOO_FEW_SENTENCE]),
    '<h2>Alarms</h2>',
    paragraphs(alarmSentences(figures)),
  ]);
};

const plots = ({ curves, scores }: SepsisEvaluation): string => {
  // Where all hours are called septic, precision is their share.
  const septicShare = curves.at(-1)?.precision ?? 0;
  const roc = svgPlot({
    title: 'ROC, network, all inputs',
    across: 'false positive rate',
    up: 'sensitivity',
    lines: [
      { name: 'network', points: [[0, 0], ...curves.map((at) => [at.falsePositiveRate, at.sensitivity] as const)] },
      CHANCE,
    ],
  });
  const precision = svgPlot({
    title: 'Precision and recall',
    across: 'recall (sensitivity)',
    up: 'precision',
    lines: [
      { name: 'network', points: curves.map((at) => [at.sensitivity, at.precision] as const) },
      {
        name: `chance: ${(100 * septicShare).toFixed(1)} % of the hours`,
        isGuide: true,
        points: [
          [0, septicShare],
          [1, septicShare],
        ],
      },
    ],
  });
  const table = scores[0]?.figures.calibration?.table ?? [];
  const most = roundAbove(Math.max(0.01, ...table.flatMap(({ said, came }) => [said, came])));
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

import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import type { SepsisCalibration, SepsisFigures } from '../../../stream-models/evaluation/sepsis-figures.ts';
import { subgroupCell, TOO_FEW_SENTENCE } from '../subgroups.ts';
import { type Table, tableText } from '../table.ts';
import type { SepsisEvaluation } from './evaluate-sepsis.ts';
import type { SepsisSubgroup } from './sepsis-subgroups.ts';

/** The network is judged twice: with all inputs, and with vital signs only. */
const NETWORKS = 2;
/** So many stays are named; a file may have thousands. */
const NAMED = 5;

const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '–');
const number = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const shown = ({ value, low, high }: Interval): string =>
  Number.isFinite(value) && Number.isFinite(low)
    ? `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
    : number(value, 3);

const gapSentences = (stays: readonly string[]): readonly string[] => {
  if (stays.length === 0) return [];
  const more = stays.length > NAMED ? ` and ${stays.length - NAMED} more` : '';
  return [
    `ICULOS leaps over hours in ${stays.length} stays (${stays.slice(0, NAMED).join(', ')}${more}): a row counts as an hour all the same, as in the challenge's own scorer.`,
  ];
};

const unreadableSentences = ({ count, byColumn }: SepsisEvaluation['unreadable']): readonly string[] =>
  count === 0
    ? []
    : [
        `Cells that are no numbers counted as not measured: ${Object.entries(byColumn)
          .map(([column, cells]) => `${column} ${cells}`)
          .join(', ')}.`,
      ];

/** What has to be known before the figures are read. */
export const sepsisPreface = (evaluation: SepsisEvaluation): readonly string[] => {
  const { csv, model, isTrainingData, comparatorsLeftOut, scores, stays, staysWithGaps, unreadable } = evaluation;
  const { septicStays, rows } = scores[0]!.figures;
  return [
    `Sepsis within 6 h, ${csv}: ${stays} stays, ${septicStays} with sepsis, ${rows} hours`,
    `Network ${model.id}, alarm from a risk of ${model.threshold}`,
    ...(isTrainingData
      ? [
          'The network has LEARNED FROM THESE STAYS: its figures here flatter. Its model card has the cross-validated ones.',
        ]
      : []),
    ...(comparatorsLeftOut === undefined ? [] : [`Nothing stands beside the network. ${comparatorsLeftOut}.`]),
    ...(scores.length > NETWORKS
      ? ['Comparators are fitted, and their thresholds chosen, on the other half of these stays.']
      : []),
    "Utility: the PhysioNet/CinC Challenge 2019's, normalised (1 for the best alarms, 0 for none at all). AUROC and AUPRC over hours; those without a number rank below all others.",
    ...gapSentences(staysWithGaps),
    ...unreadableSentences(unreadable),
    '[95 % intervals by bootstrap over stays]',
  ];
};

/** A row for each score. */
export const scoresTable = ({ scores }: SepsisEvaluation): Table => ({
  caption: 'Network and comparators',
  head: ['', 'utility', 'AUROC', 'AUPRC', 'septic found', 'others quiet', 'alarms/day'],
  rows: scores.map(({ name, figures }) => [
    name,
    ...[figures.utility, figures.auroc, figures.auprc].map(shown),
    percent(figures.alarms.sensitivity),
    percent(figures.alarms.specificity),
    number(figures.alarms.alertsPerDay, 2),
  ]),
});

const shownPercent = ({ value, low, high }: Interval): string =>
  Number.isFinite(value) && Number.isFinite(low)
    ? `${percent(value)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`
    : percent(value);

/** The network by sex, age and unit. Which unit a stay was in is reported and never an input. */
export const subgroupTable = (subgroups: readonly SepsisSubgroup[]): Table => ({
  caption: 'The network, all inputs, by sex, age and unit (reported only: the network does not know the unit)',
  head: [
    ...['', 'stays', 'septic', 'utility', 'AUROC', 'septic found', 'others quiet', 'with an alarm septic'],
    ...['risk said', 'sepsis came'],
  ],
  rows: subgroups.map(({ by, name, stays, septicStays, utility, auroc, ...shares }) => [
    `${by}: ${name}`,
    String(stays),
    String(septicStays),
    ...[utility, auroc].map((figure) => subgroupCell(figure, shown)),
    ...[shares.septicFound, shares.othersQuiet, shares.ppvStays, shares.said, shares.came].map((figure) =>
      subgroupCell(figure, shownPercent),
    ),
  ]),
});

/** How the network's alarms were, with all inputs. */
export const alarmSentences = ({ alarms, insufficientRows, rows }: SepsisFigures): readonly string[] => [
  `Alarms of the network, all inputs: septic stays found ${percent(alarms.sensitivity)} (12 h before to 3 h after the onset), other stays without any alarm ${percent(alarms.specificity)}; ` +
    `of the stays with an alarm ${percent(alarms.ppvStays)} have sepsis; ${number(alarms.alertsPerDay, 2)} alarms begin, and ${number(alarms.alarmHoursPerDay, 1)} h are in alarm, per patient and day.`,
  alarms.leadHours.stays === 0
    ? 'No septic stay had an alarm before the onset.'
    : `First alarm before the onset in ${alarms.leadHours.stays} septic stays: ${number(alarms.leadHours.middle, 0)} h before (a tenth less than ${number(alarms.leadHours.low, 0)} h, a tenth more than ${number(alarms.leadHours.high, 0)} h).`,
  `Insufficient data in ${insufficientRows} of ${rows} hours (${percent(insufficientRows / rows)}): no number, no alarm.`,
];

/** What was said and what came. */
export const calibrationTable = ({ brier, expectedCalibrationError, table }: SepsisCalibration): Table => ({
  caption: `Calibration: Brier ${number(brier, 4)}, expected calibration error ${number(expectedCalibrationError, 4)} (ten bins of equal count)`,
  head: ['hours', 'risk said', 'sepsis came'],
  rows: table.map(({ cases, said, came }) => [String(cases), percent(said), percent(came)]),
});

/** The figures as tables for people. */
export const sepsisText = (evaluation: SepsisEvaluation): string => {
  const [first] = evaluation.scores;
  const calibration = first!.figures.calibration && calibrationTable(first!.figures.calibration);
  return [
    ...sepsisPreface(evaluation),
    '',
    ...tableText(scoresTable(evaluation)),
    '',
    subgroupTable(evaluation.subgroups).caption,
    ...tableText(subgroupTable(evaluation.subgroups)),
    TOO_FEW_SENTENCE,
    '',
    ...alarmSentences(first!.figures),
    ...(calibration === undefined ? [] : ['', calibration.caption, ...tableText(calibration)]),
  ].join('\n');
};

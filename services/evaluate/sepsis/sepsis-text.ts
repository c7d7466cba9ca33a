import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import type { SepsisFigures } from '../../../stream-models/evaluation/sepsis-figures.ts';
import type { SepsisEvaluation } from './evaluate-sepsis.ts';

/** The network is judged twice: with all inputs, and with vital signs only. */
const NETWORKS = 2;

/** The figures as tables for people. */
export const sepsisText = ({
  csv,
  model,
  isTrainingData,
  comparatorsLeftOut,
  scores,
  stays,
}: SepsisEvaluation): string => {
  const [first] = scores;
  const lines = [
    `Sepsis within 6 h, ${csv}: ${stays} stays, ${first!.figures.septicStays} with sepsis, ${first!.figures.rows} hours`,
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
    '[95 % intervals by bootstrap over stays]',
    '',
    row('', ['utility', 'AUROC', 'AUPRC']),
    ...scores.map(({ name, figures }) =>
      row(name, [shown(figures.utility), shown(figures.auroc), shown(figures.auprc)]),
    ),
    '',
    ...alarmLines(first!.figures),
    ...calibrationLines(first!.figures),
  ];
  return lines.join('\n');
};

const row = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(28)}${cells.map((cell) => cell.padEnd(24)).join('')}`.trimEnd();

const shown = ({ value, low, high }: Interval): string =>
  Number.isFinite(low) ? `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]` : value.toFixed(3);

const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '–');

const alarmLines = ({ alarms, insufficientRows, rows }: SepsisFigures): readonly string[] => [
  `Alarms of the network, all inputs: septic stays found ${percent(alarms.sensitivity)} (12 h before to 3 h after the onset), other stays`,
  `  without any alarm ${percent(alarms.specificity)}; of the stays with an alarm ${percent(alarms.ppvStays)} have sepsis; ${alarms.alertsPerDay.toFixed(2)} alarms begin, and`,
  `  ${alarms.alarmHoursPerDay.toFixed(1)} h are in alarm, per patient and day.`,
  `  First alarm before the onset in ${alarms.leadHours.stays} septic stays: ${alarms.leadHours.middle.toFixed(0)} h before (a tenth less than ${alarms.leadHours.low.toFixed(0)} h, a tenth more than ${alarms.leadHours.high.toFixed(0)} h).`,
  `  Insufficient data in ${insufficientRows} of ${rows} hours (${percent(insufficientRows / rows)}): no number, no alarm.`,
];

const calibrationLines = ({ calibration }: SepsisFigures): readonly string[] =>
  calibration === undefined
    ? []
    : [
        `Calibration: Brier ${calibration.brier.toFixed(4)}, expected calibration error ${calibration.expectedCalibrationError.toFixed(4)} (ten bins of equal count)`,
        row('  hours', ['risk said', 'sepsis came']),
        ...calibration.table.map(({ cases, said, came }) => row(`  ${cases}`, [percent(said), percent(came)])),
      ];

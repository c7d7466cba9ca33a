import { TOO_FEW_SENTENCE } from '../subgroups.ts';
import { tableText } from '../table.ts';
import { grossTable, matrixTable, percent, recordTable, subgroupTable, worstTable } from './beats-tables.ts';
import type { BeatEvaluation } from './evaluate-beats.ts';

/** What has to be known before the figures are read. */
export const beatsPreface = (evaluation: BeatEvaluation): readonly string[] => {
  const { noise, learnedFrom, unjudged, withoutBeats, records, notes, patients } = evaluation;
  return [
    `Beats, ${evaluation.wfdb}: ${records.length} records. ${evaluation.rules}.`,
    ...(noise === undefined
      ? []
      : [
          `Noise ${noise.record} added at ${noise.snrDb} dB as WFDB's nst does: from 5:00, two minutes with and two without in turn; signal power by QRS amplitude.`,
        ]),
    ...(learnedFrom.length > 0
      ? [
          `The networks of beats and artefacts have LEARNED FROM THE PATIENTS OF ${learnedFrom.length} OF THESE RECORDS: classes, and what is refused in noise, flatter here. Their model cards have the cross-validated figures.`,
        ]
      : []),
    ...(unjudged.length > 0
      ? [
          `NOT JUDGED, and in no figure: ${unjudged.map(({ record, sentence }) => `${record} (${sentence})`).join('; ')}`,
        ]
      : []),
    ...(withoutBeats.length > 0
      ? [
          `The reference has no beat after 5:00, so that nothing is found or missed there, in ${withoutBeats.join(', ')}.`,
        ]
      : []),
    ...notes,
    `Percent [95 % intervals by bootstrap over ${patients} patients${patients < records.length ? '; 201 and 202 of mitdb are one' : ''}].`,
  ];
};

/** How soon beats were said, in a sentence. */
export const delaySentence = ({ delays }: BeatEvaluation): string =>
  `Decision after the R peak, all beats from 0:00 on: median ${(1e3 * delays.median).toFixed(0)} ms, 99 % ${(1e3 * delays.p99).toFixed(0)} ms, longest ${(1e3 * delays.most).toFixed(0)} ms; ${percent(delays.within300Ms)} % of ${delays.beats} beats within 300 ms.`;

const subgroupLines = (evaluation: BeatEvaluation): readonly string[] => {
  const table = subgroupTable(evaluation);
  return table === undefined ? [] : [`${table.caption}:`, ...tableText(table), TOO_FEW_SENTENCE, ''];
};

/** The tables for people. */
export const beatsText = (evaluation: BeatEvaluation): string =>
  [
    ...beatsPreface(evaluation),
    '',
    ...tableText(grossTable(evaluation)),
    '',
    ...tableText(matrixTable(evaluation)),
    '',
    delaySentence(evaluation),
    '',
    'Worst records (number of errors):',
    ...worstTable(evaluation).rows.map(([what, records]) => `  ${what}: ${records}`),
    '',
    ...subgroupLines(evaluation),
    ...tableText(recordTable(evaluation)),
  ].join('\n');

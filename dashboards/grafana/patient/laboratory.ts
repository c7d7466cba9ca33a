/** Laboratory values, at the time of their specimens: those that a cardiologist or an intensivist looks for as curves, all of them as a list. */
import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { LAB, laboratoryValueOf, laboratoryValues } from '../../../schemas/laboratory.ts';
import { tagValue } from '../../../schemas/tag-value.ts';
import { rows } from '../influx-query.ts';
import { chosen, IN_RANGE, table } from '../influxql.ts';
import { tablePanel } from '../kinds.ts';
import { colours, unitText } from '../look.ts';
import { line, numbersPanel } from './numbers-panel.ts';

const drawn = [
  [LAB.lactate, 'Lactate'],
  [LAB.potassium, 'Potassium'],
  [LAB.creatinine, 'Creatinine'],
  [LAB.bilirubin, 'Bilirubin'],
  [LAB.leukocytes, 'White cells'],
  [LAB.platelets, 'Platelets'],
] as const;

/** Between two specimens nothing is known, so no line joins them. */
export const laboratoryPanels = (): readonly PanelBuilder[] =>
  drawn.map(([code, title]) =>
    numbersPanel(
      title,
      'Each result, at the time of its specimen; it was told later. Between two of them nothing is known.',
      [line(code, colours.plain)],
      laboratoryValueOf(code)!.decimals,
    )
      .pointSize(6)
      .showPoints(VisibilityMode.Always),
  );

const { columns, from } = table('numeric');
/** A ventilator sends its FiO₂ every second: it would hide all else. */
const listed = laboratoryValues.filter(({ code }) => code !== LAB.fio2);

export const laboratoryList = (): TablePanel =>
  tablePanel({
    title: 'Laboratory values',
    description:
      'Results, newest specimen first, at most 500 (measurement numeric; without FiO₂). Time is that of the specimen; a correction stands in place of what it corrects. Analytes whose LOINC Vigil does not know are not listed. No row: nothing was told in the range. Older than the raw numbers: the curves have their minutes.',
    queries: [
      rows(
        'A',
        `SELECT ${columns.code} AS "Analyte", ${columns.value} AS "Value", ${columns.ucum} AS "Unit" FROM ${from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.code} =~ /^(${listed.map(({ code }) => code).join('|')})$/ AND ${IN_RANGE} ORDER BY time DESC LIMIT 500`,
      ),
    ],
  })
    .overrideByName('Time', [
      { id: 'displayName', value: 'Specimen' },
      { id: 'custom.width', value: 190 },
    ])
    .overrideByName('Analyte', [
      { id: 'mappings', value: [inPlaceOf(listed.map(({ code, label }) => [String(code), label]))] },
    ])
    .overrideByName('Unit', [
      { id: 'mappings', value: [inPlaceOf(listed.map(({ code, ucum }) => [tagValue(ucum), unitText(code)]))] },
    ]);

/** What stands in a cell in place of a code. */
const inPlaceOf = (texts: readonly (readonly [code: string, text: string])[]) => ({
  type: 'value',
  options: Object.fromEntries(texts.map(([code, text], index) => [code, { text, index }])),
});

/** docs/laboratory.md says what is so: its table is the code's, and its examples are taken. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { LAB, laboratoryUnits, laboratoryValues } from '../../schemas/laboratory.ts';
import { decodeTelemetryJson, isLaboratoryFrame } from '../../schemas/telemetry.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/laboratory.md'), 'utf8');
const [frame, assignment] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text!);

describe('the page for laboratories', () => {
  it('lists every analyte with its LOINCs, code, units and bounds, and nothing else', () => {
    const rows = page.split('\n').filter((line) => /^\| .* \| \d+-\d/.test(line));
    expect(rows).toEqual(
      laboratoryValues.map(({ label, code, loincs, dimension, ucum, least, most }) => {
        const units = Object.keys(laboratoryUnits[dimension]).map((unit) =>
          unit === ucum ? `**\`${unit}\`**` : `\`${unit}\``,
        );
        return `| ${label} | ${loincs.join(', ')} | ${code} | ${units.join(' ')} | ${least} … ${most} |`;
      }),
    );
  });

  it('has examples that are taken as they stand there', () => {
    const told = decodeTelemetryJson(JSON.parse(frame!));
    expect(E.isRight(told) && isLaboratoryFrame(told.right)).toBe(true);
    expect(E.isRight(told) && told.right.numerics.map(({ code }) => code)).toEqual([
      ...[LAB.lactate, LAB.creatinine, LAB.potassium],
    ]);
    const assigned = decodeTelemetryJson({
      bed: 'icu-04',
      source: 'adt',
      deviceTimeUs: 1_767_229_200_000_000,
      sequence: 1,
      ...JSON.parse(`{${assignment}}`),
    });
    expect(assigned).toMatchObject(E.right({ assignment: { ageYears: 71, patient: 'opaque-4711' } }));
  });
});

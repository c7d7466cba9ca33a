import { describe, expect, it } from 'vitest';
import { laboratoryRows } from '../../dashboards/console/src/logic/numbers/laboratory.ts';
import { riskBasis } from '../../dashboards/console/src/logic/numbers/risk-words.ts';
import { codeOfLoinc, labelOf } from '../../schemas/codes.ts';
import { LAB } from '../../schemas/laboratory.ts';
import type { LiveRisk } from '../../schemas/live-risk.ts';
import { at, numeric } from './live-ward.ts';

const DAY_US = 86_400e6;
const lab = (code: number, value: number | null, unit: string, atS: number, more: object = {}) =>
  numeric(code, value, { label: labelOf(code), unit, atUs: at(atS), staleAfterUs: DAY_US, by: 'laboratory', ...more });
const lines = (nowS: number, ...values: readonly ReturnType<typeof lab>[]) =>
  laboratoryRows(values, at(nowS)).map(({ label, value, unit, age }) => `${label} ${value} ${unit} (${age})`);

describe('the laboratory values of an open bed', () => {
  it('stand in the order of the table, as a laboratory prints them, each with the age of its specimen', () => {
    expect(
      lines(
        7_200,
        lab(LAB.creatinine, 1.0004, 'mg/dL', 0),
        lab(LAB.leukocytes, 12.44, '10*9/L', 3_600),
        lab(LAB.ph, 7.3, '[pH]', 7_000),
      ),
    ).toEqual(['pH 7.30  (3 min)', 'CREATININE 1.00 mg/dL (2 h)', 'WBC 12.4 10⁹/L (1 h)']);
  });

  it('are "—" with the reason and the age where there is no value, or only one of more than a day ago', () => {
    expect(
      lines(
        90_000,
        lab(LAB.lactate, 2.1, 'mmol/L', 0),
        lab(LAB.potassium, null, 'mmol/L', 89_000, { missing: 'invalid' }),
      ),
    ).toEqual(['LACTATE — mmol/L (too old · 25 h)', 'K — mmol/L (invalid · 16 min)']);
  });

  it('name a LOINC that is not mapped as such, last', () => {
    expect(lines(60, lab(codeOfLoinc('33959-8')!, 0.44, 'ng/mL', 0), lab(LAB.lactate, 2, 'mmol/L', 0))).toEqual([
      'LACTATE 2.0 mmol/L (1 min)',
      'LOINC 33959-8 0.44 ng/mL (unmapped · 1 min)',
    ]);
  });

  it('are named in what a risk is made of, with their own age; without any the line says so', () => {
    const risk = (inputs: LiveRisk['inputs']): LiveRisk => ({
      ...{ name: 'sepsis', horizonHours: 6, state: 'value', probability: 0.05, threshold: 0.033, alarm: true },
      ...{ missing: [], inputs, atUs: at(3_600) },
    });
    const pulse = { name: 'HR', unit: '/min', value: 112, atUs: at(3_590) };
    expect(riskBasis(risk([{ name: 'LACTATE', unit: 'mmol/l', value: 4.24, atUs: at(0) }, pulse]), at(3_720))).toBe(
      'from LACTATE 4.2 mmol/l (1 h) · HR 112 /min (2 min)',
    );
    expect(riskBasis(risk([pulse]), at(3_720))).toContain('no laboratory values');
  });

  it('are not there where a ventilator tells FiO₂ alone: neither the risk nor the table says that a laboratory is connected', () => {
    const risk: LiveRisk = {
      ...{ name: 'sepsis', horizonHours: 6, state: 'value', probability: 0.05, threshold: 0.033, alarm: true },
      ...{ missing: [], inputs: [{ name: 'FiO₂', unit: '', value: 0.4, atUs: at(3_590) }], atUs: at(3_600) },
    };
    expect(riskBasis(risk, at(3_720))).toBe('from FiO₂ 0.40 (2 min) · no laboratory values');
    const isLaboratory = (...codes: readonly number[]) =>
      laboratoryRows(
        codes.map((code) => lab(code, 0.4, '1', 0)),
        at(10),
      ).map((row) => row.isLaboratory);
    expect(isLaboratory(LAB.fio2)).toEqual([false]);
    expect(isLaboratory(LAB.fio2, LAB.lactate)).toContain(true);
  });
});

import { LAB } from '../../schemas/laboratory.ts';
import { LABS } from './parameters.ts';

/** The laboratory's code of each of LABS; the table's units are those of LABS. */
const codeByName: Readonly<Record<string, number>> = {
  BaseExcess: LAB.baseExcess,
  HCO3: LAB.bicarbonate,
  FiO2: LAB.fio2,
  pH: LAB.ph,
  PaCO2: LAB.paco2,
  SaO2: LAB.sao2,
  AST: LAB.ast,
  BUN: LAB.ureaNitrogen,
  Alkalinephos: LAB.alkalinePhosphatase,
  Calcium: LAB.calcium,
  Chloride: LAB.chloride,
  Creatinine: LAB.creatinine,
  Glucose: LAB.glucose,
  Lactate: LAB.lactate,
  Magnesium: LAB.magnesium,
  Phosphate: LAB.phosphate,
  Potassium: LAB.potassium,
  Bilirubin_total: LAB.bilirubin,
  Hct: LAB.haematocrit,
  Hgb: LAB.haemoglobin,
  PTT: LAB.ptt,
  WBC: LAB.leukocytes,
  Fibrinogen: LAB.fibrinogen,
  Platelets: LAB.platelets,
};

/** By the place in LABS. */
export const LAB_CODES: readonly number[] = LABS.map(({ name }) => codeByName[name]!);

const places = new Map(LAB_CODES.map((code, lab) => [code, lab]));

/** Where a laboratory value lies in LABS; undefined: the network knows it not. */
export const labOf = (code: number): number | undefined => places.get(code);

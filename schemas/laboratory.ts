/**
 * Laboratory values: what a LIS or a blood gas analyser says of a bed, by LOINC. One row per analyte: its code in Vigil's private
 * range (FiO₂ has one of MDC), the LOINCs that mean it, its units with their factors, and what cannot be a value.
 *
 * LOINCs were checked against MIT-LCP/mimic-code (mimic-iv/concepts/concept_map/d_labitems_to_loinc.csv, curated by two people) and,
 * for the molar and arterial ones, against the LOINC names in public FHIR mappings (MII test data, GECCO, EDS-H); MDC 152196 against
 * public ventilator mappings. Venous gases, ionised calcium and urea by mass (3091-6, which is not urea nitrogen) are other analytes:
 * they stay unmapped. Molar masses: IUPAC standard atomic weights, g/mol.
 */

/** value * factor + shift is the value in Vigil's unit. */
export interface Conversion {
  readonly factor: number;
  readonly shift: number;
}

const by = (factor: number): Conversion => ({ factor, shift: 0 });
const SAME = by(1);

/** A solute by mass (mg/dL) or by substance: 1 mmol/L of `grams` g/mol is grams / 10 mg/dL. */
const massOrMolar = (grams: number): Readonly<Record<string, Conversion>> => ({
  'mg/dL': SAME,
  'mg/dl': SAME,
  'mg/L': by(0.1),
  'mmol/L': by(grams / 10),
  'mmol/l': by(grams / 10),
  'umol/L': by(grams / 1e4),
  'umol/l': by(grams / 1e4),
});

const MOLAR_MASS = {
  creatinine: 113.12,
  glucose: 180.156,
  bilirubin: 584.67,
  calcium: 40.078,
  magnesium: 24.305,
  phosphorus: 30.974,
  /** Two atoms of nitrogen in each molecule of urea: mmol/L of urea → mg/dL of urea nitrogen. */
  ureaNitrogen: 28.014,
  lactate: 90.078,
  /** Of one of the four chains, as laboratories count it (mmol/L of Hb, Fe): IFCC 1.6114 g/dL per mmol/L. */
  haemoglobinChain: 16_114,
} as const;

const equivalents = (millimolesPerMilliequivalent: number): Readonly<Record<string, Conversion>> => ({
  'mmol/L': SAME,
  'mmol/l': SAME,
  'meq/L': by(millimolesPerMilliequivalent),
  'meq/l': by(millimolesPerMilliequivalent),
});

/** By quantity: units (UCUM) and how a value in them becomes one in the first of them. */
export const laboratoryUnits = {
  'concentration of charge': equivalents(1),
  // 1 mg/dL is 10 mg/L; divided by the molar mass.
  'concentration of lactate': {
    ...{ 'mmol/L': SAME, 'mmol/l': SAME },
    ...{ 'mg/dL': by(10 / MOLAR_MASS.lactate), 'mg/dl': by(10 / MOLAR_MASS.lactate) },
  },
  'concentration of creatinine': massOrMolar(MOLAR_MASS.creatinine),
  'concentration of glucose': massOrMolar(MOLAR_MASS.glucose),
  'concentration of bilirubin': massOrMolar(MOLAR_MASS.bilirubin),
  // Calcium and magnesium carry two charges: 1 meq/L is half a mmol/L.
  'concentration of calcium': { ...massOrMolar(MOLAR_MASS.calcium), 'meq/L': by(MOLAR_MASS.calcium / 20) },
  'concentration of magnesium': { ...massOrMolar(MOLAR_MASS.magnesium), 'meq/L': by(MOLAR_MASS.magnesium / 20) },
  'concentration of phosphorus': massOrMolar(MOLAR_MASS.phosphorus),
  'concentration of urea nitrogen': massOrMolar(MOLAR_MASS.ureaNitrogen),
  'concentration of haemoglobin': {
    ...{ 'g/dL': SAME, 'g/dl': SAME, 'g/L': by(0.1), 'g/l': by(0.1) },
    ...{ 'mmol/L': by(MOLAR_MASS.haemoglobinChain / 1e4), 'mmol/l': by(MOLAR_MASS.haemoglobinChain / 1e4) },
  },
  'concentration of fibrinogen': {
    ...{ 'mg/dL': SAME, 'mg/dl': SAME, 'g/L': by(100), 'g/l': by(100), 'g/dL': by(1e3) },
  },
  // 1 U is 1 µmol/min (1/60 µkat); enzymes by IFCC methods count international units as the same.
  'catalytic activity': { 'U/L': SAME, 'U/l': SAME, '[iU]/L': SAME, '[IU]/L': SAME, 'ukat/L': by(60) },
  'count of cells': {
    ...{ '10*9/L': SAME, '10*9/l': SAME, '10*3/uL': SAME, '10*3/mm3': SAME },
    ...{ '/uL': by(1e-3), '{cells}/uL': by(1e-3), '10*6/L': by(1e-3) },
  },
  acidity: { '[pH]': SAME, '1': SAME },
  'share of blood': { '%': SAME, '1': by(100), 'L/L': by(100), 'l/l': by(100) },
  'share of oxygen in what is breathed': { '1': SAME, '%': by(0.01) },
  'partial pressure': { 'mm[Hg]': SAME, kPa: by(7.500615758) },
  'clotting time': { s: SAME },
} as const satisfies Record<string, Readonly<Record<string, Conversion>>>;

export type LaboratoryDimension = keyof typeof laboratoryUnits;

/** Codes of the analytes; all but FiO₂'s in the private range of 32-bit codes. */
export const LAB = {
  baseExcess: 0xf000_0101,
  bicarbonate: 0xf000_0102,
  /** MDC_CONC_AWAY_O2_INSP, so that a ventilator's own number is the same one. */
  fio2: 152196,
  ph: 0xf000_0104,
  paco2: 0xf000_0105,
  sao2: 0xf000_0106,
  ast: 0xf000_0107,
  ureaNitrogen: 0xf000_0108,
  alkalinePhosphatase: 0xf000_0109,
  calcium: 0xf000_010a,
  chloride: 0xf000_010b,
  creatinine: 0xf000_010c,
  glucose: 0xf000_010d,
  lactate: 0xf000_010e,
  magnesium: 0xf000_010f,
  phosphate: 0xf000_0110,
  potassium: 0xf000_0111,
  bilirubin: 0xf000_0112,
  haematocrit: 0xf000_0113,
  haemoglobin: 0xf000_0114,
  ptt: 0xf000_0115,
  leukocytes: 0xf000_0116,
  fibrinogen: 0xf000_0117,
  platelets: 0xf000_0118,
} as const;

export interface LaboratoryValue {
  readonly code: number;
  readonly name: string;
  readonly label: string;
  readonly dimension: LaboratoryDimension;
  /** Vigil's unit. */
  readonly ucum: string;
  /** What lies outside, in Vigil's unit, is a sentinel (-1, 9999999) or a slip, and no value: wider than any patient. */
  readonly least: number;
  readonly most: number;
  /** As a laboratory prints it. */
  readonly decimals: number;
  readonly loincs: readonly string[];
}

const value = (
  [code, name, label]: readonly [number, string, string],
  [dimension, ucum]: readonly [LaboratoryDimension, string],
  [least, most, decimals]: readonly [number, number, number],
  ...loincs: readonly string[]
): LaboratoryValue => ({ code, name, label, dimension, ucum, least, most, decimals, loincs });

/** Blood gases first, as they come first. */
export const laboratoryValues: readonly LaboratoryValue[] = [
  value([LAB.ph, 'VIGIL_LAB_PH', 'pH'], ['acidity', '[pH]'], [6, 8.5, 2], '2744-1', '11558-4'),
  value([LAB.paco2, 'VIGIL_LAB_PACO2', 'PaCO₂'], ['partial pressure', 'mm[Hg]'], [1, 300, 0], '2019-8', '11557-6'),
  value([LAB.sao2, 'VIGIL_LAB_SAO2', 'SaO₂'], ['share of blood', '%'], [0, 100, 0], '2708-6', '20564-1'),
  value(
    [LAB.bicarbonate, 'VIGIL_LAB_BICARBONATE', 'HCO₃'],
    ['concentration of charge', 'mmol/L'],
    [0, 100, 0],
    ...['1963-8', '1960-4'],
  ),
  value(
    [LAB.baseExcess, 'VIGIL_LAB_BASE_EXCESS', 'BE'],
    ['concentration of charge', 'mmol/L'],
    [-60, 60, 0],
    ...['11555-0', '1925-7'],
  ),
  value(
    [LAB.lactate, 'VIGIL_LAB_LACTATE', 'LACTATE'],
    ['concentration of lactate', 'mmol/L'],
    [0, 60, 1],
    ...['2524-7', '2518-9', '32693-4'],
  ),
  value(
    [LAB.fio2, 'MDC_CONC_AWAY_O2_INSP', 'FiO₂'],
    ['share of oxygen in what is breathed', '1'],
    [0.1, 1, 2],
    '3150-0',
  ),
  value(
    [LAB.potassium, 'VIGIL_LAB_POTASSIUM', 'K'],
    ['concentration of charge', 'mmol/L'],
    [0.5, 20, 1],
    ...['2823-3', '6298-4'],
  ),
  value(
    [LAB.chloride, 'VIGIL_LAB_CHLORIDE', 'Cl'],
    ['concentration of charge', 'mmol/L'],
    [30, 250, 0],
    ...['2075-0', '2069-3'],
  ),
  value(
    [LAB.calcium, 'VIGIL_LAB_CALCIUM', 'Ca'],
    ['concentration of calcium', 'mg/dL'],
    [1, 40, 1],
    '17861-6',
    '2000-8',
  ),
  value(
    [LAB.magnesium, 'VIGIL_LAB_MAGNESIUM', 'Mg'],
    ['concentration of magnesium', 'mg/dL'],
    [0, 30, 1],
    ...['19123-9', '2601-3'],
  ),
  value(
    [LAB.phosphate, 'VIGIL_LAB_PHOSPHATE', 'PHOSPHATE'],
    ['concentration of phosphorus', 'mg/dL'],
    [0, 60, 1],
    ...['2777-1', '14879-1'],
  ),
  value(
    [LAB.glucose, 'VIGIL_LAB_GLUCOSE', 'GLUCOSE'],
    ['concentration of glucose', 'mg/dL'],
    [0, 3_000, 0],
    ...['2345-7', '2339-0', '14749-6', '15074-8'],
  ),
  value(
    [LAB.ureaNitrogen, 'VIGIL_LAB_UREA_NITROGEN', 'BUN'],
    ['concentration of urea nitrogen', 'mg/dL'],
    [0, 600, 0],
    ...['3094-0', '14937-7', '22664-7'],
  ),
  value(
    [LAB.creatinine, 'VIGIL_LAB_CREATININE', 'CREATININE'],
    ['concentration of creatinine', 'mg/dL'],
    [0, 60, 2],
    ...['2160-0', '14682-9', '38483-4'],
  ),
  value(
    [LAB.bilirubin, 'VIGIL_LAB_BILIRUBIN', 'BILIRUBIN'],
    ['concentration of bilirubin', 'mg/dL'],
    [0, 120, 1],
    ...['1975-2', '14631-6'],
  ),
  value([LAB.ast, 'VIGIL_LAB_AST', 'AST'], ['catalytic activity', 'U/L'], [0, 100_000, 0], '1920-8'),
  value(
    [LAB.alkalinePhosphatase, 'VIGIL_LAB_ALKALINE_PHOSPHATASE', 'ALP'],
    ['catalytic activity', 'U/L'],
    [0, 20_000, 0],
    '6768-6',
  ),
  value(
    [LAB.haemoglobin, 'VIGIL_LAB_HAEMOGLOBIN', 'Hb'],
    ['concentration of haemoglobin', 'g/dL'],
    [0, 40, 1],
    ...['718-7', '59260-0'],
  ),
  value(
    [LAB.haematocrit, 'VIGIL_LAB_HAEMATOCRIT', 'Hct'],
    ['share of blood', '%'],
    [0, 100, 0],
    ...['4544-3', '20570-8', '48703-3'],
  ),
  value(
    [LAB.leukocytes, 'VIGIL_LAB_LEUKOCYTES', 'WBC'],
    ['count of cells', '10*9/L'],
    [0, 2_000, 1],
    ...['6690-2', '26464-8'],
  ),
  value(
    [LAB.platelets, 'VIGIL_LAB_PLATELETS', 'PLATELETS'],
    ['count of cells', '10*9/L'],
    [0, 6_000, 0],
    ...['777-3', '26515-7'],
  ),
  value([LAB.ptt, 'VIGIL_LAB_PTT', 'aPTT'], ['clotting time', 's'], [1, 600, 0], '14979-9', '3173-2'),
  value(
    [LAB.fibrinogen, 'VIGIL_LAB_FIBRINOGEN', 'FIBRINOGEN'],
    ['concentration of fibrinogen', 'mg/dL'],
    [0, 5_000, 0],
    '3255-7',
  ),
];

const LOINC = /^([1-9]\d{0,5})-(\d)$/;
/** LOINCs that mean nothing here have codes, too, so that two of them are never one series: number and check digit behind each other. */
const LOINC_FROM = 0xf100_0000;
const LOINC_TO = LOINC_FROM + 9_999_999;

const codesByLoinc = new Map(laboratoryValues.flatMap(({ code, loincs }) => loincs.map((loinc) => [loinc, code])));

/** The code of a laboratory LOINC, or the one that stands for a LOINC that is not mapped; undefined: it is no LOINC. */
export const laboratoryCodeOf = (loinc: string): number | undefined => {
  const known = codesByLoinc.get(loinc);
  if (known !== undefined) return known;
  const [, number, check] = LOINC.exec(loinc) ?? [];
  return number === undefined ? undefined : LOINC_FROM + 10 * Number(number) + Number(check);
};

/** The LOINC for which a code stands that is not mapped; undefined: it stands for none. */
export const unmappedLoincOf = (code: number): string | undefined =>
  code > LOINC_FROM && code <= LOINC_TO
    ? `${Math.floor((code - LOINC_FROM) / 10)}-${(code - LOINC_FROM) % 10}`
    : undefined;

const rowsByCode = new Map(laboratoryValues.map((row) => [row.code, row]));

/** undefined: no laboratory value of the table. */
export const laboratoryValueOf = (code: number): LaboratoryValue | undefined => rowsByCode.get(code);

/** Whether a code is a laboratory value's, of the table or by a LOINC that is not mapped: it has a specimen's time and proves no monitor. */
export const isLaboratory = (code: number): boolean => rowsByCode.has(code) || unmappedLoincOf(code) !== undefined;

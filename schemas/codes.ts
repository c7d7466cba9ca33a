/**
 * The one code table: IEEE 11073-10101 (MDC) code, LOINC, UCUM and the label on the screen. From the IHE SDPi examples,
 * the FHIR ekg example and public parsers; check against NIST RTMMS before release. Codes that are not
 * here are kept, counted and shown as unmapped.
 */
import {
  type Conversion,
  type LaboratoryDimension,
  laboratoryCodeOf,
  laboratoryUnits,
  laboratoryValues,
  unmappedLoincOf,
} from './laboratory.ts';

type MonitorDimension = 'frequency' | 'fraction' | 'pressure' | 'temperature' | 'voltage' | 'level';
export type Dimension = MonitorDimension | LaboratoryDimension;

export interface SignalCode {
  readonly code: number;
  readonly name: string;
  readonly label: string;
  readonly kind: 'wave' | 'numeric' | 'laboratory';
  readonly dimension: Dimension;
  /** The unit in which Vigil works. */
  readonly ucum: string;
  /** The first of those that mean it (laboratory.ts has them all). */
  readonly loinc: string | undefined;
}

/** Units of each dimension, and how a value in them becomes one in Vigil's unit of that dimension: value * factor + shift. */
export const unitsOf: Readonly<Record<Dimension, Readonly<Record<string, Conversion>>>> = {
  frequency: {
    '/min': { factor: 1, shift: 0 },
    '1/min': { factor: 1, shift: 0 },
    '{beats}/min': { factor: 1, shift: 0 },
    '{breaths}/min': { factor: 1, shift: 0 },
    Hz: { factor: 60, shift: 0 },
  },
  fraction: { '%': { factor: 1, shift: 0 }, '1': { factor: 100, shift: 0 } },
  pressure: {
    'mm[Hg]': { factor: 1, shift: 0 },
    kPa: { factor: 7.500615758, shift: 0 },
    'cm[H2O]': { factor: 0.73555912, shift: 0 },
  },
  temperature: {
    Cel: { factor: 1, shift: 0 },
    '[degF]': { factor: 5 / 9, shift: -160 / 9 },
    K: { factor: 1, shift: -273.15 },
  },
  voltage: { mV: { factor: 1, shift: 0 }, uV: { factor: 1e-3, shift: 0 }, V: { factor: 1e3, shift: 0 } },
  level: { '1': { factor: 1, shift: 0 }, '{score}': { factor: 1, shift: 0 } },
  ...laboratoryUnits,
};

const usualUnit: Readonly<Record<MonitorDimension, string>> = {
  frequency: '/min',
  fraction: '%',
  pressure: 'mm[Hg]',
  temperature: 'Cel',
  voltage: 'mV',
  level: '1',
};

const signal = (
  code: number,
  name: string,
  label: string,
  kind: SignalCode['kind'],
  dimension: MonitorDimension,
  loinc?: string,
): SignalCode => ({ code, name, label, kind, dimension, ucum: usualUnit[dimension], loinc });

/**
 * Codes of Vigil's own, for what MDC is not known to have; in the private range of 32-bit codes. Consciousness: 0 Alert,
 * 1 new confusion, 2 Voice, 3 Pain, 4 Unresponsive. Oxygen therapy: 0 air, 1 oxygen. SpO₂ scale: the NEWS2 scale that is
 * prescribed, 1 (also when it was never sent) or 2; it holds until another is sent or the patient changes. Rhythm: the
 * rhythm by gravity (schemas/series.ts), so that the most of any length of time is its gravest. ECG least and most: how far the
 * ECG went in the ten seconds from here on (services/recorder/ecg-band.ts).
 */
export const PRIVATE = {
  consciousness: 0xf000_0001,
  oxygenTherapy: 0xf000_0002,
  spo2Scale: 0xf000_0003,
  rhythm: 0xf000_0004,
  ecgLeast: 0xf000_0005,
  ecgMost: 0xf000_0006,
} as const;

export const MDC = {
  ecgHeartRate: 147842,
  pulseRate: 149530,
  spo2: 150456,
  respRate: 151562,
  respRateCo2: 151594,
  temperature: 150344,
  nibpSystolic: 150301,
  nibpDiastolic: 150302,
  nibpMean: 150303,
  abpSystolic: 150033,
  abpDiastolic: 150034,
  abpMean: 150035,
  cvpMean: 150087,
  etco2: 151712,
  fico2: 151716,
  pvcRate: 148066,
  ecgUnspecified: 131328,
  ecgI: 131329,
  ecgII: 131330,
  ecgV1: 131331,
  ecgV2: 131332,
  ecgV3: 131333,
  ecgV4: 131334,
  ecgV5: 131335,
  ecgV6: 131336,
  ecgIII: 131389,
  ecgAvr: 131390,
  ecgAvl: 131391,
  ecgAvf: 131392,
  /** One of V1 to V6; which, nobody says. */
  ecgV: 131395,
  pleth: 150452,
  abpWave: 150032,
} as const;

const rows: readonly SignalCode[] = [
  signal(MDC.ecgHeartRate, 'MDC_ECG_HEART_RATE', 'HR', 'numeric', 'frequency', '8867-4'),
  signal(MDC.pulseRate, 'MDC_PULS_OXIM_PULS_RATE', 'PULSE', 'numeric', 'frequency', '8889-8'),
  signal(MDC.spo2, 'MDC_PULS_OXIM_SAT_O2', 'SpO₂', 'numeric', 'fraction', '59408-5'),
  signal(MDC.respRate, 'MDC_RESP_RATE', 'RR', 'numeric', 'frequency', '9279-1'),
  signal(MDC.respRateCo2, 'MDC_CO2_RESP_RATE', 'RR (CO₂)', 'numeric', 'frequency', '9279-1'),
  signal(MDC.temperature, 'MDC_TEMP', 'TEMP', 'numeric', 'temperature', '8310-5'),
  signal(MDC.nibpSystolic, 'MDC_PRESS_BLD_NONINV_SYS', 'NIBP SYS', 'numeric', 'pressure', '8480-6'),
  signal(MDC.nibpDiastolic, 'MDC_PRESS_BLD_NONINV_DIA', 'NIBP DIA', 'numeric', 'pressure', '8462-4'),
  signal(MDC.nibpMean, 'MDC_PRESS_BLD_NONINV_MEAN', 'NIBP MEAN', 'numeric', 'pressure', '8478-0'),
  signal(MDC.abpSystolic, 'MDC_PRESS_BLD_ART_SYS', 'ABP SYS', 'numeric', 'pressure', '76215-3'),
  signal(MDC.abpDiastolic, 'MDC_PRESS_BLD_ART_DIA', 'ABP DIA', 'numeric', 'pressure', '76213-8'),
  signal(MDC.abpMean, 'MDC_PRESS_BLD_ART_MEAN', 'ABP MEAN', 'numeric', 'pressure', '76214-6'),
  signal(MDC.cvpMean, 'MDC_PRESS_BLD_VEN_CENT_MEAN', 'CVP', 'numeric', 'pressure', '60985-9'),
  signal(MDC.etco2, 'MDC_CONC_AWAY_CO2_ET', 'etCO₂', 'numeric', 'pressure', '19889-5'),
  signal(MDC.fico2, 'MDC_CONC_AWAY_CO2_INSP', 'FiCO₂', 'numeric', 'pressure'),
  signal(MDC.pvcRate, 'MDC_ECG_V_P_C_RATE', 'PVC', 'numeric', 'frequency'),
  signal(PRIVATE.consciousness, 'VIGIL_CONSCIOUSNESS', 'ACVPU', 'numeric', 'level'),
  signal(PRIVATE.oxygenTherapy, 'VIGIL_OXYGEN_THERAPY', 'O₂', 'numeric', 'level'),
  signal(PRIVATE.spo2Scale, 'VIGIL_SPO2_SCALE', 'SpO₂ SCALE', 'numeric', 'level'),
  signal(PRIVATE.rhythm, 'VIGIL_RHYTHM', 'RHYTHM', 'numeric', 'level'),
  signal(PRIVATE.ecgLeast, 'VIGIL_ECG_LEAST', 'ECG LEAST', 'numeric', 'voltage'),
  signal(PRIVATE.ecgMost, 'VIGIL_ECG_MOST', 'ECG MOST', 'numeric', 'voltage'),
  signal(MDC.ecgUnspecified, 'MDC_ECG_ELEC_POTL', 'ECG', 'wave', 'voltage'),
  signal(MDC.ecgI, 'MDC_ECG_ELEC_POTL_I', 'I', 'wave', 'voltage'),
  signal(MDC.ecgII, 'MDC_ECG_ELEC_POTL_II', 'II', 'wave', 'voltage'),
  signal(MDC.ecgV1, 'MDC_ECG_ELEC_POTL_V1', 'V1', 'wave', 'voltage'),
  signal(MDC.ecgV2, 'MDC_ECG_ELEC_POTL_V2', 'V2', 'wave', 'voltage'),
  signal(MDC.ecgV3, 'MDC_ECG_ELEC_POTL_V3', 'V3', 'wave', 'voltage'),
  signal(MDC.ecgV4, 'MDC_ECG_ELEC_POTL_V4', 'V4', 'wave', 'voltage'),
  signal(MDC.ecgV5, 'MDC_ECG_ELEC_POTL_V5', 'V5', 'wave', 'voltage'),
  signal(MDC.ecgV6, 'MDC_ECG_ELEC_POTL_V6', 'V6', 'wave', 'voltage'),
  signal(MDC.ecgIII, 'MDC_ECG_ELEC_POTL_III', 'III', 'wave', 'voltage'),
  signal(MDC.ecgAvr, 'MDC_ECG_ELEC_POTL_AVR', 'aVR', 'wave', 'voltage'),
  signal(MDC.ecgAvl, 'MDC_ECG_ELEC_POTL_AVL', 'aVL', 'wave', 'voltage'),
  signal(MDC.ecgAvf, 'MDC_ECG_ELEC_POTL_AVF', 'aVF', 'wave', 'voltage'),
  signal(MDC.ecgV, 'MDC_ECG_ELEC_POTL_V', 'V', 'wave', 'voltage'),
  signal(MDC.pleth, 'MDC_PULS_OXIM_PLETH', 'PLETH', 'wave', 'level'),
  signal(MDC.abpWave, 'MDC_PRESS_BLD_ART', 'ABP', 'wave', 'pressure'),
  ...laboratoryValues.map(
    ({ code, name, label, dimension, ucum, loincs }): SignalCode => ({
      ...{ code, name, label, kind: 'laboratory', dimension, ucum, loinc: loincs[0] },
    }),
  ),
];

const byCode = new Map(rows.map((row) => [row.code, row]));

export const signalCodes: readonly SignalCode[] = rows;
/** undefined: the code is unmapped; keep it, count it, show it as unmapped. */
export const signalOf = (code: number): SignalCode | undefined => byCode.get(code);

/** Where two rows have one LOINC, the first is meant. */
const codesByLoinc = new Map<string, number>();
for (const { code, kind, loinc } of rows)
  if (kind === 'numeric' && loinc !== undefined && !codesByLoinc.has(loinc)) codesByLoinc.set(loinc, code);

/**
 * The one way from a LOINC to a code: a laboratory value's, a vital sign's, else the code that stands for that LOINC alone and is
 * unmapped. undefined: it is no LOINC.
 */
export const codeOfLoinc = (loinc: string): number | undefined => codesByLoinc.get(loinc) ?? laboratoryCodeOf(loinc);

/** A code as people read it: its label, else the LOINC or the MDC code itself. */
export const labelOf = (code: number): string => {
  const label = byCode.get(code)?.label;
  if (label !== undefined) return label;
  const loinc = unmappedLoincOf(code);
  return loinc === undefined ? `MDC ${code}` : `LOINC ${loinc}`;
};

/** ECG leads lie in the block of MDC_ECG_ELEC_POTL and its leads (131328 … 131455). */
export const isEcgLead = (code: number): boolean => code >= 131328 && code < 131456;

/** A value in Vigil's own unit of the signal; undefined when the code is unmapped or the unit not of its dimension. */
export const inUsualUnit = (code: number, value: number, unit: string): number | undefined => {
  const row = byCode.get(code);
  const conversion = row && unitsOf[row.dimension][unit];
  return conversion && value * conversion.factor + conversion.shift;
};

/**
 * The gain of a wave, for values in Vigil's own unit of its signal: (sample - offset) * gain. Every ECG lead is in mV, also one
 * that is not in the table; as it came, where the unit is unknown.
 */
export const usualGain = ({ code, gain, unit }: { code: number; gain: number; unit: string }): number => {
  const usual = isEcgLead(code) ? gain * (unitsOf.voltage[unit]?.factor ?? 1) : inUsualUnit(code, gain, unit);
  return usual ?? gain;
};

/** What is measured of a patient in intensive care and used here, in the order of `StayHour.values`. */
export interface Parameter {
  /** The name as the CinC 2019 files have it. */
  readonly name: string;
  readonly unit: string;
  /**
   * Plausible values, ends included. What lies outside is a slip of the hand, an artefact or another unit (°F, µmol/l, %), and is
   * no value.
   */
  readonly from: number;
  readonly to: number;
  /** Middle and usual spread (half of the middle half's width · 1.48), for values of about -2 … 2; of the logarithm where `isSkewed`. */
  readonly middle: number;
  readonly spread: number;
  readonly isSkewed: boolean;
}

const parameter = (
  name: string,
  unit: string,
  [from, to]: readonly [number, number],
  [middle, spread]: readonly [number, number],
  isSkewed = false,
): Parameter => ({ name, unit, from, to, middle, spread, isSkewed });

const SKEWED = true;

/** Vital signs: what a monitor measures every hour or more often. */
export const VITALS: readonly Parameter[] = [
  parameter('HR', '/min', [20, 250], [84, 17]),
  parameter('O2Sat', '%', [30, 100], [97, 2.5]),
  parameter('Temp', '°C', [25, 45], [37, 0.75]),
  parameter('SBP', 'mmHg', [30, 290], [120, 22]),
  parameter('MAP', 'mmHg', [15, 250], [80, 15]),
  parameter('DBP', 'mmHg', [10, 200], [60, 13]),
  parameter('Resp', '/min', [2, 70], [18, 5]),
];

/**
 * Laboratory values and FiO₂, when they come. Spread of logarithms where values are skewed. Left out although the files have
 * columns for them: EtCO2 (never measured in hospital A), TroponinI and Bilirubin_direct (0.1 and 0.2 % of its hours): nothing
 * could be learned of them.
 */
export const LABS: readonly Parameter[] = [
  parameter('BaseExcess', 'mmol/l', [-40, 40], [0, 4]),
  parameter('HCO3', 'mmol/l', [2, 60], [24, 4]),
  parameter('FiO2', '1', [0.2, 1], [0.5, 0.15]),
  parameter('pH', '1', [6.6, 7.9], [7.39, 0.07]),
  parameter('PaCO2', 'mmHg', [8, 150], [3.69, 0.2], SKEWED),
  parameter('SaO2', '%', [20, 100], [96, 4]),
  parameter('AST', 'U/l', [3, 20_000], [4.1, 1.3], SKEWED),
  parameter('BUN', 'mg/dl', [1, 250], [2.9, 0.65], SKEWED),
  parameter('Alkalinephos', 'U/l', [5, 5000], [4.4, 0.55], SKEWED),
  parameter('Calcium', 'mg/dl', [3, 20], [8.3, 0.75]),
  parameter('Chloride', 'mmol/l', [60, 150], [106, 5.5]),
  parameter('Creatinine', 'mg/dl', [0.1, 25], [0, 0.55], SKEWED),
  parameter('Glucose', 'mg/dl', [15, 1200], [4.85, 0.3], SKEWED),
  parameter('Lactate', 'mmol/l', [0.1, 35], [0.6, 0.6], SKEWED),
  parameter('Magnesium', 'mg/dl', [0.4, 10], [2, 0.3]),
  parameter('Phosphate', 'mg/dl', [0.3, 20], [1.2, 0.33], SKEWED),
  parameter('Potassium', 'mmol/l', [1.2, 12], [4.1, 0.55]),
  parameter('Bilirubin_total', 'mg/dl', [0.1, 60], [0, 1.1], SKEWED),
  parameter('Hct', '%', [8, 75], [30.5, 4.8]),
  parameter('Hgb', 'g/dl', [2, 25], [10.4, 1.7]),
  parameter('PTT', 's', [12, 200], [3.5, 0.33], SKEWED),
  parameter('WBC', '10⁹/l', [0.1, 400], [2.4, 0.45], SKEWED),
  parameter('Fibrinogen', 'mg/dl', [30, 1500], [5.5, 0.5], SKEWED),
  parameter('Platelets', '10⁹/l', [3, 2000], [5.2, 0.5], SKEWED),
];

export const PARAMETERS: readonly Parameter[] = [...VITALS, ...LABS];

/** Where a parameter lies in `StayHour.values`. Throws a RangeError for a name that is none. */
export const placeOf = (name: string): number => {
  const place = PARAMETERS.findIndex((each) => each.name === name);
  if (place < 0) throw new RangeError(`${name} is no parameter`);
  return place;
};

/** The value itself, or NaN when it is not plausible. */
export const plausible = ({ from, to }: Parameter, value: number): number =>
  value >= from && value <= to ? value : Number.NaN;

/** How many spreads a plausible value is from the middle, cut off at ±4. */
export const standardised = ({ middle, spread, isSkewed }: Parameter, value: number): number =>
  Math.max(-4, Math.min(4, ((isSkewed ? Math.log(value) : value) - middle) / spread));

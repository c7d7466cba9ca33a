/** Which of a bed's numbers stands in which place of a tile. */
import { MDC, PRIVATE, signalCodes, signalOf } from '../../../../../schemas/codes.ts';
import type { LiveNumeric } from '../../../../../schemas/live.ts';
import type { RhythmName } from '../../../../../schemas/words.ts';
import { isStale } from '../time/age.ts';

/**
 * Of several readings of one code: the first that can be believed now, Vigil's own before the monitor's, because the alarms follow
 * from Vigil's; of two devices that one whose name comes first, so that the place does not change with every value. When none is
 * alive, the newest, so that its age can be shown.
 */
export const readingOf = (
  numerics: readonly LiveNumeric[],
  codes: readonly number[],
  nowUs: number,
): LiveNumeric | undefined => {
  let best: LiveNumeric | undefined;
  let bestRank = -1;
  for (const numeric of numerics) {
    const preferred = codes.indexOf(numeric.code);
    if (preferred < 0) continue;
    const alive = numeric.value !== null && !isStale(numeric, nowUs);
    const rank = (alive ? 1000 : 0) - 10 * preferred + (numeric.by === 'vigil' ? 1 : 0);
    const isFirst = (other: LiveNumeric): boolean =>
      alive ? nameOf(numeric) < nameOf(other) : numeric.atUs > other.atUs;
    if (best === undefined || rank > bestRank || (rank === bestRank && isFirst(best))) {
      best = numeric;
      bestRank = rank;
    }
  }
  return best;
};

const nameOf = ({ source = '' }: LiveNumeric): string => source;

/** What other devices of the bed say of the signal at the same time, where it is another number: "or 85"; empty where all agree. */
export const disagreement = (numerics: readonly LiveNumeric[], shown: LiveNumeric, nowUs: number): string => {
  const others = numerics
    .filter((other) => other !== shown && other.code === shown.code && other.by === shown.by)
    .filter((other) => other.value !== null && !isStale(other, nowUs))
    .map(valueText);
  const values = [...new Set(others)].filter((text) => text !== valueText(shown));
  return values.length === 0 ? '' : `or ${values.join(', ')}`;
};

/** So soon is too old what is measured all the time; of what is measured now and then the newest counts, whoever measured it. */
const MEASURED_ALL_THE_TIME_US = 60e6;

/** Another device, whose name comes before, tells the same all the time: NEWS2 goes by that. */
const isBehind = (one: LiveNumeric, all: readonly LiveNumeric[]): boolean =>
  one.staleAfterUs < MEASURED_ALL_THE_TIME_US &&
  all.some((other) => other.code === one.code && other.by === one.by && nameOf(other) < nameOf(one));

/** The newest value of some codes, however old: what NEWS2 takes of a line and a cuff. Without any value what was said last; undefined: nothing. */
export const newestReading = (numerics: readonly LiveNumeric[], codes: readonly number[]): LiveNumeric | undefined => {
  const all = numerics
    .filter((one) => codes.includes(one.code) && !isBehind(one, numerics))
    .sort((a, b) => b.atUs - a.atUs);
  return all.find(({ value }) => value !== null) ?? all[0];
};

export interface BloodPressure {
  readonly kind: 'ABP' | 'NIBP';
  readonly systolic: LiveNumeric | undefined;
  readonly diastolic: LiveNumeric | undefined;
  readonly mean: LiveNumeric | undefined;
}

const pressure = (numerics: readonly LiveNumeric[], kind: BloodPressure['kind'], nowUs: number): BloodPressure => ({
  kind,
  systolic: readingOf(numerics, kind === 'ABP' ? [MDC.abpSystolic, 150037] : [MDC.nibpSystolic], nowUs),
  diastolic: readingOf(numerics, kind === 'ABP' ? [MDC.abpDiastolic, 150038] : [MDC.nibpDiastolic], nowUs),
  mean: readingOf(numerics, kind === 'ABP' ? [MDC.abpMean, 150039] : [MDC.nibpMean], nowUs),
});

const newestOf = (bp: BloodPressure): number =>
  Math.max(bp.systolic?.atUs ?? -1, bp.diastolic?.atUs ?? -1, bp.mean?.atUs ?? -1);
const aliveIn = (bp: BloodPressure, nowUs: number): boolean =>
  [bp.systolic, bp.mean].some((n) => n !== undefined && n.value !== null && !isStale(n, nowUs));

/** The line in the artery while it lives, else the cuff, else whichever spoke last; undefined: neither ever did. */
export const bloodPressureOf = (numerics: readonly LiveNumeric[], nowUs: number): BloodPressure | undefined => {
  const line = pressure(numerics, 'ABP', nowUs);
  const cuff = pressure(numerics, 'NIBP', nowUs);
  if (aliveIn(line, nowUs)) return line;
  if (aliveIn(cuff, nowUs)) return cuff;
  const newest = newestOf(line) > newestOf(cuff) ? line : cuff;
  return newestOf(newest) < 0 ? undefined : newest;
};

export const HEART_RATE = [MDC.ecgHeartRate, MDC.pulseRate] as const;
export const SPO2 = [MDC.spo2] as const;
export const RESP_RATE = [MDC.respRate, MDC.respRateCo2] as const;
export const TEMPERATURE = [MDC.temperature] as const;

/** Levels are words, not numbers (ACVPU of NEWS2; air or oxygen). */
const levelWords: Readonly<Record<number, readonly string[]>> = {
  [PRIVATE.consciousness]: ['alert', 'confusion', 'voice', 'pain', 'unresponsive'],
  [PRIVATE.oxygenTherapy]: ['air', 'oxygen'],
};

/** Temperatures and millivolts need their decimals, other signals are whole numbers on every monitor; what Vigil has no name for stands as it came. */
export const valueText = (numeric: Pick<LiveNumeric, 'code' | 'value' | 'unit'>): string => {
  if (numeric.value === null) return '—';
  const word = levelWords[numeric.code]?.[numeric.value];
  if (word !== undefined) return word;
  if (numeric.unit === 'Cel' || numeric.unit === '°C') return numeric.value.toFixed(1);
  if (numeric.unit === 'mV') return numeric.value.toFixed(2);
  if (signalOf(numeric.code) === undefined) return String(Number(numeric.value.toPrecision(4)));
  return String(Math.round(numeric.value));
};

const unitWords: ReadonlyMap<string, string> = new Map([
  ['mm[Hg]', 'mmHg'],
  ['Cel', '°C'],
  ['{beats}/min', '/min'],
  ['{breaths}/min', '/min'],
  ['1/min', '/min'],
  ['1', ''],
  ['[pH]', ''],
  ['10*9/L', '10⁹/L'],
]);
export const unitText = (ucum: string): string => unitWords.get(ucum) ?? ucum;

const rhythmWords: Readonly<Record<RhythmName, string>> = {
  'sinus-like': 'SINUS',
  af: 'AFIB',
  vt: 'VTACH',
  vfl: 'VFLUTTER',
  vf: 'VFIB',
  asystole: 'ASYSTOLE',
  noise: 'NOISY',
};
/** The rhythm in the ward's words; what is not known here is shown as it came. */
export const rhythmText = (rhythm: string | null): string =>
  rhythm === null ? '' : ((rhythmWords as Readonly<Record<string, string>>)[rhythm] ?? rhythm.toUpperCase());

const placeOf = new Map(signalCodes.map(({ code }, place) => [code, place]));
/** In the order of the code table, Vigil's own reading before the monitor's; unmapped codes last. */
export const inTableOrder = (numerics: readonly LiveNumeric[]): readonly LiveNumeric[] =>
  numerics.toSorted(
    (a, b) =>
      (placeOf.get(a.code) ?? placeOf.size) - (placeOf.get(b.code) ?? placeOf.size) ||
      a.code - b.code ||
      b.by.localeCompare(a.by) ||
      nameOf(a).localeCompare(nameOf(b)),
  );

/** The readings from which NEWS2 takes each of its inputs. */
export const scoreInputs: Readonly<Record<string, { readonly label: string; readonly codes: readonly number[] }>> = {
  respirationRate: { label: 'Respiration rate', codes: RESP_RATE },
  spo2: { label: 'SpO₂', codes: SPO2 },
  onOxygen: { label: 'Air or oxygen', codes: [PRIVATE.oxygenTherapy] },
  systolic: { label: 'Systolic', codes: [MDC.nibpSystolic, MDC.abpSystolic] },
  pulse: { label: 'Pulse', codes: HEART_RATE },
  consciousness: { label: 'Consciousness', codes: [PRIVATE.consciousness] },
  temperature: { label: 'Temperature', codes: TEMPERATURE },
};

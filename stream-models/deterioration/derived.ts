import { news2 } from '../scores/news2.ts';
import { placeOf } from './parameters.ts';
import type { Watched } from './watched.ts';

// The newest values lie first in a memory, so a parameter's place is theirs.
const HR = placeOf('HR');
const O2SAT = placeOf('O2Sat');
const TEMP = placeOf('Temp');
const SBP = placeOf('SBP');
const MAP = placeOf('MAP');
const DBP = placeOf('DBP');
const RESP = placeOf('Resp');
const FIO2 = placeOf('FiO2');
const PACO2 = placeOf('PaCO2');
const BUN = placeOf('BUN');
const CREATININE = placeOf('Creatinine');
const BILIRUBIN = placeOf('Bilirubin_total');
const PLATELETS = placeOf('Platelets');
const WBC = placeOf('WBC');

/** Air holds 21 % oxygen; what is given above that is therapy. */
const AIR = 0.21;

/** NEWS2 of the newest values, however old: what is known of it, since consciousness is not in the data. */
export const news2Floor = ({ numbers: last }: Watched): number => {
  const known = (place: number): number | undefined => (Number.isNaN(last[place]) ? undefined : last[place]!);
  const fio2 = known(FIO2);
  return news2({
    respirationRate: known(RESP),
    spo2: known(O2SAT),
    onOxygen: fio2 === undefined ? undefined : fio2 > AIR,
    systolic: known(SBP),
    pulse: known(HR),
    consciousness: undefined,
    temperature: known(TEMP),
    spo2Scale: 1,
  }).atLeast;
};

/** qSOFA without the mental state, which is not in the data: 0 … 2 (Singer et al., JAMA 2016;315:801). NaN compares false. */
export const qsofaFloor = ({ numbers: last }: Watched): number => Number(last[RESP]! >= 22) + Number(last[SBP]! <= 100);

/** Criteria of the systemic inflammatory response that are met, 0 … 4 (Bone et al., Chest 1992;101:1644). */
const sirs = ({ numbers: last }: Watched): number =>
  Number(last[TEMP]! > 38 || last[TEMP]! < 36) +
  Number(last[HR]! > 90) +
  Number(last[RESP]! > 20 || last[PACO2]! < 32) +
  Number(last[WBC]! > 12 || last[WBC]! < 4);

/** Points of a value by rising limits: one for each that is reached. */
const reached = (value: number, ...limits: readonly number[]): number =>
  limits.reduce((points, limit) => points + Number(value >= limit), 0);

/**
 * The parts of SOFA that the data has: coagulation, liver, kidney, and pressure without drugs, 0 … 13 (Vincent et al., Intensive
 * Care Med 1996;22:707).
 */
const sofaFloor = ({ numbers: last }: Watched): number =>
  reached(-last[PLATELETS]!, -149, -99, -49, -19) +
  reached(last[BILIRUBIN]!, 1.2, 2, 6, 12) +
  reached(last[CREATININE]!, 1.2, 2, 3.5, 5) +
  Number(last[MAP]! < 70);

/** How many numbers `derivedInto` writes. */
export const DERIVED_FEATURES = 9;

const orZero = (value: number): number => (Number.isFinite(value) ? Math.max(-4, Math.min(4, value)) : 0);

/** Relations between values that a doctor would look at, as numbers of about -2 … 2, 0 where something is missing. */
export const derivedInto = (x: Float32Array, from: number, watched: Watched): void => {
  const { numbers: last } = watched;
  x[from] = orZero((last[HR]! / last[SBP]! - 0.7) * 4); // shock index
  x[from + 1] = orZero((last[SBP]! - last[DBP]! - 58) / 18); // pulse pressure
  x[from + 2] = orZero((last[O2SAT]! / last[FIO2]! - 220) / 80);
  x[from + 3] = orZero(Math.log(last[BUN]! / last[CREATININE]! / 18));
  x[from + 4] = orZero((last[HR]! - 84 - 10 * (last[TEMP]! - 37)) / 17); // pulse beyond what fever explains
  x[from + 5] = sirs(watched) / 2 - 0.5;
  x[from + 6] = qsofaFloor(watched) - 0.5;
  x[from + 7] = news2Floor(watched) / 4 - 1;
  x[from + 8] = sofaFloor(watched) / 3;
};

import { join } from 'node:path';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { PARAMETERS } from '../../stream-models/deterioration/parameters.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';

/** The columns of the CinC 2019 files, in their order. */
export const COLUMNS =
  'PatientID,HR,O2Sat,Temp,SBP,MAP,DBP,Resp,EtCO2,BaseExcess,HCO3,FiO2,pH,PaCO2,SaO2,AST,BUN,Alkalinephos,Calcium,Chloride,Creatinine,Bilirubin_direct,Glucose,Lactate,Magnesium,Phosphate,Potassium,Bilirubin_total,TroponinI,Hct,Hgb,PTT,WBC,Fibrinogen,Platelets,Age,Gender,Unit1,Unit2,HospAdmTime,ICULOS,SepsisLabel'.split(
    ',',
  );

export type Cells = Readonly<Record<string, string>>;

/** Stays that were never anybody's: every third one becomes septic, pulse, breaths and fever rising hours before. */
export const madeRows = (stays: number, seed: number): readonly Cells[] => {
  const dice = diceFrom(seed);
  return Array.from({ length: stays }, (_, number) => {
    const hours = 12 + dice.below(30);
    const onset = number % 3 === 0 ? 8 + dice.below(hours - 8) : Number.POSITIVE_INFINITY;
    return Array.from({ length: hours }, (__, i): Cells => {
      const ill = Math.max(0, Math.min(1, (i - onset + 14) / 10));
      const cells: Record<string, string> = { PatientID: `m${number}`, ICULOS: String(i + 1), HospAdmTime: '-5.5' };
      cells['Age'] = String(40 + (number % 40));
      cells['Gender'] = String(number % 2);
      cells['SepsisLabel'] = i >= onset - 6 ? '1' : '0';
      const put = (name: string, middle: number, spread: number, digits: number, chance: number) => {
        if (dice.unit() < chance) cells[name] = (middle + spread * dice.normal()).toFixed(digits);
      };
      put('HR', 80 + 35 * ill, 8, 0, 0.9);
      put('Resp', 16 + 10 * ill, 2, 0, 0.9);
      put('SBP', 125 - 25 * ill, 8, 0, 0.9);
      put('O2Sat', 97 - 3 * ill, 1, 0, 0.9);
      put('Temp', 36.9 + 1.4 * ill, 0.3, 1, 0.3);
      put('WBC', 9 + 6 * ill, 1, 1, 0.1);
      put('Lactate', 1.2 + 2 * ill, 0.2, 1, 0.1);
      return cells;
    });
  }).flat();
};

/** A file of rows; columns in the given order, empty where a row has nothing. */
export const csvOf = (rows: readonly Cells[], columns: readonly string[] = COLUMNS): string =>
  `${[columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))].map((cells) => cells.join(',')).join('\n')}\n`;

/** Values of an hour by name; what is not named was not measured. */
export const valuesOf = (named: Readonly<Record<string, number>>): Float64Array =>
  Float64Array.from(PARAMETERS, ({ name }) => named[name] ?? Number.NaN);

/** Made rows as they are read from a file. */
export const madeStays = async (count: number, seed: number): Promise<readonly Stay[]> => {
  await using folder = await temporaryFolder();
  await put(folder.path, { 'made.csv': csvOf(madeRows(count, seed)) });
  const stays: Stay[] = [];
  for await (const stay of readStays(join(folder.path, 'made.csv'))) stays.push(stay);
  return stays;
};

/** Parameters as the ward writes them. */
import { labelOf } from '../../schemas/codes.ts';
import { LAB_CODES } from './lab-sources.ts';
import { PARAMETERS, VITALS } from './parameters.ts';

const LABELS: Readonly<Record<string, string>> = { O2Sat: 'SpO₂', Temp: 'TEMP', Resp: 'RR' };

/** `place`: in PARAMETERS. */
export const nameOf = (place: number): string => {
  const code = LAB_CODES[place - VITALS.length];
  const { name } = PARAMETERS[place]!;
  return code === undefined ? (LABELS[name] ?? name) : labelOf(code);
};
export const unitOf = (place: number): string => PARAMETERS[place]!.unit.replace(/^1$/, '');

import { MDC } from '../../schemas/codes.ts';
import type { WfdbSignal } from './wfdb/header.ts';

/** What a signal of a recording is on the wire. */
export interface SignalMeaning {
  readonly code: number;
  /** UCUM. */
  readonly unit: string;
}

/** By the name in the header. A modified lead (MLII) is shown as the lead that it stands for. */
const ecgLeads: Readonly<Record<string, number>> = {
  i: MDC.ecgI,
  ii: MDC.ecgII,
  mlii: MDC.ecgII,
  iii: MDC.ecgIII,
  mliii: MDC.ecgIII,
  v1: MDC.ecgV1,
  v2: MDC.ecgV2,
  v3: MDC.ecgV3,
  v4: MDC.ecgV4,
  v5: MDC.ecgV5,
  v6: MDC.ecgV6,
  avr: MDC.ecgAvr,
  avl: MDC.ecgAvl,
  avf: MDC.ecgAvf,
  v: MDC.ecgV,
};
const others: Readonly<Record<string, SignalMeaning>> = {
  pleth: { code: MDC.pleth, unit: '1' },
  abp: { code: MDC.abpWave, unit: 'mm[Hg]' },
  art: { code: MDC.abpWave, unit: 'mm[Hg]' },
};

/** End of the block of ECG leads: numbers without a name of their own, for leads whose place nobody wrote down. */
const NAMELESS_LEADS = 131440;
/** MDC's private range: signals that Vigil has no code for are kept, counted and shown as unmapped. */
const PRIVATE_SIGNALS = 61_440;

/** How headers write units, in lower case, in UCUM. A micro sign and a Greek mu look alike. */
const ucum: Readonly<Record<string, string>> = {
  ...{ mv: 'mV', v: 'V', uv: 'uV', '\u00b5v': 'uV', '\u03bcv': 'uV' },
  ...{ mmhg: 'mm[Hg]', nu: '1' },
};
/**
 * Signals that no electrode on the chest gives, whatever unit their header says: one without a unit means mV (header(5)), and breaths
 * or brain waves that are heard as a lead move beats, and make some up.
 */
const NOT_ECG =
  /^(resp|thor|abdo|flow|airflow|snore|eeg|eog|emg|ppg|pleth|bp|abp|art|pap|cvp|icp|sp?o2|sao2|co2|pcg|acc)/;
const isVoltage = (unit: string): boolean => ['mV', 'uV', 'V'].includes(unit);

/**
 * Codes of a recording's signals, in its order. No code stands twice: two leads that are both called "ECG" are two leads,
 * and a frame with one code twice would be refused.
 */
export const signalMeanings = (signals: readonly WfdbSignal[]): readonly SignalMeaning[] => {
  const taken = new Set<number>();
  const free = (wished: number, otherwise: number): number => {
    let code = wished;
    for (let next = otherwise; taken.has(code); next++) code = next;
    taken.add(code);
    return code;
  };
  return signals.map(({ description, unit }) => {
    const name = description.trim().toLowerCase();
    const wireUnit = ucum[unit.toLowerCase()] ?? unit;
    const other = others[name];
    if (other !== undefined) return { code: free(other.code, PRIVATE_SIGNALS), unit: other.unit };
    if (isVoltage(wireUnit) && !NOT_ECG.test(name))
      return { code: free(ecgLeads[name] ?? MDC.ecgUnspecified, NAMELESS_LEADS), unit: wireUnit };
    return { code: free(PRIVATE_SIGNALS, PRIVATE_SIGNALS + 1), unit: wireUnit };
  });
};

/** The risk of sepsis in words: a number only while it is the newest hour's, else why there is none. */
import type { LiveRisk, LiveRiskCause } from '../../../../../schemas/live-risk.ts';
import { ageText, analysisHears } from '../time/age.ts';
import { isOfSpecimen, laboratoryDecimals } from './laboratory.ts';

/** The next hour's risk is there by then; an older one must not look live. */
export const RISK_STALE_AFTER_US = 65 * 60e6;

const TITLES: Readonly<Record<string, string>> = { sepsis: 'Sepsis' };
export const riskTitle = ({ name, horizonHours }: Pick<LiveRisk, 'name' | 'horizonHours'>): string =>
  `${TITLES[name] ?? name} within ${horizonHours} h`;

const points = (share: number): string => (100 * share).toFixed(1);
const percent = (share: number): string => `${points(share)} %`;

export interface RiskWords {
  /** "3.1 %", or "—" where there is no number or only an old one. */
  readonly value: string;
  /** "(1.0 to 4.8)" beside the number; empty where there is none. */
  readonly interval: string;
  readonly live: boolean;
  readonly sentence: string;
}

/** What stands in the open bed now. `analysedUs`: how far analysis has heard the bed. */
export const riskWords = (risk: LiveRisk, analysedUs: number | null, nowUs: number): RiskWords => {
  const none = (sentence: string): RiskWords => ({ value: '—', interval: '', live: false, sentence });
  const age = ageText(nowUs - risk.atUs);
  if (!analysisHears(analysedUs, nowUs)) return none('Analysis does not hear this bed.');
  if (nowUs - risk.atUs >= RISK_STALE_AFTER_US) return none(`Too old: the last was said ${age} ago.`);
  if (risk.state === 'failed') return none('Model failed: NEWS2 and limits go on without it.');
  if (risk.state === 'insufficient' || risk.probability === null)
    return none(`Insufficient data: ${risk.missing.join(', ') || 'inputs'} missing.`);
  const decision = risk.alarm
    ? `at or above ${percent(risk.threshold)}: look for signs of sepsis`
    : `below ${percent(risk.threshold)}`;
  const when = age === 'now' ? 'said now' : `said ${age} ago`;
  const without = risk.missing.length === 0 ? '' : ` · without ${risk.missing.join(', ')}`;
  const { interval } = risk;
  return {
    value: percent(risk.probability),
    interval: interval === undefined ? '' : `(${points(interval.low)} to ${points(interval.high)})`,
    live: true,
    sentence: `${decision} · ${when}${without}`,
  };
};

/** What the interval is, for who opens the bed. */
export const intervalSentence = ({ interval }: LiveRisk): string =>
  interval === undefined
    ? ''
    : `In brackets: where so much was said on wards that the network had never seen, sepsis came in ${points(interval.low)} to ${points(interval.high)} of 100 hours.`;

/** So many are read in a glance; the log keeps more. */
const CAUSES_SHOWN = 3;

/** What the number leans on most, those that raise it first: how many percentage points it has by each. Empty: not told. */
export const riskCauses = ({ causes = [], atUs }: LiveRisk, nowUs: number): string => {
  const shown = causes.slice(0, CAUSES_SHOWN).filter(({ weight }) => points(Math.abs(weight)) !== '0.0');
  const words = ({ name, unit, value, weight, atUs: measuredUs }: LiveRiskCause): string => {
    const measured =
      value === null ? name : [name, value.toFixed(decimalsOf(name, unit)), unit].filter(Boolean).join(' ');
    const age = measuredUs === null ? '' : ` (${ageText(nowUs - Math.min(measuredUs, atUs))})`;
    return `${measured}${age} ${weight < 0 ? '−' : '+'}${points(Math.abs(weight))}`;
  };
  const said = (word: string, of: readonly LiveRiskCause[]): readonly string[] =>
    of.length === 0 ? [] : [`${word} by ${of.map(words).join(', ')}`];
  return [
    ...said(
      'raised',
      shown.filter(({ weight }) => weight > 0),
    ),
    ...said(
      'lowered',
      shown.filter(({ weight }) => weight < 0),
    ),
  ].join(' · ');
};

const decimalsOf = (name: string, unit: string): number => laboratoryDecimals(name) ?? (unit === '°C' ? 1 : 0);

/** What it was made of, farthest from usual first, each with its age; a laboratory value's is its specimen's. */
export const riskBasis = ({ inputs, atUs }: LiveRisk, nowUs: number): string => {
  if (inputs.length === 0) return '';
  const named = inputs.map(({ name, unit, value, atUs: measuredUs }) => {
    const age = ageText(nowUs - Math.min(measuredUs, atUs));
    return `${[name, value.toFixed(decimalsOf(name, unit)), unit].filter(Boolean).join(' ')} (${age})`;
  });
  const hasLabs = inputs.some(({ name }) => isOfSpecimen(name));
  return `from ${named.join(' · ')}${hasLabs ? '' : ' · no laboratory values'}`;
};

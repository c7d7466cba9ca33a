/** What a nurse asks of one limit, from what she has typed to what is sent. Vigil looks at all of it again. */
import type { AskedLimit, LiveLimit } from '../../../../../schemas/live-limits.ts';
import { type Applies, appliesOn, rangeText, type Side } from './limits-words.ts';

/** One side as it stands in the form: the text of its number, and whether it is turned off. */
export interface WishedSide {
  readonly text: string;
  readonly off: boolean;
}

export const HOURS = [1, 2, 4, 8, 12, 24] as const;
export const HOURS_USUAL = 12;

export const wishedFrom = (side: Side, limit: LiveLimit): WishedSide => {
  const applies = appliesOn(side, limit);
  const shown = applies === 'off' ? limit[side] : applies;
  return { text: shown === null ? '' : String(shown), off: applies === 'off' };
};

/** undefined: it is no number. */
const boundOf = ({ text, off }: WishedSide, unit: number | null): Applies | undefined => {
  if (off) return 'off';
  if (text.trim() === '') return unit === null ? null : undefined;
  const value = Number(text);
  // An alarm names its limit with one decimal at the most.
  return Number.isFinite(value) && /^[\d.,-]+$/.test(text.trim()) && Math.round(value * 10) / 10 === value
    ? value
    : undefined;
};

/** Why it cannot be asked yet; '': it can. */
export const whyNot = (limit: LiveLimit, low: WishedSide, high: WishedSide, reason: string): string => {
  const sides = [
    ['low', boundOf(low, limit.low), limit.lowRange],
    ['high', boundOf(high, limit.high), limit.highRange],
  ] as const;
  for (const [side, bound, range] of sides) {
    if (bound === undefined) return `Give a number for ${side}.`;
    if (
      typeof bound === 'number' &&
      bound !== limit[side] &&
      (range === undefined || bound < range[0] || bound > range[1])
    )
      return range === undefined ? `${side} cannot be set here.` : `${side} must be ${range[0]} to ${range[1]}.`;
  }
  if (sides.some(([, bound]) => bound === 'off') && reason.trim() === '') return 'Turning a limit off needs a reason.';
  const [, from] = sides[0];
  const [, to] = sides[1];
  return typeof from === 'number' && typeof to === 'number' && from >= to ? 'low must be below high.' : '';
};

const sent = (bound: Applies | undefined, unit: number | null): number | 'off' | undefined =>
  bound === undefined || bound === null || bound === unit ? undefined : bound;
const known = (applies: Applies): number | 'off' | undefined => applies ?? undefined;

/** As it is sent: a side that is the unit's is left out. */
export const wishOf = (limit: LiveLimit, low: WishedSide, high: WishedSide): AskedLimit => {
  const all = {
    low: sent(boundOf(low, limit.low), limit.low),
    high: sent(boundOf(high, limit.high), limit.high),
    seenLow: known(appliesOn('low', limit)),
    seenHigh: known(appliesOn('high', limit)),
  };
  const given = Object.entries(all).filter(([, side]) => side !== undefined);
  return { measure: limit.measure, ...Object.fromEntries(given) };
};

/** "50–120 → 40–130" */
export const changeText = (limit: LiveLimit, low: WishedSide, high: WishedSide): string => {
  const [from, to] = [boundOf(low, limit.low), boundOf(high, limit.high)];
  const before = rangeText(appliesOn('low', limit), appliesOn('high', limit));
  return from === undefined || to === undefined ? before : `${before} → ${rangeText(from, to)}`;
};

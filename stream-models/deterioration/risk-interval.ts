/** How often sepsis really came where a risk was said, on wards that the network had never seen: an interval beside the number. */

/** At one level of risk. Shares, 0 … 1. */
export interface RiskLevel {
  readonly risk: number;
  readonly low: number;
  readonly high: number;
}

/** Levels of a network, measured; see risk-levels.ts. */
export interface RiskLevels {
  /** SHA-256 of the network's file: of another one nothing was measured. */
  readonly model: string;
  /** Rising in all three; at least one. */
  readonly levels: readonly RiskLevel[];
}

export interface RiskInterval {
  readonly low: number;
  readonly high: number;
}

/** What lies beyond the levels: nothing was measured there, so the interval reaches as far as it can. */
const LEAST: RiskLevel = { risk: 0, low: 0, high: 0 };
const MOST: RiskLevel = { risk: 1, low: 1, high: 1 };

/**
 * The interval of a risk: between two levels on the line that joins them; below the first one down to 0 and as high as there, above the last
 * one as low as there and up to 1. It always contains the risk, and never falls where the risk rises.
 */
export const intervalAt = (levels: readonly RiskLevel[], risk: number): RiskInterval => {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  const all = [{ ...LEAST, high: first.high }, ...levels, { ...MOST, low: last.low }];
  const above = Math.max(
    1,
    all.findIndex((level) => level.risk >= risk),
  );
  const [a, b] = [all[above - 1]!, all[above]!];
  const share = b.risk === a.risk ? 1 : (risk - a.risk) / (b.risk - a.risk);
  const between = (name: 'low' | 'high'): number => a[name] + share * (b[name] - a[name]);
  return { low: Math.min(risk, between('low')), high: Math.max(risk, between('high')) };
};

/** Levels made to rise: widened, never narrowed. In the order of their risks. */
export const risingLevels = (levels: readonly RiskLevel[]): readonly RiskLevel[] =>
  levels.map(({ risk }, i) => ({
    risk,
    low: Math.min(...levels.slice(i).map(({ low }) => low)),
    high: Math.max(...levels.slice(0, i + 1).map(({ high }) => high)),
  }));

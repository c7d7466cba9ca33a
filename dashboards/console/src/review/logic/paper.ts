/** ECG paper on a screen: 96 CSS pixels to the inch, as on the console. */
export const PX_PER_MM = 96 / 25.4;
/** Millimetres a second, and a millivolt. */
export const SPEEDS = [25, 50] as const;
export const GAINS = [5, 10, 20] as const;
export type Speed = (typeof SPEEDS)[number];
export type Gain = (typeof GAINS)[number];

/** A line of the paper that a trace has to itself; higher deflections go on into its neighbours, as on paper. */
export const ROW_MM = 30;
/** Above the traces: rhythm, beats, times of day. */
export const HEAD_MM = 14;

/** Where moments lie on the paper, CSS pixels from its left end. */
export interface Paper {
  readonly fromUs: number;
  readonly toUs: number;
  readonly speed: Speed;
  readonly gain: Gain;
}

export const pxPerUs = ({ speed }: Pick<Paper, 'speed'>): number => (speed * PX_PER_MM) / 1e6;
export const widthPx = (paper: Paper): number => (paper.toUs - paper.fromUs) * pxPerUs(paper);
export const xOf = (paper: Paper, us: number): number => (us - paper.fromUs) * pxPerUs(paper);
export const usAt = (paper: Paper, x: number): number => paper.fromUs + x / pxPerUs(paper);

/** How a trace stands in its row: pixels a unit, and the value in the middle of the row. */
export interface RowScale {
  readonly pxPerUnit: number;
  readonly middle: number;
  readonly words: string;
}

/** An ECG has the paper's gain; what is no voltage is fitted, and says so. */
export const rowScale = (
  { gain }: Pick<Paper, 'gain'>,
  isEcg: boolean,
  unit: string,
  spread: { readonly least: number; readonly most: number; readonly median: number },
): RowScale => {
  if (isEcg)
    return {
      pxPerUnit: gain * PX_PER_MM,
      middle: spread.median,
      words: `${gain} mm/mV, middle ${spread.median.toFixed(2)} mV`,
    };
  const span = Math.max(spread.most - spread.least, 1e-9);
  const digits = span < 10 ? 2 : 0;
  return {
    pxPerUnit: (ROW_MM * 0.8 * PX_PER_MM) / span,
    middle: (spread.most + spread.least) / 2,
    words: `fitted, ${spread.least.toFixed(digits)} to ${spread.most.toFixed(digits)} ${unit}`,
  };
};

/** How many columns the ward gets, so that every bed fits without scrolling and its trace stays long and low. */
export type Density = 'roomy' | 'usual' | 'tight';

export interface WardGrid {
  readonly columns: number;
  readonly rows: number;
  readonly tileHeightPx: number;
  readonly density: Density;
  /** More beds than fit: the grid scrolls, gravest beds stay at the top. */
  readonly scrolls: boolean;
}

/** Width to height at which a tile reads best: a trace of four seconds or more with the numbers below it. */
const BEST_SHAPE = 3;
const NARROWEST_PX = 290;
const LOWEST_PX = 112;
const GAP_PX = 8;

const densityOf = (heightPx: number): Density => (heightPx >= 215 ? 'roomy' : heightPx >= 150 ? 'usual' : 'tight');

export const wardGrid = (beds: number, widthPx: number, heightPx: number): WardGrid => {
  const most = Math.max(1, Math.floor((widthPx + GAP_PX) / (NARROWEST_PX + GAP_PX)));
  let best: WardGrid | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= Math.min(most, Math.max(1, beds)); columns++) {
    const rows = Math.ceil(Math.max(1, beds) / columns);
    const tileHeightPx = (heightPx - GAP_PX * (rows - 1)) / rows;
    if (tileHeightPx < LOWEST_PX) continue;
    const tileWidthPx = (widthPx - GAP_PX * (columns - 1)) / columns;
    // An empty place costs a little, so that 8 beds are 2 × 4 rather than 3 × 3.
    const cost = Math.abs(Math.log(tileWidthPx / tileHeightPx / BEST_SHAPE)) + 0.08 * (columns * rows - beds);
    if (cost >= bestCost) continue;
    bestCost = cost;
    best = { columns, rows, tileHeightPx, density: densityOf(tileHeightPx), scrolls: false };
  }
  if (best !== undefined) return best;
  const rows = Math.ceil(Math.max(1, beds) / most);
  return { columns: most, rows, tileHeightPx: LOWEST_PX, density: 'tight', scrolls: true };
};

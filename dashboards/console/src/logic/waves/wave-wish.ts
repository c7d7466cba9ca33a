/** Which waves the page asks for: one lead of every bed and everything of the open one, as many beds as Vigil lets one console watch. */
import { type ConsoleFrame, WATCHED_MOST } from '../../../../../schemas/live.ts';

export type WaveWish = Extract<ConsoleFrame, { type: 'watch' }>['waves'];

/** `order`: gravest first, so that on a very large ward the calmest beds are those without a trace. `codes`: of the open bed. */
export const waveWish = (order: readonly string[], openBed: string | undefined, codes: readonly number[]): WaveWish => {
  const beds = order.slice(0, WATCHED_MOST);
  if (openBed !== undefined && order.indexOf(openBed) >= WATCHED_MOST) beds[WATCHED_MOST - 1] = openBed;
  return beds.map((bed) => ({ bed, codes: bed === openBed ? codes : [] }));
};

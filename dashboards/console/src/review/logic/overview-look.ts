/** Where things lie in the picture of a long time, as shares of its width and height. */
import type { ReviewOverview } from '../../../../../schemas/review.ts';

/** The day that is looked over: the newest where the moment lies in it, else half a day to both sides of it. */
export const dayAround = (atUs: number, nowUs: number): { readonly fromUs: number; readonly toUs: number } => {
  const day = 86_400e6;
  const minute = 60e6;
  const toUs = Math.ceil((atUs > nowUs - day ? nowUs : atUs + day / 2) / minute) * minute;
  return { fromUs: toUs - day, toUs };
};

/** Heart rates that the lower half of the picture goes from and to. */
export const RATE_LEAST = 30;
export const RATE_MOST = 190;

/** From the top, 0 … 1; what goes beyond stays at the edge. */
export const heightOfRate = (perMinute: number): number =>
  1 - Math.min(1, Math.max(0, (perMinute - RATE_LEAST) / (RATE_MOST - RATE_LEAST)));

/** How far the ECG's band is drawn: as far as all but the wildest two in a hundred columns go, so that one artefact does not flatten a day. */
export const bandSpan = ({
  ecgLeast,
  ecgMost,
}: Pick<ReviewOverview, 'ecgLeast' | 'ecgMost'>): readonly [number, number] => {
  const sorted = (values: readonly (number | null)[]): number[] =>
    values.filter((value) => value !== null).sort((a, b) => a - b);
  const [least, most] = [sorted(ecgLeast), sorted(ecgMost)];
  if (least.length === 0 || most.length === 0) return [-1, 1];
  const few = Math.floor(least.length * 0.02);
  const [low, high] = [least[few]!, most[most.length - 1 - few]!];
  return high - low < 0.1 ? [low - 0.5, high + 0.5] : [low, high];
};

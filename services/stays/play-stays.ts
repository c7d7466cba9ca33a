import { DETERIORATION_FEATURES, deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import type { StayHour } from '../../stream-models/deterioration/stay.ts';

/** Asks a step network: row-major `x` [rows, features] and `state` [rows, hidden] in, `y` [rows, classes] and `next` [rows, hidden] out. */
export type AskStep = (
  rows: number,
  x: Float32Array,
  state: Float32Array,
) => Promise<{ readonly y: Float32Array; readonly next: Float32Array }>;

/** How many stays are played side by side: as many beds as one call of the network takes. */
export const STAYS_SIDE_BY_SIDE = 128;

/** Which rows get a number: those with sufficient data, or all (to measure what the rule costs). */
export type Numbered = 'sufficient' | 'all';

/**
 * The risk in every row of every stay, NaN where data is insufficient. Stays are played side by side, the longest first, each
 * with its own memory and state from its first row on, as a bed would be: a row's answer depends on itself and earlier rows.
 */
export const playStays = async (
  ask: AskStep,
  hidden: number,
  stays: readonly (readonly StayHour[])[],
  numbered: Numbered = 'sufficient',
): Promise<readonly Float64Array[]> => {
  const risks = stays.map((rows) => new Float64Array(rows.length).fill(Number.NaN));
  const byLength = stays.map((_, i) => i).sort((a, b) => stays[b]!.length - stays[a]!.length || a - b);
  for (let from = 0; from < byLength.length; from += STAYS_SIDE_BY_SIDE)
    await playTogether(ask, hidden, stays, byLength.slice(from, from + STAYS_SIDE_BY_SIDE), risks, numbered);
  return risks;
};

const playTogether = async (
  ask: AskStep,
  hidden: number,
  stays: readonly (readonly StayHour[])[],
  numbers: readonly number[],
  risks: readonly Float64Array[],
  numbered: Numbered,
): Promise<void> => {
  const memories = numbers.map(() => deteriorationInput.start);
  let state = new Float32Array(numbers.length * hidden);
  let going = numbers.length;
  for (let hour = 0; ; hour++) {
    while (going > 0 && stays[numbers[going - 1]!]!.length <= hour) going--;
    if (going === 0) return;
    const x = new Float32Array(going * DETERIORATION_FEATURES);
    const sufficient = new Array<boolean>(going);
    for (let lane = 0; lane < going; lane++) {
      const [memory, [input]] = deteriorationInput.step(memories[lane]!, stays[numbers[lane]!]![hour]!);
      memories[lane] = memory;
      x.set(input!.x, lane * DETERIORATION_FEATURES);
      sufficient[lane] = numbered === 'all' || input!.isSufficient;
    }
    const { y, next } = await ask(going, x, state.subarray(0, going * hidden));
    const classes = y.length / going;
    for (let lane = 0; lane < going; lane++)
      if (sufficient[lane]) risks[numbers[lane]!]![hour] = y[lane * classes + classes - 1]!;
    state = new Float32Array(next);
  }
};

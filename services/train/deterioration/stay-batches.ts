import {
  DETERIORATION_FEATURES,
  deteriorationInput,
} from '../../../stream-models/deterioration/deterioration-input.ts';
import type { StayHour } from '../../../stream-models/deterioration/stay.ts';
import type { Dice } from '../../../stream-models/dice.ts';
import { hourWorths } from '../../../stream-models/evaluation/sepsis-utility.ts';
import type { Stay } from '../../stays/read-stays.ts';
import type { TrainingBatch } from '../trainer.ts';
import type { Window } from '../windowed-fit.ts';
import { type Changes, changedStay } from './augment-stay.ts';

/** Hours per training window; the state goes on from one window to the next, its gradient does not. */
export const STEPS = 24;
export const ROWS = 64;

/** How rows teach. */
export interface Teaching {
  readonly changes: Changes;
  /**
   * Weight of the plain label beside the worth of an alarm, 0 … 1: with 0 rows weigh what an alarm gains or loses (CinC 2019), with 1
   * all rows alike.
   */
  readonly labelShare: number;
  /**
   * Share of the stays without sepsis that an epoch shows, thrown anew, each counting so much more: there are ten of them for each
   * other, and time is better spent on what is rare.
   */
  readonly wellShare: number;
}

/** What one row teaches: whether an alarm is right here, and how much depends on it. */
export interface Lesson {
  readonly isRight: boolean;
  readonly weight: number;
}

/** Rows with a label count so much beside their worth, so that late ones are learned too. */
const LATE_WEIGHT = 0.5;

/**
 * Lessons of a stay: right is the alarm that gains more than silence, and the gain or loss is the weight (as the best entries
 * of the challenge learned); rows after the window, where the label is 1 and nothing is gained, weigh a little.
 */
export const lessonsOf = (labels: Uint8Array, labelShare: number): readonly Lesson[] => {
  const { alarm, silence } = hourWorths(labels);
  return Array.from(labels, (label, i) => {
    const gain = alarm[i]! - silence[i]!;
    if (gain === 0 && label === 1) return { isRight: true, weight: LATE_WEIGHT };
    const worth = Math.abs(gain);
    const plain = label === 1 ? 1 : 0.05;
    return {
      isRight: labelShare > 0.5 ? label === 1 : gain > 0,
      weight: (1 - labelShare) * worth + labelShare * plain,
    };
  });
};

/** A stay on its way through a lane. */
interface Lane {
  readonly rows: readonly StayHour[];
  readonly lessons: readonly Lesson[];
  readonly counts: number;
  readonly done: number;
  readonly memory: typeof deteriorationInput.start;
}

/**
 * The stays of an epoch once, in an order thrown anew, changed anew: ROWS lanes play one stay after the other, a new one beginning with a window.
 * The end of an epoch, when less than half of the lanes have a stay left, is given up: its few long stays would count too much.
 */
export function* epochWindows(stays: readonly Stay[], teaching: Teaching, dice: Dice): Generator<Window, void> {
  const waiting = dice.shuffled(stays.filter(({ labels }) => labels!.includes(1) || dice.unit() < teaching.wellShare));
  const lanes = new Array<Lane | undefined>(ROWS).fill(undefined);
  for (let next = 0; ; ) {
    const isFresh = new Uint8Array(ROWS);
    for (let lane = 0; lane < ROWS; lane++) {
      if (lanes[lane] !== undefined || next === waiting.length) continue;
      const { rows, labels } = waiting[next++]!;
      lanes[lane] = {
        rows: changedStay(rows, teaching.changes, dice),
        lessons: lessonsOf(labels!, teaching.labelShare),
        counts: labels!.includes(1) ? 1 : 1 / teaching.wellShare,
        done: 0,
        memory: deteriorationInput.start,
      };
      isFresh[lane] = 1;
    }
    if (lanes.filter((lane) => lane !== undefined).length < Math.min(ROWS, waiting.length) / 2) return;
    const batch = {
      x: new Float32Array(STEPS * ROWS * DETERIORATION_FEATURES),
      target: new Float32Array(STEPS * ROWS * 2),
      weight: new Float32Array(STEPS * ROWS),
    };
    for (const [number, lane] of lanes.entries()) if (lane !== undefined) lanes[number] = written(batch, number, lane);
    yield { batch, isFresh };
  }
}

/** Writes the next hours of a lane into a batch; undefined when its stay is over. */
const written = (
  batch: TrainingBatch,
  lane: number,
  { rows, lessons, counts, done, memory }: Lane,
): Lane | undefined => {
  let now = memory;
  let step = 0;
  for (; step < STEPS && done + step < rows.length; step++) {
    const [next, [input]] = deteriorationInput.step(now, rows[done + step]!);
    now = next;
    const at = step * ROWS + lane;
    batch.x.set(input!.x, at * DETERIORATION_FEATURES);
    const lesson = lessons[done + step]!;
    batch.target[2 * at + (lesson.isRight ? 1 : 0)] = 1;
    batch.weight[at] = counts * lesson.weight;
  }
  return done + step < rows.length ? { rows, lessons, counts, done: done + step, memory: now } : undefined;
};

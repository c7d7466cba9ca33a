import { PRIVATE } from '../../schemas/codes.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { rhythmGravity, VIGIL_DEVICE } from '../../schemas/series.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type { NumericPoint } from '../ports/series-store.ts';
import { VIGIL_SOURCE } from './series-of.ts';

/**
 * The rhythm as a number: its gravity at every change and at every tenth whole second that the bed was heard. So the most
 * of any length of time is the gravest rhythm in it, a second of VT is found in a day, and a silent bed leaves a gap.
 */
export interface BedRhythm {
  /** Gravity of the rhythm that holds; undefined: none was said yet. */
  readonly gravity: number | undefined;
  /** How far the bed was heard. */
  readonly heard: number;
}

export const noRhythm: BedRhythm = { gravity: undefined, heard: 0 };

const MARK_EVERY = seconds(10);
/** Between two findings that lie further apart than this the bed was silent: no mark is made up for that time. */
const SILENT_AFTER = seconds(15);

/** A rhythm that is said later than this was not heard all the time. */
const SAID_LATE_MAX = seconds(60);

const mark = (bed: string, at: Moment, value: number): NumericPoint => ({
  ...{ bed, device: VIGIL_DEVICE, source: VIGIL_SOURCE, code: PRIVATE.rhythm, unit: '1', at, value },
});

/** What some findings of one bed, in the order in which they were said, add to its series of rhythms. */
export const rhythmMarks = (
  before: BedRhythm,
  bed: string,
  findings: readonly Finding[],
): readonly [BedRhythm, readonly NumericPoint[]] => {
  const points: NumericPoint[] = [];
  let { gravity, heard } = before;
  const markTens = (from: number, to: number, value: number): void => {
    for (let at = (Math.floor(from / MARK_EVERY) + 1) * MARK_EVERY; at <= to; at += MARK_EVERY)
      points.push(mark(bed, moment(at), value));
  };
  for (const { atUs, saidUs, kind } of findings) {
    if (!Number.isFinite(atUs) || !Number.isFinite(saidUs)) continue;
    if (saidUs > heard) {
      const from = saidUs - heard > SILENT_AFTER ? saidUs - MARK_EVERY : heard;
      if (gravity !== undefined) markTens(from, saidUs, gravity);
      heard = saidUs;
    }
    const change = kind.case === 'rhythm' ? rhythmGravity[kind.value.rhythm]?.gravity : undefined;
    if (change === undefined) continue;
    gravity = change;
    points.push(mark(bed, moment(Math.round(atUs)), change));
    // What was marked since then is written again: a rhythm is said seconds after it began.
    markTens(Math.max(atUs, heard - SAID_LATE_MAX), heard, change);
  }
  return [{ gravity, heard }, points];
};

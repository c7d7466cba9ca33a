import { PRIVATE } from '../../schemas/codes.ts';
import type { ConditionName } from '../../schemas/conditions.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { rhythmGravity, VIGIL_DEVICE } from '../../schemas/series.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import { BEGUN_ANEW } from '../../schemas/words.ts';
import type { NumericPoint } from '../ports/series-store.ts';
import { VIGIL_SOURCE } from './series-of.ts';

/**
 * The rhythm as a number: its gravity at every change and at every tenth whole second that the bed was heard. So the most
 * of any length of time is the gravest rhythm in it, a second of VT is found in a day, and a silent bed leaves a gap.
 */
export interface BedRhythm {
  /** Gravity of the rhythm that holds; undefined: none was said yet. */
  readonly gravity: number | undefined;
  /** How far the bed was heard; 0: not known, after a start. */
  readonly heard: number;
  /** Since when the rhythm holds without a hole. */
  readonly since?: number;
  /** The bed has no signal: what is still said of it, its scores, is no hearing. */
  readonly silent?: boolean;
}

export const noRhythm: BedRhythm = { gravity: undefined, heard: 0, since: 0 };

const MARK_EVERY = seconds(10);
/**
 * In an asystole nothing but the score is said, once a minute. Between two findings that lie further apart than this nobody
 * heard the bed: no mark is made up for that time.
 */
const SILENT_AFTER = seconds(65);

const NO_SIGNAL: ConditionName = 'no-signal';

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
  let { gravity, heard, since = 0, silent = false } = before;
  const markTens = (from: number, to: number, value: number): void => {
    if (silent) return;
    for (let at = (Math.floor(from / MARK_EVERY) + 1) * MARK_EVERY; at <= to; at += MARK_EVERY)
      points.push(mark(bed, moment(at), value));
  };
  for (const { atUs, saidUs, kind } of findings) {
    if (!Number.isFinite(atUs) || !Number.isFinite(saidUs)) continue;
    // It speaks of the hole before it. Who lies there now, or what is said by a clock that was set back, has no rhythm yet.
    if (kind.case === 'reset') {
      const isAnew = kind.value.what === BEGUN_ANEW;
      if (isAnew) gravity = undefined;
      since = heard = isAnew ? saidUs : Math.max(heard, saidUs);
    }
    if (saidUs > heard) {
      const after = saidUs - heard > SILENT_AFTER ? saidUs - MARK_EVERY : heard;
      const from = heard === noRhythm.heard ? Math.max(since, saidUs - SILENT_AFTER) : after;
      if (gravity !== undefined) markTens(from, saidUs, gravity);
      heard = saidUs;
    }
    if (kind.case === 'condition' && kind.value.condition === NO_SIGNAL) {
      silent = kind.value.present;
      since = heard;
    }
    const change = kind.case === 'rhythm' ? rhythmGravity[kind.value.rhythm]?.gravity : undefined;
    if (change === undefined) continue;
    gravity = change;
    since = Math.max(since, atUs);
    points.push(mark(bed, moment(Math.round(atUs)), change));
    // What was marked since then is written again: a rhythm is said seconds after it began.
    markTens(Math.max(atUs, heard - SAID_LATE_MAX), heard, change);
  }
  return [{ gravity, heard, since, silent }, points];
};

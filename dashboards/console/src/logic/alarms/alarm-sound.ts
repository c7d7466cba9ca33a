/**
 * Which alarm sounds now, and when its burst is repeated (Edan X8; IEC 60601-1-8 leaves a range): high every 10 s, medium every 25 s, low every 30 s.
 * One burst at a time for the whole ward, the gravest; a graver one sounds at once.
 */
import { type PriorityName, priorityRank } from '../../../../../schemas/conditions.ts';
import type { LiveAlarm, LiveChooser, LiveTrouble } from '../../../../../schemas/live.ts';
import { hearsNothing, type LinkState } from '../line/link.ts';
import { reaches } from './asking.ts';

export const REPEAT_MS: Readonly<Record<PriorityName, number>> = { high: 10_000, medium: 25_000, low: 30_000 };

/** One tone of a burst: when it begins after the burst's start, and how long it lasts. */
export interface Pulse {
  readonly atMs: number;
  readonly lastsMs: number;
}

const row = (startMs: number, everyMs: number, lastsMs: number, count: number): Pulse[] =>
  Array.from({ length: count }, (_, i) => ({ atMs: startMs + i * everyMs, lastsMs }));

/** High 3+2 and again, medium 3, low 1. */
export const bursts: Readonly<Record<PriorityName, readonly Pulse[]>> = {
  high: [0, 1_600].flatMap((start) => [...row(start, 200, 130, 3), ...row(start + 800, 200, 130, 2)]),
  medium: row(0, 400, 200, 3),
  low: row(0, 0, 220, 1),
};

/**
 * An alarm sounds while it is on. While the bed's audio is paused only a high one does: the alarm machine turns those
 * that were paused to `paused`, so a high alarm still `on` is a new one that breaks through. Latched,
 * acknowledged and paused alarms are silent: what ended meanwhile does not ring.
 */
export const sounds = (alarm: LiveAlarm, audioPausedUntilUs: number | null, nowUs: number): boolean =>
  alarm.state === 'on' && (audioPausedUntilUs === null || audioPausedUntilUs <= nowUs || alarm.priority === 'high');

const NO_BEDS: ReadonlySet<string> = new Set();

export interface SoundingBed {
  readonly bed: string;
  readonly chosenBy?: readonly LiveChooser[];
  readonly alarms: readonly LiveAlarm[];
  readonly audioPausedUntilUs: number | null;
}

/** Everything that sounds now: ids, and the gravest priority among them. */
export interface Sounding {
  readonly gravest: PriorityName | undefined;
  readonly alarms: ReadonlySet<string>;
}

/** `mine`: the beds that this screen has chosen; none: it hears all. */
export const soundingNow = (
  beds: Iterable<SoundingBed>,
  nowUs: number,
  mine: ReadonlySet<string> = NO_BEDS,
): Sounding => {
  const alarms = new Set<string>();
  let gravest: PriorityName | undefined;
  for (const bed of beds)
    for (const alarm of bed.alarms) {
      if (!sounds(alarm, bed.audioPausedUntilUs, nowUs) || !reaches(bed, alarm, mine)) continue;
      alarms.add(alarm.alarm);
      if (gravest === undefined || priorityRank[alarm.priority] < priorityRank[gravest]) gravest = alarm.priority;
    }
  return { gravest, alarms };
};

/** The last burst: what sounded, and when it began, monotonic milliseconds. */
export interface Sounded {
  readonly priority: PriorityName;
  readonly atMs: number;
  readonly alarms: ReadonlySet<string>;
}

/** A burst is not cut short by the next alarm of its own or a lower priority. */
export const BURST_MS = 3_000;

/** The burst to begin now, or undefined: a graver alarm at once, a new one after the burst that runs, the same ones after their interval. */
const burstDue = (last: Sounded | undefined, now: Sounding, nowMs: number): PriorityName | undefined => {
  const wanted = now.gravest;
  if (wanted === undefined) return undefined;
  if (last === undefined || priorityRank[wanted] < priorityRank[last.priority]) return wanted;
  const waitedMs = nowMs - last.atMs;
  const isNew = [...now.alarms].some((alarm) => !last.alarms.has(alarm));
  return waitedMs >= REPEAT_MS[wanted] || (isNew && waitedMs >= BURST_MS) ? wanted : undefined;
};

export interface ToHear {
  readonly sounding: Sounding;
  /** Alarms may not come, or come late. */
  readonly lineIsBroken: boolean;
}

const NOTHING: Sounding = { gravest: undefined, alarms: new Set() };

/** Alarms sound as long as they are told, late ones too; when the line is lost, or refused, nobody knows which of them still stand. */
export const toHear = (
  link: LinkState['tag'],
  beds: Iterable<SoundingBed>,
  troubles: readonly LiveTrouble[],
  nowUs: number,
  mine: ReadonlySet<string> = NO_BEDS,
): ToHear => ({
  sounding: hearsNothing(link) ? NOTHING : soundingNow(beds, nowUs, mine),
  lineIsBroken: hearsNothing(link) || link === 'Behind' || troubles.some(({ priority }) => priority === 'high'),
});

const TONE_EVERY_MS = 5_000;
const NEVER = Number.NEGATIVE_INFINITY;

/** What has sounded so far. All moments monotonic milliseconds. */
export interface Ringing {
  readonly last: Sounded | undefined;
  readonly tonesAtMs: number;
  /** A nurse keeps the tones of a broken line quiet until then, and nothing else. */
  readonly tonesQuietUntilMs: number;
}
export const startRinging: Ringing = { last: undefined, tonesAtMs: NEVER, tonesQuietUntilMs: NEVER };

/** What begins now: a burst, the tones of a broken line, or nothing. Bursts for patients come first, and nothing is talked over. */
export const ring = (
  before: Ringing,
  { sounding, lineIsBroken }: ToHear,
  nowMs: number,
): readonly [Ringing, PriorityName | 'tones' | undefined] => {
  const { last, tonesAtMs, tonesQuietUntilMs } = before;
  const due = burstDue(last, sounding, nowMs);
  if (due !== undefined) return [{ ...before, last: { priority: due, atMs: nowMs, alarms: sounding.alarms } }, due];
  const isPlaying = last !== undefined && nowMs - last.atMs < BURST_MS;
  // What comes after silence begins anew, but not over its own burst, as an alarm that comes and goes would.
  const after = sounding.gravest === undefined && !isPlaying ? { ...before, last: undefined } : before;
  const tonesAreDue = nowMs >= tonesQuietUntilMs && nowMs - tonesAtMs >= TONE_EVERY_MS;
  if (!lineIsBroken || isPlaying || !tonesAreDue) return [after, undefined];
  return [{ ...after, tonesAtMs: nowMs }, 'tones'];
};

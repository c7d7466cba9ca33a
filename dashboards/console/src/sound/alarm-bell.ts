/** Rings for the gravest alarm of the ward, for the loss of the line, and for what is wrong with the way that alarms take. */
import { everyMs } from '../live/pace.ts';
import { burstDue, type Sounded, toHear, tonesDue } from '../logic/alarm-sound.ts';
import type { LinkState } from '../logic/link.ts';
import type { WardStore } from '../logic/ward-store.ts';
import { makeSpeaker, type Speaker } from './speaker.ts';

export interface AlarmBell {
  readonly speaker: Speaker;
  /** The warning of a lost line, or of a Vigil that cannot alarm, is quiet on this screen for two minutes; alarms are not. */
  readonly quietLine: () => void;
}

const LISTEN_EVERY_MS = 150;
const LINE_QUIET_MS = 120_000;

export const makeAlarmBell = (ward: WardStore, nowUs: () => number, link: () => LinkState): AlarmBell => {
  const speaker = makeSpeaker();
  let last: Sounded | undefined;
  let lineAtMs = Number.NEGATIVE_INFINITY;
  let lineQuietUntilMs = 0;

  const listen = (): void => {
    if (!speaker.awake()) return;
    const nowMs = performance.now();
    const { sounding, lineIsBroken } = toHear(link().tag, ward.beds(), ward.troubles(), nowUs());
    const due = burstDue(last, sounding, nowMs);
    if (due !== undefined) {
      last = { priority: due, atMs: nowMs, alarms: sounding.alarms };
      speaker.burst(due);
      return;
    }
    if (sounding.gravest === undefined) last = undefined;
    if (!tonesDue(lineIsBroken, last?.atMs, lineAtMs, lineQuietUntilMs, nowMs)) return;
    lineAtMs = nowMs;
    speaker.lineLost();
  };
  everyMs(LISTEN_EVERY_MS, listen);
  for (const gesture of ['pointerdown', 'keydown']) window.addEventListener(gesture, () => speaker.wake());

  return {
    speaker,
    quietLine: () => {
      lineQuietUntilMs = performance.now() + LINE_QUIET_MS;
    },
  };
};

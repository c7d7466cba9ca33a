/** Rings for the gravest alarm of the ward, and for the loss of the line. */
import { burstDue, type Sounded, soundingNow } from '../logic/alarm-sound.ts';
import type { LinkState } from '../logic/link.ts';
import type { WardStore } from '../logic/ward-store.ts';
import { makeSpeaker, type Speaker } from './speaker.ts';

export interface AlarmBell {
  readonly speaker: Speaker;
  /** The warning of a lost line is kept quiet on this screen for two minutes; alarms are not. */
  readonly quietLine: () => void;
}

const LISTEN_EVERY_MS = 150;
const LINE_EVERY_MS = 5_000;
const LINE_QUIET_MS = 120_000;

export const makeAlarmBell = (ward: WardStore, nowUs: () => number, link: () => LinkState): AlarmBell => {
  const speaker = makeSpeaker();
  let last: Sounded | undefined;
  let lineAtMs = Number.NEGATIVE_INFINITY;
  let lineQuietUntilMs = 0;

  const listen = (): void => {
    if (!speaker.awake()) return;
    const nowMs = performance.now();
    const tag = link().tag;
    if (tag === 'Lost' || tag === 'Behind') {
      if (nowMs < lineQuietUntilMs || nowMs - lineAtMs < LINE_EVERY_MS) return;
      lineAtMs = nowMs;
      speaker.lineLost();
      return;
    }
    const now = soundingNow(ward.beds(), nowUs());
    const due = burstDue(last, now, nowMs);
    if (due !== undefined) {
      last = { priority: due, atMs: nowMs, alarms: now.alarms };
      speaker.burst(due);
    } else if (now.gravest === undefined) last = undefined;
  };
  window.setInterval(listen, LISTEN_EVERY_MS);
  for (const gesture of ['pointerdown', 'keydown']) window.addEventListener(gesture, () => speaker.wake());

  return {
    speaker,
    quietLine: () => {
      lineQuietUntilMs = performance.now() + LINE_QUIET_MS;
    },
  };
};

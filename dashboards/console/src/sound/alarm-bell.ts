/** Rings for the gravest alarm of the ward, for the loss of the line, and for what is wrong with the way that alarms take. */
import { burstDue, type Sounded, soundingNow, TONE_EVERY_MS, troubleDue } from '../logic/alarm-sound.ts';
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
    const tag = link().tag;
    if (tag === 'Lost' || tag === 'Behind') {
      if (nowMs < lineQuietUntilMs || nowMs - lineAtMs < TONE_EVERY_MS) return;
      lineAtMs = nowMs;
      speaker.lineLost();
      return;
    }
    const now = soundingNow(ward.beds(), nowUs());
    const due = burstDue(last, now, nowMs);
    if (due !== undefined) {
      last = { priority: due, atMs: nowMs, alarms: now.alarms };
      speaker.burst(due);
      return;
    }
    if (now.gravest === undefined) last = undefined;
    if (!troubleDue(ward.troubles(), last?.atMs, lineAtMs, lineQuietUntilMs, nowMs)) return;
    lineAtMs = nowMs;
    speaker.lineLost();
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

/** Rings for the gravest alarm of the ward, for the loss of the line, and for what is wrong with the way that alarms take. */
import { everyMs } from '../live/pace.ts';
import { ring, startRinging, toHear } from '../logic/alarms/alarm-sound.ts';
import type { LinkState } from '../logic/line/link.ts';
import type { WardStore } from '../logic/ward/ward-store.ts';
import type { Speaker } from './speaker.ts';

export interface AlarmBell {
  readonly speaker: Speaker;
  /** The warning of a lost line, or of a Vigil that cannot alarm, is quiet on this screen for two minutes; alarms are not. */
  readonly quietLine: () => void;
}

const LISTEN_EVERY_MS = 150;
const LINE_QUIET_MS = 120_000;

/** `mine`: the beds that this screen has chosen. */
export const makeAlarmBell = (
  speaker: Speaker,
  ward: WardStore,
  nowUs: () => number,
  link: () => LinkState,
  mine: () => ReadonlySet<string>,
): AlarmBell => {
  let ringing = startRinging;

  const listen = (): void => {
    if (!speaker.awake()) return;
    const heard = toHear(link().tag, ward.beds(), ward.troubles(), nowUs(), mine());
    const [after, begins] = ring(ringing, heard, performance.now());
    ringing = after;
    if (begins === 'tones') speaker.lineLost();
    else if (begins !== undefined) speaker.burst(begins);
  };
  everyMs(LISTEN_EVERY_MS, listen);
  // An alarm that is over at once sounds all the same: its end is another frame than its beginning.
  ward.subscribe('alarms', listen);
  for (const gesture of ['pointerdown', 'keydown']) window.addEventListener(gesture, () => void speaker.wake());

  return {
    speaker,
    quietLine: () => {
      ringing = { ...ringing, tonesQuietUntilMs: performance.now() + LINE_QUIET_MS };
    },
  };
};

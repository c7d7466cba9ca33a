/** Plays bursts with WebAudio. A browser makes no sound before the first click or key; until then the page says so. */

import type { PriorityName } from '../../../../schemas/conditions.ts';
import { bursts, type Pulse } from '../logic/alarms/alarm-sound.ts';

export interface Speaker {
  /** Sound can be heard now. */
  readonly awake: () => boolean;
  /** To be called inside a click or key press. Resolves when sound can be heard. */
  readonly wake: () => Promise<void>;
  readonly burst: (priority: PriorityName) => void;
  /** Two falling tones: this screen no longer hears Vigil. */
  readonly lineLost: () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Middle C. Pulses need a fundamental of 150–1000 Hz and four or more partials below 4 kHz of like strength. */
const FUNDAMENTAL_HZ = 261.6;
const LOUDNESS: Readonly<Record<PriorityName, number>> = { high: 0.5, medium: 0.38, low: 0.28 };
const RAMP_S = 0.015;

export const makeSpeaker = (): Speaker => {
  const listeners = new Set<() => void>();
  let context: AudioContext | undefined;
  let wave: PeriodicWave | undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  /** Undoes what was not of the nurse's doing. A browser that does not allow it says so by staying as it is. */
  const askAgain = (): void => {
    if (context !== undefined && context.state !== 'running' && !document.hidden)
      context.resume().then(tell, () => undefined);
  };

  const tone = (frequencyHz: number, loudness: number, pulse: Pulse): void => {
    if (context === undefined || wave === undefined) return;
    const start = context.currentTime + 0.02 + pulse.atMs / 1e3;
    const end = start + pulse.lastsMs / 1e3;
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    oscillator.setPeriodicWave(wave);
    oscillator.frequency.value = frequencyHz;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(loudness, start + RAMP_S);
    volume.gain.setValueAtTime(loudness, end - RAMP_S);
    volume.gain.linearRampToValueAtTime(0, end);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(end + 0.01);
  };

  return {
    awake: () => context?.state === 'running',
    wake: async () => {
      if (context === undefined) {
        context = new AudioContext();
        wave = context.createPeriodicWave(
          Float32Array.from({ length: 7 }, () => 0),
          Float32Array.from([0, 1, 0.8, 0.6, 0.5, 0.4, 0.25]),
        );
        // A tablet that was locked, or another program, takes the sound away: the page asks for it again, and says meanwhile that it has none.
        context.onstatechange = () => {
          tell();
          askAgain();
        };
        document.addEventListener('visibilitychange', askAgain);
      }
      if (context.state === 'running') return;
      await context.resume();
      tell();
    },
    burst: (priority) => {
      for (const pulse of bursts[priority]) tone(FUNDAMENTAL_HZ, LOUDNESS[priority], pulse);
    },
    lineLost: () => {
      tone(440, 0.4, { atMs: 0, lastsMs: 260 });
      tone(330, 0.4, { atMs: 320, lastsMs: 420 });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

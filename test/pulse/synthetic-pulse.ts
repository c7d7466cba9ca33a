import { MDC } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { hearPulses, startPulses } from '../../stream-models/pulse/hear-pulse.ts';
import type { PulseChunk, PulseProgress, PulseSeen, PulseSighting } from '../../stream-models/pulse/sighting.ts';

export const START: Moment = moment(1_700_000_000_000_000);

/** A pulse signal: its rate and its value as a function of the seconds since the start. */
export interface SyntheticPulse {
  readonly code: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly signal: (seconds: number) => number;
}

const bump = (seconds: number, middle: number, width: number): number =>
  Math.exp(-0.5 * ((seconds - middle) / width) ** 2);

/** Arterial pressure (mmHg) whose upstrokes end at the times given: a systolic wave and a dicrotic one, over 70. */
export const pressureAt =
  (upstrokes: readonly number[], height = 45) =>
  (seconds: number): number => {
    let mmHg = 70;
    for (const at of upstrokes) {
      if (Math.abs(seconds - at) > 1.2) continue;
      const rising = bump(seconds, at, seconds < at ? 0.06 : 0.14);
      mmHg += height * (rising + 0.25 * bump(seconds, at + 0.34, 0.05));
    }
    return mmHg;
  };

export const pulseOf = (rateHz: number, signal: (seconds: number) => number, code: number = MDC.abpWave) => ({
  ...{ code, rateNumerator: rateHz, rateDenominator: 1, signal },
});

/** The samples of all signals in a stretch of time (seconds since START). */
export const chunksOf = (signals: readonly SyntheticPulse[], from: number, to: number): readonly PulseChunk[] =>
  signals.flatMap(({ code, rateNumerator, rateDenominator, signal }) => {
    const rate = rateNumerator / rateDenominator;
    const first = Math.ceil(from * rate - 1e-6);
    const count = Math.ceil(to * rate - 1e-6) - first;
    if (count <= 0) return [];
    const start = moment(START + Math.round((first * 1e6) / rate));
    const samples = Float32Array.from({ length: count }, (_, i) => signal((first + i) / rate));
    return [{ code, start, rateNumerator, rateDenominator, samples }];
  });

/** What is seen when the stretches between the cuts are heard one after the other. */
export const seenBetween = (signals: readonly SyntheticPulse[], cuts: readonly number[]): readonly PulseSighting[] => {
  const seen: PulseSighting[] = [];
  let memory = startPulses;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [next, said] = hearPulses(memory, chunksOf(signals, cuts[i]!, cuts[i + 1]!));
    memory = next;
    seen.push(...said);
  }
  return seen;
};

export const every = (frameS: number, seconds: number): readonly number[] => [
  ...Array.from({ length: Math.ceil(seconds / frameS - 1e-9) }, (_, i) => i * frameS),
  seconds,
];

export const pulsesOf = (seen: readonly PulseSighting[]): readonly PulseSeen[] =>
  seen.filter((each) => each.tag === 'PulseSeen');
export const progressOf = (seen: readonly PulseSighting[]): readonly PulseProgress[] =>
  seen.filter((each) => each.tag === 'PulseProgress');
export const secondsOf = (at: Moment): number => (at - START) / 1e6;

import { inSeconds, microseconds } from '../../../schemas/units.ts';
import { BEAT_CLASSES, BEAT_FEATURES, beatInput } from '../../../stream-models/beats/beat-input.ts';
import type { BeatSeen, EcgBroken } from '../../../stream-models/ecg/sighting.ts';
import {
  EC57_WINDOW_SECONDS,
  type Excluded,
  matchBeats,
  type TimedBeat,
} from '../../../stream-models/evaluation/ec57.ts';

/** All beats that were detected in one recording, as the network sees them, with what the reference says of them. */
export interface BeatSequence {
  readonly record: string;
  /** [beats, BEAT_FEATURES] */
  readonly x: Float32Array;
  /** Number of the class, as `beatSequence` makes it in BEAT_CLASSES; -1: teaches nothing (there: the reference knows no such beat). */
  readonly labels: Int8Array;
  /** Seconds from the first sample. */
  readonly atSeconds: Float64Array;
  /** 1 where the hidden state begins anew before the beat. */
  readonly fresh: Uint8Array;
}

/** What is known of a recording. */
export interface Reference {
  readonly beats: readonly TimedBeat[];
  /** Stretches without beats, whatever was detected in them. */
  readonly excluded: readonly Excluded[];
}

/** Makes the sequence of a recording by the same `beatInput` that serves. Times of the reference are seconds. */
export const beatSequence = (
  record: string,
  heard: readonly (BeatSeen | EcgBroken)[],
  reference: Reference,
): BeatSequence => {
  const rows: Float32Array[] = [];
  const atSeconds: number[] = [];
  const fresh: number[] = [];
  let memory = beatInput.start;
  let isFresh = true;
  for (const seen of heard) {
    const [next, inputs] = beatInput.step(memory, seen);
    memory = next;
    if (seen.tag === 'EcgBroken') isFresh = true;
    for (const { beat, x } of inputs) {
      rows.push(x);
      atSeconds.push(inSeconds(microseconds(beat.at)));
      fresh.push(isFresh ? 1 : 0);
      isFresh = false;
    }
  }
  const x = new Float32Array(rows.length * BEAT_FEATURES);
  for (const [i, row] of rows.entries()) x.set(row, i * BEAT_FEATURES);
  return {
    record,
    x,
    labels: labelsOf(atSeconds, reference),
    atSeconds: Float64Array.from(atSeconds),
    fresh: Uint8Array.from(fresh),
  };
};

/** The label of each detected beat: the class of the reference beat that it matches; -1 where there is none, or beats are excluded. */
export const labelsOf = (atSeconds: readonly number[], { beats, excluded }: Reference): Int8Array => {
  const labels = new Int8Array(atSeconds.length).fill(-1);
  const numbers = new Map(atSeconds.map((at, i) => [at, i]));
  const detected = atSeconds.map((at): TimedBeat => ({ atSeconds: at, class: 'N' }));
  for (const pair of matchBeats(beats, detected, EC57_WINDOW_SECONDS)) {
    if (pair.reference === undefined || pair.detected === undefined) continue;
    const at = pair.detected.atSeconds;
    if (excluded.some(({ fromSeconds, toSeconds }) => at >= fromSeconds && at <= toSeconds)) continue;
    labels[numbers.get(at)!] = BEAT_CLASSES.indexOf(pair.reference.class);
  }
  return labels;
};

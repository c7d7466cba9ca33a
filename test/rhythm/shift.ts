/** A made-up stretch at the bedside, as conclusions hear it: beats, progress four times a second, and every second. */
import { type Moment, moment } from '../../schemas/units.ts';
import type { BeatClassName } from '../../schemas/words.ts';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { runFold } from '../../stream-models/fold.ts';
import type { Preset } from '../../stream-models/presets/preset.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';

export const START_US = 1_700_000_000_000_000;
/** Bed time of a second of the shift. */
export const at = (second: number): Moment => moment(Math.round(START_US + second * 1e6));
export const secondOf = (time: Moment): number => (time - START_US) / 1e6;

export interface MadeBeat {
  readonly at: number;
  readonly class: BeatClassName | undefined;
  /** How probable it is that there is no beat. */
  readonly artefact?: number;
}

/** Beats from `from` on, one RR (s) after another. Letters are classes, repeated as needed; '-' is a beat without class. */
export const beats = (from: number, intervals: readonly number[], classes = 'N'): readonly MadeBeat[] => {
  let time = from;
  return intervals.map((rr, i) => {
    const letter = classes[i % classes.length]!;
    const beat = { at: time, class: letter === '-' ? undefined : (letter as BeatClassName) };
    time += rr;
    return beat;
  });
};

/** So many beats at a rate per minute. */
export const steady = (from: number, count: number, perMinute: number, classes = 'N'): readonly MadeBeat[] =>
  beats(from, new Array<number>(count).fill(60 / perMinute), classes);

/** Dice that fall the same way every time. */
export const dice = (seed: number): (() => number) => {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

export type Line = 'beats' | 'flat' | 'fibrillation' | 'flutter' | 'noise' | 'nothing';

export interface Stretch {
  readonly from: number;
  readonly line?: Line;
  readonly quality?: number;
  readonly off?: boolean;
  readonly saturated?: boolean;
  /** No frames at all: only seconds pass, and the gateway says that it is silent. */
  readonly silent?: boolean;
}

const RATE = 250;
const LEADS = [131330, 131331];

/** A QRS-like complex with a T wave, 1 mV. */
const complex = (t: number): number =>
  Math.exp(-((t / 0.012) ** 2)) -
  0.25 * Math.exp(-(((t - 0.035) / 0.012) ** 2)) +
  0.2 * Math.exp(-(((t - 0.26) / 0.05) ** 2));

const sampleOf = (line: Line, time: number, made: readonly MadeBeat[], roll: () => number): number => {
  if (line === 'flat') return 0;
  if (line === 'nothing') return Number.NaN;
  if (line === 'noise') return (roll() - 0.5) * 0.4;
  if (line === 'flutter') return 0.8 * Math.sin(2 * Math.PI * 4.5 * time);
  if (line === 'fibrillation')
    return (
      0.35 * Math.sin(2 * Math.PI * (4.4 * time + 0.35 * Math.sin(1.3 * time))) * (1 + 0.4 * Math.sin(2.1 * time)) +
      0.2 * Math.sin(2 * Math.PI * (5.7 * time + 0.4 * Math.sin(0.9 * time + 1))) +
      0.02 * (roll() - 0.5)
    );
  let sum = 0.01 * (roll() - 0.5);
  for (const beat of made) if (Math.abs(time - beat.at) < 0.6) sum += complex(time - beat.at);
  return sum;
};

/**
 * Sightings of a shift: what the line looks like from when on, the beats that were found, and anything else. In the order
 * of `said`; a beat is said 300 ms after its R peak.
 */
export const shift = (
  seconds: number,
  made: readonly MadeBeat[],
  stretches: readonly Stretch[] = [{ from: 0 }],
  others: readonly Sighting[] = [],
): readonly Sighting[] => {
  const roll = dice(7);
  const sightings: Sighting[] = [...others];
  const stretchAt = (time: number): Stretch => stretches.findLast(({ from }) => from <= time) ?? { from: 0 };
  for (const beat of made)
    sightings.push({
      ...{ tag: 'ClassifiedBeat', at: at(beat.at), said: at(beat.at + 0.3), class: beat.class },
      ...{ probability: 1, amplitudeMv: 1 },
      ...(beat.artefact === undefined ? {} : { artefact: beat.artefact }),
    });
  for (let step = 1; step <= seconds * 4; step++) {
    const end = step / 4;
    const stretch = stretchAt(end - 0.125);
    if (!stretch.silent) {
      const first = Math.ceil((step - 1) * (RATE / 4));
      const count = Math.ceil(step * (RATE / 4)) - first;
      const line = stretch.line ?? 'beats';
      const samplesMv = Float32Array.from({ length: count }, (_, i) => sampleOf(line, (first + i) / RATE, made, roll));
      const lastBeat = made.findLast((beat) => beat.at + 0.3 <= end);
      sightings.push({
        tag: 'EcgProgress',
        at: at(end),
        said: at(end),
        endsSecond: step % 4 === 0,
        lastBeat: lastBeat && at(lastBeat.at),
        leads: LEADS.map((code) => ({
          code,
          quality: stretch.quality ?? (line === 'flat' || line === 'nothing' ? 0 : 0.9),
          flat: line === 'flat',
          saturated: stretch.saturated ?? false,
          off: stretch.off ?? false,
          samplesMv,
        })),
      });
    }
    if (step % 4 !== 0) continue;
    if (stretch.silent) sightings.push({ tag: 'SilenceSeen', at: at(end), said: at(end), since: undefined });
    sightings.push({ tag: 'SecondPassed', at: at(end), said: at(end) });
  }
  const order = ['AssignmentSeen', 'ClassifiedBeat', 'EcgBroken', 'LeadSeen', 'NumericSeen', 'EcgProgress'];
  const rank = ({ tag }: Sighting) => (order.includes(tag) ? order.indexOf(tag) : order.length);
  return sightings.sort((a, b) => a.said - b.said || rank(a) - rank(b));
};

export const concluded = (sightings: readonly Sighting[], preset: Preset = presets.vigil): readonly Fact[] =>
  runFold(conclude(preset), sightings)[1];

/** The conditions of a shift as a chart: "12.3s + asystole (no QRS for 4.3 s)". */
export const chart = (sightings: readonly Sighting[], preset: Preset = presets.vigil): readonly string[] =>
  concluded(sightings, preset).flatMap((fact) =>
    fact.tag === 'Condition'
      ? [`${secondOf(fact.said).toFixed(1)}s ${fact.present ? '+' : '−'} ${fact.condition} (${fact.evidence})`]
      : [],
  );

/** Which conditions were ever present. */
export const rung = (sightings: readonly Sighting[], preset: Preset = presets.vigil): readonly string[] => [
  ...new Set(
    concluded(sightings, preset).flatMap((fact) => (fact.tag === 'Condition' && fact.present ? [fact.condition] : [])),
  ),
];

export const rhythms = (sightings: readonly Sighting[]): readonly string[] =>
  concluded(sightings).flatMap((fact) => (fact.tag === 'Rhythm' ? [fact.rhythm] : []));

/** The heart rates shown, second by second. */
export const rates = (sightings: readonly Sighting[]): ReadonlyMap<number, number> =>
  new Map(
    concluded(sightings).flatMap((fact) => (fact.tag === 'Derived' ? [[secondOf(fact.at), fact.value] as const] : [])),
  );

export const numeric = (
  second: number,
  code: number,
  value: number | undefined,
  unit: string,
  source?: string,
): Sighting => ({
  ...{ tag: 'NumericSeen', at: at(second), said: at(second), code, unit, value },
  ...(source === undefined ? {} : { source }),
  missing: value === undefined ? 1 : undefined,
});

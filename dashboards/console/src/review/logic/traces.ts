/** The waves of a stretch as they are drawn and measured: sample by sample at their own times, nothing filtered, joined or made up. */
import { NO_SAMPLE } from '../../../../../schemas/no-sample.ts';
import type { ReviewWave } from '../../../../../schemas/review.ts';

/** Samples that follow each other without a hole: number i is at startUs + i · stepUs. */
export interface Piece {
  readonly startUs: number;
  readonly stepUs: number;
  /** In the unit of the trace; NaN: no sample. */
  readonly values: Float64Array;
}

/** One signal as one device told it. */
export interface Trace {
  readonly code: number;
  readonly label: string;
  /** UCUM. */
  readonly unit: string;
  readonly source: string;
  /** In the order of their starts. */
  readonly pieces: readonly Piece[];
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const pieceOf = ({ samples, startUs, rateNumerator, rateDenominator, gain, offset }: ReviewWave): Piece => {
  const bytes = bytesOf(samples);
  const view = new DataView(bytes.buffer);
  const values = new Float64Array(bytes.length >> 1);
  for (let i = 0; i < values.length; i++) {
    const sample = view.getInt16(2 * i, true);
    values[i] = sample === NO_SAMPLE ? Number.NaN : (sample - offset) * gain;
  }
  return { startUs, stepUs: (1e6 * rateDenominator) / rateNumerator, values };
};

/** Two devices that tell one lead are two traces: their samples taken in turns would be an ECG that no heart made. */
export const tracesOf = (waves: readonly ReviewWave[]): readonly Trace[] =>
  [...Map.groupBy(waves, ({ code, source }) => `${code} ${source}`).values()].map((own) => {
    const { code, label, unit, source } = own[0]!;
    return { code, label, unit, source, pieces: own.map(pieceOf).sort((a, b) => a.startUs - b.startUs) };
  });

const endOf = ({ startUs, stepUs, values }: Piece): number => startUs + values.length * stepUs;

/** Whether a piece goes on where the one before ended: frames carry times that may be a part of a sample apart. */
export const goesOn = (before: Piece | undefined, piece: Piece): boolean =>
  before !== undefined && Math.abs(piece.startUs - endOf(before)) <= piece.stepUs;

/** Where a trace says nothing within [fromUs, toUs], as pairs of beginning and end. */
export const gapsOf = (
  { pieces }: Trace,
  fromUs: number,
  toUs: number,
): readonly (readonly [fromUs: number, toUs: number])[] => {
  const gaps: (readonly [number, number])[] = [];
  let heard = fromUs;
  const silent = (from: number, to: number, stepUs: number): void => {
    if (to - from > stepUs) gaps.push([from, to]);
  };
  for (const { startUs, stepUs, values } of pieces)
    for (let i = 0; i < values.length; i++) {
      const at = startUs + i * stepUs;
      if (Number.isNaN(values[i]!) || at < fromUs || at >= toUs) continue;
      silent(heard, at, stepUs);
      heard = Math.max(heard, at + stepUs);
    }
  silent(heard, toUs, pieces[0]?.stepUs ?? 0);
  return gaps;
};

/** The sample nearest to a moment. */
export interface Sample {
  readonly atUs: number;
  readonly value: number;
  readonly stepUs: number;
}

/** Undefined: the trace has no sample within one step of it. */
export const sampleAt = ({ pieces }: Trace, us: number): Sample | undefined => {
  let nearest: Sample | undefined;
  for (const { startUs, stepUs, values } of pieces) {
    const i = Math.min(values.length - 1, Math.max(0, Math.round((us - startUs) / stepUs)));
    const [atUs, value] = [startUs + i * stepUs, values[i] ?? Number.NaN];
    if (Number.isNaN(value) || Math.abs(atUs - us) > stepUs) continue;
    if (nearest === undefined || Math.abs(atUs - us) < Math.abs(nearest.atUs - us)) nearest = { atUs, value, stepUs };
  }
  return nearest;
};

/** How far the values of a trace go, and what half of them are above. */
export interface Spread {
  readonly least: number;
  readonly most: number;
  readonly median: number;
}

/** Undefined: there is no sample. */
export const spreadOf = ({ pieces }: Trace): Spread | undefined => {
  const all = Float64Array.from(pieces.flatMap(({ values }) => [...values].filter((value) => !Number.isNaN(value))));
  all.sort();
  return all.length === 0 ? undefined : { least: all[0]!, most: all.at(-1)!, median: all[all.length >> 1]! };
};

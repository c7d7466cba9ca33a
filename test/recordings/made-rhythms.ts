import { samplesOf } from '../../schemas/telemetry.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { bedWith, played } from '../simulate/bed.ts';
import { format16 } from './made-record.ts';

/** A synthetic two-lead record (250 Hz, format 16) in which something befalls the heart from 30 s to 50 s. */
export const madeRhythm = (
  name: string,
  kind: EpisodeKind,
  lengthS: number,
  seed: number,
): Readonly<Record<string, Uint8Array | string>> => {
  const frames = played(bedWith([{ kind, fromS: 30, toS: 50 }], { seed }), lengthS);
  const signals = [0, 1].map((lead) =>
    Int16Array.from(frames.flatMap(({ telemetry }) => Array.from(samplesOf(telemetry!.waveforms[lead]!)))),
  );
  const line = (lead: string): string => `${name}.dat 16 400(0)/mV 16 0 0 0 0 ${lead}`;
  return {
    [`${name}.hea`]: [`${name} 2 250 ${signals[0]!.length}`, line('II'), line('V1'), ''].join('\n'),
    [`${name}.dat`]: format16(signals),
  };
};

import { inUsualUnit, signalOf } from '../../schemas/codes.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { VIGIL_DEVICE } from '../../schemas/series.ts';
import { samplesOf } from '../../schemas/telemetry.ts';
import { tellersOf } from '../../schemas/tellers.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { NumericPoint, WaveBlock } from '../ports/series-store.ts';

/** The source under which Vigil's own measurements are kept. */
export const VIGIL_SOURCE = 'vigil';

/** What turns a frame into series: its bed, which of the bed's devices spoke, and the bed's time. */
export interface FrameContext {
  readonly bed: string;
  readonly device: number;
  readonly toBedTime: (deviceUs: number) => Moment;
}

/** A frame's numbers as points, in Vigil's unit of their signal; unmapped codes keep value and unit as they came. */
export const pointsOf = (frame: Telemetry, { bed, device, toBedTime }: FrameContext): NumericPoint[] => {
  const points: NumericPoint[] = [];
  const tellers = tellersOf(frame);
  for (const [i, { code, atUs, unit, reading }] of frame.numerics.entries()) {
    if (reading.case !== 'value') continue;
    const value = inUsualUnit(code, reading.value, unit);
    const known = value === undefined ? { unit, value: reading.value } : { unit: signalOf(code)!.ucum, value };
    points.push({ bed, device, source: tellers[i]!, code, at: toBedTime(atUs), ...known });
  }
  return points;
};

/** A frame's waves as they came, at bed time. */
export const blocksOf = (frame: Telemetry, { bed, device, toBedTime }: FrameContext): WaveBlock[] =>
  frame.waveforms.map((wave) => ({
    ...{ bed, device, source: frame.source, code: wave.code, unit: wave.unit, start: toBedTime(wave.startUs) },
    ...{ rateNumerator: wave.rateNumerator, rateDenominator: wave.rateDenominator },
    ...{ gain: wave.gain, offset: wave.offset, samples: samplesOf(wave) },
  }));

/** What Vigil measured itself, as a point; undefined for a finding that is no number. */
export const pointOfFinding = (bed: string, finding: Finding): NumericPoint | undefined => {
  if (finding.kind.case !== 'derived' || !Number.isFinite(finding.kind.value.value)) return undefined;
  const { code, unit, value } = finding.kind.value;
  return { bed, device: VIGIL_DEVICE, source: VIGIL_SOURCE, code, unit, at: moment(finding.atUs), value };
};

import { samplesOf } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { Episode } from '../../services/simulate/episodes.ts';
import type { HeartBeat } from '../../services/simulate/heart.ts';
import { type SimulatedBedSettings, type SimulatedFrame, simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';
import type { EcgChunk } from '../../stream-models/ecg/sighting.ts';
import { runFold } from '../../stream-models/fold.ts';

export const START = moment(1_767_225_600_000_000);

/** The first bed of a ward of one, with nothing but what the test asks for befalling it. */
export const bedWith = (episodes: readonly Episode[] = [], changes: Partial<SimulatedBedSettings> = {}) => {
  const [bed] = simulatedWard({ beds: 1, seed: 11, start: START, frameMs: 250, episodes: false });
  return { ...bed!, scenario: { cycleS: 3600, beginsAtS: 0, episodes }, ...changes };
};

/** The moment at which so many seconds of a bed are over. */
export const secondsInto = ({ start }: SimulatedBedSettings, s: number): Moment => moment(start + s * 1e6);

/** Plays a bed for so many seconds, looking at the clock every so many. */
export const played = (bed: SimulatedBedSettings, lengthS: number, everyS = lengthS): readonly SimulatedFrame[] => {
  const looks = Array.from({ length: Math.ceil(lengthS / everyS) }, (_, i) =>
    secondsInto(bed, Math.min(lengthS, (i + 1) * everyS)),
  );
  return runFold(simulatedBed(bed), looks)[1];
};

export const beatsOf = (frames: readonly SimulatedFrame[]): readonly HeartBeat[] =>
  frames.flatMap(({ beats }) => beats);

/** The ECG of a frame as analysis hears it. */
export const ecgOf = ({ telemetry }: SimulatedFrame): readonly EcgChunk[] =>
  (telemetry?.waveforms ?? [])
    .filter(({ unit }) => unit === 'mV')
    .map((wave) => ({
      code: wave.code,
      start: moment(wave.startUs),
      rateNumerator: wave.rateNumerator,
      rateDenominator: wave.rateDenominator,
      samplesMv: Float32Array.from(samplesOf(wave), (sample) => (sample === -32768 ? Number.NaN : sample * wave.gain)),
    }));

import { type Moment, moment } from '../../schemas/units.ts';
import { lookaheadUs, type ResamplerMemory, resample, startResampler, TICK_US } from '../ecg/resample.ts';
import { BAND_STATE_LENGTH, pulseBand } from './band.ts';
import { detectPulses, PULSE_HISTORY_TICKS, type PulseDetectorMemory, startPulseDetector } from './pulse-detector.ts';
import { hearPulseQuality, judgePulseSecond, startPulseQuality } from './quality.ts';
import type { PulseBroken, PulseChunk, PulseSighting } from './sighting.ts';

/** What is remembered of a bed's pulse signals: plain data, about 2 KB per signal. */
export interface PulseMemory {
  readonly signals: readonly PulseSignal[];
}

/** One signal since its last hole. Its ticks are 4 ms apart; tick 0 is its first sample. */
export interface PulseSignal {
  readonly code: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  /** Bed time of tick 0, and the samples heard since then. */
  readonly origin: number;
  readonly heard: number;
  readonly ticks: number;
  readonly resampler: ResamplerMemory;
  readonly band: Float64Array;
  readonly history: Float32Array;
  readonly quality: Float64Array;
  readonly detector: PulseDetectorMemory;
}

export const startPulses: PulseMemory = { signals: [] };

/** Pulse signals of a bed that are listened to; more than a plethysmogram and two lines nobody has. */
const SIGNALS_MAX = 4;
const ROUNDING_US = 2;
const SECOND_TICKS = 250;

const periodUs = (of: { readonly rateNumerator: number; readonly rateDenominator: number }): number =>
  (of.rateDenominator * 1e6) / of.rateNumerator;
const endOf = (signal: PulseSignal): number => signal.origin + signal.heard * periodUs(signal);

const isUsable = (chunk: PulseChunk): boolean =>
  chunk.samples.length > 0 &&
  Number.isFinite(chunk.start) &&
  chunk.rateNumerator > 0 &&
  chunk.rateDenominator > 0 &&
  Number.isFinite(chunk.rateNumerator / chunk.rateDenominator);

const startSignal = (chunk: PulseChunk): PulseSignal => ({
  code: chunk.code,
  rateNumerator: chunk.rateNumerator,
  rateDenominator: chunk.rateDenominator,
  origin: chunk.start,
  heard: 0,
  ticks: 0,
  resampler: startResampler(chunk.rateNumerator, chunk.rateDenominator, 0, 0)[0],
  band: new Float64Array(BAND_STATE_LENGTH),
  history: new Float32Array(PULSE_HISTORY_TICKS).fill(Number.NaN),
  quality: startPulseQuality(),
  detector: startPulseDetector,
});

const whyBroken = (signal: PulseSignal, chunk: PulseChunk): PulseBroken['why'] | undefined => {
  if (signal.rateNumerator * chunk.rateDenominator !== chunk.rateNumerator * signal.rateDenominator)
    return 'rate changed';
  if (chunk.start > endOf(signal) + periodUs(signal) / 2) return 'gap';
  return chunk.start < endOf(signal) - periodUs(signal) / 2 ? 'new epoch' : undefined;
};

/** Hears more of a signal in which nothing breaks. */
const hearSignal = (signal: PulseSignal, chunk: PulseChunk, say: (sighting: PulseSighting) => void): PulseSignal => {
  const rateHz = signal.rateNumerator / signal.rateDenominator;
  const late = chunk.start - endOf(signal);
  // A device whose clock runs a little faster or slower than its sampling is followed, frame by frame.
  const origin = Math.abs(late) > ROUNDING_US ? signal.origin + late : signal.origin;
  const more = resample(signal.resampler, rateHz, chunk.samples, new Uint8Array(chunk.samples.length));
  const count = more.ticks.length;
  const from = signal.ticks;
  const line = new Float32Array(PULSE_HISTORY_TICKS + count);
  line.set(signal.history);
  const band = signal.band.slice();
  pulseBand(band, more.ticks, line, PULSE_HISTORY_TICKS);
  const quality = signal.quality.slice();
  const lookahead = lookaheadUs(more.memory, rateHz);
  const { code } = signal;
  const timeOf = (tick: number): Moment => moment(Math.round(origin + tick * TICK_US));
  const saidAt = (tick: number): Moment => moment(Math.round(origin + tick * TICK_US + lookahead));
  let { detector } = signal;
  for (let tick = from; tick < from + count; ) {
    const end = (Math.floor(tick / SECOND_TICKS) + 1) * SECOND_TICKS;
    const to = Math.min(end, from + count);
    hearPulseQuality(quality, tick, more.ticks.subarray(tick - from, to - from));
    const [next, pulses] = detectPulses(detector, line, PULSE_HISTORY_TICKS - from, tick, to);
    detector = next;
    for (const { tick: at, saidTick, strength, likeness } of pulses)
      say({ tag: 'PulseSeen', code, at: timeOf(at), said: saidAt(saidTick), strength, likeness });
    if (to === end)
      say({ tag: 'PulseProgress', code, at: saidAt(end - 1), said: saidAt(end - 1), ...judgePulseSecond(quality) });
    tick = to;
  }
  return {
    ...signal,
    origin,
    heard: signal.heard + chunk.samples.length,
    ticks: from + count,
    resampler: more.memory,
    band,
    history: line.slice(count),
    quality,
    detector,
  };
};

const bySaid = (a: PulseSighting, b: PulseSighting): number => a.said - b.said || a.code - b.code;

/**
 * Hears one frame's pulse signals (any unit, any rational rate, NaN where there is no sample) and says what was seen,
 * sorted by `said`. What is said of a signal does not depend on how it was cut into frames. Never throws: a signal without
 * pulses is an answer.
 */
export const hearPulses = (
  memory: PulseMemory,
  chunks: readonly PulseChunk[],
): readonly [PulseMemory, readonly PulseSighting[]] => {
  const usable = chunks.filter(isUsable);
  if (usable.length === 0) return [memory, []];
  const sightings: PulseSighting[] = [];
  const signals = [...memory.signals];
  for (const chunk of usable) {
    const index = signals.findIndex(({ code }) => code === chunk.code);
    if (index < 0 && signals.length >= SIGNALS_MAX) continue;
    let signal = signals[index] ?? startSignal(chunk);
    const why = whyBroken(signal, chunk);
    if (why !== undefined) {
      const heardTo = Math.round(endOf(signal));
      const said = moment(why === 'new epoch' ? heardTo : Math.max(heardTo, chunk.start));
      sightings.push({ tag: 'PulseBroken', code: chunk.code, at: moment(heardTo), said, why });
      signal = startSignal(chunk);
    }
    const heard = hearSignal(signal, chunk, (sighting) => sightings.push(sighting));
    if (index >= 0) signals[index] = heard;
    else signals.push(heard);
  }
  return [{ signals }, sightings.sort(bySaid)];
};

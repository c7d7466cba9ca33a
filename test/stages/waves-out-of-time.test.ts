/** A bed whose leads are stamped with times that cannot be, or come late, or twice: what the others show must not be lost by it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Telemetry, Waveform } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { START } from '../ecg/synthetic-ecg.ts';
import { badFrames, conditionsSaid, STILL_FROM_S } from './hostile-bed.ts';

const RED = ['asystole', 'spo2-desaturation'];
/** What is said before the heart stands still, and after it. */
const saidOf = async (frames: readonly Telemetry[]) => ({
  before: await conditionsSaid(frames.slice(0, STILL_FROM_S)),
  // Asystole after 4 s, and a second or two for a frame.
  soon: await conditionsSaid(frames.slice(0, STILL_FROM_S + 6)),
});
/** Numbers from -1 to 1 that are the same for a seed. */
const noiseFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  };
};
const movedLead = (us: number, from = 0): Telemetry[] =>
  badFrames((frame, end) => {
    if (end > from) frame.waveforms[1]!.startUs += us;
  });
/** The second lead falls silent at a second and comes so many seconds late from then on. */
const lateLead = (from: number, seconds: number): Telemetry[] => {
  const frames = badFrames();
  const leads = frames.map(({ waveforms }) => waveforms[1]!);
  for (const [i, frame] of frames.entries())
    if (i >= from) frame.waveforms.splice(1, 1, ...(i < from + seconds ? [] : [leads[i - seconds]!]));
  return frames;
};
/** The same, and comes all at once after it. */
const lateAtOnce = (from: number, seconds: number): Telemetry[] => {
  const frames = badFrames();
  const late = frames.slice(from, from + seconds + 1).map(({ waveforms }) => waveforms[1]!);
  const samples = Uint8Array.from(late.flatMap((wave) => [...wave.samples]));
  for (const frame of frames.slice(from, from + seconds)) frame.waveforms.splice(1, 1);
  frames[from + seconds]!.waveforms[1] = { ...late[0]!, samples };
  return frames;
};
/** Each frame holds the newest half second of the one before once more. */
const repeating = (): Telemetry[] => {
  const frames = badFrames();
  const waves = frames.map(({ waveforms }) => waveforms);
  for (const [i, frame] of frames.entries())
    if (i > 0)
      frame.waveforms = waves[i]!.map((wave, l): Waveform => {
        const samples = Uint8Array.from([...waves[i - 1]![l]!.samples.subarray(250), ...wave.samples]);
        return { ...wave, samples, startUs: wave.startUs - 5e5 };
      });
  return frames;
};

describe('a red alarm comes in time, and none before it,', () => {
  it.each([
    ['with two leads as they should be', () => badFrames()],
    ['with one that is stamped 300 s too early', () => movedLead(-300e6)],
    ['with one that is stamped 9 s too late', () => movedLead(9e6)],
    ['with one that is stamped 9 s too late from 15 s on', () => movedLead(9e6, 15)],
    [
      'with one that has the same time for ever',
      () =>
        badFrames((frame) => {
          frame.waveforms[1]!.startUs = START;
        }),
    ],
    ['with one that comes 3 s late', () => lateLead(10, 3)],
    ['with one that comes 8 s late', () => lateLead(10, 8)],
    ['with one that stops and catches up as the heart stands still', () => lateAtOnce(STILL_FROM_S - 2, 3)],
    ['with frames that repeat the end of the one before', repeating],
  ])('%s', async (_, frames) => {
    const { before, soon } = await saidOf(frames());
    expect(before.filter((word) => RED.includes(word) || word.startsWith('extreme'))).toEqual([]);
    expect(soon).toEqual(expect.arrayContaining(RED));
  });

  it('with one that is so many milliseconds early or late (later ones the border refuses)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -12_000, max: 10_000 }), async (ms) => {
        const { before, soon } = await saidOf(movedLead(ms * 1e3));
        expect(before.filter((word) => RED.includes(word))).toEqual([]);
        expect(soon).toContain('spo2-desaturation');
        // Up to 2 s early it is the lead that is believed, and the others are late.
        expect(ms > 0 && ms <= 2_000 ? await conditionsSaid(movedLead(ms * 1e3)) : soon).toContain('asystole');
      }),
      { numRuns: 12, seed: 20_261_127 },
    );
  });
});

describe('frames that are stamped when the gateway heard them, and so tremble', () => {
  const trembling = (ms: number, seed: number): Telemetry[] => {
    const next = noiseFrom(seed);
    return badFrames((frame) => {
      const byUs = Math.round(next() * ms * 1e3);
      for (const wave of frame.waveforms) wave.startUs += byUs;
    });
  };

  it.each([1, 3, 10, 30])(
    'by %i ms ring for no standstill that is none, and in time for the one that is',
    async (ms) => {
      for (const seed of [1, 2, 3]) {
        const { before, soon } = await saidOf(trembling(ms, seed));
        expect(before.filter((word) => RED.includes(word) || word === 'pause')).toEqual([]);
        expect(soon).toEqual(expect.arrayContaining(RED));
      }
    },
  );
});

describe('a bed all of whose ECG is of another time', () => {
  it('is judged by its numbers, and says that it has no ECG', async () => {
    const frames = badFrames((frame) => {
      for (const wave of frame.waveforms) wave.startUs -= 300e6;
    });
    expect(await conditionsSaid(frames)).toEqual(expect.arrayContaining(['no-signal', 'spo2-desaturation']));
  });
});

describe('a gain that cannot be meant', () => {
  it.each([1e34, 1e300])('%d mV for a second makes no standstill of the beats after it', async (gain) => {
    const frames = badFrames((frame, end) => {
      if (end === 8) for (const wave of frame.waveforms) wave.gain = gain;
    });
    const { before, soon } = await saidOf(frames);
    expect(before).not.toContain('asystole');
    expect(soon).toEqual(expect.arrayContaining(RED));
  });
});

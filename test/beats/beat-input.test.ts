import { describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import type { WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { framesOf } from '../../services/replay/frames.ts';
import { beatSequence } from '../../services/train/beat-sequences/beat-sequence.ts';
import { hearBeats, leadsOf } from '../../services/train/hear-record.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import { BEAT_FEATURES, beatInput } from '../../stream-models/beats/beat-input.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import type { BeatSeen } from '../../stream-models/ecg/sighting.ts';
import { runFold } from '../../stream-models/fold.ts';
import { putMadeBeats, readMade, recordings } from '../recordings/made-beats.ts';
import { temporaryFolder } from '../recordings/made-record.ts';

/** A bed's beats: mostly alike, every fifth one early and upside down; a little noise. */
const someBeats = (count: number, seed: number, gain = 1): BeatSeen[] => {
  const dice = diceFrom(seed);
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    const isOdd = i % 5 === 4;
    at += isOdd ? 500_000 : 800_000 + dice.below(40_000);
    const shape = Float32Array.from({ length: 140 }, (__, k) => {
      const wave = Math.exp(-(((k - 70) / (isOdd ? 12 : 4)) ** 2)) * (isOdd ? -1 : 1);
      return gain * Math.fround(wave + 0.02 * dice.unit());
    });
    const shapes = [shape, shape.map((value) => value / 2)];
    return { tag: 'BeatSeen', at: moment(at), said: moment(at + 300_000), lead: 131330, amplitudeMv: gain, shapes };
  });
};
const inputsOf = (beats: readonly BeatSeen[]): readonly Float32Array[] =>
  runFold(beatInput, beats)[1].map(({ x }) => x);

describe('the input of the beat network', () => {
  it('is one vector of finite numbers of about -2 to 2 for every beat', () => {
    const inputs = inputsOf(someBeats(60, 1));
    expect(inputs.map((x) => x.length)).toEqual(new Array(60).fill(BEAT_FEATURES));
    for (const x of inputs) expect(x.every((value) => Math.abs(value) <= 2)).toBe(true);
    expect(new Set(inputs[40]).size).toBeGreaterThan(BEAT_FEATURES / 2);
  });

  it('stays finite without a signal, with holes, with one lead, and with two beats at once', () => {
    const [first, second] = someBeats(2, 1);
    const flat = { ...first!, shapes: [new Float32Array(140)] };
    const holes = { ...second!, shapes: [new Float32Array(140).fill(Number.NaN), second!.shapes[0]!] };
    for (const x of inputsOf([flat, flat, holes, first!, holes, { ...holes, shapes: [] }]))
      expect(x.every(Number.isFinite)).toBe(true);
  });

  it('does not depend on the gain of the lead', () => {
    const loud = inputsOf(someBeats(40, 2, 4));
    for (const [i, x] of inputsOf(someBeats(40, 2)).entries())
      for (const [k, value] of x.entries()) expect(Math.abs(value - loud[i]![k]!)).toBeLessThan(0.02);
  });

  it('tells the odd beats from the bed’s own normal', () => {
    const inputs = inputsOf(someBeats(60, 3));
    const apart = (a: number, b: number) =>
      Math.hypot(...inputs[a]!.map((value, k) => (value - inputs[b]![k]!) as number));
    expect(apart(54, 52)).toBeGreaterThan(5 * apart(51, 52));
  });

  it('begins anew when the signal breaks, and its memory can be written down', () => {
    const beats = someBeats(30, 4);
    const [memory] = runFold(beatInput, beats);
    expect(structuredClone(memory)).toEqual(memory);
    const broken = { tag: 'EcgBroken', at: moment(0), said: moment(0), why: 'gap' } as const;
    expect(beatInput.step(memory, broken)).toEqual([beatInput.start, []]);
  });
});

/** The inputs that a replayed recording gives in service: frames of any length through `observe`. */
const servedInputs = (record: WfdbRecord, chunkMs: number): readonly Float32Array[] => {
  const inputs: Float32Array[] = [];
  let memory = startObserving;
  for (const frame of framesOf(record, { bed: 'b', source: 's', chunkMs, start: moment(1_760_000_000_000_000) })) {
    const [next, seen] = observe(memory, frame);
    memory = next;
    for (const each of seen) if (each.tag === 'BeatToClassify') inputs.push(each.x);
  }
  return inputs;
};
const trainedInputs = (record: WfdbRecord): Float32Array =>
  beatSequence(record.name, hearBeats(leadsOf(record), record.header.rateHz), { beats: [], excluded: [] }).x;
const expectSameBits = (record: WfdbRecord, chunkMs: number, beatsAtLeast: number): void => {
  const trained = trainedInputs(record);
  const served = servedInputs(record, chunkMs);
  expect(served.length).toBeGreaterThan(beatsAtLeast);
  // The last beat may wait for samples that service still expects and training knows will not come.
  const bytes = Buffer.concat(served.map((x) => Buffer.from(x.buffer)));
  expect(bytes.equals(Buffer.from(trained.buffer, 0, bytes.length))).toBe(true);
  expect(trained.length / BEAT_FEATURES - served.length).toBeLessThanOrEqual(1);
};

describe('the tensors of training and of serving', () => {
  it('are the same bits, however the signal was cut into frames', async () => {
    await using folder = await temporaryFolder();
    await putMadeBeats(folder.path, 'made', 90, 5);
    expectSameBits(await readMade(folder.path, 'made'), 170, 80);
  });

  const mitdb = recordings('mitdb-ds1');
  it.skipIf(mitdb === undefined && process.env['CI'] !== 'true')(
    `are the same bits over the beats of a recorded half hour${mitdb ? '' : ' (skipped: VIGIL_RECORDINGS is not set)'}`,
    async () => expectSameBits(await readMade(mitdb!, '106'), 1000, 2000),
  );
});

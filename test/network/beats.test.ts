import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import type { WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { framesOf } from '../../services/replay/frames.ts';
import { beatSequence } from '../../services/train/beat-sequence.ts';
import { hearBeats, leadsOf } from '../../services/train/hear-record.ts';
import { trainBeats } from '../../services/train/train-beats.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import { BEAT_CLASSES, BEAT_FEATURES, beatInput } from '../../stream-models/beats/beat-input.ts';
import type { BeatSeen } from '../../stream-models/ecg/sighting.ts';
import { runFold } from '../../stream-models/fold.ts';
import { diceFrom } from '../../stream-models/network/seeded.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';
import { putMadeBeats, readMade, recordings } from './made-beats.ts';
import { furthestFromWhole } from './model-parity.ts';

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

describe('training beats', () => {
  // The third network learns from other copies than the first two.
  const options = { seed: 3, epochs: 4, folds: 2, copies: 1, members: 3 };

  it('gives the same model again, also when it was interrupted and taken up', async () => {
    await using data = await temporaryFolder();
    await using straight = await temporaryFolder();
    await using broken = await temporaryFolder();
    await putMadeBeats(data.path, 'one', 60, 1);
    await putMadeBeats(data.path, 'two', 60, 2);
    const notes: string[] = [];
    const once = await trainBeats({
      ...options,
      data: data.path,
      out: straight.path,
      onProgress: (done, total, note) => notes.push(`${done}/${total} ${note}`),
    });
    expect(notes[0]).toBe('1/38 heard one');
    expect(notes.at(-1)).toBe('38/38 done');
    // Two folds and the fit that ships, of three networks each.
    const plot = await readFile(join(straight.path, 'loss.svg'), 'utf8');
    expect(plot.match(/<polyline/g)).toHaveLength(9);

    const interruption = new AbortController();
    const half = trainBeats({
      ...options,
      data: data.path,
      out: broken.path,
      signal: interruption.signal,
      onProgress: (done) => {
        if (done === 9) interruption.abort(new Error('interrupted'));
      },
    });
    await expect(half).rejects.toThrow('interrupted');
    const resumed = await trainBeats({ ...options, data: data.path, out: broken.path, resume: true });
    expect(resumed.sha256).toBe(once.sha256);
    expect(await readFile(join(broken.path, 'figures.json'))).toEqual(
      await readFile(join(straight.path, 'figures.json')),
    );

    const other = trainBeats({ ...options, seed: 4, data: data.path, out: broken.path, resume: true });
    await expect(other).rejects.toThrow(
      /checkpoint is of another training \(seed: 3 there, 4 here.*leave --resume out/,
    );
  });

  it('names every recording without a usable reference before it hears any', async () => {
    await using data = await temporaryFolder();
    await putMadeBeats(data.path, 'good', 30, 1);
    await put(data.path, { ...madeRhythm('bare', 'vt', 20, 3), ...madeRhythm('rhythms', 'vt', 20, 3) });
    await put(data.path, { 'rhythms.atr': writeAnnotations([{ sample: 1, symbol: '+', aux: '(N' }]) });
    const notes: string[] = [];
    const training = trainBeats({
      ...options,
      data: data.path,
      out: data.path,
      onProgress: (...[, , note]) => notes.push(note),
    });
    await expect(training).rejects.toThrow(
      /bare: bare\.atr cannot be read.*; record rhythms: rhythms\.atr holds no beat/,
    );
    expect(notes).toEqual([]);
  });

  it('names the recording that it cannot use', async () => {
    await using data = await temporaryFolder();
    await putMadeBeats(data.path, 'good', 30, 1);
    await putMadeBeats(data.path, 'spoilt', 30, 1);
    await put(data.path, { 'spoilt.atr': Uint8Array.of(1, 2, 3) });
    await expect(trainBeats({ ...options, data: data.path, out: data.path })).rejects.toThrow('record spoilt');
  });
});

describe('the shipped beat model', () => {
  const folder = join(import.meta.dirname, '../../stream-models/beats');

  it('fits the input, and is the file that its card and its figures speak of', async () => {
    const model = join(folder, 'model.onnx');
    const inference = openOrtInference({ providers: ['cpu'] });
    const { network } = await inference.load(model);
    expect([network.features, network.classNames]).toEqual([BEAT_FEATURES, BEAT_CLASSES]);
    const sha256 = createHash('sha256')
      .update(await readFile(model))
      .digest('hex');
    expect(await readFile(join(folder, 'MODEL_CARD.md'), 'utf8')).toContain(sha256);
    expect(await readFile(join(folder, 'figures.json'), 'utf8')).toContain(sha256);
    await inference.close();
  });

  it('says beat by beat what it says to the whole sequence, within 1e-5', async () => {
    expect(await furthestFromWhole(join(folder, 'model.onnx'), 100)).toBeLessThan(1e-5);
  });
});

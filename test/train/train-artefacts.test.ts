/** The network of artefacts is trained from recordings with noise added, and judged by patients that it never saw. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RhythmSpan } from '../../services/evaluate/rhythm/reference-rhythms.ts';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { artefactFigures } from '../../services/train/artefacts/artefact-figures.ts';
import { artefactFolds } from '../../services/train/artefacts/artefact-folds.ts';
import { labelledByBeats, labelledByRhythm } from '../../services/train/artefacts/artefact-labels.ts';
import { CONDITION_NAMES, type HeardRecording, hearingNoise } from '../../services/train/artefacts/hear-artefacts.ts';
import { MOTION_KINDS } from '../../services/train/artefacts/made-motion.ts';
import { noisyCopy } from '../../services/train/artefacts/noisy-copy.ts';
import { channelsOf } from '../../services/train/artefacts/recorded-noise.ts';
import { trainArtefacts } from '../../services/train/artefacts/train-artefacts.ts';
import type { BeatSequence } from '../../services/train/beat-sequences/beat-sequence.ts';
import { ARTEFACT_CLASSES } from '../../stream-models/artefacts/artefact-classes.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { putMadeBeats, readMade } from '../recordings/made-beats.ts';
import { format16, put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const RATE_HZ = 250;

const putRhythm = async (folder: string, name: string, seed: number): Promise<void> => {
  const change = (second: number, aux: string) => ({ sample: second * RATE_HZ + 1, symbol: '+', aux });
  await put(folder, madeRhythm(name, 'vt', 60, seed));
  await put(folder, { [`${name}.atr`]: writeAnnotations([change(0, '(N'), change(30, '(VT'), change(50, '(N')]) });
};

/** Two channels of a minute of noise. */
const putNoise = async (folder: string, name: string, seed: number): Promise<void> => {
  const dice = diceFrom(seed);
  const channel = () => Int16Array.from({ length: 60 * RATE_HZ }, () => Math.round(400 * dice.normal()));
  const line = (signal: string): string => `${name}.dat 16 400(0)/mV 16 0 0 0 0 ${signal}`;
  await put(folder, {
    [`${name}.hea`]: [`${name} 2 ${RATE_HZ} ${60 * RATE_HZ}`, line('noise1'), line('noise2'), ''].join('\n'),
    [`${name}.dat`]: format16([channel(), channel()]),
  });
};

type Part = 'beats' | 'noise' | 'rhythms';

const putFolders = async (data: string, parts: readonly Part[]): Promise<void> => {
  for (const part of parts) await mkdir(join(data, part));
  for (const [i, name] of ['one', 'two'].entries()) {
    if (parts.includes('beats')) await putMadeBeats(join(data, 'beats'), name, 60, i + 1);
    if (parts.includes('rhythms')) await putRhythm(join(data, 'rhythms'), `vt-${name}`, i + 3);
  }
  for (const [i, name] of ['em', 'ma'].entries())
    if (parts.includes('noise')) await putNoise(join(data, 'noise'), name, i + 5);
};

/** Peaks at these seconds, with labels of a matched reference: 0 or more where it has a beat. */
const peaksAt = (atSeconds: readonly number[], labels: readonly number[]): BeatSequence => ({
  ...{ record: 'made', x: new Float32Array(0), fresh: new Uint8Array(atSeconds.length) },
  ...{ labels: Int8Array.from(labels), atSeconds: Float64Array.from(atSeconds) },
});

const wordsOf = ({ labels }: BeatSequence): readonly (string | undefined)[] =>
  Array.from(labels, (label) => ARTEFACT_CLASSES[label]);

describe('what a peak teaches', () => {
  it('is a beat where the reference has one of any class or flutter, and an artefact elsewhere', () => {
    const reference = { beats: [], excluded: [{ fromSeconds: 10, toSeconds: 20 }] };
    expect(wordsOf(labelledByBeats(peaksAt([1, 2, 3, 15], [0, 2, -1, -1]), reference))).toEqual([
      ...['beat', 'beat', 'artefact', 'beat'],
    ]);
  });

  it('is nothing where only noise or asystole is known, and never an artefact in a red rhythm', () => {
    const words = ['N', 'VT', 'NOISE', 'VFL', 'ASYS'];
    const spans = words.map((rhythm, i): RhythmSpan => ({ rhythm, fromSeconds: 10 * i, toSeconds: 10 * (i + 1) }));
    const taught = (label: number) =>
      wordsOf(labelledByRhythm(peaksAt([5, 15, 25, 35, 45], new Array(5).fill(label)), spans));
    const red = 'beat of a red rhythm';
    expect(taught(0)).toEqual(['beat', red, undefined, red, undefined]);
    expect(taught(-1)).toEqual(['artefact', undefined, undefined, undefined, undefined]);
  });
});

describe('a noisy copy', () => {
  const channel = (seed: number) => {
    const dice = diceFrom(seed);
    return { samplesMv: Float32Array.from({ length: 2_000 }, () => dice.normal()), rateHz: 360, powerMv2: 1 };
  };
  const noise = { motion: [channel(1), channel(2)], muscle: [channel(3), channel(4)] };
  const LENGTH = 60 * RATE_HZ;
  const lead = (code: number) => ({
    code,
    samplesMv: Float32Array.from({ length: LENGTH }, (_, i) => Math.sin(i / 20)),
  });
  const beats = Array.from({ length: 60 }, (_, i) => 100 + 240 * i);
  const bytesOf = (samples: Float32Array, to = LENGTH): string =>
    Buffer.from(samples.buffer, 0, 4 * to).toString('base64');

  it('leaves the recording and its first twenty seconds as they are, and has its length, whatever the dice', () => {
    const leads = [lead(1), lead(2)];
    const untouched = bytesOf(lead(1).samplesMv);
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(undefined, ...MOTION_KINDS), (seed, kind) => {
        const [made, again] = [1, 2].map(() => noisyCopy(leads, beats, RATE_HZ, diceFrom(seed), noise, kind));
        expect([1, 2]).toContain(made!.length);
        for (const [i, { code, samplesMv }] of made!.entries()) {
          expect([code, bytesOf(samplesMv)]).toEqual([again![i]!.code, bytesOf(again![i]!.samplesMv)]);
          expect(bytesOf(samplesMv, 20 * RATE_HZ)).toBe(bytesOf(lead(code).samplesMv, 20 * RATE_HZ));
          expect([samplesMv.length, samplesMv.every(Number.isFinite)]).toEqual([LENGTH, true]);
        }
        for (const { samplesMv } of leads) expect(bytesOf(samplesMv)).toBe(untouched);
      }),
      { numRuns: 30 },
    );
  });

  it('has no sample of the noise that networks are asked about and never heard', async () => {
    await using folder = await temporaryFolder();
    await putNoise(folder.path, 'em', 1);
    const whole = await readMade(folder.path, 'em');
    const { copies, motion } = hearingNoise({ motion: whole, muscle: whole });
    const bytesIn = ({ samplesMv }: { readonly samplesMv: Float32Array }) => Buffer.from(samplesMv.buffer);
    for (const [i, channel] of channelsOf(whole).entries()) {
      const unheard = bytesIn(channelsOf(motion.second)[i]!);
      expect(Buffer.concat([bytesIn(copies.motion[i]!), unheard])).toEqual(bytesIn(channel));
      expect(Buffer.concat([bytesIn(copies.muscle[i]!), unheard])).toEqual(bytesIn(channel));
    }
  });
});

/** A recording with nothing in it but its name. */
const named = (name: string, knows: HeardRecording['knows']): HeardRecording => ({
  ...{ name, patient: name, knows, sequence: peaksAt([], []), copies: [], stressed: {} },
  ...{ reference: { beats: [], excluded: [] }, spans: [] },
});

describe('the cross-validation of artefacts', () => {
  it('deals out the patients of both kinds in turn, each once', () => {
    const beats = ['a', 'b', 'c', 'd', 'e'].map((name) => named(name, 'beats'));
    const rhythms = ['v', 'w', 'x'].map((name) => named(name, 'rhythms'));
    const folds = artefactFolds([...beats, ...rhythms], 8).map((fold) => fold.map(({ name }) => name).join(''));
    expect(folds).toEqual(['adv', 'bew', 'cx']);
  });

  it('counts what dropping artefacts gains in false beats and costs in true ones', () => {
    const reference = { beats: [301, 302, 303].map((atSeconds) => ({ atSeconds, class: 'N' as const })), excluded: [] };
    const sequence = peaksAt([301, 301.5, 302, 303], [0, 2, 0, 0]);
    const asked = { sequence, artefact: Float32Array.of(0.1, 0.95, 0.75, 0.2) };
    const spans = [
      { rhythm: 'VT', fromSeconds: 0, toSeconds: 302 },
      { rhythm: 'N', fromSeconds: 302, toSeconds: 400 },
    ];
    const { qrs, byRhythm } = artefactFigures([
      {
        of: { ...named('made', 'beats'), reference },
        ...{ asked: Object.fromEntries(CONDITION_NAMES.map((name) => [name, asked])), copies: [] },
      },
      { of: { ...named('vt', 'rhythms'), spans }, asked: { 'no noise': asked }, copies: [] },
    ]);
    const { byThreshold, mostBeatsLost } = qrs['no noise'];
    const counts = (['none dropped', '0.7', '0.8'] as const).map((name) => [
      byThreshold[name].missed,
      byThreshold[name].false,
    ]);
    expect(counts).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(mostBeatsLost).toEqual([
      { record: 'made', missed: { before: 0, after: 1 }, false: { before: 1, after: 0 } },
    ]);
    expect([byRhythm['VT']!.peaks, byRhythm['VT']!.called['0.7'], byRhythm['other rhythms']!.called['0.7']]).toEqual([
      2, 1, 1,
    ]);
  });
});

describe('training artefacts', () => {
  const options = { seed: 3, epochs: 1, folds: 2, copies: 1, members: 2, motion: ['jolts'] as const };

  it('gives the same model and figures again, also when it was interrupted and taken up', async () => {
    await using data = await temporaryFolder();
    await using straight = await temporaryFolder();
    await using broken = await temporaryFolder();
    await putFolders(data.path, ['beats', 'noise', 'rhythms']);
    const notes: string[] = [];
    const once = await trainArtefacts({
      ...{ ...options, data: data.path, out: straight.path },
      onProgress: (done, total, note) => notes.push(`${done}/${total} ${note}`),
    });
    expect([notes[0], notes.at(-1)]).toEqual(['17/76 heard one', '76/76 done']);
    const plot = await readFile(join(straight.path, 'loss.svg'), 'utf8');
    expect(plot.match(/<polyline/g)).toHaveLength(6);

    const interruption = new AbortController();
    const half = trainArtefacts({
      ...{ ...options, data: data.path, out: broken.path, signal: interruption.signal },
      onProgress: (_done, _total, note) => {
        if (note.startsWith('fold 2')) interruption.abort(new Error('interrupted'));
      },
    });
    await expect(half).rejects.toThrow('interrupted');
    const taken: string[] = [];
    const resumed = await trainArtefacts({
      ...{ ...options, data: data.path, out: broken.path, resume: true },
      onProgress: (_done, _total, note) => taken.push(note),
    });
    expect(taken[0]).toBe('fold 1 of 2, network 1: taken up');
    expect(resumed.sha256).toBe(once.sha256);
    for (const file of ['figures.json', 'loss.svg'])
      expect(await readFile(join(broken.path, file))).toEqual(await readFile(join(straight.path, file)));
  });

  it.each<[string, readonly Part[]]>([
    ['no folder of records with annotations', ['noise']],
    ['no folder of noise with a record em', ['beats', 'rhythms']],
    ['beat annotations (.atr) of 0 patients', ['noise', 'rhythms']],
    ['no record of which the rhythm alone is annotated, with VT or VF in it', ['beats', 'noise']],
  ])('says that a folder holds %s', async (sentence, parts) => {
    await using data = await temporaryFolder();
    await putFolders(data.path, parts);
    await expect(trainArtefacts({ ...options, data: data.path, out: data.path })).rejects.toThrow(sentence);
  });
});

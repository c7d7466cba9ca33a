/** What the network of rhythm is shown: the same in training and in service. */
import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import { framesOf } from '../../services/replay/frames.ts';
import { classifyBeats } from '../../services/stages/classify-beats.ts';
import { secondsOf } from '../../services/stages/judge-rhythm.ts';
import { leadsOf } from '../../services/train/hear-record.ts';
import { rhythmSequences } from '../../services/train/rhythm/rhythm-sequence.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { runFold } from '../../stream-models/fold.ts';
import {
  RHYTHM_FEATURES,
  type RhythmHeard,
  type RhythmInputMemory,
  rhythmInput,
} from '../../stream-models/rhythm-network/rhythm-input.ts';
import { readMade } from '../recordings/made-beats.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';
import { type Stretch, shift, steady } from '../rhythm/shift.ts';

const MEASURES = { width: 0, wider: 0, unlike: 0.1, unlikeLast: 0.1, pWave: 1 };
/** A shift at the bedside as the network's input hears it. */
const heard = (seconds: number, stretches: readonly Stretch[], gain = 1): readonly RhythmHeard[] =>
  shift(seconds, steady(0.5, 2 * seconds, 75), stretches).flatMap((seen): RhythmHeard[] => {
    if (seen.tag === 'ClassifiedBeat')
      return [{ tag: 'JudgedBeat', at: seen.at, probabilities: [0.9, 0.05, 0.05, 0, 0], measures: MEASURES }];
    if (seen.tag !== 'EcgProgress') return [];
    const leads = seen.leads.map((lead) => ({ ...lead, samplesMv: lead.samplesMv.map((value) => gain * value) }));
    return [{ ...seen, leads }];
  });
const inputsOf = (inputs: readonly RhythmHeard[]): readonly Float32Array[] =>
  runFold(rhythmInput, inputs)[1].map(({ x }) => x);

describe('the input of the rhythm network', () => {
  it('is one vector of finite numbers of about -2 to 2 for every second of signal', () => {
    const inputs = inputsOf(heard(60, [{ from: 0 }, { from: 20, line: 'fibrillation' }, { from: 40, line: 'flat' }]));
    expect(inputs.map((x) => x.length)).toEqual(new Array(60).fill(RHYTHM_FEATURES));
    for (const x of inputs) expect(x.every((value) => Math.abs(value) <= 4)).toBe(true);
    expect(new Set(inputs[15]).size).toBeGreaterThan(RHYTHM_FEATURES / 3);
  });

  it('stays finite without beats, without a line, with holes, with no lead on', () => {
    const lines: readonly Stretch[] = [
      { from: 0, line: 'nothing' },
      { from: 5, line: 'noise', off: true },
      { from: 9 },
    ];
    for (const x of inputsOf(heard(20, lines))) expect(x.every(Number.isFinite)).toBe(true);
    const noBeats = heard(20, [{ from: 0, line: 'flat' }]).filter(({ tag }) => tag === 'EcgProgress');
    for (const x of inputsOf(noBeats)) expect(x.every(Number.isFinite)).toBe(true);
  });

  it('says of a louder lead only that it is louder', () => {
    const loud = inputsOf(heard(20, [{ from: 0 }], 3));
    const differing = inputsOf(heard(20, [{ from: 0 }])).map(
      (x, i) => x.filter((value, k) => Math.abs(value - loud[i]![k]!) > 0.01).length,
    );
    expect(Math.max(...differing)).toBeLessThanOrEqual(2);
  });

  it('begins anew when the signal breaks, keeps the bed’s own past, and forgets it with the patient', () => {
    const [memory] = runFold(rhythmInput, heard(30, [{ from: 0 }]));
    const [broken] = rhythmInput.step(memory, { tag: 'Broken', patient: false });
    expect(broken).toEqual({ ...rhythmInput.start, past: memory.past, pastSeconds: memory.pastSeconds });
    expect(rhythmInput.step(memory, { tag: 'Broken', patient: true })[0]).toEqual(rhythmInput.start);
  });

  it('goes on from a memory that was written down', () => {
    const all = heard(40, [{ from: 0 }, { from: 25, line: 'flutter' }]);
    const [memory] = runFold(rhythmInput, all.slice(0, 90));
    const restored = deserialize(serialize(memory)) as RhythmInputMemory;
    expect(runFold(rhythmInput, all.slice(90), restored)).toEqual(runFold(rhythmInput, all.slice(90), memory));
  });
});

describe('the seconds of training and of serving', () => {
  let inference: Inference;
  let beats: StepNetwork;
  beforeAll(async () => {
    inference = openOrtInference({ providers: ['cpu'] });
    ({ network: beats } = await inference.load(BEAT_MODEL));
  });
  afterAll(() => inference.close());

  it('are the same bits, however the signal was cut into frames', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('made', 'vf', 60, 5));
    const record = await readMade(folder.path, 'made');
    const seen: Observed[] = [];
    let memory = startObserving;
    for (const frame of framesOf(record, {
      bed: 'b',
      source: 's',
      chunkMs: 170,
      start: moment(1_760_000_000_000_000),
    })) {
      const [next, said] = observe(memory, frame);
      memory = next;
      seen.push(...said);
    }
    const { verdicts } = await classifyBeats(beats, [new Float32Array(beats.hidden)], [{ seen }]);
    const { turns } = secondsOf({ memory: rhythmInput.start, seen, verdicts: verdicts[0]! });
    const served = turns.flatMap((turn) => (turn === 'reset' ? [] : [turn.x]));
    const of = { patient: 'made', record: 'made', isChanged: false, spans: [] };
    const trained = await rhythmSequences([{ ...of, leads: leadsOf(record), rateHz: record.header.rateHz }], beats);
    expect(served.length).toBeGreaterThan(55);
    const bytes = Buffer.concat(served.map((x) => Buffer.from(x.buffer)));
    expect(bytes.equals(Buffer.from(trained[0]!.x.buffer, 0, bytes.length))).toBe(true);
  });
});

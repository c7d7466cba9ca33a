/** What the analysis stage says of its own red rhythm alarms: the alarm first and whatever the signals say, the verdict after it. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { AlarmInput } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { type AlarmVerdict, Says, VerdictKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { AssignmentSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmInput } from '../../schemas/messages.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import { START, steady } from '../ecg/synthetic-ecg.ts';
import { findingsIn, type Scene, saidOf } from './scene.ts';

let inference: Inference;
let network: StepNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  ({ network } = await inference.load(BEAT_MODEL));
});
afterAll(() => inference.close());

const living = steady(75, 0.4, 60);
const behind = (beats: readonly number[]): readonly number[] => beats.map((at) => at + 0.25);
/** The ECG goes still at 40 s. */
const still = living.filter((at) => at < 40);
const leadFell: Scene = { seconds: 50, beats: still, pulses: behind(living) };

const inputsIn = (said: readonly NewRecord[]): readonly AlarmInput[] =>
  said
    .filter(({ topic }) => topic === 'vigil.alarm-inputs')
    .map(({ value }) => {
      const input = decodeAlarmInput(value);
      if (E.isLeft(input)) throw new Error('unreadable input');
      return input.right;
    });

interface Judged {
  readonly raisedS: number;
  readonly judgedS: number;
  readonly verdict: AlarmVerdict;
}

/** The asystoles of a scene and what was said of each, from the inputs that the alarms stage reads. */
const asystolesOf = (inputs: readonly AlarmInput[]): readonly Judged[] => {
  const judged: Judged[] = [];
  let raisedS: number | undefined;
  for (const { saidUs, input } of inputs) {
    const saidS = (saidUs - START) / 1e6;
    if (input.case === 'condition' && input.value.condition === 'asystole' && input.value.present) raisedS = saidS;
    if (input.case !== 'verdict' || input.value.condition !== 'asystole') continue;
    if (raisedS === undefined) throw new Error('a verdict came before its alarm');
    judged.push({ raisedS, judgedS: saidS, verdict: input.value });
  }
  return judged;
};
const play = async (scene: Scene, perBatch?: number) => asystolesOf(inputsIn(await saidOf(network, scene, perBatch)));

describe("a red rhythm alarm of Vigil's own", () => {
  it('rings although the pulse goes on, and says so within a second', async () => {
    const [judged, ...others] = await play(leadFell);
    expect(others).toEqual([]);
    const { raisedS, judgedS, verdict } = judged!;
    expect(raisedS).toBeGreaterThan(43);
    expect(judgedS - raisedS).toBeLessThan(1);
    expect(verdict).toMatchObject({ own: true, text: 'ASYSTOLE', verdict: VerdictKind.REFUTED });
    expect(verdict.testimonies.find(({ code }) => code === MDC.abpWave)?.says).toBe(Says.AGAINST);
  });

  it('rings at the same moment in the same words, whatever the other signals say of it', async () => {
    const raised = async (pulses: Scene['pulses']) =>
      inputsIn(await saidOf(network, { ...leadFell, pulses })).filter(
        ({ input }) => input.case === 'condition' && input.value.present,
      );
    const alone = await raised(undefined);
    expect(alone.length).toBeGreaterThan(0);
    expect(await raised(behind(living))).toEqual(alone);
    expect(await raised(behind(still))).toEqual(alone);
  });

  it('is not refuted where the pulse has stopped too, and a missing pulse proves nothing', async () => {
    const [both] = await play({ ...leadFell, pulses: behind(still) });
    expect(both!.verdict.verdict).not.toBe(VerdictKind.REFUTED);
    expect(both!.verdict.testimonies.find(({ code }) => code === MDC.abpWave)?.says).toBe(Says.NOTHING);
    const [none] = await play({ ...leadFell, pulses: undefined });
    expect(none!.verdict.verdict).not.toBe(VerdictKind.REFUTED);
    expect(none!.verdict.testimonies.map(({ says }) => says)).toEqual([Says.FOR, Says.FOR]);
  });

  it('gets the same verdict at the same moment in any batches and frames, through checkpoints', async () => {
    const whole = await play(leadFell);
    expect(whole).toHaveLength(1);
    expect(await play(leadFell, 3)).toEqual(whole);
    expect(await play({ ...leadFell, frameS: 0.04 })).toEqual(whole);
    expect(await play({ ...leadFell, frameS: 5 })).toEqual(whole);
  });

  it('stands in the record as a finding, with the moment up to which was heard', async () => {
    const said = await saidOf(network, leadFell);
    const verdicts = findingsIn(said).filter(({ kind }) => kind.case === 'verdict');
    const [{ raisedS, verdict }] = (await play(leadFell)) as [Judged];
    expect(verdicts.map(({ atUs, kind }) => [(atUs - START) / 1e6, kind.value])).toEqual([[raisedS, verdict]]);
  });

  it("of a child is not judged by adults' definitions", async () => {
    const child = create(AssignmentSchema, { patient: 'p', population: 'child', fromUs: START + 1 });
    const more = (end: number) => (end === 0.5 ? { assignment: child } : {});
    const inputs = inputsIn(await saidOf(network, { ...leadFell, more }));
    expect(inputs.some(({ input }) => input.case === 'condition' && input.value.condition === 'asystole')).toBe(true);
    expect(inputs.filter(({ input }) => input.case === 'verdict')).toEqual([]);
  });
});

/** What the analysis stage says of an alarm that the monitor itself raised. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Finding, Says, VerdictKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import { LEAD_II, LEAD_V1, START, steady } from '../ecg/synthetic-ecg.ts';
import { findingsIn, type Scene, saidOf } from './scene.ts';

let inference: Inference;
let network: StepNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  ({ network } = await inference.load(BEAT_MODEL));
});
afterAll(() => inference.close());

/** The verdicts, in order, when the records come in batches of a length. */
const verdictsOf = async (scene: Scene, perBatch?: number): Promise<readonly Finding[]> =>
  findingsIn(await saidOf(network, scene, perBatch)).filter(({ kind }) => kind.case === 'verdict' && !kind.value.own);

const living = steady(75, 0.4, 60);
const behind = (beats: readonly number[]): readonly number[] => beats.map((at) => at + 0.25);
const verdictOf = ({ kind }: Finding) => {
  if (kind.case !== 'verdict') throw new Error('no verdict');
  return kind.value;
};

describe('an alarm of the monitor', () => {
  it('is answered with what was heard up to its own frame: refuted where the heart beats, with who said so', async () => {
    const [finding, ...others] = await verdictsOf({
      ...{ seconds: 45, beats: living, pulses: behind(living), alerts: { 40: { text: '***ASYSTOLE', code: 7 } } },
    });
    expect(others).toEqual([]);
    expect(verdictOf(finding!)).toMatchObject({ text: '***ASYSTOLE', code: 7, condition: 'asystole' });
    expect(verdictOf(finding!).verdict).toBe(VerdictKind.REFUTED);
    expect(verdictOf(finding!).testimonies.map(({ code, says }) => [code, says])).toEqual([
      [LEAD_II, Says.AGAINST],
      [LEAD_V1, Says.AGAINST],
      [MDC.abpWave, Says.AGAINST],
    ]);
    expect(finding!.saidUs - (START + 40e6)).toBeLessThan(1e6);
    expect(finding!.atUs).toBeLessThanOrEqual(finding!.saidUs);
  });

  it('is not refuted where the heart has stopped', async () => {
    const stopped = living.filter((at) => at < 33);
    const [finding] = await verdictsOf({
      ...{ seconds: 41, beats: stopped, pulses: behind(stopped), alerts: { 40: { text: 'Asystole' } } },
    });
    expect(verdictOf(finding!).verdict).not.toBe(VerdictKind.REFUTED);
    expect(verdictOf(finding!).probability).toBeGreaterThan(0.3);
  });

  it('that began before what is remembered is not judged by the waves of now', async () => {
    const atUs = START + 20e6;
    const alerts = { 40: { text: '***ASYSTOLE', atUs }, 41: { text: '***VTACH', atUs: START + 39e6 } };
    const answered = await verdictsOf({ seconds: 45, beats: living, pulses: behind(living), alerts });
    expect(answered.map((finding) => verdictOf(finding).verdict)).toEqual([VerdictKind.UNDECIDED, VerdictKind.REFUTED]);
    expect(answered[0]!.atUs).toBe(atUs);
    expect(verdictOf(answered[0]!).testimonies).toEqual([]);
  });

  it('gets one answer while it stands, and another when it comes again', async () => {
    const text = '***VTACH';
    const scene = {
      ...{ seconds: 50, beats: living, pulses: behind(living) },
      alerts: { 30: { text }, 30.5: { text }, 31: { text, present: false }, 45: { text } },
    };
    const answered = await verdictsOf(scene);
    expect(answered.map(({ saidUs }) => Math.round((saidUs - START) / 1e6))).toEqual([30, 45]);
  });

  it('of a kind that Vigil does not judge gets no answer', async () => {
    const alerts = { 20: { text: '**AFIB' }, 21: { text: 'SpO2 LOW' }, 22: { text: '**BRADY LOW' } };
    expect(await verdictsOf({ seconds: 25, beats: living, pulses: behind(living), alerts })).toEqual([]);
  });

  it('gets the same answer however the log was cut into batches, through a checkpoint after each', async () => {
    const scene = {
      ...{ seconds: 42, beats: living, pulses: behind(living.filter((at) => at < 34)) },
      alerts: { 38: { text: '***VFIB' }, 41: { text: '***EXTREME BRADY' } },
    };
    const whole = await verdictsOf(scene);
    expect(whole).toHaveLength(2);
    expect(await verdictsOf(scene, 7)).toEqual(whole);
  });
});

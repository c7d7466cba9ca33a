/** The network of artefacts that ships, in the analysis stage. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BeatClass } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry, samplesOf } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { ARTEFACT_MODEL, BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { ARTEFACT, isDoubtful } from '../../stream-models/artefacts/artefact-classes.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { bedWith, played, START } from '../simulate/bed.ts';

let inference: Inference;
let network: StepNetwork;
let artefacts: StepNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  ({ network } = await inference.load(BEAT_MODEL));
  ({ network: artefacts } = await inference.load(ARTEFACT_MODEL));
});
afterAll(() => inference.close());

/** What a network answers to which everything is an artefact. */
const alwaysArtefact = (rows: number): Float32Array =>
  Float32Array.from({ length: 3 * rows }, (_, i) => (i % 3 === ARTEFACT ? 1 : 0));

const MOTION_FROM_S = 20;
const MOTION_TO_S = 50;
const SWINGS = 40;

/** A loose electrode, mV by the second: swings of 0.6 to 12 Hz, as loud as the heart. */
const motion = (): ((atS: number) => number) => {
  const dice = diceFrom(5);
  const swings = Array.from({ length: SWINGS }, () => ({
    hertz: 0.6 + 12 * dice.unit() ** 2,
    phase: 2 * Math.PI * dice.unit(),
    heightMv: 0.45 * dice.normal(),
  }));
  return (atS) => {
    if (atS < MOTION_FROM_S || atS > MOTION_TO_S) return 0;
    let sum = 0;
    for (const { hertz, phase, heightMv } of swings) sum += heightMv * Math.sin(2 * Math.PI * hertz * atS + phase);
    return sum;
  };
};

const JOLTS_S = { apart: 0.9, rise: 0.02, fade: 0.05 };

/** Taps on a cable, mV by the second: 2 to 4 mV within 20 ms, gone within a quarter of a second, one every 0.45 to 1.35 s. */
const jolts = (): ((atS: number) => number) => {
  const dice = diceFrom(9);
  const made: { readonly atS: number; readonly heightMv: number }[] = [];
  for (let atS = MOTION_FROM_S; atS < MOTION_TO_S; atS += JOLTS_S.apart * (0.5 + dice.unit()))
    made.push({ atS, heightMv: (dice.unit() < 0.5 ? -1 : 1) * (2 + 2 * dice.unit()) });
  return (atS) => {
    let sum = 0;
    for (const { atS: from, heightMv } of made) {
      const since = atS - from;
      if (since < 0) continue;
      sum += heightMv * (since < JOLTS_S.rise ? since / JOLTS_S.rise : Math.exp((JOLTS_S.rise - since) / JOLTS_S.fade));
    }
    return sum;
  };
};

/** The frame with the motion laid over its ECG. */
const jolted = (frame: Telemetry, addMv: (atS: number) => number): Telemetry => ({
  ...frame,
  waveforms: frame.waveforms.map((wave) => {
    if (wave.unit !== 'mV') return wave;
    const samples = Int16Array.from(samplesOf(wave), (sample, i) => {
      const atS = (wave.startUs - START) / 1e6 + (i * wave.rateDenominator) / wave.rateNumerator;
      return Math.round(sample + addMv(atS) / wave.gain);
    });
    return { ...wave, samples: new Uint8Array(samples.buffer) };
  }),
});

/** What is said of the peaks of a simulated bed that an episode befalls from 20 s on, or motion. */
const peaksOf = async (kind: EpisodeKind | undefined, finder: StepNetwork | undefined, addMv = (_atS: number) => 0) => {
  const stage = analysisStage({ preset: presets.vigil, network, artefacts: finder });
  const episodes = kind === undefined ? [] : [{ kind, fromS: 20, toS: 50 }];
  const records = played(bedWith(episodes, { seed: 3 }), 60).map(
    ({ telemetry }, i): LogRecord => ({
      ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: 'icu-01', appendedAt: moment(i) },
      value: encodeTelemetry(create(TelemetrySchema, { ...jolted(telemetry!, addMv), bed: 'icu-01', sequence: i + 1 })),
    }),
  );
  const [result] = await stage.step([{ bed: 'icu-01', memory: stage.start('icu-01'), records }]);
  return result!.outputs
    .filter(({ topic }) => topic === 'vigil.findings')
    .flatMap(({ value }) => {
      const findings = decodeFindings(value);
      if (E.isLeft(findings)) throw new Error(findings.left.sentence);
      return findings.right.findings.flatMap(({ atUs, kind: said }) =>
        said.case === 'beat' ? [{ ...said.value, atS: (atUs - START) / 1e6 }] : [],
      );
    });
};

describe('the network of artefacts', () => {
  it.each([undefined, 'af', 'vt', 'extreme-tachy', 'extreme-brady', 'bigeminy'] as const)(
    'calls no beat of a calm bed an artefact (%s)',
    async (kind) => {
      const peaks = await peaksOf(kind, artefacts);
      expect(peaks.length).toBeGreaterThan(30);
      expect(peaks.filter((peak) => peak.class === BeatClass.ARTEFACT)).toEqual([]);
      for (const { artefact } of peaks) expect(artefact).toBeGreaterThanOrEqual(0);
    },
  );

  it('doubts most peaks in motion as loud as the heart, calls some artefacts, and none before it', async () => {
    const peaks = await peaksOf(undefined, artefacts, motion());
    const before = peaks.filter(({ atS }) => atS < MOTION_FROM_S);
    const during = peaks.filter(({ atS }) => atS > MOTION_FROM_S + 1 && atS < MOTION_TO_S);
    expect(before.filter(({ artefact }) => isDoubtful(artefact))).toEqual([]);
    expect(during.filter(({ artefact }) => isDoubtful(artefact)).length).toBeGreaterThan(during.length / 2);
    expect(during.filter((peak) => peak.class === BeatClass.ARTEFACT).length).toBeGreaterThan(0);
  });

  it('calls no beat of the heart an artefact among jolts, which themselves it hardly finds (MODEL_CARD.md)', async () => {
    const beatsS = (await peaksOf(undefined, artefacts)).map(({ atS }) => atS);
    const isBeat = (atS: number): boolean => beatsS.some((beatS) => Math.abs(beatS - atS) <= 0.15);
    const peaks = await peaksOf(undefined, artefacts, jolts());
    expect(peaks.filter(({ atS }) => !isBeat(atS)).length).toBeGreaterThan(15);
    const called = peaks.filter((peak) => peak.class === BeatClass.ARTEFACT);
    expect(called.filter(({ atS }) => isBeat(atS))).toEqual([]);
  });

  it('changes no class and no interval of a calm bed', async () => {
    const [without, beside] = [await peaksOf('bigeminy', undefined), await peaksOf('bigeminy', artefacts)];
    expect(beside.map(({ artefact: _, ...peak }) => peak)).toEqual(without);
  });

  it('is not believed where it calls nearly every peak an artefact: that heart is one it does not know', async () => {
    const mad: StepNetwork = {
      ...artefacts,
      step: (x, state) => TE.right({ y: { rows: x.rows, width: 3, values: alwaysArtefact(x.rows) }, next: state }),
    };
    const peaks = await peaksOf(undefined, mad);
    expect(peaks.map((peak) => peak.class === BeatClass.ARTEFACT)).toEqual(peaks.map((_, i) => i < 7));
  });

  it('that does not answer leaves every peak a beat', async () => {
    const silent: StepNetwork = {
      ...artefacts,
      step: () => TE.left({ tag: 'ModelFailed', sentence: 'it is broken' }),
    };
    const peaks = await peaksOf('noise', silent);
    expect(peaks.length).toBeGreaterThan(30);
    for (const peak of peaks) {
      expect(peak.class).not.toBe(BeatClass.ARTEFACT);
      expect(peak.artefact).toBeUndefined();
    }
  });
});

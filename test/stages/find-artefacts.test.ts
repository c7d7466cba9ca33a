/** The network of artefacts that ships, in the analysis stage. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BeatClass } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { ARTEFACT_MODEL, BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { ARTEFACT } from '../../stream-models/artefacts/artefact-classes.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { bedWith, played } from '../simulate/bed.ts';

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

/** What is said of the peaks of a simulated bed that an episode befalls from 20 s on. */
const peaksOf = async (kind: EpisodeKind | undefined, finder: StepNetwork | undefined) => {
  const stage = analysisStage({ preset: presets.vigil, network, artefacts: finder });
  const episodes = kind === undefined ? [] : [{ kind, fromS: 20, toS: 50 }];
  const records = played(bedWith(episodes, { seed: 3 }), 60).map(
    ({ telemetry }, i): LogRecord => ({
      ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: 'icu-01', appendedAt: moment(i) },
      value: encodeTelemetry(create(TelemetrySchema, { ...telemetry!, bed: 'icu-01', sequence: i + 1 })),
    }),
  );
  const [result] = await stage.step([{ bed: 'icu-01', memory: stage.start('icu-01'), records }]);
  return result!.outputs
    .filter(({ topic }) => topic === 'vigil.findings')
    .flatMap(({ value }) => {
      const findings = decodeFindings(value);
      if (E.isLeft(findings)) throw new Error(findings.left.sentence);
      return findings.right.findings.flatMap(({ kind: said }) => (said.case === 'beat' ? [said.value] : []));
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

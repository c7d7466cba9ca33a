/** A monitor that says very many alarms at once: they are answered on the thread that all other beds share. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DeviceAlertSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { START } from '../ecg/synthetic-ecg.ts';
import { badFrames } from './hostile-bed.ts';
import { findingsIn } from './scene.ts';

const stage = analysisStage({ preset: presets.vigil, network: undefined });
const records = (alarms: number): LogRecord[] =>
  badFrames((frame, end) => {
    if (end !== 30) return;
    const alert = { code: 1, present: true, atUs: frame.deviceTimeUs };
    frame.deviceAlerts = Array.from({ length: alarms }, (_, i) =>
      create(DeviceAlertSchema, { ...alert, text: `***VTACH ${i}` }),
    );
  }).map((frame, i) => ({
    ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: 'icu-01', value: encodeTelemetry(frame) },
    appendedAt: moment(START),
  }));

/** The frame of so many alarms after what came before it: what is said, and the least time that it took of five times, ms. */
const answered = async (alarms: number) => {
  const all = records(alarms);
  const [before] = await stage.step([{ bed: 'icu-01', memory: stage.start('icu-01'), records: all.slice(0, 29) }]);
  const batch = { bed: 'icu-01', memory: before!.memory, records: all.slice(29, 30) };
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 5; time++) {
    const from = performance.now();
    await stage.step([batch]);
    least = Math.min(least, performance.now() - from);
  }
  const said = findingsIn((await stage.step([batch]))[0]!.outputs);
  return {
    least,
    verdicts: said.flatMap(({ kind }) => (kind.case === 'verdict' && !kind.value.own ? [kind.value] : [])),
  };
};

describe('64 alarms in one frame', () => {
  it('are answered each as one alone, and cost little more', async () => {
    const one = await answered(1);
    const many = await answered(64);
    expect(one.verdicts).toHaveLength(1);
    expect(many.verdicts).toHaveLength(64);
    for (const [i, verdict] of many.verdicts.entries())
      expect(verdict).toEqual({ ...one.verdicts[0]!, text: `***VTACH ${i}` });
    expect(many.least).toBeLessThan(10 * one.least);
  });
});

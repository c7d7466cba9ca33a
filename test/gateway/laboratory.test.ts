/** A laboratory tells of specimens of hours ago: never too late, no clock, and no sign that the bed's monitor lives. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NumericSchema, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { LAB } from '../../schemas/laboratory.ts';
import { decodeAlarmInput } from '../../schemas/messages.ts';
import { decodeLoggedTelemetry, encodeTelemetry } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import { ADMISSION_BOUNDS_USUAL, admit, type SourceMemory } from '../../services/gateway/admit.ts';
import { type Gateway, makeGateway } from '../../services/gateway/gateway.ts';
import { learnFromLog } from '../../services/gateway/restore.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { at, frame } from './frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from './log-in-a-folder.ts';

interface LabStory {
  readonly sequence: number;
  /** When the specimen was taken, and what the frame calls its device time: seconds of the shift. */
  readonly taken: number;
  readonly device?: number;
  readonly source?: string;
  readonly value?: number;
}
const results = ({ sequence, taken, device = taken, source = 'lis-1', value = 2 }: LabStory): Telemetry =>
  create(TelemetrySchema, {
    ...{ bed: 'icu-01', source, sequence, deviceTimeUs: at(device) },
    numerics: [
      create(NumericSchema, {
        ...{ code: LAB.lactate, loinc: '2524-7', unit: 'mmol/L', atUs: at(taken) },
        reading: { case: 'value', value },
      }),
    ],
  });

/** One line per frame, heard at these seconds: what became of it. */
const story = (...told: readonly (readonly [frame: Telemetry, heard: number])[]): readonly string[] => {
  let memory: SourceMemory | undefined;
  return told.map(([one, heard]) => {
    const admission = admit(memory, one, at(heard), ADMISSION_BOUNDS_USUAL);
    memory = admission.memory;
    if (admission.tag === 'Duplicate') return `${one.sequence} duplicate`;
    const { frame: stored, restarted, step, lost } = admission;
    return [
      `${one.sequence} ${stored.retrospective ? 'retrospective' : 'live'}`,
      ...(restarted ? ['restarted'] : []),
      ...(step === undefined ? [] : [step.why]),
      ...(lost > 0 ? [`lost ${lost}`] : []),
    ].join(' ');
  });
};

describe('a laboratory at the gateway', () => {
  it('is never late and steps no clock, whatever it writes for its own time and in whatever order', () => {
    expect(
      story(
        [results({ sequence: 1, taken: -5_000 }), 0],
        [results({ sequence: 2, taken: -9_000 }), 10],
        [results({ sequence: 4, taken: 20, device: 5_000 }), 30],
        [results({ sequence: 3, taken: -7_000 }), 40],
        [results({ sequence: 5, taken: 60, device: 60 }), 20_000],
      ),
    ).toEqual(['1 live', '2 live', '4 live lost 1', '3 live', '5 live']);
  });

  it('is stored once when it sends again, and begins anew when it counts anew', () => {
    const first = results({ sequence: 7, taken: -5_000 });
    expect(story([first, 0], [first, 1], [results({ sequence: 8, taken: -60 }), 2], [first, 3])).toEqual([
      '7 live',
      '7 duplicate',
      '8 live',
      '7 duplicate',
    ]);
    expect(story([first, 0], [results({ sequence: 7, taken: 600 }), 900])).toEqual(['7 live', '7 live restarted']);
  });

  it('leaves the clock of a monitor that speaks by the same name as it was', () => {
    const monitor = (sequence: number, device: number) => frame({ sequence, device, source: 'gateway-1', hr: 70 });
    const laboratory = (sequence: number, taken: number) => results({ sequence, taken, source: 'gateway-1' });
    expect(
      story(
        [laboratory(1, -7_200), 0],
        [monitor(2, 0.25), 0.3],
        [laboratory(3, -3_600), 0.4],
        [monitor(4, 0.5), 0.55],
        [monitor(5, 0.75), 0.8],
      ),
    ).toEqual(['1 live', '2 live', '3 live', '4 live', '5 live']);
  });
});

describe('a bed whose monitor fell silent', () => {
  let place: LogInAFolder;
  let clock: Moment;
  const gatewayOn = (): Gateway =>
    makeGateway({
      ...{ log: place.log, now: () => clock, meters: makeMeters(), lingerMs: 0 },
      journal: makeJournal({ level: 'silent' }),
    });
  beforeEach(async () => {
    place = await logInAFolder();
    clock = at(0);
  });
  afterEach(() => place.discard());

  const tell = (gateway: Gateway, one: Telemetry) => gateway.accept(encodeTelemetry(one));

  it('raises its technical alarm although a laboratory goes on telling results', async () => {
    const gateway = gatewayOn();
    for (let s = 0; s < 40; s++) {
      clock = at(s + 0.5);
      if (s < 10) await tell(gateway, frame({ sequence: s + 1, device: s + 0.4, hr: 70, ecgMs: 1_000 }));
      await tell(gateway, results({ sequence: s + 1, taken: s - 3_600, device: s, value: 2 + s / 100 }));
      clock = at(s + 1);
      await gateway.secondPassed();
    }
    const records = await allOf(place.log, 'vigil.telemetry');
    const frames = records.map(({ value }) => decodeLoggedTelemetry(value)).filter(E.isRight);
    expect(frames.filter(({ right }) => right.silence !== undefined).length).toBeGreaterThanOrEqual(29);
    expect(frames.some(({ right }) => right.retrospective)).toBe(false);
    const stage = analysisStage({ preset: presets.vigil, network: undefined });
    const [result] = await stage.step([{ bed: 'icu-01', memory: stage.start('icu-01'), records }]);
    const raised = result!.outputs.flatMap(({ topic, value }) => {
      const input = topic === 'vigil.alarm-inputs' ? decodeAlarmInput(value) : undefined;
      if (input === undefined || E.isLeft(input) || input.right.input.case !== 'condition') return [];
      const { condition, present } = input.right.input.value;
      return condition === 'no-signal' ? [{ present, at: input.right.saidUs }] : [];
    });
    const last = raised.at(-1)!;
    expect(last.present).toBe(true);
    expect(last.at).toBeLessThan(at(25));
    expect(raised.filter(({ present }) => present)).toHaveLength(1);
  });

  it('is silent also for a gateway that starts in the middle, and a laboratory alone is no bed', async () => {
    const gateway = gatewayOn();
    await tell(gateway, frame({ sequence: 1, device: 0, hr: 70 }));
    for (const s of [1, 2, 3]) {
      clock = at(s);
      await tell(gateway, results({ sequence: s, taken: -60, device: s }));
      await tell(gateway, { ...results({ sequence: s, taken: -60, device: s }), bed: 'ward-9' });
    }
    await gateway.close();
    const next = gatewayOn();
    await learnFromLog(place.log, next, at(3));
    expect(next.bedsAdmitted()).toBe(1);
    clock = at(4);
    await next.secondPassed();
    const frames = (await allOf(place.log, 'vigil.telemetry')).map(({ value }) => decodeLoggedTelemetry(value));
    const silent = frames.flatMap((each) => (E.isRight(each) && each.right.silence ? [each.right] : []));
    expect(silent.map(({ bed, silence }) => [bed, silence!.sinceUs])).toEqual([['icu-01', at(0)]]);
    await next.close();
  });
});

/**
 * Goal: two sources that name two patients for one bed.
 * Method: the hostile bed, whose heart stands still and whose SpO₂ falls, with a second source that names somebody else; what
 * rings must ring as if it had not spoken.
 */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AssignmentSchema, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { badFrames, conditionsSaid } from './hostile-bed.ts';

const assignment = (patient: string) => create(AssignmentSchema, { patient, population: 'adult' });
const named = badFrames((frame) => {
  frame.assignment = assignment('p1');
});
/** A register's word on the bed, half a second behind the monitor's frame of that second. */
const register = (second: number, patient: string): Telemetry => {
  const at = named[second - 1]!.deviceTimeUs + 500_000;
  return create(TelemetrySchema, {
    ...{ bed: 'icu-01', source: 'register', sequence: second, deviceTimeUs: at, gatewayTimeUs: at },
    assignment: assignment(patient),
  });
};
const withRegister = (patientAt: (second: number) => string | undefined): readonly Telemetry[] =>
  named.flatMap((frame, i) => {
    const patient = patientAt(i + 1);
    return patient === undefined ? [frame] : [frame, register(i + 1, patient)];
  });
const contest = (said: readonly string[]) => said.filter((word) => word.endsWith('two-patients'));
const others = (said: readonly string[]) => said.filter((word) => !word.endsWith('two-patients'));

describe('two sources that name two patients for one bed', () => {
  it('silence nothing of what rings there, however often they contradict each other', async () => {
    const alone = await conditionsSaid(named);
    expect(alone).toContain('asystole');
    const said = await conditionsSaid(withRegister(() => 'p2'));
    expect(others(said)).toEqual(alone);
    expect(contest(said)).toEqual(['two-patients']);
  });

  it('are told as long as they do, and no longer', async () => {
    const said = await conditionsSaid(
      withRegister((second) => (second === 3 ? 'p2' : second === 15 ? 'p1' : undefined)),
    );
    expect(contest(said)).toEqual(['two-patients', '-two-patients']);
  });

  it('are not told when one is only a little later with the new name', async () => {
    const changed = named.map((frame, i) => (i < 10 ? frame : { ...frame, assignment: assignment('p2') }));
    const frames = changed.flatMap((frame, i) => (i === 8 ? [frame, register(9, 'p2')] : [frame]));
    const said = await conditionsSaid(frames);
    expect(contest(said)).toEqual([]);
    expect(said).toContain('asystole');
  });

  it('let the newer name count once the other source says nothing more', async () => {
    const once = named.map((frame, i) => (i === 0 ? frame : { ...frame, assignment: undefined }));
    const later = (frame: Telemetry): Telemetry => ({
      ...{ ...frame, deviceTimeUs: frame.deviceTimeUs + 70e6, gatewayTimeUs: frame.gatewayTimeUs + 70e6 },
      sequence: frame.sequence + 100,
      waveforms: frame.waveforms.map((wave) => ({ ...wave, startUs: wave.startUs + 70e6 })),
      numerics: frame.numerics.map((numeric) => ({ ...numeric, atUs: numeric.atUs + 70e6 })),
    });
    const frames = [...once.slice(0, 5), register(5, 'p2'), ...once.slice(5), ...once.slice(1).map(later)];
    expect(contest(await conditionsSaid(frames))).toEqual(['two-patients', '-two-patients']);
  });
});

/**
 * A register or a monitor whose line was down tells who lies in a bed more than a minute late: the frame rings nobody, and the word
 * counts unless something newer was said since. In analysis as on the screens.
 */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AssignmentSchema, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type BedPresence, heardFrom } from '../../services/gateway/bed-presence.ts';
import { emptyPicture, stepPicture } from '../../services/screens/bed-picture.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import { at, frame } from '../gateway/frames.ts';
import { badFrames, conditionsSaid, STILL_FROM_S } from './hostile-bed.ts';

/** What a source says at a second of its own clock, heard `late` seconds later. */
const word = (source: string, second: number, patient: string, late = 0, population = 'adult'): Telemetry =>
  create(TelemetrySchema, {
    ...{ bed: 'icu-01', source, sequence: second, deviceTimeUs: at(second), gatewayTimeUs: at(second + late) },
    assignment: create(AssignmentSchema, { patient, fromUs: at(second), population }),
    retrospective: late > 60,
  });
const monitor = (second: number): Telemetry => ({
  ...frame({ sequence: second, device: second, ecgMs: 1_000, hr: 70, source: 'monitor' }),
  gatewayTimeUs: at(second),
});
/** Who is taken to lie there after frames that come in this order. */
const patientAfter = (...frames: readonly Telemetry[]): string | null => {
  let memory = startObserving;
  let picture = emptyPicture('icu-01');
  const last = (frames.at(-1)?.gatewayTimeUs ?? 0) / 1e6 - at(0) / 1e6;
  for (const one of [...frames, monitor(last + 1), monitor(last + 2)]) {
    [memory] = observe(memory, one);
    picture = stepPicture(picture, { tag: 'Frame', frame: one });
  }
  expect(memory.patient === '' ? null : memory.patient).toBe(picture.bed.patient);
  return picture.bed.patient;
};

describe('an assignment that comes more than a minute late', () => {
  it('counts: the bed is not held to be of who has left', () => {
    expect(patientAfter(monitor(1), word('adt', 2, 'p1'), monitor(99), word('adt', 20, 'p2', 80))).toBe('p2');
    expect(patientAfter(monitor(1), word('adt', 2, 'p1'), monitor(99), word('adt', 20, '', 80))).toBe(null);
  });

  it('counts by its order where several come at once', () => {
    const kept = [word('adt', 20, 'p2', 180), word('adt', 40, 'p3', 160), word('adt', 30, 'p4', 170)];
    expect(patientAfter(monitor(1), word('adt', 2, 'p1'), monitor(199), ...kept)).toBe('p3');
  });

  it('does not count where something newer was said, by whichever source', () => {
    expect(patientAfter(word('adt', 2, 'p1'), word('adt', 150, 'p2'), word('adt', 50, 'p3', 110))).toBe('p2');
    expect(patientAfter(word('adt', 150, 'p2'), word('monitor', 50, 'p1', 110))).toBe('p2');
  });

  it('changes the limits by which the bed is judged', async () => {
    const frames = badFrames().slice(0, STILL_FROM_S);
    const late = { ...word('adt', 0, 'baby', 0, 'neonate'), retrospective: true };
    const told = { ...late, deviceTimeUs: frames[1]!.deviceTimeUs, gatewayTimeUs: frames[5]!.gatewayTimeUs };
    const adult = {
      ...word('adt', 0, 'p1'),
      deviceTimeUs: frames[0]!.deviceTimeUs,
      gatewayTimeUs: frames[0]!.gatewayTimeUs,
    };
    expect(await conditionsSaid([adult, ...frames])).not.toContain('hr-low');
    expect(await conditionsSaid([adult, ...frames.slice(0, 6), told, ...frames.slice(6)])).toContain('hr-low');
  });

  it('says nothing of numbers: what was measured then is not shown as of now', () => {
    const both = { ...monitor(20), assignment: word('adt', 20, 'p2').assignment!, gatewayTimeUs: at(100) };
    const after = [monitor(1), { ...both, retrospective: true }].reduce(
      (picture, one) => stepPicture(picture, { tag: 'Frame', frame: one }),
      emptyPicture('icu-01'),
    );
    expect(after.bed).toMatchObject({ patient: 'p2', lastFrameUs: at(1) });
    expect(after.bed.numerics.filter(({ atUs }) => atUs > at(1))).toEqual([]);
  });

  it('frees no bed for the gateway, which goes on to tell its silence', () => {
    const heard = (bed: BedPresence | undefined, one: Telemetry) => heardFrom(bed, one);
    const taken = heard(undefined, word('adt', 2, 'p1'));
    expect(heard(taken, word('monitor', 1, '', 200))?.discharged).toBe(false);
    expect(heard(taken, word('adt', 3, ''))?.discharged).toBe(true);
  });
});

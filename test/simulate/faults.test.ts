import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { faultyLine, NO_FAULTS, parseFaults } from '../../services/simulate/faults.ts';
import { runFold } from '../../stream-models/fold.ts';

const frames: readonly Telemetry[] = Array.from({ length: 1000 }, (_, i) =>
  create(TelemetrySchema, { bed: 'b', source: 's', sequence: i + 1 }),
);
const through = (faults: Partial<typeof NO_FAULTS>, seed = 1): readonly number[] =>
  runFold(faultyLine({ ...NO_FAULTS, ...faults }, seed), frames)[1].map(({ sequence }) => sequence);
const all = frames.map(({ sequence }) => sequence);

describe('a faulty line', () => {
  it('without faults changes nothing', () => {
    expect(through({})).toEqual(all);
  });

  it('loses about as many frames as asked for, the same ones with the same seed', () => {
    const kept = through({ drop: 0.1 });
    expect(kept.length).toBeGreaterThan(850);
    expect(kept.length).toBeLessThan(950);
    expect(through({ drop: 0.1 })).toEqual(kept);
    expect(through({ drop: 0.1 }, 2)).not.toEqual(kept);
  });

  it('repeats frames right behind themselves', () => {
    const told = through({ duplicate: 0.1 });
    expect(told.length).toBeGreaterThan(1050);
    expect([...new Set(told)]).toEqual(all);
  });

  it('swaps neighbours and loses none of them', () => {
    const told = through({ reorder: 0.1 });
    expect(told).not.toEqual(all);
    const end = told.length === 1000 ? 1000 : 999;
    expect([...told].sort((a, b) => a - b)).toEqual(all.slice(0, end));
    expect(Math.max(...told.map((sequence, i) => Math.abs(sequence - i - 1)))).toBe(1);
  });

  it('sets every clock of a frame ahead', () => {
    const [, [frame]] = runFold(faultyLine({ ...NO_FAULTS, skewMs: 1500 }, 1), [{ ...frames[0]!, deviceTimeUs: 10e6 }]);
    expect(frame!.deviceTimeUs).toBe(11.5e6);
  });

  it('reads its switches, and says all that is wrong with them', () => {
    expect(parseFaults('drop=0.01, skew=-20')).toEqual(E.right({ ...NO_FAULTS, drop: 0.01, skewMs: -20 }));
    const wrong = parseFaults('drop=2,lose=0.1,skew=x,reorder');
    expect(E.isLeft(wrong) && wrong.left).toHaveLength(4);
  });
});

/** A patient whose age is told after the name, or put right. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AssignmentSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { badFrames, conditionsSaid, STILL_FROM_S } from './hostile-bed.ts';

/** What is said of a heart of 75/min, too slow for a neonate alone, when the assignments come at these seconds. */
const said = (ages: Readonly<Record<number, string>>): Promise<readonly string[]> =>
  conditionsSaid(
    badFrames((frame, end) => {
      const population = ages[end];
      if (population !== undefined) frame.assignment = create(AssignmentSchema, { patient: 'p1', population });
    }).slice(0, STILL_FROM_S),
  );

describe('limits', () => {
  it('go by the age that is told after the name', async () => {
    expect(await said({ 2: 'adult' })).not.toContain('hr-low');
    expect(await said({ 2: 'neonate' })).toContain('hr-low');
    expect(await said({ 2: 'adult', 10: 'neonate' })).toContain('hr-low');
    expect(await said({ 2: '', 10: 'neonate' })).toContain('hr-low');
  });

  it('stay what they are where the same patient comes again without an age', async () => {
    const once = await said({ 2: 'neonate' });
    expect(await said({ 2: 'neonate', 12: '', 13: '', 14: '' })).toEqual(once);
  });

  it('of another age end what stood by the old ones', async () => {
    expect((await said({ 2: 'neonate', 16: 'adult' })).slice(-1)).toEqual(['-hr-low']);
  });
});

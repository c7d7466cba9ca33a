import { describe, expect, it } from 'vitest';
import { learnedFrom } from '../../services/evaluate/training-records.ts';

describe('an evaluation', () => {
  it('knows whose recordings the networks learned from, also where another recording is of the same patient', async () => {
    expect(await learnedFrom('beats', ['100', '101', '202', '418'])).toEqual(['101', '202']);
    expect(await learnedFrom('rhythm', ['100', '101', '202', '418', '419'])).toEqual(['101', '202', '418']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyOutbox,
  type Outbox,
  type OutboxBounds,
  putAlarm,
  putBeds,
  putWave,
  take,
} from '../../services/screens/outbox.ts';

const bounds: OutboxBounds = {
  alarmsMax: 20,
  wavesMax: 5,
  wavesBelowBytes: 100,
  bedsBelowBytes: 200,
  alarmsBelowBytes: 300,
};

type Step =
  | { readonly put: 'alarm' }
  | { readonly put: 'wave' }
  | { readonly put: 'bed'; readonly bed: number }
  | { readonly takeAt: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.constant<Step>({ put: 'alarm' }),
    fc.constant<Step>({ put: 'wave' }),
    fc.record({ put: fc.constant('bed' as const), bed: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ takeAt: fc.integer({ min: 0, max: 400 }) }),
  ),
  { maxLength: 200 },
);

/** Everything that happened to a box: what was put, what came out in order, and what is left. */
const play = (story: readonly Step[]) => {
  let box: Outbox<number, number> = emptyOutbox;
  let alarmsPut = 0;
  let wavesPut = 0;
  const alarmsOut: number[] = [];
  const wavesOut: number[] = [];
  for (const step of story) {
    if ('takeAt' in step) {
      const before = box;
      const [after, parcel] = take(box, step.takeAt, bounds);
      box = after;
      if (parcel?.tag === 'Alarms') alarmsOut.push(...parcel.alarms);
      if (parcel?.tag === 'Waves') wavesOut.push(...parcel.waves);
      // Nothing overtakes an alarm, and only alarms go when the line is nearly full.
      if (before.alarms.length > 0 && parcel !== undefined) expect(parcel.tag).toBe('Alarms');
      if (step.takeAt >= bounds.bedsBelowBytes && parcel !== undefined) expect(parcel.tag).toBe('Alarms');
      if (step.takeAt >= bounds.wavesBelowBytes) expect(parcel?.tag).not.toBe('Waves');
    } else if (step.put === 'alarm') {
      box = putAlarm(box, alarmsPut, bounds);
      if (!box.stuck) alarmsPut += 1;
    } else if (step.put === 'wave') box = putWave(box, wavesPut++, bounds);
    else box = putBeds(box, [`bed ${step.bed}`]);
    if (box.stuck) break;
  }
  return { box, alarmsPut, wavesPut, alarmsOut, wavesOut };
};

describe('the outbox of a console', () => {
  it('loses no alarm and keeps their order, whatever else is put and however slow the console is', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const { box, alarmsPut, alarmsOut } = play(story);
        expect([...alarmsOut, ...box.alarms]).toEqual(Array.from({ length: alarmsPut }, (_, i) => i));
      }),
    );
  });

  it('sheds the oldest waves only, and counts every one', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const { box, wavesPut, wavesOut } = play(story);
        expect(wavesOut.length + box.waves.length + box.wavesShed).toBe(wavesPut);
        expect(box.waves.length).toBeLessThanOrEqual(bounds.wavesMax);
        const seen = [...wavesOut, ...box.waves];
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
      }),
    );
  });

  it('holds a bed once, however often its picture changed', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const named = new Set(story.flatMap((step) => ('put' in step && step.put === 'bed' ? [step.bed] : [])));
        expect(play(story).box.beds.size).toBeLessThanOrEqual(named.size);
      }),
    );
  });

  it('is stuck when its alarms reach the bound, and drops none of those it took', () => {
    const story = Array.from({ length: bounds.alarmsMax + 1 }, (): Step => ({ put: 'alarm' }));
    const { box } = play(story);
    expect(box.stuck).toBe(true);
    expect(box.alarms).toHaveLength(bounds.alarmsMax);
  });
});

/**
 * Goal: what a nurse sets for her patient is judged from then on, within the bounds, and no longer than she said.
 * Method: a monitor's numbers second by second and her acts as the gateway writes them, through analysis and alarms as they run.
 */
import { describe, expect, it } from 'vitest';
import { type Ask, lasting, played } from './bedside.ts';

/** HR of the unit is 50 to 120. */
const hr = (limit: Partial<NonNullable<Ask['limit']>>, more: Partial<Ask> = {}): Ask => ({
  limit: { measure: 'hr', seenLow: 50, seenHigh: 120, ...limit },
  ...more,
});

describe('limits of a patient', () => {
  it('are judged from then on, end what is no longer beyond them, and stand on its alarm', async () => {
    const { alarms, own } = await played({
      seconds: [...lasting(10, { hr: 126 }), ...lasting(5, { hr: 134 })],
      acts: [[5, hr({ high: 130 })]],
    });
    expect(alarms).toEqual([
      '1s hr-high off → on (HR 126 > 120; vigil)',
      '6s hr-high on → off (condition ended)',
      '11s hr-high off → on (HR 134 > 130; vigil+patient)',
    ]);
    expect(own).toEqual([['hr 50–120: unit–130 by Ada until 3605.5s']]);
  });

  it('leave what is still beyond them as it stands: an alarm that somebody has acknowledged does not ring anew', async () => {
    const { alarms } = await played({ seconds: lasting(10, { hr: 136 }), acts: [[5, hr({ high: 130 })]] });
    expect(alarms).toEqual(['1s hr-high off → on (HR 136 > 120; vigil)']);
  });

  it('are back at the unit’s when their time is over, and somebody is told until he has seen it', async () => {
    const { alarms, own } = await played({
      seconds: lasting(100, { hr: 126 }),
      acts: [[5, hr({ high: 130 }, { durationUs: 20e6 })]],
    });
    expect(alarms).toEqual([
      '1s hr-high off → on (HR 126 > 120; vigil)',
      '6s hr-high on → off (condition ended)',
      '26s limits-back off → on (HR 50 to 120 again (Ada had set 50 to 130; over after 20 s); vigil)',
      '26s hr-high off → on (HR 126 > 120; vigil)',
      '86s limits-back on → latched (HR 50 to 120 again (Ada had set 50 to 130; over after 20 s); vigil)',
    ]);
    expect(own.at(-1)).toEqual([]);
  });

  it('end with a new patient in the bed and with a discharge, and nobody is told of who has left', async () => {
    for (const next of ['p2', '']) {
      const { alarms, own } = await played({
        seconds: [
          { hr: 70, patient: 'p1' },
          ...lasting(9, { hr: 126 }),
          { hr: 126, patient: next },
          ...lasting(5, { hr: 126 }),
        ],
        acts: [[1, hr({ high: 130 }, { patient: 'p1' })]],
      });
      expect(alarms).toEqual(['11s hr-high off → on (HR 126 > 120; vigil)']);
      expect(own).toEqual([['hr 50–120: unit–130 by Ada until 3601.5s'], []]);
    }
  });

  it('end, and are told, where the patient turns out to be a child', async () => {
    const { alarms, own } = await played({
      seconds: [
        { hr: 100, patient: 'p1' },
        ...lasting(4, { hr: 100 }),
        { hr: 100, patient: 'p1', population: 'child' },
        ...lasting(3, { hr: 100 }),
      ],
      acts: [[2, hr({ high: 130 }, { patient: 'p1' })]],
    });
    expect(alarms).toEqual(['6s limits-back off → on (HR – to 130 of Ada no more: judged as child; vigil)']);
    expect(own.at(-1)).toEqual([]);
  });

  it('turned off ring no more, with a reason, and the red limit beside them rings as before', async () => {
    const spo2 = { measure: 'spo2', seenLow: 90, low: 'off' } as const;
    const seconds = [...lasting(20, { spo2: 86 }), ...lasting(15, { spo2: 78 })];
    const { alarms, own } = await played({ seconds, acts: [[14, { limit: spo2, reason: 'palliative' }]] });
    expect(alarms).toEqual([
      '1s spo2-low off → waiting (SpO₂ 86 < 90; vigil)',
      '11s spo2-low waiting → on (SpO₂ 86 < 90; vigil)',
      '15s spo2-low on → off (condition ended)',
      '21s spo2-desaturation off → on (SpO₂ 78 < 80; vigil)',
    ]);
    expect(own).toEqual([['spo2 90–none: off–unit by Ada until 3614.5s']]);
    const without = await played({ seconds, acts: [[14, { limit: spo2 }]] });
    expect(without.refused).toEqual(['SpO₂: turning a limit off needs a reason']);
  });

  it('turned off leave a value that is told no more missed, where a red limit wants it', async () => {
    const { alarms } = await played({
      seconds: [...lasting(70, { spo2: 97, hr: 70 }), ...lasting(90, { hr: 70 })],
      acts: [[5, { limit: { measure: 'spo2', seenLow: 90, low: 'off' }, reason: 'palliative' }]],
    });
    expect(alarms).toEqual(['130s not-measured off → on (no SpO₂ from monitor (was 97); vigil)']);
  });

  it('go back to the unit’s by an act', async () => {
    const { own } = await played({
      seconds: lasting(10, { hr: 70 }),
      acts: [
        [2, hr({ low: 42 })],
        [5, { limit: { measure: 'hr', seenLow: 42, seenHigh: 120 } }],
      ],
    });
    expect(own).toEqual([['hr 50–120: 42–unit by Ada until 3602.5s'], []]);
  });

  it('are said again each minute while there are any, and when somebody asks', async () => {
    const { limits } = await played({
      seconds: lasting(200, { hr: 70 }),
      acts: [
        [2, {}],
        [10, hr({ low: 42 })],
        [150, {}],
      ],
    });
    expect(limits.map(({ act }) => act)).toEqual(['act-0', 'act-1', '', '', 'act-2', '']);
    expect(limits[0]!.limits.map(({ measure, low, high }) => [measure, low, high]).slice(0, 3)).toEqual([
      ['hr', 50, 120],
      ['pulse', 50, 120],
      ['spo2', 90, undefined],
    ]);
  });
});

describe('an act on limits', () => {
  const refusedFor = async (act: Ask): Promise<readonly string[]> => {
    const { refused, own } = await played({
      seconds: [{ hr: 70, patient: 'p1' }, ...lasting(8, { hr: 70 })],
      acts: [[3, act]],
    });
    expect(own).toEqual([[]]);
    return refused;
  };
  const ofP1 = { patient: 'p1' };

  it.each([
    [
      'outside of the hard bounds',
      hr({ high: 160 }, ofP1),
      'HR: high 160 is outside of 90 to 140, within which the site lets it be set',
    ],
    [
      'beyond the red limit',
      hr({ low: 38 }, ofP1),
      'HR: low 38 is outside of 40 to 80, within which the site lets it be set',
    ],
    [
      'that leaves nothing between them',
      hr({ low: 80, high: 83 }, ofP1),
      'HR: high 83 is outside of 90 to 140, within which the site lets it be set',
    ],
    ['finer than an alarm can say', hr({ high: 130.25 }, ofP1), 'HR: high 130.25 has more than one decimal'],
    [
      'for another patient than lies there',
      hr({ high: 130 }, { patient: 'p2' }),
      'HR: another patient lies in the bed than was shown',
    ],
    [
      'decided on other limits than apply',
      hr({ high: 130, seenHigh: 125 }, ofP1),
      'HR: it was 50 to 125 when you looked, and is 50 to 120 now. Look again',
    ],
    [
      'of a side without bounds',
      { limit: { measure: 'spo2', seenLow: 90, high: 98 }, ...ofP1 },
      'SpO₂: the site gives no bounds for its high limit, so none can be set',
    ],
    ['for no time at all', hr({ high: 130 }, { ...ofP1, durationUs: 0 }), 'HR: it does not say for how long'],
    [
      'on what has no limit',
      { limit: { measure: 'asystole', low: 'off' }, reason: 'noise', ...ofP1 },
      'there is no limit "asystole"',
    ],
  ] satisfies readonly (readonly [string, Ask, string])[])('%s is not done, and says why', async (_, act, why) => {
    expect(await refusedFor(act)).toEqual([why]);
  });

  it('is done once, however often it is sent', async () => {
    const { own, refused } = await played({
      seconds: lasting(8, { hr: 70 }),
      acts: [
        [2, hr({ high: 130 }, { id: 'same' })],
        [4, hr({ high: 130 }, { id: 'same' })],
      ],
    });
    expect(own).toEqual([['hr 50–120: unit–130 by Ada until 3602.5s']]);
    expect(refused).toEqual([]);
  });

  it('lasts a day at the most', async () => {
    const { own } = await played({
      seconds: lasting(4, { hr: 70 }),
      acts: [[2, hr({ high: 130 }, { durationUs: 1e15 })]],
    });
    expect(own).toEqual([['hr 50–120: unit–130 by Ada until 86402.5s']]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type News2Inputs, news2 } from '../../stream-models/scores/news2.ts';

/** All seven at 0 points. */
const well: News2Inputs = {
  respirationRate: 16,
  spo2: 97,
  onOxygen: false,
  systolic: 120,
  pulse: 70,
  consciousness: 'alert',
  temperature: 37,
  spo2Scale: 1,
};

/** Rows of the RCP chart as printed: [lowest, highest, points], in the chart's own whole numbers (or tenths). */
type Printed = readonly (readonly [from: number, to: number, points: number])[];
const charts: readonly {
  readonly name: string;
  readonly step: number;
  readonly printed: Printed;
  readonly of: (value: number) => Partial<News2Inputs>;
  readonly parameter: keyof ReturnType<typeof news2>['points'];
}[] = [
  {
    name: 'respiration rate',
    step: 1,
    printed: [
      [0, 8, 3],
      [9, 11, 1],
      [12, 20, 0],
      [21, 24, 2],
      [25, 80, 3],
    ],
    of: (respirationRate) => ({ respirationRate }),
    parameter: 'respirationRate',
  },
  {
    name: 'SpO₂ scale 1',
    step: 1,
    printed: [
      [0, 91, 3],
      [92, 93, 2],
      [94, 95, 1],
      [96, 100, 0],
    ],
    of: (spo2) => ({ spo2 }),
    parameter: 'spo2',
  },
  {
    name: 'SpO₂ scale 1 on oxygen',
    step: 1,
    printed: [
      [0, 91, 3],
      [92, 93, 2],
      [94, 95, 1],
      [96, 100, 0],
    ],
    of: (spo2) => ({ spo2, onOxygen: true }),
    parameter: 'spo2',
  },
  {
    name: 'SpO₂ scale 2 on air',
    step: 1,
    printed: [
      [0, 83, 3],
      [84, 85, 2],
      [86, 87, 1],
      [88, 92, 0],
      [93, 100, 0],
    ],
    of: (spo2) => ({ spo2, spo2Scale: 2 }),
    parameter: 'spo2',
  },
  {
    name: 'SpO₂ scale 2 on oxygen',
    step: 1,
    printed: [
      [0, 83, 3],
      [84, 85, 2],
      [86, 87, 1],
      [88, 92, 0],
      [93, 94, 1],
      [95, 96, 2],
      [97, 100, 3],
    ],
    of: (spo2) => ({ spo2, spo2Scale: 2, onOxygen: true }),
    parameter: 'spo2',
  },
  {
    name: 'systolic blood pressure',
    step: 1,
    printed: [
      [0, 90, 3],
      [91, 100, 2],
      [101, 110, 1],
      [111, 219, 0],
      [220, 300, 3],
    ],
    of: (systolic) => ({ systolic }),
    parameter: 'systolic',
  },
  {
    name: 'pulse',
    step: 1,
    printed: [
      [0, 40, 3],
      [41, 50, 1],
      [51, 90, 0],
      [91, 110, 1],
      [111, 130, 2],
      [131, 250, 3],
    ],
    of: (pulse) => ({ pulse }),
    parameter: 'pulse',
  },
  {
    name: 'temperature',
    step: 0.1,
    printed: [
      [25, 35, 3],
      [35.1, 36, 1],
      [36.1, 38, 0],
      [38.1, 39, 1],
      [39.1, 45, 2],
    ],
    of: (temperature) => ({ temperature }),
    parameter: 'temperature',
  },
];

describe.each(charts)('NEWS2, $name', ({ step, printed, of, parameter }) => {
  const points = (value: number) => news2({ ...well, ...of(value) }).points[parameter];

  it('gives the chart’s points to every value that the chart prints', () => {
    for (const [from, to, expected] of printed)
      for (let k = Math.round(from / step); k <= Math.round(to / step); k++)
        expect(points(k * step), `${k * step}`).toBe(expected);
  });

  it('gives the points of the rounded value around every edge', () => {
    printed.forEach(([, to, expected], i) => {
      const next = printed[i + 1];
      if (!next) return;
      expect(points(to - 0.1 * step), `${to} less a tenth`).toBe(expected);
      expect(points(to + 0.1 * step), `${to} and a tenth`).toBe(expected);
      expect(points(to + 0.49 * step), `${to} and nearly half`).toBe(expected);
      expect(points(to + 0.5 * step), `${to} and a half`).toBe(next[2]);
      expect(points(next[0] - 0.1 * step), `${next[0]} less a tenth`).toBe(next[2]);
      expect(points(next[0] + 0.1 * step), `${next[0]} and a tenth`).toBe(next[2]);
    });
  });

  it('gives every real number points, and the score always adds up', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const score = news2({ ...well, ...of(value) });
        expect(score.missing).toEqual([]);
        expect(score.value).toBe(Object.values(score.points).reduce((sum: number, given) => sum + given, 0));
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(20);
      }),
    );
  });
});

describe('NEWS2', () => {
  it('is 0 for a well adult, and 20 at the worst', () => {
    expect(news2(well)).toMatchObject({ value: 0, missing: [], threeInOne: [] });
    const worst: News2Inputs = {
      ...{ respirationRate: 30, spo2: 80, onOxygen: true, systolic: 70, pulse: 150 },
      ...{ consciousness: 'unresponsive', temperature: 34, spo2Scale: 1 },
    };
    expect(news2(worst).value).toBe(20);
  });

  it('gives 2 for oxygen and 3 for anything but Alert', () => {
    expect(news2({ ...well, onOxygen: true }).value).toBe(2);
    for (const consciousness of ['confusion', 'voice', 'pain', 'unresponsive'] as const)
      expect(news2({ ...well, consciousness }).points.consciousness).toBe(3);
  });

  it('asks for the response of its threshold', () => {
    const responseOf = (change: Partial<News2Inputs>) => news2({ ...well, ...change }).response;
    expect(responseOf({})).toMatch(/12 hours/);
    expect(responseOf({ pulse: 100 })).toMatch(/4–6 hours/);
    expect(responseOf({ systolic: 88 })).toMatch(/3 in one parameter/);
    expect(responseOf({ systolic: 88, onOxygen: true })).toMatch(/Urgent assessment/);
    expect(responseOf({ systolic: 88, onOxygen: true, pulse: 112 })).toMatch(/Emergency assessment/);
  });

  it('is never a number when anything is missing, and names what is', () => {
    for (const parameter of [
      'respirationRate',
      'spo2',
      'onOxygen',
      'systolic',
      'pulse',
      'consciousness',
      'temperature',
    ] as const) {
      const score = news2({ ...well, [parameter]: undefined });
      expect(score.value).toBeUndefined();
      expect(score.missing).toEqual([parameter]);
      expect(score.response).toMatch(/Insufficient data/);
    }
  });

  it('takes no NaN and no infinity for a measurement', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(news2({ ...well, pulse: value }).missing).toEqual(['pulse']);
  });

  it('on scale 2 needs to know about oxygen only above 92 %', () => {
    expect(news2({ ...well, spo2Scale: 2, spo2: 92, onOxygen: undefined }).missing).toEqual(['onOxygen']);
    expect(news2({ ...well, spo2Scale: 2, spo2: 93, onOxygen: undefined }).missing).toEqual(['spo2', 'onOxygen']);
  });

  it('can only grow when what was missing comes in', () => {
    const inputs = fc.record({
      ...{
        respirationRate: fc.integer({ min: 0, max: 60 }),
        spo2: fc.integer({ min: 60, max: 100 }),
        onOxygen: fc.boolean(),
      },
      ...{ systolic: fc.integer({ min: 50, max: 250 }), pulse: fc.integer({ min: 20, max: 200 }) },
      ...{
        consciousness: fc.constantFrom('alert' as const, 'voice' as const),
        temperature: fc.double({ min: 33, max: 42, noNaN: true }),
      },
      spo2Scale: fc.constantFrom(1 as const, 2 as const),
    });
    const parameters = [
      'respirationRate',
      'spo2',
      'onOxygen',
      'systolic',
      'pulse',
      'consciousness',
      'temperature',
    ] as const;
    fc.assert(
      fc.property(inputs, fc.constantFrom(...parameters), (given, left) => {
        expect(news2({ ...given, [left]: undefined }).atLeast).toBeLessThanOrEqual(news2(given).atLeast);
      }),
    );
  });
});

import { expect } from 'vitest';
import { LATENCY_BOUNDS } from '../../../dashboards/grafana/engine/work.ts';
import { END_MS, HOUR, MINUTE, SECOND } from '../recorded-ward/story.ts';
import { byName, type Expectations, numbersOf, records, told } from './expectation.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const page = { fromMs: END_MS - HOUR - MINUTE, toMs: END_MS };
/** 59 minutes, each with an alert of at most 25 ms and one of at most 500 ms; one of more than 10 s at minute 40. */
const seen: Readonly<Record<string, number>> = { '0.025': 59, '0.5': 59, '+Inf': 1 };
const latency: Expectations = Object.fromEntries(
  LATENCY_BOUNDS.map((bound, i) => [
    `engine | Latency of alerts | L${i}`,
    {
      page,
      curves: (curves) => {
        expect(curves.map(({ name }) => name)).toEqual([bound]);
        expect(sum(numbersOf(curves[0]!))).toBe(seen[bound] ?? 0);
        // A bucket in which the process told that there was none is 0, one in which it told nothing is empty.
        expect(numbersOf(curves[0]!).length).toBeGreaterThan(100);
        expect(curves[0]!.points.length).toBeGreaterThan(numbersOf(curves[0]!).length);
      },
    },
  ]),
);
const share = (atMinute40: number, percent: number) => ({
  page,
  curves: (curves: Parameters<NonNullable<Expectations[string]['curves']>>[0]) => {
    // Only the minutes in which alerts came have a point.
    expect(numbersOf(curves[0]!)).toHaveLength(59);
    expect(numbersOf(curves[0]!).filter((value) => Math.abs(value - atMinute40) < 0.01)).toHaveLength(1);
    expect(numbersOf(curves[0]!).filter((value) => value === percent)).toHaveLength(58);
  },
});
export const engineExpectations: Expectations = {
  ...latency,
  'engine | Alerts within a second | A': share(200 / 3, 100),
  'engine | Alerts within a second | B': share(100 / 3, 50),
  'engine | Parts of each process | A': {
    page,
    curves: (curves) => {
      expect(curves.map(({ name }) => name)).toEqual(['front: log']);
      expect(numbersOf(curves[0]!).filter((value) => value === 2)).toHaveLength(1);
      expect(numbersOf(curves[0]!).filter((value) => value === 1).length).toBeGreaterThan(100);
    },
  },
  'engine | Inference provider | A': {
    page,
    curves: (curves) => {
      expect(curves.map(({ name }) => name)).toEqual(['analysis-0: cpu']);
      const from = told(curves[0]!)[0]![0];
      expect(Math.abs(from - (END_MS - 30 * MINUTE))).toBeLessThanOrEqual(30 * SECOND);
    },
  },
  'engine | Lag of each stage | A': {
    page,
    curves: (curves) => {
      expect(curves.map(({ name }) => name)).toEqual(['analysis']);
      expect(Math.max(...numbersOf(curves[0]!))).toBe(4.5);
      expect(Math.min(...numbersOf(curves[0]!))).toBe(0.5);
    },
  },
  'engine | Lag of each group | A': {
    page,
    curves: (curves) => {
      expect(curves.map(({ name }) => name)).toEqual(['vigil-recorder-telemetry']);
      expect(new Set(numbersOf(curves[0]!))).toEqual(new Set([12]));
    },
  },
  'engine | Rejected, by code | A': {
    page,
    curves: (curves) => {
      expect(curves.map(({ name }) => name)).toEqual(['too-late']);
      expect(sum(numbersOf(curves[0]!))).toBe(5);
    },
  },
  'engine | Rejected since the process started | A': {
    page,
    rows: (rows) => expect(records(rows)).toEqual([{ process: 'front', label: 'too-late', Messages: 8 }]),
  },
  'engine | Waves dropped | A': {
    page,
    curves: (curves) => {
      expect(sum(numbersOf(curves[0]!))).toBe(25);
      expect(numbersOf(curves[0]!).filter((value) => value === 25)).toHaveLength(1);
    },
  },
  'engine | Processor of each process | A': {
    page,
    curves: (curves) => {
      const { front, 'analysis-0': analysis } = byName(curves);
      expect(new Set(numbersOf(front!))).toEqual(new Set([0.25]));
      expect(new Set(numbersOf(analysis!))).toEqual(new Set([0.5]));
    },
  },
  'engine | Memory of each process | A': {
    page,
    curves: (curves) => expect(Math.max(...numbersOf(byName(curves)['front']!))).toBe(100e6 + 59),
  },
  'engine | Starts of each process | A': {
    page,
    curves: (curves) => {
      const { front, 'analysis-0': analysis } = byName(curves);
      expect(numbersOf(front!)).toEqual([1]);
      expect(numbersOf(analysis!)).toEqual([1]);
    },
  },
};

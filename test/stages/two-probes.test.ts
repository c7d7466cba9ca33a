/** A monitor with two probes of one signal, as an oximeter on each hand, that tells both in each frame under the same code. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { NumericSchema, type Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { moment } from '../../schemas/units.ts';
import { deviceOf, newBed, numbered } from '../../services/recorder/bed-memory.ts';
import { pointsOf } from '../../services/recorder/series-of.ts';
import { emptyPicture, stepPicture } from '../../services/screens/bed-picture.ts';
import { badFrames, conditionsSaid, STILL_FROM_S } from './hostile-bed.ts';

const ofProbe = (atUs: number, value: number) =>
  create(NumericSchema, { code: MDC.spo2, unit: '%', atUs, reading: { case: 'value', value } });
const withProbes = (first: number, second: number): Telemetry[] =>
  badFrames((frame, end) => {
    if (end > STILL_FROM_S) return;
    const atUs = frame.deviceTimeUs;
    frame.numerics = [first, second].map((value) => ofProbe(atUs, value));
  }).slice(0, STILL_FROM_S);
const spo2Said = async (first: number, second: number): Promise<readonly string[]> =>
  (await conditionsSaid(withProbes(first, second))).filter((word) => word.includes('spo2'));

describe('two probes of one signal in a frame', () => {
  it('ring where one of them is beyond its limit, whichever stands first, and do not take turns', async () => {
    expect(await spo2Said(97, 85)).toEqual(['spo2-low']);
    expect(await spo2Said(85, 97)).toEqual(['spo2-low']);
    expect(await spo2Said(97, 96)).toEqual([]);
  });

  it('ring however many of them a frame tells, and whichever is low', async () => {
    for (const low of [0, 3, 7, 11]) {
      const frames = withProbes(97, 97);
      for (const frame of frames)
        frame.numerics = Array.from({ length: 12 }, (_, i) => ofProbe(frame.deviceTimeUs, i === low ? 85 : 97));
      expect((await conditionsSaid(frames)).filter((word) => word.includes('spo2'))).toEqual(['spo2-low']);
    }
  });

  it.each([
    ['first', 85, 97],
    ['second', 97, 85],
  ])('are told to be fewer where the %s, which was low, is in no frame any more', async (_, first, second) => {
    const frames = withProbes(first, second);
    for (const frame of frames.slice(5)) frame.numerics = [ofProbe(frame.deviceTimeUs, 97)];
    const said = (await conditionsSaid(frames)).filter((word) => word.includes('spo2') || word === 'value-lost');
    expect(said).toEqual(['spo2-low', 'value-lost', '-spo2-low']);
  });

  it('are both on the screen, by name', () => {
    const { bed } = withProbes(97, 85)
      .slice(0, 3)
      .reduce((picture, frame) => stepPicture(picture, { tag: 'Frame', frame }), emptyPicture('icu-01'));
    expect(bed.numerics.map(({ source, value }) => [source, value])).toEqual([
      ['monitor', 97],
      ['monitor (2)', 85],
    ]);
  });

  it('are two series, so that neither overwrites the other', () => {
    const frame = withProbes(97, 85)[0]!;
    const at = moment(frame.deviceTimeUs);
    const [memory, device] = deviceOf(newBed, frame.source, at);
    const points = pointsOf(frame, { bed: 'icu-01', device: device!, toBedTime: moment });
    const [after, kept] = numbered(memory, points, frame.source, at);
    expect(kept.map((point) => [point.device, point.source, point.value])).toEqual([
      [1, 'monitor', 97],
      [2, 'monitor (2)', 85],
    ]);
    expect(numbered(after, points, frame.source, at)[0]).toBe(after);
  });
});

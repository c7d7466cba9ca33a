import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADMISSION_BOUNDS_USUAL, admit, type SourceMemory } from '../../services/gateway/admit.ts';
import { alignClock, startClocks } from '../../stream-models/analysis/clock-alignment.ts';
import { at, frame } from './frames.ts';

interface Told {
  readonly sequence: number;
  readonly device: number;
  /** When the gateway heard it, seconds of the shift. */
  readonly heard: number;
  readonly epochTold?: number;
}

/** One line per frame: what became of it. */
const story = (...told: readonly Told[]): readonly string[] => {
  let memory: SourceMemory | undefined;
  return told.map(({ sequence, device, heard, epochTold }) => {
    const one = frame({ sequence, device, ...(epochTold === undefined ? {} : { clockEpoch: epochTold }) });
    const admission = admit(memory, one, at(heard), ADMISSION_BOUNDS_USUAL);
    memory = admission.memory;
    if (admission.tag === 'Duplicate') return `${sequence} duplicate`;
    expect(admission.frame.gatewayTimeUs).toBe(at(heard));
    const words = [`${sequence}`, admission.frame.retrospective ? 'retrospective' : 'live'];
    if (admission.restarted) words.push('restarted');
    if (admission.step !== undefined) words.push(admission.step.why);
    if (admission.frame.clockEpoch > 0) words.push(`epoch ${admission.frame.clockEpoch}`);
    return words.join(' ');
  });
};

/** `count` frames of a quarter of a second, heard `delay` seconds after their device time. */
const stream = (from: number, count: number, device: number, delay: number): readonly Told[] =>
  Array.from({ length: count }, (_, i) => ({
    sequence: from + i,
    device: device + i / 4,
    heard: device + i / 4 + delay,
  }));

const endings = (lines: readonly string[]): readonly string[] => [
  ...new Set(lines.map((line) => line.replace(/^\d+ /, ''))),
];

describe('a frame that comes in', () => {
  it('is stored once, however often it is sent', () => {
    expect(story({ sequence: 1, device: 0, heard: 0 }, { sequence: 1, device: 0, heard: 0.5 })).toEqual([
      '1 live',
      '1 duplicate',
    ]);
  });

  it('rings although one before it had a number that was far too high', () => {
    const slip = { sequence: 4_000_000_000, device: 25, heard: 25 };
    expect(endings(story(...stream(1, 100, 0, 0), slip, ...stream(101, 300, 25.25, 0)))).toEqual([
      'live',
      'live restarted',
    ]);
  });

  it('is retrospective when newer ones came before it', () => {
    expect(
      story(
        { sequence: 1, device: 0, heard: 0 },
        { sequence: 3, device: 0.5, heard: 0.5 },
        { sequence: 2, device: 0.25, heard: 0.6 },
        { sequence: 4, device: 0.75, heard: 0.75 },
      ),
    ).toEqual(['1 live', '3 live', '2 retrospective', '4 live']);
  });

  it.each([400, 2, 1.2])(
    'is retrospective out of a backlog of a device that was not known, sent at %d times the pace of life',
    (pace) => {
      const kept = stream(1, 2_400, 0, 0).map((one, i) => ({ ...one, heard: 1_200 + i / 4 / pace }));
      const lines = story(...kept);
      // Until it has gained a second.
      const live = lines.findIndex((line) => line.includes('retrospective'));
      expect(live).toBeLessThanOrEqual(Math.ceil((4 * pace) / (pace - 1)) + 1);
      expect(lines[live]).toMatch(/catches up epoch 1$/);
      const ofNow = kept.findIndex(({ device, heard }) => heard - device <= 1);
      expect(lines.slice(live, ofNow === -1 ? undefined : ofNow).every((line) => line.includes('retrospective'))).toBe(
        true,
      );
    },
  );

  it('is of now, and laid there, once the backlog of a device that was not known has caught up', () => {
    const backlog = stream(1, 4_800, 0, 0).map((one, i) => ({ ...one, heard: 1_200 + i / 400 }));
    let memory: SourceMemory | undefined;
    let clocks = startClocks;
    const laid: number[] = [];
    for (const { sequence, device, heard } of [...backlog, ...stream(4_801, 100, 1_212, 0.1)]) {
      const admission = admit(memory, frame({ sequence, device }), at(heard), ADMISSION_BOUNDS_USUAL);
      memory = admission.memory;
      if (admission.tag !== 'Stored' || admission.frame.retrospective || sequence < 100) continue;
      const [after, bedTime] = alignClock(clocks, admission.frame);
      clocks = after;
      laid.push((at(heard) - bedTime(admission.frame.deviceTimeUs)) / 1e6);
    }
    expect(laid.length).toBeGreaterThanOrEqual(100);
    expect(Math.max(...laid.map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('of a device whose clock is an hour behind rings from the first on, as long as it gains nothing', () => {
    expect(endings(story(...stream(1, 400, 0, 3_600)))).toEqual(['live']);
    const corrected = [...stream(1, 40, 0, 3_600), ...stream(41, 40, 3_610, 0)];
    expect(endings(story(...corrected))).toEqual(['live', 'live stepped forward epoch 1', 'live epoch 1']);
  });

  it('of a device whose clock is hours behind rings also where it sends some seconds at once', () => {
    const rings = (behind: number, burst: number): void => {
      const sent = Array.from({ length: 120 }, (_, i) => {
        const last = (Math.floor(i / burst) + 1) * burst - 1;
        return { sequence: i + 1, device: i, heard: behind + last };
      });
      let memory: SourceMemory | undefined;
      for (const { sequence, device, heard } of sent) {
        const admission = admit(memory, frame({ sequence, device }), at(heard), ADMISSION_BOUNDS_USUAL);
        memory = admission.memory;
        // Until then it might be a backlog.
        if (heard - behind > 2 * burst + 20) expect(admission).toMatchObject({ frame: { retrospective: false } });
      }
    };
    fc.assert(fc.property(fc.integer({ min: 100, max: 80_000 }), fc.integer({ min: 2, max: 20 }), rings));
  });

  it('is retrospective where a device tells again what it told an hour before', () => {
    const again = stream(1, 1_200, 0, 0).map((one, i) => ({ ...one, sequence: 4_001 + i, heard: 3_600 + i / 400 }));
    const lines = story(...stream(1, 1_200, 0, 0), ...stream(1_201, 4, 3_599, 0), ...again);
    expect(endings(lines.slice(1_220))).toEqual(['retrospective epoch 2']);
  });

  it('is retrospective out of a backlog also where the device numbers it anew', () => {
    // The line is down for ten minutes, and the gateway, started anew meanwhile, counts what it kept from 0 on.
    const backlog = stream(0, 2_400, 10, 0).map((one, i) => ({ ...one, heard: 610 + i / 400 }));
    const lines = story(...stream(1, 40, 0, 0.1), ...backlog, ...stream(2_400, 40, 616, 0.1));
    expect(lines[40]).toBe('0 retrospective restarted');
    expect(endings(lines)).toEqual(['live', 'retrospective restarted', 'retrospective']);
    expect(lines.slice(-40).every((line) => line.endsWith('live'))).toBe(true);
  });

  it('is retrospective out of a backlog until the backlog has caught up to a minute', () => {
    const before = stream(1, 40, 0, 0.1);
    // The line is down for ten minutes; then 2,400 kept frames come within six seconds.
    const backlog = stream(41, 2_400, 10, 0).map((one, i) => ({ ...one, heard: 610 + i / 400 }));
    const after = stream(2_441, 40, 616, 0.1);
    const lines = story(...before, ...backlog, ...after);
    expect(endings(lines)).toEqual(['live', 'retrospective']);
    expect(lines.filter((line) => line.endsWith('retrospective')).length).toBeGreaterThan(2_000);
    expect(lines.slice(-100).every((line) => line.endsWith('live'))).toBe(true);
  });

  it.each([1.15, 1.4, 3])(
    'is retrospective as well out of a backlog that a slow line lets through at %d times the pace',
    (pace) => {
      // Ten minutes that were kept, and what is measured meanwhile; the last minute of being late rings.
      const frames = Math.ceil((600 * pace * 4) / (pace - 1));
      const backlog = stream(41, frames, 10, 0).map((one, i) => ({ ...one, heard: 610 + i / 4 / pace }));
      const lines = story(...stream(1, 40, 0, 0.1), ...backlog);
      expect(endings(lines)).toEqual(['live', 'retrospective']);
      const old = lines.slice(40).filter((_, i) => backlog[i]!.heard - backlog[i]!.device > 61);
      expect(endings(old)).toEqual(['retrospective']);
      expect(lines.slice(-100).every((line) => line.endsWith('live'))).toBe(true);
    },
  );

  it('is retrospective out of a backlog whatever stands still in the middle of it, gateway, sender or line', () => {
    // Ten minutes that were kept; after each second of them something may stand still. What was lost so must have been gained again
    // before the next time: as late each time nobody can tell it from a clock that is wrong.
    const stop = fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 2, max: 90 }) },
    );
    const staysOld = (pace: number, stops: readonly number[]): void => {
      let heard = 610;
      let missing = 0;
      const backlog = stream(41, 2_400, 10, 0).map((one, i) => {
        const stands = i % 4 === 0 && missing <= 0 ? (stops[i / 4] ?? 0) : 0;
        missing += stands > 0 ? 1.3 * stands + 3 : -(1 - 1 / pace) / 4;
        heard += 1 / 4 / pace + stands;
        return { ...one, heard };
      });
      const lines = story(...stream(1, 40, 0, 0.1), ...backlog).slice(40);
      const old = lines.filter((_, i) => backlog[i]!.heard - backlog[i]!.device > 61);
      expect(endings(old)).toEqual(['retrospective']);
    };
    const paces = fc.double({ min: 1.5, max: 400, noNaN: true });
    fc.assert(fc.property(paces, fc.array(stop, { maxLength: 300 }), staysOld), {
      numRuns: 50,
      examples: [[2, [...new Array<number>(30).fill(0), 12]]],
    });
  });

  it('rings again within half a minute when the clock was set back of a device that sends some seconds at once', () => {
    const sent = Array.from({ length: 90 }, (_, i) => ({
      ...{ sequence: 41 + i, device: 310 + i, heard: 619 + 10 * Math.floor(i / 10) },
    }));
    const lines = story(...stream(1, 40, 0, 0.1), ...sent).slice(40);
    expect(lines[0]).toBe('41 retrospective');
    expect(lines.filter((_, i) => sent[i]!.heard > 640).every((line) => line.includes('live'))).toBe(true);
  });

  it.each([37, -43_200, 43_200])('rings from a device whose clock is %i s wrong', (skew) => {
    const lines = story(...stream(1, 400, 0, 0.1).map((one) => ({ ...one, device: one.device + skew })));
    expect(endings(lines)).toEqual(['live']);
  });

  it.each([
    [37, 'stepped forward'],
    [-43_200, 'stepped back'],
    [-2, 'stepped back'],
  ])('opens a new clock epoch, and rings, when the device clock is stepped by %i s', (step, why) => {
    const lines = story(
      ...stream(1, 40, 0, 0.1),
      ...stream(41, 40, 10, 0.1).map((one) => ({ ...one, device: one.device + step })),
    );
    expect(lines[40]).toBe(`41 live ${why} epoch 1`);
    expect(endings(lines.slice(41))).toEqual(['live epoch 1']);
  });

  it('rings again within ten seconds when a clock was set back while the device was silent', () => {
    // Away for ten minutes and set back by five: late, but not catching up.
    const lines = story(...stream(1, 40, 0, 0.1), ...stream(41, 80, 310, 300));
    expect(lines[40]).toBe('41 retrospective');
    expect(lines.slice(-30).every((line) => line.includes('live'))).toBe(true);
    expect(lines.filter((line) => line.includes('stays behind'))).toHaveLength(1);
  });

  it('stays within five seconds of the gateway’s time, and rings, however long its clock drifts', () => {
    const drifts = fc.record({
      partsPerMillion: fc.integer({ min: -150, max: 150 }),
      wrongBy: fc.oneof(fc.constant(0), fc.integer({ min: -86_400, max: 86_400 })),
      latency: fc.double({ min: 0, max: 0.4, noNaN: true }),
    });
    fc.assert(
      fc.property(drifts, ({ partsPerMillion, wrongBy, latency }) => {
        let memory: SourceMemory | undefined;
        let clocks = startClocks;
        let worst = 0;
        // A week, ten minutes at a time.
        for (let sequence = 1; sequence <= 7 * 144; sequence++) {
          const now = sequence * 600;
          const device = wrongBy + now * (1 - partsPerMillion * 1e-6);
          const admission = admit(memory, frame({ sequence, device }), at(now + latency), ADMISSION_BOUNDS_USUAL);
          memory = admission.memory;
          if (admission.tag === 'Duplicate') throw new Error('a new frame was taken for one heard before');
          expect(admission.frame.retrospective).toBe(false);
          const [after, bedTime] = alignClock(clocks, admission.frame);
          clocks = after;
          const behind = admission.frame.gatewayTimeUs - bedTime(admission.frame.deviceTimeUs);
          worst = Math.max(worst, Math.abs(behind));
        }
        expect(worst).toBeLessThanOrEqual(4.6e6);
      }),
      { numRuns: 30 },
    );
  });

  it('believes a device that says that its clock was stepped', () => {
    const lines = story(
      { sequence: 1, device: 0, heard: 0, epochTold: 0 },
      { sequence: 2, device: 0.25, heard: 0.25, epochTold: 1 },
    );
    expect(lines).toEqual(['1 live', '2 live told by the device epoch 1']);
  });

  it('is no duplicate when the device counts anew from nought', () => {
    const lines = story(...stream(0, 400, 0, 0.1), ...stream(0, 40, 130, 0.1));
    expect(lines[400]).toBe('0 live restarted');
    expect(endings(lines.slice(401))).toEqual(['live']);
  });

  it('is no duplicate when the device counts anew and its clock went back a little', () => {
    const lines = story(...stream(0, 400, 0, 0.1), ...stream(0, 40, 98, 2.1));
    expect(lines[400]).toContain('restarted');
    expect(lines.slice(401).every((line) => line.includes('live'))).toBe(true);
  });

  it('is acknowledged as a duplicate when a sender repeats what it had sent before the line broke', () => {
    const sent = stream(1, 400, 0, 0.1);
    const again = sent.slice(200).map((one) => ({ ...one, heard: 101 }));
    const lines = story(...sent, ...again, ...stream(401, 4, 100, 1.5));
    expect(lines.slice(400, 600).every((line) => line.endsWith('duplicate'))).toBe(true);
    expect(endings(lines.slice(600))).toEqual(['live']);
  });

  it('is stored exactly once under loss, repeats and reordering', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 120 }), (numbers) => {
        let memory: SourceMemory | undefined;
        const stored: number[] = [];
        for (const [i, sequence] of numbers.entries()) {
          const admission = admit(
            memory,
            // A hundred frames a second: all within the jitter that is no clock step.
            frame({ sequence, device: sequence / 100 }),
            at(20 + i / 100),
            ADMISSION_BOUNDS_USUAL,
          );
          memory = admission.memory;
          if (admission.tag === 'Stored') {
            stored.push(sequence);
            const newest = Math.max(...stored.slice(0, -1), 0);
            expect(admission.frame.retrospective).toBe(sequence < newest);
          }
        }
        expect([...stored].sort((a, b) => a - b)).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      }),
    );
  });
});

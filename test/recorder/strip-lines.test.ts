import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { waveLines } from '../../services/adapters/influx/influx-waves.ts';

const block = {
  ...{ bed: 'icu-01', device: 1, source: 'monitor-1', start: moment(5e6) },
  ...{ rateNumerator: 250, rateDenominator: 1, offset: 10, samples: Int16Array.of(110, -32_768, 10) },
};
const drawn = (lines: readonly string[]): number[] =>
  lines.filter((line) => line.startsWith('strip,')).map((line) => Number(/ value=(\S+) /.exec(line)![1]));

describe('a strip as lines of the series', () => {
  it.each([
    ['mV', 0.01],
    ['uV', 10],
    ['V', 1e-5],
  ])('is drawn in mV where a lead came in %s, and its block is kept as it came', (unit, gain) => {
    const lines = waveLines({ ...block, code: MDC.ecgII, unit, gain });
    expect(drawn(lines)).toEqual([1, 0]);
    expect(lines[0]).toContain(`ucum="${unit}"`);
    expect(lines[0]).toContain(`gain=${gain}`);
  });

  it('is drawn in mmHg where an arterial pressure came in kPa', () => {
    const [value] = drawn(waveLines({ ...block, code: MDC.abpWave, unit: 'kPa', gain: 0.16 }));
    expect(value).toBeCloseTo(120.01, 2);
  });

  it('is drawn as it came where nobody knows the unit', () => {
    expect(drawn(waveLines({ ...block, code: 150_456_999, unit: 'furlong', gain: 2 }))).toEqual([200, 0]);
  });
});

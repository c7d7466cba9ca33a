import { describe, expect, it } from 'vitest';
import { roundAbove, svgPlot } from '../../services/evaluate/plot.ts';

describe('a plot', () => {
  it('ends its axes at round numbers, so that every tick is what it says', () => {
    expect([0.196, 0.2, 3.2, 1, 0.009, 8.1, 60].map(roundAbove)).toEqual([0.2, 0.2, 4, 1, 0.01, 10, 60]);
    const svg = svgPlot({
      ...{ title: 'Delay', across: 'seconds', up: 'share', acrossMax: 3.2 },
      lines: [{ name: 'said', points: [[3.2, 1]], hasDots: true }],
    });
    const ticks = [...svg.matchAll(/<text x="[\d.]+" y="275" text-anchor="middle">([^<]+)</g)].map(([, tick]) => tick);
    expect(ticks).toEqual(['0', '1', '2', '3', '4']);
    expect(svg).toContain(`<circle cx="${(46 + (230 * 3.2) / 4).toFixed(1)}" cy="30.0"`);
  });

  it('names its lines beside itself and for those who do not see it', () => {
    const lines = ['one', 'two & three'].map((name) => ({ name, points: [[0, 0] as const, [1, 1] as const] }));
    const svg = svgPlot({ title: 'Curves', across: 'x', up: 'y', lines });
    expect(svg).toContain('aria-label="Curves: y against x; one, two &amp; three"');
    expect(svg).toContain('>two &amp; three</text>');
  });
});

import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { WaveBlock } from '../../services/ports/series-store.ts';
import { stripSpanOf } from '../../services/recorder/strip-window.ts';
import { makeStrips, type StripWindow } from '../../services/recorder/strips.ts';
import { alarmEvent, at as secondOfShift } from './ward.ts';

const at = (second: number): Moment => moment(1.7e15 + second * 1e6);
const block = (bed: string, second: number): WaveBlock => ({
  ...{ bed, code: MDC.ecgII, device: 1, source: 'monitor-1', unit: 'mV', start: at(second), gain: 1, offset: 0 },
  ...{ rateNumerator: 4, rateDenominator: 1, samples: new Int16Array(4) },
});
const alarmAt = (bed: string, second: number): StripWindow => ({
  ...{ alarm: `${bed}/vt/${second}`, bed, from: at(second - 10), to: at(second + 10), appendedAt: at(second + 1) },
  ...{ wavePartition: 0, partition: 0, offset: 0n },
});
const heardUntil = (bed: string, from: number, to: number) => {
  const strips = makeStrips(() => undefined);
  for (let second = from; second < to; second++)
    strips.hear({ bed, partition: 0, end: at(second + 1), blocks: [block(bed, second)] });
  return strips;
};

describe('the waves around an alarm', () => {
  it('are all remembered when the alarm comes within the minute', () => {
    const { blocks, forgotten } = heardUntil('icu-01', 0, 100).open(alarmAt('icu-01', 90));
    expect(blocks.map(({ start }) => start)).toEqual(Array.from({ length: 20 }, (_, i) => at(80 + i)));
    expect(forgotten).toBe(false);
  });

  it('are waited for of beds, and not of Vigil itself, which has none', () => {
    expect(stripSpanOf(alarmEvent('icu-01', 90))).toMatchObject({ from: secondOfShift(80), to: secondOfShift(100) });
    expect(stripSpanOf(alarmEvent(VIGIL_BED, 90, { condition: 'log-away' }))).toBeUndefined();
  });

  it('come of a device that sends ten seconds at once, when another of the bed has gone on', () => {
    const strips = heardUntil('icu-01', 0, 45);
    strips.open({ ...alarmAt('icu-01', 40), appendedAt: at(41) });
    for (let second = 45; second < 60; second++) {
      strips.hear({ bed: 'icu-01', partition: 0, end: at(second + 1), blocks: [block('icu-01', second)] });
      strips.kept(0, new Map([['icu-01', at(second + 1)]]), at(second + 1));
    }
    // A start need not read again for it.
    expect([strips.countOpen(), strips.firstOpen(0)]).toEqual([0, undefined]);
    const slow = { ...block('icu-01', 49), source: 'lines', device: 2, samples: new Int16Array(40) };
    expect(strips.hear({ bed: 'icu-01', partition: 0, end: at(59), blocks: [slow] })).toEqual([slow]);
    strips.kept(0, new Map([['icu-01', at(170)]]), at(170));
    expect(strips.hear({ bed: 'icu-01', partition: 0, end: at(171), blocks: [slow] })).toEqual([]);
  });

  it.each([
    ['older than the minute that is remembered', heardUntil('icu-01', 0, 200), 'icu-01'],
    ['from before the bed was heard here', heardUntil('icu-01', 85, 100), 'icu-01'],
    // As after an outage: telemetry is recorded already, the alarm is not, and the process was begun anew in between.
    ['of a bed that was not heard here yet', heardUntil('icu-02', 0, 100), 'icu-01'],
  ])('may lie on the log only, when they are %s', (_, strips, bed) => {
    expect(strips.open(alarmAt(bed, 90)).forgotten).toBe(true);
  });
});

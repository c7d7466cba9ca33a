/** A bed whose time goes back by an hour, because its device's clock or the gateway's was set. */
import { describe, expect, it } from 'vitest';
import { badFrames, conditionsSaid, moved, STILL_FROM_S } from './hostile-bed.ts';

const HOUR_US = 3_600e6;
const RED = ['asystole', 'spo2-desaturation'];

describe('a clock that is set back by an hour', () => {
  it.each([10, STILL_FROM_S, STILL_FROM_S + 1])(
    'holds no red alarm back when the gateway is set back at %d s',
    async (from) => {
      // The gateway takes it for a device that was stepped forward, and says so by a new epoch.
      const frames = badFrames((frame, end) => {
        if (end < from) return;
        frame.gatewayTimeUs -= HOUR_US;
        frame.clockEpoch = 1;
      });
      expect(await conditionsSaid(frames)).toEqual(expect.arrayContaining(RED));
    },
  );

  it('holds no red alarm back when it is that of a device that writes to the log itself', async () => {
    const frames = badFrames((frame, end) => {
      if (end >= 10) moved(frame, -HOUR_US);
    });
    expect(await conditionsSaid(frames)).toEqual(expect.arrayContaining(RED));
  });

  it('ends what stood before it, and lets it begin anew where it is still so', async () => {
    const frames = badFrames((frame, end) => {
      if (end < STILL_FROM_S + 10) return;
      frame.gatewayTimeUs -= HOUR_US;
      frame.clockEpoch = 1;
    });
    const said = await conditionsSaid(frames);
    for (const red of RED) expect(said.filter((word) => word.endsWith(red))).toEqual([red, `-${red}`, red]);
  });

  it('says that a bed is silent whose monitor falls silent with it', async () => {
    const frames = badFrames((frame, end) => {
      if (end <= 10) return;
      const at = frame.gatewayTimeUs - HOUR_US;
      Object.assign(frame, { source: 'vigil-gateway', sequence: end, deviceTimeUs: at, gatewayTimeUs: at });
      Object.assign(frame, {
        waveforms: [],
        numerics: [],
        silence: { $typeName: 'vigil.v1.Silence', sinceUs: at - 1e6, takenAwayBy: '' },
      });
    });
    expect(await conditionsSaid(frames)).toContain('no-signal');
  });
});

/** A bed whose time goes back by an hour, because its device's clock or the gateway's was set. */
import { describe, expect, it } from 'vitest';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { policy } from '../alarms/shift.ts';
import { START } from '../ecg/synthetic-ecg.ts';
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

  it('holds no red alarm back when the device heard before it is silent, and only another speaks', async () => {
    const frames = badFrames((frame, end) => {
      if (end < 10) return;
      frame.gatewayTimeUs -= HOUR_US;
      Object.assign(frame, { clockEpoch: 1, source: 'transport' });
    });
    expect(await conditionsSaid(frames)).toEqual(expect.arrayContaining(RED));
  });

  it('is not believed of a second device whose line was held up for half a minute', async () => {
    const other = badFrames((frame) => Object.assign(frame, { source: 'transport', waveforms: [] })).slice(0, 36);
    const heldUp = other.splice(6);
    const frames = badFrames();
    // They come at once, and the gateway heard them as they come.
    for (const frame of heldUp) frame.gatewayTimeUs = frames[35]!.gatewayTimeUs;
    const held = [...other, ...frames.slice(0, 36), ...heldUp, ...frames.slice(36)];
    const said = await conditionsSaid(held);
    for (const red of RED) expect(said.filter((word) => word.endsWith(red))).toEqual([red]);
  });

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

  it('lets no alarm that begins or comes back have begun in the hour that is still to come', async () => {
    const frames = badFrames((frame, end) => {
      if (end < STILL_FROM_S + 10) return;
      frame.gatewayTimeUs -= HOUR_US;
      frame.clockEpoch = 1;
    });
    const analysis = analysisStage({ preset: presets.vigil, network: undefined });
    const alarms = alarmsStage(policy);
    const records = frames.map(
      (one, i): LogRecord => ({
        ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: 'icu-01', value: encodeTelemetry(one) },
        appendedAt: moment(START + i * 1e6),
      }),
    );
    const [analysed] = await analysis.step([{ bed: 'icu-01', memory: analysis.start('icu-01'), records }]);
    const inputs = analysed!.outputs.filter(({ topic }) => topic === 'vigil.alarm-inputs');
    const [rung] = await alarms.step([
      {
        ...{ bed: 'icu-01', memory: alarms.start('icu-01') },
        records: inputs.map(({ topic, key, value }, i) => ({ ...records[0]!, topic, key, value, offset: BigInt(i) })),
      },
    ]);
    const { alarms: standing, now } = rung!.memory;
    expect(standing.map(({ condition }) => condition)).toEqual(expect.arrayContaining(RED));
    for (const { condition, since } of standing)
      if (RED.includes(condition)) expect(since, condition).toBeLessThanOrEqual(now!);
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

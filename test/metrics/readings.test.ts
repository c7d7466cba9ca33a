import { describe, expect, it } from 'vitest';
import { makeMeters } from '../../services/metrics/meters.ts';
import { readingsOf } from '../../services/metrics/readings.ts';

describe('the figures of a report', () => {
  it('are the samples of /metrics, each with the word that splits it and the bound of its bucket', async () => {
    const meters = makeMeters('thread');
    meters.frames.add(3, 'live');
    meters.bedsAdmitted.set(12);
    meters.alertLatency.seen(0.04);
    meters.httpSeconds.seen(0.2, '/v1/telemetry');
    const told = new Map((await meters.readings()).map(({ metric, label, value }) => [`${metric} ${label}`, value]));
    expect(told.get('vigil_frames_total live')).toBe(3);
    expect(told.get('vigil_beds_admitted ')).toBe(12);
    expect(told.get('vigil_alert_latency_seconds_bucket le=0.05')).toBe(1);
    expect(told.get('vigil_alert_latency_seconds_bucket le=0.025')).toBe(0);
    expect(told.get('vigil_alert_latency_seconds_bucket le=+Inf')).toBe(1);
    expect(told.get('vigil_alert_latency_seconds_count ')).toBe(1);
    expect(told.get('vigil_http_seconds_bucket /v1/telemetry,le=0.25')).toBe(1);
    expect([...told.keys()].filter((key) => key.startsWith('nodejs_'))).toEqual(['nodejs_eventloop_lag_p99_seconds ']);
  });

  it('leave out what is no number, and what the parts of the report say already', () => {
    const values = [{ value: Number.NaN, labels: {} }];
    const state = [{ value: 1, labels: { process: 'front', part: 'log' } }];
    expect(
      readingsOf([
        { name: 'vigil_x', values },
        { name: 'vigil_part_state', values: state },
      ]),
    ).toEqual([]);
  });

  it('of a whole process have its processor time and memory', async () => {
    const told = (await makeMeters().readings()).map(({ metric }) => metric);
    expect(told).toEqual(
      expect.arrayContaining([
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'nodejs_eventloop_lag_p99_seconds',
      ]),
    );
  });
});

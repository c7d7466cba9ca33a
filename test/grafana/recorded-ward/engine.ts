/** Figures of two processes, every ten seconds of the last hour. The second one started anew half an hour ago. */
import type { EngineReading } from '../../../services/ports/series-store.ts';
import { at, HOUR, MINUTE, SECOND } from './story.ts';

const LATENCY = 'vigil_alert_latency_seconds_bucket';
/** Two alerts a minute: one within 25 ms, one within 500 ms. */
const alertsWithin: Readonly<Record<string, number>> = {
  ...{ '0.01': 0, '0.025': 1, '0.05': 1, '0.1': 1, '0.15': 1, '0.25': 1 },
  ...{ '0.5': 2, '1': 2, '2': 2, '5': 2, '10': 2, '+Inf': 2 },
};

export const readingsOfTheHour = (): readonly EngineReading[] => {
  const readings: EngineReading[] = [];
  const says = (process: string, metric: string, label: string, value: number, agoMs: number): void =>
    void readings.push({ process, metric, label, at: at(agoMs), value });
  says('front', 'vigil_process_started', '', 1, HOUR - 5 * SECOND);
  says('analysis-0', 'vigil_process_started', '', 1, 30 * MINUTE - 5 * SECOND);
  for (let i = 0; i < 360; i++) {
    const ago = HOUR - i * 10 * SECOND;
    const minute = Math.floor(i / 6);
    says('front', 'vigil_part_state', 'log', i === 100 ? 2 : 1, ago);
    says('front', 'vigil_stage_lag_seconds', 'analysis', i === 200 ? 4.5 : 0.5, ago);
    says('front', 'vigil_group_lag_records', 'vigil-recorder-telemetry', 12, ago);
    says('front', 'vigil_waves_shed_total', '', i < 180 ? 0 : 25, ago);
    says('front', 'process_cpu_seconds_total', '', i * 2.5, ago);
    says('front', 'process_resident_memory_bytes', '', 100e6 + minute, ago);
    if (i >= 60) says('front', 'vigil_rejected_total', 'too-late', i < 120 ? 3 : 8, ago);
    for (const [bound, alerts] of Object.entries(alertsWithin)) {
      // One of more than 10 s at minute 40.
      const late = bound === '+Inf' && minute >= 40 ? 1 : 0;
      says('front', LATENCY, `le=${bound}`, alerts * minute + late, ago);
    }
    if (i < 181) continue;
    says('analysis-0', 'vigil_inference_provider_info', 'cpu', 1, ago);
    says('analysis-0', 'process_cpu_seconds_total', '', (i - 181) * 5, ago);
  }
  return readings;
};

/**
 * npm run disturb -- [--how kill|upgrade|away|none] [--beds 50] [--seconds 180] [--every 20]
 *   [--series influx|files]
 *
 * A distributed Vigil on a real Kafka under load; every so many seconds another part (front, analysis, alarms, recorder, in
 * turn) is killed with SIGKILL and started again at once, or is upgraded; `away` kills InfluxDB once, after `every` seconds, and
 * starts it again 20 s before the end. At the end everything that was said, shown and
 * recorded is compared with the undisturbed run over the same telemetry. The alert gap is the longest time that a planned
 * alarm came after the end of its decisive frame, at a console that resumes by its cursor.
 */
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { bedNames, framesIn, playLoad } from '../bench/load.ts';
import { ownInfluxForTests } from '../servers/influx.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { inTurn, killAndRestart, upgrade } from './disturbances.ts';
import { recordingOf } from './recording.ts';
import { audit, comeToRest, discharge, lateness, openWard, type Part, type Ward } from './ward.ts';

const { values } = parseArgs({
  options: {
    how: { type: 'string', default: 'kill' },
    beds: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '180' },
    every: { type: 'string', default: '20' },
    series: { type: 'string', default: 'influx' },
  },
});
const [beds, seconds, every] = [Number(values.beds), Number(values.seconds), Number(values.every)];
if (
  !['kill', 'upgrade', 'away', 'none'].includes(values.how) ||
  !['influx', 'files'].includes(values.series) ||
  !(beds >= 1 && seconds >= 30 && every >= 10)
) {
  console.error(
    'usage: npm run disturb -- [--how kill|upgrade|away|none] [--beds N] [--seconds, ≥ 30] [--every, ≥ 10] [--series influx|files]',
  );
  process.exit(2);
}

const kafka = await kafkaForTests();
if ('skipped' in kafka) throw new Error(kafka.skipped);
const influx = values.series === 'influx' ? await ownInfluxForTests() : undefined;
if (influx !== undefined && 'skipped' in influx) throw new Error(influx.skipped);
const BACK_BEFORE_S = 20;
const row = (name: string, value: string | number): void => console.log(`${name.padEnd(44)}${value}`);

interface Disturbance {
  readonly part: Part;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Disturbs part after part; the first after two spans, so that the load runs. Answers how to end it. */
const disturbing = (ward: Ward) => {
  const done: Disturbance[] = [];
  let busy: Promise<void> = Promise.resolve();
  let step = 0;
  const once = async (): Promise<void> => {
    const [part, fromMs] = [inTurn(step++), Date.now()];
    if (values.how === 'kill') await killAndRestart(ward, part);
    else await upgrade(ward, part);
    done.push({ part, fromMs, toMs: Date.now() });
  };
  const timer = setInterval(() => {
    busy = busy.then(once);
  }, every * 1e3);
  if (values.how === 'none' || values.how === 'away') clearInterval(timer);
  return {
    done,
    end: (): Promise<void> => {
      clearInterval(timer);
      return busy;
    },
  };
};

/** Answers for how many seconds InfluxDB was away. */
const seriesAway = async (): Promise<number> => {
  if (influx === undefined) throw new Error('only an InfluxDB can be away: --series influx');
  await pause(every * 1e3);
  const fromMs = Date.now();
  await influx.kill();
  await pause((seconds - every - BACK_BEFORE_S) * 1e3);
  await influx.start();
  return (Date.now() - fromMs) / 1e3;
};

const ward = await openWard(kafka.brokers, influx?.url);
try {
  row('machine', `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
  row('how, beds, seconds, every, series', `${values.how}, ${beds}, ${seconds}, ${every}, ${values.series}`);
  const load = playLoad(beds, seconds, `ws://${ward.address}`);
  const disturbances = disturbing(ward);
  const away = values.how === 'away' ? seriesAway() : undefined;
  await pause(seconds * 1e3);
  await disturbances.end();
  const awayS = await away;
  await load.finished;
  await discharge(ward, beds);
  await comeToRest(ward);
  const names = bedNames(beds);
  const { planned, lost, unplanned, lateMs, each } = lateness(load.planned, ward);
  const found = await audit(
    ward,
    names.map((bed) => ({ bed, frames: framesIn(seconds) })),
  );
  const recording = await recordingOf(ward, [...names, VIGIL_BED]);
  row('frames, findings, inputs, alarm events', Object.values(found.counts).join(', '));
  if (awayS !== undefined) row('InfluxDB was away, s', awayS.toFixed(0));
  row('disturbances', disturbances.done.map(({ part }) => part).join(' '));
  for (const { part, fromMs, toMs } of disturbances.done) {
    const within = each.filter(({ intendedMs }) => intendedMs > fromMs - 2_000 && intendedMs < fromMs + every * 500);
    const gap = Math.max(...within.map((one) => one.lateMs));
    row(`  ${part}: ran again after ms, worst alarm ms`, `${toMs - fromMs}, ${within.length === 0 ? 'none' : gap}`);
  }
  row('alarms planned / lost / not planned', `${planned} / ${lost} / ${unplanned}`);
  row(
    'alarm late p50 / p99 / most (the gap) ms',
    [0.5, 0.99, 1].map((p) => lateMs[Math.ceil(lateMs.length * p) - 1]).join(' / '),
  );
  row('frames not exactly once', found.frames.length);
  row(
    'beds with other findings, inputs, alarms',
    [found.findings, found.inputs, found.alarms].map((each) => each.length).join(', '),
  );
  row('transitions lost / doubled at the console', `${found.console.lost.length} / ${found.console.extra.length}`);
  row('sessions of the console, not resumed', `${ward.console.sessions()}, ${ward.console.unresumed()}`);
  row('points recorded', JSON.stringify(recording.points));
  for (const line of recording.lost.slice(0, 3)) row('  lost, for example', line);
  row('points lost / beyond the undisturbed', `${recording.lost.length} / ${recording.extra.length}`);
  const faults =
    lost +
    found.frames.length +
    found.findings.length +
    found.inputs.length +
    found.alarms.length +
    found.console.lost.length +
    found.console.extra.length +
    recording.lost.length +
    recording.extra.length;
  if (faults > 0) process.exitCode = 1;
} finally {
  await ward.close();
  await kafka.stop();
  await influx?.stop();
}

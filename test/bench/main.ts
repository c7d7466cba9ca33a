/**
 * npm run bench -- --beds N [--log embedded|kafka] [--seconds S]
 *
 * Open loop through gateway, log, analysis, alarms and a WebSocket client. Alert latency runs from the moment at which the
 * decisive frame should have been sent (its own length is over by then) to the alarm frame's arrival at the client, on one
 * clock, without coordinated omission. Lost: a planned alarm that never came; duplicated: one alarm that went on twice.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from 'hdr-histogram-js';
import { type Deployment, deployEmbedded, deployKafka, type Usage, usageOf } from '../servers/vigil.ts';
import { type ConsoleClient, openConsole } from './console-client.ts';
import { type PlannedAlarm, playLoad, WARM_UP_S } from './load.ts';

const { values } = parseArgs({
  options: {
    beds: { type: 'string', default: '100' },
    log: { type: 'string', default: 'embedded' },
    seconds: { type: 'string', default: '60' },
  },
});
const beds = Number(values.beds);
const lengthS = Number(values.seconds);
if (!Number.isInteger(beds) || beds < 1 || !(lengthS > WARM_UP_S + 10) || !['embedded', 'kafka'].includes(values.log)) {
  console.error(`usage: npm run bench -- --beds N [--log embedded|kafka] [--seconds S, more than ${WARM_UP_S + 10}]`);
  process.exit(2);
}

/** A Vigil that has fallen behind is waited for, this long at most: late is not lost, and is measured as late. */
const DRAIN_MS_MAX = 240_000;

/** Planned and seen alarms of one bed belong together in their order. */
const match = (planned: readonly PlannedAlarm[], client: ConsoleClient) => {
  const latencies = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 600_000,
    numberOfSignificantValueDigits: 3,
  });
  const perBed = Map.groupBy(client.seen, ({ bed }) => bed);
  let lost = 0;
  for (const { bed, intendedMs } of planned) {
    const seen = perBed.get(bed)?.shift();
    if (seen === undefined) lost++;
    else latencies.recordValue(Math.max(1, Math.round(seen.atMs - intendedMs)));
  }
  const unplanned = [...perBed.values()].reduce((sum, rest) => sum + rest.length, 0);
  const duplicated = client.seen.length - new Set(client.seen.map(({ alarm }) => alarm)).size;
  return { latencies, lost, duplicated, unplanned };
};

const gauge = (text: string, name: string): string =>
  new RegExp(`^${name}[^\\n]* ([\\d.e+-]+)$`, 'm').exec(text)?.[1] ?? 'unknown';

const deployment: Deployment = values.log === 'kafka' ? await deployKafka() : await deployEmbedded();
try {
  const client = await openConsole(`ws://${deployment.url}`);
  const usages = (): Usage[] => deployment.processes.map(({ pid }) => usageOf(pid));
  const load = playLoad(beds, lengthS, `ws://${deployment.url}`);
  await new Promise((done) => setTimeout(done, WARM_UP_S * 1e3));
  const [before, beganMs] = [usages(), Date.now()];
  await load.finished;
  const [after, endedMs] = [usages(), Date.now()];
  const metrics = await fetch(`http://${deployment.url}/metrics`).then((answer) => answer.text());
  const drainedBy = Date.now() + DRAIN_MS_MAX;
  while (client.seen.length < load.planned.length && Date.now() < drainedBy)
    await new Promise((done) => setTimeout(done, 250));
  const drainS = Math.max(0, (Date.now() - endedMs) / 1e3);
  const { latencies, lost, duplicated, unplanned } = match(load.planned, client);
  client.close();
  const spentS = (endedMs - beganMs) / 1e3;
  const cpu = deployment.processes.map(({ name }, i) => ({
    name,
    s: after[i]!.cpuS - before[i]!.cpuS,
    rss: after[i]!.rssMb,
  }));
  const total = cpu.reduce((sum, { s }) => sum + s, 0);
  const counts = load.counts();
  const row = (name: string, value: string): void => console.log(`${name.padEnd(34)}${value}`);
  row('machine', `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
  row('log, beds, seconds', `${values.log}, ${beds}, ${lengthS}`);
  row('alert latency p50 / p99 / p99.9 ms', [50, 99, 99.9].map((p) => latencies.getValueAtPercentile(p)).join(' / '));
  row('alert latency max ms', String(latencies.maxValue));
  row('alarms planned / lost / duplicated', `${load.planned.length} / ${lost} / ${duplicated}`);
  row('alarms not planned', String(unplanned));
  row('CPU per bed-second, us', ((total / (beds * spentS)) * 1e6).toFixed(0));
  for (const { name, s, rss } of cpu) row(`  ${name}: cores, RSS MB`, `${(s / spentS).toFixed(2)}, ${rss.toFixed(0)}`);
  row('analysis lag at the end, s', gauge(metrics, 'vigil_stage_lag_seconds\\{stage="analysis"\\}'));
  row('caught up after the load, s', drainS.toFixed(1));
  row(
    'frames sent / acked / refused / lost',
    [counts.sent, counts.acknowledged, counts.refused, counts.lost].join(' / '),
  );
  row('generator late at worst, ms', load.lateMsMax().toFixed(0));
  row('console: waves, shed', `${client.waveFrames()}, ${client.shed()}`);
  if (lost > 0 || duplicated > 0) process.exitCode = 1;
} finally {
  await deployment.stop();
}

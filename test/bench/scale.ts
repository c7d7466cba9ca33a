/**
 * npm run scale -- [--stage analysis|alarms] [--share 0.2] [--members 1,2] [--seconds 40] [--partitions 4] [--p99 1000]
 *                  [--beds N,M]
 *
 * How many beds one process of a stage carries, and how many two, each with the same bounded share of a core. The stage's topic
 * is written straight on a real Kafka, open loop; a desaturation every 13 s a bed is the alarm. Latency runs from the moment
 * at which the decisive record should have been written to the alarm's arrival at a reader of vigil.alarms, on one clock. Beds
 * are carried when no alarm is lost or doubled, p99 <= 1 s (or --p99 ms) and the lag does not grow. Without --beds the greatest such
 * number is searched for, to 6 %.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { partitionOfKey } from '../../services/ports/key-partition.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { bedNames } from './load.ts';
import { type Outcome, percentile, runTrial, type StageName, stages } from './scale-trial.ts';

const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'analysis' },
    share: { type: 'string', default: '0.2' },
    members: { type: 'string', default: '1,2' },
    seconds: { type: 'string', default: '40' },
    partitions: { type: 'string', default: '4' },
    p99: { type: 'string', default: '1000' },
    beds: { type: 'string' },
  },
});
const stage = values.stage as StageName;
const [share, seconds, partitions] = [Number(values.share), Number(values.seconds), Number(values.partitions)];
const memberCounts = values.members.split(',').map(Number);
const p99MsMax = Number(values.p99);
const bedsAsked = values.beds?.split(',').map(Number);
const isCount = (n: number): boolean => Number.isInteger(n) && n > 0;
if (
  !Object.hasOwn(stages, stage) ||
  !(share > 0 && seconds >= 20 && p99MsMax > 0 && isCount(partitions)) ||
  !memberCounts.every((n) => isCount(n) && n <= partitions) ||
  !(bedsAsked ?? []).every(isCount)
) {
  console.error(
    'usage: npm run scale -- [--stage analysis|alarms] [--share of a core] [--members 1,2] [--seconds, at least 20] [--partitions N] [--p99 ms] [--beds N,M,…]',
  );
  process.exit(2);
}

/** A search ends when it knows the number as exactly as this. */
const EXACT = 1.06;
/** CPU that a bed costs, for the first guess of a search. */
const CORES_PER_BED: Readonly<Record<StageName, number>> = { analysis: 2.4e-3, alarms: 0.06e-3 };

const kafka = await kafkaForTests();
if ('skipped' in kafka) throw new Error(kafka.skipped);

const spreadOf = (beds: number): readonly number[] => {
  const spread = new Array<number>(partitions).fill(0);
  for (const bed of bedNames(beds)) spread[partitionOfKey('vigil.telemetry', bed, partitions)]!++;
  return spread;
};

const ms = (latencies: readonly number[]): string =>
  [50, 99, 99.9].map((p) => Math.round(percentile(latencies, p))).join(' / ');

const tell = (members: number, beds: number, outcome: Outcome): void => {
  const {
    latenciesMs,
    planned,
    lost,
    doubled,
    lagS,
    cores,
    throttledS,
    generatorLateMs,
    stolen,
    idle,
    spread,
    because,
  } = outcome;
  const throttled = throttledS.map((s) => s?.toFixed(0) ?? 'not counted').join(', ');
  console.log(
    [
      `| ${members} x ${share} | ${beds} | ${ms(latenciesMs)} | ${planned} / ${lost} / ${doubled}`,
      `${lagS.map((s) => s.toFixed(2)).join(', ')} | ${cores.map((c) => c.toFixed(3)).join(', ')} | ${throttled}`,
      `${spread.join(', ')} | ${generatorLateMs.toFixed(0)} | ${(stolen * 100).toFixed(0)}, ${(idle * 100).toFixed(0)} | ${because === '' ? 'carried' : because} |`,
    ].join(' | '),
  );
};

const isCarried = async (members: number, beds: number): Promise<boolean> => {
  const trial = { brokers: kafka.brokers, stage, members, share, partitions, beds, seconds, p99MsMax };
  const outcome = await runTrial(trial, spreadOf(beds));
  tell(members, beds, outcome);
  return outcome.because === '';
};

/** The greatest number of beds that is carried. One that was not carried is tried once more: others use the machine, too. */
const search = async (members: number, guess: number): Promise<number> => {
  const tried = async (beds: number): Promise<boolean> =>
    (await isCarried(members, beds)) || (await isCarried(members, beds));
  let [carried, tooMany, beds] = [0, Number.POSITIVE_INFINITY, guess];
  while (tooMany / carried > EXACT && beds > 1) {
    if (await tried(beds)) carried = beds;
    else tooMany = beds;
    beds = Math.round(
      carried === 0 ? beds / 1.5 : tooMany === Number.POSITIVE_INFINITY ? beds * 1.3 : Math.sqrt(carried * tooMany),
    );
  }
  return carried;
};

try {
  console.log(`${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
  console.log(`stage ${stage}, ${partitions} partitions, ${seconds} s after a warm-up of 15 s`);
  console.log(
    '| processes x share | beds | latency p50 / p99 / p99.9 ms | alarms planned / lost / doubled | lag s, middle and end | cores used | throttled s | beds per partition | generator late ms | stolen, idle % | |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|---|');
  const carried: number[] = [];
  for (const members of memberCounts) {
    if (bedsAsked !== undefined) for (const beds of bedsAsked) await isCarried(members, beds);
    else carried.push(await search(members, Math.round((carried[0] ?? share / CORES_PER_BED[stage]) * members)));
  }
  for (const [i, beds] of carried.entries())
    console.log(`${memberCounts[i]} x ${share}: ${beds} beds, ${(beds / carried[0]!).toFixed(2)} of the first`);
} finally {
  await kafka.stop();
}

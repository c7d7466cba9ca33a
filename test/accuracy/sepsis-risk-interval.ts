/**
 * Goal: the interval beside a risk of sepsis (stream-models/deterioration/risk-levels.ts), measured. Method: hours of wards that a network
 * never saw, by the risk that it said (what `sepsis-other-wards.ts` left in its OUT: fitted without the ward, calibrated by stays of the others);
 * how often sepsis came among them, in each ward by itself, with 95 % by bootstrap over its stays. The interval of a level reaches from the lowest end
 * to the highest of all wards with at least ten stays in that level: intervals of fewer tell nothing.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-risk-interval.ts OUT > stream-models/deterioration/risk-levels.ts
 *
 * The table of the card goes to stderr.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { DETERIORATION_MODEL } from '../../services/stays/deterioration-model.ts';
import { decided, decisionBy, type HeldOutFold } from '../../services/train/deterioration/stay-folds.ts';
import { intervalAt, type RiskLevel, risingLevels } from '../../stream-models/deterioration/risk-interval.ts';
import { bootstrap, type Interval } from '../../stream-models/evaluation/bootstrap.ts';
import type { JudgedStay } from '../../stream-models/evaluation/sepsis-figures.ts';

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('Name the folder that sepsis-other-wards.ts wrote: sepsis-risk-interval.ts OUT');

/** Risks between which hours are taken together; chosen before any figure was seen. */
const EDGES = [0, 0.002, 0.004, 0.006, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32, 1];

/** As in the tables of subgroups. */
const STAYS_MIN = 10;

type Said = readonly { readonly labels: Uint8Array; readonly risks: Float64Array }[];
const foldOf = (said: Said): HeldOutFold => ({
  stays: said.map(({ labels }) => ({ patientId: '', rows: [], labels })),
  risks: said.map(({ risks }) => risks),
});
const kept = deserialize(await readFile(join(out, 'wards.v8'))) as Record<string, { chosenBy: Said; outside: Said }>;
const wards = Object.entries(kept).map(([name, { chosenBy, outside }]) => ({
  name,
  judged: decided(foldOf(outside), decisionBy([foldOf(chosenBy)])),
}));

interface Level {
  readonly hours: number;
  readonly stays: number;
  readonly said: Interval;
  readonly came: Interval;
}

/** One level of one ward: hours whose risk lies in it. undefined: they are of too few stays. */
const levelOf = (judged: readonly JudgedStay[], from: number, to: number): Level | undefined => {
  const sums = judged.flatMap(({ labels, risks }) => {
    let [hours, said, came] = [0, 0, 0];
    for (let i = 0; i < labels.length; i++)
      if (risks[i]! >= from && risks[i]! < to) {
        hours++;
        said += risks[i]!;
        came += labels[i]!;
      }
    return hours === 0 ? [] : [{ hours, said, came }];
  });
  if (sums.length < STAYS_MIN) return undefined;
  const total = (name: 'hours' | 'said' | 'came', drawn: Uint32Array): number =>
    sums.reduce((sum, each, i) => sum + drawn[i]! * each[name], 0);
  const found = bootstrap({ patients: sums.length, resamples: 1000, seed: 1, level: 0.95 }, (drawn) => {
    const hours = total('hours', drawn);
    return { said: total('said', drawn) / hours, came: total('came', drawn) / hours };
  });
  return { hours: sums.reduce((sum, { hours }) => sum + hours, 0), stays: sums.length, ...found };
};

const percent = (share: number): string => (100 * share).toFixed(share < 0.01 ? 2 : 1);
const everyone = wards.flatMap(({ judged }) => judged);
const levels: RiskLevel[] = [];
console.error(`| risk said, % | ${wards.map(({ name }) => `${name}: hours, stays; came, %`).join(' | ')} |`);
console.error(`|---|${wards.map(() => '---').join('|')}|`);
for (const [i, from] of EDGES.slice(0, -1).entries()) {
  const whole = levelOf(everyone, from, EDGES[i + 1]!);
  if (whole === undefined) continue;
  const each = wards.map(({ judged }) => levelOf(judged, from, EDGES[i + 1]!));
  const there = each.filter((level) => level !== undefined);
  levels.push({
    risk: whole.said.value,
    low: Math.min(...there.map(({ came }) => came.low)),
    high: Math.max(...there.map(({ came }) => came.high)),
  });
  const cells = each.map((level) =>
    level === undefined
      ? 'too few stays'
      : `${level.hours}, ${level.stays}; ${percent(level.came.value)} [${percent(level.came.low)}, ${percent(level.came.high)}]`,
  );
  console.error(`| ${percent(whole.said.value)} | ${cells.join(' | ')} |`);
}
const rising = risingLevels(levels);
for (const risk of [0.002, 0.01, 0.02, 0.0333, 0.05, 0.1, 0.2, 0.3]) {
  const { low, high } = intervalAt(rising, risk);
  console.error(`${percent(risk)} % (${percent(low)} to ${percent(high)})`);
}

const sha256 = createHash('sha256')
  .update(await readFile(DETERIORATION_MODEL))
  .digest('hex');
const rounded = (share: number): number => Number(share.toPrecision(4));
console.log(
  [
    "import type { RiskLevels } from './risk-interval.ts';",
    '',
    '/** Written by test/accuracy/sepsis-risk-interval.ts; how it was measured is in MODEL_CARD.md. */',
    'export const riskLevels: RiskLevels = {',
    `  model: '${sha256}',`,
    '  levels: [',
    ...rising.map(
      ({ risk, low, high }) => `    { risk: ${rounded(risk)}, low: ${rounded(low)}, high: ${rounded(high)} },`,
    ),
    '  ],',
    '};',
  ].join('\n'),
);

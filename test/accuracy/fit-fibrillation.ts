/**
 * Fits the logistic rule of stream-models/fibrillation/fibrillation-rule.ts and prints its cross-validated figures:
 *
 *   node test/accuracy/fit-fibrillation.ts VFDB_DIR MITDB_DIR [--write]
 *
 * Every second of every record gives one look per lead. Positive: four seconds wholly annotated VFIB or VFL. Negative:
 * wholly annotated anything else; VT only where its dominant frequency is below 2.6 Hz. Left out of the fit: windows across
 * an annotation, noise, faster VT (of vfdb's VT records several are fibrillation to the eye), and in record 418 the parts
 * between its annotated flutter episodes that look like flutter. Records with much fibrillation weigh less per second.
 * Cross-validation leaves out one record at a time; `--write` stores the rule fitted on all of them.
 */
import { writeFileSync } from 'node:fs';
import { recordNames } from '../../services/recordings/wfdb/record.ts';
import {
  type FibrillationFeatures,
  fibrillationFeatures,
} from '../../stream-models/fibrillation/fibrillation-features.ts';
import { termNames, termsOf } from '../../stream-models/fibrillation/fibrillation-rule.ts';
import { listen, open, RECORD_START_US, reference } from './listen.ts';

interface Window {
  readonly record: string;
  readonly rhythms: readonly string[];
  readonly terms: readonly (readonly number[])[];
  readonly peakHz: number;
}

interface Rule {
  readonly bias: number;
  readonly terms: readonly number[];
}

const FIBRILLATION = new Set(['VFIB', 'VFL']);
const STRETCHES = 16;
const SAMPLES = 1_000;

const windowsOf = async (directory: string, name: string): Promise<readonly Window[]> => {
  const record = await open(directory, name);
  const { spans } = await reference(directory, record);
  const rhythmAt = (at: number): string => spans.findLast(({ from }) => from <= at)?.rhythm ?? '';
  const recent = new Map<number, Float32Array[]>();
  const windows: Window[] = [];
  let steps = 0;
  for (const sighting of listen(record)) {
    if (sighting.tag === 'EcgBroken') recent.clear();
    if (sighting.tag !== 'EcgProgress') continue;
    for (const { code, samplesMv } of sighting.leads)
      recent.set(code, [...(recent.get(code) ?? []).slice(1 - STRETCHES), samplesMv]);
    if (++steps % 4 !== 0 || steps < STRETCHES) continue;
    const features = [...recent.values()].flatMap((stretches): FibrillationFeatures[] => {
      const all = Float64Array.from(stretches.flatMap((stretch) => [...stretch]));
      const found = fibrillationFeatures(all.subarray(Math.max(0, all.length - SAMPLES)));
      return found ? [found] : [];
    });
    const at = (sighting.at - RECORD_START_US) / 1e6;
    const rhythms = [4, 3, 2, 1, 0].map((ago) => rhythmAt(at - ago));
    const peakHz = Math.max(...features.map((found) => found.peakHz));
    windows.push({ record: name, rhythms, terms: features.map(termsOf), peakHz });
  }
  return windows;
};

/** 1, 0, or undefined when the window is not for fitting. */
const labelOf = ({ record, rhythms, peakHz }: Window): 0 | 1 | undefined => {
  const within = rhythms.filter((rhythm) => FIBRILLATION.has(rhythm)).length;
  if (within === rhythms.length) return 1;
  if (within > 0 || rhythms.includes('') || rhythms.includes('NOISE')) return undefined;
  if (rhythms.includes('VT')) return rhythms.every((rhythm) => rhythm === 'VT') && peakHz < 2.6 ? 0 : undefined;
  return record === '418' && peakHz > 2.4 ? undefined : 0;
};

const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(rows[k]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = k;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const factor = rows[k]![i]! / rows[i]![i]!;
      for (let j = i; j <= n; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
};

interface Example {
  readonly terms: readonly number[];
  readonly label: 0 | 1;
  readonly weight: number;
}

const RIDGE = 3;
const ROUNDS = 12;

/** Ridge logistic regression by Newton's method on standardised terms. */
const fitRule = (examples: readonly Example[]): Rule => {
  const width = termNames.length;
  const mean = termNames.map((_, j) => examples.reduce((sum, { terms }) => sum + terms[j]!, 0) / examples.length);
  const spread = termNames.map((_, j) =>
    Math.sqrt(examples.reduce((sum, { terms }) => sum + (terms[j]! - mean[j]!) ** 2, 0) / examples.length),
  );
  const beta = new Float64Array(width + 1);
  const z = new Float64Array(width + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const curvature = Array.from({ length: width + 1 }, () => new Float64Array(width + 1));
    const slope = new Float64Array(width + 1);
    for (const { terms, label, weight } of examples) {
      z[0] = 1;
      let logit = beta[0]!;
      for (let j = 0; j < width; j++) {
        z[j + 1] = (terms[j]! - mean[j]!) / spread[j]!;
        logit += z[j + 1]! * beta[j + 1]!;
      }
      const p = 1 / (1 + Math.exp(-logit));
      for (let j = 0; j <= width; j++) {
        slope[j]! += weight * (label - p) * z[j]!;
        for (let k = 0; k <= j; k++) curvature[j]![k]! += weight * p * (1 - p) * z[j]! * z[k]!;
      }
    }
    for (let j = 0; j <= width; j++) {
      for (let k = 0; k < j; k++) curvature[k]![j] = curvature[j]![k]!;
      curvature[j]![j]! += j === 0 ? 1e-3 : RIDGE;
      if (j > 0) slope[j]! -= RIDGE * beta[j]!;
    }
    const step = solve(
      curvature.map((row) => [...row]),
      [...slope],
    );
    for (let j = 0; j <= width; j++) beta[j]! += step[j]!;
  }
  const terms = spread.map((s, j) => beta[j + 1]! / s);
  return { terms, bias: beta[0]! - terms.reduce((sum, term, j) => sum + term * mean[j]!, 0) };
};

const POSITIVE_SECONDS = 600;

const examplesOf = (windows: readonly Window[]): readonly Example[] => {
  const positives = new Map<string, number>();
  for (const window of windows)
    if (labelOf(window) === 1) positives.set(window.record, (positives.get(window.record) ?? 0) + 1);
  return windows.flatMap((window, i) => {
    const label = labelOf(window);
    // Of the plain hours every third second is enough; record 418 is the only wide, slow one.
    if (label === undefined || (label === 0 && window.record !== '418' && i % 3 !== 0)) return [];
    const weight =
      label === 0 ? (window.record === '418' ? 3 : 1) : Math.sqrt(POSITIVE_SECONDS / positives.get(window.record)!);
    return window.terms.map((terms) => ({ terms, label, weight }));
  });
};

const logitOf = ({ bias, terms }: Rule, { terms: leads }: Window): number =>
  leads.length === 0
    ? Number.NEGATIVE_INFINITY
    : leads.reduce((sum, lead) => sum + lead.reduce((s, x, j) => s + x * terms[j]!, bias), 0) / leads.length;

const print = (line: string) => process.stdout.write(`${line}\n`);

const report = (record: string, windows: readonly Window[], rule: Rule): void => {
  const byRhythm = Map.groupBy(windows, ({ rhythms }) =>
    rhythms.every((r) => r === rhythms[0]) ? rhythms[0]! : 'mixed',
  );
  const share = (some: readonly Window[]) =>
    (100 * some.filter((window) => logitOf(rule, window) > 0).length) / some.length;
  const cells = [...byRhythm].map(
    ([rhythm, some]) => `${rhythm || '?'} ${share(some).toFixed(1)} % of ${some.length} s`,
  );
  print(`${record}: ${cells.join(', ')}`);
};

const written = ({ bias, terms }: Rule): string => `/**
 * Written by test/accuracy/fit-fibrillation.ts from vfdb-dev and mitdb-ds1; not to be edited by hand. The order of the
 * terms is that of \`termNames\` in fibrillation-rule.ts.
 */
export const fibrillationWeights: { readonly bias: number; readonly terms: readonly number[] } = {
  bias: ${bias.toPrecision(8)},
  terms: [
${terms.map((term) => `    ${term.toPrecision(8)},`).join('\n')}
  ],
};
`;

const [vfdb, mitdb, option] = process.argv.slice(2);
if (vfdb === undefined || mitdb === undefined) {
  process.stderr.write('usage: fit-fibrillation.ts VFDB_DIR MITDB_DIR [--write]\n');
  process.exit(2);
}
const all: Window[] = [];
for (const directory of [vfdb, mitdb])
  for (const name of await recordNames(directory))
    for (const window of await windowsOf(directory, name)) all.push(window);
const whole = fitRule(examplesOf(all));
print('Share of seconds called fibrillation by the rule fitted without the record:');
for (const record of new Set(all.map((window) => window.record))) {
  const others = fitRule(examplesOf(all.filter((window) => window.record !== record)));
  report(
    record,
    all.filter((window) => window.record === record),
    others,
  );
}
termNames.forEach((name, j) => {
  print(`${name}: ${whole.terms[j]!.toFixed(3)}`);
});
if (option === '--write') {
  const file = new URL('../../stream-models/fibrillation/fibrillation-weights.ts', import.meta.url);
  writeFileSync(file, written(whole));
}

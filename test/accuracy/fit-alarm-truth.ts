/**
 * Fits the models of stream-models/corroboration/alarm-models.ts and prints their cross-validated figures:
 *
 *   node test/accuracy/fit-alarm-truth.ts CINC2015_DIR [--terms few|all|chosen] [--seeds N] [--beats DIR] [--rhythm DIR] [--evidence FILE] [--write]
 *
 * Every record gives one case: the evidence at its end (alarm-cases.ts). Ten folds by record, anew for each seed
 * (alarm-folds.ts). `--terms few` (usual): the terms of alarm-terms.ts; `all`: every term there is; `chosen`: the
 * terms are chosen anew inside each fold, among all of them. `--beats`: the folder of
 * `beats-without-strangers.ts`, networks of beats that did not learn from the record that they hear, `--rhythm`: that of
 * `rhythm-without-alarms.ts`; without them the shipped ones hear all. `--evidence` keeps the evidence in a file, so that a second run need not listen again. `--write` stores the models fitted on all records, and the figures.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ALARM_KINDS, type AlarmKind } from '../../stream-models/corroboration/claim.ts';
import {
  type AlarmCounts,
  challengeScore,
  countAlarms,
  type JudgedAlarm,
  sensitivityOf,
  specificityOf,
} from '../../stream-models/evaluation/alarm-truth.ts';
import { auroc, rank } from '../../stream-models/evaluation/auroc.ts';
import { BOOTSTRAP_USUAL, bootstrap, quantile } from '../../stream-models/evaluation/bootstrap.ts';
import { readAlarmCases } from './alarm-cases.ts';
import { crossValidated, FOLDS, fitKind, type TermsFrom } from './alarm-folds.ts';
import { allAlarmTerms, denials, rhythmWords } from './alarm-terms.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    terms: { type: 'string', default: 'few' },
    seeds: { type: 'string', default: '10' },
    beats: { type: 'string' },
    rhythm: { type: 'string' },
    evidence: { type: 'string' },
    write: { type: 'boolean' },
  },
});
const directory = positionals[0];
const termsFrom = (['few', 'all', 'chosen'] as const).find((each): each is TermsFrom => each === values.terms);
if (directory === undefined || termsFrom === undefined) {
  process.stderr.write(
    'usage: fit-alarm-truth.ts CINC2015_DIR [--terms few|all|chosen] [--seeds N] [--beats DIR] [--rhythm DIR] [--evidence FILE] [--write]\n',
  );
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);

const percent = (share: number): string => (100 * share).toFixed(1);
const meanOf = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;
const meanCounts = (all: readonly AlarmCounts[]): AlarmCounts => ({
  truePositives: meanOf(all.map((each) => each.truePositives)),
  falsePositives: meanOf(all.map((each) => each.falsePositives)),
  falseNegatives: meanOf(all.map((each) => each.falseNegatives)),
  trueNegatives: meanOf(all.map((each) => each.trueNegatives)),
});

const cases = await readAlarmCases(directory, { file: values.evidence, beats: values.beats, rhythm: values.rhythm });
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const runs = seeds.map((seed) => crossValidated(cases, seed, termsFrom));

/** Score of resampled records, each judged as in every run, all runs together. */
const figuresOf = (which: (alarm: JudgedAlarm) => boolean) => {
  const numbers = runs[0]!.map((_, i) => i).filter((i) => which(runs[0]![i]!));
  const ofRuns = runs.map((run) => numbers.map((i) => run[i]!));
  const counts = meanCounts(ofRuns.map((run) => countAlarms(run)));
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, patients: numbers.length }, (drawn) => {
    const mean = meanCounts(ofRuns.map((run) => countAlarms(run, drawn)));
    return { score: challengeScore(mean), sensitivity: sensitivityOf(mean), specificity: specificityOf(mean) };
  });
  const scores = ofRuns.map((run) => challengeScore(countAlarms(run))).sort((a, b) => a - b);
  const areas = ofRuns.map((run) =>
    auroc(
      rank(
        run.map(({ probability }) => probability),
        run.map(({ isTrue }) => (isTrue ? 1 : 0)),
      ),
    ),
  );
  const sensitivities = ofRuns.map((run) => sensitivityOf(countAlarms(run)));
  return {
    alarms: numbers.length,
    counts,
    ...intervals,
    auroc: meanOf(areas),
    scoreOfSeeds: { least: scores[0]!, middle: quantile(scores, 0.5), most: scores.at(-1)! },
    leastSensitivityOfSeeds: Math.min(...sensitivities),
  };
};
type Figures = ReturnType<typeof figuresOf>;

const line = (name: string, { counts, score, sensitivity, specificity, auroc: area, ...rest }: Figures): string => {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = counts;
  const four = [tp, fp, fn, tn].map((n) => n.toFixed(1).padStart(6)).join('');
  const of = ({ value, low, high }: typeof score): string => `${percent(value)} (${percent(low)}–${percent(high)})`;
  const { least, most } = rest.scoreOfSeeds;
  return `${name.padEnd(14)}${four}  score ${of(score)}, seeds ${percent(least)}–${percent(most)}; Se ${of(sensitivity)}, least ${percent(rest.leastSensitivityOfSeeds)}; Sp ${of(specificity)}; AUROC ${area.toFixed(3)}`;
};

print(
  `${cases.length} alarms, terms: ${termsFrom}, ${seeds.length} seeds, ${FOLDS} folds; TP FP FN TN are means over the seeds`,
);
const overall = figuresOf(() => true);
const kinds = Object.fromEntries(ALARM_KINDS.map((kind) => [kind, figuresOf((alarm) => alarm.kind === kind)]));
print(line('all', overall));
for (const kind of ALARM_KINDS) print(line(kind, kinds[kind]!));

/** The thresholds of all kinds moved together: what more or less caution would have cost. */
const SHIFTS = [0.1, 0.2, 0.33, 0.5, 0.75, 1, 1.5, 2, 3, 4];
const curve = SHIFTS.map((times) => {
  const moved = runs.map((run) =>
    countAlarms(run.map((alarm) => ({ ...alarm, isKept: alarm.probability >= times * alarm.refuteBelow }))),
  );
  const counts = meanCounts(moved);
  return {
    times,
    score: challengeScore(counts),
    sensitivity: sensitivityOf(counts),
    specificity: specificityOf(counts),
  };
});
print('\nthe thresholds of all kinds moved together:');
for (const { times, score, sensitivity, specificity } of curve)
  print(`× ${times}: score ${percent(score)}, Se ${percent(sensitivity)}, Sp ${percent(specificity)}`);

const shareOf = (i: number, wanted: (alarm: JudgedAlarm) => boolean): number =>
  runs.filter((run) => wanted(run[i]!)).length / runs.length;
const worst = cases
  .map(({ record, kind, isTrue }, i) => ({
    record,
    kind,
    isTrue,
    wrong: shareOf(i, (alarm) => alarm.isKept !== isTrue),
    probability: meanOf(runs.map((run) => run[i]!.probability)),
  }))
  .filter(({ wrong }) => wrong >= 0.5)
  .sort(
    (a, b) =>
      Number(b.isTrue) - Number(a.isTrue) || (a.isTrue ? a.probability - b.probability : b.probability - a.probability),
  );
const words = (of: typeof worst): string =>
  of.map(({ record, probability }) => `${record} ${probability.toFixed(2)}`).join(', ');
print(`\ntrue alarms lost in most runs: ${words(worst.filter(({ isTrue }) => isTrue))}`);
print(`false alarms kept in most runs, surest first: ${words(worst.filter(({ isTrue }) => !isTrue).slice(0, 20))}`);

if (values.write) {
  const short = (all: readonly number[]) => all.map((value) => Number(value.toPrecision(7)));
  const modelOf = (kind: AlarmKind, all: readonly string[]) => {
    const of = cases.filter((each) => each.kind === kind);
    const { terms, mean, deviation, weights, bias, prior, refuteBelow } = fitKind(kind, of, 1, termsFrom, all);
    return {
      terms,
      mean: short(mean),
      deviation: short(deviation),
      weights: short(weights),
      bias: Number(bias.toPrecision(7)),
      prior: Number(prior.toPrecision(4)),
      refuteBelow: Number(refuteBelow.toPrecision(4)),
      confirmFrom: 0.5,
      ...(denials[kind] && { deniedBelow: denials[kind] }),
    };
  };
  const unsaid = (kind: AlarmKind) => allAlarmTerms[kind].filter((term) => !rhythmWords.includes(term));
  const models = Object.fromEntries(ALARM_KINDS.map((kind) => [kind, modelOf(kind, unsaid(kind))]));
  const byWords = modelOf('vt', allAlarmTerms.vt);
  const folder = new URL('../../stream-models/corroboration/', import.meta.url);
  writeFileSync(
    new URL('alarm-models.ts', folder),
    `import type { AlarmModel } from './alarm-probability.ts';\nimport type { AlarmKind } from './claim.ts';\n\n/** Written by test/accuracy/fit-alarm-truth.ts; its data and figures are in CARD.md. */\nexport const alarmModels: Readonly<Record<AlarmKind, AlarmModel>> = ${JSON.stringify(models, undefined, 2)};\n`,
  );
  writeFileSync(
    new URL('vt-model-by-words.ts', folder),
    `import type { AlarmModel } from './alarm-probability.ts';\n\n/** Of VT where the network of rhythm has spoken of the last seconds. Written by test/accuracy/fit-alarm-truth.ts. */\nexport const vtModelByWords: AlarmModel = ${JSON.stringify(byWords, undefined, 2)};\n`,
  );
  writeFileSync(
    new URL('figures.json', folder),
    `${JSON.stringify({ folds: FOLDS, seeds: seeds.length, overall, kinds, curve, worst }, undefined, 1)}\n`,
  );
}

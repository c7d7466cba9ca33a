/**
 * Fits the rule of atrial fibrillation (stream-models/rhythm/atrial-weights.ts) and cross-validates it by record, on records
 * whose beats were classified by a replay (vigil replay --wfdb DIR --out REPLAYED):
 *
 *   node test/accuracy/fit-atrial.ts CINC2017 REPLAYED MITDB REPLAYED VFDB REPLAYED RHYTHM [--write]
 *
 * RHYTHM: the folder of `vigil train rhythm` (held-out.bin): what the networks of its folds said of records that they never saw.
 * Rows: three looks of each record of CinC 2017 (first, middle, last), every tenth look elsewhere, where the reference says
 * either nothing but AFIB or no AFIB of the beats looked at. Folds by record; the thresholds are those of the shipped rule.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { elapsed, type Moment } from '../../schemas/units.ts';
import type { BeatClassName } from '../../schemas/words.ts';
import { type RhythmSpan, rhythmSpans } from '../../services/evaluate/rhythm/reference-rhythms.ts';
import { type Cinc2017Class, parseReference } from '../../services/recordings/cinc2017-reference.ts';
import { readRecord, readRecordAnnotations, recordNames } from '../../services/recordings/wfdb/record.ts';
import { framesOf, REPLAY_START } from '../../services/replay/frames.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import { SHAPE_BEFORE } from '../../stream-models/ecg/sighting.ts';
import { BOOTSTRAP_USUAL, bootstrap, type Interval } from '../../stream-models/evaluation/bootstrap.ts';
import {
  compareEpisodes,
  type EpisodeTally,
  episodeFigures,
  type SaidEpisode,
  sumTallies,
} from '../../stream-models/evaluation/episodes.ts';
import type { Logistic } from '../../stream-models/logistic.ts';
import { ATRIAL_BEATS_KEPT, atrialBeatsStart, withAtrialBeat } from '../../stream-models/rhythm/atrial-beats.ts';
import { atrialFeatures } from '../../stream-models/rhythm/atrial-features.ts';
import { atrialLogit, atrialTerms } from '../../stream-models/rhythm/atrial-rule.ts';
import { wordFeatures } from '../../stream-models/rhythm/atrial-words.ts';
import type { ClassifiedBeat } from '../../stream-models/vocabulary/sighting.ts';
import { heldOutWords } from './held-out-words.ts';
import { fitLogistic } from './logistic.ts';

interface Look {
  readonly at: number;
  readonly from: number;
  readonly features: readonly number[];
  /** What the network said of the same seconds; undefined once there are all beats, or where it said nothing. */
  readonly words: readonly number[] | undefined;
  readonly full: boolean;
}
interface Listened {
  readonly directory: string;
  readonly label: Cinc2017Class | undefined;
  readonly spans: readonly RhythmSpan[];
  readonly lengthSeconds: number;
  readonly looks: readonly Look[];
}
type Row = readonly [readonly number[], number];

const FOLDS = 11;
const RIDGE = 5;
const LOOK_EVERY = 4;
const EVERY = 10;
const RAISE = 0;
const RAISE_WHEN_FULL = 1;
const END = -1.5;
const FIRST_WORD = 2;
const TELLS_NOTHING = ['VFIB', 'VF', 'VFL', 'ASYS', 'NOISE', 'AFL', 'VT'];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
if (positionals.length !== 7) {
  process.stderr.write('usage: fit-atrial.ts CINC2017 REPLAYED MITDB REPLAYED VFDB REPLAYED RHYTHM [--write]\n');
  process.exit(2);
}

/** The class of each peak by a replay; an artefact has none. */
const classesOf = async (replayed: string, name: string): Promise<readonly (BeatClassName | undefined)[]> =>
  (await readFile(join(replayed, `${name}.ndjson`), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('{"kind":"beat"') || line.startsWith('{"kind":"artefact"'))
    .map((line) => (JSON.parse(line) as { readonly class?: BeatClassName }).class);

const wordsBy = await heldOutWords(positionals[6]!);
const inRecord = (at: Moment): number => (at - REPLAY_START) / 1e6;

const listen = async (directory: string, replayed: string, name: string): Promise<Listened> => {
  const record = await readRecord(directory, name);
  if (E.isLeft(record)) throw new Error(record.left.sentence);
  const { rateHz } = record.right.header;
  const lengthSeconds = record.right.signals[0]!.length / rateHz;
  const annotations = await readRecordAnnotations(directory, name, 'atr');
  const classes = await classesOf(replayed, name);
  const looks: Look[] = [];
  let memory = startObserving;
  let atrial = atrialBeatsStart;
  let before: Moment | undefined;
  let count = 0;
  for (const frame of framesOf(record.right, { bed: name, source: 'fit', chunkMs: 1000, start: REPLAY_START })) {
    const [next, seen] = observe(memory, frame);
    memory = next;
    for (const each of seen) {
      if (each.tag === 'EcgBroken') before = undefined;
      if (each.tag !== 'BeatToClassify') continue;
      const { at, said, amplitudeMv, lead, shapes } = each.beat;
      const beforeMv = shapes[0]!.slice(0, SHAPE_BEFORE);
      const beat: ClassifiedBeat = {
        ...{ tag: 'ClassifiedBeat', at, said, amplitudeMv, lead, beforeMv },
        ...{ class: classes[count], probability: 1 },
      };
      atrial = withAtrialBeat(atrial, beat, before === undefined ? undefined : elapsed(before, at));
      before = at;
      if (++count % LOOK_EVERY !== 0) continue;
      const features = atrialFeatures(atrial);
      const full = atrial.beats.length === ATRIAL_BEATS_KEPT;
      if (features === undefined) continue;
      const from = atrial.beats[0]!.at;
      const words = full ? undefined : wordFeatures(wordsBy(name, from, said), from, said);
      looks.push({ at: inRecord(said), from: inRecord(from), features, words, full });
    }
  }
  const spans = E.isRight(annotations) ? rhythmSpans(annotations.right, rateHz, lengthSeconds) : [];
  return { directory, label: undefined, spans, lengthSeconds, looks };
};

const fibrillationShare = ({ spans }: Listened, { from, at }: Look): number =>
  spans
    .filter(({ rhythm }) => rhythm === 'AFIB')
    .reduce(
      (sum, { fromSeconds, toSeconds }) => sum + Math.max(0, Math.min(at, toSeconds) - Math.max(from, fromSeconds)),
      0,
    ) /
  (at - from);

/** Terms of a look by the rule alone, and by the rule with the network's words, which speak of some looks only. */
const termsAlone = ({ features }: Look): readonly number[] => atrialTerms(features);
const termsTogether = ({ features, words }: Look): readonly number[] => atrialTerms([...features, ...words!]);
type TermsOf = (look: Look) => readonly number[];

const rowsOf = (record: Listened, looks: readonly Look[], termsOf: TermsOf): readonly Row[] => {
  const { label, spans } = record;
  if (label !== undefined) {
    const chosen = [...new Set([looks.length - 1, looks.length >> 1, 0])].filter((i) => i >= 0 && i < looks.length);
    return chosen.map((i) => [termsOf(looks[i]!), label === 'A' ? 1 : 0]);
  }
  return looks.flatMap((look, i): Row[] => {
    const word = spans.findLast(({ fromSeconds }) => fromSeconds <= look.at)?.rhythm;
    if (i % EVERY !== 0 || word === undefined || TELLS_NOTHING.includes(word)) return [];
    const share = fibrillationShare(record, look);
    return share < 0.1 ? [[termsOf(look), 0]] : share > 0.9 ? [[termsOf(look), 1]] : [];
  });
};

const fitted = (rows: readonly Row[]): Logistic =>
  fitLogistic(
    rows.map(([terms]) => terms),
    rows.map(([, is]) => is),
    RIDGE,
  );

interface Rules {
  readonly alone: Logistic;
  readonly together: Logistic;
}

/** Episodes by looks as the shipped rule takes them. */
const episodesSaid = (
  { looks, lengthSeconds }: Listened,
  { alone, together }: Rules,
  hearsWords: boolean,
): readonly SaidEpisode[] => {
  const episodes: SaidEpisode[] = [];
  let present = false;
  for (const { at, from, features, words, full } of looks) {
    const logit =
      hearsWords && words !== undefined ? atrialLogit([...features, ...words], together) : atrialLogit(features, alone);
    const last = episodes.at(-1);
    if (!present && logit > (full ? RAISE_WHEN_FULL : RAISE)) {
      present = true;
      const fromSeconds = Math.max(from, FIRST_WORD, last?.toSeconds ?? 0);
      episodes.push({ fromSeconds, saidSeconds: at, toSeconds: lengthSeconds });
    } else if (present && last !== undefined && logit < END) {
      present = false;
      episodes[episodes.length - 1] = { ...last, toSeconds: at };
    }
  }
  return episodes;
};

/** Does the record's rhythm count as A? */
const isA = (episodes: readonly SaidEpisode[], { lengthSeconds }: Listened): boolean => {
  const seconds = episodes.reduce((sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds, 0);
  return seconds > 0 && seconds >= (lengthSeconds - FIRST_WORD) / 2;
};

const records: Listened[] = [];
for (let folder = 0; folder < 6; folder += 2) {
  const directory = positionals[folder]!;
  const labels = new Map(folder === 0 ? parseReference(await readFile(join(directory, 'REFERENCE.csv'), 'utf8')) : []);
  for (const name of await recordNames(directory))
    records.push({ ...(await listen(directory, positionals[folder + 1]!, name)), label: labels.get(name) });
}
const rowsAlone = records.map((record) => rowsOf(record, record.looks, termsAlone));
const rowsTogether = records.map((record) =>
  rowsOf(
    record,
    record.looks.filter(({ words }) => words !== undefined),
    termsTogether,
  ),
);
const rulesBy = (isIn: (record: number) => boolean): Rules => {
  const of = (rows: readonly (readonly Row[])[]) => fitted(rows.flatMap((each, i) => (isIn(i) ? each : [])));
  return { alone: of(rowsAlone), together: of(rowsTogether) };
};
const rulesOfFold = Array.from({ length: FOLDS }, (_, fold) => rulesBy((i) => i % FOLDS !== fold));
const labelled = records.flatMap(({ label }, i) => (label === undefined ? [] : [i]));

interface Answers {
  readonly said: readonly boolean[];
  readonly tallies: Readonly<Record<string, readonly EpisodeTally[]>>;
}
const answersOf = (hearsWords: boolean): Answers => {
  const tallies: Record<string, EpisodeTally[]> = {};
  const said = records.map((record, i) => {
    const episodes = episodesSaid(record, rulesOfFold[i % FOLDS]!, hearsWords);
    const { label, lengthSeconds, directory, spans } = record;
    if (label === undefined) {
      const reference = spans.filter(({ rhythm }) => rhythm === 'AFIB');
      tallies[directory] ??= [];
      tallies[directory]!.push(compareEpisodes(reference, episodes, { lengthSeconds, shortestSeconds: 0 }).tally);
    }
    return isA(episodes, record);
  });
  return { said, tallies };
};

const scoresOf = ({ said }: Answers, drawn: ArrayLike<number>) => {
  const found = { right: 0, is: 0, said: 0 };
  for (const [place, i] of labelled.entries()) {
    const times = drawn[place]!;
    if (records[i]!.label === 'A') found.is += times;
    if (said[i]) found.said += times;
    if (said[i] && records[i]!.label === 'A') found.right += times;
  }
  const { right, is } = found;
  return { f1: (2 * right) / (is + found.said), sensitivity: right / is, predictivity: right / found.said };
};

const alone = answersOf(false);
const together = answersOf(true);
const shown = ({ value, low, high }: Interval): string => `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
const usual = { ...BOOTSTRAP_USUAL, patients: labelled.length };
const print = (line: string) => process.stdout.write(`${line}\n`);
print(`${rowsAlone.flat().length} looks, ${rowsTogether.flat().length} with words; ${FOLDS} folds by record`);
for (const [name, answers] of Object.entries({ 'rule alone': alone, 'with the words of the network': together })) {
  const { f1, sensitivity, predictivity } = bootstrap(usual, (drawn) => scoresOf(answers, drawn));
  print(`${name}: A of CinC 2017 F1 ${shown(f1)}, Se ${shown(sensitivity)}, +P ${shown(predictivity)}`);
  for (const [directory, of] of Object.entries(answers.tallies)) {
    const tally = sumTallies(of);
    const figures = Object.entries(episodeFigures(tally)).map(([figure, value]) => `${figure} ${value.toFixed(3)}`);
    print(`  ${directory}: ${tally.found} of ${tally.reference} found; ${figures.join(', ')}`);
  }
}
const { gain } = bootstrap(usual, (drawn) => ({ gain: scoresOf(together, drawn).f1 - scoresOf(alone, drawn).f1 }));
print(`gain in F1 ${shown(gain)}`);
for (const label of ['N', 'O', '~'] as const) {
  const falseOnes = labelled.filter((i) => records[i]!.label === label && together.said[i]);
  print(`said A of ${label}: ${falseOnes.length}`);
}
const missed = labelled.filter((i) => records[i]!.label === 'A' && !together.said[i]);
print(
  `missed: ${missed.length}, ${missed.filter((i) => records[i]!.looks.length === 0).length} without a look (too few beats)`,
);

if (values.write === true) {
  const text = (numbers: readonly number[]): string => `[${numbers.map((x) => Number(x.toPrecision(7))).join(', ')}]`;
  const written = (name: string, { mean, deviation, weights, bias }: Logistic): string =>
    `export const ${name}: Logistic = {\n  mean: ${text(mean)},\n  deviation: ${text(deviation)},\n  weights: ${text(weights)},\n  bias: ${Number(bias.toPrecision(7))},\n};\n`;
  const rules = rulesBy(() => true);
  await writeFile(
    new URL('../../stream-models/rhythm/atrial-weights.ts', import.meta.url),
    `import type { Logistic } from '../logistic.ts';\n\n/**\n * Written by test/accuracy/fit-atrial.ts from cinc2017-dev, mitdb-ds1 and vfdb-dev; not to be edited by hand. The order is that of\n * \`atrialTerms\` in atrial-rule.ts.\n */\n${written('atrialWeights', rules.alone)}\n/** The same with the network's words (atrial-words.ts) behind the features. */\n${written('atrialWordWeights', rules.together)}`,
  );
}

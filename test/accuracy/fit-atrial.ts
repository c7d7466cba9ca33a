/**
 * Fits the rule of atrial fibrillation (stream-models/rhythm/atrial-weights.ts) and cross-validates it by record, on records
 * whose beats were classified by a replay (vigil replay --wfdb DIR --out REPLAYED):
 *
 *   node test/accuracy/fit-atrial.ts CINC2017 REPLAYED MITDB REPLAYED VFDB REPLAYED [--write]
 *
 * Rows: three looks of each record of CinC 2017 (first, middle, last), every tenth look elsewhere, where the reference says
 * either nothing but AFIB or no AFIB of the beats looked at. Folds by record; the thresholds are those of the shipped rule.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { elapsed, type Moment } from '../../schemas/units.ts';
import { type Cinc2017Class, parseReference } from '../../services/evaluate/rhythm/judge-cinc2017.ts';
import { type RhythmSpan, rhythmSpans } from '../../services/evaluate/rhythm/reference-rhythms.ts';
import { readRecord, readRecordAnnotations, recordNames } from '../../services/recordings/wfdb/record.ts';
import { framesOf, REPLAY_START } from '../../services/replay/frames.ts';
import { observe, startObserving } from '../../stream-models/analysis/observe.ts';
import type { BeatClassName, ClassifiedBeat } from '../../stream-models/analysis/sighting.ts';
import { SHAPE_BEFORE } from '../../stream-models/ecg/sighting.ts';
import {
  compareEpisodes,
  type EpisodeTally,
  episodeFigures,
  type SaidEpisode,
  sumTallies,
} from '../../stream-models/evaluation/episodes.ts';
import { ATRIAL_BEATS_KEPT, atrialBeatsStart, withAtrialBeat } from '../../stream-models/rhythm/atrial-beats.ts';
import { atrialFeatures } from '../../stream-models/rhythm/atrial-features.ts';
import { type AtrialWeights, atrialLogit, atrialTerms } from '../../stream-models/rhythm/atrial-rule.ts';
import { fitLogistic } from './logistic.ts';

interface Look {
  readonly at: number;
  readonly from: number;
  readonly features: readonly number[];
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
if (positionals.length !== 6) {
  process.stderr.write('usage: fit-atrial.ts CINC2017 REPLAYED MITDB REPLAYED VFDB REPLAYED [--write]\n');
  process.exit(2);
}

const classesOf = async (replayed: string, name: string): Promise<readonly BeatClassName[]> =>
  (await readFile(join(replayed, `${name}.ndjson`), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('{"kind":"beat"'))
    .map((line) => (JSON.parse(line) as { readonly class: BeatClassName }).class);

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
      if (features !== undefined)
        looks.push({ at: inRecord(said), from: inRecord(atrial.beats[0]!.at), features, full });
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

const rowsOf = (record: Listened): readonly Row[] => {
  const { looks, label, spans } = record;
  if (label !== undefined) {
    const chosen = [...new Set([looks.length - 1, looks.length >> 1, 0])].filter((i) => i >= 0 && i < looks.length);
    return chosen.map((i) => [atrialTerms(looks[i]!.features), label === 'A' ? 1 : 0]);
  }
  return looks.flatMap((look, i): Row[] => {
    const word = spans.findLast(({ fromSeconds }) => fromSeconds <= look.at)?.rhythm;
    if (i % EVERY !== 0 || word === undefined || TELLS_NOTHING.includes(word)) return [];
    const share = fibrillationShare(record, look);
    return share < 0.1 ? [[atrialTerms(look.features), 0]] : share > 0.9 ? [[atrialTerms(look.features), 1]] : [];
  });
};

const fitted = (rows: readonly Row[]): AtrialWeights =>
  fitLogistic(
    rows.map(([terms]) => terms),
    rows.map(([, is]) => is),
    RIDGE,
  );

/** Episodes by looks as the shipped rule takes them. */
const episodesSaid = ({ looks, lengthSeconds }: Listened, weights: AtrialWeights): readonly SaidEpisode[] => {
  const episodes: SaidEpisode[] = [];
  let present = false;
  for (const { at, from, features, full } of looks) {
    const logit = atrialLogit(features, weights);
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
for (let folder = 0; folder < positionals.length; folder += 2) {
  const directory = positionals[folder]!;
  const labels = new Map(folder === 0 ? parseReference(await readFile(join(directory, 'REFERENCE.csv'), 'utf8')) : []);
  for (const name of await recordNames(directory))
    records.push({ ...(await listen(directory, positionals[folder + 1]!, name)), label: labels.get(name) });
}
const rows = records.map(rowsOf);
const found = { right: 0, is: 0, said: 0 };
const tallies: Record<string, EpisodeTally[]> = {};
for (let fold = 0; fold < FOLDS; fold++) {
  const weights = fitted(rows.flatMap((of, i) => (i % FOLDS === fold ? [] : of)));
  for (const [i, record] of records.entries()) {
    if (i % FOLDS !== fold) continue;
    const episodes = episodesSaid(record, weights);
    if (record.label === undefined) {
      const reference = record.spans.filter(({ rhythm }) => rhythm === 'AFIB');
      const { lengthSeconds } = record;
      tallies[record.directory] ??= [];
      tallies[record.directory]!.push(
        compareEpisodes(reference, episodes, { lengthSeconds, shortestSeconds: 0 }).tally,
      );
      continue;
    }
    const said = isA(episodes, record);
    if (record.label === 'A') found.is++;
    if (said) found.said++;
    if (said && record.label === 'A') found.right++;
  }
}
const f1 = (2 * found.right) / (found.is + found.said);
process.stdout.write(
  `${rows.flat().length} looks; A of CinC 2017, ${FOLDS}-fold by record: F1 ${f1.toFixed(3)}, Se ${(found.right / found.is).toFixed(3)}, +P ${(found.right / found.said).toFixed(3)}\n`,
);
for (const [directory, of] of Object.entries(tallies)) {
  const tally = sumTallies(of);
  const figures = Object.entries(episodeFigures(tally)).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  process.stdout.write(`${directory}: ${tally.found} of ${tally.reference} found; ${figures.join(', ')}\n`);
}
if (values.write === true) {
  const { mean, deviation, weights, bias } = fitted(rows.flat());
  const text = (numbers: readonly number[]): string => `[${numbers.map((x) => Number(x.toPrecision(7))).join(', ')}]`;
  await writeFile(
    new URL('../../stream-models/rhythm/atrial-weights.ts', import.meta.url),
    `import type { AtrialWeights } from './atrial-rule.ts';\n\n/**\n * Written by test/accuracy/fit-atrial.ts from cinc2017-dev, mitdb-ds1 and vfdb-dev; not to be edited by hand. The order is that of\n * \`atrialTerms\` in atrial-rule.ts.\n */\nexport const atrialWeights: AtrialWeights = {\n  mean: ${text(mean)},\n  deviation: ${text(deviation)},\n  weights: ${text(weights)},\n  bias: ${Number(bias.toPrecision(7))},\n};\n`,
  );
}

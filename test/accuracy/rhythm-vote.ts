/**
 * What the vote of the rhythm network gains over the rules alone, every record judged by a network that never saw its patient:
 *
 *   node test/accuracy/rhythm-vote.ts OUT DIR …
 *
 * OUT: the folder of `vigil train rhythm` (held-out.bin). DIR: folders of records with rhythm annotations that were part of it. The
 * whole of analysis plays each record twice, through the shipped beat network and rules, once without and once with the words of the
 * fold's network; episodes are compared as `vigil evaluate rhythm` does.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import * as E from 'fp-ts/lib/Either.js';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { ARTEFACT_MODEL, BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import { COMPARED, episodesOf, rhythmSpans } from '../../services/evaluate/rhythm/reference-rhythms.ts';
import { readRecord, readRecordAnnotations, recordNames } from '../../services/recordings/wfdb/record.ts';
import { framesOf, REPLAY_START } from '../../services/replay/frames.ts';
import { BedConclusion } from '../../services/stages/bed-conclusion.ts';
import { startBedRisk } from '../../services/stages/bed-risk.ts';
import { classifyBeats, type Verdict } from '../../services/stages/classify-beats.ts';
import { findArtefacts } from '../../services/stages/find-artefacts.ts';
import type { AskedSequence } from '../../services/train/rhythm/ask-rhythm.ts';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { startOwnAlarms } from '../../stream-models/corroboration/own-alarms.ts';
import {
  compareEpisodes,
  type EpisodeComparison,
  episodeFigures,
  type SaidEpisode,
  sumTallies,
} from '../../stream-models/evaluation/episodes.ts';
import { rulesOfPreset } from '../../stream-models/presets/bed-rules.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { RHYTHM_CLASSES } from '../../stream-models/rhythm-network/rhythm-classes.ts';

const NAMES = ['vf', 'vt', 'ventricular', 'asystole'] as const;
type Name = (typeof NAMES)[number];
type Words = ReadonlyMap<number, Float32Array>;
const GRID_PER_SECOND = 4;
const gridAt = (seconds: number): number => Math.round(GRID_PER_SECOND * seconds);
const inRecord = (us: number): number => (us - REPLAY_START) / 1e6;

const [out, ...directories] = process.argv.slice(2);
if (out === undefined || directories.length === 0) {
  process.stderr.write('usage: rhythm-vote.ts OUT DIR …\n');
  process.exit(2);
}
const { judged } = deserialize(await readFile(join(out, 'held-out.bin'))) as {
  readonly judged: readonly AskedSequence[];
};
const wordsOf = (record: string): Words => {
  const width = RHYTHM_CLASSES.length;
  const words = new Map<number, Float32Array>();
  for (const { sequence, probabilities } of judged)
    if (sequence.record === record)
      for (const [i, second] of sequence.atSeconds.entries())
        words.set(gridAt(second), probabilities.slice(i * width, (i + 1) * width));
  return words;
};

const saidOf = (
  seen: readonly Observed[],
  verdicts: readonly (Verdict | undefined)[],
  artefacts: readonly (number | undefined)[],
  words: Words | undefined,
  lengthSeconds: number,
): Readonly<Record<string, readonly SaidEpisode[]>> => {
  const fold = conclude(presets.vigil);
  const before = {
    ...{ concluding: fold.start, lastBeat: undefined, modelFailed: false, refused: [], votes: [] },
    ...{ own: startOwnAlarms, risk: startBedRisk(undefined) },
  };
  const options = { rules: rulesOfPreset(presets.vigil), network: undefined };
  const conclusion = new BedConclusion('bed', before, startObserving, fold, options);
  for (const [i, each] of seen.entries()) {
    const word = each.tag === 'EcgProgress' ? words?.get(gridAt(inRecord(each.at))) : undefined;
    conclusion.take(each, verdicts[i], word && { probabilities: word, looks: [] }, artefacts[i]);
  }
  const episodes: Record<string, SaidEpisode[]> = {};
  for (const { atUs, saidUs, kind } of conclusion.said.findings) {
    if (kind.case !== 'condition') continue;
    episodes[kind.value.condition] ??= [];
    const of = episodes[kind.value.condition]!;
    const at = inRecord(atUs);
    const last = of.at(-1);
    if (kind.value.present) of.push({ fromSeconds: at, saidSeconds: inRecord(saidUs), toSeconds: lengthSeconds });
    else if (last !== undefined) of[of.length - 1] = { ...last, toSeconds: Math.max(last.fromSeconds, at) };
  }
  return episodes;
};

const print = (line: string) => process.stdout.write(`${line}\n`);
const inference = openOrtInference({ providers: ['cpu'] });
const { network } = await inference.load(BEAT_MODEL);
const { network: finder } = await inference.load(ARTEFACT_MODEL);
type Compared = Readonly<Record<Name, EpisodeComparison>>;

const playRecord = async (directory: string, name: string): Promise<readonly [Compared, Compared]> => {
  const record = await readRecord(directory, name);
  const annotations = await readRecordAnnotations(directory, name, 'atr');
  if (E.isLeft(record) || E.isLeft(annotations)) throw new Error(`${name} cannot be read`);
  const { rateHz } = record.right.header;
  const lengthSeconds = (record.right.signals[0]?.length ?? 0) / rateHz;
  const spans = rhythmSpans(annotations.right, rateHz, lengthSeconds);
  const seen: Observed[] = [];
  let memory = startObserving;
  for (const frame of framesOf(record.right, { bed: name, source: 's', chunkMs: 1000, start: REPLAY_START })) {
    const [next, said] = observe(memory, frame);
    memory = next;
    for (const each of said) seen.push(each);
  }
  const { verdicts } = await classifyBeats(network, [new Float32Array(network.hidden)], [{ seen }]);
  const { artefacts } = await findArtefacts(finder, [new Float32Array(finder.hidden)], [{ seen }]);
  const compared = (words: Words | undefined): Compared => {
    const episodes = saidOf(seen, verdicts[0]!, artefacts[0]!, words, lengthSeconds);
    return Object.fromEntries(
      NAMES.map((of) => [
        of,
        compareEpisodes(
          episodesOf(of, spans, annotations.right, rateHz, lengthSeconds),
          COMPARED[of].conditions.flatMap((condition) => episodes[condition] ?? []),
          { lengthSeconds, shortestSeconds: COMPARED[of].shortestSeconds },
        ),
      ]),
    ) as Record<Name, EpisodeComparison>;
  };
  return [compared(undefined), compared(wordsOf(name))];
};

const line = (title: string, of: Name, all: readonly Compared[]): string => {
  const tally = sumTallies(all.map((each) => each[of].tally));
  const { falsePerHour, durationSensitivity, durationPredictivity } = episodeFigures(tally);
  const delays = all.flatMap((each) => each[of].delaysSeconds);
  const soon = delays.filter((delay) => delay <= 6).length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `${title} ${COMPARED[of].name}: ${tally.found} of ${tally.reference}, ${percent(soon / delays.length)} within 6 s`,
    `false ${falsePerHour.toFixed(2)}/h (${tally.said - tally.right})`,
    `duration Se ${percent(durationSensitivity)}, +P ${percent(durationPredictivity)}`,
  ].join(', ');
};

for (const directory of directories) {
  const rules: Compared[] = [];
  const vote: Compared[] = [];
  for (const name of await recordNames(directory)) {
    const [alone, together] = await playRecord(directory, name);
    rules.push(alone);
    vote.push(together);
    for (const of of NAMES) {
      const { missed, falseOnes } = together[of];
      const missedByRules = alone[of].missed.length;
      if (missed.length + falseOnes.length + missedByRules + alone[of].falseOnes.length > 0)
        print(
          `  ${name} ${of}: missed ${missed.length} (rules ${missedByRules}), false ${falseOnes.length} (rules ${alone[of].falseOnes.length})`,
        );
    }
  }
  print(directory);
  for (const of of NAMES) {
    print(line('rules alone,', of, rules));
    print(line('with the vote,', of, vote));
  }
}
await inference.close();

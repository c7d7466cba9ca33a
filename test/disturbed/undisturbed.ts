/**
 * What the stages say of a log when nothing disturbs them: its records through the stages' own steps, in this process, in the
 * order of the log. What a distributed Vigil said is compared with it byte for byte.
 */
import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { FindingSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { decodeAlarmInput, decodeFindings } from '../../schemas/messages.ts';
import type { Topic } from '../../schemas/topics.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { alarmPolicyOf, presetOf } from '../../services/composition/alarm-policy.ts';
import { loadShipped } from '../../services/composition/open-adapters.ts';
import { settings } from '../../services/config/settings.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';

const RECORDS_PER_STEP = 2_000;

/** Everything that a stage says of these records. */
const saidBy = async <Memory>(stage: Stage<Memory>, records: readonly LogRecord[]): Promise<readonly NewRecord[]> => {
  const memories = new Map<string, Memory>();
  const said: NewRecord[] = [];
  for (let start = 0; start < records.length; start += RECORDS_PER_STEP) {
    const beds = [...Map.groupBy(records.slice(start, start + RECORDS_PER_STEP), ({ key }) => key)];
    const results = await stage.step(
      beds.map(([bed, own]) => ({ bed, memory: memories.get(bed) ?? stage.start(bed), records: own })),
    );
    beds.forEach(([bed], i) => {
      memories.set(bed, results[i]!.memory);
      said.push(...results[i]!.outputs);
    });
  }
  return said;
};

export const saidByAnalysis = async (telemetry: readonly LogRecord[]): Promise<readonly NewRecord[]> => {
  const inference = openOrtInference({ providers: ['cpu'] });
  try {
    const { network, artefacts, rhythm, risk } = await loadShipped(inference);
    return await saidBy(analysisStage({ preset: presetOf('vigil'), network, artefacts, rhythm, risk }), telemetry);
  } finally {
    await inference.close();
  }
};

/** As the processes of a ward are configured that sets nothing. */
const usualPolicy = alarmPolicyOf({
  escalateSeconds: { red: settings.escalateRedSeconds.usual, yellow: settings.escalateYellowSeconds.usual },
});

export const saidByAlarms = (inputs: readonly LogRecord[]): Promise<readonly NewRecord[]> =>
  saidBy(alarmsStage(usualPolicy), inputs);

/** Of alarm-inputs the nurses' acts and what screens find out about Vigil itself are not analysis' words. */
const saidByOthers = ({ topic, key, value }: NewRecord): boolean => {
  if (topic !== 'vigil.alarm-inputs') return false;
  if (key === VIGIL_BED) return true;
  const input = decodeAlarmInput(value);
  if (E.isLeft(input)) return false;
  const { input: said } = input.right;
  if (said.case === 'action' || said.case === 'received' || said.case === 'choice') return true;
  return said.case === 'condition' && ['analysis-silent', 'not-delivered'].includes(said.value.condition);
};

/** A message holds the findings of one batch, and where batches end says nothing: findings are compared one by one. */
const wordsOf = ({ topic, value }: NewRecord): readonly Uint8Array[] => {
  if (topic !== 'vigil.findings') return [value];
  const findings = decodeFindings(value);
  return E.isLeft(findings) ? [value] : findings.right.findings.map((finding) => toBinary(FindingSchema, finding));
};

const digestsOf = (records: readonly NewRecord[], topic: Topic): ReadonlyMap<string, readonly string[]> => {
  const perBed = new Map<string, string[]>();
  for (const record of records) {
    if (record.topic !== topic || saidByOthers(record)) continue;
    const known = perBed.get(record.key) ?? [];
    perBed.set(record.key, known);
    for (const word of wordsOf(record)) known.push(createHash('sha256').update(word).digest('base64'));
  }
  return perBed;
};

/** What differs at one bed. In the right order: the same words, nothing lost, nothing more. */
export interface Difference {
  readonly topic: Topic;
  readonly bed: string;
  readonly expected: number;
  readonly found: number;
  readonly lost: number;
  /** Words that were found more often than expected. */
  readonly extra: number;
  /** The place of the first word that is not as expected. */
  readonly from: number;
}

/** How often each word is in `these` beyond how often it is in `those`. */
const beyond = (these: readonly string[], those: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const word of those) counts.set(word, (counts.get(word) ?? 0) + 1);
  let more = 0;
  for (const word of these) {
    const left = counts.get(word) ?? 0;
    if (left === 0) more++;
    else counts.set(word, left - 1);
  }
  return more;
};

/** Where the log's words of a topic are not those of the undisturbed run, bed by bed, order included. */
export const differences = (
  topic: Topic,
  undisturbed: readonly NewRecord[],
  onTheLog: readonly NewRecord[],
): readonly Difference[] => {
  const [expected, found] = [digestsOf(undisturbed, topic), digestsOf(onTheLog, topic)];
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((bed) => {
    const [wanted, have] = [expected.get(bed) ?? [], found.get(bed) ?? []];
    if (wanted.length === have.length && wanted.every((word, i) => word === have[i])) return [];
    const [lost, extra] = [beyond(wanted, have), beyond(have, wanted)];
    const from = wanted.findIndex((word, i) => word !== have[i]);
    const where = from < 0 ? wanted.length : from;
    return [{ topic, bed, expected: wanted.length, found: have.length, lost, extra, from: where }];
  });
};

/** How many words a topic has in all: a comparison of nothing with nothing would prove nothing. */
export const wordCount = (topic: Topic, records: readonly NewRecord[]): number =>
  [...digestsOf(records, topic).values()].reduce((sum, words) => sum + words.length, 0);

import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import type { ConditionName } from '../../schemas/conditions.ts';
import { AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';

/** A condition of Vigil itself has come (`present`) or gone, at one bed or at the reserved bed `vigil`. */
export interface ConditionSaid {
  readonly bed: string;
  readonly condition: ConditionName;
  readonly present: boolean;
  readonly evidence: string;
  /** It began or ended so many seconds ago; absent: now. */
  readonly agoS?: number;
}

/** Writes the conditions that screens find out about Vigil itself, and keeps trying while the log takes nothing. */
export interface ConditionWriter {
  readonly say: (said: ConditionSaid) => void;
  /** Writes what waits; called once a second. Resolves when the log has answered; never rejects. */
  readonly flush: () => Promise<void>;
}

/** A word that waits, and when it was true. */
interface Word {
  readonly said: ConditionSaid;
  readonly at: Moment;
}

/** More words on one condition than this say nothing that the newest do not. */
const WORDS_MOST = 4;

/**
 * `keeps` what while the log takes nothing: the newest word on each bed and condition, for an older one is no longer true; or
 * all of them in order, with their moments, so that the history has what came and went meanwhile.
 */
export const makeConditionWriter = (
  log: EventLog,
  now: () => Moment,
  journal: Journal,
  keeps: 'the newest' | 'in order' = 'the newest',
): ConditionWriter => {
  const wordsMost = keeps === 'in order' ? WORDS_MOST : 1;
  let waiting = new Map<string, readonly Word[]>();
  let writing: Promise<void> | undefined;

  const recordOf = ({ said: { bed, condition, present, evidence }, at }: Word): NewRecord => {
    const value = { condition, present, evidence, preset: '' };
    const input = create(AlarmInputSchema, { bed, atUs: at, saidUs: at, input: { case: 'condition', value } });
    return { topic: 'vigil.alarm-inputs', key: bed, value: encodeAlarmInput(input) };
  };

  const keyOf = ({ bed, condition }: ConditionSaid): string => `${condition}\n${bed}`;

  const write = async (): Promise<void> => {
    const taken = waiting;
    waiting = new Map();
    const words = [...taken.values()].flat().sort((a, b) => a.at - b.at);
    const kept = await log.append(words.map(recordOf))();
    writing = undefined;
    if (E.isRight(kept)) return;
    journal.error('the log does not take conditions', { code: kept.left.tag, count: words.length }, kept.left.cause);
    for (const [key, older] of taken) waiting.set(key, [...older, ...(waiting.get(key) ?? [])].slice(-wordsMost));
  };

  const flush = async (): Promise<void> => {
    while (writing !== undefined) await writing;
    if (waiting.size === 0) return;
    writing = write();
    await writing;
  };

  return {
    say: (said) => {
      const word = { said, at: moment(now() - (said.agoS ?? 0) * 1e6) };
      waiting.set(keyOf(said), [...(waiting.get(keyOf(said)) ?? []), word].slice(-wordsMost));
      journal.warn('a condition of Vigil itself', { bed: said.bed, condition: said.condition, why: said.evidence });
      void flush();
    },
    flush,
  };
};

import * as E from 'fp-ts/lib/Either.js';
import { VIGIL_BED } from '../../schemas/engine.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';
import type { HealthPart } from '../reports/part.ts';
import { type AuditEvent, beginChain, hex, linked } from './chain.ts';
import { headsOfOthers } from './heads.ts';
import { topicOf } from './topic-of.ts';

/** Where whatever is to be audited is told. Nobody waits for it: no act, and no alarm. */
export interface Audit {
  /** `bed`: what the entry is of; absent: of none. Never throws, and never waits. */
  readonly tell: (event: AuditEvent, bed?: string) => void;
  /** Whether the log keeps it. Never "failed": a process whose audit waits is not to be started anew for it. */
  readonly part: () => HealthPart;
  /** Entries that the log has not taken yet. */
  readonly waiting: () => number;
  /** Writes what waits. Resolves when the log has answered; never rejects. */
  readonly flush: () => Promise<void>;
  /** Flushes, and looks whether it is time for the heads of others, or for the journal to have this one's. Never rejects. */
  readonly secondPassed: () => Promise<void>;
  /** The last entry of the chain. Waits for a second at most. */
  readonly close: () => Promise<void>;
}

/** What a process that keeps no audit tells it to. */
export const noAudit: Pick<Audit, 'tell'> = { tell: () => undefined };

export interface AuditOptions {
  readonly log: Pick<EventLog, 'append' | 'extent' | 'tail'>;
  readonly now: () => Moment;
  readonly journal: Journal;
  readonly meters?: Meters;
  readonly begun: Extract<AuditEvent, { case: 'begun' }>['value'];
  /** More entries than this do not wait: what comes then is counted. */
  readonly waitingMost?: number;
  /** False: seconds pass when whoever made it says so. */
  readonly ticks?: boolean;
}

const WAITING_MOST = 10_000;
const ENTRIES_PER_APPEND = 500;
const WAITS_TOO_LONG_US = 10e6;
const TICK_MS = 1_000;
/** The heads of the other chains are kept so often, which is the heartbeat of this chain too. */
export const HEADS_EVERY_US = 3_600e6;
/** The event by which a journal tells a head; anchors.ts looks for it. */
export const HEAD_TOLD = 'the head of the audit';
/** How often the head of this chain goes to the journal, which lies elsewhere than the log. */
const ANCHORED_EVERY_US = 60e6;
const LAST_WORD_MS = 1_000;

interface Waiting {
  readonly record: NewRecord;
  readonly number: number;
  readonly sha256: Uint8Array;
  readonly at: Moment;
}

/**
 * Begins a chain and keeps it on the log. An entry is linked when it is told and written when the log takes it, in order; one whose
 * answer was lost may lie there twice, byte for byte.
 */
export const makeAudit = (options: AuditOptions): Audit => {
  const { log, now, journal, meters, begun, waitingMost = WAITING_MOST, ticks = true } = options;
  let chain = beginChain();
  const others = headsOfOthers(log, chain.id);
  const waiting: Waiting[] = [];
  let lost = 0;
  let refusal: string | undefined;
  let writing: Promise<void> | undefined;
  let head: Waiting | undefined;
  let anchored: { readonly number: number; readonly at: Moment } | undefined;
  let headsAt: Moment | undefined;
  let over = false;

  const put = (event: AuditEvent, bed: string): void => {
    const at = now();
    const [after, value] = linked(chain, at, event);
    const record: NewRecord = { topic: topicOf(event.case), key: bed, value };
    waiting.push({ record, number: chain.number, sha256: after.before, at });
    chain = after;
  };

  /** What was lost is told as soon as there is room for a word. */
  const tellLost = (): void => {
    if (lost === 0 || waiting.length >= waitingMost) return;
    put({ case: 'lost', value: { entries: lost } }, VIGIL_BED);
    lost = 0;
  };

  const anchor = (): void => {
    if (head === undefined || head.number === anchored?.number) return;
    journal.info(HEAD_TOLD, { chain: hex(chain.id), count: head.number, code: hex(head.sha256) });
    anchored = { number: head.number, at: now() };
  };

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const taken = waiting.slice(0, ENTRIES_PER_APPEND);
      const kept = await log.append(taken.map(({ record }) => record))();
      if (E.isLeft(kept)) {
        const isNew = refusal === undefined;
        refusal = kept.left.sentence;
        // It is tried again every second: said once, and by /healthz as long as it is so.
        if (!isNew) return;
        journal.error('the log does not take the audit; what was done is done, and its entries wait', {
          ...{ code: kept.left.tag, sentence: kept.left.sentence },
        });
        return;
      }
      refusal = undefined;
      meters?.auditEntries.add(taken.length);
      head = taken.at(-1);
      waiting.splice(0, taken.length);
      tellLost();
    }
  };

  const flush = async (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    await writing;
  };

  const tell = (event: AuditEvent, bed = VIGIL_BED): void => {
    if (over) return;
    tellLost();
    if (waiting.length < waitingMost) put(event, bed);
    else {
      lost += 1;
      meters?.auditLost.add();
    }
    void flush();
  };

  const tellHeads = async (): Promise<void> => {
    headsAt = now();
    try {
      tell({ case: 'heads', value: { heads: [...(await others())] } });
    } catch (cause) {
      journal.warn('the audit of other processes could not be read', { sentence: String(cause) });
    }
  };

  const secondPassed = async (): Promise<void> => {
    if (headsAt === undefined || now() - headsAt >= HEADS_EVERY_US) await tellHeads();
    await flush();
    if (anchored === undefined || now() - anchored.at >= ANCHORED_EVERY_US) anchor();
  };

  tell({ case: 'begun', value: begun });
  const timer = ticks ? setInterval(() => void secondPassed(), TICK_MS).unref() : undefined;

  return {
    tell,
    flush,
    secondPassed,
    waiting: () => waiting.length,
    part: () => {
      const waitsUs = waiting.length === 0 ? 0 : now() - waiting[0]!.at;
      const told = (state: HealthPart['state'], sentence: string): HealthPart => ({
        ...{ name: 'audit', state, ageS: head === undefined ? null : Math.max(0, (now() - head.at) / 1e6), sentence },
      });
      const why = refusal === undefined ? 'the log does not answer' : refusal;
      if (lost > 0)
        return told('degraded', `who saw and who acted is no longer written, ${lost} entries are lost: ${why}`);
      if (waitsUs > WAITS_TOO_LONG_US)
        return told('degraded', `who saw and who acted is not written, ${waiting.length} entries wait: ${why}`);
      return told('ok', 'who saw and who acted is written');
    },
    close: async () => {
      if (over) return;
      clearInterval(timer);
      tell({ case: 'ended', value: {} });
      over = true;
      const { promise: patience, resolve } = Promise.withResolvers<void>();
      const enough = setTimeout(resolve, LAST_WORD_MS);
      await Promise.race([flush().then(flush), patience]);
      clearTimeout(enough);
      anchor();
    },
  };
};

/** What verifying the audit is told, and what it answers. */
import type { LogRecord } from '../ports/event-log.ts';

/** A head that was told elsewhere than in its chain. */
export interface Anchor {
  readonly chain: string;
  readonly number: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** When the log took it, or when a journal told of it; undefined: nobody knows. */
  readonly atUs: number | undefined;
}

/** What is known of the log beside its records. */
export interface LogBounds {
  /** For how long entries are kept, in microseconds; infinite: for ever. */
  readonly keptUs: number;
  readonly nowUs: number;
  /**
   * By topic/partition: the offset behind the last record that was ever taken, of a log that has no other holes; undefined: nobody can tell.
   */
  readonly ends: ReadonlyMap<string, bigint> | undefined;
}

/** Something that is not as it was written. */
export interface AuditFault {
  /** topic/partition/offset; empty: of no record. */
  readonly place: string;
  /** When the log took what stands there; infinite: it is of no record. */
  readonly atUs: number;
  /** Empty: of none that can be told. */
  readonly chain: string;
  readonly number: number | undefined;
  readonly sentence: string;
}

export interface AuditVerdict {
  readonly entries: number;
  readonly chains: number;
  /** Chains without a last word: their process goes on, was killed, or their end was taken away before anybody had told of it. */
  readonly open: number;
  /** Chains of which something went for its age. */
  readonly cut: number;
  /** How many heads that were told elsewhere the entries were held against. */
  readonly anchors: number;
  /** By the time of the log; the first is the first bad one. */
  readonly faults: readonly AuditFault[];
}

export const laneOf = ({ topic, partition }: Pick<LogRecord, 'topic' | 'partition'>): string => `${topic}/${partition}`;
export const placeOf = (record: Pick<LogRecord, 'topic' | 'partition' | 'offset'>): string =>
  `${laneOf(record)}/${record.offset}`;

/** More than this say nothing that the first do not. */
const FAULTS_MOST = 1_000;

export const makeFaults = () => {
  const found: AuditFault[] = [];
  return {
    add: (fault: AuditFault): void => {
      if (found.length < FAULTS_MOST) found.push(fault);
    },
    all: (): readonly AuditFault[] => found.toSorted((a, b) => (a.atUs === b.atUs ? 0 : a.atUs < b.atUs ? -1 : 1)),
  };
};

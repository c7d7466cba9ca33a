import type { Topic } from '../../schemas/topics.ts';

/** What the recorder wants told; nothing here needs an answer. */
export type RecorderNotice =
  /** A partition is read here from now on; what lies between `readAgainFrom` and the stored position is read again. */
  | {
      readonly tag: 'Assigned';
      readonly topic: Topic;
      readonly partition: number;
      readonly stored: bigint | undefined;
      readonly readAgainFrom: bigint | undefined;
    }
  /** The store did not take a write; it is tried again. */
  | { readonly tag: 'WriteFailed'; readonly topic: Topic; readonly attempt: number; readonly sentence: string }
  | { readonly tag: 'WriteRecovered'; readonly topic: Topic; readonly attempts: number }
  /** The store has everything of this partition before `next`, and the position says so. */
  | { readonly tag: 'Settled'; readonly topic: Topic; readonly partition: number; readonly next: bigint }
  /** A record that cannot be read, or that the store refuses for good; it lies on vigil.rejected. */
  | {
      readonly tag: 'Rejected';
      readonly topic: Topic;
      readonly key: string;
      readonly offset: bigint;
      readonly code: string;
      readonly sentence: string;
    }
  /** Minutes that cannot be rolled up; their numbers are kept. */
  | { readonly tag: 'RollUpRefused'; readonly topic: Topic; readonly sentence: string }
  /** Waves of an alarm were no longer in memory and were read back from the log. */
  | { readonly tag: 'ReadBack'; readonly partition: number; readonly alarms: number; readonly records: number }
  /** A bed's waves exceed what is remembered; strips may begin late. */
  | { readonly tag: 'RingFull'; readonly bed: string; readonly bytes: number }
  | { readonly tag: 'MemoryDiscarded'; readonly bed: string; readonly why: string };

/** Counts since the recorder started. */
export interface RecorderState {
  readonly numerics: number;
  readonly findings: number;
  readonly alarms: number;
  readonly blocks: number;
  readonly rejected: number;
  readonly engine: number;
  readonly failedWrites: number;
  readonly stripsOpen: number;
}

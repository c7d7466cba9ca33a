import type { Topic } from '../../schemas/topics.ts';
import type { LogRecord, NewRecord } from '../ports/event-log.ts';

/** What one bed has of one batch, with what the stage remembers of the bed. */
export interface BedBatch<Memory> {
  readonly bed: string;
  readonly memory: Memory;
  readonly records: readonly LogRecord[];
}

export interface BedResult<Memory> {
  readonly memory: Memory;
  readonly outputs: readonly NewRecord[];
}

/**
 * A service is a value; the loop around it is written once (`run-stage.ts`). A stage that decides reads exactly one
 * topic. `step` must be a function of memories and records alone: no clock, no randomness.
 */
export interface Stage<Memory> {
  readonly name: string;
  readonly reads: Topic;
  readonly writes: readonly Topic[];
  /** Changes whenever older memories cannot be continued: code of the memory, models, presets. */
  readonly version: string;
  /** What is remembered of a bed never seen before. */
  readonly start: (bed: string) => Memory;
  /**
   * What holds good of a bed's memory that cannot be continued, as a beginning; undefined: nothing. `memory`: whatever it was. Asked once more
   * after what was settled already was worked through silently: what the bed says first, to take back what it may have said before,
   * must be heard. Absent: a bed begins from nothing, and that stretch is its memory.
   */
  readonly rescue?: (bed: string, memory: unknown) => Memory | undefined;
  /** All beds of a batch together, because a network is cheap for many beds and dear for one. Same order out as in. */
  readonly step: (beds: readonly BedBatch<Memory>[]) => Promise<readonly BedResult<Memory>[]>;
}

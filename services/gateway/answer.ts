import type { LogError } from '../ports/event-log.ts';

/** The log keeps the message (or kept it before). */
export interface Accepted {
  readonly ok: true;
  readonly bed: string;
  readonly source: string;
  readonly sequence: number;
  readonly verdict: 'live' | 'retrospective' | 'duplicate';
}

/** The message was not taken in. `again` answers the sender's only question: is it worth sending once more as it is? */
export interface Refused {
  readonly ok: false;
  readonly bed: string;
  readonly source: string;
  readonly sequence: number;
  /** A rejection code, or "log-unavailable", "overloaded". */
  readonly code: string;
  readonly sentence: string;
  readonly where: string;
  readonly again: boolean;
}

export type Answer = Accepted | Refused;

const notTaken = (code: string, sentence: string): Refused => ({
  ok: false,
  bed: '',
  source: '',
  sequence: 0,
  code,
  sentence,
  where: '',
  again: true,
});

export const overloaded = notTaken(
  'overloaded',
  'The gateway has more frames waiting than it may hold; wait a second and send the frame again.',
);

export const closing = notTaken('log-unavailable', 'Vigil is going away; send the frame again when it is back.');

/** The log did not take the frame: nothing was kept, and it is worth sending again. */
export const logUnavailable = (error: LogError): Refused =>
  notTaken('log-unavailable', `The log did not keep the frame (${error.sentence}); send it again.`);

import { PartState } from '../../schemas/generated/vigil/v1/engine_pb.ts';
import type { Moment } from '../../schemas/units.ts';

export type HealthState = 'ok' | 'degraded' | 'failed' | 'unknown';

/** One part of Vigil, how it does, and how old that knowledge is. Names come from a short list: they become tags. */
export interface HealthPart {
  readonly name: string;
  readonly state: HealthState;
  /** Seconds since the part last said or did something; null: never yet. */
  readonly ageS: number | null;
  /** What is wrong and what to do. Names no bed and no patient. */
  readonly sentence: string;
}

export interface PartSince extends HealthPart {
  /** Since when it is in this state. */
  readonly since: Moment;
}

/** The parts of one process. Whoever runs a part adds how to ask it; nothing is remembered but since when. */
export interface Parts {
  readonly add: (look: () => readonly HealthPart[]) => void;
  readonly now: () => readonly PartSince[];
}

/** The parts of this process; `since` is when a part was first seen in its state. */
export const makeParts = (now: () => Moment): Parts => {
  const looks: (() => readonly HealthPart[])[] = [];
  const since = new Map<string, { readonly state: HealthState; readonly at: Moment }>();
  return {
    add: (look) => looks.push(look),
    now: () =>
      looks
        .flatMap((look) => look())
        .map((part) => {
          const before = since.get(part.name);
          const at = before?.state === part.state ? before.at : now();
          since.set(part.name, { state: part.state, at });
          return { ...part, since: at };
        }),
  };
};

const GRAVITY: readonly HealthState[] = ['ok', 'unknown', 'degraded', 'failed'];

/** The whole is as bad as its worst part. */
export const worstOf = (states: readonly HealthState[]): HealthState =>
  states.reduce((worst, state) => (GRAVITY.indexOf(state) > GRAVITY.indexOf(worst) ? state : worst), 'ok');

const STATES: Readonly<Record<HealthState, PartState>> = {
  ok: PartState.OK,
  degraded: PartState.DEGRADED,
  failed: PartState.FAILED,
  unknown: PartState.UNSPECIFIED,
};

/** As the message has it, and as the figure `vigil_part_state`: 1 ok, 2 degraded, 3 failed, 0 unknown. */
export const partStateOf = (state: HealthState): PartState => STATES[state];

/** A state on the wire as a word; one that a newer release may have is unknown. */
export const healthStateOf = (state: PartState): HealthState =>
  (Object.keys(STATES) as HealthState[]).find((name) => STATES[name] === state) ?? 'unknown';

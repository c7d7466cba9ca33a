import type { ConditionName } from '../../schemas/conditions.ts';
import type { LiveAlarm } from '../../schemas/live.ts';
import type { Fold } from '../../stream-models/fold.ts';

/**
 * An alarm that no screen has received is itself an alarm. Also when no console was ever connected: then, too, nobody
 * sees it. Time is counted in whole seconds that passed, so that a clock that is set does not cry wolf. One bed's memory: where
 * thousands of beds ring at once, each word is worth no more work than where one does.
 */
export interface DeliveryMemory {
  /** High alarms that ring, by alarm id. Seconds waited, or delivered. */
  readonly ringing: ReadonlyMap<string, number | 'delivered'>;
  /** not-delivered is said to be present. */
  readonly reported: boolean;
}

export type DeliveryInput =
  /** The alarms of the bed after a change or a roll call. */
  | { readonly tag: 'Picture'; readonly alarms: readonly LiveAlarm[] }
  /** Some console has received this alarm. */
  | { readonly tag: 'Received'; readonly alarm: string }
  | { readonly tag: 'SecondPassed' };

export interface ConditionSaid {
  readonly bed: string;
  readonly condition: ConditionName;
  readonly present: boolean;
  readonly evidence: string;
  /** It began or ended so many seconds ago; absent: now. */
  readonly agoS?: number;
}

export const DELIVERED_WITHIN_S = 10;

/** Must be received: it rings, or it rang and nobody has seen it. The alarm about alarms does not watch itself. */
export const mustBeReceived = ({ priority, state, condition }: LiveAlarm): boolean =>
  priority === 'high' && (state === 'on' || state === 'latched') && condition !== 'not-delivered';

const afterPicture = (memory: DeliveryMemory, alarms: readonly LiveAlarm[]): DeliveryMemory => {
  const wanted = alarms.filter(mustBeReceived).map(({ alarm }) => alarm);
  // After a restart the picture tells what was reported before.
  const before = alarms.some(({ condition, present }) => condition === 'not-delivered' && present);
  return {
    ringing: new Map(wanted.map((alarm) => [alarm, memory.ringing.get(alarm) ?? 0])),
    reported: memory.reported || before,
  };
};

const afterReceived = (memory: DeliveryMemory, alarm: string): DeliveryMemory =>
  memory.ringing.has(alarm) ? { ...memory, ringing: new Map(memory.ringing).set(alarm, 'delivered') } : memory;

const afterSecond = (memory: DeliveryMemory): DeliveryMemory => ({
  ...memory,
  ringing: new Map([...memory.ringing].map(([alarm, waited]) => [alarm, waited === 'delivered' ? waited : waited + 1])),
});

const after = (memory: DeliveryMemory, input: DeliveryInput): DeliveryMemory => {
  switch (input.tag) {
    case 'Picture':
      return afterPicture(memory, input.alarms);
    case 'Received':
      return afterReceived(memory, input.alarm);
    case 'SecondPassed':
      return afterSecond(memory);
  }
};

/** Watches over the delivery of one bed's high alarms; says when one was not delivered (true) and when all are (false). */
export const delivery: Fold<DeliveryMemory, DeliveryInput, boolean> = {
  start: { ringing: new Map(), reported: false },
  step: (before, input) => {
    const memory = after(before, input);
    const waits = [...memory.ringing.values()].filter((waited) => waited !== 'delivered');
    // What is still waiting stays reported until it is received, also right after a restart.
    if (memory.reported) return waits.length > 0 ? [memory, []] : [{ ...memory, reported: false }, [false]];
    return waits.some((waited) => waited >= DELIVERED_WITHIN_S)
      ? [{ ...memory, reported: true }, [true]]
      : [memory, []];
  },
};

/** How many high alarms of the bed no console has received. */
export const undelivered = ({ ringing }: DeliveryMemory): number =>
  [...ringing.values()].filter((waited) => waited !== 'delivered').length;

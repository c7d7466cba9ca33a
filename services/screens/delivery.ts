import type { LiveAlarm } from '../../schemas/live.ts';
import type { Fold } from '../../stream-models/fold.ts';

/**
 * An alarm that no screen has received is itself an alarm. Also when no console was ever connected: then, too, nobody
 * sees it. Time is counted in whole seconds that passed, so that a clock that is set does not cry wolf. One bed's memory: where
 * thousands of beds ring at once, each word is worth no more work than where one does.
 */
export interface DeliveryMemory {
  /** High alarms that ring, by alarm id. */
  readonly ringing: ReadonlyMap<string, Ringing>;
  /** not-delivered is said to be present. */
  readonly reported: boolean;
}

interface Ringing {
  /** When its signal last began: one that had latched and rings again, under the same id, must be received again. */
  readonly sinceUs: number;
  /** Seconds, or delivered. */
  readonly waited: number | 'delivered';
}

export type DeliveryInput =
  /** The alarms of the bed after a change or a roll call. */
  | { readonly tag: 'Picture'; readonly alarms: readonly LiveAlarm[] }
  /** Some console has received this alarm; `sinceUs`: this beginning of it, at a console of another front. */
  | { readonly tag: 'Received'; readonly alarm: string; readonly sinceUs?: number }
  | { readonly tag: 'SecondPassed' };

export const DELIVERED_WITHIN_S = 10;

/** Must be received: it rings, or it rang and nobody has seen it. The alarm about alarms does not watch itself. */
export const mustBeReceived = ({ priority, state, condition }: LiveAlarm): boolean =>
  priority === 'high' && (state === 'on' || state === 'latched') && condition !== 'not-delivered';

const afterPicture = (memory: DeliveryMemory, alarms: readonly LiveAlarm[]): DeliveryMemory => {
  const ringing = alarms.filter(mustBeReceived).map(({ alarm, sinceUs }): readonly [string, Ringing] => {
    const known = memory.ringing.get(alarm);
    return [alarm, known?.sinceUs === sinceUs ? known : { sinceUs, waited: 0 }];
  });
  // After a restart the picture tells what was reported before.
  const before = alarms.some(({ condition, present }) => condition === 'not-delivered' && present);
  return {
    ringing: new Map(ringing),
    reported: memory.reported || before,
  };
};

const afterReceived = (memory: DeliveryMemory, alarm: string, sinceUs: number | undefined): DeliveryMemory => {
  const one = memory.ringing.get(alarm);
  if (one === undefined || (sinceUs !== undefined && sinceUs !== one.sinceUs)) return memory;
  return { ...memory, ringing: new Map(memory.ringing).set(alarm, { ...one, waited: 'delivered' }) };
};

const secondLater = (one: Ringing): Ringing => (one.waited === 'delivered' ? one : { ...one, waited: one.waited + 1 });

const afterSecond = (memory: DeliveryMemory): DeliveryMemory => ({
  ...memory,
  ringing: new Map([...memory.ringing].map(([alarm, one]) => [alarm, secondLater(one)])),
});

const after = (memory: DeliveryMemory, input: DeliveryInput): DeliveryMemory => {
  switch (input.tag) {
    case 'Picture':
      return afterPicture(memory, input.alarms);
    case 'Received':
      return afterReceived(memory, input.alarm, input.sinceUs);
    case 'SecondPassed':
      return afterSecond(memory);
  }
};

/** Watches over the delivery of one bed's high alarms; says when one was not delivered (true) and when all are (false). */
export const delivery: Fold<DeliveryMemory, DeliveryInput, boolean> = {
  start: { ringing: new Map(), reported: false },
  step: (before, input) => {
    const memory = after(before, input);
    const waits = [...memory.ringing.values()].flatMap(({ waited }) => (waited === 'delivered' ? [] : [waited]));
    // What is still waiting stays reported until it is received, also right after a restart.
    if (memory.reported) return waits.length > 0 ? [memory, []] : [{ ...memory, reported: false }, [false]];
    return waits.some((waited) => waited >= DELIVERED_WITHIN_S)
      ? [{ ...memory, reported: true }, [true]]
      : [memory, []];
  },
};

/** How many high alarms of the bed no console has received. */
export const undelivered = ({ ringing }: DeliveryMemory): number =>
  [...ringing.values()].filter(({ waited }) => waited !== 'delivered').length;

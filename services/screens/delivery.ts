import type { ConditionName } from '../../schemas/conditions.ts';
import type { LiveAlarm } from '../../schemas/live.ts';
import type { Fold } from '../../stream-models/fold.ts';

/**
 * An alarm that no screen has received is itself an alarm. Also when no console was ever connected: then, too, nobody
 * sees it. Time is counted in whole seconds that passed, so that a clock that is set does not cry wolf.
 */
export interface DeliveryMemory {
  /** High alarms that ring, by alarm id. Seconds waited, or delivered. */
  readonly ringing: ReadonlyMap<string, { readonly bed: string; readonly waited: number | 'delivered' }>;
  /** Beds for which not-delivered is said to be present. */
  readonly reported: ReadonlySet<string>;
}

export type DeliveryInput =
  /** The alarms of a bed after a change or a roll call. */
  | { readonly tag: 'Picture'; readonly bed: string; readonly alarms: readonly LiveAlarm[] }
  /** Some console has received these alarms. */
  | { readonly tag: 'Received'; readonly alarms: readonly string[] }
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

const afterPicture = (memory: DeliveryMemory, bed: string, alarms: readonly LiveAlarm[]): DeliveryMemory => {
  const wanted = new Set(alarms.filter(mustBeReceived).map(({ alarm }) => alarm));
  const kept = [...memory.ringing].filter(([alarm, one]) => one.bed !== bed || wanted.has(alarm));
  const ringing = new Map(kept);
  for (const alarm of wanted) if (!ringing.has(alarm)) ringing.set(alarm, { bed, waited: 0 });
  // After a restart the picture tells what was reported before.
  const before = alarms.some(({ condition, present }) => condition === 'not-delivered' && present);
  return { ringing, reported: before ? new Set([...memory.reported, bed]) : memory.reported };
};

const afterReceived = (memory: DeliveryMemory, alarms: readonly string[]): DeliveryMemory => {
  const ringing = new Map(memory.ringing);
  for (const alarm of alarms) {
    const one = ringing.get(alarm);
    if (one !== undefined) ringing.set(alarm, { ...one, waited: 'delivered' });
  }
  return { ...memory, ringing };
};

const afterSecond = (memory: DeliveryMemory): DeliveryMemory => ({
  ...memory,
  ringing: new Map(
    [...memory.ringing].map(([alarm, one]) => [
      alarm,
      one.waited === 'delivered' ? one : { ...one, waited: one.waited + 1 },
    ]),
  ),
});

/** Beds with an alarm that waited too long. */
const overdue = ({ ringing }: DeliveryMemory): ReadonlySet<string> => {
  const beds = new Set<string>();
  for (const { bed, waited } of ringing.values())
    if (waited !== 'delivered' && waited >= DELIVERED_WITHIN_S) beds.add(bed);
  return beds;
};

const said = (bed: string, present: boolean): ConditionSaid => ({
  bed,
  condition: 'not-delivered',
  present,
  evidence: present
    ? `no screen has received a high alarm for ${DELIVERED_WITHIN_S} s`
    : 'every high alarm of the bed was received by a screen, or ended',
});

/** Watches over the delivery of high alarms. */
export const delivery: Fold<DeliveryMemory, DeliveryInput, ConditionSaid> = {
  start: { ringing: new Map(), reported: new Set() },
  step: (memory, input) => {
    const after =
      input.tag === 'Picture'
        ? afterPicture(memory, input.bed, input.alarms)
        : input.tag === 'Received'
          ? afterReceived(memory, input.alarms)
          : afterSecond(memory);
    // What is still waiting stays reported until it is received, also right after a restart.
    const waiting = new Set(
      [...after.ringing.values()].filter((one) => one.waited !== 'delivered').map(({ bed }) => bed),
    );
    const late = overdue(after);
    const come = [...late].filter((bed) => !after.reported.has(bed));
    const gone = [...after.reported].filter((bed) => !waiting.has(bed));
    if (come.length === 0 && gone.length === 0) return [after, []];
    const reported = new Set([...after.reported, ...come].filter((bed) => waiting.has(bed)));
    return [{ ...after, reported }, [...come.map((bed) => said(bed, true)), ...gone.map((bed) => said(bed, false))]];
  },
};

/** How many high alarms no console has received. */
export const undelivered = ({ ringing }: DeliveryMemory): number =>
  [...ringing.values()].filter(({ waited }) => waited !== 'delivered').length;

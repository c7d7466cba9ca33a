import { VIGIL_BED } from '../../schemas/engine.ts';
import type { LiveBed } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog } from '../ports/event-log.ts';
import { makeConditionWriter } from './condition-writer.ts';
import { type DeliveryInput, type DeliveryMemory, delivery, undelivered } from './delivery.ts';
import { type BedWatch, type WatchInput, watchdog } from './watchdog.ts';

export interface GuardOptions {
  readonly log: EventLog;
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly journal: Journal;
}

/** Watches Vigil itself: that alarms reach a screen and that analysis speaks. What it finds goes to vigil.alarm-inputs. */
export interface Guard {
  /** The alarms of a bed after a change, a roll call or a restart. */
  readonly picture: (bed: LiveBed) => void;
  readonly received: (alarms: readonly string[]) => void;
  readonly telemetry: (bed: string) => void;
  readonly analysis: (bed: string) => void;
  /** Resolves when what was found is on the log, or the log refused it (then it is said again). Never rejects. */
  readonly secondPassed: () => Promise<void>;
  readonly undelivered: () => number;
  /** Beds of which analysis has fallen silent. */
  readonly silentBeds: () => number;
  readonly flush: () => Promise<void>;
}

export const makeGuard = ({ log, now, meters, journal }: GuardOptions): Guard => {
  const conditions = makeConditionWriter(log, now, journal);
  const watches = new Map<string, BedWatch>();
  let deliveries: DeliveryMemory = delivery.start;

  const deliver = (input: DeliveryInput): void => {
    const [after, said] = delivery.step(deliveries, input);
    deliveries = after;
    for (const one of said) conditions.say(one);
  };

  const watch = (bed: string, input: WatchInput): void => {
    const [after, said] = watchdog.step(watches.get(bed) ?? watchdog.start, input);
    watches.set(bed, after);
    for (const present of said)
      conditions.say({
        bed,
        condition: 'analysis-silent',
        present,
        evidence: present ? 'telemetry comes, but analysis says nothing' : 'analysis speaks again',
      });
  };

  return {
    picture: ({ bed, alarms }) => {
      deliver({ tag: 'Picture', bed, alarms });
      // Of the reserved bed analysis says nothing; what is silent there is a process.
      if (bed !== VIGIL_BED && alarms.some(({ condition, present }) => condition === 'analysis-silent' && present))
        watch(bed, { tag: 'ReportedBefore' });
    },
    received: (alarms) => deliver({ tag: 'Received', alarms }),
    telemetry: (bed) => watch(bed, { tag: 'Telemetry' }),
    analysis: (bed) => watch(bed, { tag: 'Analysis' }),
    secondPassed: async () => {
      deliver({ tag: 'SecondPassed' });
      for (const bed of watches.keys()) watch(bed, { tag: 'SecondPassed' });
      meters.undelivered.set(undelivered(deliveries));
      await conditions.flush();
    },
    undelivered: () => undelivered(deliveries),
    silentBeds: () => [...watches.values()].filter(({ reported }) => reported).length,
    flush: conditions.flush,
  };
};

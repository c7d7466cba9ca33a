import { VIGIL_BED } from '../../schemas/engine.ts';
import type { LiveBed } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog } from '../ports/event-log.ts';
import { makeConditionWriter } from '../watch/condition-writer.ts';
import { DELIVERED_WITHIN_S, type DeliveryInput, type DeliveryMemory, delivery, undelivered } from './delivery.ts';
import { makeReceipts, type Receipt } from './receipts.ts';
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
  /** A console has received the alarm, perhaps of another front, and perhaps before this one hears of the alarm. */
  readonly receivedSomewhere: (receipt: Receipt) => void;
  readonly telemetry: (bed: string) => void;
  readonly analysis: (bed: string) => void;
  /** Resolves when what was found is on the log, or the log refused it (then it is said again). Never rejects. */
  readonly secondPassed: () => Promise<void>;
  readonly undelivered: () => number;
  /** Beds of which analysis has fallen silent. */
  readonly silentBeds: () => number;
  readonly flush: () => Promise<void>;
}

/** A front that begins anew reads the last minute of what was received. */
const RECEIPTS_RETOLD_EVERY_S = 30;
/** More red alarms than ring at once. */
const RECEIPTS_MAX = 10_000;

const remember = (receipts: Map<string, number>, alarm: string, sinceUs: number): void => {
  receipts.delete(alarm);
  receipts.set(alarm, sinceUs);
  if (receipts.size > RECEIPTS_MAX) receipts.delete(receipts.keys().next().value!);
};

/** Watches all beds from now on. */
export const makeGuard = ({ log, now, meters, journal }: GuardOptions): Guard => {
  const conditions = makeConditionWriter(log, now, journal);
  const watches = new Map<string, BedWatch>();
  /** Beds with high alarms that ring, or that were reported. */
  const deliveries = new Map<string, DeliveryMemory>();
  const bedsOfRinging = new Map<string, string>();
  const receipts = makeReceipts(log, now);
  /** By alarm: which beginning of it a console of any front has received, and one of this front. */
  const receivedSince = new Map<string, number>();
  const mine = new Map<string, number>();
  let retoldInS = RECEIPTS_RETOLD_EVERY_S;

  const deliver = (bed: string, input: DeliveryInput): void => {
    const before = deliveries.get(bed) ?? delivery.start;
    const [after, said] = delivery.step(before, input);
    for (const alarm of before.ringing.keys()) if (!after.ringing.has(alarm)) bedsOfRinging.delete(alarm);
    for (const alarm of after.ringing.keys()) bedsOfRinging.set(alarm, bed);
    if (after.ringing.size === 0 && !after.reported) deliveries.delete(bed);
    else deliveries.set(bed, after);
    for (const present of said)
      conditions.say({
        bed,
        condition: 'not-delivered',
        present,
        evidence: present
          ? `no screen has received a high alarm for ${DELIVERED_WITHIN_S} s`
          : 'every high alarm of the bed was received by a screen, or ended',
      });
  };
  /** What the other fronts are told again, for one that has begun anew. */
  const retell = (): void => {
    retoldInS = retoldInS === 0 ? RECEIPTS_RETOLD_EVERY_S : retoldInS - 1;
    if (retoldInS > 0) return;
    for (const [bed, { ringing }] of deliveries)
      for (const [alarm, { waited, sinceUs }] of ringing)
        if (waited === 'delivered' && mine.get(alarm) === sinceUs) receipts.tell({ bed, alarm, sinceUs });
  };
  const undeliveredNow = (): number => {
    let sum = 0;
    for (const memory of deliveries.values()) sum += undelivered(memory);
    return sum;
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
      deliver(bed, { tag: 'Picture', alarms });
      for (const [alarm, { waited }] of deliveries.get(bed)?.ringing ?? []) {
        const sinceUs = receivedSince.get(alarm);
        if (waited !== 'delivered' && sinceUs !== undefined) deliver(bed, { tag: 'Received', alarm, sinceUs });
      }
      // Of the reserved bed analysis says nothing; what is silent there is a process.
      if (bed !== VIGIL_BED && alarms.some(({ condition, present }) => condition === 'analysis-silent' && present))
        watch(bed, { tag: 'ReportedBefore' });
    },
    received: (alarms) => {
      for (const alarm of alarms) {
        const bed = bedsOfRinging.get(alarm);
        if (bed === undefined) continue;
        deliver(bed, { tag: 'Received', alarm });
        const sinceUs = deliveries.get(bed)?.ringing.get(alarm)?.sinceUs;
        if (sinceUs === undefined || mine.get(alarm) === sinceUs) continue;
        remember(mine, alarm, sinceUs);
        receipts.tell({ bed, alarm, sinceUs });
      }
    },
    receivedSomewhere: ({ bed, alarm, sinceUs }) => {
      remember(receivedSince, alarm, sinceUs);
      if (bedsOfRinging.has(alarm)) deliver(bed, { tag: 'Received', alarm, sinceUs });
    },
    telemetry: (bed) => watch(bed, { tag: 'Telemetry' }),
    analysis: (bed) => watch(bed, { tag: 'Analysis' }),
    secondPassed: async () => {
      for (const bed of [...deliveries.keys()]) deliver(bed, { tag: 'SecondPassed' });
      for (const bed of watches.keys()) watch(bed, { tag: 'SecondPassed' });
      meters.undelivered.set(undeliveredNow());
      retell();
      await Promise.all([conditions.flush(), receipts.flush()]);
    },
    undelivered: undeliveredNow,
    silentBeds: () => [...watches.values()].filter(({ reported }) => reported).length,
    flush: conditions.flush,
  };
};

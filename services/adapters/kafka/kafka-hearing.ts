import type { Consumer } from 'kafkajs';

/** Whether the log answers one reader. Looked at from outside: kafkajs tries again for as long as it takes, and tells nobody. */
export interface Hearing {
  /** Hears what this consumer is answered, and forgets the one before. */
  readonly of: (consumer: Consumer) => void;
  /** Records are being handed over: that nothing is asked meanwhile is not the log's fault. */
  readonly handingOver: (work: () => Promise<void>) => Promise<void>;
  /** Why nothing is heard of the log, in words; undefined: it answers. */
  readonly deaf: () => string | undefined;
  /** A second is over. */
  readonly look: () => void;
}

/**
 * A fetch is answered within a tenth of a second, also where there is nothing. As long as the watch over Vigil waits for its own
 * report to come back (8 s): the same log on the same busy machine.
 */
const DEAF_AFTER_LOOKS = 8;
/** A broker that is asked no more, as one that no longer leads a partition, is not waited for; kafkajs gives a request up after ten seconds. */
const FORGOTTEN_AFTER_LOOKS = 25;

/** How many looks ago a broker was asked, and since how many it owes an answer. */
interface Asked {
  asked: number;
  owes: number;
}

/** Looks are counted, not time: a machine that slept, or a process that stood still, has heard nothing of a log that is well. */
export const makeHearing = (): Hearing => {
  let brokers = new Map<number, Asked>();
  let quiet = 0;
  let handing = 0;
  return {
    of: (consumer) => {
      const own = new Map<number, Asked>();
      brokers = own;
      consumer.on('consumer.group_join', () => {
        quiet = 0;
      });
      consumer.on('consumer.fetch_start', ({ payload: { nodeId } }) => {
        own.set(nodeId, { asked: 0, owes: own.get(nodeId)?.owes ?? 0 });
      });
      consumer.on('consumer.fetch', ({ payload: { nodeId } }) => {
        quiet = 0;
        own.delete(nodeId);
      });
    },
    handingOver: async (work) => {
      handing += 1;
      try {
        await work();
      } finally {
        handing -= 1;
        quiet = 0;
      }
    },
    look: () => {
      if (handing === 0) quiet += 1;
      for (const [node, each] of brokers) {
        each.asked += 1;
        if (handing === 0) each.owes += 1;
        if (each.asked > FORGOTTEN_AFTER_LOOKS) brokers.delete(node);
      }
    },
    deaf: () => {
      const owes = Math.max(quiet, ...[...brokers.values()].map((each) => each.owes));
      return owes < DEAF_AFTER_LOOKS ? undefined : `Kafka has not answered a reader for ${owes} s`;
    },
  };
};

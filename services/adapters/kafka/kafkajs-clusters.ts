import type { Kafka } from 'kafkajs';

/** A broker as kafkajs talks to it; of its requests only what Vigil asks for without kafkajs. */
interface Broker {
  readonly leaveGroup: (whom: { readonly groupId: string; readonly memberId: string }) => Promise<unknown>;
}
interface Asked {
  readonly groupId: string;
  readonly coordinatorType: number;
}
/** What kafkajs' producers, consumers and admins stand on; it has no type of its own. */
export interface Cluster {
  readonly connect: () => Promise<void>;
  readonly disconnect: () => Promise<void>;
  readonly findGroupCoordinator: (of: { readonly groupId: string }) => Promise<Broker>;
  findGroupCoordinatorMetadata: (asked: Asked) => Promise<unknown>;
}
export interface Clusters {
  make: (settings: Readonly<Record<string, unknown>>) => Cluster;
}

/** How a kafkajs makes its clusters. It reaches into kafkajs 2.2.4; undefined where that looks different. */
export const clustersOf = (kafka: Kafka): Clusters | undefined => {
  const makes = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith('createCluster'));
  if (makes === undefined) return undefined;
  const within = kafka as unknown as Record<symbol, Clusters['make']>;
  return {
    get make() {
      return within[makes]!;
    },
    set make(make) {
      within[makes] = make;
    },
  };
};

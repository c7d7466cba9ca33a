import type { KafkaClient } from './kafka-client.ts';
import { clustersOf } from './kafkajs-clusters.ts';
import { isAlive, isOver } from './member-name.ts';

/**
 * Takes members out of a group whose process had this one's role here and is over (`isOver`: killed, out of memory). The broker would
 * wait for their session, 6 s in which their beds have nobody; kafkajs has no static membership. One that lives after all (two
 * containers that share the name of their host) joins again with its next heartbeat, and what it writes meanwhile is fenced.
 * Rejects with whatever kept it from that; nothing is lost then but the time.
 */
export const dismissPredecessors = async (client: KafkaClient, group: string): Promise<void> => {
  const { groups } = await client.ask((admin) => admin.describeGroups([group]));
  const over = (groups[0]?.members ?? []).filter(({ clientId }) => isOver(clientId, client.memberName, isAlive));
  const cluster = over.length === 0 ? undefined : clustersOf(client.kafka)?.make({});
  if (cluster === undefined) return;
  try {
    await cluster.connect();
    const coordinator = await cluster.findGroupCoordinator({ groupId: group });
    for (const { memberId } of over) await coordinator.leaveGroup({ groupId: group, memberId });
  } finally {
    await cluster.disconnect();
  }
};

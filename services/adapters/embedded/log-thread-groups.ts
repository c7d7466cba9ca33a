import type { Topic } from '../../../schemas/topics.ts';
import type { LogFile } from './log-thread-file.ts';
import type { LanePosition } from './log-thread-messages.ts';
import { shareOut } from './sqlite-event-log-shares.ts';

/** A member of a reader group, as its own handle knows it. */
export interface Member {
  readonly id: string;
  readonly group: string;
  readonly topic: Topic;
  /** The epoch in which each partition was given to it. */
  readonly held: Map<number, number>;
}

/** What a look at the group's tables changed for one member. */
export interface Changes {
  readonly given: readonly {
    readonly partition: number;
    readonly epoch: number;
    readonly stored: number | undefined;
  }[];
  readonly askedBack: readonly { readonly partition: number; readonly epoch: number }[];
  readonly lost: readonly { readonly partition: number; readonly epoch: number }[];
}

interface Owner {
  readonly partition: number;
  readonly member: string | null;
  readonly epoch: number;
  readonly position: number | null;
}

/**
 * Milliseconds of the machine's own clock, which every process sees alike and no time server moves. It starts anew at
 * a boot: a heartbeat from the future is one from before.
 */
const machineTime_ms = (): number => Number(process.hrtime.bigint() / 1_000_000n);

/** A reader joins its group; every partition of its topic has a row from then on, owned or not. */
export const addMember = (file: LogFile, member: Member): void => {
  file
    .statement('INSERT INTO members (id, reader_group, topic, heard_ms) VALUES (?, ?, ?, ?)')
    .run(member.id, member.group, member.topic, machineTime_ms());
  for (let partition = 0; partition < (file.partitions.get(member.topic) ?? 0); partition++) {
    file
      .statement('INSERT OR IGNORE INTO owners (reader_group, topic, partition) VALUES (?, ?, ?)')
      .run(member.group, member.topic, partition);
  }
};

/** A reader leaves its group; its partitions are given to others in the next round. */
export const removeMember = (file: LogFile, member: Member): void => {
  file.statement('DELETE FROM members WHERE id = ?').run(member.id);
};

/**
 * Within a write transaction: says that the member lives, forgets members who were not heard, and takes the
 * partitions that are free and this member's share. Every new owner gets a new epoch, which fences the one before.
 */
export const tendMember = (file: LogFile, member: Member, leaseMs: number): Changes => {
  const now = machineTime_ms();
  const { changes } = file.statement('UPDATE members SET heard_ms = ? WHERE id = ?').run(now, member.id);
  // Paused for longer than the lease: the others have struck this member off; it queues again at the end.
  if (changes === 0) addMember(file, member);
  file
    .statement('DELETE FROM members WHERE reader_group = ? AND topic = ? AND (heard_ms < ? OR heard_ms > ?)')
    .run(member.group, member.topic, now - leaseMs, now + leaseMs);
  const members = file
    .statement('SELECT id FROM members WHERE reader_group = ? AND topic = ? ORDER BY number')
    .all(member.group, member.topic)
    .map((row) => row['id'] as string);
  const owners = ownersOf(file, member.group, member.topic);
  const shares = shareOut(
    members,
    owners.map((owner) => owner.member ?? undefined),
  );

  const lost = [...member.held]
    .filter(([partition, epoch]) => owners[partition]?.epoch !== epoch)
    .map(([partition, epoch]) => ({ partition, epoch }));
  for (const { partition } of lost) member.held.delete(partition);
  const free = owners.filter(({ partition, member: owner }) => {
    const ownedByLiving = owner !== null && owner !== member.id && members.includes(owner);
    return shares[partition] === member.id && !ownedByLiving && !member.held.has(partition);
  });
  const given = free.map(({ partition, epoch, position }) => {
    file
      .statement('UPDATE owners SET member = ?, epoch = ? WHERE reader_group = ? AND topic = ? AND partition = ?')
      .run(member.id, epoch + 1, member.group, member.topic, partition);
    member.held.set(partition, epoch + 1);
    return { partition, epoch: epoch + 1, stored: position ?? undefined };
  });
  const askedBack = [...member.held]
    .filter(([partition]) => shares[partition] !== member.id)
    .map(([partition, epoch]) => ({ partition, epoch }));
  return { given, askedBack, lost };
};

const ownersOf = (file: LogFile, group: string, topic: Topic): readonly Owner[] =>
  file
    .statement(
      'SELECT partition, member, epoch, position FROM owners WHERE reader_group = ? AND topic = ? ORDER BY partition',
    )
    .all(group, topic) as unknown as readonly Owner[];

/** Within a write transaction: whether the partition is still this member's, in the epoch it was given in. */
export const stillOwns = (file: LogFile, member: Member, partition: number, epoch: number): boolean =>
  ownersOf(file, member.group, member.topic).some(
    (owner) => owner.partition === partition && owner.member === member.id && owner.epoch === epoch,
  );

/** A silent replay reads again what is settled: the position never goes back. */
export const storePosition = (file: LogFile, member: Member, partition: number, position: number): void => {
  file
    .statement(
      'UPDATE owners SET position = max(ifnull(position, 0), ?) WHERE reader_group = ? AND topic = ? AND partition = ?',
    )
    .run(position, member.group, member.topic, partition);
};

/** A reader gives a partition back in the epoch in which it was given to it. */
export const releasePartition = (file: LogFile, member: Member, partition: number, epoch: number): void => {
  // It may have been lost and given again meanwhile, in a newer epoch.
  if (member.held.get(partition) === epoch) member.held.delete(partition);
  file
    .statement(
      'UPDATE owners SET member = NULL WHERE reader_group = ? AND topic = ? AND partition = ? AND member = ? AND epoch = ?',
    )
    .run(member.group, member.topic, partition, member.id, epoch);
};

/** Where a group has settled its partitions of a topic; a partition of which nothing was settled is left out. */
export const storedPositions = (file: LogFile, group: string, topic: Topic): readonly LanePosition[] =>
  ownersOf(file, group, topic).flatMap(({ partition, position }) =>
    position === null ? [] : [{ partition, from: position }],
  );

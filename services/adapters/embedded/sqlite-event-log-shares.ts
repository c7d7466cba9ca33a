/**
 * Who of a group should own which partition: everyone the same number (or one more), and nothing moves that need not,
 * because a partition that moves makes its new owner replay. Depends on its arguments only, so all members of a group
 * who look at the same tables come to the same answer.
 * @param members live members in the order they joined
 * @param owners the present owner of each partition, undefined if it has none
 */
export const shareOut = (
  members: readonly string[],
  owners: readonly (string | undefined)[],
): readonly (string | undefined)[] => {
  if (members.length === 0) return owners.map(() => undefined);
  const held = new Map(members.map((member) => [member, owners.filter((owner) => owner === member).length]));
  const quota = quotas(members, held, owners.length);
  const kept = new Map(members.map((member) => [member, 0]));
  const shares = owners.map((owner) => {
    if (owner === undefined || !quota.has(owner) || kept.get(owner)! >= quota.get(owner)!) return undefined;
    kept.set(owner, kept.get(owner)! + 1);
    return owner;
  });
  return shares.map((share) => {
    if (share !== undefined) return share;
    const hungry = members.find((member) => kept.get(member)! < quota.get(member)!)!;
    kept.set(hungry, kept.get(hungry)! + 1);
    return hungry;
  });
};

/** The members who hold most get the odd partitions, so that the fewest move. */
const quotas = (members: readonly string[], held: ReadonlyMap<string, number>, partitions: number) => {
  const least = Math.floor(partitions / members.length);
  const odd = partitions % members.length;
  const richestFirst = members.toSorted((a, b) => held.get(b)! - held.get(a)!);
  return new Map(richestFirst.map((member, rank) => [member, rank < odd ? least + 1 : least]));
};

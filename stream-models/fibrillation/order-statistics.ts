/**
 * The value that would stand at `rank` if the first `count` numbers were sorted, without sorting them (Hoare 1961, "Find").
 * Reorders `values`.
 */
const valueAtRank = (values: Float64Array, count: number, rank: number): number => {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = middleOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const greater = values[left]!;
      values[left++] = values[right]!;
      values[right--] = greater;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank] ?? 0;
};

const middleOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

const BUCKETS = 512;

/** Room to work in: the bucket of each value, how many fell into each, and the values of one bucket. */
export interface RankRoom {
  readonly buckets: Uint16Array;
  readonly sizes: Uint32Array;
  readonly gathered: Float64Array;
}

/** Room to work in for windows of `count` samples, made once. */
export const rankRoom = (count: number): RankRoom => ({
  buckets: new Uint16Array(count),
  sizes: new Uint32Array(BUCKETS + 1),
  gathered: new Float64Array(count + 1),
});

/** A greater value never falls into a lower bucket: both the product and its whole part only rise with it. */
const fillBuckets = (values: Float64Array, count: number, scale: number, { buckets, sizes }: RankRoom): void => {
  for (let i = 0; i < count; i++) {
    const bucket = (values[i]! * scale) | 0;
    buckets[i] = bucket;
    sizes[bucket] = sizes[bucket]! + 1;
  }
};

/** Each value is written, and the place moves on only where it belongs: no branch that cannot be foretold. */
const gather = (values: Float64Array, count: number, bucket: number, { buckets, gathered }: RankRoom): number => {
  let size = 0;
  for (let i = 0; i < count; i++) {
    gathered[size] = values[i]!;
    size = (size + Number(buckets[i]! === bucket)) | 0;
  }
  return size;
};

/**
 * Buckets the first `count` values, none negative and the greatest of them `greatest`, for `rankedValue`. It is exact: the
 * buckets only narrow down where a rank lies.
 */
export const sortIntoBuckets = (values: Float64Array, count: number, greatest: number, room: RankRoom): void => {
  const scale = BUCKETS / greatest;
  room.sizes.fill(0);
  // All of them zero, or too small to be scaled: one bucket for all.
  fillBuckets(values, count, Number.isFinite(scale) ? scale : 0, room);
};

/** The value that would stand at `rank` if the values last sorted into the room's buckets were sorted outright. */
export const rankedValue = (values: Float64Array, count: number, rank: number, room: RankRoom): number => {
  let bucket = 0;
  let before = 0;
  while (before + room.sizes[bucket]! <= rank) before += room.sizes[bucket++]!;
  const size = gather(values, count, bucket, room);
  return valueAtRank(room.gathered, size, rank - before);
};

/** Lags in samples of every second sample (8 ms): 120 ms is 500/min, 600 ms is 100/min. */
const LAG_MIN = 15;
const LAG_MAX = 75;
const LAGS = LAG_MAX - LAG_MIN + 1;
/** Lags looked at in one pass. The last pass looks at a few more than are asked for; they do not count. */
const AT_ONCE = 6;

/** Room to work in: every second sample, the sum of the squares of all before it, and the sum of products of each lag. */
export interface PeriodicityRoom {
  readonly thinned: Float64Array;
  readonly squaresBefore: Float64Array;
  readonly products: Float64Array;
}

/** Room to work in for windows of `count` samples, made once. */
export const periodicityRoom = (count: number): PeriodicityRoom => ({
  thinned: new Float64Array(count >> 1),
  squaresBefore: new Float64Array((count >> 1) + 1),
  products: new Float64Array(LAGS + AT_ONCE),
});

const thin = (x: Float64Array, kept: number, { thinned, squaresBefore }: PeriodicityRoom): void => {
  let sum = 0;
  for (let i = 0; i < kept; i++) {
    const value = x[2 * i]!;
    thinned[i] = value;
    squaresBefore[i] = sum;
    sum += value * value;
  }
  squaresBefore[kept] = sum;
};

const productUpTo = (x: Float64Array, lag: number, to: number): number => {
  let sum = 0;
  for (let i = lag; i < to; i++) sum += x[i]! * x[i - lag]!;
  return sum;
};

/**
 * Sums of products of the lags `lag` to `lag + 5` in one pass. Each adds its terms in the order of time, as if it were
 * alone, so it is the same to the last bit; the samples that lie behind move on from one lag to the next and are read once.
 */
const sumProducts = (x: Float64Array, kept: number, lag: number, products: Float64Array): void => {
  const start = lag + AT_ONCE - 1;
  let p0 = productUpTo(x, lag, start);
  let p1 = productUpTo(x, lag + 1, start);
  let p2 = productUpTo(x, lag + 2, start);
  let p3 = productUpTo(x, lag + 3, start);
  let p4 = productUpTo(x, lag + 4, start);
  let p5 = 0;
  let b1 = x[4]!;
  let b2 = x[3]!;
  let b3 = x[2]!;
  let b4 = x[1]!;
  let b5 = x[0]!;
  for (let i = start, behind = AT_ONCE - 1; i < kept; i++, behind++) {
    const a = x[i]!;
    const b0 = x[behind]!;
    p0 += a * b0;
    p1 += a * b1;
    p2 += a * b2;
    p3 += a * b3;
    p4 += a * b4;
    p5 += a * b5;
    b5 = b4;
    b4 = b3;
    b3 = b2;
    b2 = b1;
    b1 = b0;
  }
  const at = lag - LAG_MIN;
  products[at] = p0;
  products[at + 1] = p1;
  products[at + 2] = p2;
  products[at + 3] = p3;
  products[at + 4] = p4;
  products[at + 5] = p5;
};

const sumSquares = (x: Float64Array, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]! * x[i]!;
  return sum;
};

/** The autocorrelation at a lag: its product over the root of both sides' squares, each added in the order of time. */
const correlationAt = (lag: number, kept: number, { thinned, squaresBefore, products }: PeriodicityRoom): number => {
  const norm = Math.sqrt(sumSquares(thinned, lag, kept) * squaresBefore[kept - lag]!);
  return norm > 0 ? products[lag - LAG_MIN]! / norm : 0;
};

/**
 * Two ways of adding the same squares differ by less than this share of their whole: n × 2⁻⁵² for each of the sums taken
 * apart here, with n up to 10,000, and some to spare.
 */
const ROUNDING = 1e-11;

/** At least the autocorrelation at a lag, without adding its squares anew: the squares from the lag on by difference. */
const correlationAtMost = (lag: number, kept: number, { squaresBefore, products }: PeriodicityRoom): number => {
  const product = products[lag - LAG_MIN]!;
  const whole = squaresBefore[kept]!;
  const leastAfter = whole - squaresBefore[lag]! - ROUNDING * whole;
  const before = squaresBefore[kept - lag]!;
  if (product <= 0) return 0;
  return leastAfter > 0 && before > 0
    ? (product / Math.sqrt(leastAfter * before)) * (1 + ROUNDING)
    : Number.POSITIVE_INFINITY;
};

/**
 * Highest autocorrelation of every second sample at a lag of 120 to 600 ms; at least 0. Only lags that may be the highest are
 * worked out in full, most often one. `count`: samples of x, at least 250.
 */
export const periodicityOf = (x: Float64Array, count: number, room: PeriodicityRoom): number => {
  const kept = count >> 1;
  thin(x, kept, room);
  for (let lag = LAG_MIN; lag <= LAG_MAX; lag += AT_ONCE) sumProducts(room.thinned, kept, lag, room.products);
  let likely = LAG_MIN;
  let most = 0;
  for (let lag = LAG_MIN; lag <= LAG_MAX; lag++) {
    const atMost = correlationAtMost(lag, kept, room);
    if (atMost > most) {
      most = atMost;
      likely = lag;
    }
  }
  let best = Math.max(0, correlationAt(likely, kept, room));
  for (let lag = LAG_MIN; lag <= LAG_MAX; lag++)
    if (lag !== likely && correlationAtMost(lag, kept, room) > best)
      best = Math.max(best, correlationAt(lag, kept, room));
  return best;
};

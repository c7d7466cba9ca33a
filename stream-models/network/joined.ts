import { filledWeights, type GruNetwork, type Weights } from './description.ts';

/** A network together with its weights. */
export interface Weighted {
  readonly network: GruNetwork;
  readonly weights: Weights;
}

/**
 * Several networks of one shape as a single one that says the mean of their logits: encoders and states lie side by side, and
 * weights between different members are zero. It is served, batched and carried like any other network. Throws a RangeError
 * without members.
 */
export const joinedNetwork = (network: GruNetwork, members: readonly Weights[]): Weighted => {
  if (members.length === 0) throw new RangeError('there is no network to join');
  const { features, encoder, hidden, classes } = network;
  const count = members.length;
  const joined: GruNetwork = { ...network, encoder: count * encoder, hidden: count * hidden, members: count };
  const weights = filledWeights(joined, () => 0);
  for (const [k, member] of members.entries()) {
    const inEncoder = k * encoder;
    const inHidden = k * hidden;
    place(weights.We, joined.encoder, 0, inEncoder, member.We, features, encoder);
    place(weights.be, joined.encoder, 0, inEncoder, member.be, 1, encoder);
    for (let gate = 0; gate < 3; gate++) {
      const to = gate * joined.hidden + inHidden;
      const of = (matrix: Float32Array, rows: number) => columns(matrix, rows, 3 * hidden, gate * hidden, hidden);
      place(weights.Wx, 3 * joined.hidden, inEncoder, to, of(member.Wx, encoder), encoder, hidden);
      place(weights.bx, 3 * joined.hidden, 0, to, of(member.bx, 1), 1, hidden);
      place(weights.Uh, 3 * joined.hidden, inHidden, to, of(member.Uh, hidden), hidden, hidden);
      place(weights.bh, 3 * joined.hidden, 0, to, of(member.bh, 1), 1, hidden);
    }
    const share = (value: number) => value / count;
    place(weights.Wo, classes.length, inHidden, 0, member.Wo.map(share), hidden, classes.length);
    for (let i = 0; i < classes.length; i++) weights.bo[i]! += share(member.bo[i]!);
  }
  return { network: joined, weights };
};

/**
 * The same network of two classes with a linear rule beside it, which hears the same input and remembers nothing: `share` of its log odds
 * (weights · x + bias) and `1 − share` of the network's logit. Throws a RangeError for other than two classes.
 */
export const withDirectPart = (
  { network, weights }: Weighted,
  rule: { readonly weights: ArrayLike<number>; readonly bias: number },
  share: number,
): Weighted => {
  if (network.classes.length !== 2) throw new RangeError('only a network of two classes has one logit');
  const ofNetwork = (value: number) => (1 - share) * value;
  const bo = weights.bo.map(ofNetwork);
  bo[1]! += share * rule.bias;
  const Wd = new Float32Array(network.features * 2);
  for (let i = 0; i < network.features; i++) Wd[2 * i + 1] = share * rule.weights[i]!;
  return { network, weights: { ...weights, Wo: weights.Wo.map(ofNetwork), bo, Wd } };
};

/** The weights of one member's gates: rows of its own part of the encoder or state, columns z, r, n of its own part of the state. */
export const memberGates = (
  { encoder, hidden, members = 1 }: GruNetwork,
  weights: Weights,
  member: number,
): Pick<Weights, 'Wx' | 'bx' | 'Uh' | 'bh'> => {
  const width = hidden / members;
  const block = (matrix: Float32Array, rows: number, row: number): Float32Array => {
    const cut = new Float32Array(rows * 3 * width);
    const own = matrix.subarray(row * 3 * hidden, (row + rows) * 3 * hidden);
    for (let gate = 0; gate < 3; gate++)
      place(
        cut,
        3 * width,
        0,
        gate * width,
        columns(own, rows, 3 * hidden, gate * hidden + member * width, width),
        rows,
        width,
      );
    return cut;
  };
  return {
    Wx: block(weights.Wx, encoder / members, (member * encoder) / members),
    bx: block(weights.bx, 1, 0),
    Uh: block(weights.Uh, width, member * width),
    bh: block(weights.bh, 1, 0),
  };
};

/**
 * The same network of two classes with `slope · logit + intercept` in place of its logit (Platt 1999): calibration becomes part of the
 * last layer, and what serves needs to know nothing of it.
 */
export const recalibrated = ({ network, weights }: Weighted, slope: number, intercept: number): Weighted => {
  if (network.classes.length !== 2) throw new RangeError('only a network of two classes has one logit');
  return rescaled({ network, weights }, { slope, shifts: [0, intercept] });
};

/** The same network with `slope · logit + shift` in place of every class's logit: the same for any number of classes. */
export const rescaled = (
  { network, weights }: Weighted,
  { slope, shifts }: { readonly slope: number; readonly shifts: readonly number[] },
): Weighted => {
  if (shifts.length !== network.classes.length) throw new RangeError('there must be one shift for every class');
  const scaled = (value: number) => slope * value;
  const bo = weights.bo.map((value, i) => scaled(value) + shifts[i]!);
  const Wd = weights.Wd && { Wd: weights.Wd.map(scaled) };
  return { network, weights: { ...weights, ...Wd, Wo: weights.Wo.map(scaled), bo } };
};

/** Writes a matrix into a wider one, from a row and a column on. */
const place = (
  into: Float32Array,
  width: number,
  row: number,
  column: number,
  from: Float32Array,
  rows: number,
  across: number,
): void => {
  for (let i = 0; i < rows; i++) into.set(from.subarray(i * across, (i + 1) * across), (row + i) * width + column);
};

/** Some columns of a matrix. */
const columns = (from: Float32Array, rows: number, width: number, first: number, across: number): Float32Array => {
  const cut = new Float32Array(rows * across);
  for (let i = 0; i < rows; i++) cut.set(from.subarray(i * width + first, i * width + first + across), i * across);
  return cut;
};

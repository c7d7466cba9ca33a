/** Which probe of a monitor a value is of: its frames tell their values in order, and not which of them has gone. */
import type { Probe } from '../../schemas/tellers.ts';
import { elapsed, type Moment } from '../../schemas/units.ts';
import { type Reading, SIDE_BY_SIDE } from './readings.ts';

/** A value of one code that a device told. */
interface Told {
  readonly code: number;
  readonly at: Moment;
  readonly value: number;
  readonly source: string | undefined;
  /** Absent: the frame had one value of the code. */
  readonly probe?: Probe | undefined;
}

/**
 * The name of the probe, and its device where that has several. Where a frame tells fewer values than before, each goes to the
 * probe that was nearest to it: of 85 and 97 a single 96 is of the second, and the first, which stood beyond its limit, is missed.
 * Where nothing is missing: as the frame calls it.
 */
export const probeNamed = (
  values: readonly Reading[],
  { code, at, value, source, probe }: Told,
): Pick<Reading, 'source' | 'probeOf'> => {
  // Asked of every number: most monitors have one probe of each signal.
  if (probe === undefined && !values.some(({ probeOf }) => probeOf !== undefined)) return { source };
  const device = probe?.device ?? source;
  const known = values.filter(
    (one) =>
      one.probeOf !== undefined && one.probeOf === device && one.code === code && elapsed(one.at, at) <= SIDE_BY_SIDE,
  );
  const asTold = { source, ...(device === undefined || (probe ?? known[0]) === undefined ? {} : { probeOf: device }) };
  if (known.length === 0) return asTold;
  const count = probe?.count ?? 1;
  const isNew = !known.some((one) => one.source === source);
  if (isNew ? count > known.length : count >= known.length) return asTold;
  let nearest: Reading | undefined;
  for (const one of known) {
    if (one.at >= at) continue;
    if (nearest === undefined || Math.abs(one.value - value) < Math.abs(nearest.value - value)) nearest = one;
  }
  // One that is left alone stays one of several, until the others are forgotten.
  return nearest === undefined ? asTold : { ...asTold, source: nearest.source };
};

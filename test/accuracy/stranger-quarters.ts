/** The strangers that teach the network of beats, in four parts by their place in the folder: each part is judged by networks that did not hear it. */
import { join } from 'node:path';

export const QUARTERS = [0, 1, 2, 3] as const;
export type Quarter = (typeof QUARTERS)[number];

/** The records of a folder that are in a quarter of it. `names`: all of them, in order. */
export const inQuarter = (names: readonly string[], quarter: Quarter): readonly string[] =>
  names.filter((_, i) => i % QUARTERS.length === quarter);

/** The network of beats that was fitted without a quarter, in the folder of `beats-without-strangers.ts`. */
export const networkWithout = (folder: string, quarter: Quarter): string =>
  join(folder, `without-quarter-${quarter + 1}.onnx`);

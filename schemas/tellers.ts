/** Who tells each number of a frame. */
import type { Telemetry } from './generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory } from './laboratory.ts';

/** So many of one signal at one moment are told apart. */
const TELLERS_MAX = 4;

/**
 * The source of each number of a frame, in their order; "source (2)" of a second one of the same signal at the same moment, as of two probes of
 * one monitor: under one name they would take turns, and what is beyond its limit would come and go with every frame. Of a
 * laboratory value the second is a correction of the first.
 */
export const tellersOf = ({ source, numerics }: Telemetry): readonly string[] =>
  numerics.map(({ code, atUs }, i) => {
    if (isLaboratory(code)) return source;
    let before = 0;
    for (let j = 0; j < i; j++) if (numerics[j]!.code === code && numerics[j]!.atUs === atUs) before++;
    return before === 0 ? source : `${source} (${Math.min(before + 1, TELLERS_MAX)})`;
  });

import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';

/** The MDC codes of the leads whose electrodes are off, in order, after a frame; one that says nothing of a lead leaves it as it was. */
export const leadsOffAfter = (off: readonly number[], frame: Telemetry): readonly number[] => {
  if (frame.leads.length === 0) return off;
  const codes = new Set(off);
  for (const lead of frame.leads) {
    if (lead.off) codes.add(lead.code);
    else codes.delete(lead.code);
  }
  return [...codes].sort((a, b) => a - b);
};

/** What a frame says beside its waves. It waits until the bed's clock, which the ECG moves, has come so far. */
import { inUsualUnit, signalOf } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory } from '../../schemas/laboratory.ts';
import { probesOf, tellersOf } from '../../schemas/tellers.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type {
  AssignmentSeen,
  LaboratorySeen,
  LeadSeen,
  LimitsAsked,
  NumericSeen,
  PatientDescribed,
  UnmappedSeen,
} from '../vocabulary/sighting.ts';
import { assignmentOf } from './patient-told.ts';

export type Waiting =
  | NumericSeen
  | LaboratorySeen
  | LeadSeen
  | AssignmentSeen
  | PatientDescribed
  | UnmappedSeen
  | LimitsAsked;

export const WAITING_MAX = 1_024;

/** When Vigil was told what a frame says. */
const toldAt = ({ gatewayTimeUs, deviceTimeUs }: Telemetry, toBedTime: (us: number) => Moment): Moment =>
  gatewayTimeUs > 0 ? moment(gatewayTimeUs) : toBedTime(deviceTimeUs);

const numericsOf = (frame: Telemetry, toBedTime: (us: number) => Moment): Waiting[] => {
  const tellers = tellersOf(frame);
  const probes = probesOf(frame);
  return frame.numerics.flatMap((numeric, i): Waiting[] => {
    const at = toBedTime(numeric.atUs);
    const { code, unit, reading } = numeric;
    const signal = signalOf(code);
    if (signal === undefined) return [{ tag: 'UnmappedSeen', at, said: at, code, unit }];
    const value = reading.case === 'value' ? inUsualUnit(code, reading.value, unit) : undefined;
    const missing = reading.case === 'missing' ? reading.value : undefined;
    const source = tellers[i]!;
    const probe = probes[i];
    if (!isLaboratory(code)) {
      const seen: Waiting = { tag: 'NumericSeen', at, said: at, code, unit: signal.ucum, value, missing, source };
      return [probe === undefined ? seen : { ...seen, probe }];
    }
    const told = toldAt(frame, toBedTime);
    if (value === undefined) return [];
    // No specimen is of later than what was told of it.
    const taken = moment(Math.min(at, told));
    return [{ tag: 'LaboratorySeen', at: taken, said: taken, told, code, value }];
  });
};

/** The electrodes that a frame speaks of, and those that count otherwise from it on because another device is heard. */
const leadsOf = ({ leads }: Telemetry, at: Moment, { before, after }: LeadsOff): Waiting[] => {
  const codes = new Set(leads.map(({ code }) => code));
  for (const code of before) if (!after.includes(code)) codes.add(code);
  for (const code of after) if (!before.includes(code)) codes.add(code);
  return [...codes].map((code) => ({ tag: 'LeadSeen', at, said: at, code, off: after.includes(code) }));
};

/** Order of things said at the same moment: what is known first comes first; the second passes last. */
const RANKS: Partial<Record<Waiting['tag'], number>> = { AssignmentSeen: 0, PatientDescribed: 1, LeadSeen: 2 };
const rank = ({ tag }: Waiting): number => RANKS[tag] ?? 3;
const inOrder = (a: Waiting, b: Waiting): number =>
  a.at - b.at || rank(a) - rank(b) || ('code' in a && 'code' in b ? a.code - b.code : 0);

/** A laboratory value is known from when it was told on, however old its specimen. */
const knownFrom = (seen: Waiting): Moment => (seen.tag === 'LaboratorySeen' ? seen.told : seen.at);

/** A frame, its end in bed time, and how its device times become bed times. */
export interface TimedFrame {
  readonly frame: Telemetry;
  readonly end: Moment;
  readonly toBedTime: (us: number) => Moment;
}

/** Codes of the leads that are off before a frame, and after it. */
export interface LeadsOff {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What waits after a frame that ends at `end`. `known`: the age for the limits that was told of its patient before. */
export const waitingAfter = (
  before: readonly Waiting[],
  { frame, end, toBedTime }: TimedFrame,
  known: AssignmentSeen['population'] | undefined,
  leadsOff: LeadsOff,
): readonly Waiting[] => {
  const waiting = [...before, ...leadsOf(frame, end, leadsOff), ...numericsOf(frame, toBedTime)];
  if (frame.assignment) waiting.push(...assignmentOf(frame.assignment, end, toBedTime, known));
  return waiting.slice(-WAITING_MAX);
};

/** What is known by a moment, in the order in which it is said, and what still waits. */
export const dueAt = (
  waiting: readonly Waiting[],
  to: Moment,
): readonly [due: readonly Waiting[], later: readonly Waiting[]] => [
  waiting.filter((seen) => knownFrom(seen) <= to).sort(inOrder),
  waiting.filter((seen) => knownFrom(seen) > to),
];

import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { TELEMETRY_LIMITS } from '../../schemas/checked-telemetry.ts';
import { withoutMarks } from '../../schemas/frame-sense.ts';
import { AlarmInputSchema, NurseActionKind, SeenSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';
import { NURSE_SOURCE } from './bed-presence.ts';
import type { Gateway } from './gateway.ts';
import { limitSchema, limitsRecord } from './limit-acts.ts';

const written = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must have no control characters');
/** What a person typed, without blanks about it, and without marks that turn the writing of what follows or that nobody sees. */
const text = (max: number) => z.string().transform(withoutMarks).pipe(z.string().trim()).pipe(written(max));

/** What a nurse did at a screen, as the console says it. When it was done is the gateway's to say. */
const actSchema = z
  .object({
    /** Made by the console: the same act sent twice is done once. */
    id: text(64),
    kind: z.enum([
      'acknowledge',
      'pause-audio',
      'resume-audio',
      'reset',
      'standby',
      'cannot-come',
      'set-limits',
      'show-limits',
    ]),
    /** As the device wrote it: with its blanks it is another bed than without. */
    bed: written(TELEMETRY_LIMITS.bedBytes),
    /** The one alarm meant; absent: all alarms of the bed. */
    alarm: written(256).optional(),
    by: text(128),
    durationUs: z.number().min(0).max(86_400e6).optional(),
    reason: text(256).optional(),
    /** The appearances of alarms that were shown when it was decided; absent: whatever is there counts as seen. */
    seen: z
      .array(
        z.object({
          alarm: written(256),
          appearance: z
            .number()
            .int()
            .min(0)
            .max(2 ** 32 - 1),
        }),
      )
      .max(128)
      .optional(),
    /** When it was decided, on Vigil's clock as the screen hears it; absent: nobody can tell how long it was under way. */
    decidedUs: z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    /** Of set-limits: what is set, and what was shown. */
    limit: limitSchema.optional(),
    /** Of set-limits: who lay there when it was decided; absent: nobody was named. */
    patient: written(TELEMETRY_LIMITS.sourceBytes).optional(),
  })
  .refine(({ kind, limit }) => kind !== 'set-limits' || limit !== undefined, {
    path: ['limit'],
    message: 'set-limits says which limit, and what it was',
  });

export type Act = z.infer<typeof actSchema>;

export interface ActRefusal {
  readonly code: 'bad-act';
  readonly where: string;
  readonly sentence: string;
}

/** Reads an act from JSON; unknown fields are ignored. */
export const parseAct = (value: unknown): E.Either<ActRefusal, Act> => {
  const parsed = actSchema.safeParse(value);
  if (parsed.success) return E.right(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : issue.path.join('.');
  const said = issue?.message ?? 'not an act';
  return E.left({ code: 'bad-act', where, sentence: `${where === '' ? 'the act' : where}: ${said}` });
};

/** What is said of the bed and stands among its frames; everything else is said to its alarms. */
type BedKind = 'standby' | 'set-limits' | 'show-limits';

const KINDS: Readonly<Record<Exclude<Act['kind'], BedKind>, NurseActionKind>> = {
  acknowledge: NurseActionKind.ACKNOWLEDGE,
  'pause-audio': NurseActionKind.PAUSE_AUDIO,
  'resume-audio': NurseActionKind.RESUME_AUDIO,
  reset: NurseActionKind.RESET,
  'cannot-come': NurseActionKind.CANNOT_COME,
};

export interface Acted {
  readonly ok: boolean;
  readonly sentence: string;
  /** It was not done because of when it was decided; sent again it would be refused again. */
  readonly untimely?: true;
}

/** A console says after four seconds that an act is not confirmed; what comes long after that meets a ward that its nurse did not see. */
const UNDER_WAY_MOST_S = 10;

const WORDS: Readonly<Record<Act['kind'], string>> = {
  acknowledge: 'Acknowledge',
  'pause-audio': 'Pause audio',
  'resume-audio': 'Resume audio',
  reset: 'Reset',
  standby: 'Monitor taken away',
  'set-limits': 'Limits',
  'show-limits': 'Show limits',
  'cannot-come': 'I cannot come',
};

/** Why an act is not done that a line held up for too long, or whose time is not of Vigil's clock; undefined: it may be done. */
const untimelyOf = ({ kind, bed, decidedUs }: Act, now: Moment): Acted | undefined => {
  if (decidedUs === undefined) return undefined;
  const underWayS = Math.round((now - decidedUs) / 1e6);
  if (Math.abs(underWayS) <= UNDER_WAY_MOST_S) return undefined;
  const why =
    underWayS > 0
      ? `it came ${underWayS} s after it was decided, and was not done. Look at the alarm, then try again.`
      : `it was decided ${-underWayS} s from now, and was not done. decidedUs is Vigil's time (serverTimeUs of /v1/live) in microseconds.`;
  return { ok: false, untimely: true, sentence: `${WORDS[kind]}, bed ${bed}: ${why}` };
};

const actionOf = (act: Act, kind: NurseActionKind, at: Moment): NewRecord => {
  const value = encodeAlarmInput(
    create(AlarmInputSchema, {
      bed: act.bed,
      atUs: at,
      saidUs: at,
      input: {
        case: 'action',
        value: {
          kind,
          alarm: act.alarm ?? '',
          by: act.by,
          durationUs: act.durationUs ?? 0,
          reason: act.reason ?? '',
          id: act.id,
          ...(act.seen === undefined ? {} : { seen: create(SeenSchema, { alarms: [...act.seen] }) }),
        },
      },
    }),
  );
  return { topic: 'vigil.alarm-inputs', key: act.bed, value };
};

/** That a monitor was taken away is said of the bed, not of an alarm: it stands in the bed's own order, so that no frame of it is ended that came after. */
const standbyOf = ({ bed, by }: Act, at: Moment, partition: number | undefined): NewRecord => {
  const times = { deviceTimeUs: at, gatewayTimeUs: at };
  const frame = create(TelemetrySchema, { bed, source: NURSE_SOURCE, ...times, silence: { takenAwayBy: by } });
  const record: NewRecord = { topic: 'vigil.telemetry', key: bed, value: encodeTelemetry(frame) };
  return partition === undefined ? record : { ...record, partition };
};

const isOfBed = (kind: Act['kind']): kind is BedKind => !Object.hasOwn(KINDS, kind);

const PASSED_ON: Readonly<Record<BedKind, string>> = {
  standby: 'Passed on. What stands at the bed ends, if nothing is heard of it and nobody is assigned to it.',
  'set-limits': 'Passed on. The limits apply when the bed shows them.',
  'show-limits': 'Asked which limits apply.',
};

const recordOf = (act: Act, at: Moment, apart: Gateway['apart']): NewRecord => {
  const { kind, limit, ...rest } = act;
  if (!isOfBed(kind)) return actionOf(act, KINDS[kind], at);
  if (kind === 'standby') return standbyOf(act, at, apart(act.bed));
  return limitsRecord(kind === 'set-limits' ? { ...rest, limit } : rest, at, apart(act.bed));
};

/**
 * Writes acts to vigil.alarm-inputs, and what is said of the bed itself (its monitor was taken away, its limits) to vigil.telemetry. Resolves
 * after the log keeps the act, or when it is refused as untimely; never rejects. `apart`: where a bed's frames lie, if not on the partition of
 * its name; absent: each lies there.
 */
export const makeActs =
  (log: EventLog, now: () => Moment, apart: Gateway['apart'] = () => undefined) =>
  async (act: Act): Promise<Acted> => {
    const untimely = untimelyOf(act, now());
    if (untimely !== undefined) return untimely;
    const { kind } = act;
    const kept = await log.append([recordOf(act, now(), apart)])();
    return E.isRight(kept)
      ? { ok: true, sentence: isOfBed(kind) ? PASSED_ON[kind] : 'Passed on to the alarms of the bed.' }
      : { ok: false, sentence: `The log did not keep it (${kept.left.sentence}); try again.` };
  };

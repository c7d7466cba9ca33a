/**
 * Whether a recorder that was disturbed has kept what an undisturbed one keeps: the log is read once more by a fresh recorder
 * (groups, checkpoints and store of its own) into a fresh store, and both are compared point for point.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { crc32c } from '../../schemas/checksum.ts';
import { signalCodes } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { SeriesError, SeriesStore } from '../../services/ports/series-store.ts';
import { makeRecorder } from '../../services/recorder/recorder.ts';
import { RECORDED, settled, type Ward } from './ward.ts';

/** The log as a recorder sees it that was never there before: other groups, no checkpoints, and nothing said. */
const asIfNew = (log: EventLog, name: string): EventLog => ({
  ...log,
  join: (reader) =>
    log.join({
      ...reader,
      group: name + reader.group,
      react: (batch) =>
        pipe(
          reader.react(batch),
          TE.map((reaction) => ({ ...reaction, outputs: [] })),
        ),
    }),
  tail: (reader) =>
    log.tail(reader.topic === 'vigil.checkpoints' ? { ...reader, from: new Map(), otherwise: 'end' } : reader),
});

const recordAfresh = async (log: EventLog, store: SeriesStore): Promise<void> => {
  const name = `fresh-${crypto.randomUUID().slice(0, 8)}-`;
  const recorder = await makeRecorder({ log: asIfNew(log, name), store });
  for (const [group, topic] of RECORDED) await settled(log, name + group, topic);
  await recorder.stop();
};

const kinds = ['numerics', 'minutes', 'findings', 'alarms', 'waves'] as const;
type Kind = (typeof kinds)[number];

const right = async <A>(task: TE.TaskEither<SeriesError, A>): Promise<A> => {
  const answer = await task();
  if (E.isLeft(answer)) throw new Error(answer.left.sentence);
  return answer.right;
};

/** Everything that a store has of these beds, one line a point. */
const contentOf = async (store: SeriesStore, beds: readonly string[]): Promise<Readonly<Record<Kind, string[]>>> => {
  const content: Record<Kind, string[]> = { numerics: [], minutes: [], findings: [], alarms: [], waves: [] };
  const keep = (kind: Kind, bed: string, points: readonly object[]): void => {
    for (const point of points) content[kind].push(`${bed} ${JSON.stringify(point)}`);
  };
  for (const bed of beds) {
    const range = { bed, from: moment(0), to: moment(Number.MAX_SAFE_INTEGER) };
    for (const { code } of signalCodes) {
      keep('numerics', bed, await right(store.numerics({ ...range, code })));
      keep(
        'minutes',
        bed,
        (await right(store.minutes({ ...range, code }))).map((bucket) => ({ code, ...bucket })),
      );
    }
    keep('findings', bed, await right(store.findings(range)));
    keep('alarms', bed, await right(store.alarms(range)));
    const blocks = await right(store.waves(range));
    keep(
      'waves',
      bed,
      blocks.map(({ samples, ...rest }) => ({
        ...rest,
        samples: crc32c(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)),
      })),
    );
  }
  return content;
};

export interface Recording {
  /** Points of each kind in the undisturbed recording. */
  readonly points: Readonly<Record<Kind, number>>;
  /** Points that the disturbed recording lacks, and those that it has beyond. */
  readonly lost: readonly string[];
  readonly extra: readonly string[];
}

/** Compares what the ward's recorder kept of these beds with an undisturbed recording. The recorder must have ended. */
export const recordingOf = async (ward: Ward, beds: readonly string[]): Promise<Recording> => {
  const [kept, fresh] = [await ward.series.kept(), await ward.series.fresh()];
  try {
    await recordAfresh(ward.log, fresh);
    const [found, wanted] = [await contentOf(kept, beds), await contentOf(fresh, beds)];
    const lines = (content: Readonly<Record<Kind, string[]>>): string[] =>
      kinds.flatMap((kind) => content[kind].map((line) => `${kind} ${line}`));
    const [foundLines, wantedLines] = [new Set(lines(found)), new Set(lines(wanted))];
    return {
      points: {
        ...{ numerics: wanted.numerics.length, minutes: wanted.minutes.length, findings: wanted.findings.length },
        ...{ alarms: wanted.alarms.length, waves: wanted.waves.length },
      },
      lost: [...wantedLines].filter((line) => !foundLines.has(line)),
      extra: [...foundLines].filter((line) => !wantedLines.has(line)),
    };
  } finally {
    await kept.close();
    await fresh.close();
  }
};

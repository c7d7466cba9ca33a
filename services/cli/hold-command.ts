import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { MDC } from '../../schemas/codes.ts';
import { days, type Moment, moment } from '../../schemas/units.ts';
import { openSeries } from '../composition/open-adapters.ts';
import { type Hold, stands } from '../ports/holds.ts';
import type { SeriesError, SeriesStore } from '../ports/series-store.ts';
import { configOrMistakes, type WrittenMoment } from './arguments.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { tellAudit } from './tell-audit.ts';

const now = (): Moment => moment(Date.now() * 1e3);
const iso = (us: Moment): string => new Date(us / 1e3).toISOString().replace('.000Z', 'Z');

const spanOf = ({ from, to }: Pick<Hold, 'from' | 'to'>): string =>
  `${iso(from)} … ${to === undefined ? 'without end' : iso(to)}`;

/** The user of this machine. A container's may have no name. */
const whoIs = (by: string | undefined): string => {
  if (by !== undefined) return by;
  try {
    return userInfo().username;
  } catch {
    throw misused('The user of this machine has no name: say who does it with --by.');
  }
};

/** Opens the series of this configuration for one command. */
const withSeries = async <A>(path: string | undefined, work: (store: SeriesStore) => Promise<A>): Promise<A> => {
  const store = await openSeries(configOrMistakes(path));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

const orFailed = async <A>(ask: TaskEither<SeriesError, A>, what: string): Promise<A> => {
  const answer = await ask();
  if (E.isLeft(answer)) throw failed(`${what}: ${answer.left.sentence}`);
  return answer.right;
};

/** Signals that nearly every bed has. */
const USUAL = [MDC.ecgHeartRate, MDC.spo2] as const;

/** A misspelt bed would be held, and the right one purged. */
const hasSeries = async (store: SeriesStore, { bed, from, to }: Hold): Promise<boolean> => {
  for (const code of USUAL) {
    const minutes = await store.minutes({ bed, code, from, to: to ?? now() })();
    // Too many to count, or no answer: then placing it will say so.
    if (E.isLeft(minutes) || minutes.right.length > 0) return true;
  }
  return false;
};

/** A container's zone is mostly UTC, and the ward's is not: which one was taken must not be guessed. */
const zoneTaken = (moments: readonly WrittenMoment[]): string | undefined => {
  const zoneless = moments.filter(({ hasZone }) => !hasZone);
  if (zoneless.length === 0) return undefined;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const as = zoneless.map(({ at }) => iso(at)).join(' and ');
  return `No zone was given, so this machine's was taken (${zone}): ${as}. If the ward's is another, release the hold and write the zone: 2026-11-20T08:00+01:00.`;
};

export interface HoldAddOptions {
  readonly bed: string;
  readonly from: WrittenMoment;
  readonly to?: WrittenMoment;
  readonly reason: string;
  readonly by?: string;
  readonly config?: string;
}

/** Places a hold; its id is the answer. */
export const holdAddCommand = async (options: HoldAddOptions, terminal: Terminal): Promise<void> => {
  const { bed, reason, by, config } = options;
  const [from, to] = [options.from.at, options.to?.at];
  if (to !== undefined && to <= from) throw misused('--to is not after --from.');
  if (to === undefined && from > now() + days(366)) throw misused('--from is more than a year ahead.');
  await withSeries(config, async (store) => {
    const hold: Hold = {
      ...{ id: `h-${randomUUID().slice(0, 8)}`, bed, from, ...(to === undefined ? {} : { to }) },
      ...{ reason, by: whoIs(by), at: now() },
    };
    const known = from > now() || (await hasSeries(store, hold));
    await orFailed(
      store.hold(hold),
      `The hold ${hold.id} is not in force. If vigil hold list has it, the recorder's next purge carries it out; else place it again`,
    );
    terminal.out(hold.id);
    await tellAudit(configOrMistakes(config), { command: 'hold add', bed, by: hold.by, what: hold.id }, terminal);
    terminal.side(`Held: bed ${bed}, ${spanOf(hold)}. To release it: vigil hold release ${hold.id}`);
    const zone = zoneTaken([options.from, ...(options.to === undefined ? [] : [options.to])]);
    if (zone !== undefined) terminal.side(zone);
    if (!known)
      terminal.side(
        `No minute of a heart rate or a saturation is kept of bed ${bed} in this span: is the bed spelt as its series have it? The hold stands.`,
      );
  });
};

const described = (hold: Hold): readonly string[] => {
  const { id, bed, at, by, reason, released } = hold;
  return [
    `${id}  ${bed}  ${spanOf(hold)}`,
    `    placed ${iso(at)} by ${by}: ${reason}`,
    ...(released === undefined
      ? []
      : [`    released ${iso(released.at)} by ${released.by}: ${released.reason || 'no reason was given'}`]),
  ];
};

export interface HoldListOptions {
  readonly all?: true;
  readonly config?: string;
}

/** Where nothing was ever kept nobody can tell whether a hold stands: the folder is another than the recorder's. */
const orNoSeries = (path: string | undefined): void => {
  const { influx, dataDirectory } = configOrMistakes(path);
  const file = join(dataDirectory, 'series.db');
  if (influx === undefined && !existsSync(file))
    throw failed(`There is no ${file}, so no holds are known. Is VIGIL_DATA_DIR (or INFLUX_URL) that of the recorder?`);
};

/** Lists the holds: who, when, why. */
export const holdListCommand = async ({ all, config }: HoldListOptions, terminal: Terminal): Promise<void> => {
  orNoSeries(config);
  await withSeries(config, async (store) => {
    const holds = await orFailed(store.holds(), 'The holds cannot be read');
    const shown = holds.filter((hold) => all === true || stands(hold));
    for (const line of shown.flatMap(described)) terminal.out(line);
    if (shown.length === 0) terminal.side(all === true ? 'There never was a hold.' : 'No hold stands.');
  });
};

export interface HoldReleaseOptions {
  readonly reason: string;
  readonly by?: string;
  readonly config?: string;
}

/** Releases a hold. */
export const holdReleaseCommand = async (
  id: string,
  { reason, by, config }: HoldReleaseOptions,
  terminal: Terminal,
): Promise<void> =>
  withSeries(config, async (store) => {
    const hold = await orFailed(store.release(id, { at: now(), by: whoIs(by), reason }), 'Nothing was released');
    if (hold === undefined) throw failed(`No hold ${id} stands; vigil hold list names those that do.`);
    const told = { command: 'hold release', bed: hold.bed, by: whoIs(by), what: id };
    await tellAudit(configOrMistakes(config), told, terminal);
    terminal.side(
      `Released: bed ${hold.bed}, ${spanOf(hold)}. The next purge (within an hour, while a recorder runs) takes what is over its time.`,
    );
  });

import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { TELEMETRY_LIMITS } from '../../schemas/checked-telemetry.ts';
import { withoutMarks } from '../../schemas/frame-sense.ts';
import { type ScreenTold, WATCHED_MOST } from '../../schemas/live.ts';
import { type Act, type ActRefusal, parseAct } from '../gateway/acts.ts';

const helloSchema = z.object({ since: z.string().optional(), token: z.string().max(1_024).optional() });
const receivedSchema = z.object({ frame: z.number().int().min(0) });
const watchSchema = z.object({
  waves: z
    .array(z.object({ bed: z.string().max(64), codes: z.array(z.number().int().min(0)).max(16) }))
    .max(WATCHED_MOST),
  // Of the audit only: nobody is hung up on for them.
  opened: z.string().max(64).optional().catch(undefined),
  by: z.string().max(128).optional().catch(undefined),
});

const plain = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cc}*$/u)
    .transform(withoutMarks)
    .pipe(z.string().trim());
const screenSchema = z.object({
  id: plain(64).pipe(z.string().min(8)),
  name: plain(60),
  beds: z.array(z.string().max(TELEMETRY_LIMITS.bedBytes)).max(WATCHED_MOST),
});

/** What a console said (schemas/live.ts, ConsoleFrame), checked. */
export type ConsoleSaid =
  | { readonly tag: 'Hello'; readonly since: string | undefined; readonly token: string | undefined }
  | {
      readonly tag: 'Watch';
      readonly waves: readonly { readonly bed: string; readonly codes: readonly number[] }[];
      /** The bed that is open; undefined: the ward. An older console does not say, and asks for more than one wave of it. */
      readonly opened: string | undefined;
      /** In whose name acts are signed there now; empty: in nobody's. */
      readonly by: string;
    }
  | { readonly tag: 'Received'; readonly frame: number }
  | { readonly tag: 'Screen'; readonly screen: ScreenTold }
  | { readonly tag: 'Goodbye' }
  | { readonly tag: 'Act'; readonly act: Act }
  /** An act that cannot be done; `id` so that the console can be told. */
  | { readonly tag: 'BadAct'; readonly id: string; readonly refusal: ActRefusal }
  /** A newer console may say more than this server knows. */
  | { readonly tag: 'Unknown' };

const parseJson = (text: string): E.Either<string, unknown> =>
  E.tryCatch(
    () => JSON.parse(text) as unknown,
    () => 'not JSON',
  );

const actOf = (value: object): ConsoleSaid => {
  const act = parseAct(value);
  if (E.isRight(act)) return { tag: 'Act', act: act.right };
  const id = 'id' in value && typeof value.id === 'string' ? value.id.slice(0, 64) : '';
  return { tag: 'BadAct', id, refusal: act.left };
};

/** Reads a text frame of a console; Left: a sentence for the close frame. */
export const parseConsoleFrame = (text: string): E.Either<string, ConsoleSaid> => {
  const json = parseJson(text);
  if (E.isLeft(json)) return json;
  const value = json.right;
  if (typeof value !== 'object' || value === null || !('type' in value)) return E.left('a frame needs a type');
  switch (value.type) {
    case 'hello': {
      const hello = helloSchema.safeParse(value);
      if (!hello.success) return E.left('hello: since and token are texts');
      return E.right({ tag: 'Hello', since: hello.data.since, token: hello.data.token });
    }
    case 'watch': {
      const watch = watchSchema.safeParse(value);
      if (!watch.success) return E.left(`watch: waves are at most ${WATCHED_MOST} pairs of bed and codes`);
      const { waves, opened = waves.find(({ codes }) => codes.length > 0)?.bed, by = '' } = watch.data;
      return E.right({ tag: 'Watch', waves, opened: opened === '' ? undefined : opened, by: withoutMarks(by).trim() });
    }
    case 'received': {
      const received = receivedSchema.safeParse(value);
      return received.success
        ? E.right({ tag: 'Received', frame: received.data.frame })
        : E.left('received: frame is a whole number');
    }
    case 'screen': {
      const screen = screenSchema.safeParse(value);
      if (!screen.success)
        return E.left(`screen: id has 8 to 64 characters, name at most 60, beds are at most ${WATCHED_MOST} names`);
      return E.right({ tag: 'Screen', screen: screen.data });
    }
    case 'goodbye':
      return E.right({ tag: 'Goodbye' });
    case 'act':
      return E.right(actOf(value));
    default:
      return E.right({ tag: 'Unknown' });
  }
};

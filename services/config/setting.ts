import { z } from 'zod';

/** One setting: what it is called in the environment and in the file, what it may be, and what to do when it is not. */
export interface Setting<Value> {
  readonly env: string;
  readonly key: string;
  /** One line of `vigil check-config` and of the manual. */
  readonly meaning: string;
  /** Of lists, words and numbers from the environment the text; from the file the JSON value. */
  readonly schema: z.ZodType<Value>;
  readonly usual: Value;
  /** The allowed values, for the message. */
  readonly allowed: string;
  /** What to do about a mistake. */
  readonly remedy: string;
  /** Never printed, and may be given as `file:/path`. */
  readonly secret?: true;
}

/** Lets the type of a value be inferred. */
export const setting = <Value>(it: Setting<Value>): Setting<Value> => it;

/** A whole number, `min` and `max` among them. */
export const whole = (min: number, max: number): z.ZodType<number> =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(min).max(max));

/** A text without blanks about it. */
export const word = (pattern: RegExp): z.ZodType<string> => z.string().trim().regex(pattern);

/** A list: an array in the file, words between commas (or lines) in the environment and in secret files. */
export const list = <Item extends string>(item: z.ZodType<Item>): z.ZodType<readonly Item[]> =>
  z
    .union([
      z.array(z.string()),
      z.string().transform((text) =>
        text
          .split(/[,\n]/)
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ),
    ])
    .pipe(z.array(item as z.ZodType<Item, string>));

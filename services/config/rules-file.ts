/** A site's own rules, read from the one JSON file that VIGIL_RULES_FILE names: checked whole, every mistake with its place. */
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { DELAY_MAX, type LimitName, type PresetName, populations } from '../../stream-models/presets/preset.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { ruleMistakes } from '../../stream-models/presets/rule-mistakes.ts';
import type { SiteRules } from '../../stream-models/presets/site-rules.ts';

const LIMITS = Object.keys(presets.vigil.populations.adult.limits) as readonly LimitName[];
const DELAY_MAX_S = DELAY_MAX / 1e6;

/** An object with these keys and no other: a typo must not leave a limit as it was. */
const only = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.map((key) => `"${key}"`).join(', ')} is not known here; there are ${Object.keys(shape).join(', ')}`
        : 'must be an object',
  });
const oneOf = <Name extends string, Value extends z.ZodType>(names: readonly Name[], value: Value) =>
  only(Object.fromEntries(names.map((name) => [name, value.optional()])) as Record<Name, z.ZodOptional<Value>>);
const perPopulation = <Value extends z.ZodType>(value: Value) => {
  return oneOf(populations, oneOf(LIMITS, value));
};

const number = z.number({ error: 'must be a number' }).min(-1_000, 'is no such value').max(1_000, 'is no such value');
const bound = z.union([number, z.null()], { error: 'must be a number, or null for no limit on that side' });
const range = z.tuple([number, number], { error: 'must be two numbers, the least and the most' });
const limit = only({
  low: bound.optional(),
  high: bound.optional(),
  hysteresis: number.min(0, 'must be 0 or more').optional(),
});
const bounds = only({
  low: range.optional(),
  high: range.optional(),
  off: z.boolean({ error: 'must be true or false: whether a nurse may turn it off for a patient' }).optional(),
});
const delay = z
  .number({ error: `must be seconds, 0 to ${DELAY_MAX_S}` })
  .min(0, `must be seconds, 0 to ${DELAY_MAX_S}`)
  .max(DELAY_MAX_S, `must be seconds, 0 to ${DELAY_MAX_S}`);
const layer = {
  limits: perPopulation(limit).optional(),
  delays: z.record(z.string(), delay).optional(),
  bounds: perPopulation(bounds).optional(),
};
const BED = /^[^\p{Cc}*]{1,64}\*?$/u;
const beds = z
  .array(z.string().regex(BED, 'must be the name of a bed, or its beginning with * at the end'), {
    error: 'must list the unit’s beds, for example ["icu-2-*"]',
  })
  .min(1, 'must name a bed at least');
const file = only({
  version: z
    .string()
    .regex(/^[\w.-]{1,32}$/, 'must be 1 to 32 letters, digits, dots, dashes and underscores')
    .optional(),
  site: only(layer).optional(),
  units: z
    .record(
      z.string().regex(/^[^\p{Cc}@"]{1,40}$/u, 'must be called by 1 to 40 characters without @ and quotes'),
      only({ ...layer, beds }),
    )
    .optional(),
});

/** "units."ICU 2".limits.adult.hr.low" */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (i === 1 && path[0] === 'units' ? `"${String(part)}"` : String(part))).join('.');

const sentenceOf = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string =>
  `${path.length === 0 ? 'the file' : placeOf(path)}: ${message}`;

const parsed = (text: string): E.Either<readonly string[], unknown> =>
  E.tryCatch(
    () => JSON.parse(text) as unknown,
    (cause) => [`it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`],
  );

/** The site's rules over a preset, or every mistake as a sentence that names its place in the file. */
export const readRules = (text: string, preset: PresetName): E.Either<readonly string[], SiteRules> => {
  const json = parsed(text);
  if (E.isLeft(json)) return json;
  const read = file.safeParse(json.right);
  if (!read.success) return E.left(read.error.issues.map(sentenceOf));
  const { version = '', site = {}, units = {} } = read.data;
  const hash = createHash('sha256').update(text).digest('hex');
  const rules: SiteRules = { version, hash, site, units };
  const mistakes = ruleMistakes(presets[preset], rules);
  return mistakes.length > 0 ? E.left(mistakes) : E.right(rules);
};

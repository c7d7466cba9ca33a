/**
 * Line protocol by schemas/series.ts: a tag or a field that the schema does not have does not compile, and one that is
 * missing or of another type throws. Stands for the recorder's adapter.
 */
import { type MeasurementName, measurements, type Tier } from '../../schemas/series.ts';

type Kinds = typeof measurements;
export type TagsOf<M extends MeasurementName> = { readonly [T in keyof Kinds[M]['tags']]: string };
type ValueOf<Type> = Type extends 'string' ? string : Type extends 'boolean' ? boolean : number;
export type FieldsOf<M extends MeasurementName> = {
  readonly [F in keyof Kinds[M]['fields']]?: Kinds[M]['fields'][F] extends { readonly type: infer Type }
    ? ValueOf<Type>
    : never;
};

export interface Line {
  readonly tier: Tier;
  readonly text: string;
}

const escapedTag = (text: string): string => text.replace(/[,= ]/g, '\\$&');
const escapedText = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const fieldText = (type: string, value: unknown): string => {
  if (type === 'string' && typeof value === 'string') return escapedText(value);
  if (type === 'boolean' && typeof value === 'boolean') return String(value);
  if (type === 'integer' && Number.isSafeInteger(value)) return `${value}i`;
  if (type === 'float' && Number.isFinite(value)) return String(value);
  throw new Error(`${JSON.stringify(value)} is no ${type}`);
};

/** One point; `atMs` may have fractions, down to the microsecond. An empty tag is left out, as InfluxDB wants it. */
export const line = <M extends MeasurementName>(name: M, tags: TagsOf<M>, fields: FieldsOf<M>, atMs: number): Line => {
  const { tier, tags: knownTags, fields: knownFields } = measurements[name];
  const tagText = Object.keys(knownTags)
    .map((tag) => [tag, (tags as Readonly<Record<string, string>>)[tag]] as const)
    .filter(([tag, value]) => {
      if (value === undefined) throw new Error(`${name} has a tag ${tag}`);
      return value !== '';
    })
    .map(([tag, value]) => `,${tag}=${escapedTag(value!)}`)
    .join('');
  const values = Object.entries(fields).filter(([, value]) => value !== undefined);
  const known = knownFields as Readonly<Record<string, { readonly type: string }>>;
  const fieldTexts = values.map(([field, value]) => `${field}=${fieldText(known[field]!.type, value)}`);
  return { tier, text: `${name}${tagText} ${fieldTexts.join(',')} ${Math.round(atMs * 1e3)}` };
};

const LINES_PER_REQUEST = 20_000;

/** Writes by the interface of 1.x. Rejects with the server's own words. */
export const writeLines = async (url: string, database: string, lines: readonly Line[]): Promise<void> => {
  for (const tier of new Set(lines.map((each) => each.tier))) {
    const own = lines.filter((each) => each.tier === tier).map(({ text }) => text);
    for (let i = 0; i < own.length; i += LINES_PER_REQUEST) {
      const body = own.slice(i, i + LINES_PER_REQUEST).join('\n');
      const answer = await fetch(`${url}/write?db=${database}&rp=${tier}&precision=u`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`InfluxDB: ${answer.status} ${await answer.text()}`);
    }
  }
};

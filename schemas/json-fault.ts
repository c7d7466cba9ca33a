/** Where in a JSON message its first fault lies. The library tells the kind of message; a sender has many of a kind and wants the field. */
import { type DescField, type DescMessage, fromJson, type JsonValue, ScalarType } from '@bufbuild/protobuf';
import { rejection } from './rejection.ts';

export interface JsonFault {
  /** As elsewhere: "numerics[0].val"; empty: the message as a whole. */
  readonly where: string;
  readonly sentence: string;
}

/** More than any message of Vigil's is nested; a parser takes a hundred thousand, at which everything that walks or writes a value ends. */
const NESTED_MAX = 32;

/** Whether a parsed value must not be walked or written by what calls itself for each level. */
export const isNestedTooDeep = (value: unknown, levelsLeft = NESTED_MAX): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levelsLeft === 0 || Object.values(value).some((one) => isNestedTooDeep(one, levelsLeft - 1)));

export const nestedTooDeep = rejection(
  'unreadable',
  '',
  `nested more than ${NESTED_MAX} levels deep, as no vigil.v1.Telemetry in JSON is`,
);

const TOLD_MAX = 60;
/** A value as the sender wrote it, shortened. */
const told = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > TOLD_MAX ? `${text.slice(0, TOLD_MAX)}…` : text;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The library's words after the name of the field, as "expected number (float64), got "abc"". */
const reasonOf = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('from JSON: ').at(-1) ?? message;
};

/** Where the library's words do not say what would be right: the words that there are, and how bytes are written. */
const expectedOf = (field: DescField): string | undefined => {
  if (field.fieldKind === 'enum') return `expected one of ${field.enum.values.map(({ name }) => name).join(', ')}`;
  return field.fieldKind === 'scalar' && field.scalar === ScalarType.BYTES ? 'expected bytes in base64' : undefined;
};

const faultOfField = (schema: DescMessage, field: DescField, value: unknown, where: string): JsonFault | undefined => {
  if (value === null) return undefined;
  if (field.fieldKind === 'message') return faultOfMessage(field.message, value, where);
  if (field.fieldKind === 'list' && field.listKind === 'message' && Array.isArray(value)) {
    for (const [i, one] of value.entries()) {
      const fault = faultOfMessage(field.message, one, `${where}[${i}]`);
      if (fault) return fault;
    }
    return undefined;
  }
  try {
    fromJson(schema, { [field.jsonName]: value as JsonValue });
    return undefined;
  } catch (cause) {
    return { where, sentence: `${where} is ${told(value)}: ${expectedOf(field) ?? reasonOf(cause)}` };
  }
};

const faultOfMessage = (schema: DescMessage, value: unknown, where: string): JsonFault | undefined => {
  if (!isObject(value))
    return { where, sentence: `${where === '' ? 'the message' : where} is ${told(value)}, not an object` };
  for (const [key, one] of Object.entries(value)) {
    const path = where === '' ? key : `${where}.${key}`;
    const field = schema.fields.find(({ jsonName, name }) => jsonName === key || name === key);
    if (field === undefined) {
      const known = schema.fields.map(({ jsonName }) => jsonName).join(', ');
      return { where: path, sentence: `${path} is no field of ${schema.name}; there are ${known}` };
    }
    const fault = faultOfField(schema, field, one, path);
    if (fault) return fault;
  }
  return undefined;
};

/** The first fault of a value that is no such message, in the order in which it was written; undefined: none was found. */
export const jsonFault = (schema: DescMessage, value: unknown): JsonFault | undefined =>
  faultOfMessage(schema, value, '');

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { HEAD_TOLD } from './audit.ts';
import type { Anchor } from './verdict.ts';

const lineSchema = z.object({
  msg: z.literal(HEAD_TOLD),
  time: z.string(),
  chain: z.string().regex(/^[\da-f]{32}$/),
  count: z.number().int().min(0),
  code: z.string().regex(/^[\da-f]{64}$/),
});

/** A container's engine may put words of its own before a line. */
const objectIn = (line: string): unknown => {
  const begins = line.indexOf('{');
  if (begins < 0 || !line.includes(HEAD_TOLD)) return undefined;
  try {
    return JSON.parse(line.slice(begins)) as unknown;
  } catch {
    return undefined; // a line that was cut off
  }
};

/** The heads of chains that a journal of Vigil tells ("-": standard input); other lines are passed over. Rejects when the file cannot be read. */
export const readAnchors = async (path: string): Promise<readonly Anchor[]> => {
  const anchors: Anchor[] = [];
  const input = path === '-' ? process.stdin : createReadStream(path);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const read = lineSchema.safeParse(objectIn(line));
    if (!read.success) continue;
    const { chain, count, code, time } = read.data;
    const atUs = Date.parse(time) * 1e3;
    anchors.push({ chain, number: count, sha256: code, atUs: Number.isNaN(atUs) ? undefined : atUs });
  }
  return anchors;
};

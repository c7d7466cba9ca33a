import type { FastifyInstance, FastifyReply } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { isNestedTooDeep, nestedTooDeep } from '../../schemas/json-fault.ts';
import { INTENDED_USE } from '../../schemas/live.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import { type Accepted, type Answer, overloaded, type Refused } from '../gateway/answer.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Meters } from '../metrics/meters.ts';
import { makeBodies } from './bodies.ts';
import { PROBLEM_JSON, problem } from './problem.ts';

const TELEMETRY_TYPES = ['application/json', 'application/x-ndjson', 'application/x-protobuf'] as const;

/** A request may have so many bytes. */
const BATCH_BYTES_MAX = 8 * 1_048_576;
/** Messages in one request; more belong into a second one, or onto the WebSocket. */
const MESSAGES_MAX = 10_000;
const CONTENT_TYPE = /^\s*([^;\s]+)/;

/** What every message of a request came to. */
interface TelemetryReport {
  readonly accepted: number;
  readonly duplicates: number;
  readonly retrospective: number;
  readonly refused: readonly (Omit<Refused, 'ok'> & { readonly index: number })[];
}

const reportOf = (answers: readonly Answer[]): TelemetryReport => {
  const taken = answers.filter((answer): answer is Accepted => answer.ok);
  return {
    accepted: taken.length,
    duplicates: taken.filter(({ verdict }) => verdict === 'duplicate').length,
    retrospective: taken.filter(({ verdict }) => verdict === 'retrospective').length,
    refused: answers.flatMap((answer, index) => {
      if (answer.ok) return [];
      const { ok: _ok, ...rest } = answer;
      return [{ index, ...rest }];
    }),
  };
};

const statusOf = ({ code, again }: Refused): number => {
  if (again) return 503;
  if (code === 'too-large') return 413;
  return code === 'unsupported-content-type' ? 415 : 400;
};

/** The first refusal gives the status; a request that is sent again as it is does no harm, what was taken is a duplicate. */
const answerWith = (reply: FastifyReply, answers: readonly Answer[]): FastifyReply => {
  const report = reportOf(answers);
  const worst =
    answers.find((answer): answer is Refused => !answer.ok && answer.again) ?? answers.find((one) => !one.ok);
  if (worst === undefined || worst.ok) return reply.code(200).send({ ...report, intendedUse: INTENDED_USE });
  const status = statusOf(worst);
  if (status === 503) reply.header('retry-after', '1');
  return reply
    .code(status)
    .type(PROBLEM_JSON)
    .send({ ...problem(status, worst.code, worst.sentence, worst.where), ...report });
};

const parsed = (bytes: Uint8Array): E.Either<unknown, unknown> =>
  E.tryCatch(
    () => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown,
    (cause) => cause,
  );

/** The parser's own words say where: `Unexpected token 'N', ..."value": NaN}" is not valid JSON` is what Python's json writes. */
const notJson = (where: string, cause: unknown): Rejection => {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return rejection('not-json', where, `${where === '' ? 'the body' : where} is not JSON in UTF-8${why}`);
};
const tooMany = rejection('too-many', '', `more than ${MESSAGES_MAX} messages in one request; send several requests`);

const acceptJson = async (gateway: Gateway, bytes: Uint8Array): Promise<readonly Answer[]> => {
  const json = parsed(bytes);
  if (E.isLeft(json)) return [await gateway.reject(notJson('', json.left), bytes)];
  if (!Array.isArray(json.right)) return [await gateway.acceptJson(json.right, bytes)];
  if (json.right.length > MESSAGES_MAX) return [await gateway.reject(tooMany, bytes)];
  const encoder = new TextEncoder();
  return Promise.all(
    json.right.map((one: unknown) =>
      // What it was cannot be written down again, so the whole request is kept.
      isNestedTooDeep(one)
        ? gateway.reject(nestedTooDeep, bytes)
        : gateway.acceptJson(one, encoder.encode(JSON.stringify(one))),
    ),
  );
};

const linesOf = (bytes: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = [];
  let from = 0;
  while (from < bytes.length) {
    const newline = bytes.indexOf(0x0a, from);
    const to = newline === -1 ? bytes.length : newline;
    const line = bytes.subarray(from, bytes[to - 1] === 0x0d ? to - 1 : to);
    if (line.length > 0) lines.push(line);
    from = to + 1;
  }
  return lines;
};

const acceptLines = async (gateway: Gateway, bytes: Uint8Array): Promise<readonly Answer[]> => {
  const lines = linesOf(bytes);
  if (lines.length > MESSAGES_MAX) return [await gateway.reject(tooMany, bytes)];
  return Promise.all(
    lines.map((line, index) => {
      const json = parsed(line);
      return E.isLeft(json)
        ? gateway.reject(notJson(`line ${index + 1}`, json.left), line)
        : gateway.acceptJson(json.right, line);
    }),
  );
};

/** Nothing is unpacked here: a small request must not become a large one. */
const isPacked = (encoding: string): boolean => encoding !== '' && encoding !== 'identity';
const packed = (encoding: string): Rejection =>
  rejection(
    'unsupported-content-type',
    'content-encoding',
    `content encoding "${encoding}"; send the body as it is, without compression`,
  );

const crowded: Refused = {
  ...overloaded,
  sentence:
    'Too many large requests are on their way at once; send this one again after a second, smaller ones (up to 1 MiB, with content-length), or use the WebSocket.',
};

/** A request that there is no room for is answered before its body is read. */
const bounded = (http: FastifyInstance, meters: Meters): void => {
  const bodies = makeBodies();
  http.addHook('onRequest', async ({ headers }, reply) => {
    const said = headers['content-length'];
    const over = bodies.begin(said === undefined ? undefined : Number(said));
    if (over === undefined) {
      meters.notTaken.add(1, crowded.code);
      return answerWith(reply.header('connection', 'close'), [crowded]);
    }
    reply.raw.once('close', over);
    return undefined;
  });
};

/** POST /v1/telemetry: JSON (one message or an array), NDJSON, or one protobuf message. Answers when the log has it. */
export const telemetryRoute = (http: FastifyInstance, gateway: Gateway, meters: Meters): void => {
  bounded(http, meters);
  http.post<{ Body: Uint8Array | undefined }>(
    '/v1/telemetry',
    { bodyLimit: BATCH_BYTES_MAX },
    async (request, reply) => {
      const type = CONTENT_TYPE.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? '';
      const bytes = request.body ?? new Uint8Array();
      const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
      if (isPacked(encoding)) return answerWith(reply, [await gateway.reject(packed(encoding), bytes)]);
      switch (type) {
        case 'application/json':
          return answerWith(reply, await acceptJson(gateway, bytes));
        case 'application/x-ndjson':
          return answerWith(reply, await acceptLines(gateway, bytes));
        case 'application/x-protobuf':
          return answerWith(reply, [await gateway.accept(bytes)]);
        default: {
          const sentence = `content type "${type}"; send ${TELEMETRY_TYPES.join(', ')}`;
          return answerWith(reply, [await gateway.reject(rejection('unsupported-content-type', '', sentence), bytes)]);
        }
      }
    },
  );
};

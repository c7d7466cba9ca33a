/** Who may look back, and what of. */
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { type HttpServer, openHttp } from '../../services/http/server.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { Review } from '../../services/review/review.ts';
import { makeReview } from '../../services/review/review.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';

let place: LogInAFolder;
let review: Review;
let http: HttpServer;
let isAway = true;
/** The log opens when this does. */
const opens = Promise.withResolvers<void>();

beforeAll(async () => {
  place = await logInAFolder();
  review = makeReview({
    openLog: async () => {
      if (isAway) throw new Error('the disk is gone');
      await opens.promise;
      return openSqliteEventLog({ path: place.path });
    },
    openSeries: undefined,
  });
  const opened = await openHttp(
    {
      ...{ host: '127.0.0.1', port: 0, gatewayTokens: [], consoleTokens: ['s3cret'], allowedOrigins: [] },
      ...{ trustedProxies: [], frameBytesMax: 262_144, requestsPerMinute: 6_000, consoleFolder: undefined },
    },
    {
      ...{ review, meters: makeMeters(), journal: makeJournal({ level: 'silent' }) },
      health: () => ({ process: 'front', processes: [], parts: [] }),
    },
  );
  if (E.isLeft(opened)) throw new Error(opened.left);
  http = opened.right;
});
afterAll(async () => {
  await http.close();
  await review.close();
  await place.discard();
});

const ask = async (query: string, token = 's3cret', path = 'stretch') => {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${http.port}/v1/review/${path}?${query}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const MINUTE = 'bed=icu-1&fromUs=1800000000000000&toUs=1800000060000000';

it('says why the log does not answer, and asks it anew when it is asked again', async () => {
  const { status, body } = await ask(MINUTE);
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'log-unavailable' });
  expect(body['detail']).toMatch(/the disk is gone/);
  isAway = false;
});

it('turns away who comes while as many as it reads for at once are looking back', async () => {
  const asked = Array.from({ length: 5 }, () => ask(MINUTE));
  expect(await Promise.race(asked)).toMatchObject({ status: 503, body: { code: 'busy' } });
  opens.resolve();
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 503]);
});

it('is opened by a token of the consoles, and by none else', async () => {
  expect(await ask(MINUTE, 'wrong')).toMatchObject({ status: 401, body: { code: 'token' } });
  expect(await ask(MINUTE)).toMatchObject({ status: 200, body: { bed: 'icu-1', waves: [] } });
  expect(await ask(MINUTE, 's3cret', 'events')).toMatchObject({ status: 200, body: { events: [] } });
});

it.each([
  ['bed', 'fromUs=0&toUs=1'],
  ['fromUs', 'bed=icu-1&fromUs=yesterday&toUs=1'],
  ['toUs', 'bed=icu-1&fromUs=5&toUs=5'],
  ['toUs', 'bed=icu-1&fromUs=0&toUs=300000001'],
  ['bed', 'bed=icu-1&bed=icu-2&fromUs=0&toUs=1'],
])('refuses a question with a wrong %s, and says which it is', async (where, query) => {
  expect(await ask(query)).toMatchObject({ status: 400, body: { code: 'bad-query', where } });
});

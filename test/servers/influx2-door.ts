/**
 * InfluxDB 2's door in front of a real 1.x server, for machines that have no 2.x: speaks the paths of 2.x that Vigil uses
 * (write, buckets, organisations, InfluxQL by token), refuses whatever the protocol does not allow, writes down what
 * came, and passes it on, so that what was written can be read back. With VIGIL_TEST_INFLUX2 (url token org) the tests
 * use a real 2.x instead.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** One request as it came, its body unpacked. */
export interface Knock {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Influx2Door {
  readonly url: string;
  readonly knocks: readonly Knock[];
  /** The next requests to /api/v2/write get this answer instead; undefined: none any more. */
  answerWrites:
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body: string }
    | undefined;
  readonly close: () => Promise<void>;
}

export interface Influx2DoorOptions {
  /** The 1.x server behind it. */
  readonly behind: string;
  readonly token: string;
  readonly org: string;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const ORG_ID = '0a1b2c3d4e5f6071';
const problem = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } });

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
};

const TAG = String.raw`(?:[^,= \\\n]|\\.)+`;
/** A line as the line protocol has it: key, at least one field, a time in nanoseconds. */
const LINE = new RegExp(String.raw`^${TAG}(?:,${TAG}=${TAG})* ${TAG}=.+ \d{1,19}$`);

const TERM = /^(\w+)(!=|=)"((?:[^"\\]|\\.)*)"$/;

/** "vigil/raw" → database and retention policy. */
const placeOf = (bucket: string): { readonly db: string; readonly rp: string } | undefined => {
  const [, db, rp] = /^([^/]+)\/([^/]+)$/.exec(bucket) ?? [];
  return db === undefined || rp === undefined ? undefined : { db, rp };
};

export const openInflux2Door = async ({ behind, token, org }: Influx2DoorOptions): Promise<Influx2Door> => {
  const knocks: Knock[] = [];
  const ask1 = async (path: string, params: Record<string, string>, body?: string): Promise<Answer> => {
    const url = `${behind}${path}?${new URLSearchParams(params)}`;
    const answer = await fetch(url, { method: 'POST', ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const policies = async (db: string): Promise<readonly (readonly unknown[])[]> => {
    const { body } = await ask1('/query', { q: `SHOW RETENTION POLICIES ON "${db}"` });
    return (body as { results: { series?: { values?: unknown[][] }[] }[] }).results[0]?.series?.[0]?.values ?? [];
  };

  const write = async ({ query, headers, body }: Knock): Promise<Answer> => {
    if (door.answerWrites !== undefined) return { status: door.answerWrites.status, body: door.answerWrites.body };
    if (query['org'] !== org) return problem(404, 'not found', `organization name "${query['org']}" not found`);
    if (query['precision'] !== 'ns') return problem(400, 'invalid', `precision ${query['precision']}`);
    if (!headers['content-type']?.startsWith('text/plain')) return problem(415, 'invalid', 'content type');
    const wrong = body.split('\n').find((line) => !LINE.test(line));
    if (wrong !== undefined) return problem(400, 'invalid', `unable to parse '${wrong}'`);
    const place = placeOf(query['bucket'] ?? '');
    if (place === undefined || !(await policies(place.db)).some(([policy]) => policy === place.rp))
      return problem(404, 'not found', `bucket "${query['bucket']}" not found`);
    const answer = await ask1('/write', { ...place, precision: 'ns' }, body);
    const said = (answer.body as { error?: string } | undefined)?.error;
    // 2.x answers 422 where 1.x says 400 for points that it may not keep.
    if (answer.status === 400 && said?.includes('partial write'))
      return problem(422, 'unprocessable entity', `failure writing points to database: ${said}`);
    return answer.status === 204 ? answer : problem(answer.status, 'internal error', said ?? '');
  };

  const ids = new Map<string, string>();
  const idOf = (called: string): string => {
    const id = createHash('sha256').update(called).digest('hex').slice(0, 16);
    ids.set(id, called);
    return id;
  };
  const bucketFrom = (called: string, seconds: number) => ({
    ...{
      id: idOf(called),
      orgID: ORG_ID,
      name: called,
      type: 'user',
    },
    retentionRules: [{ type: 'expire', everySeconds: seconds, shardGroupDurationSeconds: 86_400 }],
  });
  const buckets = async ({ method, path, query, body }: Knock): Promise<Answer> => {
    if (method === 'GET') {
      const place = placeOf(query['name'] ?? '');
      const found = place && (await policies(place.db)).find(([policy]) => policy === place.rp);
      if (found === undefined) return problem(404, 'not found', `bucket "${query['name']}" not found`);
      const hours = /^(\d+)h/.exec(String(found[1]))?.[1];
      return { status: 200, body: { buckets: [bucketFrom(query['name']!, Number(hours ?? 0) * 3_600)] } };
    }
    if (method === 'PATCH') return changeBucket(path, body);
    const wanted = JSON.parse(body) as { orgID: string; name: string; retentionRules: { everySeconds: number }[] };
    const place = placeOf(wanted.name);
    if (wanted.orgID !== ORG_ID || place === undefined) return problem(400, 'invalid', 'no such organization or name');
    const [rule] = wanted.retentionRules;
    const duration = rule === undefined || rule.everySeconds === 0 ? 'INF' : `${rule.everySeconds}s`;
    await ask1('/query', { q: `CREATE DATABASE "${place.db}"` });
    await ask1('/query', {
      q: `CREATE RETENTION POLICY "${place.rp}" ON "${place.db}" DURATION ${duration} REPLICATION 1`,
    });
    return { status: 201, body: bucketFrom(wanted.name, rule?.everySeconds ?? 0) };
  };
  const changeBucket = async (path: string, body: string): Promise<Answer> => {
    const called = ids.get(path.split('/').at(-1)!);
    const place = called === undefined ? undefined : placeOf(called);
    if (place === undefined) return problem(404, 'not found', 'bucket not found');
    const [rule] = (JSON.parse(body) as { retentionRules: { everySeconds: number }[] }).retentionRules;
    const duration = rule!.everySeconds === 0 ? 'INF' : `${rule!.everySeconds}s`;
    await ask1('/query', { q: `ALTER RETENTION POLICY "${place.rp}" ON "${place.db}" DURATION ${duration}` });
    return { status: 200, body: bucketFrom(called!, rule!.everySeconds) };
  };
  /** What 2.7 takes: comparisons by = and != that are joined by AND, of a bucket's own measurements. */
  const remove = async ({ query, body }: Knock): Promise<Answer> => {
    const place = placeOf(query['bucket'] ?? '');
    if (query['org'] !== org || place === undefined) return problem(404, 'not found', 'no such org or bucket');
    const { start, stop, predicate = '' } = JSON.parse(body) as { start: string; stop: string; predicate?: string };
    const terms = predicate === '' ? [] : predicate.split(' AND ').map((term) => TERM.exec(term));
    if (terms.includes(null)) return problem(400, 'invalid', `the predicate ${predicate}`);
    const { body: found } = await ask1('/query', {
      ...{ db: place.db, q: `SELECT * FROM "${place.rp}"./.*/ LIMIT 1` },
    });
    const series = (found as { results: { series?: { name: string }[] }[] }).results[0]?.series ?? [];
    const kept = terms.flatMap((term) => (term![1] === '_measurement' && term![2] === '!=' ? [term![3]!] : []));
    const meant = terms.flatMap((term) => (term![1] === '_measurement' && term![2] === '=' ? [term![3]!] : []));
    const names = series
      .map(({ name }) => name)
      .filter((name) => !kept.includes(name) && (meant.length === 0 || meant.includes(name)));
    const tags = terms.flatMap((term) => {
      const [, key, how, value] = term!;
      if (key === '_measurement') return [];
      const text = `'${value!.replace(/\\(.)/g, '$1').replace(/'/g, "\\'")}'`;
      // Unlike InfluxQL, 2.x does not mean by != what has no such tag.
      return [`"${key}" ${how} ${text}`, ...(how === '!=' ? [`"${key}" != ''`] : [])];
    });
    const where = [...tags, `time >= '${start}'`, `time <= '${stop}'`].join(' AND ');
    if (names.length === 0) return { status: 204 };
    const done = await ask1('/query', { db: place.db, q: `DELETE FROM /^(${names.join('|')})$/ WHERE ${where}` });
    const [said] = (done.body as { results: { error?: string }[] }).results;
    return said?.error === undefined ? { status: 204 } : problem(400, 'invalid', said.error);
  };
  const mappings = async ({ body }: Knock): Promise<Answer> => {
    const wanted = JSON.parse(body) as Record<string, unknown>;
    if (wanted['orgID'] !== ORG_ID || typeof wanted['bucketID'] !== 'string')
      return problem(400, 'invalid', 'orgID and bucketID are needed');
    const policy = `RETENTION POLICY "${wanted['retention_policy']}" ON "${wanted['database']}"`;
    if (wanted['default'] === true) await ask1('/query', { q: `ALTER ${policy} DEFAULT` });
    return { status: 201, body: { id: '0a1b2c3d4e5f6072', ...wanted } };
  };

  const answerTo = async (knock: Knock): Promise<Answer> => {
    const { method, path, query, headers, body } = knock;
    if (path === '/health') return { status: 200, body: { name: 'influxdb', status: 'pass', version: '2.7' } };
    if (headers['authorization'] !== `Token ${token}`) return problem(401, 'unauthorized', 'unauthorized access');
    if (path === '/api/v2/write' && method === 'POST') return write(knock);
    if (path === '/api/v2/orgs' && method === 'GET')
      return { status: 200, body: { orgs: query['org'] === org ? [{ id: ORG_ID, name: org }] : [] } };
    if (path === '/api/v2/delete' && method === 'POST') return remove(knock);
    if (path.startsWith('/api/v2/buckets')) return buckets(knock);
    if (path === '/api/v2/dbrps' && method === 'POST') return mappings(knock);
    if (path === '/query' && method === 'POST') return ask1('/query', Object.fromEntries(new URLSearchParams(body)));
    return problem(404, 'not found', 'path not found');
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://door');
    const knock: Knock = {
      ...{ method: request.method ?? '', path: url.pathname, query: Object.fromEntries(url.searchParams) },
      ...{ headers: request.headers as Knock['headers'], body: await bodyOf(request) },
    };
    knocks.push(knock);
    const { status, body } = await answerTo(knock);
    const extra = knock.path === '/api/v2/write' ? door.answerWrites?.headers : undefined;
    response.writeHead(status, { 'content-type': 'application/json', ...extra });
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((cause: unknown) => {
      // The server behind is away: so are we.
      response.writeHead(503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 'unavailable', message: String(cause) }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const door: Influx2Door = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    knocks,
    answerWrites: undefined,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return door;
};

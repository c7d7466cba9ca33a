import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { rejectedRecord } from '../../services/ports/rejected-record.ts';
import { right } from '../right.ts';
import { freshDataFolder } from './data-folder.ts';
import { vigil } from './terminal.ts';

const folder = freshDataFolder();

const rejected = (...words: readonly string[]) => vigil('rejected', ...words, ...folder.config);
const frame = toBinary(TelemetrySchema, create(TelemetrySchema, { bed: 'icu-04', source: 'monitor-7f3a' }));
const json = new TextEncoder().encode('{"bed":"icu-05","source":"\\u001b[2J","waveforms":7}');

/** Three refusals: a frame in protobuf, one in JSON, and bytes that say nothing. */
const refuse = async (): Promise<void> => {
  const log = await openSqliteEventLog({ path: `${folder.path}/log.db` });
  const at = { stage: 'gateway', source: '', gatewayTimeUs: moment(0) };
  for (const [code, where, original] of [
    ['checksum', 'byte 17', frame],
    ['bad-samples', 'waveforms', json],
    ['unreadable', '', Uint8Array.of(255, 254)],
  ] as const)
    right(await log.append([rejectedRecord({ ...at, code, where, original, sentence: `${code}: send it again` })])());
  await log.close();
};

describe('vigil rejected', () => {
  it('lists what was refused, newest first, with what it says of itself, and moves no cursor by it', async () => {
    await refuse();
    const { code, out, side } = await rejected();
    expect([code, side]).toEqual([0, '']);
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;
    expect(out.split('\n').map((line) => line.replace(time, 'TIME'))).toEqual([
      'TIME  0/2  unreadable  by gateway, 2 bytes',
      '    unreadable: send it again',
      `TIME  0/1  bad-samples  by gateway, says it is of bed icu-05, says it is from \uFFFD[2J, field waveforms, ${json.length} bytes`,
      '    bad-samples: send it again',
      `TIME  0/0  checksum  by gateway, says it is of bed icu-04, says it is from monitor-7f3a, field byte 17, ${frame.length} bytes`,
      '    checksum: send it again',
    ]);
    expect(await rejected('--since', '2h', '--limit', '1')).toMatchObject({
      out: expect.stringMatching(/Z {2}0\/2 {2}unreadable/),
      side: 'The newest 1; --limit shows more, --since those since a time.',
    });
  });

  it('gives programs an object a line', async () => {
    await refuse();
    const { out } = await rejected('--json', '--limit', '2');
    expect(out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { place: '0/2', stage: 'gateway', code: 'unreadable', where: '', claimedBed: '', bytes: 2 },
      { place: '0/1', code: 'bad-samples', where: 'waveforms', claimedBed: 'icu-05', bytes: json.length },
    ]);
  });

  it('takes one out with its bytes as they came, and writes over nothing', async () => {
    await refuse();
    const file = `${folder.path}/frame.bin`;
    expect(await rejected('0/0', '--bytes', file)).toMatchObject({ code: 0, side: `written: ${file}` });
    expect(new Uint8Array(await readFile(file))).toEqual(frame);
    const again = await rejected('0/1', '--bytes', file);
    expect([again.code, again.side]).toEqual([1, expect.stringContaining('something else has that name')]);
    expect(new Uint8Array(await readFile(file))).toEqual(frame);
  });

  it('makes no log by asking, and says what is asked for wrongly', async () => {
    expect(await rejected()).toMatchObject({
      code: 1,
      side: expect.stringMatching(/There is no .*log\.db, so nothing/),
    });
    expect(existsSync(`${folder.path}/log.db`)).toBe(false);
    expect(await rejected('--bytes', 'x')).toMatchObject({ code: 2, side: expect.stringContaining('takes one out') });
    expect(await rejected('17')).toMatchObject({
      code: 2,
      side: expect.stringContaining('It must be a place such as'),
    });
    expect(await rejected('--since', 'soon')).toMatchObject({ code: 2, side: expect.stringContaining('30m, 2h, 3d') });
    await refuse();
    expect(await rejected('0/99')).toMatchObject({ code: 1, side: expect.stringContaining('No refusal 0/99 is kept') });
  });
});

import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../../services/config/nearest-name.ts';
import { settingNames, settings } from '../../services/config/settings.ts';
import { type Config, type Environment, isLoopback, readConfig, redacted } from '../../services/config.ts';

const TOKEN_A = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const TOKEN_B = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbb';

const config = (env: Environment = {}, file?: unknown): Config => {
  const read = readConfig(env, file === undefined ? undefined : JSON.stringify(file));
  if (E.isLeft(read)) throw new Error(read.left.join('\n'));
  return read.right;
};
const mistakes = (env: Environment, fileText?: string): readonly string[] => {
  const read = readConfig(env, fileText);
  return E.isLeft(read) ? read.left : [];
};

describe('the configuration', () => {
  it('is the embedded deployment with eight simulated beds when nothing is set', () => {
    expect(config()).toMatchObject({
      host: '127.0.0.1',
      port: 8420,
      dataDirectory: '.vigil',
      kafka: undefined,
      simulatedBeds: 8,
      providers: ['cpu'],
      gatewayTokens: [],
    });
  });

  it('simulates no ward by itself once there is a Kafka', () => {
    expect(config({ KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092' })).toMatchObject({
      kafka: { brokers: ['kafka-1:9092', 'kafka-2:9092'], partitions: 4, prefix: '' },
      simulatedBeds: 0,
    });
    expect(config({ KAFKA_BROKERS: 'kafka-1:9092', VIGIL_SIMULATE: '3' }).simulatedBeds).toBe(3);
  });

  it('takes the same settings from a file, and the environment wins', () => {
    const file = { port: 9000, site: 'ICU 2', providers: ['cuda', 'cpu'], kafkaBrokers: ['k:9092'] };
    expect(config({ VIGIL_PORT: '9001' }, file)).toMatchObject({
      port: 9001,
      site: 'ICU 2',
      providers: ['cuda', 'cpu'],
      kafka: { brokers: ['k:9092'] },
    });
  });

  it('takes the address of Grafana for everyone to see: no name, no password, no query', () => {
    expect(config().grafanaUrl).toBeUndefined();
    expect(config({ VIGIL_GRAFANA_URL: 'https://it.hospital.example/grafana/' }).grafanaUrl).toBe(
      'https://it.hospital.example/grafana',
    );
    for (const wrong of ['grafana:3000', 'http://admin:secret@grafana:3000', 'http://grafana:3000/?a=1'])
      expect(mistakes({ VIGIL_GRAFANA_URL: wrong })).toEqual([expect.stringContaining('VIGIL_GRAFANA_URL')]);
    expect(mistakes({ VIGIL_GRAFANA_URL: 'http://admin:secret@grafana:3000' })[0]).not.toContain('secret');
  });

  it('keeps a name for a quarter of an hour, or as a site says', () => {
    expect([config(), config({ VIGIL_NAME_KEPT_MINUTES: '0' })].map(({ nameKeptMinutes }) => nameKeptMinutes)).toEqual([
      15, 0,
    ]);
    expect(mistakes({ VIGIL_NAME_KEPT_MINUTES: '-1' })).toEqual([expect.stringContaining('0 to 1440')]);
  });

  it('passes on red alarms after a minute, and yellow ones where a site says so', () => {
    expect(config().escalateSeconds).toEqual({ red: 60, yellow: 0 });
    expect(config({ VIGIL_ESCALATE_RED_SECONDS: '0', VIGIL_ESCALATE_YELLOW_SECONDS: '300' }).escalateSeconds).toEqual({
      red: 0,
      yellow: 300,
    });
    expect(mistakes({ VIGIL_ESCALATE_RED_SECONDS: '-1' })).toEqual([expect.stringContaining('0 to 600')]);
  });

  it('trusts no proxy but those that are named, and never everybody', () => {
    expect(config().trustedProxies).toEqual([]);
    expect(config({ VIGIL_TRUSTED_PROXIES: '10.1.2.3, 172.16.0.0/12,fd00::/8' }).trustedProxies).toEqual([
      ...['10.1.2.3', '172.16.0.0/12', 'fd00::/8'],
    ]);
    for (const wrong of ['proxy', '10.1.2', '10.0.0.0/33', '0.0.0.0/0', '::/0', '10.0.0.0/8/8', '*', 'true'])
      expect(mistakes({ VIGIL_TRUSTED_PROXIES: wrong })).toEqual([expect.stringContaining('VIGIL_TRUSTED_PROXIES')]);
  });

  it('takes an empty variable as not set', () => {
    expect(config({ VIGIL_PORT: '', KAFKA_BROKERS: '' })).toMatchObject({ port: 8420, kafka: undefined });
  });

  it('reports all mistakes at once, each with name, value, what is allowed and what to do', () => {
    const found = mistakes(
      { VIGIL_PORT: 'soon', VIGIL_PROVIDERS: 'gpu', VIGIL_LOG_LEVEL: 'loud', VIGIL_PROT: '80', VIGIL_LATE_MS: '5' },
      JSON.stringify({ sites: 'ICU', silenceMs: 'never', limits: {} }),
    );
    expect(found).toHaveLength(8);
    expect(found.join('\n')).toContain(
      'VIGIL_PORT is "soon"; must be a whole number from 0 to 65535. Choose a free port, for example 8420.',
    );
    expect(found.join('\n')).toContain('"sites" in the configuration file is no setting; did you mean "site"?');
    expect(found.join('\n')).toContain('"limits" in the configuration file is no setting; the settings are host,');
    expect(found.join('\n')).toContain('VIGIL_PROT in the environment is no setting; did you mean VIGIL_PORT?');
    expect(found.join('\n')).toContain('"silenceMs" (VIGIL_SILENCE_MS) is "never"');
  });

  it('takes a name that goes on where a setting ends for that setting, mistyped', () => {
    expect(mistakes({ VIGIL_DATA_DIRECTORY: '/data' })).toEqual([
      'VIGIL_DATA_DIRECTORY in the environment is no setting; did you mean VIGIL_DATA_DIR?',
    ]);
  });

  it('names the variables that it does not read, which may be another program’s', () => {
    const strange = { VIGIL_NURSES: '4', VIGIL_PORT_8420_TCP: 'tcp://10.0.0.1:8420', VIGIL_PORT: '9000' };
    expect(config(strange)).toMatchObject({ port: 9000, unread: ['VIGIL_NURSES', 'VIGIL_PORT_8420_TCP'] });
    expect(config({ VIGIL_PORT: '9000', VIGIL_CONFIG: 'x.json', HOME: '/' }).unread).toEqual([]);
  });

  it.each([
    ['{"port": 8420', /not JSON/],
    ['[8420]', /one JSON object/],
  ])('says what is wrong with a file that holds %s, and still checks the environment', (text, sentence) => {
    const found = mistakes({ VIGIL_PORT: '70000' }, text);
    expect(found[0]).toMatch(sentence);
    expect(found[1]).toMatch(/^VIGIL_PORT is "70000"/);
  });

  it('refuses an address that others can reach unless both token lists are set', () => {
    const host = { VIGIL_HOST: '0.0.0.0' };
    expect(mistakes(host)[0]).toContain('VIGIL_GATEWAY_TOKENS and VIGIL_CONSOLE_TOKENS are missing');
    expect(mistakes({ ...host, VIGIL_GATEWAY_TOKENS: TOKEN_A })[0]).toContain('VIGIL_CONSOLE_TOKENS is missing');
    expect(config({ ...host, VIGIL_GATEWAY_TOKENS: TOKEN_A, VIGIL_CONSOLE_TOKENS: TOKEN_B }).host).toBe('0.0.0.0');
  });

  it('knows loopback addresses', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'vigil'].map(isLoopback)).not.toContain(true);
  });

  it('refuses a token that devices and consoles share', () => {
    expect(mistakes({ VIGIL_GATEWAY_TOKENS: TOKEN_A, VIGIL_CONSOLE_TOKENS: `${TOKEN_B},${TOKEN_A}` })).toHaveLength(1);
  });

  it('reads tokens from files, alone and in a list', () => {
    const read = readConfig(
      { VIGIL_GATEWAY_TOKENS: 'file:/run/secrets/gateway' },
      JSON.stringify({ consoleTokens: ['file:/run/secrets/console'] }),
      (path) => (path.endsWith('gateway') ? `${TOKEN_A}\n${TOKEN_A}2\n` : TOKEN_B),
    );
    expect(E.toUnion(read)).toMatchObject({ gatewayTokens: [TOKEN_A, `${TOKEN_A}2`], consoleTokens: [TOKEN_B] });
    expect(mistakes({ VIGIL_GATEWAY_TOKENS: 'file:/run/secrets/gone' })[0]).toContain('cannot be read');
  });

  it('never prints a secret, neither when it is right nor when it is wrong', () => {
    const influx = { INFLUX_URL: 'http://influx:8086', INFLUX_ORG: 'o', INFLUX_TOKEN: 'cccccccc' };
    const right = config({ VIGIL_GATEWAY_TOKENS: TOKEN_A, VIGIL_CONSOLE_TOKENS: TOKEN_B, ...influx });
    expect(JSON.stringify(redacted(right))).not.toMatch(/aaaa|bbbb|cccc/);
    expect(redacted(right)['gatewayTokens']).toBe('1 (not shown)');
    const wrong = mistakes({
      VIGIL_GATEWAY_TOKENS: 'hunter2',
      INFLUX_TOKEN: 'swordfish with blanks',
      INFLUX_URL: 'http://me:open-sesame@influx:8086',
      VIGIL_ALLOWED_ORIGINS: 'https://me:open-sesame@console',
    });
    expect(wrong).toHaveLength(4);
    expect(wrong.join()).not.toMatch(/hunter2|swordfish|sesame/);
  });

  it('finds an InfluxDB 1.x by its database and an InfluxDB 2 by its organisation', () => {
    const url = { INFLUX_URL: 'http://influx:8086/' };
    expect(config().influx).toBeUndefined();
    expect(config(url).influx).toEqual({ url: 'http://influx:8086', dialect: { version: 1, database: 'vigil' } });
    expect(config({ ...url, INFLUX_DATABASE: 'icu', INFLUX_TOKEN: 'vigil:open:sesame' }).influx?.dialect).toEqual({
      ...{ version: 1, database: 'icu', user: { name: 'vigil', password: 'open:sesame' } },
    });
    expect(config({ ...url, INFLUX_ORG: 'hospital', INFLUX_TOKEN: 'secret' }).influx?.dialect).toEqual({
      ...{ version: 2, org: 'hospital', bucket: 'vigil', token: 'secret' },
    });
  });

  it.each([
    [{ INFLUX_ORG: 'hospital', INFLUX_TOKEN: 'x' }, 'INFLUX_TOKEN, INFLUX_ORG are set without INFLUX_URL'],
    [{ INFLUX_URL: 'http://i:8086', INFLUX_ORG: 'hospital' }, 'INFLUX_ORG is set without INFLUX_TOKEN'],
    [{ INFLUX_URL: 'http://i:8086', INFLUX_BUCKET: 'icu' }, 'InfluxDB 2 needs both'],
    [{ INFLUX_URL: 'http://i:8086', INFLUX_TOKEN: 'a-token-of-2' }, 'is not name:password'],
    [
      { INFLUX_URL: 'http://i:8086', INFLUX_ORG: 'o', INFLUX_TOKEN: 't', INFLUX_DATABASE: 'd' },
      'Set those of your server',
    ],
    [{ INFLUX_URL: 'http://me:open-sesame@i:8086' }, 'take them out and set INFLUX_TOKEN'],
    [{ INFLUX_URL: 'influx:8086' }, 'must be an http or https address'],
  ])('says what does not fit together: %o', (env, sentence) => {
    expect(mistakes(env)).toHaveLength(1);
    expect(mistakes(env)[0]).toContain(sentence);
    expect(mistakes(env)[0]).not.toContain('sesame');
  });

  it('keeps series as long as it is told, or for ever', () => {
    expect(config().keepDays).toEqual({ raw: 30, minutes: 730, alarms: 365 });
    expect(config({ VIGIL_KEEP_RAW_DAYS: '0', VIGIL_KEEP_ALARMS_DAYS: '3650' }).keepDays).toEqual({
      ...{ raw: 0, minutes: 730, alarms: 3650 },
    });
  });

  it('has one environment name and one file key per setting', () => {
    for (const part of ['env', 'key'] as const)
      expect(new Set(settingNames.map((name) => settings[name][part])).size).toBe(settingNames.length);
  });

  it('suggests only names that are near', () => {
    expect(nearestName('VIGIL_HOTS', ['VIGIL_HOST', 'VIGIL_PORT'])).toBe('VIGIL_HOST');
    expect(nearestName('COLOUR', ['VIGIL_HOST', 'VIGIL_PORT'])).toBeUndefined();
  });
});

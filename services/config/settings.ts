import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { TELEMETRY_LIMITS } from '../../schemas/checked-telemetry.ts';
import { PARTITIONS_USUAL } from '../../schemas/topics.ts';
import type { PresetName } from '../../stream-models/presets/preset.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { escalate } from './escalate.ts';
import { keepAudit, keepTier } from './keep-days.ts';
import { list, setting, whole, word } from './setting.ts';

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const isHttp = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** It goes to every console. */
const isBareHttp = (text: string): boolean => isHttp(text) && new URL(text).username === '' && !/[?#]/.test(text);

/** An address, or a network as 10.0.0.0/8. A network of everybody would let any sender choose whose share it takes. */
const isAddressOrNetwork = (text: string): boolean => {
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

/** Shorter tokens can be guessed. */
export const TOKEN_LENGTH_MIN = 24;
const token = z.string().regex(new RegExp(`^[\\x21-\\x2b\\x2d-\\x7e]{${TOKEN_LENGTH_MIN},512}$`));
const tokenRule = {
  allowed: `tokens of at least ${TOKEN_LENGTH_MIN} printable characters without blanks or commas, or file:/path`,
  remedy: 'Make one with: openssl rand -hex 24',
} as const;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const PRESETS = Object.keys(presets) as PresetName[];
const PROVIDERS = ['cuda', 'webgpu', 'cpu'] as const;

const influx = (name: 'token' | 'org' | 'bucket' | 'database', meaning: string) =>
  setting<string | undefined>({
    env: `INFLUX_${name.toUpperCase()}`,
    key: `influx${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    meaning,
    schema: word(name === 'token' ? /^\S+$/ : /^[^\s/"]+$/),
    usual: undefined,
    allowed: name === 'token' ? 'one word, or file:/path' : 'one word without / and quotes',
    remedy: 'Leave it out together with INFLUX_URL.',
    ...(name === 'token' ? { secret: true } : {}),
  });

/** Every setting there is. The order is that of `vigil check-config`. */
export const settings = {
  host: setting<string>({
    env: 'VIGIL_HOST',
    key: 'host',
    meaning: 'the address that Vigil listens on',
    schema: word(/^(?:[\da-zA-Z](?:[\da-zA-Z.-]{0,251}[\da-zA-Z])?|[\da-fA-F:.]{2,45})$/),
    usual: '127.0.0.1',
    allowed: 'an IP address or a host name without port',
    remedy: 'Leave it out for 127.0.0.1.',
  }),
  port: setting<number>({
    env: 'VIGIL_PORT',
    key: 'port',
    meaning: 'the port that Vigil listens on; 0: any free one',
    schema: whole(0, 65_535),
    usual: 8420,
    allowed: 'a whole number from 0 to 65535',
    remedy: 'Choose a free port, for example 8420.',
  }),
  dataDirectory: setting<string>({
    env: 'VIGIL_DATA_DIR',
    key: 'dataDir',
    meaning: 'the folder of the embedded log and series',
    schema: word(/^[^\0]+$/),
    usual: '.vigil',
    allowed: 'a path',
    remedy: 'Leave it out for .vigil in the working folder.',
  }),
  site: setting<string>({
    env: 'VIGIL_SITE',
    key: 'site',
    meaning: 'the name of the ward, shown on every page',
    schema: word(/^[^\p{Cc}]{1,80}$/u),
    usual: 'Ward',
    allowed: '1 to 80 characters',
    remedy: 'Give the name that the nurses use, for example "ICU 2".',
  }),
  logLevel: setting<(typeof LOG_LEVELS)[number]>({
    env: 'VIGIL_LOG_LEVEL',
    key: 'logLevel',
    meaning: 'how much is logged',
    schema: z.enum(LOG_LEVELS),
    usual: 'info',
    allowed: LOG_LEVELS.join(', '),
    remedy: 'Use info in normal times.',
  }),
  kafkaBrokers: setting<readonly string[]>({
    env: 'KAFKA_BROKERS',
    key: 'kafkaBrokers',
    meaning: 'Kafka brokers; none: the embedded log',
    schema: list(word(/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/)),
    usual: [],
    allowed: 'host:port, several with commas between them',
    remedy: 'For example KAFKA_BROKERS=kafka-1:9092,kafka-2:9092; leave it out for the embedded log.',
  }),
  kafkaPartitions: setting<number>({
    env: 'KAFKA_PARTITIONS',
    key: 'kafkaPartitions',
    meaning: 'partitions of every topic keyed by bed; set once per hospital',
    schema: whole(1, 1024),
    usual: 4,
    allowed: 'a whole number from 1 to 1024',
    remedy: 'Set it before "vigil topics" runs for the first time: changing it later moves beds.',
  }),
  kafkaPrefix: setting<string>({
    env: 'KAFKA_PREFIX',
    key: 'kafkaPrefix',
    meaning: 'put before every topic and group, so that several Vigils can share a cluster',
    schema: word(/^[\w.-]{0,64}$/),
    usual: '',
    allowed: 'at most 64 letters, digits, dots, dashes and underscores',
    remedy: 'For example KAFKA_PREFIX=icu-2. with a dot at the end; leave it out for the only Vigil of a cluster.',
  }),
  influxUrl: setting<string | undefined>({
    env: 'INFLUX_URL',
    key: 'influxUrl',
    meaning: 'the InfluxDB server; none: the embedded series',
    schema: z.string().refine(isHttp),
    usual: undefined,
    allowed: 'an http or https address',
    remedy: 'For example http://influx:8086; leave it out for the embedded series.',
  }),
  influxToken: influx('token', 'the token of InfluxDB 2; of 1.x name:password, where it asks for them'),
  influxOrg: influx('org', 'the organisation in InfluxDB 2; leave it out for 1.x'),
  influxBucket: influx('bucket', 'InfluxDB 2: the buckets are called by it, "vigil/raw" and so on; usually vigil'),
  influxDatabase: influx('database', 'InfluxDB 1.x: the database; usually vigil'),
  keepRawDays: keepTier('raw', 'Raw'),
  keepMinutesDays: keepTier('minutes', 'Minutes'),
  keepAlarmsDays: keepTier('alarms', 'Alarms'),
  keepAuditDays: keepAudit,
  grafanaUrl: setting<string | undefined>({
    env: 'VIGIL_GRAFANA_URL',
    key: 'grafanaUrl',
    meaning: 'the address of Grafana as browsers reach it, for the link from a bed to its history; none: no link',
    schema: z.string().refine(isBareHttp),
    usual: undefined,
    allowed: 'an http or https address without name and password',
    remedy: 'For example http://127.0.0.1:3000; leave it out where there is no Grafana.',
  }),
  nameKeptMinutes: setting<number>({
    env: 'VIGIL_NAME_KEPT_MINUTES',
    key: 'nameKeptMinutes',
    meaning: "how long a console keeps a nurse's name after the last act in it, in minutes; 0: as long as its page",
    schema: whole(0, 1_440),
    usual: 15,
    allowed: 'a whole number from 0 to 1440',
    remedy:
      'Use 0 only where each screen is one person’s: on a wall display the next who acts would sign as the one before.',
  }),
  escalateRedSeconds: escalate('RED', 60),
  escalateYellowSeconds: escalate('YELLOW', 0),
  gatewayTokens: setting<readonly string[]>({
    env: 'VIGIL_GATEWAY_TOKENS',
    key: 'gatewayTokens',
    meaning: 'who may send telemetry',
    schema: list(token),
    usual: [],
    secret: true,
    ...tokenRule,
  }),
  consoleTokens: setting<readonly string[]>({
    env: 'VIGIL_CONSOLE_TOKENS',
    key: 'consoleTokens',
    meaning: 'who may watch and acknowledge',
    schema: list(token),
    usual: [],
    secret: true,
    ...tokenRule,
  }),
  allowedOrigins: setting<readonly string[]>({
    env: 'VIGIL_ALLOWED_ORIGINS',
    key: 'allowedOrigins',
    meaning: 'web pages besides its own that may open its WebSockets',
    schema: list(z.string().refine(isOrigin)),
    usual: [],
    allowed: 'origins: scheme, host and port without a path',
    remedy: 'For example https://vigil.hospital.example',
  }),
  trustedProxies: setting<readonly string[]>({
    env: 'VIGIL_TRUSTED_PROXIES',
    key: 'trustedProxies',
    meaning: 'proxies whose X-Forwarded-For is believed, so that each sender behind them has its own share of requests',
    schema: list(z.string().refine(isAddressOrNetwork)),
    usual: [],
    allowed: 'IP addresses or networks, several with commas between them',
    remedy: 'For example 10.1.2.3 or 172.16.0.0/12; leave it out where senders reach Vigil themselves.',
  }),
  providers: setting<readonly (typeof PROVIDERS)[number][]>({
    env: 'VIGIL_PROVIDERS',
    key: 'providers',
    meaning: 'where networks run, the first that loads is used',
    schema: list(z.enum(PROVIDERS)).refine((them) => them.length > 0),
    usual: ['cpu'],
    allowed: `one or more of ${PROVIDERS.join(', ')}, in the order of preference`,
    remedy: 'For example VIGIL_PROVIDERS=cuda,cpu',
  }),
  analysisThreads: setting<number>({
    env: 'VIGIL_ANALYSIS_THREADS',
    key: 'analysisThreads',
    meaning:
      'threads of analysis in `vigil start`, which share the beds; usually 2, on one core 1, on eight and more 4',
    schema: whole(1, PARTITIONS_USUAL),
    usual: availableParallelism() >= 8 ? 4 : Math.min(2, availableParallelism()),
    allowed: `a whole number from 1 to ${PARTITIONS_USUAL}`,
    remedy: 'Use 1 where memory is short: each more takes some 250 MB.',
  }),
  preset: setting<PresetName>({
    env: 'VIGIL_PRESET',
    key: 'preset',
    meaning: 'the definitions and limits of alarms; its name is on every event',
    schema: z.enum(PRESETS),
    usual: 'vigil',
    allowed: PRESETS.join(', '),
    remedy: 'Leave it out for Vigil’s own.',
  }),
  rulesFile: setting<string | undefined>({
    env: 'VIGIL_RULES_FILE',
    key: 'rulesFile',
    meaning: "the site's own limits, delays and bounds by unit, a JSON file (docs/operators.md); none: the preset's",
    schema: word(/^[^\0]+$/),
    usual: undefined,
    allowed: 'the path of a JSON file',
    remedy: 'Leave it out for the limits of the preset; "vigil check-config --rules" shows what applies.',
  }),
  simulatedBeds: setting<number | undefined>({
    env: 'VIGIL_SIMULATE',
    key: 'simulate',
    meaning: 'beds of the simulated ward; 0: none; usually 8 without Kafka and none with it',
    schema: whole(0, 2000),
    usual: undefined,
    allowed: 'a whole number from 0 to 2000',
    remedy: 'Use 0 on a real ward.',
  }),
  frameBytesMax: setting<number>({
    env: 'VIGIL_FRAME_BYTES_MAX',
    key: 'frameBytesMax',
    meaning: 'largest telemetry message that is taken in',
    schema: whole(1024, TELEMETRY_LIMITS.frameBytes),
    usual: 262_144,
    allowed: `a whole number from 1024 to ${TELEMETRY_LIMITS.frameBytes}`,
    remedy: 'A second of 12 leads at 500 Hz needs about 13000.',
  }),
  bedsMax: setting<number>({
    env: 'VIGIL_BEDS_MAX',
    key: 'bedsMax',
    meaning: 'beds that one gateway listens for; frames of more are refused',
    schema: whole(1, 100_000),
    usual: 2000,
    allowed: 'a whole number from 1 to 100000',
    remedy: 'Leave it out for 2000.',
  }),
  lateMs: setting<number>({
    env: 'VIGIL_LATE_MS',
    key: 'lateMs',
    meaning: 'a frame that is later than this never rings',
    schema: whole(1000, 600_000),
    usual: 60_000,
    allowed: 'a whole number from 1000 to 600000',
    remedy: 'Leave it out for one minute.',
  }),
  silenceMs: setting<number>({
    env: 'VIGIL_SILENCE_MS',
    key: 'silenceMs',
    meaning: 'after this time without a frame a bed is called silent',
    schema: whole(500, 60_000),
    usual: 1000,
    allowed: 'a whole number from 500 to 60000',
    remedy: 'Leave it out for one second.',
  }),
  requestsPerMinute: setting<number>({
    env: 'VIGIL_REQUESTS_PER_MINUTE',
    key: 'requestsPerMinute',
    meaning: 'HTTP requests that one address may make in a minute',
    schema: whole(10, 10_000_000),
    usual: 6000,
    allowed: 'a whole number from 10 to 10000000',
    remedy: 'Leave it out for 6000; senders with many frames use the WebSocket.',
  }),
} as const;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as readonly SettingName[];

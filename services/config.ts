import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { Tier } from '../schemas/series.ts';
import type { PresetName } from '../stream-models/presets/preset.ts';
import type { SiteRules } from '../stream-models/presets/site-rules.ts';
import { type InfluxConfig, influxContradictions, influxOf, shownInflux } from './config/influx.ts';
import { nearestName } from './config/nearest-name.ts';
import { readRules } from './config/rules-file.ts';
import type { Setting } from './config/setting.ts';
import { type SettingName, settingNames, settings } from './config/settings.ts';
import { withoutCredentials } from './config/without-credentials.ts';
import type { Provider } from './ports/inference.ts';

/** Everything that can be set, checked. Made once, at the start, from the environment and one file. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDirectory: string;
  /** The ward's name. */
  readonly site: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** undefined: the embedded log. */
  readonly kafka:
    | { readonly brokers: readonly string[]; readonly partitions: number; readonly prefix: string }
    | undefined;
  /** undefined: the embedded series. */
  readonly influx: InfluxConfig | undefined;
  /** Days that each tier of the series is kept; 0: for ever. */
  readonly keepDays: Readonly<Record<Tier, number>>;
  /** Of the audit on the log; 0: for ever. */
  readonly keepAuditDays: number;
  /** Without a slash at its end; undefined: the console has no link to it. */
  readonly grafanaUrl: string | undefined;
  /** How long a console keeps a nurse's name after the last act in it; 0: as long as its page. */
  readonly nameKeptMinutes: number;
  /** How long each step of the chain is asked, s, by colour; 0: alarms of it are not passed on. */
  readonly escalateSeconds: { readonly red: number; readonly yellow: number };
  /** Empty: nobody is asked for a token (only possible on a loopback address). */
  readonly gatewayTokens: readonly string[];
  readonly consoleTokens: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Addresses and networks; empty: nobody's word for another's address is believed. */
  readonly trustedProxies: readonly string[];
  /** In the order of preference. */
  readonly providers: readonly Provider[];
  /** Of a Vigil in one process. */
  readonly analysisThreads: number;
  readonly preset: PresetName;
  /** The site's own rules over the preset, and the file that they came from; undefined: there are none. */
  readonly rules: (SiteRules & { readonly path: string }) | undefined;
  /** Beds of the simulated ward; 0: none. */
  readonly simulatedBeds: number;
  readonly limits: {
    readonly frameBytesMax: number;
    readonly bedsMax: number;
    readonly lateMs: number;
    readonly silenceMs: number;
    readonly requestsPerMinute: number;
  };
  /** Variables that are called like Vigil's and are no settings, nor near one: perhaps another program's, perhaps a wrong name. */
  readonly unread: readonly string[];
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a file holds; throws when it cannot be read. Given so that `readConfig` itself touches no disk. */
export type ReadText = (path: string) => string;

/** Variables that belong to Vigil but are no settings. */
const OTHER_VARIABLES = ['VIGIL_CONFIG', 'VIGIL_RECORDINGS'];
const variables = settingNames.map((name) => settings[name].env);
const CONFIG_FILE_USUAL = 'vigil.config.json';
const SIMULATED_BEDS_USUAL = 8;

type Values = { readonly [Name in SettingName]: (typeof settings)[Name]['usual'] };

const settingOf = (name: SettingName): Setting<unknown> => settings[name] as Setting<unknown>;

const parseFile = (text: string | undefined): E.Either<string, Readonly<Record<string, unknown>>> => {
  if (text === undefined) return E.right({});
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return E.right(parsed as Readonly<Record<string, unknown>>);
    return E.left('the configuration file must hold one JSON object, for example {"port": 8420}');
  } catch (cause) {
    return E.left(`the configuration file is not JSON: ${reason(cause)}`);
  }
};

const strangeVariables = (env: Environment): readonly string[] => {
  const known = [...variables, ...OTHER_VARIABLES];
  return Object.keys(env).filter((name) => name.startsWith('VIGIL_') && !known.includes(name));
};

const unknownNames = (env: Environment, file: Readonly<Record<string, unknown>>): readonly string[] => {
  const keys = settingNames.map((name) => settings[name].key);
  const inFile = Object.keys(file)
    .filter((key) => !keys.includes(key))
    .map((key) => {
      const near = nearestName(key, keys);
      return `"${key}" in the configuration file is no setting; ${near === undefined ? `the settings are ${keys.join(', ')}` : `did you mean "${near}"?`}`;
    });
  // Other programs may have variables of their own; only what looks mistyped is a mistake.
  const inEnvironment = strangeVariables(env).flatMap((name) => {
    const near = nearestName(name, variables);
    return near === undefined ? [] : [`${name} in the environment is no setting; did you mean ${near}?`];
  });
  return [...inFile, ...inEnvironment];
};

const shown = (it: Setting<unknown>, given: unknown): string =>
  it.secret ? 'is not usable (its value is not shown)' : `is ${withoutCredentials(JSON.stringify(given))}`;

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const FILE_REFERENCE = 'file:';

/** A secret (or one of a list of them) given as `file:/path` is what that file holds. */
const withoutFileReferences = (it: Setting<unknown>, given: unknown, readText: ReadText): E.Either<string, unknown> => {
  if (!it.secret) return E.right(given);
  const resolved = (text: unknown): unknown =>
    typeof text === 'string' && text.startsWith(FILE_REFERENCE)
      ? readText(text.slice(FILE_REFERENCE.length)).trim()
      : text;
  try {
    return E.right(Array.isArray(given) ? given.map(resolved) : resolved(given));
  } catch (cause) {
    return E.left(`${it.env} names a file that cannot be read (${reason(cause)}). Check the path and its rights.`);
  }
};

const checkedValue = (
  name: SettingName,
  env: Environment,
  file: Readonly<Record<string, unknown>>,
  readText: ReadText,
): E.Either<string, unknown> => {
  const it = settingOf(name);
  // An empty variable is how a container says "not set".
  const fromEnvironment = env[it.env] === '' ? undefined : env[it.env];
  const given = fromEnvironment ?? file[it.key];
  if (given === undefined || given === null) return E.right(it.usual);
  const called = fromEnvironment === undefined ? `"${it.key}" (${it.env})` : it.env;
  const text = withoutFileReferences(it, given, readText);
  if (E.isLeft(text)) return text;
  const parsed = it.schema.safeParse(text.right);
  if (parsed.success) return E.right(parsed.data);
  return E.left(`${called} ${shown(it, given)}; must be ${it.allowed}. ${it.remedy}`);
};

/** 127.0.0.0/8, ::1 and localhost: nobody outside this machine can reach it. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Mistakes that only show when several settings are looked at together. */
const contradictions = (values: Partial<Values>): readonly string[] => {
  const { host, gatewayTokens, consoleTokens } = values;
  const mistakes: string[] = [];
  if (host !== undefined && !isLoopback(host) && gatewayTokens && consoleTokens) {
    const lacking = [
      ...(gatewayTokens.length === 0 ? [settings.gatewayTokens.env] : []),
      ...(consoleTokens.length === 0 ? [settings.consoleTokens.env] : []),
    ];
    if (lacking.length > 0)
      mistakes.push(
        `VIGIL_HOST is "${host}", which others can reach, and ${lacking.join(' and ')} ${lacking.length > 1 ? 'are' : 'is'} missing. Set both token lists, or leave VIGIL_HOST out for 127.0.0.1.`,
      );
  }
  if (gatewayTokens?.some((token) => consoleTokens?.includes(token)))
    mistakes.push(
      'VIGIL_GATEWAY_TOKENS and VIGIL_CONSOLE_TOKENS share a token (not shown); a device must not be able to acknowledge alarms. Give each its own.',
    );
  mistakes.push(...influxContradictions(values));
  return mistakes;
};

/** The rules that the file of that name holds; undefined: none is named. */
const rulesOf = (
  { rulesFile: path, preset }: Partial<Values>,
  readText: ReadText,
): E.Either<readonly string[], Config['rules']> => {
  if (path === undefined || preset === undefined) return E.right(undefined);
  const called = `${settings.rulesFile.env} ${path}`;
  const text = E.tryCatch(() => readText(path), reason);
  if (E.isLeft(text)) return E.left([`${called} cannot be read (${text.left}). Check the path and its rights.`]);
  const rules = readRules(text.right, preset);
  if (E.isLeft(rules)) return E.left(rules.left.map((mistake) => `${called}: ${mistake}.`));
  return E.right({ ...rules.right, path });
};

const configOf = (values: Values, rules: Config['rules'], unread: readonly string[]): Config => ({
  host: values.host,
  port: values.port,
  dataDirectory: values.dataDirectory,
  site: values.site,
  logLevel: values.logLevel,
  kafka:
    values.kafkaBrokers.length === 0
      ? undefined
      : { brokers: values.kafkaBrokers, partitions: values.kafkaPartitions, prefix: values.kafkaPrefix },
  influx: influxOf(values),
  keepDays: { raw: values.keepRawDays, minutes: values.keepMinutesDays, alarms: values.keepAlarmsDays },
  keepAuditDays: values.keepAuditDays,
  grafanaUrl: values.grafanaUrl?.replace(/\/+$/, ''),
  nameKeptMinutes: values.nameKeptMinutes,
  escalateSeconds: { red: values.escalateRedSeconds, yellow: values.escalateYellowSeconds },
  gatewayTokens: values.gatewayTokens,
  consoleTokens: values.consoleTokens,
  allowedOrigins: values.allowedOrigins,
  trustedProxies: values.trustedProxies,
  providers: values.providers,
  analysisThreads: values.analysisThreads,
  preset: values.preset,
  rules,
  simulatedBeds: values.simulatedBeds ?? (values.kafkaBrokers.length === 0 ? SIMULATED_BEDS_USUAL : 0),
  limits: {
    frameBytesMax: values.frameBytesMax,
    bedsMax: values.bedsMax,
    lateMs: values.lateMs,
    silenceMs: values.silenceMs,
    requestsPerMinute: values.requestsPerMinute,
  },
  unread,
});

/**
 * Checks environment and file together. The environment wins over the file. Left: every mistake there is, each a
 * sentence with the name, the given value (secrets excepted), the allowed values and what to do.
 */
export const readConfig = (
  env: Environment,
  fileText?: string,
  readText: ReadText = () => {
    throw new Error('no files here');
  },
): E.Either<readonly string[], Config> => {
  const file = parseFile(fileText);
  const content = E.isRight(file) ? file.right : {};
  const mistakes: string[] = E.isLeft(file) ? [file.left] : [];
  mistakes.push(...unknownNames(env, content));
  const values: Record<string, unknown> = {};
  for (const name of settingNames) {
    const value = checkedValue(name, env, content, readText);
    if (E.isLeft(value)) mistakes.push(value.left);
    else values[name] = value.right;
  }
  mistakes.push(...contradictions(values as Partial<Values>));
  const rules = rulesOf(values, readText);
  if (E.isLeft(rules)) mistakes.push(...rules.left);
  if (E.isLeft(rules) || mistakes.length > 0) return E.left(mistakes);
  return E.right(configOf(values as unknown as Values, rules.right, strangeVariables(env)));
};

/** The configuration without its secrets: what `vigil check-config` prints and the log may hold. */
export const redacted = (config: Config): Readonly<Record<string, unknown>> => ({
  ...config,
  rules:
    config.rules === undefined
      ? 'none (the preset’s)'
      : {
          path: config.rules.path,
          version: config.rules.version,
          hash: config.rules.hash,
          units: Object.keys(config.rules.units),
        },
  kafka: config.kafka ?? 'none (embedded log)',
  influx: config.influx === undefined ? 'none (embedded series)' : shownInflux(config.influx),
  gatewayTokens: `${config.gatewayTokens.length} (not shown)`,
  consoleTokens: `${config.consoleTokens.length} (not shown)`,
});

/**
 * Reads this process's environment and the configuration file: `path`, else VIGIL_CONFIG, else `vigil.config.json` if
 * there is one. A file that was named and is missing is a mistake.
 */
export const loadConfig = (path?: string): E.Either<readonly string[], Config> => {
  const named = path ?? process.env['VIGIL_CONFIG'];
  let text: string | undefined;
  try {
    text = readFileSync(named ?? CONFIG_FILE_USUAL, 'utf8');
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (named !== undefined || !absent)
      return E.left([
        `the configuration file ${named ?? CONFIG_FILE_USUAL} cannot be read: ${reason(cause)}. Check --config and VIGIL_CONFIG.`,
      ]);
  }
  return readConfig(process.env, text, (file) => readFileSync(file, 'utf8'));
};

/** Stack traces are for those who asked for them. Known before the configuration is, since that may be what failed. */
export const wantsStackTraces = (): boolean => process.env['VIGIL_LOG_LEVEL'] === 'debug';

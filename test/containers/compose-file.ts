/** docker-compose.yml as a value: variables put in, templates merged, as `docker compose config` shows it. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const root = resolve(import.meta.dirname, '../..');

export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly args?: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean; readonly timeout?: string };
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly user?: string;
  readonly group_add?: readonly string[];
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly privileged?: boolean;
  readonly pull_policy?: string;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly stop_grace_period?: string;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly deploy?: {
    readonly resources: {
      readonly limits: { readonly cpus?: string; readonly memory?: string; readonly pids?: number };
    };
  };
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const textOf = (name: string): string => readFileSync(join(root, name), 'utf8');

/** The variables of `.env`. */
export const dotEnv = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    textOf('.env')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  );

/** `${NAME:-otherwise}` and `${NAME}`, the two forms that the file uses. Compose puts them in after it has read the YAML. */
const withVariables = <A>(value: A, variables: Readonly<Record<string, string>>): A => {
  if (typeof value === 'string')
    return value.replace(
      /\$\{(\w+)(?::-([^}]*))?\}/g,
      (_, name: string, otherwise = '') => variables[name] || otherwise,
    ) as A;
  if (Array.isArray(value)) return value.map((one: unknown) => withVariables(one, variables)) as A;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withVariables(one, variables)])) as A;
};

/** A raw document, templates merged: what schemas and linters look at. */
export const documentOf = (name: string): unknown => parse(textOf(name), { merge: true });

/** The file as Compose sees it with these variables; absent: those of the committed `.env`. */
export const composeFile = (variables: Readonly<Record<string, string>> = dotEnv()): ComposeFile =>
  withVariables(documentOf('docker-compose.yml') as ComposeFile, variables);

/** Services that run Vigil's own image. */
export const ourServices = ({ services }: ComposeFile): readonly (readonly [string, Service])[] =>
  Object.entries(services).filter(([, { image }]) => image.startsWith('vigil:'));

/** What starts without being asked for by a profile. */
export const startsWith = (file: ComposeFile, profiles: readonly string[]): readonly string[] =>
  Object.entries(file.services)
    .filter(([, service]) => service.profiles === undefined || service.profiles.some((one) => profiles.includes(one)))
    .map(([name]) => name);

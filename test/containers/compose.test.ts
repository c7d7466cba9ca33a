/** docker-compose.yml by reading: the specification's schema, a linter, and what a hospital's engineer asks of it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { DCLinter } from 'dclint';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { secretFiles } from '../../services/cli/secret-files.ts';
import { settingNames, settings } from '../../services/config/settings.ts';
import { readConfig } from '../../services/config.ts';
import { composeFile, documentOf, dotEnv, ourServices, root, startsWith, textOf } from './compose-file.ts';
import { execForm, lastStage } from './dockerfile.ts';

/** What of the linter's answer is looked at; its own types do not resolve here. */
interface Linted {
  readonly messages: readonly { readonly line: number; readonly rule: string; readonly message: string }[];
}

const FILES = ['docker-compose.yml', 'docker-compose.cuda.yml'];
const file = composeFile();
const services = Object.entries(file.services);
const ours = ourServices(file);
const isJob = (name: string): boolean => file.services[name]?.restart === 'no';
const seconds = (text = ''): number => Number(/^(\d+)s$/.exec(text)?.[1] ?? Number.NaN);
const { version } = JSON.parse(textOf('package.json')) as { version: string };

describe('the compose file', () => {
  it.each(FILES)('%s keeps the Compose specification', (name) => {
    const schemaFile = join(root, 'node_modules/dclint/schemas/compose.schema.json');
    const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>;
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    expect(validate(documentOf(name)) ? [] : validate.errors).toEqual([]);
  });

  it('has nothing that the linter objects to, but for the rules that .dclintrc leaves out with a reason', () => {
    const { rules } = parse(textOf('.dclintrc')) as { rules: Record<string, 0> };
    const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
    const told = linter
      .lintFiles(
        FILES.map((name) => join(root, name)),
        false,
      )
      .flatMap(({ messages }: Linted) => messages.map(({ line, rule, message }) => `${line} ${rule}: ${message}`));
    expect(told).toEqual([]);
  });

  const compose = (): boolean => {
    try {
      execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false; // neither the schema nor the linter needs it
    }
  };
  it.runIf(compose())('is what docker compose itself reads in it', () => {
    const config = execFileSync('docker', ['compose', 'config', '--format', 'json'], { cwd: root, encoding: 'utf8' });
    const read = JSON.parse(config) as { services: Record<string, { environment?: Record<string, string> }> };
    expect(Object.keys(read.services).sort()).toEqual([...startsWith(file, ['simulator'])].sort());
    for (const [name, { environment }] of services)
      expect(read.services[name]?.environment ?? {}, name).toEqual(environment ?? {});
  });

  it('hands on from .env every bound that a refused sender is told of', () => {
    const { front } = file.services;
    const bounds = ['bedsMax', 'frameBytesMax', 'lateMs', 'requestsPerMinute', 'silenceMs'] as const;
    for (const bound of bounds) {
      const { env } = settings[bound];
      expect(front!.environment![env], env).toBe('');
      expect(textOf('docker-compose.yml')).toContain(`${env}: \${${env}:-}`);
    }
  });

  it('pins every image to one version, and its own to that of package.json', () => {
    for (const [name, { image }] of services) expect(image, name).toMatch(/:\d+\.\d+\.\d+$/);
    expect(new Set(ours.map(([, { image }]) => image))).toEqual(new Set([`vigil:${version}`]));
    expect(textOf('docker-compose.cuda.yml')).toContain(`image: vigil:${version}-cuda`);
    const built = services.filter(([, { build }]) => build !== undefined);
    expect(built.map(([name, { build }]) => [name, build?.args?.['VERSION']])).toEqual([['secrets', version]]);
    for (const [name, { pull_policy }] of ours) expect(pull_policy, name).toBe('never');
  });

  it('opens ports on this machine only, and none of the log or the series', () => {
    const published = services.flatMap(([name, { ports }]) => (ports ?? []).map((port) => `${name} ${port}`));
    expect(published).toEqual(['front 127.0.0.1:8420:8420', 'grafana 127.0.0.1:3000:3000']);
    expect(file.networks).toMatchObject({ log: { internal: true }, series: { internal: true } });
    for (const name of ['kafka', 'influxdb'])
      for (const network of file.services[name]!.networks!)
        expect(file.networks[network], name).toMatchObject({ internal: true });
  });

  it.each(services)('gives %s no root, no capability and no disk but its volumes', (name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service).not.toHaveProperty('cap_add');
    expect(service).not.toHaveProperty('privileged');
    // The images of Kafka and Grafana have users of their own; InfluxDB's begins as root unless it is told otherwise.
    expect(service.user ?? 'of the image', name).toBe(name === 'influxdb' ? '1000:1000' : 'of the image');
    expect(service.volumes?.join() ?? '').not.toContain('docker.sock');
  });

  it.each(services)('bounds what %s may use, and what it logs', (_, { deploy, logging }) => {
    const { cpus, memory, pids } = deploy!.resources.limits;
    // More than the machine has is refused by Docker: two cores are the least that this is for.
    expect(Number(cpus)).toBeGreaterThan(0);
    expect(Number(cpus)).toBeLessThanOrEqual(2);
    expect(memory).toMatch(/^\d+[mg]$/);
    expect(pids).toBeGreaterThan(0);
    expect(logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } });
  });

  it('comes up again by itself, jobs excepted', () => {
    expect(services.filter(([name]) => isJob(name)).map(([name]) => name)).toEqual(['secrets', 'topics', 'series']);
    for (const [name, { restart }] of services) if (!isJob(name)) expect(restart, name).toBe('unless-stopped');
  });

  it('starts in an order: what is waited for exists, says that it is well or ends, and waits for nobody in a circle', () => {
    const rank = (name: string, seen: readonly string[] = []): number => {
      if (seen.includes(name)) throw new Error(`a circle: ${[...seen, name].join(' → ')}`);
      const waitsFor = Object.keys(file.services[name]?.depends_on ?? {});
      return 1 + Math.max(0, ...waitsFor.map((each) => rank(each, [...seen, name])));
    };
    for (const [name, { depends_on }] of services) {
      expect(rank(name)).toBeLessThan(services.length);
      for (const [other, { condition }] of Object.entries(depends_on ?? {})) {
        expect(file.services[other], `${name} waits for ${other}`).toBeDefined();
        expect(condition, `${name} waits for ${other}`).toBe(
          isJob(other) ? 'service_completed_successfully' : 'service_healthy',
        );
        if (!isJob(other)) expect(file.services[other]!.healthcheck?.test?.[0]).toBe('CMD');
      }
    }
  });

  it('asks every stage itself how it does, without a shell, and gives it time to end', () => {
    for (const [name, { healthcheck, command, stop_grace_period, init }] of ours) {
      if (command?.[0] !== 'stage') {
        expect(healthcheck, name).toEqual({ disable: true });
        continue;
      }
      expect(healthcheck?.test, name).toEqual(['CMD', ...execForm(lastStage(), 'HEALTHCHECK')]);
      expect(seconds(stop_grace_period), name).toBeGreaterThan(5);
      expect(init, name).toBe(true);
    }
    for (const [name, { healthcheck }] of services) if (!isJob(name)) expect(healthcheck, name).toBeDefined();
  });

  it('holds no secret: each is a file that vigil secrets makes', () => {
    const made = secretFiles.map(({ name }) => name);
    const named = [...textOf('docker-compose.yml').matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, name]) => name!);
    expect([...new Set(named)].sort()).toEqual([...made].sort());
    for (const [name, { environment }] of ours)
      for (const setting of settingNames) {
        const { env, secret } = settings[setting] as { env: string; secret?: true };
        const given = environment?.[env];
        if (secret && given !== undefined) expect(given, `${name} ${env}`).toMatch(/^file:\/run\/secrets\//);
      }
  });

  it('lets only the job that makes the secrets write them', () => {
    const writers = services.filter(([, { volumes }]) => volumes?.includes('secrets:/run/secrets'));
    expect(writers.map(([name]) => name)).toEqual(['secrets']);
    expect(file.services['grafana']!.group_add).toEqual(['1000']);
  });

  it.each(ours)('gives %s only settings that Vigil has, with values that it takes', (name, { environment = {} }) => {
    const known: readonly string[] = settingNames.map((setting) => settings[setting].env);
    expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    let made = 0;
    const read = readConfig(environment, undefined, () => `a-token-for-reading-nr-${made++}`);
    expect(E.isLeft(read) ? read.left : [], name).toEqual([]);
  });

  it('gives Grafana the files that its provisioning names, and a token that it may read', () => {
    const { volumes = [], environment } = file.services['grafana']!;
    const mounted = new Map(
      volumes.map((volume) => volume.split(':') as [string, string]).map(([from, to]) => [to, from]),
    );
    const dashboards = 'dashboards/grafana/provisioning/dashboards/vigil.yml';
    const [provider] = (documentOf(dashboards) as { providers: { options: { path: string } }[] }).providers;
    expect(mounted.get(provider!.options.path)).toBe('./dashboards/grafana/generated');
    expect(mounted.get('/etc/grafana/provisioning')).toBe('./dashboards/grafana/provisioning');
    const home = environment!['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!.split('/').at(-1)!;
    expect(JSON.parse(textOf(`dashboards/grafana/generated/${home}`))).toHaveProperty('panels');
    const source = textOf('dashboards/grafana/provisioning/datasources/vigil.yml');
    const [, host, port] = /url: http:\/\/([\w-]+):(\d+)/.exec(source)!;
    expect([host, port]).toEqual(['influxdb', '8086']);
    const [, secret] = /\$__file\{\/run\/secrets\/([\w-]+)\}/.exec(source)!;
    expect(secretFiles.find(({ name }) => name === secret)?.mode).toBe(0o640);
  });

  it('is a hospital’s once .env is empty: no simulator, nobody anonymous, and the console calls nothing simulated', () => {
    const hospital = composeFile({});
    expect(startsWith(hospital, [])).not.toContain('simulator');
    expect(hospital.services['grafana']!.environment).toMatchObject({ GF_AUTH_ANONYMOUS_ENABLED: 'false' });
    expect(hospital.services['front']!.environment).toMatchObject({ VIGIL_SIMULATE: '0' });
  });

  it('shows a simulated ward by itself with the .env that is committed, and says that it is one', () => {
    const beds = dotEnv()['SIMULATED_BEDS']!;
    expect(startsWith(file, dotEnv()['COMPOSE_PROFILES']!.split(','))).toContain('simulator');
    expect(file.services['front']!.environment).toMatchObject({ VIGIL_SIMULATE: beds });
    expect(file.services['simulator']!.command).toContain(beds);
    expect(file.services['grafana']!.environment).toMatchObject({ GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer' });
  });
});

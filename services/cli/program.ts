import { Command, CommanderError, Option } from 'commander';
import { sentenceOf } from '../composition/cannot-open.ts';
import { wantsStackTraces } from '../config.ts';
import {
  browserAddress,
  faultsArgument,
  gathered,
  positiveNumber,
  socketAddress,
  tokenArgument,
  webAddress,
  wholeNumber,
} from './arguments.ts';
import { addAudit } from './audit-commands.ts';
import { addEvaluate } from './evaluate-commands.ts';
import { examples } from './examples.ts';
import { addHold } from './hold-commands.ts';
import { addLogCommands } from './log-commands.ts';
import { CommandFailed, type ExitCode, type Terminal } from './outcome.ts';
import { addTrain } from './train-commands.ts';
import { unusablePath } from './unusable-path.ts';
import { versions } from './versions.ts';

// Commands are loaded when they are asked for, so that `vigil --help` needs nothing of what they need.

const configOption = (): Option => new Option('--config <file>', 'configuration file (also VIGIL_CONFIG)');
const urlOption = (): Option =>
  new Option('--url <address>', 'a running Vigil').argParser(socketAddress).default('ws://127.0.0.1:8420');
const tokenOption = (): Option =>
  new Option('--token <token>', 'gateway token, or file:/path (default: the first of VIGIL_GATEWAY_TOKENS)').argParser(
    tokenArgument,
  );

const addStart = (program: Command, terminal: Terminal): void => {
  program
    .command('start')
    .description('Runs all of Vigil in one process, with a simulated ward unless there is a Kafka.')
    .addOption(configOption())
    .addOption(
      new Option('--simulate <beds>', 'beds of the simulated ward (also VIGIL_SIMULATE)').argParser(
        wholeNumber(0, 2000),
      ),
    )
    .option('--no-simulate', 'no simulated ward')
    .addHelpText('after', examples('vigil start', 'vigil start --no-simulate', 'VIGIL_PORT=9000 vigil start'))
    .action(async (options) => (await import('./start-command.ts')).startCommand(options, terminal));
};

const addStage = (program: Command, terminal: Terminal): void => {
  program
    .command('stage')
    .description('Runs one or more stages, for containers: gateway, analysis, alarms, recorder, screens.')
    .argument('<name...>', 'the stages')
    .addOption(configOption())
    .addHelpText('after', examples('vigil stage analysis', 'KAFKA_BROKERS=kafka:9092 vigil stage gateway screens'))
    .action(async (names, options) => (await import('./stage-command.ts')).stageCommand(names, options, terminal));
};

/** Shorter frames than monitors send prove nothing; a longer one could exceed the 65,535 samples of a signal that a frame may hold. */
const CHUNK_MS = [20, 60_000] as const;

const addReplay = (program: Command, terminal: Terminal): void => {
  program
    .command('replay')
    .description('Plays WFDB records through the real stages and writes what was said of them.')
    .requiredOption('--wfdb <folder>', 'folder of WFDB records')
    .option('--record <name>', 'only this record; may be given several times', gathered)
    .option('--out <folder>', 'where NAME.vgl and NAME.ndjson are written')
    .option(
      '--chunk <ms>',
      'length of a frame in milliseconds (default: 1000; 250 with --live)',
      wholeNumber(...CHUNK_MS),
    )
    .option('--side-by-side <beds>', 'records that are played at the same time', wholeNumber(1, 256), 16)
    .addOption(new Option('--log <log>', 'which log').choices(['embedded', 'kafka']).default('embedded'))
    .option('--external', 'with --log kafka: other processes run the stages (vigil stage analysis alarms)')
    .option('--live', 'play at the pace of life into a running Vigil instead; writes no files')
    .option(
      '--speed <times>',
      'with --live: so many times the pace of life; other than 1 Vigil sees clock steps',
      positiveNumber(100),
    )
    .addOption(urlOption())
    .addOption(tokenOption())
    .addOption(configOption())
    .addHelpText(
      'after',
      examples(
        'vigil replay --wfdb mitdb --out out',
        'vigil replay --wfdb mitdb --record 100 --record 101 --out out',
        'vigil replay --wfdb vfdb --record 418 --live',
      ),
    )
    .action(async (options) => (await import('./replay-command.ts')).replayCommand(options, terminal));
};

const addSimulate = (program: Command, terminal: Terminal): void => {
  program
    .command('simulate')
    .description('Plays a synthetic ward into a running Vigil through its public gateway, until it is interrupted.')
    .option('--beds <n>', 'how many beds', wholeNumber(1, 5000), 8)
    .option('--seed <n>', 'which ward: the same seed gives the same ward', wholeNumber(0, 2 ** 31 - 1), 1)
    .option(
      '--speed <times>',
      'so many times the pace of life; other than 1 Vigil sees clock steps',
      positiveNumber(100),
      1,
    )
    .option('--frame <ms>', 'length of a frame in milliseconds', wholeNumber(40, 1000), 250)
    .option('--faults <list>', 'for example drop=0.01,duplicate=0.01,reorder=0.02,skew=1500', faultsArgument)
    .option('--quiet-beds', 'nothing befalls anybody')
    .option('--for <seconds>', 'end after so long', positiveNumber(1e7))
    .addOption(urlOption())
    .addOption(tokenOption())
    .addOption(configOption())
    .addHelpText(
      'after',
      examples(
        'vigil simulate --beds 8',
        'vigil simulate --beds 100 --seed 7 --faults drop=0.01,reorder=0.01 --url ws://127.0.0.1:8420',
      ),
    )
    .action(async (options) => (await import('./simulate-command.ts')).simulateCommand(options, terminal));
};

const addScoreStays = (program: Command, terminal: Terminal): void => {
  program
    .command('score-stays')
    .description('Says the risk of sepsis within six hours in every row of a file of ICU stays.')
    .requiredOption('--csv <file>', 'stays as the CinC 2019 challenge has them, one row per hour')
    .requiredOption('--out <file>', 'where PatientID,ICULOS,risk,alarm is written')
    .option('--model <file>', 'another network than the shipped one')
    .addHelpText('after', examples('vigil score-stays --csv stays.csv --out risks.csv'))
    .action(async (options) => (await import('./score-stays-command.ts')).scoreStaysCommand(options, terminal));
};

const addTopics = (program: Command, terminal: Terminal): void => {
  program
    .command('topics')
    .description('Creates the topics of the log in Kafka, with their partitions, retention and compaction.')
    .addOption(configOption())
    .addHelpText('after', examples('KAFKA_BROKERS=kafka:9092 vigil topics'))
    .action(async (options) => (await import('./topics-command.ts')).topicsCommand(options, terminal));
};

const addSeries = (program: Command, terminal: Terminal): void => {
  program
    .command('series')
    .description(
      'Creates what the series lie in at InfluxDB (1.x: retention policies, 2.x: buckets), and how long each is kept.',
    )
    .addOption(configOption())
    .addHelpText(
      'after',
      examples(
        'INFLUX_URL=http://influx:8086 vigil series',
        'INFLUX_URL=http://influx:8086 INFLUX_ORG=hospital INFLUX_TOKEN=file:/run/secrets/influx-token vigil series',
      ),
    )
    .action(async (options) => (await import('./series-command.ts')).seriesCommand(options, terminal));
};

const addSecrets = (program: Command, terminal: Terminal): void => {
  program
    .command('secrets')
    .description('Makes the tokens and passwords of a deployment as files, where they are missing. Prints none.')
    .requiredOption('--out <folder>', 'where the files are written; what is there stays as it is')
    .option('--add <name>', 'put a new token before those of a list: both are good')
    .option('--retire <name>', 'leave only the newest token of a list')
    .option('--set <name>', 'replace one by what comes from standard input')
    .addHelpText('after', examples('vigil secrets --out secrets', 'vigil secrets --out secrets --add console-tokens'))
    .action(async (options) => (await import('./secrets-command.ts')).secretsCommand(options, terminal));
};

const addConsoleLink = (program: Command, terminal: Terminal): void => {
  program
    .command('console-link')
    .description('Prints the address of the nurse console with its token, to be opened once in a browser.')
    .addOption(new Option('--url <address>', 'where browsers reach Vigil').argParser(browserAddress))
    .addOption(configOption())
    .addHelpText(
      'after',
      examples('vigil console-link', 'docker compose exec front node services/main.ts console-link'),
    )
    .action(async (options) => (await import('./console-link-command.ts')).consoleLinkCommand(options, terminal));
};

const addCheckConfig = (program: Command, terminal: Terminal): void => {
  program
    .command('check-config')
    .description('Checks environment and configuration file, and prints the result without secrets.')
    .addOption(configOption())
    .option('--settings', 'list every setting there is instead')
    .option('--rules', 'list limits, delays, bounds and red rules by unit instead')
    .addHelpText('after', examples('vigil check-config', 'vigil check-config --settings', 'vigil check-config --rules'))
    .action(async (options) => (await import('./check-config-command.ts')).checkConfigCommand(options, terminal));
};

const addHealth = (program: Command, terminal: Terminal): void => {
  program
    .command('health')
    .description('Asks a running Vigil how it does: every part, and exit code 1 when one has failed.')
    .addOption(
      new Option('--url <address>', 'a running Vigil (default: the one of this configuration)').argParser(webAddress),
    )
    .option('--own', 'only the process that answers: for a check that restarts its container')
    .addOption(configOption())
    .addHelpText('after', examples('vigil health', 'vigil health --own', 'vigil health --url http://127.0.0.1:8421'))
    .action(async (options) => (await import('./health-command.ts')).healthCommand(options, terminal));
};

const makeProgram = (terminal: Terminal): Command => {
  const program = new Command('vigil')
    .description(
      'Watches every monitored bed of a hospital at once.\n' +
        'Secondary and supplementary. Not a cleared medical device. Never the only source of alarms.',
    )
    .version(
      versions(),
      '-V, --version',
      "Vigil's version, Node's and onnxruntime's: what a report of a fault begins with",
    )
    .showSuggestionAfterError()
    .showHelpAfterError('(vigil --help, or vigil COMMAND --help, says how it is meant)')
    .addHelpText('after', examples('vigil start', 'vigil replay --wfdb mitdb --out out', 'vigil COMMAND --help'));
  for (const add of [
    addStart,
    addStage,
    addReplay,
    addSimulate,
    addTrain,
    addScoreStays,
    addEvaluate,
    addTopics,
    addSeries,
    addHold,
    addLogCommands,
    addAudit,
    addSecrets,
    addConsoleLink,
    addCheckConfig,
    addHealth,
  ])
    add(program, terminal);
  const everyLevel = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.side(text.trimEnd()),
    });
    command.commands.forEach(everyLevel);
  };
  everyLevel(program);
  return program;
};

const tell = (cause: unknown, terminal: Terminal): ExitCode => {
  // commander has said it already.
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
  const sentences = cause instanceof CommandFailed ? cause.sentences : [unusablePath(cause) ?? sentenceOf(cause)];
  for (const sentence of sentences) terminal.side(sentence);
  if (wantsStackTraces() && cause instanceof Error) terminal.side(cause.stack ?? '');
  return cause instanceof CommandFailed ? cause.exitCode : 1;
};

/** Runs the command line. Never rejects: every end is an exit code, and every failure a sentence. */
export const runCommandLine = async (words: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  try {
    await makeProgram(terminal).parseAsync(words, { from: 'user' });
    return 0;
  } catch (cause) {
    return tell(cause, terminal);
  }
};

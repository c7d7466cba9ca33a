/** The commands that read the log of a Vigil, running or not: what was refused, and which alarms were suppressed before a red one. */
import { type Command, Option } from 'commander';
import { placeArgument, sinceArgument, wholeNumber } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

const configOption = (): Option => new Option('--config <file>', 'configuration file (also VIGIL_CONFIG)');

const addRejected = (program: Command, terminal: Terminal): void => {
  program
    .command('rejected')
    .description('Lists what was refused, newest first: when, where, why, and how many bytes of it are kept.')
    .argument('[place]', 'only this one, as the list names it', placeArgument)
    .option('--since <time>', 'not before: 2026-11-20T08:00+01:00, or how long ago (30m, 2h, 3d)', sinceArgument)
    .option('--limit <n>', 'how many at most', wholeNumber(1, 10_000), 20)
    .option('--bytes <file>', 'with a place: write what was refused, as it came, to this new file')
    .option('--json', 'an object a line')
    .addOption(configOption())
    .addHelpText(
      'after',
      examples('vigil rejected', 'vigil rejected --since 2h --json', 'vigil rejected 0/17 --bytes frame.bin'),
    )
    .action(async (place, options) =>
      (await import('./rejected-command.ts')).rejectedCommand(place, options, terminal),
    );
};

const addReportAlarms = (program: Command, terminal: Terminal): void => {
  program
    .command('report-alarms')
    .description(
      'Lists every suppressed alarm (behind a graver one, gone within its delay, begun during a pause) that a red one of the same bed followed within 15 min.',
    )
    .option(
      '--since <time>',
      'not before (a day ago): 2026-11-20T08:00+01:00, or how long ago (30m, 2h, 3d)',
      sinceArgument,
    )
    .option('--json', 'an object a line')
    .addOption(configOption())
    .addHelpText('after', examples('vigil report-alarms', 'vigil report-alarms --since 7d --json'))
    .action(async (options) => (await import('./report-alarms-command.ts')).reportAlarmsCommand(options, terminal));
};

export const addLogCommands = (program: Command, terminal: Terminal): void => {
  addRejected(program, terminal);
  addReportAlarms(program, terminal);
};

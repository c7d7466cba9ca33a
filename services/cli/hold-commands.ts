import { type Command, InvalidArgumentError, Option } from 'commander';
import { momentArgument } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

const wordsArgument = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text.trim();
};

const byOption = (): Option =>
  new Option('--by <name>', 'who does it (default: the user of this machine)').argParser(wordsArgument);
const configOption = (): Option => new Option('--config <file>', 'configuration file (also VIGIL_CONFIG)');

/** `vigil hold add | list | release`. */
export const addHold = (program: Command, terminal: Terminal): void => {
  const hold = program
    .command('hold')
    .description(
      'Keeps the series of a bed over a span of time, however old they get: for a court, an inquiry, a study.\n' +
        'Vigil keeps no list of which patient lay where: give the bed and the time from the hospital’s own.',
    );
  hold
    .command('add')
    .description('Places a hold. What is purged already cannot be brought back.')
    .requiredOption('--bed <bed>', 'the bed, as the series have it', wordsArgument)
    .requiredOption('--from <time>', 'from when on; without a zone that of this machine, which is told', momentArgument)
    .option('--to <time>', 'until when; absent: without end', momentArgument)
    .requiredOption('--reason <words>', 'why', wordsArgument)
    .addOption(byOption())
    .addOption(configOption())
    .addHelpText(
      'after',
      examples(
        'vigil hold add --bed icu-04 --from 2026-11-20T08:00+01:00 --to 2026-11-23 --reason "court, file 12/34"',
        'vigil hold add --bed icu-04 --from 2026-11-20 --reason "inquiry 7" --by "M. Weber"',
      ),
    )
    .action(async (options) => (await import('./hold-command.ts')).holdAddCommand(options, terminal));
  hold
    .command('list')
    .description('Lists the holds that stand.')
    .option('--all', 'also those that were released')
    .addOption(configOption())
    .addHelpText('after', examples('vigil hold list', 'vigil hold list --all'))
    .action(async (options) => (await import('./hold-command.ts')).holdListCommand(options, terminal));
  hold
    .command('release')
    .description('Releases a hold: the next purge takes what is over its time and what no other hold keeps.')
    .argument('<id>', 'the hold, as the list has it')
    .option('--reason <words>', 'why', wordsArgument, '')
    .addOption(byOption())
    .addOption(configOption())
    .addHelpText('after', examples('vigil hold release h-3f9a01c2 --reason "the case is closed"'))
    .action(async (id, options) => (await import('./hold-command.ts')).holdReleaseCommand(id, options, terminal));
  hold.addHelpText('after', examples('vigil hold add --help', 'vigil hold list', 'vigil hold release h-3f9a01c2'));
};

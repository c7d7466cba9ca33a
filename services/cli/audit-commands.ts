import { type Command, InvalidArgumentError, Option } from 'commander';
import { sinceArgument } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

const nameArgument = (text: string): string => {
  if (text === '') throw new InvalidArgumentError('It must be the name of a bed or the id of a patient.');
  return text;
};

/** `vigil audit`. */
export const addAudit = (program: Command, terminal: Terminal): void => {
  program
    .command('audit')
    .description(
      'Who saw, who acted, who asked and who changed settings; and whether what is kept of it is as it was written.',
    )
    .option('--who-saw <bed or patient>', 'who saw this bed, or this patient in any bed', nameArgument)
    .option('--starts', 'every start of every part with what its settings differ in from the start before')
    .option(
      '--verify',
      'hold every entry against the one before it; ends with 1 where one was changed, removed or moved',
    )
    .option('--from <time>', 'not before: 2026-11-20T08:00+01:00, or how long ago (30m, 2h, 3d)', sinceArgument)
    .option('--to <time>', 'not after, alike', sinceArgument)
    .option(
      '--anchors <file>',
      "with --verify: the journal of Vigil's processes, to which the heads of their chains went; -: standard input",
    )
    .option('--json', 'an object a line')
    .addOption(new Option('--config <file>', 'configuration file (also VIGIL_CONFIG)'))
    .addHelpText(
      'after',
      examples(
        'vigil audit --who-saw icu-04 --from 2026-11-20T08:00+01:00 --to 2026-11-23',
        'vigil audit --who-saw P-1712 --json',
        'vigil audit --verify --anchors vigil.log',
        'vigil audit --starts',
      ),
    )
    .action(async (options) => (await import('./audit-command.ts')).auditCommand(options, terminal));
};

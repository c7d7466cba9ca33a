/** The Dockerfile as a value: its stages with their instructions. */
import { textOf } from './compose-file.ts';

export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

export interface ImageStage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { keyword: keyword.toUpperCase(), rest: rest.trim() };
    });

export const dockerfileStages = (): readonly ImageStage[] => {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(textOf('Dockerfile'))) {
    if (instruction.keyword === 'FROM') {
      const [, base = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(instruction.rest) ?? [];
      stages.push({ base, name, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
};

export const stageNamed = (name: string): ImageStage => {
  const found = dockerfileStages().find((stage) => stage.name === name);
  if (found === undefined) throw new Error(`the Dockerfile has no stage ${name}`);
  return found;
};

/** What becomes the image. */
export const lastStage = (): ImageStage => dockerfileStages().at(-1)!;

export const restsOf = (stage: ImageStage, keyword: string): readonly string[] =>
  stage.instructions.filter((instruction) => instruction.keyword === keyword).map(({ rest }) => rest);

/** The words of an instruction in exec form; throws when it is a line for a shell. */
export const execForm = (stage: ImageStage, keyword: string): readonly string[] => {
  const rest = restsOf(stage, keyword).at(-1) ?? '';
  return JSON.parse(rest.replace(/^.*?(?=\[)/s, '')) as readonly string[];
};

export interface Copied {
  /** A stage, or undefined: the folder that is built. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly to: string;
}

export const copiesOf = (stage: ImageStage): readonly Copied[] =>
  restsOf(stage, 'COPY').map((rest) => {
    const words = rest.split(/\s+/);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const paths = words.filter((word) => !word.startsWith('--'));
    return { from, sources: paths.slice(0, -1), to: paths.at(-1)! };
  });

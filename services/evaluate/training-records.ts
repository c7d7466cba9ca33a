import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patientOf } from '../recordings/patient.ts';

const figuresOf = async (folder: string): Promise<unknown> =>
  JSON.parse(
    await readFile(join(import.meta.dirname, '../../stream-models', folder, 'figures.json'), 'utf8'),
  ) as unknown;

/** The names of the long records that the shipped networks learned from, from their figures. Beats and artefacts learned from the same. */
const taught = {
  beats: async () => {
    const { byRecord } = (await figuresOf('beats')) as { readonly byRecord: Readonly<Record<string, unknown>> };
    return Object.keys(byRecord);
  },
  rhythm: async () => {
    const { crossValidated } = (await figuresOf('rhythm-network')) as {
      readonly crossValidated: { readonly patients: readonly { readonly patient: string }[] };
    };
    return crossValidated.patients.map(({ patient }) => patient);
  },
};

/** Those of the records whose patients the shipped networks of beats and artefacts, or of rhythm, have learned from: figures on them flatter. */
export const learnedFrom = async (
  what: keyof typeof taught,
  records: readonly string[],
): Promise<readonly string[]> => {
  const known = new Set((await taught[what]()).map(patientOf));
  return records.filter((record) => known.has(patientOf(record)));
};

/** The network that lies inside a model file, as plain arithmetic takes it. */
import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../schemas/generated/onnx/onnx_pb.ts';
import { filledWeights, WEIGHT_NAMES } from '../../stream-models/network/description.ts';
import type { Weighted } from '../../stream-models/network/joined.ts';

/**
 * Weights lie in the file as initialisers by their names; those of the gates of joined networks member by member ("Wx.0"), without the
 * zeros between, which are put back here.
 */
export const networkInFile = async (path: string): Promise<Weighted> => {
  const { graph, metadataProps } = fromBinary(ModelProtoSchema, await readFile(path));
  const said = new Map(metadataProps.map(({ key, value }) => [key, value]));
  const sizeOf = (name: string): number => Number(said.get(name));
  const classes = said.get('classes')!.split(',');
  const network = { features: sizeOf('features'), encoder: sizeOf('encoder'), hidden: sizeOf('hidden'), classes };
  const valuesOf = (name: string): Float32Array | undefined => {
    const bytes = graph!.initializer.find((tensor) => tensor.name === name)?.rawData;
    return bytes && new Float32Array(Uint8Array.from(bytes).buffer);
  };
  const members = graph!.initializer.filter(({ name }) => /^Wx\.\d+$/.test(name)).length;
  const weights = filledWeights(network, () => 0);
  for (const name of WEIGHT_NAMES) {
    const whole = valuesOf(name);
    if (whole !== undefined) weights[name].set(whole);
    for (let member = 0; whole === undefined && member < members; member++)
      putMember(weights[name], valuesOf(`${name}.${member}`)!, { hidden: network.hidden, members, member });
  }
  const Wd = valuesOf('Wd');
  return { network, weights: { ...weights, ...(Wd && { Wd }) } };
};

interface Place {
  readonly hidden: number;
  readonly members: number;
  readonly member: number;
}

/** A member's rows stand behind those of the members before it (a bias has one row, which all share), its columns in each of the three gates. */
const putMember = (into: Float32Array, from: Float32Array, { hidden, members, member }: Place): void => {
  const width = hidden / members;
  const rows = from.length / (3 * width);
  const first = into.length === 3 * hidden ? 0 : member * rows;
  for (let row = 0; row < rows; row++)
    for (let gate = 0; gate < 3; gate++) {
      const at = (row * 3 + gate) * width;
      into.set(from.subarray(at, at + width), (first + row) * 3 * hidden + gate * hidden + member * width);
    }
};

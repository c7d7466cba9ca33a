import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../../schemas/generated/onnx/onnx_pb.ts';

/** A step network's file and what it says of itself. */
export interface ModelFile {
  /** Name and the beginning of the hash, for example "beats@1f2e3d4c5b6a". */
  readonly id: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly features: number;
  readonly hidden: number;
  readonly classNames: readonly string[];
  /** Everything that the file says of itself, by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a model file and its metadata (`features`, `hidden`, `classes`, and `name` if it has one). Throws an Error that says
 * which file is missing, unreadable or no step network.
 */
export const readModelFile = async (path: string): Promise<ModelFile> => {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`no model at ${path}: check the path, or train one with "vigil train"`, { cause });
  });
  const metadata = metadataOf(bytes, path);
  const number = (key: string): number => {
    const value = Number(metadata.get(key));
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`${path} is no step network: its metadata says ${key} = "${metadata.get(key) ?? ''}"`);
    return value;
  };
  const classNames = (metadata.get('classes') ?? '').split(',').filter((name) => name !== '');
  if (classNames.length === 0) throw new Error(`${path} is no step network: its metadata names no classes`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const name = metadata.get('name') ?? basename(path, '.onnx');
  return {
    id: `${name}@${sha256.slice(0, 12)}`,
    sha256,
    bytes,
    features: number('features'),
    hidden: number('hidden'),
    classNames,
    metadata,
  };
};

const metadataOf = (bytes: Uint8Array, path: string): ReadonlyMap<string, string> => {
  try {
    const { metadataProps } = fromBinary(ModelProtoSchema, bytes);
    return new Map(metadataProps.map(({ key, value }) => [key, value]));
  } catch (cause) {
    throw new Error(`${path} is not an ONNX file`, { cause });
  }
};

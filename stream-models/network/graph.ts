import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../../schemas/generated/onnx/onnx_pb.ts';

/** A value inside a graph, by its name. */
export type Value = string;

/** A whole number is an ONNX int, `{ float }` a float, a list of whole numbers an ints. */
export type Attributes = Readonly<Record<string, number | { readonly float: number } | readonly number[]>>;

/** A number is a fixed length, a word a length that is known only when the graph runs. */
export type Dimensions = readonly (number | string)[];

/** Writes an ONNX graph down, one node after the other. All values are float32. */
export interface GraphBuilder {
  readonly input: (name: string, dimensions: Dimensions) => Value;
  readonly constant: (name: string, dimensions: readonly number[], values: Float32Array) => Value;
  readonly scalar: (value: number) => Value;
  readonly op: (type: string, inputs: readonly Value[], attributes?: Attributes) => Value;
  /** Cuts a value along an axis into parts of these lengths. */
  readonly split: (from: Value, axis: number, lengths: readonly number[]) => readonly Value[];
  /** The same numbers in other dimensions; -1 stands for what is left. */
  readonly reshape: (from: Value, dimensions: readonly number[]) => Value;
  /** Adds a value up along an axis, which stays with length 1. */
  readonly sum: (from: Value, axis: number) => Value;
  readonly output: (name: string, from: Value, dimensions: Dimensions) => void;
  /** The bytes of the model file. */
  readonly model: (metadata: Readonly<Record<string, string>>) => Uint8Array;
}

const FLOAT = 1;
const INT64 = 7;
/** AttributeProto.AttributeType */
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const OPSET = 17n;
const IR_VERSION = 8n;

/** Starts an empty graph. */
export const startGraph = (name: string): GraphBuilder => {
  const nodes: NodeProto[] = [];
  const constants: TensorProto[] = [];
  const inputs: ValueInfoProto[] = [];
  const outputs: ValueInfoProto[] = [];
  const wholeNumbers = new Map<string, Value>();
  let named = 0;
  const fresh = (type: string): Value => `${type.toLowerCase()}_${named++}`;

  const node = (type: string, from: readonly Value[], to: readonly Value[], attributes: Attributes): void => {
    const attribute = Object.entries(attributes).map(([key, value]) => toAttribute(key, value));
    nodes.push(create(NodeProtoSchema, { opType: type, input: [...from], output: [...to], name: to[0]!, attribute }));
  };
  const op: GraphBuilder['op'] = (type, from, attributes = {}) => {
    const to = fresh(type);
    node(type, from, [to], attributes);
    return to;
  };
  const constant: GraphBuilder['constant'] = (label, dimensions, values) => {
    constants.push(toTensor(label, FLOAT, dimensions, bytesOf(values)));
    return label;
  };
  const whole = (values: readonly number[]): Value => {
    const key = values.join(',');
    const known = wholeNumbers.get(key);
    if (known !== undefined) return known;
    const label = fresh('whole');
    constants.push(toTensor(label, INT64, [values.length], bytesOf(BigInt64Array.from(values, BigInt))));
    wholeNumbers.set(key, label);
    return label;
  };
  return {
    op,
    constant,
    input: (label, dimensions) => {
      inputs.push(toValueInfo(label, dimensions));
      return label;
    },
    scalar: (value) => constant(fresh('scalar'), [], Float32Array.of(value)),
    split: (from, axis, lengths) => {
      const parts = lengths.map(() => fresh('part'));
      node('Split', [from, whole(lengths)], parts, { axis });
      return parts;
    },
    reshape: (from, dimensions) => op('Reshape', [from, whole(dimensions)]),
    sum: (from, axis) => op('ReduceSum', [from, whole([axis])], { keepdims: 1 }),
    output: (label, from, dimensions) => {
      node('Identity', [from], [label], {});
      outputs.push(toValueInfo(label, dimensions));
    },
    model: (metadata) =>
      toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          irVersion: IR_VERSION,
          producerName: 'vigil',
          opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: OPSET })],
          graph: create(GraphProtoSchema, {
            name,
            node: nodes,
            initializer: constants,
            input: inputs,
            output: outputs,
          }),
          metadataProps: Object.entries(metadata).map(([key, value]) =>
            create(StringStringEntryProtoSchema, { key, value }),
          ),
        }),
      ),
  };
};

const toAttribute = (name: string, value: Attributes[string]) => {
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: ATTRIBUTE_INT, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: ATTRIBUTE_FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: ATTRIBUTE_INTS, ints: value.map(BigInt) });
};

const bytesOf = (values: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.slice().buffer, 0, values.byteLength);

const toTensor = (name: string, dataType: number, dimensions: readonly number[], rawData: Uint8Array): TensorProto =>
  create(TensorProtoSchema, { name, dataType, dims: dimensions.map(BigInt), rawData });

const toValueInfo = (name: string, dimensions: Dimensions): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: FLOAT,
          shape: create(TensorShapeProtoSchema, {
            dim: dimensions.map((length) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  typeof length === 'number'
                    ? { case: 'dimValue', value: BigInt(length) }
                    : { case: 'dimParam', value: length },
              }),
            ),
          }),
        }),
      },
    }),
  });

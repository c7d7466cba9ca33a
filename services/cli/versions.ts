import { ONNXRUNTIME_VERSION } from '../adapters/onnx/version.ts';
import { VERSION } from '../version.ts';

/** What a report of a fault begins with. */
export const versions = (): string =>
  [
    `vigil ${VERSION}`,
    `node ${process.versions.node} (${process.platform} ${process.arch})`,
    `onnxruntime ${ONNXRUNTIME_VERSION}`,
  ].join('\n');

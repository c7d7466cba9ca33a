import manifest from 'onnxruntime-node/package.json' with { type: 'json' };

/** onnxruntime's version, as its package has it: a machine on which it cannot be loaded can tell it too. */
export const ONNXRUNTIME_VERSION: string = manifest.version;

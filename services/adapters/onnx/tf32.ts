/**
 * Forbids NVIDIA's libraries to multiply with ten bits of mantissa in place of 23 ("TF32"), which ONNX Runtime lets them do and
 * onnxruntime-node has no option against. Measured on an H100: with it probabilities lie up to 1.1e-3 from the CPU's and some
 * beats get another word; without it 6e-7, and calls are no slower. The libraries read the process's own environment, which a
 * worker thread only has a copy of: this is for the main thread of the process that asks a device.
 */
export const forbidTf32 = (): void => {
  process.env['NVIDIA_TF32_OVERRIDE'] = '0';
};

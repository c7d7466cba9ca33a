import type { InferenceSession } from 'onnxruntime-node';
import type { Inference, Provider, ProviderNotice } from '../../ports/inference.ts';
import { FURTHEST_FROM_CPU, furthestApart, saidToThrown } from './as-the-cpu.ts';
import { type Device, openDevice } from './device.ts';
import { type ModelFile, readModelFile } from './model-file.ts';
import { beforeCpu, openSession } from './provider.ts';
import { agreeingSizes, type NamedStepNetwork, stepNetwork } from './step-network.ts';
import { withSpare } from './with-spare.ts';

/** What ONNX Runtime can do beyond the port: its networks name their classes. */
export interface OrtInference extends Inference {
  readonly load: (
    modelPath: string,
  ) => Promise<{ readonly network: NamedStepNetwork; readonly notices: readonly ProviderNotice[] }>;
}

export interface OrtOptions {
  readonly providers: readonly Provider[];
  /** Told when a device has failed and the CPU answers in its place from now on. */
  readonly onLost?: (notice: ProviderNotice) => void;
}

interface DeviceInUse {
  readonly provider: Provider;
  readonly device: Device;
  /** That run on it, or are being loaded. */
  networks: number;
}

/** Steps in which a device is held against the CPU before it is used; what is wrong with one shows in the first. */
const COMPARED_STEPS = 32;

/**
 * The Inference port on onnxruntime-node. `providers` are tried in their order, the CPU last; one that does not say what the
 * CPU says is passed over, with a notice. `load` rejects with an Error when the file is missing or no step network. A step
 * on the CPU blocks the calling thread while it computes; a device is asked in a process of its own.
 */
export const openOrtInference = (
  { providers, onLost = () => undefined }: OrtOptions = { providers: ['cuda', 'webgpu', 'cpu'] },
): OrtInference => {
  const sessions: InferenceSession[] = [];
  const devices = new Map<Provider, DeviceInUse>();
  const openedHere = async (file: ModelFile): Promise<NamedStepNetwork> => {
    const session = await openSession(file.bytes, 'cpu');
    sessions.push(session);
    return stepNetwork(file, session, 'cpu', await agreeingSizes(file, session, 'cpu'));
  };
  const taken = (provider: Provider): DeviceInUse => {
    const inUse = devices.get(provider) ?? { provider, device: openDevice(provider), networks: 0 };
    inUse.networks += 1;
    devices.set(provider, inUse);
    return inUse;
  };
  /** A process on which nothing runs would only hold its driver and its memory. */
  const letGo = async (inUse: DeviceInUse): Promise<void> => {
    inUse.networks -= 1;
    if (inUse.networks > 0) return;
    if (devices.get(inUse.provider) === inUse) devices.delete(inUse.provider);
    await inUse.device.close();
  };
  return {
    load: async (modelPath) => {
      const file = await readModelFile(modelPath);
      const onCpu = await openedHere(file);
      const failed: { readonly wished: Provider; readonly why: string }[] = [];
      const noticesOf = (used: Provider) => failed.map((failure) => ({ ...failure, used }));
      for (const provider of beforeCpu(providers)) {
        const inUse = taken(provider);
        try {
          const network = await inUse.device.load(modelPath);
          const apart = furthestApart(
            await saidToThrown(onCpu, COMPARED_STEPS),
            await saidToThrown(network, COMPARED_STEPS),
          );
          if (apart > FURTHEST_FROM_CPU) throw new Error(tooFar(apart));
          const lost = (notice: ProviderNotice): void => {
            onLost(notice);
            void letGo(inUse);
          };
          return { network: withSpare(network, onCpu, lost), notices: noticesOf(provider) };
        } catch (cause) {
          await letGo(inUse);
          failed.push({ wished: provider, why: cause instanceof Error ? cause.message : String(cause) });
        }
      }
      return { network: onCpu, notices: noticesOf('cpu') };
    },
    close: async () => {
      await Promise.all([...devices.values()].map(({ device }) => device.close()));
      devices.clear();
      await Promise.all(sessions.splice(0).map((session) => session.release()));
    },
  };
};

const tooFar = (apart: number): string =>
  `its probabilities lie up to ${apart.toExponential(1)} from the CPU's, and ${FURTHEST_FROM_CPU} is allowed`;

import { Session } from 'node:inspector';

interface Paused {
  readonly params: {
    readonly callFrames: readonly { functionName: string; location: { scriptId: string; lineNumber: number } }[];
  };
}
interface Parsed {
  readonly params: { readonly scriptId: string; readonly url: string };
}

const FRAMES = 5;

/** A file as the repository has it, without the folders of this machine. */
const ofVigil = (url: string): string =>
  /(?:services|stream-models|schemas|test|node_modules)\/.*$/.exec(url)?.[0] ?? url.slice(url.lastIndexOf('/') + 1);

/**
 * Where the main thread stands, asked from a thread beside it; undefined when it does not answer in time, as in a call that is
 * not JavaScript (a device, a disk).
 */
export const whereMainStands = async (withinMs: number): Promise<string | undefined> => {
  const session = new Session();
  const files = new Map<string, string>();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(resolve, withinMs, undefined);
  try {
    session.connectToMainThread();
    session.on('Debugger.scriptParsed', ({ params }: Parsed) => void files.set(params.scriptId, params.url));
    session.on('Debugger.paused', ({ params }: Paused) => {
      const urlOf = ({ location }: Paused['params']['callFrames'][number]): string =>
        files.get(location.scriptId) ?? '';
      // What Node does inside a call of ours names nobody.
      const named = params.callFrames.filter((frame) => !urlOf(frame).startsWith('node:'));
      const frames = (named.length > 0 ? named : params.callFrames).slice(0, FRAMES).map((frame) => {
        const { functionName, location } = frame;
        return `${functionName || 'anonymous'} (${ofVigil(urlOf(frame))}:${location.lineNumber + 1})`;
      });
      session.post('Debugger.resume');
      resolve(frames.join(' < '));
    });
    session.post('Debugger.enable', (error) => {
      // Whoever hangs up before the answer gets it as an error.
      if (error === null) session.post('Debugger.pause');
    });
    return await promise;
  } catch {
    return undefined; // built without an inspector
  } finally {
    clearTimeout(timer);
    session.disconnect();
  }
};

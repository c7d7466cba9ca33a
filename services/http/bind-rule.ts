import { isIP } from 'node:net';

export interface BindOptions {
  readonly host: string;
  readonly gatewayTokens: readonly string[];
  readonly consoleTokens: readonly string[];
}

/** Only this machine can reach it: 127.0.0.0/8, ::1 and the name localhost. */
export const isLoopbackAddress = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Why Vigil may not listen on this address; undefined: it may. On an address that others can reach, everybody who sends
 * or looks needs a token.
 */
export const bindRefusal = ({ host, gatewayTokens, consoleTokens }: BindOptions): string | undefined => {
  if (isLoopbackAddress(host)) return undefined;
  const missing = [
    ...(gatewayTokens.length === 0 ? ['VIGIL_GATEWAY_TOKENS'] : []),
    ...(consoleTokens.length === 0 ? ['VIGIL_CONSOLE_TOKENS'] : []),
  ];
  if (missing.length === 0) return undefined;
  return (
    `Vigil does not listen on ${host}, which others can reach, without ${missing.join(' and ')}: ` +
    'set them (openssl rand -hex 24 makes one), or listen on 127.0.0.1.'
  );
};

import { createHash, timingSafeEqual } from 'node:crypto';
import type { UpgradeRequest } from '../ports/sockets.ts';
import { isLoopbackAddress } from './bind-rule.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a token is one of these. Takes as long for a near miss as for a far one. No tokens configured: all are good. */
export const tokenCheck = (tokens: readonly string[]): ((token: string | undefined) => boolean) => {
  const known = tokens.map(digest);
  return (token) => {
    if (known.length === 0) return true;
    const given = digest(token ?? '');
    // Every one is compared, so that the time does not tell which one it was.
    return known.map((one) => timingSafeEqual(one, given)).includes(true);
  };
};

/** The token of "Authorization: Bearer …". */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^Bearer ([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];

/** The subprotocol of gateways and consoles. */
export const SOCKET_PROTOCOL = 'vigil.v1';
const TOKEN_PROTOCOL = 'token.';

/** The token of an upgrade request: of the header, or of a subprotocol "token." and the token in base64url. */
export const upgradeToken = ({
  authorization,
  protocols,
}: Pick<UpgradeRequest, 'authorization' | 'protocols'>): string | undefined => {
  const carrier = protocols.find((one) => one.startsWith(TOKEN_PROTOCOL));
  return (
    bearerToken(authorization) ??
    (carrier === undefined ? undefined : Buffer.from(carrier.slice(TOKEN_PROTOCOL.length), 'base64url').toString())
  );
};

export interface DoorOptions {
  /** The address that Vigil listens on. */
  readonly host: string;
  /** Origins (scheme, host, port) beyond the page's own that may open sockets and post. */
  readonly allowedOrigins: readonly string[];
}

const hostName = (host: string): string | undefined =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '') : undefined;

/**
 * Whether a request may come from the page that sends it; the answer is a sentence when it may not. No Origin: no browser,
 * so no page speaks in a user's name. On a loopback address the Host must be a loopback name too: a foreign page whose
 * name was made to point here (DNS rebinding) would otherwise count as our own.
 */
export const originRefusal = (
  { host: listensOn, allowedOrigins }: DoorOptions,
  origin: string | undefined,
  host: string | undefined,
): string | undefined => {
  if (host === undefined) return 'The request names no host.';
  const name = hostName(host);
  const allowedHosts = allowedOrigins.map((one) => new URL(one).host);
  if (isLoopbackAddress(listensOn) && !(name !== undefined && isLoopbackAddress(name)) && !allowedHosts.includes(host))
    return `Vigil listens on ${listensOn} only, and is not called ${host}.`;
  if (origin === undefined || allowedOrigins.includes(origin)) return undefined;
  const from = URL.canParse(origin) ? new URL(origin) : undefined;
  if (from !== undefined && from.host === host) return undefined;
  return `Pages of ${origin} may not speak to Vigil; allow them with VIGIL_ALLOWED_ORIGINS if they are yours.`;
};

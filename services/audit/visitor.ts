import { hash } from 'node:crypto';

/** Who comes to the door, as far as anybody can tell. */
export interface Visitor {
  /** Where the line comes from; behind a trusted proxy what that says of it stands beside. */
  readonly address: string;
  /** The token that was given; undefined: none. It is never written down. */
  readonly token: string | undefined;
}

/** Who acts, beside the name that was signed. */
export interface Actor {
  /** Of a console; 0: it came over HTTP. */
  readonly session: number;
  readonly visitor: Visitor;
}

const MARK_DIGITS = 12;

/** By what a token is told apart from others without being known: tokens are long and random, so nobody finds one from its mark. */
export const tokenMark = (token: string | undefined): string =>
  token === undefined ? '' : hash('sha256', token).slice(0, MARK_DIGITS);

export const whoOf = ({ address, token }: Visitor, name = '') => ({ name, token: tokenMark(token), address });

const FORWARDED_MOST = 200;

/** The address of a line: its own, and, where a trusted proxy stands before Vigil, what X-Forwarded-For says. */
export const addressOf = (own: string | undefined, forwarded: string | undefined, isBehindProxy: boolean): string =>
  isBehindProxy && forwarded !== undefined && forwarded !== ''
    ? `${own ?? ''} for ${forwarded.slice(0, FORWARDED_MOST)}`
    : (own ?? '');

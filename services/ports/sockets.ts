/** One WebSocket, as gateway and screens see it. Text frames are strings, binary frames bytes. */
export interface Socket {
  /** Unique within the process; no address of anyone. */
  readonly id: number;
  /** `written` is called once the bytes left this process's own buffers (or the socket closed). */
  readonly send: (data: string | Uint8Array, written?: () => void) => void;
  /** Bytes that the other side has not taken yet: what a slow screen costs us. */
  readonly bufferedBytes: () => number;
  /** Stops reading, so that the sender feels how slow we are; `resume` goes on. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Says goodbye, and cuts the line when the other side does not answer within two seconds. */
  readonly close: (code: number, reason: string) => void;
  /** Cuts the line at once: half-open sockets answer no goodbye. */
  readonly cut: () => void;
}

/** What a service does with a socket that was opened to it. */
export interface SocketHandlers {
  readonly message: (data: string | Uint8Array) => void;
  readonly closed: (code: number) => void;
}

/** What is known of who asks for a socket, before it is one. */
export interface UpgradeRequest {
  readonly path: string;
  /** The other side of the line, and what X-Forwarded-For says, which anybody may write. */
  readonly address: string | undefined;
  readonly forwarded: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  /** The subprotocols asked for. One of them may carry a token, because browsers cannot set a header. */
  readonly protocols: readonly string[];
}

/** An HTTP answer instead of a socket. */
export interface UpgradeRefusal {
  readonly status: 400 | 401 | 403 | 404 | 429 | 503;
  /** As in any other answer (docs/gateway.md), for example "token". */
  readonly code: string;
  readonly sentence: string;
}

export interface SocketRoute {
  readonly path: string;
  /** The one subprotocol that Vigil answers with, when it is asked for. */
  readonly protocol: string;
  readonly messageBytesMax: number;
  /** Sockets of this route at one time; further ones are refused with 503, unless one makes room. */
  readonly socketsMax: number;
  /** Cuts one socket that has no right to its place, and answers whether there was one; absent: all have. */
  readonly makeRoom?: () => boolean;
  readonly admit: (request: UpgradeRequest) => UpgradeRefusal | undefined;
  readonly open: (socket: Socket, request: UpgradeRequest) => SocketHandlers;
}

/** Sockets of one HTTP server. Every socket is pinged; one that answers no ping for two rounds is cut and counted. */
export interface SocketServer {
  readonly open: () => number;
  /** Closes every socket with 1001 (going away) and resolves when they are gone. */
  readonly close: () => Promise<void>;
}

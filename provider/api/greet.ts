import { connect } from "node:net";
import { type Greet, TransportError } from "../core/effects";

/** Longest piece of a greeting that is read; an SSH banner line is at most 255 bytes (RFC 4253, 4.2). */
const MAX_BYTES = 255;

/** Says what a TCP service says first, such as `SSH-2.0-…`. */
export const greet: Greet = (host, port, deadlineMs) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      finish();
    };
    const fail = (why: string): void =>
      end(() => reject(new TransportError(`${why} at ${host}:${port}`, false)));
    const timer = setTimeout(() => fail("no greeting in time"), deadlineMs);
    socket.once("data", (bytes) => end(() => resolve(bytes.subarray(0, MAX_BYTES).toString("latin1"))));
    socket.once("error", () => fail("no connection"));
    socket.once("close", () => fail("the connection was closed without a greeting"));
  });

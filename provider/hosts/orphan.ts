import { connect } from "node:net";

const LOOK_EVERY_MS = 5_000;

/**
 * Ends this process once its engine is gone and nothing is in flight: a killed engine leaves its provider process
 * behind, which would live for ever. What is in flight is finished first.
 */
export const watchEngine = (address: string, inFlight: () => number, end: () => void): void => {
  const [host = "127.0.0.1", port = ""] = address.split(/:(?=\d+$)/);
  const timer = setInterval(() => {
    if (inFlight() > 0) return;
    const socket = connect({ host, port: Number(port) });
    socket.once("connect", () => socket.destroy());
    socket.once("error", () => {
      if (inFlight() === 0) end();
    });
    socket.unref();
  }, LOOK_EVERY_MS);
  timer.unref();
};

/// <reference types="jest" />
/** The real wire against real sockets that misbehave. */
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { greet } from "../../provider/api/greet";
import { createSend, type HttpOptions } from "../../provider/api/http";
import { type HttpReply, type HttpRequest, TransportError } from "../../provider/core/effects";
import { clientOf, failure, NODE, TASK } from "./fakes";

const CANARY = "canary-secret-5Dy8ULx1";
/** Longer than any test runs: where a deadline passes, the test moves the time. */
const LONG_MS = 40_000;

/** Takes our own timers out of real time; those inside of Node's network code stay in it. */
const holdTime = (): void => {
  jest.useFakeTimers({
    doNotFake: [
      "Date",
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
    ],
  });
};
afterEach(() => {
  jest.useRealTimers();
});

const open = new Set<{ close: () => void }>();
afterEach(() => {
  for (const server of open) server.close();
  open.clear();
});

interface Misbehaving {
  readonly port: number;
  readonly url: string;
  /** What came in over each connection. */
  readonly received: string[];
}

/** A server that does to each connection what it is told once a whole request is in (or at once). */
const serve = async (
  act: (socket: Socket, connection: number) => void,
  { atOnce = false } = {},
): Promise<Misbehaving> => {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    const connection = received.push("") - 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    if (atOnce) act(socket, connection);
    socket.on("data", (bytes) => {
      const before = received[connection] ?? "";
      received[connection] = before + bytes.toString("latin1");
      const requests =
        (received[connection] ?? "").split('"end":1}').length - before.split('"end":1}').length;
      if (!atOnce) for (let request = 0; request < requests; request++) act(socket, connection);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.add({
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/api/v1/tasks`, received };
};

const request = (url: string, change: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  headers: { "content-type": "application/json", "x-canary": CANARY },
  body: `{"secret":"${CANARY}","end":1}`,
  deadlineMs: LONG_MS,
  freshConnection: true,
  ...change,
});

const post = (
  url: string,
  change: Partial<HttpRequest> = {},
  options: HttpOptions = {},
): Promise<HttpReply> => createSend(options)(request(url, change));

/** The failure of a request, of which nothing secret may be seen. */
const fault = async (sent: Promise<HttpReply>): Promise<TransportError> => {
  try {
    await sent;
  } catch (error) {
    expect(error).toBeInstanceOf(TransportError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
    expect(JSON.stringify(error)).not.toContain(CANARY);
    expect((error as Error).cause).toBeUndefined();
    return error as TransportError;
  }
  throw new Error("the request did not fail");
};

const say =
  (body: string | Buffer, head = "") =>
  (socket: Socket): void => {
    socket.write(`HTTP/1.1 200 OK\r\n${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
    socket.write(body);
  };

/** A port of this machine on which nothing listens. */
const closedPort = async (): Promise<number> => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

describe("a reply", () => {
  test("is handed on as text, JSON or not, with its status and headers", async () => {
    const { url, received } = await serve(
      say('{"errcode":0, "message":"é、"}\r\n', "X-One: 1\r\nX-One: 2\r\n"),
    );
    expect(await post(url)).toEqual({
      status: 200,
      headers: { "x-one": "1, 2", "content-length": "34" },
      body: '{"errcode":0, "message":"é、"}\r\n',
    });
    expect(received[0]).toMatch(/^POST \/api\/v1\/tasks HTTP\/1\.1\r\n/);
    expect(received[0]).toContain(`\r\n\r\n{"secret":"${CANARY}","end":1}`);
    expect(received[0]).toContain("Connection: close");
  });

  test("comes to the method that was asked for, POST if none was", async () => {
    const { url, received } = await serve(say("ok"));
    for (const method of ["GET", "DELETE", "POST"] as const) await post(url, { method });
    expect(received.map((bytes) => bytes.split(" ")[0])).toEqual(["GET", "DELETE", "POST"]);
  });

  test.each([301, 302, 303, 307, 308])("of %i is returned and not followed", async (status) => {
    const elsewhere = await serve(say("elsewhere"));
    const { url } = await serve((socket) =>
      socket.end(`HTTP/1.1 ${status} Moved\r\nLocation: ${elsewhere.url}\r\nContent-Length: 0\r\n\r\n`),
    );
    const reply = await post(url);
    expect([reply.status, reply.headers.location]).toEqual([status, elsewhere.url]);
    expect(elsewhere.received).toEqual([]);
  });

  test.each([400, 404, 500, 503])("of %i is no failure of the wire", async (status) => {
    const { url } = await serve((socket) =>
      socket.end(`HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\nhi`),
    );
    expect(await post(url)).toMatchObject({ status, body: "hi" });
  });

  test("that is compressed is unpacked", async () => {
    const { url } = await serve(say(gzipSync('{"errcode":0}'), "Content-Encoding: gzip\r\n"));
    expect((await post(url)).body).toBe('{"errcode":0}');
  });

  test("may be exactly as large as the limit, and not a byte more", async () => {
    const { url } = await serve(say("x".repeat(1000)));
    expect((await post(url, {}, { maxBodyBytes: 1000 })).body).toHaveLength(1000);
    const error = await fault(post(url, {}, { maxBodyBytes: 999 }));
    expect([error.fault, error.mayHaveBeenSent, error.message]).toEqual([
      "bad-reply",
      true,
      "the reply is too large",
    ]);
  });

  test("that unpacks to more than the limit is cut off: a gzip bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const { url } = await serve(say(bomb, "Content-Encoding: gzip\r\n"));
    expect((await fault(post(url))).message).toBe("the reply is too large");
  });

  test("without end is cut off at the limit", async () => {
    const { url } = await serve((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const more = (): void => {
        while (!socket.destroyed && socket.write(`10000\r\n${"x".repeat(0x10000)}\r\n`));
      };
      socket.on("drain", more);
      more();
    });
    expect((await fault(post(url))).message).toBe("the reply is too large");
  });

  test("with endless headers is cut off", async () => {
    const { url } = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`X-Header: ${"x".repeat(1000)}\r\n`.repeat(40)}`);
    });
    expect((await fault(post(url))).fault).toBe("bad-reply");
  });

  test.each([
    ["is no HTTP", "canary\r\n\r\n"],
    ["contradicts itself", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"],
  ])("that %s is refused", async (_, bytes) => {
    const { url } = await serve((socket) => socket.end(bytes));
    expect((await fault(post(url))).fault).toBe("bad-reply");
  });

  test("whose packing is broken is refused", async () => {
    const { url } = await serve(say("no gzip", "Content-Encoding: gzip\r\n"));
    expect((await fault(post(url))).fault).toBe("bad-reply");
  });
});

describe("a connection", () => {
  test("that is refused proves that nothing was sent", async () => {
    const error = await fault(post(`http://127.0.0.1:${await closedPort()}/`));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["no-connection", false]);
    expect(error.message).toBe("the connection was refused");
    const shared = await fault(post(`http://127.0.0.1:${await closedPort()}/`, { freshConnection: false }));
    expect([shared.fault, shared.mayHaveBeenSent]).toEqual(["no-connection", false]);
  });

  test("to a name that does not exist proves that nothing was sent", async () => {
    const error = await fault(post("http://no-such-host.invalid/"));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["no-connection", false]);
  });

  test.each(["http://", "http://127.0.0.1:99999/", "nonsense"])(
    "to %s proves that nothing was sent",
    async (url) => {
      expect((await fault(post(url))).mayHaveBeenSent).toBe(false);
    },
  );

  test("whose TLS does not come about proves that nothing was sent", async () => {
    const { url, received } = await serve((socket) => socket.end("not TLS at all\r\n\r\n"), { atOnce: true });
    const error = await fault(post(url.replace("http:", "https:")));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["no-connection", false]);
    expect(received[0]).not.toContain(CANARY);
  });

  test.each([true, false])(
    "that is reset before a byte came back leaves it open (fresh: %p)",
    async (freshConnection) => {
      const { url } = await serve((socket) => socket.resetAndDestroy());
      const error = await fault(post(url, { freshConnection }));
      expect([error.fault, error.mayHaveBeenSent]).toEqual(["broken", true]);
    },
  );

  test("that is closed before a byte came back leaves it open", async () => {
    const { url } = await serve((socket) => socket.end());
    const error = await fault(post(url));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["broken", true]);
  });

  test("that is reset in the headers leaves it open", async () => {
    const { url } = await serve((socket) => socket.write("HTTP/1.1 200 O", () => socket.resetAndDestroy()));
    const error = await fault(post(url));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["broken", true]);
  });

  test.each([
    ["reset", (socket: Socket): unknown => socket.resetAndDestroy()],
    ["closed", (socket: Socket): unknown => socket.end()],
  ])("that is %s in mid-body leaves it open, and what came is not taken for an answer", async (_, end) => {
    const { url } = await serve((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"errcode":0}', () => end(socket)),
    );
    const error = await fault(post(url));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["broken", true]);
  });

  test("of a write is its own, one of reads is kept", async () => {
    const { url, received } = await serve(say("ok"));
    const send = createSend();
    for (const freshConnection of [false, false, true, true, false])
      await send(request(url, { freshConnection }));
    expect(received).toHaveLength(3);
  });
});

describe("the deadline", () => {
  beforeEach(holdTime);

  test("ends a request that is never answered", async () => {
    const { url } = await serve(() => jest.advanceTimersByTime(LONG_MS));
    const error = await fault(post(url));
    expect([error.fault, error.mayHaveBeenSent, error.message]).toEqual([
      "deadline",
      true,
      "no reply within 40 s",
    ]);
  });

  test("is not reached a moment before", async () => {
    const { url } = await serve((socket) => {
      jest.advanceTimersByTime(LONG_MS - 1);
      say("ok")(socket);
    });
    expect((await post(url)).body).toBe("ok");
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each([
    ["header", "HTTP/1.1 200 OK\r\nX: "],
    ["body", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"],
  ])(
    "ends a %s that comes byte by byte for ever: it is for the whole, not between bytes",
    async (_, start) => {
      const { url } = await serve((socket) => {
        socket.write(start);
        const drip = setInterval(() => {
          socket.write("x");
          jest.advanceTimersByTime(LONG_MS / 4);
        }, 1);
        socket.on("close", () => clearInterval(drip));
      });
      expect((await fault(post(url))).fault).toBe("deadline");
    },
  );

  test("that passes while TLS never comes about proves that nothing was sent", async () => {
    const { url, received } = await serve(() => jest.advanceTimersByTime(LONG_MS), { atOnce: true });
    const error = await fault(post(url.replace("http:", "https:")));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["deadline", false]);
    expect(received[0]).not.toContain(CANARY);
  });
});

describe("a caller who gives up", () => {
  test("in mid-request ends it, and its outcome is open", async () => {
    const giveUp = new AbortController();
    const { url } = await serve(() => giveUp.abort(new Error(CANARY)));
    const error = await fault(post(url, { signal: giveUp.signal }));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["aborted", true]);
  });

  test("in mid-body ends it", async () => {
    const giveUp = new AbortController();
    const { url } = await serve((socket) =>
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", () => giveUp.abort()),
    );
    expect((await fault(post(url, { signal: giveUp.signal }))).mayHaveBeenSent).toBe(true);
  });

  test("before it begins sends nothing", async () => {
    const { url, received } = await serve(say("ok"));
    const error = await fault(post(url, { signal: AbortSignal.abort() }));
    expect([error.fault, error.mayHaveBeenSent]).toEqual(["aborted", false]);
    expect(received).toEqual([]);
  });
});

describe("a proxy", () => {
  const VARIABLES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
  const before = new Map(VARIABLES.map((name) => [name, process.env[name]]));
  afterEach(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });

  test("of the environment is not followed", async () => {
    const proxy = await serve(say("from the proxy"));
    for (const name of VARIABLES) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    const { url } = await serve(say("direct"));
    expect((await post(url)).body).toBe("direct");
    expect(proxy.received).toEqual([]);
  });

  test("that is configured is used, and its password is never shown", async () => {
    const proxy = await serve(say("from the proxy"));
    const reply = await post(
      "http://elsewhere.invalid/api/v1/",
      {},
      { proxy: `http://user:${CANARY}@127.0.0.1:${proxy.port}` },
    );
    expect(reply.body).toBe("from the proxy");
    expect(proxy.received[0]).toMatch(/^POST http:\/\/elsewhere\.invalid\/api\/v1\/ /);
    const broken = await serve((socket) => socket.resetAndDestroy());
    const error = await fault(
      post("http://elsewhere.invalid/", {}, { proxy: `http://user:${CANARY}@127.0.0.1:${broken.port}` }),
    );
    expect(error.mayHaveBeenSent).toBe(true);
    expect(
      (await fault(post("http://elsewhere.invalid/", {}, { proxy: `no address ${CANARY}` }))).mayHaveBeenSent,
    ).toBe(false);
  });
});

describe("the client over the real wire", () => {
  const endpointOf = ({ port }: Misbehaving): string => `http://127.0.0.1:${port}`;
  const client = (server: Misbehaving) => {
    const send = createSend();
    // the marker by which the server knows a whole request
    return clientOf((out) => send({ ...out, body: out.body.replace(/\}$/, ',"end":1}') }), {
      endpoint: endpointOf(server),
    });
  };

  test("tries a reset read again on a new connection, and a write never", async () => {
    const server = await serve((socket, connection) =>
      connection < 2 ? socket.resetAndDestroy() : say('{"errcode":0, "message":[]}')(socket),
    );
    expect(await client(server).listTasks(NODE)).toEqual([]);
    expect(server.received).toHaveLength(3);
    const deaf = await serve((socket) => socket.resetAndDestroy());
    expect((await failure(client(deaf).startTask(NODE, TASK))).outcome).toBe("unknown");
    expect(deaf.received).toHaveLength(1);
  });

  test.each([
    ["cut JSON", '{"errcode":0, "mess'],
    ["an HTML page", "<HTML></HTML>"],
    ["20 levels", `{"errcode":0,"message":${"[".repeat(20)}${"]".repeat(20)}}`],
    ["100,000 levels", "[".repeat(100_000)],
    ["nothing", ""],
  ])("ends well on %s", async (_, body) => {
    const server = await serve(say(body));
    expect((await failure(client(server).listTasks(NODE))).outcome).toBe("unavailable");
    expect((await failure(client(server).deleteTask(NODE, TASK))).outcome).toBe("unknown");
  });
});

describe("a greeting", () => {
  test("is the first thing that the service says", async () => {
    const { port } = await serve((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"), { atOnce: true });
    expect(await greet("127.0.0.1", port, LONG_MS)).toBe("SSH-2.0-OpenSSH_9.2\r\n");
  });

  test("is cut at 255 bytes", async () => {
    const { port } = await serve((socket) => socket.write("x".repeat(1000)), { atOnce: true });
    expect(await greet("127.0.0.1", port, LONG_MS)).toHaveLength(255);
  });

  test("that does not come is a failure: refused, closed or silent", async () => {
    await expect(greet("127.0.0.1", await closedPort(), LONG_MS)).rejects.toThrow(
      "no connection at 127.0.0.1:",
    );
    const closing = await serve((socket) => socket.end(), { atOnce: true });
    await expect(greet("127.0.0.1", closing.port, LONG_MS)).rejects.toThrow("closed without a greeting");
    await expect(greet("127.0.0.1", 99_999, LONG_MS)).rejects.toThrow();
    holdTime();
    const silent = await serve(() => jest.advanceTimersByTime(LONG_MS), { atOnce: true });
    await expect(greet("127.0.0.1", silent.port, LONG_MS)).rejects.toThrow("no greeting in time");
  });
});

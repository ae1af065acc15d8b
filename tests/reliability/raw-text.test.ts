/** What goes wrong on the wire, with the real HTTP library: no text of a library or of Node reaches the user. */
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";
import { call } from "../../provider/functions";
import { image } from "../../provider/resources/image";
import { lan } from "../../provider/resources/lan";
import { vm } from "../../provider/resources/vm";
import { Lab, NODE } from "../resources/lab";
import { args } from "../resources/vm-args";

/** Words that are nobody's but a library's, Node's, or a program's that does not know what it says. */
const RAW =
  /axios|zod|\bE[A-Z]{5,}\b|ERR_|errno|syscall|\.js:\d|node_modules|at Object|Error:|\[object|undefined|NaN|Unexpected token|JSON at position|invalid_type|ZodError|socket hang up|Cannot read|is not a function|Parse Error|getaddrinfo|self[- ]signed certificate\b.*depth|<html|\bnull\b/;

const servers: (Server | ReturnType<typeof createTcp>)[] = [];
afterAll(async () => {
  for (const server of servers) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const listening = async (server: (typeof servers)[number]): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const http = async (answer: RequestListener): Promise<string> =>
  `http://${await listening(createServer(answer))}`;
const tcp = async (scheme: string, text: string): Promise<string> =>
  `${scheme}://${await listening(createTcp((socket) => socket.on("error", () => undefined).end(text, () => socket.destroy())))}`;

const ways: Readonly<Record<string, () => Promise<string>>> = {
  "nobody listens": async () => "http://127.0.0.1:1",
  "a connection that is reset": () => http((request) => request.socket.resetAndDestroy()),
  "an answer that breaks off": () =>
    http((_, reply) => {
      reply.writeHead(200, { "content-length": "1000" }).write('{"errcode":0,');
      setImmediate(() => reply.destroy());
    }),
  "a page of HTML": () => http((_, reply) => void reply.writeHead(502).end("<html>Bad Gateway</html>")),
  "text that is no JSON": () => http((_, reply) => void reply.end('{"errcode":0,"message":')),
  "JSON of another shape": () => http((_, reply) => void reply.end('{"errcode":{"a":[null]},"message":7}')),
  "an answer without content": () => http((_, reply) => void reply.end("")),
  "a list of the wrong things": () =>
    http((_, reply) => void reply.end('{"errcode":0,"message":[1,null,{"task_id":{}}]}')),
  "a redirect in a circle": () => http((_, reply) => void reply.writeHead(302, { location: "/" }).end()),
  "something that is not HTTP": () => tcp("http", "SSH-2.0-OpenSSH_8.9\r\n"),
  "something that is not TLS": () => tcp("https", "HTTP/1.1 200 OK\r\n\r\n"),
  "compression that is none": () =>
    http((_, reply) => void reply.writeHead(200, { "content-encoding": "gzip" }).end("not gzip")),
  "a code of its own": () =>
    http((_, reply) => void reply.end('{"errcode":-77,"message":"<{%bogus%}> \u001b[31m"}')),
};

const sentenceOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    (end) => String((end as { readonly reason?: string } | undefined)?.reason ?? "it ended well"),
    (error: unknown) => (error instanceof Error ? error.message : `not an error: ${String(error)}`),
  );

const lan1 = {
  nodeId: NODE,
  cidr: "10.0.0.0/24",
  name: "office1",
  __key: "pd1aaaaaaaaaaaaaaaaaaa",
  __urn: "urn:lan",
};
const brought = { nodeId: NODE, name: "mine.qcow2", imageServer: "lab", __urn: "urn:image" };

describe.each(Object.entries(ways))("%s", (_, open) => {
  let endpoint: string;
  let lab: Lab;
  beforeAll(async () => {
    endpoint = await open();
  });
  beforeEach(async () => {
    lab = await Lab.open();
    lab.restart(undefined, { endpoint });
  });
  afterEach(() => lab.close());

  test.each<[string, () => Promise<unknown>]>([
    ["a Vm is made", () => lab.create(vm, args())],
    ["a Vm is looked up", () => lab.get(vm, `${NODE}/pd1aaaaaaaaaaaaaaaaaaa`)],
    ["a Lan is made", () => lab.create(lan, lan1)],
    ["an Image is brought", () => lab.create(image, brought)],
    ["a node is asked for its VMs", () => ask("getVms", { nodeId: NODE })],
    ["the nodes are asked for", () => ask("getNodes", undefined)],
    ["image servers are asked for", () => ask("getImageServers", undefined)],
  ])("is told in our own words when %s", async (_what, work) => {
    const said = await sentenceOf(work());
    expect(said).not.toBe("it ended well");
    expect(said).not.toMatch(RAW);
    expect(said).not.toMatch(/unexpected \w+ inside/);
    // what was tried comes first
    expect(said).toMatch(/^[A-Za-z].{20,}/);
  });

  const ask = (name: "getVms" | "getNodes" | "getImageServers", what: { nodeId: string } | undefined) =>
    call(
      name,
      what as never,
      {
        config: () => undefined,
        env: { DBC_ENDPOINT: endpoint, DBC_SESSION_ID: "a", DBC_SESSION_SIGN: "b" },
      },
      endpoint,
    );
});

/** Whom the wire believes: never a server that can't prove its name, whatever the environment says. */
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { run } from "../engine/command";
import { temporaryFolder } from "../engine/temporary";

const folder = temporaryFolder();
const servers: Server[] = [];
const answered: string[] = [];
let urls: Record<string, string> = {};
const DAY_MS = 86_400_000;

const certified = async (name: string, host: string, days: readonly [number, number]): Promise<string> => {
  const now = Date.now();
  const [notBeforeDate, notAfterDate] = days.map((day) => new Date(now + day * DAY_MS));
  const pems = await generate([{ name: "commonName", value: host }], {
    keyType: "ec",
    algorithm: "sha256",
    ...(notBeforeDate && { notBeforeDate }),
    ...(notAfterDate && { notAfterDate }),
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }],
  });
  const server = createServer({ key: pems.private, cert: pems.cert }, (_request, response) => {
    answered.push(name);
    response.end("{}");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  urls = { ...urls, [name]: `https://localhost:${(server.address() as AddressInfo).port}/` };
  return pems.cert;
};

let trusted = "";
beforeAll(async () => {
  const certificates = [
    await certified("right", "localhost", [-1, 1]),
    await certified("of another host", "elsewhere.example", [-1, 1]),
    await certified("expired", "localhost", [-2, -1]),
  ];
  trusted = join(folder, "trusted.pem");
  writeFileSync(trusted, certificates.join("\n"));
});
afterAll(() => {
  for (const server of servers) server.close();
});
beforeEach(() => {
  answered.length = 0;
});

/** Sends one request from a process of its own, because Node reads what to trust when it starts. */
const ask = async (name: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const program = `
    const { createSend } = require(${JSON.stringify(require.resolve("../../provider/api/http"))});
    const request = { url: process.argv[1], headers: {}, body: "secret", deadlineMs: 60000, freshConnection: true };
    createSend()(request).then(
      ({ status }) => console.log(status),
      ({ fault, mayHaveBeenSent, message }) => console.log([fault, mayHaveBeenSent, message].join("; ")),
    );`;
  const { stdout } = await run(process.execPath, ["-e", program, String(urls[name])], {
    env: { ...process.env, ...env },
  });
  return stdout.trim();
};

const UNKNOWN =
  "its certificate is self-signed; NODE_EXTRA_CA_CERTS names the file of one that is to be trusted";

test("a certificate that Node was told to trust is believed", async () => {
  expect(await ask("right", { NODE_EXTRA_CA_CERTS: trusted })).toBe("200");
  expect(answered).toEqual(["right"]);
});

test.each([
  ["right", {}, UNKNOWN],
  ["right", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, UNKNOWN],
  ["of another host", { trust: true }, "its certificate is for another host"],
  ["expired", { trust: true }, "its certificate has expired"],
])("a certificate that is %s, with %j, is not believed, and nothing is sent", async (name, env, why) => {
  const { trust, ...others } = env as { trust?: boolean } & NodeJS.ProcessEnv;
  const said = await ask(name, { ...others, ...(trust && { NODE_EXTRA_CA_CERTS: trusted }) });
  expect(said).toBe(`no-connection; false; ${why}`);
  expect(answered).toEqual([]);
});

/** The vendor's page "create a container instance" (seed 004): its own request, answer and codes. */
import { createContainerClient } from "../../provider/api/container/client";
import type { ContainerOrder } from "../../provider/api/container/types";
import type { HttpReply, HttpRequest } from "../../provider/core/effects";
import { countingRandom, RestlessClock, reply } from "../api/fakes";
import { ContainerLab, TASK } from "./lab";
import { failureOf } from "./platform";

/** The body of the page's sample request. */
const SAMPLE = {
  instanceServiceName: "Instances_2205113838",
  description: "",
  taskType: "ssh",
  acceleratorType: "gpu",
  version: "jupyter:4.4-py3.7-cpu",
  imagePath: "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-cpu",
  timeoutLimit: "unlimited",
  taskNumber: 1,
  resourceGroup: "TeslaM40",
  useStartScript: false,
  startScriptActionScope: "all",
  startScriptContent: "",
  cpuNumber: 3,
  ramSize: 15360,
  gpuNumber: 1,
  mountInfoList: [
    { sourcePath: "/public1/home/lizb0530d/test_mount", targetPath: "/mnt/test_mount", type: "data" },
  ],
  containerPortInfoList: [{ protocolType: "HTTP", containerPort: "18888" }],
};

/** The same task as arguments of ours. */
const ARGS = {
  taskType: "ssh",
  acceleratorType: "gpu",
  image: "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-cpu",
  resourceGroup: "TeslaM40",
  cpuCores: 3,
  ramMib: 15_360,
  mounts: [{ source: "/public1/home/lizb0530d/test_mount", target: "/mnt/test_mount", type: "data" }],
  ports: [{ port: 18_888, protocol: "http" }],
} as const;

const ORDER: ContainerOrder = {
  ...ARGS,
  name: "Instances_2205113838",
  acceleratorCount: 1,
  containers: 1,
  timeLimit: "unlimited",
  startScriptScope: "all",
};

/** A client with a token, whose wire answers `answer`, and what was sent. */
const clientOf = (answer: HttpReply) => {
  const sent: HttpRequest[] = [];
  const client = createContainerClient({
    loginEndpoint: "https://api.example",
    endpoint: "https://www.example",
    serviceUrl: "https://api01.example:65106",
    credentials: { kind: "token", token: "an.opaque-token" },
    effects: {
      clock: new RestlessClock(),
      random: countingRandom(),
      send: async (request) => {
        sent.push(request);
        return request.url.endsWith("/tokens/state") ? reply({ code: "0", data: "token is valid" }) : answer;
      },
    },
  });
  return { client, sent };
};

const ANSWER = { code: "0", msg: "success", data: "530491fa7c8e47348f01de73e627a6a7" };

test("the sample request: method, address, headers, and every byte of the body but its spaces", async () => {
  const { client, sent } = clientOf(reply(ANSWER));
  await client.createTask(ORDER);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    method: "POST",
    url: "https://api01.example:65106/ai/openapi/v2/instance-service/task",
    headers: { token: "an.opaque-token", "content-type": "application/json" },
    body: JSON.stringify(SAMPLE),
  });
});

test("a success that carries no data is a success", async () => {
  await expect(clientOf(reply({ code: "0", msg: "success" })).client.stopTask("a")).resolves.toBeUndefined();
});

test("the resource sends the sample from its own arguments, but for the name, which is its own", async () => {
  const lab = await ContainerLab.open();
  try {
    const [region] = lab.simulator.world.regions;
    region?.mountDirs.push("/public1/home/lizb0530d");
    region?.images.push(
      ...region.images.slice(0, 1).map((image) => ({ ...image, path: ARGS.image, version: SAMPLE.version })),
    );
    await lab.create({ ...ARGS, __key: TASK.__key, name: "Instances_2205113838" });
    const body = lab.simulator.requests.find(({ operation }) => operation === "create")?.body;
    const { instanceServiceName } = body as typeof SAMPLE;
    expect(instanceServiceName).toMatch(/^Instances_2205113838-pd1[0-9a-z]{8}$/);
    expect(JSON.stringify(body)).toBe(JSON.stringify({ ...SAMPLE, instanceServiceName }));
  } finally {
    await lab.close();
  }
});

test.each([
  ["as on the page", ANSWER],
  ["with the words of the page's table", { ...ANSWER, msg: "操作成功" }],
  ["with a number as code", { ...ANSWER, code: 0 }],
  ["without words", { code: "0", data: ANSWER.data }],
  ["as an object, as some tell", { ...ANSWER, data: { instanceServiceId: ANSWER.data } }],
])("the sample answer, %s", async (_how, answer) => {
  expect(await clientOf(reply(answer)).client.createTask(ORDER)).toBe("530491fa7c8e47348f01de73e627a6a7");
});

test.each([
  ["no id", { ...ANSWER, data: null }],
  ["an id that would change a path", { ...ANSWER, data: "../images" }],
  ["a code of a wrong type", { ...ANSWER, code: true }],
])("an answer with %s is no success, and proves nothing", async (_what, answer) => {
  const failure = await failureOf(clientOf(reply(answer)).client.createTask(ORDER));
  expect(failure.outcome).toBe("unknown");
  expect(failure.message).toMatch(
    /^could not learn whether the order to create container task Instances_2205113838 took effect: /,
  );
});

const NOT = "could not create container task Instances_2205113838: ";
const UNSURE =
  "could not learn whether the order to create container task Instances_2205113838 took effect: ";

test.each([
  ["10001", "内部异常", "unknown", `${UNSURE}the service said "内部异常" with code 10001 (internal error);`],
  [
    "10003",
    "参数不全",
    "refused",
    `${NOT}the service said "参数不全" with code 10003 (parameters are missing`,
  ],
  ["10004", "参数无效", "refused", "with code 10004 (a parameter is not valid); compare the image"],
  [
    "10007",
    "用户已被冻结",
    "unauthorised",
    "with code 10007 (the user is frozen); settle it with the platform",
  ],
  ["10008", "权限不足", "unauthorised", "with code 10008 (insufficient permission); ask the owner"],
  [
    "10009",
    "没有权限访问接口",
    "unauthorised",
    "with code 10009 (no permission for this interface); ask the owner",
  ],
  ["10010", "文件校验失败", "refused", "with code 10010 (the file check failed)"],
  ["10011", "文件过大", "refused", "with code 10011 (the file is too large)"],
  [
    "10012",
    "连接中断",
    "unknown",
    "with code 10012 (the connection inside the platform broke); try again later",
  ],
  ["716865", "创建任务错误", "refused", "with code 716865 (the task could not be created); look whether"],
  ["4711", "谁知道", "unknown", "with code 4711 (a code that is not documented)"],
])("code %s, %s: %s", async (code, msg, outcome, words) => {
  for (const written of [code, Number(code)])
    for (const status of [200, 400, 500]) {
      const failure = await failureOf(
        clientOf(reply({ code: written, msg, data: null }, status)).client.createTask(ORDER),
      );
      expect(failure.outcome).toBe(outcome);
      expect(failure.message).toContain(words);
      expect(failure.message).toContain(`"${msg}"`);
      expect(failure.said).toBe(`${code} ${msg}`);
    }
});

test("what the service says is quoted without our secrets, and tame", async () => {
  const msg = "bad \u001b[31m token an.opaque-token <{%bogus%}> and rm -rf /canary";
  const { client } = clientOf(reply({ code: "10004", msg, data: null }));
  const failure = await failureOf(client.createTask({ ...ORDER, startScript: "rm -rf /canary" }));
  expect(failure.message).toMatch(/bad \[31m token \S+ < ?\{%bogus%\}> and \S+"/);
  for (const hidden of ["opaque-token", "canary", "\u001b"]) expect(failure.message).not.toContain(hidden);
});

test.each([
  ["a name that is too long", { name: "n".repeat(65) }],
  ["a limit of another form", { timeLimit: "1h" }],
  ["no core", { cpuCores: 0 }],
  ["a port that is none", { ports: [{ port: 65_536, protocol: "http" }] }],
])("%s never leaves", async (_what, wrong) => {
  const { client, sent } = clientOf(reply(ANSWER));
  const failure = await failureOf(
    (async () => client.createTask({ ...ORDER, ...wrong } as ContainerOrder))(),
  );
  expect(failure.outcome).toBe("not-sent");
  expect(sent).toEqual([]);
});

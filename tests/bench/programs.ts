/** Programs that declare the same machines in four ways; each reads what to declare from `plan.json`. */

const PLAN = `const plan = JSON.parse(require("node:fs").readFileSync("plan.json", "utf8"));`;

/** A user's loop over our class. */
const OURS = `
const dbc = require("pulumi-dbc");
${PLAN}
for (const { name, args } of plan.vms) new dbc.Vm(name, args);
`;

const EMPTY = `
const pulumi = require("@pulumi/pulumi");
${PLAN}
const provider = {
  async create(inputs) {
    await new Promise((resolve) => setTimeout(resolve, inputs.readyMs));
    return { id: inputs.name, outs: inputs };
  },
};
class Empty extends pulumi.dynamic.Resource {}
`;

/**
 * The engine's floor: nothing is asked of anybody, and each create takes as long as the machine itself does. What is
 * declared is the same, because the SDK and the engine take their time for each property, whatever the provider does.
 */
const FLOOR = `${EMPTY}
const outputs = Object.fromEntries(plan.outputs.map((output) => [output, undefined]));
for (const { name, readyMs, args } of plan.vms) new Empty(provider, name, { ...outputs, ...args, name, readyMs });
for (let n = 0; n < plan.blanks; n++) new Empty(provider, "blank-" + n, { name: "blank-" + n });
`;

/** Below the floor: resources that declare nothing. */
const BARE = `${EMPTY}
for (const { name, readyMs } of plan.vms) new Empty(provider, name, { name, readyMs });
`;

/** Local code of a naive provider, which Pulumi stores as text with every resource. */
const CLIENT = `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const post = async (endpoint, path, body) => {
  const axios = require("axios");
  const { data } = await axios.post(endpoint + "/api/v1" + path, body);
  if (data.errcode !== 0) throw new Error(path + ": " + JSON.stringify(data.message));
  return data.message;
};
const bodyOf = (inputs, additional) => ({ peer_nodes_list: [inputs.nodeId], additional, ...inputs.session });
const create = async (inputs, pause) => {
  const { task_id: taskId } = await post(inputs.endpoint, "/tasks/start", bodyOf(inputs, {
    image_name: inputs.image,
    operation_system: "linux",
    gpu_count: "0",
    cpu_cores: String(inputs.cpuCores),
    mem_size: String(inputs.memoryGib),
    disk_size: String(inputs.dataDiskGib),
    ssh_port: String(inputs.sshPort),
    vnc_port: String(inputs.vncPort),
  }));
  return { id: taskId, outs: { ...inputs, ...(await until(inputs, taskId, "running", pause)) } };
};
const read = (inputs, taskId) => post(inputs.endpoint, "/tasks/" + taskId, bodyOf(inputs, {}));
const until = async (inputs, taskId, status, pause) => {
  for (let asked = 0; ; asked++) {
    const detail = await read(inputs, taskId);
    if (detail.status === status) return detail;
    if (detail.status.endsWith("error")) throw new Error(taskId + ": " + detail.status);
    await sleep(pause(asked));
  }
};
const update = async (inputs, taskId, pause) => {
  await post(inputs.endpoint, "/tasks/poweroff/" + taskId, bodyOf(inputs, {}));
  await until(inputs, taskId, "closed", pause);
  await post(inputs.endpoint, "/tasks/modify/" + taskId, bodyOf(inputs, {
    cpu_cores: String(inputs.cpuCores),
    mem_size: String(inputs.memoryGib),
    ssh_port: String(inputs.sshPort),
    vnc_port: String(inputs.vncPort),
  }));
  await post(inputs.endpoint, "/tasks/start/" + taskId, bodyOf(inputs, {}));
  return { outs: { ...inputs, ...(await until(inputs, taskId, "running", pause)) } };
};
const remove = async (inputs, taskId, pause) => {
  await post(inputs.endpoint, "/tasks/delete/" + taskId, bodyOf(inputs, {}));
  for (let asked = 0; ; asked++) {
    try {
      await read(inputs, taskId);
    } catch (error) {
      if (String(error.message).includes("not exist")) return;
      throw error;
    }
    await sleep(pause(asked));
  }
};
module.exports = { create, read, update, remove };
`;

const polled = (pause: string) => `
const pulumi = require("@pulumi/pulumi");
const client = require("./client");
${PLAN}
const pause = ${pause};
class VmProvider {
  async create(inputs) { return client.create(inputs, pause); }
  async read(id, props) { return { id, props: { ...props, ...(await client.read(props, id)) } }; }
  async diff(id, olds, news) {
    return { changes: Object.keys(news).some((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name])) };
  }
  async update(id, olds, news) { return client.update(news, id, pause); }
  async delete(id, props) { return client.remove(props, id, pause); }
}
class Vm extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(new VmProvider(), name, { ...args, task_id: undefined, ssh_ip: undefined, login_password: undefined });
  }
}
for (const { name, args } of plan.vms)
  new Vm(name, { ...args, endpoint: plan.endpoint, session: plan.sessions[args.nodeId] });
`;

/** Files of each way's program; those that poll differ in when they ask again. */
export const PROGRAMS = {
  ours: { "index.js": OURS },
  floor: { "index.js": FLOOR },
  bare: { "index.js": BARE },
  naive: { "index.js": polled("() => 5000"), "client.js": CLIENT },
  poller: { "index.js": polled("(asked) => Math.min(10000, 500 * 2 ** asked)"), "client.js": CLIENT },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Way = keyof typeof PROGRAMS;
